"""Entries and texts in FHIR: digits and characters are kept, and values that R4 forbids become notes."""

from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from clincore.records.fhir import document as fhir
from support.fhir import (
    KINDS,
    LOINC,
    assert_document,
    case_of,
    document_of,
    narrative,
    notes,
    pair,
    read,
    resources,
    violations,
)

Json = dict[str, Any]


@pytest.mark.parametrize(
    "digits", ["72.50", "0", "-0.0", "0.00000015", "37", "12345678901234567890.12345678901234567890", "100.000"]
)
def test_a_decimal_keeps_its_digits(digits: str) -> None:
    code = {"system": LOINC, "code": "8867-4"}
    quantity = {"value": digits, "code": "/min"}
    case = case_of(
        {"observations": [{"code": code, "value_quantity": quantity, "components": [{"code": {**code, "code": "x"}}]}]}
    )
    case["observations"][0]["components"][0]["value_quantity"] = quantity
    content = document_of(case)

    assert_document(content, case)
    assert content.count(b'{"value":%s,"system"' % digits.encode()) == 2


def test_as_json_refuses_unknown_types_other_than_decimal() -> None:
    with pytest.raises(TypeError):
        fhir.as_json({"value": 1j})


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param('<script>alert("&amp;")</script> & a < b > c', None, id="markup"),
        pytest.param("]]><!-- <![CDATA[", None, id="markup-of-xml"),
        pytest.param("one\r\ntwo\tthree  four\n\n", None, id="white-space"),
        pytest.param("a\x01b\x0bc\x1fd\ufffe", "a\ufffdb\ufffdc\ufffdd\ufffd", id="forbidden-in-xml"),
        pytest.param("Größe 😀\x85\x7f", None, id="beyond-ascii"),
    ],
)
def test_narratives_show_texts_unchanged(text: str, seen: str | None) -> None:
    code = {"system": LOINC, "code": "x"}
    case = case_of(
        {
            **dict.fromkeys(("title", "reason", "history", "assessment", "plan"), text),
            "observations": [{"code": code, "value_string": text, "note": text}],
        }
    )
    content = document_of(case)

    assert_document(content, case)
    bundle = read(content)
    composition, observation = bundle["entry"][0]["resource"], resources(bundle, "Observation")[0]
    assert [composition["title"], observation["valueString"], *notes(observation)] == [seen or text] * 3
    shown = {section["title"]: narrative(section) for section in composition["section"]}
    assert shown["Reason for visit"] == (seen or text)
    assert shown["Observations"] == f"x; value: {seen or text}; note: {seen or text}"


@pytest.mark.parametrize("blank", ["", " ", "\n\t \u3000"])
def test_blank_texts_are_left_out(blank: str) -> None:
    code = {"system": LOINC, "code": "x"}
    entry = {"code": code, "note": blank}
    case = case_of(
        {
            **dict.fromkeys(("reason", "history", "assessment", "plan"), blank),
            "conditions": [entry],
            "observations": [{**entry, "value_string": blank, "components": [{"code": code, "value_string": blank}]}],
            "medications": [{"medication": code, "note": blank, "dosage": blank}],
            "allergies": [{**entry, "reaction": blank}],
        }
    )
    content = document_of(case)

    assert_document(content, case)
    sections = read(content)["entry"][0]["resource"]["section"]
    assert [section["title"] for section in sections] == [
        "Problem list",
        "Allergies and intolerances",
        "Medications",
        "Observations",
    ]


CODE_X = {"system": LOINC, "code": "x", "display": "X"}
TEN = {"value": "10", "code": "mg"}
BACKWARDS = {"start": "2026-03-02T09:00:00Z", "end": "2026-03-01T09:00:00Z"}


