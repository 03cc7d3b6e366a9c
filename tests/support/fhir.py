"""FHIR documents of cases, and a check that a document is valid R4."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from fhir.resources.R4B.bundle import Bundle

from clincore.records.fhir import document as fhir
from support.contract import CONTRACT

Json = dict[str, Any]

COMPONENTS = CONTRACT.document["components"]
SYSTEM = "https://clincore.example/documents"
LOINC = "http://loinc.org"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
SECTION = "urn:clincore:fhir:section"
KINDS = {
    "conditions": ("Condition",),
    "observations": ("Observation",),
    "medications": (*("MedicationStatement", "MedicationRequest", "MedicationAdministration", "MedicationDispense"),),
    "allergies": ("AllergyIntolerance",),
    "procedures": ("Procedure",),
    "immunizations": ("Immunization",),
    "diagnostic_reports": ("DiagnosticReport",),
    "documents": ("DocumentReference",),
}
"""The types of the resources of each list of a case."""

# hl7.org/fhir/R4/datatypes.html
DATE_TIME = re.compile(
    r"([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)(-(0[1-9]|1[0-2])(-(0[1-9]|[1-2][0-9]|3[0-1])"
    r"(T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|(\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00)))?)?)?"
)
INSTANTS = {"timestamp", "lastUpdated", "issued", "when", "recorded"}
TIMES = {"date", "time", "start", "end", "recordedDate", "authoredOn", "dateAsserted", "whenHandedOver"}
CODE = re.compile(r"[^\s]+( [^\s]+)*")
XHTML = "{http://www.w3.org/1999/xhtml}"


def case_of(body: Json, **more: Any) -> Json:
    """The contract's `Case` for a body of `POST /cases`. Its example was created with a title alone."""
    return {**COMPONENTS["schemas"]["Case"]["example"], **deepcopy(body), **more}


def signature(meaning: str, *, minute: int = 0, **signer: Any) -> Json:
    signed_at = datetime(2026, 3, 2, 10, minute, tzinfo=UTC)
    person = {"name": "Dr. Grete Beispiel", **signer}
    return {"signer": person, "meaning": meaning, "signed_at": signed_at, "jws": f"eyJ{minute}..c2ln", "kid": "key-1"}


def document_of(case: Json, *signatures: Json, profile: fhir.Profile | None = None) -> bytes:
    return fhir.as_json(fhir.document(case, identifier_system=SYSTEM, signatures=signatures, profile=profile))


def read(content: bytes) -> Json:
    """The parsed Bundle. Numbers are strings, so their digits are kept."""
    bundle: Json = json.loads(content, parse_float=str, parse_int=str)
    return bundle


def resources(bundle: Json, kind: str) -> list[Json]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def assert_document(content: bytes, case: Json) -> None:
    """Assert that the bytes are a valid R4 document of the contract's `Case` with all its entries and texts."""
    Bundle.model_validate_json(content)
    bundle = read(content)
    assert list(violations(bundle)) == []
    composition = bundle["entry"][0]["resource"]
    assert composition["id"] == str(case["id"])
    for field, kinds in KINDS.items():
        found = [entry for entry in bundle["entry"] if entry["resource"]["resourceType"] in kinds]
        assert len(found) == len(case[field]), field
    for field in ("reason", "history", "assessment", "plan"):
        shown = [narrative(section) for section in sections(bundle, field)]
        if field in case["erased"]:
            assert shown == ["Erased."]
        else:
            assert shown == ([] if case[field] is None else [readable(case[field]) or "Empty."]), field


def sections(bundle: Json, field: str) -> list[Json]:
    """The sections of a field of the case."""
    marked = {"url": SECTION, "valueCode": field}
    return [one for one in bundle["entry"][0]["resource"].get("section", []) if marked in one["extension"]]


