"""Path, query and header parameters: compiled at start, passed to the handler by name."""

import keyword
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from clincore.openapi.schemas import UnsupportedContract
from clincore.openapi.validation import Validator, suggestion
from clincore.problems import ValidationFailed

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_BOOLEANS = {"true": True, "false": False}


class Parameter:
    """One parameter of an operation."""

    __slots__ = ("_convert", "_validator", "argument", "default", "header", "name", "place", "required")

    def __init__(self, definition: Mapping[str, Any]) -> None:
        """Compile a Parameter Object without references.

        Raises:
            UnsupportedContract: its location, style or type is not supported.
        """
        self.name: str = definition["name"]
        self.place: str = definition["in"]
        self.required: bool = definition.get("required", False)
        schema = definition.get("schema")
        if self.place not in ("path", "query", "header") or schema is None:
            raise UnsupportedContract(f"parameter {self.name}: must be in path, query or header, with a schema")
        style = "form" if self.place == "query" else "simple"
        if definition.get("style", style) != style or definition.get("allowReserved"):
            raise UnsupportedContract(f"parameter {self.name}: must have the style {style}, without allowReserved")
        converters: dict[str, Callable[[str], Any]] = {"string": str, "integer": _integer, "boolean": _boolean}
        if definition.get("allowEmptyValue"):
            if (self.place, schema.get("type")) != ("query", "boolean"):
                raise UnsupportedContract(f"parameter {self.name}: only a boolean in the query may be empty")
            converters["boolean"] = _flag
        if schema.get("type") not in converters:
            raise UnsupportedContract(f"parameter {self.name}: must be a string, integer or boolean")
        # RFC 9562, section 4: a UUID is read in upper or lower case, and written in lower case.
        self._convert = str.lower if schema.get("format") == "uuid" else converters[schema["type"]]
        self._validator = Validator(schema)
        self.default: Any = schema.get("default")
        self.header = self.name.lower().encode()
        self.argument = self.name.lower().replace("-", "_") + ("_" if keyword.iskeyword(self.name) else "")

    def value(self, text: str | None) -> Any:
        """The handler's argument for the text that the client sent. `text` is None if it sent none.

        Raises:
            ValidationFailed: the parameter is required but missing, or does not match its schema.
        """
        if text is None:
            if self.required:
                raise ValidationFailed([(self.name, f"The {self.place} parameter is required.")])
            return self.default
        try:
            value = self._convert(text)
        except ValueError as error:
            raise ValidationFailed([(self.name, str(error))]) from None
        if not self._validator.is_valid(value):
            raise ValidationFailed([(self.name, detail) for _, detail in self._validator.errors(value)])
        if "\0" in text:
            raise ValidationFailed([(self.name, "contains the character NUL")])
        return value


def parse_query(query: bytes, known: Iterable[str]) -> dict[str, str]:
    """Decode the query's parameters.

    Raises:
        ValidationFailed: one is unknown or repeated, or the query is not percent-encoded UTF-8.
    """
    values: dict[str, str] = {}
    for pair in query.split(b"&"):
        if not pair:
            continue
        name, _, value = (_decode(part) for part in pair.partition(b"="))
        if name not in known:
            raise ValidationFailed([(name[:200], f"is not a known query parameter{suggestion(name, known)}")])
        if name in values:
            raise ValidationFailed([(name, "The query parameter is repeated.")])
        values[name] = value
    return values


def _decode(part: bytes) -> str:
    if _BROKEN_ESCAPE.search(part):
        raise ValidationFailed([("", "The query has a % that is not followed by two hexadecimal digits.")])
    try:
        return unquote_to_bytes(part.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise ValidationFailed([("", "The query is not percent-encoded UTF-8.")]) from None


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError("is not an integer")
    return int(text)


def _flag(text: str) -> bool:
    """A boolean that is also true without a value, as in `?verbose`."""
    return text == "" or _boolean(text)


def _boolean(text: str) -> bool:
    if text not in _BOOLEANS:
        raise ValueError("is not true or false")
    return _BOOLEANS[text]
