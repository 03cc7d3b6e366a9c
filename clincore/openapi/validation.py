"""Validators: whether a value matches its schema, and what is wrong with it.

Both are cheap for any value. jsonschema-rs stops at the first error when it only checks, but collects every error, each
with a copy of the wrong value, when it lists them. So this module searches for errors: it enters only invalid parts,
and stops after ten errors.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from itertools import islice
from typing import Any

import jsonschema_rs
import orjson

from clincore.openapi.schemas import UnsupportedContract, to_2020_12
from clincore.resources import read_contract

DETAIL_MAX = 200
ERRORS_MAX = 10
NAME_MAX = 64
"""The longest name for which a similar one is looked for."""

Errors = Iterator[tuple[str, str]]


class Validator:
    """A compiled schema."""

    __slots__ = ("_root", "is_valid")

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Compile a Schema Object of a request, without references.

        Raises:
            UnsupportedContract: the schema has a keyword, format or pattern that is not supported.
        """
        self._root = _Place(to_2020_12(schema))
        try:
            self.is_valid: Callable[[Any], bool] = self._root.is_valid
        except jsonschema_rs.ValidationError as error:
            raise UnsupportedContract(f"the schema cannot be compiled: {error.message}") from None

    def errors(self, value: Any) -> list[tuple[str, str]]:
        """Pairs of a JSON Pointer (RFC 6901) and a message, at most ten; empty when the value is valid.

        Errors of an object come before those of its properties, and missing properties come first.
        """
        return list(islice(self._root.errors(value, ""), ERRORS_MAX))


class _Place:
    """A schema, with the schemas of its properties and items."""

    __slots__ = ("_additional", "_is_valid", "_items", "_properties", "_schema")

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        self._properties = {name: _Place(part) for name, part in schema.get("properties", {}).items()}
        self._items = _Place(schema["items"]) if "items" in schema else None
        additional = schema.get("additionalProperties", True)
        self._additional = additional if isinstance(additional, bool) else _Place(additional)
        self._is_valid: Callable[[Any], bool] | None = None

    @property
    def is_valid(self) -> Callable[[Any], bool]:
        if self._is_valid is None:
            # Compiled on demand: below the root, only invalid values need it.
            self._is_valid = _compiled(orjson.dumps(self._schema)).is_valid
        return self._is_valid

    def errors(self, value: Any, pointer: str) -> Errors:
        if self.is_valid(value):
            return
        has_error = False
        for error in self._own_errors(value, pointer):
            has_error = True
            yield error
        for name, part, item in self._parts(value):
            for error in part.errors(item, f"{pointer}/{_escaped(name)}"):
                has_error = True
                yield error
        if not has_error:
            yield pointer, "does not match its schema"

    def _own_errors(self, value: Any, pointer: str) -> Errors:
        """The errors of the value itself, without those of its properties or items."""
        schema = self._schema
        if "type" in schema and not _compiled(orjson.dumps({"type": schema["type"]})).is_valid(value):
            types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            yield pointer, f"is not of type {' or '.join(types)}"
        elif isinstance(value, dict):
            yield from self._object_errors(value, pointer)
        elif isinstance(value, list):
            count = len(value)
            if count > schema.get("maxItems", count):
                yield pointer, f"has more than {_counted(schema['maxItems'], 'item', 'items')}"
            elif count < schema.get("minItems", 0):
                yield pointer, f"has fewer than {schema['minItems']} items" if count else "is empty"
            elif schema.get("uniqueItems") and not _UNIQUE_ITEMS(value):
                yield pointer, "has duplicate items"
        else:
            try:
                _compiled(orjson.dumps(schema)).validate(value)
            except jsonschema_rs.ValidationError as error:
                yield pointer, _explained(error, schema)[:DETAIL_MAX]

    def _object_errors(self, value: dict[str, Any], pointer: str) -> Errors:
        schema = self._schema
        missing = [name for name in schema.get("required", ()) if name not in value]
        for name in missing:
            yield f"{pointer}/{_escaped(name)}", "is a required property"
        if self._additional is False:
            for name in value:
                if name not in self._properties:
                    yield f"{pointer}/{_escaped(name)}", f"is not a known property{suggestion(name, self._properties)}"
        count, least, most = len(value), schema.get("minProperties", 0), schema.get("maxProperties")
        if least == most == 1 != count:
            yield pointer, f"must have exactly one of {', '.join(self._properties)}"
        elif most is not None and count > most:
            yield pointer, f"has more than {_counted(most, 'property', 'properties')}"
        elif count < least:
            yield pointer, f"has fewer than {least} properties" if count else "is empty"

    def _parts(self, value: Any) -> Iterator[tuple[str, "_Place", Any]]:
        """The properties or items of the value that have a schema, at most as many as it allows."""
        if isinstance(value, dict):
            for name, part in self._properties.items():
                if name in value:
                    yield name, part, value[name]
            if isinstance(self._additional, _Place):
                others = ((name, item) for name, item in value.items() if name not in self._properties)
                for name, item in islice(others, self._schema.get("maxProperties")):
                    yield name, self._additional, item
        elif isinstance(value, list) and self._items is not None:
            for index, item in enumerate(islice(value, self._schema.get("maxItems"))):
                yield str(index), self._items, item


@cache
def _compiled(schema: bytes) -> jsonschema_rs.Draft202012Validator:
    """The validator of a schema in JSON, which several places share."""
    return jsonschema_rs.Draft202012Validator(
        orjson.loads(schema),
        validate_formats=True,
        # Keeps values, which may be clinical data, out of the messages.
        mask="the value",
        # Refuses at start a pattern that needs backtracking, which takes exponential time on some texts.
        pattern_options=jsonschema_rs.RegexOptions(),
    )


_UNIQUE_ITEMS = _compiled(b'{"uniqueItems":true}').is_valid


def suggestion(name: str, known: Iterable[str]) -> str:
    """`; did you mean "title"?` for `titel`; empty when nothing similar is known."""
    similar = get_close_matches(name, known, n=1) if len(name) <= NAME_MAX else []
    return f'; did you mean "{similar[0]}"?' if similar else ""


def component(name: str) -> Validator:
    """A validator of a schema of `components/schemas`, for values other than request bodies."""
    document = read_contract()

    def dereferenced(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                found = document
                for part in node["$ref"].removeprefix("#/").split("/"):
                    found = found[part]
                return dereferenced(found)
            return {key: dereferenced(value) for key, value in node.items()}
        return [dereferenced(part) for part in node] if isinstance(node, list) else node

    return Validator(dereferenced(document["components"]["schemas"][name]))


def _explained(error: jsonschema_rs.ValidationError, schema: Mapping[str, Any]) -> str:
    """The message. An example says more than a pattern or the name of a format."""
    if error.schema_path[-1] in ("pattern", "format") and "examples" in schema:
        return f'is not like "{schema["examples"][0]}": {error.message}'
    return error.message


def _escaped(name: str) -> str:
    # The name may be the client's, so its length is limited.
    return name.replace("~", "~0").replace("/", "~1")[:DETAIL_MAX]


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
