"""Medications as FHIR R4 resources, one function per kind. Each makes the resource of its name."""

from collections.abc import Callable, Mapping

from clincore.records.fhir.datatypes import (
    Value,
    absent,
    clinical_time,
    code,
    concept,
    concepts,
    identifiers,
    keep,
)
from clincore.records.fhir.dosages import dosage
from clincore.records.fhir.notes import notes
from clincore.records.fhir.vocabulary import DOSAGE, EFFECTIVE, REASON, RECORDED_DATE, Json


def medication(entry: Value, subject: Json, *, is_summary: bool = False) -> Json:
    """The resource of the entry's kind. `is_summary`: with the elements that a patient summary requires."""
    resource = _KINDS[entry["kind"]](entry, subject)
    if is_summary and entry["kind"] == "statement" and not entry.get("effective"):
        resource["_effectiveDateTime"] = absent("unknown")
    return resource


def statement(entry: Value, subject: Json) -> Json:
    """A MedicationStatement."""
    return keep(
        resourceType="MedicationStatement",
        identifier=identifiers(entry.get("identifiers")),
        **code("status", entry.get("status"), otherwise="unknown"),
        medicationCodeableConcept=concept(entry["medication"]),
        subject=subject,
        **clinical_time("effective", entry.get("effective")),
        dateAsserted=entry.get("recorded_date"),
        reasonCode=concepts(entry.get("reasons")),
        note=notes(entry),
        dosage=_dosages(entry),
    )


def request(entry: Value, subject: Json) -> Json:
    """A MedicationRequest."""
    return keep(
        resourceType="MedicationRequest",
        extension=[_extension(EFFECTIVE, clinical_time("value", entry.get("effective")))],
        identifier=identifiers(entry.get("identifiers")),
        **code("status", entry.get("status"), otherwise="unknown"),
        **code("intent", entry.get("intent")),
        doNotPerform=entry.get("do_not_perform"),
        medicationCodeableConcept=concept(entry["medication"]),
        subject=subject,
        authoredOn=entry.get("recorded_date"),
        reasonCode=concepts(entry.get("reasons")),
        note=notes(entry),
        dosageInstruction=_dosages(entry),
    )


def administration(entry: Value, subject: Json) -> Json:
    """A MedicationAdministration. R4 has one dosage with an amount for it; other dosages are in an extension."""
    dosages = entry.get("dosages", ())
    is_plain = len(dosages) == 1 and _is_plain(dosages[0])
    return keep(
        resourceType="MedicationAdministration",
        extension=[
            _recorded(entry),
            *([] if is_plain else [_extension(DOSAGE, {"valueDosage": each}) for each in _dosages(entry)]),
        ],
        identifier=identifiers(entry.get("identifiers")),
        **code("status", entry.get("status"), otherwise="unknown"),
        medicationCodeableConcept=concept(entry["medication"]),
        subject=subject,
        **(clinical_time("effective", entry.get("effective")) or {"effectivePeriod": absent("unknown")}),
        reasonCode=concepts(entry.get("reasons")),
        note=notes(entry),
        dosage=_administered(dosages[0]) if is_plain else None,
    )


def dispense(entry: Value, subject: Json) -> Json:
    """A MedicationDispense."""
    effective = entry.get("effective") or {}
    return keep(
        resourceType="MedicationDispense",
        extension=[
            _extension(EFFECTIVE, clinical_time("value", effective)) if "period" in effective else {},
            _recorded(entry),
            *(_extension(REASON, {"valueCodeableConcept": each}) for each in concepts(entry.get("reasons"))),
        ],
        identifier=identifiers(entry.get("identifiers")),
        **code("status", entry.get("status"), otherwise="unknown"),
        medicationCodeableConcept=concept(entry["medication"]),
        subject=subject,
        whenHandedOver=effective.get("date_time"),
        note=notes(entry),
        dosageInstruction=_dosages(entry),
    )


_KINDS: Mapping[str, Callable[[Value, Json], Json]] = {
    "statement": statement,
    "request": request,
    "administration": administration,
    "dispense": dispense,
}


def _extension(url: str, value: Json) -> Json:
    return {"url": url, **value} if value else {}


def _recorded(entry: Value) -> Json:
    return _extension(RECORDED_DATE, {"valueDateTime": entry["recorded_date"]} if "recorded_date" in entry else {})


def _dosages(entry: Value) -> list[Json]:
    return [dosage(each) for each in entry.get("dosages", ())]


def _is_plain(value: Value) -> bool:
    """Whether a dosage fits into a MedicationAdministration, which requires an amount (mad-1)."""
    return "quantity" in value.get("dose", {}) and not {"timing", "as_needed", "max"} & value.keys()


def _administered(value: Value) -> Json:
    whole = dosage(value)
    amount = whole.pop("doseAndRate")[0]["doseQuantity"]
    return {**whole, "dose": amount}
