"""FHIR documents of other systems, as Python values and as the service parses them."""

import json
from decimal import Decimal
from typing import Any

from clincore.records.fhir.reading.documents import read_document
from clincore.records.fhir.reading.parsing import parsed
from clincore.records.fhir.reading.report import Reading, Row

Json = dict[str, Any]

BASE = "https://clinic.example/fhir"
PATIENT: Json = {
    "resourceType": "Patient",
    "id": "ada",
    "identifier": [{"system": "urn:oid:1.2.36", "value": "4711"}],
    "name": [{"family": "Beispiel", "given": ["Ada"]}],
    "gender": "female",
    "birthDate": "1984-03",
}
SUBJECT = {"reference": "Patient/ada"}
COMPOSITION: Json = {
    "resourceType": "Composition",
    "id": "letter",
    "status": "final",
    "type": {"coding": [{"system": "http://loinc.org", "code": "34133-9"}]},
    "subject": SUBJECT,
    "date": "2026-03-02",
    "author": [{"display": "Dr. Grete Beispiel", "type": "Practitioner"}],
    "title": "Letter",
}
MIGRAINE = {"coding": [{"system": "http://snomed.info/sct", "code": "37796009", "display": "Migraine"}]}


def is_unit(code: str) -> bool:
    """Whether a code is one of the units of UCUM that the tests use."""
    return code in ("/min", "mg", "mm[Hg]", "kg", "%", "d")


def bundle(*resources: Json, composition: Json | None = None, patient: Json | None = None, **more: Any) -> Json:
    """A document of the clinic's server: a Composition, a Patient and further resources."""
    first = [COMPOSITION | (composition or {}), PATIENT if patient is None else patient]
    return {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": "urn:ietf:rfc3986", "value": "urn:uuid:9d0bfa3c-5e0a-4f5f-8a53-2e43b2f3a9aa"},
        "timestamp": "2026-03-02T10:00:00Z",
        "entry": [
            {"fullUrl": f"{BASE}/{one['resourceType']}/{one['id']}", "resource": one}
            for one in (*first, *(one for one in resources if one))
        ],
        **more,
    }


def as_json(value: Any) -> bytes:
    """JSON in which a Decimal keeps its digits."""
    marked = json.dumps(value, default=lambda number: f"\x01{number}\x01" if isinstance(number, Decimal) else None)
    return marked.replace('"\\u0001', "").replace('\\u0001"', "").encode()


def read(document: Json) -> Reading:
    """What the service reads of the document."""
    return read_document(parsed(as_json(document)), is_unit)


def case_of(*resources: Json, composition: Json | None = None) -> Json:
    """The case of a document with these resources."""
    case = read(bundle(*resources, composition=composition)).case
    assert case is not None
    return case


def row(reading: Reading, name: str) -> Row:
    """The line of a resource, such as `Condition/1`."""
    (found,) = [one for one in reading.rows if one.resource == name]
    return found


def entry(resource: Json, field: str) -> tuple[Json, Row]:
    """The only entry of a list that a document with this resource gives, and the resource's line."""
    reading = read(bundle(resource))
    assert reading.case is not None
    (made,) = reading.case[field]
    return made, row(reading, f"{resource['resourceType']}/{resource['id']}")


def condition(**more: Any) -> Json:
    return {"resourceType": "Condition", "id": "1", "subject": SUBJECT, "code": MIGRAINE, **more}


def observation(**more: Any) -> Json:
    pulse = {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}
    return {"resourceType": "Observation", "id": "1", "status": "final", "subject": SUBJECT, "code": pulse, **more}


def request(**more: Any) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": "1",
        "status": "active",
        "intent": "order",
        "subject": SUBJECT,
        "medicationCodeableConcept": {"text": "Ibuprofen 400 mg"},
        **more,
    }
