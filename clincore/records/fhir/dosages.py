"""Dosages and timings of medications (FHIR R4 Dosage and Timing)."""

from decimal import Decimal

from clincore.records.fhir.datatypes import (
    Value,
    concept,
    is_duration,
    is_range,
    keep,
    period,
    quantity,
    quantity_range,
    ratio,
    shown,
    text,
)
from clincore.records.fhir.vocabulary import Json, noted
from clincore.records.fhir.words import words


def dosage(value: Value) -> Json:
    """A Dosage. A dose or bounds of the timing that R4 forbids are an additional instruction in words."""
    timing, dose = value.get("timing") or {}, value.get("dose") or {}
    bounds = timing.get("bounds") or {}
    instructions = []
    if bounds and not _is_bounds(bounds):
        instructions.append(_instruction("timing.bounds", "for", bounds))
        bounds = {}
    if "range" in dose and not is_range(dose["range"]):
        instructions.append(_instruction("dose", "dose", dose))
        dose = {}
    return keep(
        **text("text", value.get("text")),
        additionalInstruction=instructions,
        timing=_timing(timing, bounds),
        **_as_needed(value.get("as_needed")),
        site=concept(value.get("site")),
        route=concept(value.get("route")),
        doseAndRate=[
            keep(
                doseQuantity=quantity(dose.get("quantity")),
                doseRange=quantity_range(dose["range"]) if "range" in dose else None,
            )
        ],
        maxDosePerPeriod=ratio(value.get("max")),
    )


def _is_bounds(value: Value) -> bool:
    if "duration" in value:
        return is_duration(value["duration"])
    return "range" not in value or is_range(value["range"])


def _instruction(field: str, label: str, value: Value) -> Json:
    return {"extension": [noted(field, value)], "text": shown(f"{label}: {words(value)}")}


def _as_needed(value: Value | None) -> Json:
    match value:
        case {"boolean": answer}:
            return {"asNeededBoolean": answer}
        case {"concept": reason}:
            return {"asNeededCodeableConcept": concept(reason)}
    return {}


def _timing(value: Value, bounds: Value) -> Json:
    count, frequency = value.get("count") or {}, value.get("frequency") or {}
    duration, every = value.get("duration") or {}, value.get("period") or {}
    repeat = keep(
        boundsDuration=quantity(bounds.get("duration")),
        boundsRange=quantity_range(bounds["range"]) if "range" in bounds else None,
        boundsPeriod=period(bounds.get("period")),
        count=count.get("value"),
        countMax=count.get("max"),
        **_span("duration", duration),
        frequency=frequency.get("value"),
        frequencyMax=frequency.get("max"),
        **_span("period", every),
        dayOfWeek=list(value.get("days_of_week", ())),
        timeOfDay=list(value.get("times_of_day", ())),
        when=list(value.get("when", ())),
    )
    if "offset" in value:
        repeat["offset"] = value["offset"]
    return keep(event=list(value.get("events", ())), repeat=repeat, code=concept(value.get("code")))


def _span(name: str, value: Value) -> Json:
    """A length of time with its unit, and its maximum."""
    return keep(
        **{
            name: Decimal(value["value"]) if value else None,
            f"{name}Max": Decimal(value["max"]) if "max" in value else None,
            f"{name}Unit": value.get("unit"),
        }
    )
