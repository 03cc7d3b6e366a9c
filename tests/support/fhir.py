"""FHIR documents of cases, and a check that a document is valid R4."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fhir.resources.R4B.bundle import Bundle

from clincore.records.fhir import document as fhir
from support.contract import CONTRACT

Json = dict[str, Any]

COMPONENTS = CONTRACT.document["components"]
SYSTEM = "https://clincore.example/documents"
LOINC = "http://loinc.org"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
KINDS = {
    "conditions": "Condition",
    "observations": "Observation",
    "medications": "MedicationStatement",
    "allergies": "AllergyIntolerance",
}

# hl7.org/fhir/R4/datatypes.html
DATE_TIME = re.compile(
    r"([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)-(0[1-9]|1[0-2])-(0[1-9]|[1-2][0-9]|3[0-1])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|(\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
)
TIMES = {"timestamp", "lastUpdated", "date", "time", "when", "recorded", "start", "end"}
CODE = re.compile(r"[^\s]+(\s[^\s]+)*")
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


def assert_document(content: bytes, case: Json, source: list[Json] | None = None) -> None:
    """Assert that the bytes are a valid R4 document of the contract's `Case` with all its entries.

    `source`: the FHIR Observations that the case was made from, parsed with `read`, to compare code, value and unit.
    """
    Bundle.model_validate_json(content)
    bundle = read(content)
    assert list(violations(bundle)) == []
    composition = bundle["entry"][0]["resource"]
    assert composition["id"] == str(case["id"])
    for field, kind in KINDS.items():
        assert len(resources(bundle, kind)) == len(case[field]), field
    sections = {section["code"]["coding"][0]["code"]: narrative(section) for section in composition.get("section", [])}
    for field, code in (("reason", "29299-5"), ("history", "10164-2"), ("assessment", "51848-0"), ("plan", "18776-5")):
        assert sections.get(code) == readable(case[field]), field
    observed = [measured(resource) for resource in resources(bundle, "Observation")]
    assert observed == [given_values(entry) for entry in case["observations"]]
    if source is not None:
        assert observed == [measured(resource) for resource in source]


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
        if name in TIMES or name.endswith("DateTime"):
            if not DATE_TIME.fullmatch(value):
                yield f"dateTime {path}: {value}"
        elif name == "code" and isinstance(value, str) and not CODE.fullmatch(value):
            yield f"code {path}: {value!r}"
        if isinstance(value, dict):
            if "reference" in value:
                reached.add(value["reference"])
            if "start" in value and "end" in value and instant(value["start"]) > instant(value["end"]):
                yield f"per-1 {path}"
            if name == "valueQuantity" and "code" in value and "system" not in value:
                yield f"qty-3 {path}"
    if not reached <= set(urls):
        yield f"references without an entry: {reached - set(urls)}"
    # Only a Provenance may be in a document without a reference to it.
    lone = {url for url in urls[1:] if url not in reached}
    if any(e["fullUrl"] in lone and e["resource"]["resourceType"] != "Provenance" for e in bundle["entry"]):
        yield f"entries without a reference: {lone}"
    for section in bundle["entry"][0]["resource"].get("section", []):
        if not (narrative(section) or "").strip():
            yield "txt-2"
    for resource in resources(bundle, "Condition"):
        clinical, verification = status(resource, "clinicalStatus"), status(resource, "verificationStatus")
        if "abatementDateTime" in resource and clinical not in ("inactive", "resolved", "remission"):
            yield "con-4"
        if verification == "entered-in-error" and clinical:
            yield "con-5"
    for resource in resources(bundle, "AllergyIntolerance"):
        in_error = status(resource, "verificationStatus") == "entered-in-error"
        if bool(status(resource, "clinicalStatus")) == in_error:
            yield "ait-2" if in_error else "ait-1"
    for resource in resources(bundle, "Observation"):
        same = [part for part in resource.get("component", []) if pair(part["code"]) == pair(resource["code"])]
        if same and any(name.startswith("value") for name in resource):
            yield "obs-7"


def everything(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for name, item in value.items():
            yield from everything(item, f"{path}/{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from everything(item, f"{path}/{number}/")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def pair(concept: Json) -> tuple[str, str | None]:
    return concept["coding"][0]["system"], concept["coding"][0].get("code")


def status(resource: Json, name: str) -> str | None:
    return pair(resource[name])[1] if name in resource else None


def narrative(section: Json) -> str | None:
    """The text of a section's narrative, parsed as XML."""
    root = ET.fromstring(section["text"]["div"])
    assert root.tag == f"{XHTML}div"
    return "".join(root.itertext())


def readable(text: str | None) -> str | None:
    """The text without characters that XML forbids; None if it is blank."""
    return re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text) if text and text.strip() else None


def measured(resource: Json) -> list[Any]:
    """Codes and values of a FHIR Observation and its components. Numbers keep their digits, without an exponent."""
    found: list[Any] = []
    for part in (resource, *resource.get("component", [])):
        quantity, coded = part.get("valueQuantity"), part.get("valueCodeableConcept")
        value: Any = part.get("valueString")
        if quantity:
            digits = format(Decimal(quantity["value"]), "f")
            value = (digits, quantity.get("unit"), quantity["system"], quantity["code"])
        found.append((*pair(part["code"]), pair(coded) if coded else value))
    return found


def given_values(entry: Json) -> list[Any]:
    """Like `measured`, for an observation of a case."""
    found: list[Any] = []
    for part in (entry, *entry.get("components", [])):
        quantity, coded = part.get("value_quantity"), part.get("value_coding")
        value: Any = readable(part.get("value_string"))
        if quantity:
            unit = readable(quantity.get("unit"))
            value = (quantity["value"], unit, "http://unitsofmeasure.org", quantity["code"])
        elif coded:
            value = (coded["system"], coded["code"])
        found.append((part["code"]["system"], part["code"]["code"], value))
    return found


def notes(resource: Json) -> list[str]:
    return [note["text"] for note in resource.get("note", [])]