def violations(bundle: Json) -> Iterator[str]:
    """Violations of R4 that models of its structure do not find, by invariant where R4 has one."""
    if not all(bundle["identifier"].get(part) for part in ("system", "value")):
        yield "bdl-9"
    if "timestamp" not in bundle:
        yield "bdl-10"
    if bundle["entry"][0]["resource"]["resourceType"] != "Composition":
        yield "bdl-11"
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    if len(set(urls)) != len(urls):
        yield "bdl-7"
    reached: set[str] = set()
    for path, value in everything(bundle):
        name = path.rsplit("/", 1)[-1]
        if value in (None, "", [], {}) or (isinstance(value, str) and not value.strip()):
            yield f"ele-1 {path}"
        if isinstance(value, str) and (name in INSTANTS or name in TIMES or name.endswith("DateTime")):
            if not DATE_TIME.fullmatch(value) or (name in INSTANTS and "T" not in value):
                yield f"dateTime {path}: {value}"
        elif name == "code" and isinstance(value, str) and not CODE.fullmatch(value):
            yield f"code {path}: {value!r}"
        if isinstance(value, dict):
            if "reference" in value:
                reached.add(value["reference"])
            if "start" in value and "end" in value and not is_ordered(value["start"], value["end"]):
                yield f"per-1 {path}"
            if "value" in value and "code" in value and "system" not in value:
                yield f"qty-3 {path}"
            if "div" in value and not (narrative({"text": value}) or "").strip():
                yield f"txt-2 {path}"
    if not reached <= set(urls):
        yield f"references without an entry: {reached - set(urls)}"
    # Only a Provenance may be in a document without a reference to it.
    lone = {url for url in urls[1:] if url not in reached}
    if any(e["fullUrl"] in lone and e["resource"]["resourceType"] != "Provenance" for e in bundle["entry"]):
        yield f"entries without a reference: {lone}"
    for entry in bundle["entry"]:
        if "text" not in entry["resource"]:
            yield f"dom-6 {entry['resource']['resourceType']}"
    for section in bundle["entry"][0]["resource"].get("section", []):
        if "emptyReason" in section and "entry" in section:
            yield "cmp-2"
    for resource in resources(bundle, "Condition"):
        clinical, verification = status(resource, "clinicalStatus"), status(resource, "verificationStatus")
        is_abated = any(name.startswith("abatement") for name in resource)
        if is_abated and clinical not in ("inactive", "resolved", "remission"):
            yield "con-4"
        if verification == "entered-in-error" and clinical:
            yield "con-5"
    for resource in resources(bundle, "AllergyIntolerance"):
        in_error = status(resource, "verificationStatus") == "entered-in-error"
        if bool(status(resource, "clinicalStatus")) == in_error:
            yield "ait-2" if in_error else "ait-1"
    for resource in resources(bundle, "Observation"):
        has_value = any(name.startswith("value") for name in resource)
        own = resource["code"].get("coding", [])
        parts = resource.get("component", [])
        if has_value and any(each in own for part in parts for each in part["code"].get("coding", [])):
            yield "obs-7"
        if has_value and "dataAbsentReason" in resource:
            yield "obs-6"
    for resource in resources(bundle, "MedicationAdministration"):
        if "dose" not in resource.get("dosage", {"dose": None}):
            yield "mad-1"


def everything(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for name, item in value.items():
            yield from everything(item, f"{path}/{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from everything(item, f"{path}/{number}/")


def is_ordered(start: str, end: str) -> bool:
    """Whether FHIRPath says that the start is not after the end. It compares what both have."""
    if "T" in start and "T" in end:
        return datetime.fromisoformat(start) <= datetime.fromisoformat(end)
    length = min(len(start), len(end))
    return start <= end if len(start) == len(end) else start[:length] < end[:length]


def pair(concept: Json) -> tuple[str, str | None]:
    return concept["coding"][0]["system"], concept["coding"][0].get("code")


def status(resource: Json, name: str) -> str | None:
    return str(pair(resource[name])[1]) if name in resource else None


def narrative(section: Json) -> str | None:
    """The text of a section's narrative, parsed as XML."""
    root = ET.fromstring(section["text"]["div"])
    assert root.tag == f"{XHTML}div"
    return "".join(root.itertext())


def readable(text: str | None) -> str | None:
    """The text without characters that XML forbids; None if it is blank."""
    return re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text) if text and text.strip() else None


def notes(resource: Json) -> list[str]:
    return [note["text"] for note in resource.get("note", [])]
