"""Parts of a case as readable text, and as the XHTML of narratives (hl7.org/fhir/R4/narrative.html)."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from clincore.records.fhir.vocabulary import Json

FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""A character that neither XML nor a string of FHIR can hold."""
_HEADS = ("code", "medication", "vaccine_code", "manifestations", "title")
_LAST = ("identifiers", "note")
_ENTERED_IN_ERROR = "Entered in error"
_MARKS = {
    ("verification_status", "refuted"): "Refuted",
    ("verification_status", "entered_in_error"): _ENTERED_IN_ERROR,
    ("status", "entered_in_error"): _ENTERED_IN_ERROR,
    ("status", "not_done"): "Not done",
    ("status", "not_taken"): "Not taken",
    ("status", "cancelled"): "Cancelled",
    ("status", "declined"): "Declined",
}


def words(value: Any) -> str:
    """Any part of a case as readable text: what it is, then each further field with its name."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case int():
            return str(value)
        case {"coding": codings}:
            return _concept(value.get("text"), codings)
        case {"system": _, "code": str() as code} if "value" not in value:
            return _filled(value.get("display")) or code
        case {"numerator": numerator, "denominator": denominator}:
            return f"{words(numerator)} / {words(denominator)}"
        case {"value": str() | int() as amount}:
            return _amount(value, amount)
        case {"start": _} | {"end": _}:
            return _span(value.get("start"), value.get("end"))
        case {"low": _} | {"high": _}:
            limits = _limits(value.get("low"), value.get("high"))
            return "; ".join([limits, *_fields(value, except_for=("low", "high"))])
        case Mapping() if len(value) == 1:
            ((name, inner),) = value.items()
            return words(inner) if name in _CHOICES else f"{_label(name)}: {words(inner)}"
        case Mapping():
            head = next((name for name in _HEADS if name in value), None)
            first = [words(value[head])] if head else []
            return "; ".join([*first, *_fields(value, except_for=(head,))])
    return ", ".join(f"({said})" if "; " in said else said for said in map(words, value))


# What an object with only this property says is plain without its name.
_CHOICES = {
    *("date_time", "age", "period", "range", "string", "quantity", "concept", "boolean", "integer", "ratio", "time"),
    *("text", "code", "medication", "vaccine_code", "manifestations", "title", "name", "organization"),
}


def marks(entry: Mapping[str, Any]) -> list[str]:
    """What turns the meaning of an entry round, and must be read first."""
    first = ["Do not give"] if entry.get("do_not_perform") else []
    found = [mark for (name, value), mark in _MARKS.items() if entry.get(name) == value]
    return list(dict.fromkeys([*first, *found]))


def entry_xhtml(entry: Mapping[str, Any]) -> str:
    """An entry of a list in XHTML, with its marks first."""
    if entry.get("do_not_perform"):
        # "status: active" of a prohibition could be read as that of the medication.
        is_in_force = entry.get("status") == "active"
        entry = {name: value for name, value in entry.items() if name not in ("do_not_perform", "status")} | (
            {} if entry.get("status") is None else {"prohibition": "in force" if is_in_force else entry["status"]}
        )
        first = ["Do not give", *marks({"status": entry.get("prohibition")})]
    else:
        first = marks(entry)
    mark = f"<b>{', '.join(first)}:</b> " if first else ""
    return mark + inline(words(entry))


def narrative(status: str, content: str) -> Json:
    """A Narrative. `content`: XHTML."""
    return {"status": status, "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{content}</div>'}


def paragraph(content: str) -> str:
    """XHTML in which white space stays."""
    return f'<p style="white-space: pre-wrap">{content}</p>'


def bullets(items: Sequence[str]) -> str:
    """A list of items in XHTML, in which white space stays."""
    return f'<ul style="white-space: pre-wrap">{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def inline(text: str) -> str:
    """A text in XHTML. FHIR forbids a narrative that is blank."""
    return xhtml(text) if text.strip() else "Unnamed"


def xhtml(text: str) -> str:
    """A text in XHTML, with U+FFFD for characters that XML cannot hold."""
    # An XML parser would turn a bare carriage return into a line feed.
    return escape(FORBIDDEN.sub("\ufffd", text), quote=False).replace("\r", "&#13;")


def _fields(value: Mapping[str, Any], except_for: Sequence[str | None]) -> list[str]:
    # The order of stored fields is not fixed.
    names = sorted(value, key=lambda name: (name in _LAST, name))
    fields = ((_label(name), words(value[name])) for name in names if name not in except_for)
    return [f"{label}: {said}" for label, said in fields if said.strip()]


def _label(name: str) -> str:
    return name.replace("_", " ")


def _filled(text: str | None) -> str | None:
    return text if text and text.strip() else None


def _concept(text: str | None, codings: Sequence[Mapping[str, Any]]) -> str:
    named = dict.fromkeys(words(each) for each in codings)
    if not _filled(text):
        return ", ".join(named)
    others = ", ".join(name for name in named if name != text)
    return f"{text} ({others})" if others else str(text)


def _amount(value: Mapping[str, Any], amount: str | int) -> str:
    unit = _filled(value.get("unit")) or value.get("code") or ""
    number = f"{amount} to {value['max']}" if "max" in value else str(amount)
    return f"{value.get('comparator', '')}{number} {'' if unit == '1' else unit}".strip()


def _span(start: str | None, end: str | None) -> str:
    if start and end:
        return f"{start} to {end}"
    return f"from {start}" if start else f"until {end}"


def _limits(low: Mapping[str, Any] | None, high: Mapping[str, Any] | None) -> str:
    if low and high:
        return f"{words(low)} to {words(high)}"
    return f"at least {words(low)}" if low else f"at most {words(high)}"
