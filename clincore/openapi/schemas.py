"""Schemas of OpenAPI 3.0.3, converted to JSON Schema 2020-12 and compiled by jsonschema-rs.

An unsupported keyword is an error at start. Ignoring it would let through what the contract forbids.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import jsonschema_rs

from clincore.resources import read_contract

DETAIL_MAX = 200
ERRORS_MAX = 10

_SAME = {
    "enum",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "required",
    "minProperties",
    "maxProperties",
}
_ANNOTATIONS = {"title", "description", "example", "default", "deprecated", "externalDocs", "xml", "writeOnly"}
# The formats that jsonschema-rs checks.
_FORMATS = {"uuid", "date", "date-time", "email", "uri"}
_INTEGER_BOUNDS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


class UnsupportedContract(Exception):
    """The contract uses a feature that the compiled operations do not support, or a handler does not fit it."""


class Validator:
    """A compiled schema."""

    __slots__ = ("_compiled", "is_valid")

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Compile a Schema Object of a request, without references.

        Raises:
            UnsupportedContract: the schema has a keyword or format that is not supported.
        """
        # The mask keeps values, which may be clinical data, out of the messages.
        self._compiled = jsonschema_rs.Draft202012Validator(to_2020_12(schema), validate_formats=True, mask="the value")
        self.is_valid: Callable[[Any], bool] = self._compiled.is_valid

    def errors(self, value: Any) -> list[tuple[str, str]]:
        """Pairs of a JSON Pointer (RFC 6901) and a message, at most ten; empty when the value is valid."""
        if self.is_valid(value):
            return []
        found: list[tuple[str, str]] = []
        for error in self._compiled.iter_errors(value):
            # The message can contain the name of an unknown field, which the client chose.
            found.append((_pointer(error.instance_path), error.message[:DETAIL_MAX]))
            if len(found) == ERRORS_MAX:
                break
        return found


def component(name: str) -> Validator:
    """The component schema of this name, for values that are not the whole body of a request."""
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


def to_2020_12(schema: Mapping[str, Any], place: str = "#") -> dict[str, Any]:
    """Convert the keywords that OpenAPI 3.0.3 defines differently.

    Raises:
        UnsupportedContract: a keyword is not supported; the message has its place.
    """
    converted: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _SAME:
            converted[keyword] = value
        elif keyword in _ANNOTATIONS or keyword.startswith("x-"):
            continue
        elif keyword in ("type", "nullable", "exclusiveMinimum", "exclusiveMaximum", "readOnly", "format"):
            _rewrite(keyword, schema, converted, place)
        elif keyword == "properties":
            converted[keyword] = {
                name: to_2020_12(property_, f"{place}/properties/{name}") for name, property_ in value.items()
            }
        elif keyword in ("items", "not") or (keyword == "additionalProperties" and not isinstance(value, bool)):
            converted[keyword] = to_2020_12(value, f"{place}/{keyword}")
        elif keyword == "additionalProperties":
            converted[keyword] = value
        elif keyword in ("allOf", "anyOf", "oneOf"):
            converted[keyword] = [to_2020_12(part, f"{place}/{keyword}/{index}") for index, part in enumerate(value)]
        else:
            raise UnsupportedContract(f"{place}: the keyword {keyword!r} is not supported")
    read_only = {name for name, property_ in schema.get("properties", {}).items() if property_.get("readOnly")}
    if read_only & set(converted.get("required", ())):
        # A required read-only property is required in responses only.
        converted["required"] = [name for name in converted["required"] if name not in read_only]
    return converted


def _rewrite(keyword: str, schema: Mapping[str, Any], converted: dict[str, Any], place: str) -> None:
    value = schema[keyword]
    match keyword:
        case "type":
            converted["type"] = [value, "null"] if schema.get("nullable") else value
        case "nullable":
            # OpenAPI 3.0.3 gives it a meaning only together with "type".
            if value and "type" not in schema:
                raise UnsupportedContract(f"{place}: 'nullable' has no effect without 'type'")
        case "exclusiveMinimum" | "exclusiveMaximum":
            bound: Literal["minimum", "maximum"] = "minimum" if keyword == "exclusiveMinimum" else "maximum"
            if value and bound in schema:
                converted[keyword] = schema[bound]
        case "readOnly":
            if value:
                converted["not"] = {}
        case "format" if value in _INTEGER_BOUNDS:
            low, high = _INTEGER_BOUNDS[value]
            converted["allOf"] = [{"minimum": low, "maximum": high}, *converted.get("allOf", [])]
        case "format" if value in _FORMATS:
            converted["format"] = value
        case _:
            raise UnsupportedContract(f"{place}: the format {value!r} is not supported")


def _pointer(path: list[str | int]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1")[:DETAIL_MAX] for part in path)
