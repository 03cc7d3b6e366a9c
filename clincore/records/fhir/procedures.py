"""Procedures and immunizations as FHIR R4 resources."""

from clincore.records.fhir.datatypes import (
    Value,
    absent,
    assumed,
    clinical_time,
    code,
    concept,
    concepts,
    identifiers,
    keep,
    number_or_string,
    quantity,
    text,
)
from clincore.records.fhir.entries import Entries
from clincore.records.fhir.notes import notes
from clincore.records.fhir.vocabulary import Json


def procedure(entry: Value, subject: Json, entries: Entries, place: str, *, is_summary: bool = False) -> Json:
    """A Procedure. `is_summary`: with the elements that a patient summary requires."""
    performed = clinical_time("performed", entry.get("performed"))
    if is_summary:
        performed = performed or {"_performedDateTime": absent("unknown")}
    return keep(
        resourceType="Procedure",
        identifier=identifiers(entry.get("identifiers")),
        **code("status", entry.get("status"), otherwise="unknown"),
        statusReason=concept(entry.get("status_reason")),
        category=concept(entry.get("category")),
        code=concept(entry["code"]),
        subject=subject,
        **performed,
        performer=_performers(entry, entries, place),
        reasonCode=concepts(entry.get("reasons")),
        bodySite=concepts(entry.get("body_sites")),
        outcome=concept(entry.get("outcome")),
        note=notes(entry),
    )


def immunization(entry: Value, subject: Json, entries: Entries, place: str) -> Json:
    """An Immunization."""
    manufacturer = entry.get("manufacturer")
    return keep(
        resourceType="Immunization",
        identifier=identifiers(entry.get("identifiers")),
        # R4 has no unknown status, and completed would say that the vaccine was given.
        **code("status", entry.get("status")),
        statusReason=concept(entry.get("status_reason")),
        vaccineCode=concept(entry["vaccine_code"]),
        patient=subject,
        **_occurrence(entry.get("occurrence")),
        manufacturer=entries.add_organization(f"{place}/manufacturer", manufacturer) if manufacturer else None,
        **text("lotNumber", entry.get("lot_number")),
        expirationDate=entry.get("expiration_date"),
        site=concept(entry.get("site")),
        route=concept(entry.get("route")),
        doseQuantity=quantity(entry.get("dose_quantity")),
        performer=_performers(entry, entries, place),
        note=notes(entry),
        reasonCode=concepts(entry.get("reasons")),
        protocolApplied=[
            keep(
                **text("series", protocol.get("series")),
                targetDisease=concepts(protocol.get("target_diseases")),
                **number_or_string("doseNumber", protocol["dose_number"]),
                **number_or_string("seriesDoses", protocol.get("series_doses")),
            )
            for protocol in entry.get("protocols", ())
        ],
    )


def _occurrence(value: Value | None) -> Json:
    """FHIR's `occurrence[x]`, which R4 requires."""
    if value is None:
        return {"occurrenceString": "unknown", "_occurrenceString": {"extension": [assumed()]}}
    return clinical_time("occurrence", value)


def _performers(entry: Value, entries: Entries, place: str) -> list[Json]:
    return [{"actor": party} for party in entries.add_parties(f"{place}/performers", entry.get("performers"))]
