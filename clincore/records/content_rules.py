"""The rules for the content of a case that its schema cannot state.

Pure functions on content that matches the schema `CaseInput`, or on some of its fields. They serve requests and the
import of FHIR alike. The invariants of FHIR R4 that they enforce are named where they are.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from clincore.records.units import UCUM

Json = dict[str, Any]
Error = tuple[str, str]
"""A JSON Pointer into the content, and what is wrong there."""

ERRORS_MAX = 10
UNITS_MAX = 100
"""Different units of UCUM in a case."""
UNIT_CHARACTERS_MAX = 1500
"""Of these units together. A unit made to be slow takes up to a millisecond to parse for each character."""
LISTS = (
    "other_sections",
    "conditions",
    "observations",
    "medications",
    "allergies",
    "procedures",
    "immunizations",
    "diagnostic_reports",
    "documents",
)
"""The fields that are lists of entries. A merge patch replaces each of them as a whole."""
DATES = frozenset(
    {"birth_date", "date_time", "end", "events", "expiration_date", "onset", "recorded_date", "start"},
)
"""The properties that hold a date or time of any precision. A test compares them with the contract."""

_STATUSES = {
    "statement": "active completed entered_in_error intended stopped on_hold unknown not_taken",
    "request": "active on_hold cancelled completed entered_in_error stopped draft unknown",
    "administration": "in_progress not_done on_hold completed entered_in_error stopped unknown",
    "dispense": "preparation in_progress cancelled on_hold completed entered_in_error stopped declined unknown",
}
MEDICATION_STATUSES = {kind: tuple(statuses.split()) for kind, statuses in _STATUSES.items()}
"""By kind of a medication."""
_MEALS = frozenset({"C", "CM", "CD", "CV"})
# A date has no offset. Anywhere on earth, it began at most 14 hours before it begins in UTC and ends 12 hours after.
_EAST, _WEST = timedelta(hours=14), timedelta(hours=12)


class Findings(NamedTuple):
    """What `check` found."""

    errors: list[Error]
    """At most ten."""
    units: dict[str, str]
    """The different codes that should be units of UCUM, each with the pointer of the first quantity that has it."""


def errors(content: Mapping[str, Any], is_unit: Callable[[str], bool]) -> list[Error]:
    """All that is wrong with the content, at most ten errors. `is_unit`: whether a code is a unit of UCUM."""
    found = check(content)
    wrong = [*found.errors, *unit_errors(found.units, is_unit), *reference_errors(content)]
    return wrong[:ERRORS_MAX]


def check(content: Mapping[str, Any]) -> Findings:
    """Check every rule, except those of `unit_errors` and `reference_errors`. The content may be some of the fields."""
    walk = _Walk()
    for name, value in content.items():
        if name != "metadata" and isinstance(value, dict | list):
            walk.enter(name, value, f"/{name}")
    return Findings(walk.errors, walk.units)


def unit_errors(units: Mapping[str, str], is_unit: Callable[[str], bool]) -> list[Error]:
    """The errors of `Findings.units`. `is_unit`: whether a code is a unit of UCUM."""
    return too_many_units(units) or [
        (pointer, f"is no unit of UCUM: {code}") for code, pointer in units.items() if not is_unit(code)
    ]


def too_many_units(units: Mapping[str, str]) -> list[Error]:
    """The error of `Findings.units` that are more than a request has time for."""
    characters = 0
    for number, (code, pointer) in enumerate(units.items(), start=1):
        characters += len(code)
        if number > UNITS_MAX:
            return [(pointer, f"is one more than {UNITS_MAX} different units of UCUM")]
        if characters > UNIT_CHARACTERS_MAX:
            return [(pointer, f"is beyond {UNIT_CHARACTERS_MAX} characters of different units of UCUM")]
    return []


def reference_errors(content: Mapping[str, Any]) -> list[Error]:
    """The errors of ids of observations, and of the results that name them."""
    found: list[Error] = []
    ids: set[str] = set()
    for index, observation in enumerate(content.get("observations") or ()):
        if (given := observation.get("id")) is not None:
            if given in ids:
                found.append((f"/observations/{index}/id", "is also the id of another observation"))
            ids.add(given)
    for index, report in enumerate(content.get("diagnostic_reports") or ()):
        for place, name in enumerate(report.get("results", ())):
            if name not in ids:
                found.append((f"/diagnostic_reports/{index}/results/{place}", "is the id of no observation"))
    return found[:ERRORS_MAX]


class _Walk:
    """One walk through the content. Which rules an object has follows from its name and its properties."""

    def __init__(self) -> None:
        self.errors: list[Error] = []
        self.units: dict[str, str] = {}

    def enter(self, name: str, value: Json | list[Any], pointer: str) -> None:
        """Check a value with this property name, or a list of such values."""
        if len(self.errors) == ERRORS_MAX:
            return
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    self.enter(name, item, f"{pointer}/{index}")
                elif name in DATES:
                    self._date(item, f"{pointer}/{index}")
            return
        for key, part in value.items():
            if isinstance(part, dict | list):
                self.enter(key, part, f"{pointer}/{key}")
            elif key in DATES and isinstance(part, str):
                self._date(part, f"{pointer}/{key}")
        if len(self.errors) < ERRORS_MAX:
            rules = _RULES.get(name, _no_rule)
            found = (*rules(value), *_of_any_object(value, is_range=name != "reference_ranges"))
            self.errors += [(f"{pointer}{place}", wrong) for place, wrong in found][: ERRORS_MAX - len(self.errors)]
        if value.get("system") == UCUM and "value" in value and "code" in value:
            self.units.setdefault(value["code"], f"{pointer}/code")

    def _date(self, text: str, pointer: str) -> None:
        if len(text) >= 10 and len(self.errors) < ERRORS_MAX:
            try:
                date.fromisoformat(text[:10])
            except ValueError:
                self.errors.append((pointer, "is a date that no calendar has"))


def _no_rule(value: Json) -> Iterator[Error]:
    return iter(())


def _of_any_object(value: Json, *, is_range: bool) -> Iterator[Error]:
    """The rules of a period, a range and a quantity, which are objects of many properties."""
    if "end" in value and "start" in value and _ends_before(value["start"], value["end"]):
        yield "/end", "is before the start of the period"
    if is_range and "low" in value and "high" in value:
        low, high = value["low"], value["high"]
        if _unit(low) == _unit(high) and Decimal(low["value"]) > Decimal(high["value"]):
            yield "/high", "is less than the lower end of the range"
    # A Coding has both.
    if isinstance(value.get("code"), str) and "system" not in value:
        yield "/system", "is required with a code"


def _of_value(value: Json) -> Iterator[Error]:
    # obs-6
    if "value" in value and "data_absent_reason" in value:
        yield "/data_absent_reason", "is not allowed with a value"


def _of_reference_range(value: Json) -> Iterator[Error]:
    # obs-3
    if not value.keys() & {"low", "high", "text"}:
        yield "", "has none of low, high and text"


def _of_timing(value: Json) -> Iterator[Error]:
    # tim-9
    if "offset" in value and "when" not in value:
        yield "/when", "is required with an offset"
    elif "offset" in value and _MEALS & set(value["when"]):
        yield "/offset", "is not allowed with C, CM, CD or CV in `when`"
    # tim-10
    if "when" in value and "times_of_day" in value:
        yield "/times_of_day", "is not allowed with `when`"


def _of_medication(value: Json) -> Iterator[Error]:
    kind = value["kind"]
    statuses = MEDICATION_STATUSES[kind]
    if "status" in value and value["status"] not in statuses:
        yield "/status", f"is not a status of the kind {kind}: {', '.join(statuses)}"
    if kind != "request":
        for name in ("intent", "do_not_perform"):
            if name in value:
                yield f"/{name}", "is only allowed with the kind request"


_RULES: Mapping[str, Callable[[Json], Iterator[Error]]] = {
    "observations": _of_value,
    "components": _of_value,
    "reference_ranges": _of_reference_range,
    "timing": _of_timing,
    "medications": _of_medication,
}
"""By the name of the property that has the object, or a list of such objects."""


def _unit(quantity: Json) -> tuple[str | None, ...]:
    if "code" in quantity:
        return quantity.get("system"), quantity["code"]
    return (quantity.get("unit"),)


def _ends_before(start: str, end: str) -> bool:
    """Whether it is certain that the end is before the start. Dates stand for the whole year, month or day."""
    try:
        first, last = _bounds(start)[0], _bounds(end)[1]
    except ValueError:
        # A date that no calendar has is an error of its own.
        return False
    if "T" in start and "T" in end:
        return last < first
    if "T" in start:
        last += _WEST
    elif "T" in end:
        first -= _EAST
        return last < first
    return last <= first


def _bounds(text: str) -> tuple[datetime, datetime]:
    """The first moment, and the first moment after it; of a time, twice that moment.

    Raises:
        ValueError: no calendar has the date.
    """
    if "T" in text:
        moment = datetime.fromisoformat(text).astimezone(UTC)
        return moment, moment
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    first = datetime(year, month or 1, day or 1, tzinfo=UTC)
    if day:
        return first, first + timedelta(days=1)
    return first, datetime(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1, tzinfo=UTC)
