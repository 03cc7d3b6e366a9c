"""A copy of the contract for generating requests, in which large bodies are short.

The content of a case has its shared types, such as a concept, in a hundred places. Generated in full in each of them,
a body would take seconds to draw, and the edge cases of the two operations would be ten thousand requests. In the copy
each type is whole in one place of the bodies, and has only the properties that it needs in all others. So all
properties of all types are still generated, and the service checks a type by the same schema in every place.

Only optional properties and alternatives are left out, and no bound changes. So all that is valid in the copy is valid
in the contract, and a value that breaks a bound of the copy breaks it in the contract too. Answers are checked by the
schemas of the contract.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

_PREFIX = "#/components/schemas/"


def with_short_bodies(document: Mapping[str, Any], roots: list[str], turn: int = 0) -> dict[str, Any]:
    """A copy of the contract in which the bodies with the schemas named `roots` are short.

    `turn`: where each type is whole, and which alternative a choice has in each other place. Other numbers give other
    places.
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
    for name in seen:
        if _is_choice(schemas[name]):
            schemas[name] = _alternatives(schemas[name])
    shortened = _Short(schemas, {name for name in sites if _has_parts(name, schemas)})
    for number, (name, places) in enumerate(sorted(sites.items())):
        whole = (turn + number) % len(places)
        for index, place in enumerate(places):
            if index != whole:
                place["$ref"] = shortened.reference(name, turn + index)
    schemas.update(shortened.made)
    return copy


class _Short:
    """The short forms of schemas."""

    def __init__(self, schemas: Mapping[str, Any], names: set[str]) -> None:
        self.made: dict[str, Any] = {}
        """By name."""
        self._schemas = deepcopy(dict(schemas))
        self._names = names

    def reference(self, name: str, turn: int = 0) -> str:
        """A `$ref` to the short form of a schema. `turn`: which alternative a choice has in it."""
        if name not in self._names:
            return _PREFIX + name
        choices = self._schemas[name].get("anyOf", [None])
        short = f"{name}InShort{turn % len(choices)}"
        if short not in self.made:
            self.made[short] = self._short(choices[turn % len(choices)] or self._schemas[name])
        return _PREFIX + short

    def _short(self, schema: dict[str, Any]) -> dict[str, Any]:
        short = deepcopy(schema)
        properties = short.get("properties", {})
        if properties:
            kept = short.get("required") or list(properties)[:1]
            short["properties"] = {name: properties[name] for name in kept}
        for reference in _references(short):
            reference["$ref"] = self.reference(reference["$ref"].removeprefix(_PREFIX))
        if "example" in short:
            short["example"] = self._trimmed(short["example"], short)
        return short

    def _trimmed(self, value: Any, schema: dict[str, Any]) -> Any:
        """The parts of an example that the short form of its schema has."""
        name = schema.get("$ref", "").removeprefix(_PREFIX)
        if name:
            schema = self.made.get(name, self._schemas.get(name, {}))
        if isinstance(value, list):
            return [self._trimmed(item, schema.get("items", {})) for item in value]
        if isinstance(value, dict) and "properties" in schema:
            kept = {key: self._trimmed(value[key], part) for key, part in schema["properties"].items() if key in value}
            return kept or schema.get("example", {})
        return value


def _is_choice(schema: Mapping[str, Any]) -> bool:
    """Whether objects of a schema have exactly one property."""
    return bool(schema.get("minProperties") == schema.get("maxProperties") == 1)


def _alternatives(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A choice of types in the form in which the generator tries each alternative."""
    return {
        "anyOf": [
            {"type": "object", "additionalProperties": False, "required": [name], "properties": {name: part}}
            for name, part in schema["properties"].items()
        ]
    }


def _has_parts(name: str, schemas: Mapping[str, Any]) -> bool:
    """Whether a schema has properties that could be left out, itself or in its items."""
    schema = schemas[name]
    return (
        "properties" in schema
        or "anyOf" in schema
        or any(_has_parts(reference["$ref"].removeprefix(_PREFIX), schemas) for reference in _references(schema))
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
