"""A case as text for a terminal."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clincore.cli.output import coloured, print_table, print_wrapped, printable
from clincore.log_text import has_colours

Json = Mapping[str, Any]

NARRATIVES = ("reason", "history", "assessment", "plan")


def print_case(case: Json, revisions: Sequence[Json]) -> None:
    """Print a case and its signed revisions, which are given newest first."""
    print(_heading(case["title"]))
    print_table((), [[name, value] for name, value in _head(case) if value])
    for name in NARRATIVES:
        _print_section(name.capitalize(), [case[name]] if case[name] else [], bullet="")
    for section in case["other_sections"]:
        _print_section(section["title"], [section["text"]], bullet="")
    for title, lines in _lists(case):
        _print_section(title, lines)
    _print_section("Signed", [_signature(one) for one in reversed(revisions)])
    if case["erased"]:
        _print_section("Erased", [", ".join(case["erased"])])


def _head(case: Json) -> Iterator[tuple[str, Any]]:
    state = _words(case["status"])
    yield "status", f"{state}, revision {case['revision']}" if case["revision"] else state
    if case["amendment_reason"]:
        yield "open amendment", case["amendment_reason"]
    yield "id", case["id"]
    yield "external id", case["external_id"]
    yield "type", case["type"] and _of_coding(case["type"])
    yield "subject", case["subject"] and _person(case["subject"])
    yield "author", case["author"] and _party(case["author"])
    yield "custodian", case["custodian"] and case["custodian"].get("name")
    yield "period", case["period"] and _span(case["period"])
    yield "tags", ", ".join(case["tags"])
    yield "changed", _moment(case["updated_at"])


def _lists(case: Json) -> Iterator[tuple[str, list[str]]]:
    yield (
        "Conditions",
        [
            _line(concept(one["code"]), *_statuses(one), _when("since ", one.get("onset")), one.get("note"))
            for one in case["conditions"]
        ],
    )
    yield (
        "Allergies",
        [
            _line(
                concept(one["code"]),
                *_statuses(one),
                one.get("criticality") and f"criticality {_words(one['criticality'])}",
                *(concept(sign) for reaction in one.get("reactions", ()) for sign in reaction["manifestations"]),
            )
            for one in case["allergies"]
        ],
    )
    yield (
        "Medications",
        [
            _line(
                concept(one["medication"]),
                _words(one["kind"]),
                *_statuses(one),
                *(dosage.get("text") for dosage in one.get("dosages", ())),
                one.get("note"),
            )
            for one in case["medications"]
        ],
    )
    yield "Observations", [_observation(one) for one in case["observations"]]
    yield (
        "Procedures",
        [_line(concept(one["code"]), *_statuses(one), _when("", one.get("performed"))) for one in case["procedures"]],
    )
    yield (
        "Immunizations",
        [
            _line(concept(one["vaccine_code"]), *_statuses(one), _when("", one.get("occurrence")))
            for one in case["immunizations"]
        ],
    )
    yield (
        "Reports",
        [_line(concept(one["code"]), *_statuses(one), one.get("conclusion")) for one in case["diagnostic_reports"]],
    )
    yield (
        "Documents",
        [_line(one.get("title") or "document", one.get("content_type"), one.get("url")) for one in case["documents"]],
    )


def _statuses(one: Json) -> Iterator[str]:
    """The entry's statuses in words: without them, a refuted allergy reads like any other. `final` is no news."""
    for name in ("clinical_status", "verification_status", "status"):
        if one.get(name, "final") != "final":
            yield _words(one[name])


def concept(given: Json) -> str:
    """A meaning in words: its text, or that of its first code."""
    return str(given.get("text") or _of_coding(given["coding"][0]))


def _of_coding(coding: Json) -> str:
    return str(coding.get("display") or coding["code"])


def _observation(one: Json) -> str:
    parts = ", ".join(_with_marks(part) for part in one.get("components", ()))
    named = f"{_with_marks(one)}: {parts}" if parts else _with_marks(one)
    return _line(
        named, *_statuses(one), one.get("data_absent_reason") and concept(one["data_absent_reason"]), one.get("note")
    )


def _with_marks(one: Json) -> str:
    marks = ", ".join(concept(mark) for mark in one.get("interpretations", ()))
    return f"{_measured(one)} ({marks})" if marks else _measured(one)


def _measured(one: Json) -> str:
    name = concept(one["code"])
    return f"{name} {_value(one['value'])}" if "value" in one else name


def _value(value: Json) -> str:
    ((kind, content),) = value.items()
    if kind == "quantity":
        unit = content.get("unit") or content.get("code") or ""
        return f"{content.get('comparator', '')}{content['value']} {unit}".rstrip()
    if kind == "concept":
        return concept(content)
    if kind == "period":
        return _span(content)
    if kind == "date_time":
        return _moment(content)
    if kind == "range":
        return " to ".join(_value({"quantity": content[end]}) for end in ("low", "high") if end in content)
    if kind == "ratio":
        return " : ".join(_value({"quantity": content[part]}) for part in ("numerator", "denominator"))
    return str(content).lower() if kind == "boolean" else str(content)


def _when(before: str, time: Json | None) -> str:
    if not time:
        return ""
    ((kind, content),) = time.items()
    if kind == "age":
        return f"{before}the age of {_value({'quantity': content})}"
    return before + _value({kind: content})


def _span(period: Json) -> str:
    return " to ".join(_moment(period[end]) for end in ("start", "end") if end in period)


def _moment(time: str) -> str:
    """A time of the API, in UTC, to the minute; a date as it is."""
    return re.sub(r"^(\S{10})T(\S{5})\S*Z$", r"\1 \2 UTC", time)


def _person(subject: Json) -> str:
    ids = ", ".join(one["value"] for one in subject["identifiers"])
    born = subject.get("birth_date")
    return _line(subject.get("name") or ids, subject.get("gender"), born and f"born {born}", ids)


def _party(party: Json) -> str:
    organization = party.get("organization", {}).get("name")
    return _line(party.get("name") or organization or "", party.get("role"), organization if party.get("name") else "")


def _signature(revision: Json) -> str:
    signer = (revision["signer"] or {}).get("name") or "an erased signer"
    count = revision["signatures"]
    more = f", and {count - 1} more signature{'s' if count > 2 else ''}" if count > 1 else ""
    by = f"revision {revision['revision']} by {signer} ({revision['meaning']}{more})"
    reason = f": {revision['change_reason']}" if revision["change_reason"] else ""
    return f"{by}, {_moment(revision['created_at'])}{reason}"


def _line(first: str, *others: Any) -> str:
    return ", ".join([first, *(str(one) for one in others if one)])


def _words(code: str | None) -> str:
    """A code of the contract, such as `entered_in_error`, in words."""
    return (code or "").replace("_", " ")


def _heading(text: str) -> str:
    shown = printable(text)
    return f"\x1b[1m{shown}\x1b[0m" if has_colours(sys.stdout) else shown


def _print_section(title: str, texts: Sequence[str], bullet: str = "- ") -> None:
    if not texts:
        return
    print(f"\n{coloured(printable(title), 'cyan')}")
    for text in texts:
        for line in text.splitlines() or [""]:
            print_wrapped(printable(line), f"  {bullet}", "  " + " " * len(bullet))
