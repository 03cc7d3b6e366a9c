"""The FHIR view of a case: documents that are valid by fhir.resources and by R4's invariants."""

import base64
import json
import os
import re
import runpy
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import jsonschema_rs
import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from support.cases import CONSULTATION, SIGNING
from support.fhir import (
    ABSENT,
    COMPONENTS,
    KINDS,
    LOINC,
    SYSTEM,
    assert_document,
    case_of,
    document_of,
    narrative,
    read,
    resources,
    signature,
    violations,
)
from support.paths import ROOT
from support.tenants import Tenant

Json = dict[str, Any]

FOLDER = Path(os.environ.get("CLINCORE_SYNTHEA_DIR") or ROOT.parent / "shared" / "data" / "synthea-r4")
FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.skipif(not FILES, reason="no Synthea Bundles: set CLINCORE_SYNTHEA_DIR to a folder of them")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_documents_of_synthea_cases_are_valid_and_keep_every_observation(
    client: httpx.Client, tenant: Tenant, file: Path
) -> None:
    """Over HTTP: load each encounter as a case, and read its document as a draft and once it is signed."""
    example = runpy.run_path(str(ROOT / "examples" / "load_synthea.py"))
    entries = [entry["resource"] for entry in read(file.read_bytes())["entry"]]
    visits = {f"urn:uuid:{resource['id']}" for resource in entries if resource["resourceType"] == "Encounter"}
    observations: dict[str, list[Json]] = {f"synthea-{visit.removeprefix('urn:uuid:')}": [] for visit in visits}
    for resource in entries:
        if resource["resourceType"] == "Observation":
            visit = resource["encounter"]["reference"].removeprefix("urn:uuid:")
            observations[f"synthea-{visit}"].append(resource)

    headers = tenant.key | {"Content-Type": "application/json"}
    for body in example["Bundle"](example["parse"](file.read_bytes()), file.name).cases():
        draft = client.post("/cases", content=example["encode"](body), headers=headers)
        path, source = draft.headers["Location"], observations.pop(body["external_id"])
        unsigned = client.get(f"{path}/document", headers=tenant.key).content
        assert_document(unsigned, draft.json(), source)
        composition = read(unsigned)["entry"][0]["resource"]
        assert (composition["status"], "signature" in read(unsigned)) == ("preliminary", False)

        signed = client.post(f"{path}/finalize", json=SIGNING, headers=tenant.key | {"If-Match": "*"})
        assert signed.status_code == 200, signed.text
        document = client.get(f"{path}/document", headers=tenant.key)
        revision = client.get(f"{path}/revisions/1", headers=tenant.key).json()

        # A signed document has the time of the revision.
        case = signed.json() | {"updated_at": revision["created_at"]}
        assert document.headers["Content-Type"] == "application/fhir+json"
        assert_document(document.content, case, source)
        data = read(document.content)["signature"]["data"]
        assert base64.b64decode(data).decode() == revision["signatures"][0]["jws"]
    assert observations == {}


def test_a_case_with_a_title_alone_has_a_valid_document() -> None:
    case = case_of({"title": "Migraine with aura"}, external_id=None)
    content = document_of(case)

    assert_document(content, case)
    assert read(content) == {
        "resourceType": "Bundle",
        "id": read(content)["id"],
        "identifier": {"system": SYSTEM, "value": read(content)["identifier"]["value"]},
        "type": "document",
        "timestamp": "2026-03-02T09:00:00Z",
        "entry": [
            {
                "fullUrl": "urn:uuid:3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11",
                "resource": {
                    "resourceType": "Composition",
                    "id": "3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11",
                    "meta": {"versionId": "1", "lastUpdated": "2026-03-02T09:00:00Z"},
                    "status": "preliminary",
                    "type": {
                        "coding": [{"system": LOINC, "code": "34133-9", "display": "Summary of episode note"}],
                    },
                    "subject": {"extension": [{"url": ABSENT, "valueCode": "unknown"}], "display": "Unknown"},
                    "date": "2026-03-02T09:00:00Z",
                    "author": [{"extension": [{"url": ABSENT, "valueCode": "unknown"}], "display": "Unknown"}],
                    "title": "Migraine with aura",
                },
            }
        ],
    }


