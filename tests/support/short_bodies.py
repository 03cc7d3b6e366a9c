"""A copy of the contract for generating requests, in which large bodies are short.

The content of a case has its shared types, such as a concept, in a hundred places. Generated in full in each of them, a
body would take seconds to draw, and the edge cases of the two operations would be ten thousand requests. In the copy
each type is whole in one place of the bodies, and has only the properties that it needs in all others. So all properties
of all types are still generated, and the service checks a type by the same schema in every place.

Only optional properties are left out, and no bound changes. So what is valid in the copy is valid in the contract, and
what the copy forbids the contract forbids too. Schemas of answers are those of the contract.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

_PREFIX = "#/components/schemas/"


def with_short_bodies(document: Mapping[str, Any], roots: list[str], turn: int = 0) -> dict[str, Any]:
    """A copy of the contract in which the bodies with the schemas named `roots` are short.

    `turn`: where each type is whole. Other numbers give other places.
    """
    copy = deepcopy(dict(document))
    schemas = copy["components"]["schemas"]
    sites: dict[str, list[dict[str, Any]]] = {}
    seen, waiting = set(roots), list(roots)
    while waiting:
        for reference in _references(schemas[waiting.pop(0)]):
            name = reference["$ref"].removeprefix(_PREFIX)
            sites.setdefault(name, []).append(reference)
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    shortened = _Short(schemas, {name for name in sites if _has_parts(name, schemas)})
    for number, (name, places) in enumerate(sorted(sites.items())):
        whole = (turn + number) % len(places)
        for place in places[:whole] + places[whole + 1 :]:
            place["$ref"] = shortened.reference(name)
    # After the references were changed: these schemas keep the types whole for all other operations.
    schemas.update(shortened.made)
    return copy


class _Short:
    """The short forms of schemas."""

    def __init__(self, schemas: Mapping[str, Any], names: set[str]) -> None:
        self.made: dict[str, Any] = {}
        """By name."""
        self._schemas = deepcopy(dict(schemas))
        self._names = names

    def reference(self, name: str) -> str:
        """A `$ref` to the short form of a schema."""
        if name not in self._names:
            return _PREFIX + name
        short = f"{name}InShort"
        if short not in self.made:
            self.made[short] = {}
            self.made[short] = self._short(self._schemas[name])
        return _PREFIX + short

    def _short(self, schema: dict[str, Any]) -> dict[str, Any]:
        short = deepcopy(schema)
        properties = short.get("properties", {})
        if properties:
            kept = short.get("required") or list(properties)[:1]
            short["properties"] = {name: properties[name] for name in kept}
        short.pop("example", None)
        for reference in _references(short):
            reference["$ref"] = self.reference(reference["$ref"].removeprefix(_PREFIX))
        return short


def _has_parts(name: str, schemas: Mapping[str, Any]) -> bool:
    """Whether a schema has properties that could be left out, itself or in its items."""
    schema = schemas[name]
    return "properties" in schema or any(
        _has_parts(reference["$ref"].removeprefix(_PREFIX), schemas) for reference in _references(schema)
    )


def _references(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for part in node:
            yield from _references(part)
    elif isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node
        else:
            for key, value in node.items():
                if key != "example":
                    yield from _references(value)
