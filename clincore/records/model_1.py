"""The content of a case in version 1 of the model, read as version 2.

Revisions in format 1 and drafts without a version have version 1. They stay as they are stored; `to_version_2` converts
them whenever they are read. It is pure, and gives the same result each time.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from clincore.records.units import UCUM

Json = dict[str, Any]

_NOTE_MAX, _SECTION_MAX = 2000, 20000
_TIME = re.compile(r"(.{19})(\.[0-9]+)?(?:Z|([+-])([0-9]{2}):([0-9]{2}))")
_SAME = ("clinical_status", "verification_status", "status", "type", "criticality", "note")


def to_version_2(content: Mapping[str, Any]) -> Json:
    """Convert the fields of a case, or some of them.

    Nothing is lost: a second value of an observation is written into its note, and what no note can hold into the
    section "Further notes".
    """
    rest: list[str] = []
    converted = {name: _FIELDS[name](value, rest) if name in _FIELDS else value for name, value in content.items()}
    if rest:
        converted["other_sections"] = _sections("\n\n".join(rest))
    return converted


def _subject(subject: Json, rest: list[str]) -> Json:
    others = {name: value for name, value in subject.items() if name != "identifier"}
    return {"identifiers": [subject["identifier"]], **others}


def _author(author: Json, rest: list[str]) -> Json:
    identifiers = {"identifiers": [author["identifier"]]} if "identifier" in author else {}
    return {**identifiers, **{name: value for name, value in author.items() if name != "identifier"}}


def _list_of(convert: Callable[[Json, list[str], int], Json]) -> Callable[[list[Json], list[str]], list[Json]]:
    def converted(entries: list[Json], rest: list[str]) -> list[Json]:
        return [convert(entry, rest, number) for number, entry in enumerate(entries, start=1)]

    return converted


def _condition(entry: Json, rest: list[str], number: int) -> Json:
    times = {each: {"date_time": _time(entry[each])} for each in ("onset", "abatement") if each in entry}
    return {"code": _concept(entry["code"]), **_same(entry)} | times


def _observation(entry: Json, rest: list[str], number: int) -> Json:
    value, others = _value(entry)
    components, lines = [], list(others)
    for part in entry.get("components", ()):
        measured, others = _value(part)
        components.append({"code": _concept(part["code"]), **measured})
        lines += [f"{_coding_in_words(part['code'])}: {line}" for line in others]
    made = {
        "code": _concept(entry["code"]),
        **_same(entry),
        **_concepts("categories", entry.get("category")),
        **_when(entry.get("effective")),
        **value,
        **_concepts("interpretations", entry.get("interpretation")),
    }
    if components:
        made["components"] = components
    for line in lines:
        note = f"{made['note']}\n\n{line}" if "note" in made else line
        if len(note) <= _NOTE_MAX:
            made["note"] = note
        else:
            rest.append(f"Observation {number}: {line}")
    return made


def _medication(entry: Json, rest: list[str], number: int) -> Json:
    period = {each: _time(time) for each, time in entry.get("effective", {}).items()}
    return {
        "kind": "statement",
        "medication": _concept(entry["medication"]),
        **_same(entry),
        **({"effective": {"period": period}} if period else {}),
        **_concepts("reasons", entry.get("reason")),
        **({"dosages": [{"text": entry["dosage"]}]} if entry.get("dosage") else {}),
    }


def _allergy(entry: Json, rest: list[str], number: int) -> Json:
    return {
        "code": _concept(entry["code"]),
        **_same(entry),
        **({"categories": [entry["category"]]} if "category" in entry else {}),
        **({"onset": {"date_time": _time(entry["onset"])}} if "onset" in entry else {}),
        **({"reactions": [{"manifestations": [{"text": entry["reaction"]}]}]} if entry.get("reaction") else {}),
    }


_FIELDS: Mapping[str, Callable[[Any, list[str]], Any]] = {
    "subject": _subject,
    "author": _author,
    "conditions": _list_of(_condition),
    "observations": _list_of(_observation),
    "medications": _list_of(_medication),
    "allergies": _list_of(_allergy),
}


def _same(entry: Json) -> Json:
    """The properties that are the same in both versions. Version 2 has no empty note."""
    return {name: entry[name] for name in _SAME if entry.get(name)}


def _concept(coding: Json) -> Json:
    return {"coding": [coding]}


def _concepts(name: str, coding: Json | None) -> Json:
    return {name: [_concept(coding)]} if coding else {}


def _when(time: str | None) -> Json:
    return {"effective": {"date_time": _time(time)}} if time else {}


def _value(entry: Json) -> tuple[Json, list[str]]:
    """The property `value`, if there is any, and the further values in words."""
    found: list[tuple[Json, str]] = []
    if quantity := entry.get("value_quantity"):
        # Kept even if it is no unit of UCUM: version 1 did not check it, and it is signed as one.
        found.append(({"quantity": {**quantity, "system": UCUM}}, _quantity_in_words(quantity)))
    if coding := entry.get("value_coding"):
        found.append(({"concept": _concept(coding)}, _coding_in_words(coding)))
    if string := entry.get("value_string"):
        found.append(({"string": string}, string))
    return ({"value": found[0][0]} if found else {}), [f"Value: {words}" for _, words in found[1:]]


def _quantity_in_words(quantity: Json) -> str:
    unit = quantity.get("unit")
    return f"{quantity['value']} {unit} ({quantity['code']})" if unit else f"{quantity['value']} {quantity['code']}"


def _coding_in_words(coding: Json) -> str:
    code = f"{coding['system']}|{coding['code']}"
    return f"{coding['display']} ({code})" if "display" in coding else code


def _time(text: str) -> str:
    """The time, with an offset that version 2 has: at most 14 hours."""
    match = _TIME.fullmatch(text)
    if match is None or match[3] is None or (match[4], match[5]) <= ("14", "00"):
        return text
    offset = timedelta(hours=int(match[4]), minutes=int(match[5]))
    moment = datetime.fromisoformat(f"{match[1]}Z") + (-offset if match[3] == "+" else offset)
    if not 1000 <= moment.year <= 2999:
        # No offset of version 2 gives a year in its bounds.
        return text[:10]
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}{match[2] or ''}Z"


def _sections(text: str) -> list[Json]:
    parts = [text[start : start + _SECTION_MAX] for start in range(0, len(text), _SECTION_MAX)]
    return [{"title": "Further notes", "text": part} for part in parts]
