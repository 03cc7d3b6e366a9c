"""The Composition of a document, and what it refers to besides entries: Patient, Encounter, author and custodian."""

import re

from clincore.records.fhir.datatypes import (
    Value,
    absent,
    code,
    coding,
    concept,
    concepts,
    identifiers,
    keep,
    period,
    server_time,
    shown,
    text,
)
from clincore.records.fhir.entries import Entries
from clincore.records.fhir.sections import Sections
from clincore.records.fhir.vocabulary import (
    CASE_TYPE,
    LOINC,
    METADATA,
    PATIENT_SUMMARY,
    Json,
    fhir_code,
    string_extension,
)
from clincore.records.fhir.words import inline, narrative, paragraph, words

SUMMARY_PROFILE = "http://hl7.org/fhir/uv/ips/StructureDefinition/{}-uv-ips"

# FHIR has no cancelled Composition, and a discarded draft must not be read as one in progress.
_STATUS = {"draft": "preliminary", "cancelled": "entered_in_error"}
_UNSIGNED = {"draft", "cancelled"}
_CODE = re.compile(r"\S+( \S+)*")


def composition(case: Value, entries: Entries, *, is_signed: bool, is_summary: bool) -> Json:
    """The Composition without attesters. The resources that it refers to are added to `entries`.

    `is_signed`: whether the case had a subject and an author that were erased, if it has none. `is_summary`: as a
    patient summary.
    """
    erased, status = set(case.get("erased") or ()), str(case["status"])
    if is_signed or status not in _UNSIGNED:
        # Without them a case cannot be signed.
        erased |= {"subject", "author"}
    subject = _subject(case.get("subject"), entries, is_erased="subject" in erased, is_summary=is_summary)
    author, custodian, encounter = (case.get(name) for name in ("author", "custodian", "encounter"))
    updated_at, revision = server_time(case["updated_at"]), case.get("revision")
    version = str(case["version"]) if revision is None else None
    title = text("title", case["title"])
    return keep(
        resourceType="Composition",
        id=str(entries.case_id),
        meta=keep(
            # A version would change with each edit of an amendment, which a signed document does not show.
            versionId=version,
            lastUpdated=updated_at,
            profile=[SUMMARY_PROFILE.format("Composition")] if is_summary else None,
            tag=[_tag(tag) for tag in case.get("tags") or ()],
        ),
        text=narrative("generated", paragraph(inline(case["title"]))),
        extension=[_metadata(name, value) for name, value in sorted((case.get("metadata") or {}).items())],
        identifier=text("value", case.get("external_id")),
        status=fhir_code(_STATUS.get(status, status)),
        type=_summary_type(case["type"]) if is_summary else concept({"coding": [case["type"]]}),
        subject=subject,
        encounter=_encounter(encounter, subject, entries, is_erased="encounter" in erased),
        date=updated_at,
        author=[entries.add_party("author", author) if author else _missing(is_erased="author" in erased)],
        **title,
        custodian=_custodian(custodian, entries, is_erased="custodian" in erased),
        event=[keep(period=period(case.get("period")))],
        section=Sections(case, subject, entries, is_summary=is_summary).make(),
    )


def _missing(*, is_erased: bool) -> Json:
    """A Reference to something that the case does not have, or no longer."""
    return absent("masked", "Erased") if is_erased else absent("unknown", "Unknown")


def _subject(subject: Value | None, entries: Entries, *, is_erased: bool, is_summary: bool) -> Json:
    if not subject:
        if not is_summary:
            return _missing(is_erased=is_erased)
        # A summary requires a Patient.
        reason = absent("masked" if is_erased else "unknown")
        unknown = {"resourceType": "Patient", "name": [{"_text": reason}], "_birthDate": reason}
        return entries.add("subject", unknown, "Erased" if is_erased else "Unknown")
    name, birth_date = text("text", subject.get("name")), subject.get("birth_date")
    if is_summary and not name:
        name = {"_text": absent("unknown")}
    patient = keep(
        resourceType="Patient",
        identifier=identifiers(subject["identifiers"]),
        name=[name],
        gender=subject.get("gender"),
        birthDate=birth_date,
        _birthDate=absent("unknown") if is_summary and not birth_date else None,
        **_deceased(subject.get("deceased")),
    )
    return entries.add("subject", patient, inline(words(subject)))


def _deceased(value: Value | None) -> Json:
    match value:
        case {"boolean": answer}:
            return {"deceasedBoolean": answer}
        case {"date_time": moment}:
            return {"deceasedDateTime": moment}
    return {}


def _encounter(value: Value | None, subject: Json, entries: Entries, *, is_erased: bool) -> Json | None:
    if not value:
        return _missing(is_erased=True) if is_erased else None
    resource = keep(
        resourceType="Encounter",
        identifier=identifiers(value.get("identifiers")),
        **code("status", value.get("status"), otherwise="unknown"),
        **{"class": coding(value.get("class")) or absent("unknown")},
        type=concepts(value.get("types")),
        subject=subject,
        period=period(value.get("period")),
        reasonCode=concepts(value.get("reasons")),
    )
    return entries.add("encounter", resource, inline(words(value)))


def _custodian(value: Value | None, entries: Entries, *, is_erased: bool) -> Json | None:
    if not value:
        return _missing(is_erased=True) if is_erased else None
    return entries.add_organization("custodian", value)


def _summary_type(case_type: Value) -> Json:
    return {
        "extension": [{"url": CASE_TYPE, "valueCoding": coding(case_type)}],
        "coding": [{"system": LOINC, "code": PATIENT_SUMMARY}],
    }


def _tag(tag: str) -> Json:
    """A Coding without a system: its `code`, or `display` for a text with white space that a code cannot have."""
    return {"code": tag} if _CODE.fullmatch(tag) and shown(tag) == tag else text("display", tag)


def _metadata(name: str, value: str) -> Json:
    pair = {"key": name, "value": value}
    return {"url": METADATA, "extension": [string_extension(part, said, shown(said)) for part, said in pair.items()]}
