"""Schemas of OpenAPI 3.0.3, converted to JSON Schema 2020-12.

An unsupported keyword is an error at start. Ignoring it would let through what the contract forbids.
"""

from collections.abc import Mapping
from typing import Any, Literal

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
_ANNOTATIONS = {"title", "description", "default", "deprecated", "externalDocs", "xml", "writeOnly"}
_EXAMPLE_MAX = 80
# The formats that jsonschema-rs checks.
_FORMATS = {"uuid", "date", "date-time", "email", "uri"}
_INTEGER_BOUNDS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


class UnsupportedContract(Exception):
    """The contract uses a feature that the compiled operations do not support, or a handler does not fit it."""


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
        elif keyword == "example":
            # Error messages show it, and have no room for a long one. Only texts have patterns.
            if isinstance(value, str) and len(value) <= _EXAMPLE_MAX:
                converted["examples"] = [value]
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
