"""Observations, diagnostic reports and references to documents as FHIR R4 resources."""

from collections.abc import Iterator, Mapping
from typing import Any

from clincore.records.fhir.datatypes import (
    Value,
    absent,
    assumed,
    clinical_time,
    code,
    concept,
    concepts,
    identifiers,
    in_words,
    instant,
    is_range,
    keep,
    period,
    quantity,
    quantity_range,
    ratio,
    shown,
    text,
)
from clincore.records.fhir.entries import Entries
from clincore.records.fhir.notes import notes
from clincore.records.fhir.vocabulary import ENTRY_ID, HL7, LOINC, NOTE, VITAL_SIGNS, Json, exact, string_extension


def observation(entry: Value, subject: Json, entries: Entries, place: str, *, is_summary: bool = False) -> Json:
    """An Observation. `is_summary`: with the elements that a patient summary requires.

    With a component that has the same code, its value becomes a note (obs-7).
    """
    components = entry.get("components", ())
    is_refused = any(_has_code_of(part["code"], entry["code"]) for part in components)
    effective = clinical_time("effective", entry.get("effective"))
    performers = entries.add_parties(f"{place}/performers", entry.get("performers"))
    if is_summary:
        effective = effective or {"_effectiveDateTime": absent("unknown")}
        performers = performers or [absent("unknown")]
    return keep(
        resourceType="Observation",
        extension=[{"url": ENTRY_ID, "valueId": entry["id"]} if "id" in entry else {}],
        identifier=identifiers(entry.get("identifiers")),
        **code("status", entry.get("status"), otherwise="unknown"),
        category=[*concepts(entry.get("categories")), _vital_signs(entry)],
        code=concept(entry["code"]),
        subject=subject,
        **effective,
        **instant("issued", entry.get("issued")),
        performer=performers,
        **({} if is_refused else _value(entry.get("value"))),
        dataAbsentReason=concept(entry.get("data_absent_reason")),
        interpretation=concepts(entry.get("interpretations")),
        note=notes(entry, ["value"] if is_refused else []),
        bodySite=concept(entry.get("body_site")),
        method=concept(entry.get("method")),
        referenceRange=_reference_ranges(entry),
        component=[
            keep(
                code=concept(part["code"]),
                **_value(part.get("value")),
                dataAbsentReason=concept(part.get("data_absent_reason")),
                interpretation=concepts(part.get("interpretations")),
                referenceRange=_reference_ranges(part),
            )
            for part in components
        ],
    )


def is_vital_sign(entry: Value) -> bool:
    """Whether an observation is a vital sign, by its category or else by its code."""
    if "categories" in entry:
        return ("vital-signs", f"{HL7}observation-category") in {
            (each["code"], each["system"]) for category in entry["categories"] for each in category.get("coding", ())
        }
    codes = _codes(entry["code"])
    return any(system == LOINC and code in VITAL_SIGNS for system, code in codes)


def report(entry: Value, subject: Json, entries: Entries, place: str, observed: Mapping[str, Json]) -> Json:
    """A DiagnosticReport. `observed`: References to the observations of the case, by their `id`."""
    note = entry.get("note")
    return keep(
        resourceType="DiagnosticReport",
        extension=[{} if note is None else string_extension(NOTE, note, shown(note))],
        identifier=identifiers(entry.get("identifiers")),
        **code("status", entry.get("status"), otherwise="unknown"),
        category=concepts(entry.get("categories")),
        code=concept(entry["code"]),
        subject=subject,
        **clinical_time("effective", entry.get("effective")),
        **instant("issued", entry.get("issued")),
        performer=entries.add_parties(f"{place}/performers", entry.get("performers")),
        # The observations can have been erased.
        result=[
            {**(observed[name] if name in observed else absent("masked")), "display": name}
            for name in entry.get("results", ())
        ],
        **text("conclusion", entry.get("conclusion")),
        conclusionCode=concepts(entry.get("conclusion_codes")),
    )


def document_reference(entry: Value, subject: Json) -> Json:
    """A DocumentReference."""
    attachment = {
        **({"contentType": entry["content_type"]} if "content_type" in entry else {}),
        **text("url", entry.get("url")),
        **({"hash": entry["hash"]} if "hash" in entry else {}),
        **text("title", entry.get("title")),
    }
    return keep(
        resourceType="DocumentReference",
        identifier=identifiers(entry.get("identifiers")),
        **code("status", entry.get("status")),
        type=concept(entry.get("type")),
        category=concepts(entry.get("categories")),
        subject=subject,
        **instant("date", entry.get("date")),
        **text("description", entry.get("note")),
        content=[{"attachment": attachment or absent("unknown")}],
    )


def _vital_signs(entry: Value) -> Json:
    """The category of a vital sign that has none."""
    if "categories" in entry or not is_vital_sign(entry):
        return {}
    coding = {"system": f"{HL7}observation-category", "code": "vital-signs"}
    return {"extension": [assumed()], "coding": [coding]}


def _has_code_of(one: Value, other: Value) -> bool:
    return not set(_codes(one)).isdisjoint(_codes(other))


def _codes(concept: Value) -> Iterator[tuple[str, str]]:
    return ((each["system"], each["code"]) for each in concept.get("coding", ()))


def _value(value: Value | None) -> Json:
    """FHIR's `value[x]`."""
    match value:
        case None:
            return {}
        case {"quantity": amount}:
            return {"valueQuantity": quantity(amount)}
        case {"concept": meaning}:
            return {"valueCodeableConcept": concept(meaning)}
        case {"string": string}:
            return text("valueString", string)
        case {"range": limits} if not is_range(limits):
            return in_words("valueString", value)
        case {"range": limits}:
            return {"valueRange": quantity_range(limits)}
        case {"ratio": relation}:
            return {"valueRatio": ratio(relation)}
        case {"date_time": moment}:
            return {"valueDateTime": moment}
        case {"period": span}:
            return {"valuePeriod": period(span)}
    # boolean, integer and time are equal in both models.
    ((name, plain),) = value.items()
    return {f"value{name.capitalize()}": plain}


def _reference_ranges(part: Value) -> list[Json]:
    return [
        keep(
            low=quantity(each.get("low")),
            high=quantity(each.get("high")),
            type=concept(each.get("type")),
            appliesTo=concepts(each.get("applies_to")),
            age=_age(each["age"]) if "age" in each else None,
            **text("text", each.get("text")),
        )
        for each in part.get("reference_ranges", ())
    ]


def _age(value: dict[str, Any]) -> Json:
    return quantity_range(value) if is_range(value) else {"extension": [exact(value)]}