def test_a_full_consultation_keeps_its_fields_sections_and_entries() -> None:
    case = case_of(CONSULTATION)
    content = document_of(case)

    assert_document(content, case)
    bundle = read(content)
    composition, patient, practitioner, role = (entry["resource"] for entry in bundle["entry"][:4])
    urls = {entry["resource"]["resourceType"]: entry["fullUrl"] for entry in bundle["entry"]}
    assert composition["identifier"] == {"value": "encounter-4711"}
    assert composition["meta"]["tag"] == [{"code": "neurology"}]
    assert composition["event"] == [{"period": {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T09:25:00Z"}}]
    assert composition["author"] == [{"reference": urls["PractitionerRole"], "display": "Dr. Grete Beispiel"}]
    assert composition["subject"] == {"reference": urls["Patient"]}
    assert [section["title"] for section in composition["section"]] == [
        "Reason for visit",
        "History of present illness",
        "Problem list",
        "Allergies and intolerances",
        "Medications",
        "Observations",
        "Assessment",
        "Plan of care",
    ]
    assert [narrative(section) for section in composition["section"]][2:6] == [
        "Migraine with aura; clinical status: active; onset: 2026-03-02T06:30:00Z; verification status: confirmed",
        "Allergy to penicillin; category: medication; clinical status: active; criticality: high; reaction: Urticaria",
        "Sumatriptan 50 MG; dosage: One tablet at onset, at most two in 24 hours; status: active",
        "Heart rate; effective: 2026-03-02T09:05:00Z; status: final; value: 72 beats/min",
    ]
    assert patient == {
        "resourceType": "Patient",
        "id": patient["id"],
        "identifier": [{"system": "urn:oid:1.2.36.146.595.217.0.1", "value": "P-10082"}],
        "name": [{"text": "Ada Example"}],
        "gender": "female",
        "birthDate": "1984-03-12",
    }
    assert practitioner["name"] == [{"text": "Dr. Grete Beispiel"}]
    assert role["code"] == [{"text": "Neurologist"}]
    assert role["practitioner"]["reference"] == urls["Practitioner"]
    (condition,) = resources(bundle, "Condition")
    hl7 = "http://terminology.hl7.org/CodeSystem"
    assert condition == {
        "resourceType": "Condition",
        "id": condition["id"],
        "clinicalStatus": {"coding": [{"system": f"{hl7}/condition-clinical", "code": "active"}]},
        "verificationStatus": {"coding": [{"system": f"{hl7}/condition-ver-status", "code": "confirmed"}]},
        "code": {
            "coding": [{"system": "http://snomed.info/sct", "code": "4473006", "display": "Migraine with aura"}],
        },
        "subject": {"reference": urls["Patient"]},
        "onsetDateTime": "2026-03-02T06:30:00Z",
    }
    (medication,) = resources(bundle, "MedicationStatement")
    assert medication["dosage"] == [{"text": "One tablet at onset, at most two in 24 hours"}]
    (allergy,) = resources(bundle, "AllergyIntolerance")
    assert (allergy["category"], allergy["criticality"]) == (["medication"], "high")
    assert allergy["reaction"] == [{"manifestation": [{"text": "Urticaria"}]}]


@pytest.mark.parametrize(
    ("status", "in_fhir"),
    [
        pytest.param("draft", "preliminary", id="draft"),
        pytest.param("final", "final", id="final"),
        pytest.param("amended", "amended", id="amended"),
        pytest.param("entered_in_error", "entered-in-error", id="void"),
        pytest.param("cancelled", "entered-in-error", id="cancelled"),
    ],
)
def test_the_status_is_one_of_r4(status: str, in_fhir: str) -> None:
    assert read(document_of(case_of({}, status=status)))["entry"][0]["resource"]["status"] == in_fhir


def test_a_blank_name_leaves_a_valid_document() -> None:
    identifier = {"system": "urn:x:y", "value": " "}
    case = case_of(
        {
            "title": " ",
            "external_id": " ",
            "tags": [" ", "a  b", "a"],
            "subject": {"identifier": identifier, "name": " ", "gender": "other"},
            "author": {"name": " ", "role": " ", "identifier": identifier},
        }
    )
    content = document_of(case, signature("authorship", **case["author"]))

    assert_document(content, case)
    composition = read(content)["entry"][0]["resource"]
    assert composition["_title"] == {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}
    assert composition["meta"]["tag"] == [{"display": "a  b"}, {"code": "a"}]


@pytest.mark.parametrize(
    ("status", "signed", "reason"),
    [
        pytest.param("draft", False, "unknown", id="never-given"),
        pytest.param("cancelled", False, "unknown", id="never-given-and-cancelled"),
        pytest.param("final", True, "masked", id="erased"),
        pytest.param("entered_in_error", False, "masked", id="erased-and-void"),
    ],
)
def test_references_to_a_missing_subject_have_a_data_absent_reason(status: str, signed: bool, reason: str) -> None:
    case = case_of({**CONSULTATION, "subject": None}, status=status)
    content = document_of(case, *[signature("authorship")] * signed)

    assert_document(content, case)
    bundle = read(content)
    assert resources(bundle, "Patient") == []
    references = [entry["resource"].get("subject") or entry["resource"].get("patient") for entry in bundle["entry"]]
    assert {reference["extension"][0]["valueCode"] for reference in references if reference} == {reason}
    assert sum(reference is not None for reference in references) == 5


def test_erased_authors_and_signers_are_masked() -> None:
    case = case_of({**CONSULTATION, "author": None}, status="final")
    erased = {**signature("review", minute=1), "signer": {"key_id": "0b8e6a7e-6d6a-4c0e-9a55-0d6c1f3c2a10"}}
    content = document_of(case, signature("authorship"), erased)

    assert_document(content, case)
    bundle = read(content)
    composition = bundle["entry"][0]["resource"]
    (provenance,) = resources(bundle, "Provenance")
    masked = composition["author"][0]
    assert masked["extension"][0]["valueCode"] == "masked"
    parties = [one["party"] for one in composition["attester"]]
    assert parties == [bundle["signature"]["who"], masked] and "reference" in parties[0]
    assert provenance["agent"][0]["who"] == provenance["signature"][0]["who"] == masked
    # Before it was signed, no author was known.
    draft = read(document_of(case_of({**CONSULTATION, "author": None})))
    assert draft["entry"][0]["resource"]["author"][0]["extension"][0]["valueCode"] == "unknown"


def test_erased_sections_are_absent() -> None:
    case = case_of({**CONSULTATION, **dict.fromkeys(("reason", "history", "assessment", "plan"))})
    content = document_of(case)

    assert_document(content, case)
    assert b"Throbbing" not in content


def test_a_draft_has_no_signature() -> None:
    bundle = read(document_of(case_of(CONSULTATION)))

    assert "signature" not in bundle
    assert "attester" not in bundle["entry"][0]["resource"]


def test_the_first_signature_is_in_the_bundle_and_the_others_in_provenances() -> None:
    author = CONSULTATION["author"]
    case = case_of(CONSULTATION, status="amended", revision=2)
    content = document_of(
        case,
        signature("authorship", **author),
        signature("approval", minute=1, name="Dr. Jean Chef", identifier={"system": "urn:x:y", "value": "7"}),
        signature("review", minute=2, **author),
    )

    assert_document(content, case)
    bundle = read(content)
    assert bundle["identifier"]["value"].startswith("3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11/revisions/2/")
    assert bundle["timestamp"] == "2026-03-02T10:02:00Z"
    author_url, chief_url = (
        next(
            entry["fullUrl"]
            for entry in bundle["entry"]
            if entry["resource"]["resourceType"] == kind and name in json.dumps(entry)
        )
        for kind, name in (("PractitionerRole", "Neurologist"), ("Practitioner", "Dr. Jean Chef"))
    )
    assert bundle["signature"] == {
        "type": [
            {
                "system": "urn:iso-astm:E1762-95:2013",
                "code": "1.2.840.10065.1.12.1.1",
                "display": "Author's Signature",
            }
        ],
        "when": "2026-03-02T10:00:00Z",
        "who": {"reference": author_url, "display": "Dr. Grete Beispiel"},
        "targetFormat": "application/json",
        "sigFormat": "application/jose",
        "data": base64.b64encode(b"eyJ0..c2ln").decode(),
    }
    provenances = resources(bundle, "Provenance")
    signatures = [bundle["signature"], *(provenance["signature"][0] for provenance in provenances)]
    assert [made["type"][0]["code"].rsplit(".", 1)[1] for made in signatures] == ["1", "6", "13"]
    assert [base64.b64decode(made["data"]) for made in signatures] == [b"eyJ0..c2ln", b"eyJ1..c2ln", b"eyJ2..c2ln"]
    assert [made["who"]["reference"] for made in signatures] == [author_url, chief_url, author_url]
    assert {provenance["target"][0]["reference"] for provenance in provenances} == {bundle["entry"][0]["fullUrl"]}
    attesters = bundle["entry"][0]["resource"]["attester"]
    assert [(attester["party"], attester["time"]) for attester in attesters] == [
        (made["who"], made["when"]) for made in signatures
    ]
    # The author, who signed twice, and the chief physician.
    assert (len(resources(bundle, "Practitioner")), len(resources(bundle, "PractitionerRole"))) == (2, 1)


def test_the_same_case_gives_the_same_bytes_in_any_order_and_types() -> None:
    case = case_of(CONSULTATION, status="final", revision=1)
    reordered = {name: case[name] for name in reversed(case)}
    for field in KINDS:
        reordered[field] = [dict(reversed(entry.items())) for entry in case[field]]
    moment = datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=1)))
    as_rows = {**reordered, "id": UUID(case["id"]), "created_at": moment, "updated_at": moment}
    signed = {**signature("authorship"), "signed_at": "2026-03-02T10:00:00Z"}

    assert document_of(as_rows, signature("authorship")) == document_of(case, signed)
    assert read(document_of(case))["id"] != read(document_of({**case, "revision": 2}))["id"]


