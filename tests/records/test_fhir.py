"""The FHIR view of a case: documents that are valid by fhir.resources and by R4's invariants."""

import base64
import json
import xml.etree.ElementTree as ET
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import fhir_table
import jsonschema_rs
import pytest
import yaml
from fhir.resources.R4B.bundle import Bundle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.case_bodies import Bodies
from support.cases import CONSULTATION
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
    sections,
    signature,
    violations,
)
from support.paths import ROOT

Json = dict[str, Any]


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
                    "text": {
                        "status": "generated",
                        "div": '<div xmlns="http://www.w3.org/1999/xhtml">'
                        '<p style="white-space: pre-wrap">Migraine with aura</p></div>',
                    },
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
    composition = bundle["entry"][0]["resource"]
    urls = {entry["resource"]["resourceType"]: entry["fullUrl"] for entry in bundle["entry"]}
    assert composition["meta"]["tag"] == [{"code": "neurology"}]
    assert composition["event"] == [{"period": {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T09:25:00Z"}}]
    assert composition["author"] == [{"reference": urls["PractitionerRole"], "display": "Dr. Grete Beispiel"}]
    assert composition["custodian"] == {"reference": urls["Organization"], "display": "Example Hospital"}
    assert composition["encounter"] == {"reference": urls["Encounter"]}
    assert composition["subject"] == {"reference": urls["Patient"]}
    shown = {section["title"]: narrative(section) for section in composition["section"]}
    assert list(shown) == [
        "Reason for visit",
        "History of present illness",
        "Problem list",
        "Allergies and intolerances",
        "Medications",
        "Immunizations",
        "Procedures",
        "Diagnostic reports",
        "Observations",
        "Assessment",
        "Plan of care",
        "Social history",
        "Documents",
    ]
    assert shown["Medications"] == (
        "Sumatriptan 50 MG; dosages: (as needed: yes; dose: 50 mg; "
        "text: One tablet at onset, at most two in 24 hours); intent: order; kind: request; status: active"
    )
    assert shown["Allergies and intolerances"] == (
        "Allergy to penicillin; categories: medication; clinical status: active; criticality: high; "
        "reactions: (Urticaria; severity: moderate)"
    )
    (role,) = resources(bundle, "PractitionerRole")
    assert (role["practitioner"]["reference"], role["organization"]["reference"]) == (
        urls["Practitioner"],
        urls["Organization"],
    )


def test_every_part_of_a_case_has_the_place_in_fhir_that_the_documentation_shows() -> None:
    shown = (ROOT / "docs" / "fhir.md").read_text()

    assert all(elements for _, elements in fhir_table.rows())
    assert f"{fhir_table.BEGIN}\n\n{fhir_table.table()}\n\n" in shown, "run make docs"


BOLD = "{http://www.w3.org/1999/xhtml}b"
GOLDEN = yaml.safe_load((Path(__file__).parent / "golden_fhir.yaml").read_text())


@pytest.mark.parametrize("row", GOLDEN, ids=[row["name"] for row in GOLDEN])
def test_content_has_its_place_in_fhir(row: Json) -> None:
    case = case_of(row["case"], **{"external_id": row["case"].get("external_id")})
    content = document_of(case)

    assert_document(content, case)
    composition, *others = (entry["resource"] for entry in json.loads(content)["entry"])
    left_out = {"id", "text", "subject", "patient"}
    assert [{name: one[name] for name in one if name not in left_out} for one in others] == row["resources"]
    for name, expected in row.get("composition", {}).items():
        assert composition["meta"]["tag"] if name == "tag" else composition[name] == expected


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
            "subject": {"identifiers": [identifier], "name": " ", "gender": "other"},
            "author": {"name": " ", "role": " ", "identifiers": [identifier]},
        }
    )
    content = document_of(case, signature("authorship", name=" ", role=" ", identifier=identifier))

    assert_document(content, case)
    composition = read(content)["entry"][0]["resource"]
    blank = {"extension": [{"url": "urn:clincore:fhir:exact", "valueBase64Binary": "IiAi"}]}
    assert composition["_title"] == blank
    assert composition["meta"]["tag"] == [{"_display": blank}, {"display": "a  b"}, {"code": "a"}]


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
    assert sum(reference is not None for reference in references) == 10


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


@pytest.mark.parametrize("profile", [None, "ips"])
def test_erased_fields_are_masked(profile: Any) -> None:
    texts, lists = ("reason", "plan"), ("conditions", "observations", "other_sections")
    people = ("subject", "author", "custodian", "encounter")
    gone: Json = {**dict.fromkeys((*texts, *people)), **{name: [] for name in lists}}
    case = case_of(CONSULTATION, **gone, erased=[*people, *texts, *lists], status="final", revision=1)
    content = document_of(case, signature("authorship", name=None), profile=profile)

    Bundle.model_validate_json(content)
    bundle = read(content)
    assert list(violations(bundle)) == []
    masked = {"url": ABSENT, "valueCode": "masked"}
    composition = bundle["entry"][0]["resource"]
    for field in (*texts, *lists):
        (section,) = sections(bundle, field)
        assert masked in section["extension"]
        if field == "observations" and profile:
            # The section of results still has the reports.
            assert narrative(section).startswith("Observations: erased.")
            continue
        assert section["emptyReason"]["coding"][0]["code"] == "withheld"
        assert "entry" not in section
    for reference in (composition["author"][0], composition["custodian"], composition["encounter"]):
        assert reference["extension"] == [masked]
    assert composition["attester"][0]["party"] == bundle["signature"]["who"] == composition["author"][0]
    # The report's result was among the erased observations.
    assert resources(bundle, "DiagnosticReport")[0]["result"] == [{"extension": [masked], "display": "heart-rate"}]
    for gone_text in (b"Throbbing", b"Ada", b"Beispiel", b"V-4711", b"4473006"):
        assert gone_text not in content


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
    reordered["metadata"] = {"b": "2", "a": "1"}
    case["metadata"] = {"a": "1", "b": "2"}
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


ACCEPTED = jsonschema_rs.Draft202012Validator(
    {"$ref": "#/components/schemas/CaseInput", "components": COMPONENTS}, validate_formats=True
)
EXAMPLES = settings(
    max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@given(seed=st.integers(0, 2**32))
@EXAMPLES
def test_every_case_that_the_contract_accepts_has_a_valid_document(seed: int) -> None:
    check_documents(seed)


@pytest.mark.slow
@given(seed=st.integers(0, 2**32))
@settings(EXAMPLES, max_examples=200)
def test_more_cases_that_the_contract_accepts_have_valid_documents(seed: int) -> None:
    check_documents(seed)


def check_documents(seed: int) -> None:
    body = Bodies(Random(seed)).case()
    assert ACCEPTED.is_valid(body)
    case = case_of(body)
    signatures = [signature("authorship"), signature("review", minute=1, name="Bert")]
    content = document_of(case, *signatures)

    assert_document(content, case)
    assert content == document_of(case, *signatures)
    summary = document_of(case, *signatures, profile="ips")
    Bundle.model_validate_json(summary)
    assert list(violations(read(summary))) == []


SUMMARY_SECTIONS = {"conditions": "11450-4", "allergies": "48765-2", "medications": "10160-0"}


def test_a_patient_summary_has_the_required_sections_without_content() -> None:
    case = case_of({"title": "x"})
    bundle = read(document_of(case, profile="ips"))

    composition, patient = (entry["resource"] for entry in bundle["entry"])
    assert composition["type"]["coding"] == [{"system": LOINC, "code": "60591-5"}]
    assert composition["type"]["extension"] == [{"url": "urn:clincore:fhir:case-type", "valueCoding": case["type"]}]
    assert [section["code"]["coding"][0]["code"] for section in composition["section"]] == [*SUMMARY_SECTIONS.values()]
    for section in composition["section"]:
        assert section["emptyReason"]["coding"][0]["code"] == "unavailable"
        assert narrative(section) == "No information available."
    # A summary requires a patient with a name and a date of birth.
    unknown = {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}
    assert (patient["name"], patient["_birthDate"]) == ([{"_text": unknown}], unknown)


def test_a_patient_summary_separates_vital_signs_and_has_each_section_once() -> None:
    other = {"text": "Sodium"}
    twice = [{"title": "Problems", "code": {"coding": [{"system": LOINC, "code": "11450-4"}]}, "text": "Asthma"}]
    observations = [*CONSULTATION["observations"], {"code": other}]
    case = case_of(CONSULTATION, observations=observations, other_sections=twice)
    bundle = read(document_of(case, profile="ips"))

    found = {section["title"]: section for section in bundle["entry"][0]["resource"]["section"]}
    codes = [coding["code"] for section in found.values() for coding in section["code"].get("coding", [])]
    assert len(set(codes)) == len(codes)
    assert found["Vital signs"]["code"]["coding"][0]["code"] == "8716-3"
    assert narrative(found["Vital signs"]).startswith("Pulse")
    assert narrative(found["Results"]).startswith("Examination") and "Sodium" in narrative(found["Results"])
    assert (len(found["Vital signs"]["entry"]), len(found["Results"]["entry"])) == (1, 2)
    assert found["Problems"]["code"]["text"] == "Problems"
    (sodium,) = (one for one in resources(bundle, "Observation") if one["code"] == other)
    assert sodium["_effectiveDateTime"]["extension"][0]["valueCode"] == "unknown"
    assert sodium["performer"][0]["extension"][0]["valueCode"] == "unknown"


@pytest.mark.parametrize(
    ("field", "entry", "said"),
    [
        pytest.param(
            "medications",
            {"kind": "request", "status": "active", "do_not_perform": True, "medication": {"text": "Aspirin"}},
            "Do not give: Aspirin; kind: request; prohibition: in force",
            id="do-not-perform",
        ),
        pytest.param(
            "medications",
            {"kind": "statement", "status": "not_taken", "medication": {"text": "Aspirin"}},
            "Not taken: Aspirin; kind: statement; status: not_taken",
            id="not-taken",
        ),
        pytest.param(
            "conditions",
            {"code": {"text": "Asthma"}, "verification_status": "refuted"},
            "Refuted: Asthma; verification status: refuted",
            id="refuted",
        ),
        pytest.param(
            "allergies",
            {"code": {"text": "Pollen"}, "verification_status": "entered_in_error"},
            "Entered in error: Pollen; verification status: entered_in_error",
            id="entered-in-error",
        ),
        pytest.param(
            "immunizations",
            {"vaccine_code": {"text": "Flu"}, "status": "not_done"},
            "Not done: Flu; status: not_done",
            id="not-done",
        ),
    ],
)
def test_what_turns_the_meaning_of_an_entry_round_is_said_first(field: str, entry: Json, said: str) -> None:
    other = {**entry, "status": None, "verification_status": None, "do_not_perform": None}
    plain = {name: value for name, value in other.items() if value is not None}
    bundle = read(document_of(case_of({field: [plain, entry]})))

    (section,) = sections(bundle, field)
    items = ["".join(item.itertext()) for item in ET.fromstring(section["text"]["div"])[0]]
    assert said in items
    assert [said in narrative(one["resource"]) for one in bundle["entry"]].count(True) == 1
    assert said.partition(":")[0] in {bold.text.strip(":") for bold in ET.fromstring(section["text"]["div"]).iter(BOLD)}
    if "do_not_perform" in entry:
        # It is the first entry of the list too, and "active" would be read as that of the medication.
        assert items[0] == said
        assert "active" not in " ".join(items)