@pytest.mark.parametrize(
    ("field", "entry", "absent", "noted"),
    [
        pytest.param(
            "conditions",
            {"code": CODE_X, "clinical_status": "active", "verification_status": "entered_in_error"},
            "clinicalStatus",
            ["clinical status: active"],
            id="con-5",
        ),
        pytest.param(
            "conditions",
            {"code": CODE_X, "clinical_status": "active", "abatement": "2026-03-02T09:00:00Z", "note": "N"},
            "abatementDateTime",
            ["N", "abatement: 2026-03-02T09:00:00Z"],
            id="con-4",
        ),
        pytest.param(
            "allergies",
            {"code": CODE_X, "clinical_status": "resolved", "verification_status": "entered_in_error"},
            "clinicalStatus",
            ["clinical status: resolved"],
            id="ait-2",
        ),
        pytest.param(
            "observations",
            {"code": CODE_X, "value_quantity": TEN, "components": [{"code": CODE_X, "value_string": "y"}]},
            "valueQuantity",
            ["value: 10 mg"],
            id="obs-7",
        ),
        pytest.param(
            "observations",
            {"code": CODE_X, "value_quantity": TEN, "value_coding": CODE_X, "value_string": "low"},
            "valueString",
            ["value: X", "value: low"],
            id="one-value",
        ),
        pytest.param(
            "medications",
            {"medication": CODE_X, "effective": BACKWARDS},
            "effectivePeriod",
            ["effective: 2026-03-02T09:00:00Z to 2026-03-01T09:00:00Z"],
            id="per-1",
        ),
    ],
)
def test_a_value_that_an_invariant_forbids_becomes_a_note(
    field: str, entry: Json, absent: str, noted: list[str]
) -> None:
    case = case_of({field: [entry]})
    content = document_of(case)

    Bundle.model_validate_json(content)
    bundle = read(content)
    assert list(violations(bundle)) == []
    (resource,) = resources(bundle, KINDS[field])
    assert absent not in resource
    assert notes(resource) == noted


def test_a_second_value_of_a_component_becomes_a_note_with_its_code() -> None:
    part = {"code": CODE_X, "value_quantity": TEN, "value_string": "low"}
    case = case_of({"observations": [{"code": {**CODE_X, "code": "y"}, "components": [part]}]})
    content = document_of(case)

    assert_document(content, case)
    assert notes(resources(read(content), "Observation")[0]) == ["X: low"]


def test_missing_statuses_that_r4_requires_are_unknown() -> None:
    case = case_of({"observations": [{"code": CODE_X}], "medications": [{"medication": CODE_X}]})
    bundle = read(document_of(case))

    (observation,), (medication,) = resources(bundle, "Observation"), resources(bundle, "MedicationStatement")
    assert (observation["status"], medication["status"]) == ("unknown", "unknown")


@pytest.mark.parametrize(
    ("verification", "assumed"), [(None, "active"), ("confirmed", "active"), ("refuted", "inactive")]
)
def test_an_allergy_without_a_clinical_status_has_an_assumed_one(verification: str | None, assumed: str) -> None:
    entry = {"code": CODE_X} | ({"verification_status": verification} if verification else {})
    (allergy,) = resources(read(document_of(case_of({"allergies": [entry]}))), "AllergyIntolerance")

    assert pair(allergy["clinicalStatus"])[1] == assumed
    assert allergy["clinicalStatus"]["text"] == f"Not stated, taken as {assumed}"


@pytest.mark.parametrize(
    ("time", "in_fhir"),
    [
        ("2026-03-02T09:00:00.123456789+14:00", "2026-03-02T09:00:00.123456789+14:00"),
        ("2026-03-02T09:00:00.123456789+14:01", "2026-03-01T18:59:00.123456789Z"),
        ("2026-12-31T23:59:59-23:59", "2027-01-01T23:58:59Z"),
        ("1000-01-01T00:00:00+23:59", "0999-12-31T00:01:00Z"),
    ],
)
def test_times_with_offsets_that_fhir_forbids_become_utc(time: str, in_fhir: str) -> None:
    case = case_of({"conditions": [{"code": CODE_X, "onset": time}]})
    content = document_of(case)

    assert_document(content, case)
    assert resources(read(content), "Condition")[0]["onsetDateTime"] == in_fhir
