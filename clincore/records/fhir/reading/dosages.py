"""Dosage and Timing."""

from typing import Any

from clincore.records.fhir.reading import datatypes as of
from clincore.records.fhir.reading.element import Element, Json
from clincore.records.fhir.reading.enums import DAYS, EVENT_TIMING, UNITS_OF_TIME
from clincore.records.fhir.reading.notes import noted_field

_EVENTS_MAX = 20
_WHENS_MAX = 10
_TIMES_MAX = 24
_COUNT_MAX = 2**31 - 1
_OFFSET_MAX = 1_000_000
_ALONE = {"C", "CM", "CD", "CV"}


def dosage(element: Element) -> Json | None:
    """A Dosage. Instructions, rates and further doses go into the note."""
    doses = element.children("doseAndRate")
    made = of.keep(
        text=of.note_text(element, "text"),
        timing=timing(element.child("timing")),
        as_needed=of.choice(element, "asNeeded", _AS_NEEDED),
        site=of.concept(element.child("site")),
        route=of.concept(element.child("route")),
        dose=of.choice(doses[0], "dose", _DOSE) if doses else None,
        max=of.ratio(element.child("maxDosePerPeriod")),
    )
    for instruction in element.children("additionalInstruction"):
        field = noted_field(instruction)
        if field is not None and field[0] == "dose":
            instruction.forget()
            made.setdefault("dose", field[1])
        elif field is not None and field[0] == "timing.bounds":
            instruction.forget()
            made.setdefault("timing", {}).setdefault("bounds", field[1])
    return made or None


_AS_NEEDED = {"Boolean": ("boolean", of.boolean), "CodeableConcept": ("concept", of.of_child(of.concept))}
_DOSE = {"Quantity": ("quantity", of.of_child(of.simple_quantity)), "Range": ("range", of.of_child(of.quantity_range))}
_BOUNDS = {
    "Duration": ("duration", of.of_child(of.simple_quantity)),
    "Range": ("range", of.of_child(of.quantity_range)),
    "Period": ("period", of.of_child(of.period)),
}


def timing(element: Element | None) -> Json | None:
    """A Timing, if its numbers and units fit together as FHIR demands; what does not goes into the note."""
    if element is None:
        return None
    repeat = element.child("repeat")
    made = of.keep(
        code=of.concept(element.child("code")),
        events=_listed(element, "event", lambda one: isinstance(one, str) and of.is_moment(one), _EVENTS_MAX),
    )
    if repeat is not None:
        when = _listed(repeat, "when", EVENT_TIMING.__contains__, _WHENS_MAX, is_set=True)
        times = _listed(repeat, "timeOfDay", of.is_clock_time, _TIMES_MAX)
        if when and times:
            repeat.remark("timeOfDay", times)
            times = []
        made |= of.keep(
            bounds=of.choice(repeat, "bounds", _BOUNDS),
            count=_count(repeat, "count"),
            duration=_span(repeat, "duration"),
            frequency=_count(repeat, "frequency"),
            period=_span(repeat, "period"),
            days_of_week=_listed(repeat, "dayOfWeek", DAYS.__contains__, len(DAYS), is_set=True),
            times_of_day=times,
            when=when,
        )
        if when and not _ALONE & set(when):
            offset = repeat.whole.get("offset")
            if isinstance(offset, int) and not isinstance(offset, bool) and 0 <= offset <= _OFFSET_MAX:
                repeat.take("offset")
                made["offset"] = offset
    return made or None


def _listed(element: Element, name: str, fits: Any, most: int, *, is_set: bool = False) -> list[Any]:
    """The values of a list that fit; the others go into the note."""
    kept: list[Any] = []
    for value in element.items(name):
        if isinstance(value, str) and fits(value) and len(kept) < most and not (is_set and value in kept):
            kept.append(value)
        elif not (is_set and value in kept):
            element.remark(name, value)
    return kept


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _COUNT_MAX


def _count(repeat: Element, name: str) -> Json | None:
    """`count` or `frequency` with its maximum. A maximum alone stays for the note."""
    value, most = repeat.whole.get(name), repeat.whole.get(f"{name}Max")
    if not _is_count(value):
        return None
    repeat.take(name)
    if not _is_count(most):
        return {"value": value}
    repeat.take(f"{name}Max")
    return {"value": value, "max": most}


def _span(repeat: Element, name: str) -> Json | None:
    """`duration` or `period` with its unit and maximum. Without a value or a unit all stay for the note."""
    unit = repeat.whole.get(f"{name}Unit")
    if not isinstance(unit, str) or unit not in UNITS_OF_TIME or name not in repeat.whole:
        return None
    value = of.number(repeat, name)
    if value is None or value.startswith("-"):
        repeat.remark(name, value)
        return None
    repeat.take(f"{name}Unit")
    most = of.number(repeat, f"{name}Max") if f"{name}Max" in repeat.whole else None
    return of.keep(value=value, max=most, unit=unit)