def test_document_does_not_change_its_case() -> None:
    case = case_of(CONSULTATION)
    before = deepcopy(case)
    document_of(case, signature("authorship"))

    assert case == before


def bodies(schema: Json) -> SearchStrategy[Any]:
    """Values of a schema of the contract, with each optional field in about half of them, and short lists."""
    if "$ref" in schema:
        return bodies(COMPONENTS["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    match schema:
        case {"enum": names}:
            return st.sampled_from(names)
        case {"format": "date"}:
            return st.dates(YEAR_1000.date(), YEAR_2999.date()).map(str)
        case {"format": "date-time"}:
            offset = st.just("Z") | st.from_regex(r"[+-]([01][0-9]|2[0-3]):[0-5][0-9]", fullmatch=True)
            fraction = st.just("") | st.from_regex(r"\.[0-9]{1,9}", fullmatch=True)
            seconds = st.datetimes(YEAR_1000, YEAR_2999).map(lambda moment: moment.replace(microsecond=0).isoformat())
            return st.tuples(seconds, fraction, offset).map("".join)
        case {"type": "string"}:
            texts = st.from_regex(re.compile(schema["pattern"], re.ASCII), fullmatch=True)
            # JSON Schema's `\s` matches more than Python's ASCII `\s` and less than its Unicode `\s`.
            return texts.filter(jsonschema_rs.Draft202012Validator(schema).is_valid)
        case {"type": "array"}:
            return st.lists(bodies(schema["items"]), min_size=1, max_size=2, unique=schema.get("uniqueItems", False))
        case {"additionalProperties": dict(values)}:
            return st.dictionaries(st.text(min_size=1, max_size=64), bodies(values), max_size=2)
    fields = {name: bodies(field) for name, field in schema["properties"].items()}
    required = {name: fields.pop(name) for name in schema["required"]}
    return st.fixed_dictionaries(required, optional=fields)


NEW_CASE: Json = COMPONENTS["schemas"]["CaseInput"]
YEAR_1000, YEAR_2999 = datetime(1000, 1, 1), datetime(2999, 12, 31, 23, 59, 59)
ACCEPTED = jsonschema_rs.Draft202012Validator(
    {"$ref": "#/components/schemas/CaseInput", "components": COMPONENTS}, validate_formats=True
)


ACCEPTED_CASES = bodies({**NEW_CASE, "required": [*NEW_CASE["required"], *KINDS]})
EXAMPLES = settings(
    max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@given(body=ACCEPTED_CASES)
@EXAMPLES
def test_every_case_that_the_contract_accepts_has_a_valid_document(body: Json) -> None:
    check_document(body)


@pytest.mark.slow
@given(body=ACCEPTED_CASES)
@settings(EXAMPLES, max_examples=100)
def test_more_cases_that_the_contract_accepts_have_valid_documents(body: Json) -> None:
    check_document(body)


def check_document(body: Json) -> None:
    assert ACCEPTED.is_valid(body)
    case = case_of(body)
    signatures = [signature("authorship", **(case["author"] or {})), signature("review", minute=1, name="Bert")]
    content = document_of(case, *signatures)

    Bundle.model_validate_json(content)
    assert list(violations(read(content))) == []
    assert content == document_of(case, *signatures)
