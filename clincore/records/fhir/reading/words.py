"""FHIR elements in words, for notes. Everything that the element says is in its words."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

Named = Callable[[str], str | None]
"""What a reference points to, in words; None when that is not known."""

_REFERENCE = {"reference", "type", "display"}
_CODING = {"system", "version", "code", "display", "userSelected"}
_CONCEPT = {"coding", "text"}
_QUANTITY = {"value", "comparator", "unit", "system", "code"}
_PERIOD = {"start", "end"}
DIGITS_MAX = 40


def words(value: Any, named: Named = lambda reference: None) -> str:
    """The element in one line. A string keeps its own line breaks."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | Decimal():
            return digits(value)
        case list():
            return "; ".join(words(item, named) for item in value)
        case dict():
            return _words_of(value, named)
    return "null"


def cut(text: str, most: int) -> str:
    """The text, with `…` in place of what is beyond so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def digits(number: int | Decimal) -> str:
    """The number without exponent, with the digits of its source: `37.20` stays `37.20`.

    With an exponent when it would be longer than a case can hold.
    """
    number = Decimal(number)
    if abs(number.adjusted()) > DIGITS_MAX or not number.is_finite():
        return str(number)
    return format(number, "f")


def _words_of(value: dict[str, Any], named: Named) -> str:
    names = set(value)
    if names and names <= _PERIOD:
        return " ".join(f"{'from' if name == 'start' else 'to'} {words(value[name])}" for name in value)
    if (
        names <= _CONCEPT
        and isinstance(value.get("coding", []), list)
        and all(map(_is_coding, value.get("coding", [])))
    ):
        codings = ", ".join(_coding(coding) for coding in value.get("coding", []))
        text = words(value["text"]) if "text" in value else ""
        return f"{text} ({codings})" if text and codings else text or codings
    if _is_coding(value):
        return _coding(value)
    if "value" in names and names <= _QUANTITY and not isinstance(value["value"], str):
        return _quantity(value)
    if names <= _REFERENCE and names & {"reference", "display"}:
        target, display = value.get("reference"), value.get("display")
        said = display if display or not isinstance(target, str) else named(target)
        return f"{words(said)} ({words(target)})" if target and said else words(target or said)
    if "url" in names and all(name == "url" or name.startswith(("value", "extension")) for name in names):
        parts = (words(part, named) for name, part in value.items() if name != "url")
        return f"{words(value['url'])} = " + "; ".join(parts)
    return "{" + ", ".join(f"{name}: {words(part, named)}" for name, part in value.items()) + "}"


def _is_coding(value: Any) -> bool:
    return isinstance(value, dict) and set(value) <= _CODING and bool({"code", "display"} & set(value))


def _coding(coding: dict[str, Any]) -> str:
    code = "|".join(words(coding[name]) for name in ("system", "version", "code") if name in coding)
    display = words(coding["display"]) if "display" in coding else ""
    chosen = ", selected by the user" if coding.get("userSelected") is True else ""
    return (f"{display} [{code}]" if display and code else display or f"[{code}]") + chosen


def _quantity(value: dict[str, Any]) -> str:
    unit, code = value.get("unit"), value.get("code")
    parts = [words(value.get("comparator", "")) + words(value["value"])]
    parts += [words(unit)] if unit is not None else []
    if (code is not None and code != unit) or (code is not None and "system" in value):
        parts.append("[" + "|".join(words(value[name]) for name in ("system", "code") if name in value) + "]")
    return " ".join(parts)
