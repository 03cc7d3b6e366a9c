"""Entries and texts in FHIR: digits and characters are kept, and values that R4 forbids are written in words."""

import base64
import json
from typing import Any
from uuid import uuid5

import pytest
from fhir.resources.R4B.bundle import Bundle

from clincore.records.fhir import document as fhir
from clincore.records.fhir import entries
from clincore.records.fhir.vocabulary import unpacked
from support.fhir import (
    LOINC,
    assert_document,
    case_of,
    document_of,
    narrative,
    notes,
    read,
    resources,
    sections,
    violations,
)

Json = dict[str, Any]

EXACT, NOTED = "urn:clincore:fhir:exact", "urn:clincore:fhir:noted"
UCUM = "http://unitsofmeasure.org"


def exact(element: Json) -> Any:
    """The value that an element keeps for the case."""
    (kept,) = (one["valueBase64Binary"] for one in element["extension"] if one["url"] == EXACT)
    return json.loads(base64.b64decode(kept))


@pytest.mark.parametrize(
    "digits",
    ["72.50", "0", "-0.0", "0.00000015", "37", "12345678901234567890.1234567890123456789", "1" * 40, "100.000"],
)
def test_a_decimal_keeps_its_digits(digits: str) -> None:
    quantity = {"value": digits, "system": UCUM, "code": "/min"}
    entry = {"code": {"text": "x"}, "value": {"quantity": quantity}, "reference_ranges": [{"low": {"value": digits}}]}
    case = case_of(
        {"observations": [{**entry, "components": [{"code": {"text": "y"}, "value": {"quantity": quantity}}]}]}
    )
    content = document_of(case)

    assert_document(content, case)
    assert content.count(b'{"value":%s,"system"' % digits.encode()) == 2
    assert content.count(b'"low":{"value":%s}' % digits.encode()) == 1


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
    case = case_of(
        {
            **dict.fromkeys(("title", "reason", "history", "assessment", "plan"), text),
            "observations": [{"code": {"text": "x"}, "value": {"string": text}, "note": text}],
        }
    )
    content = document_of(case)

    assert_document(content, case)
    bundle = read(content)
    composition, observation = bundle["entry"][0]["resource"], resources(bundle, "Observation")[0]
    assert [composition["title"], observation["valueString"], *notes(observation)] == [seen or text] * 3
    assert narrative(sections(bundle, "reason")[0]) == (seen or text)
    assert narrative(sections(bundle, "observations")[0]) == f"x; value: {seen or text}; note: {seen or text}"
    if seen:
        # What FHIR cannot show is kept for those who read the case back.
        kept = [composition["_title"], observation["_valueString"], sections(bundle, "reason")[0]["text"]]
        assert [exact(element) for element in kept] == [text] * 3


@pytest.mark.parametrize("blank", [" ", "\n\t \u3000", "\x0b"])
def test_blank_texts_are_kept_and_not_shown(blank: str) -> None:
    entry: Json = {"code": {"text": blank}, "note": blank}
    case = case_of(
        {
            **dict.fromkeys(("reason", "history", "assessment", "plan"), blank),
            "conditions": [entry],
            "observations": [{**entry, "value": {"string": blank}}],
            "medications": [{"kind": "statement", "medication": {"text": blank}, "dosages": [{"text": blank}]}],
            "immunizations": [{"vaccine_code": {"text": blank}, "protocols": [{"dose_number": "1", "series": "a"}]}],
        }
    )
    content = document_of(case)

    assert_document(content, case)
    bundle = read(content)
    (condition,), (medication,) = resources(bundle, "Condition"), resources(bundle, "MedicationStatement")
    assert "text" not in condition["code"]
    kept = [condition["code"]["_text"], condition["note"][0]["_text"], medication["dosage"][0]["_text"]]
    assert [exact(element) for element in kept] == [blank] * 3
    assert exact(sections(bundle, "plan")[0]["text"]) == blank


ACTIVE = {"code": {"text": "X"}, "clinical_status": "active"}
CODE_X = {"coding": [{"system": LOINC, "code": "x", "display": "X"}]}
TEN = {"quantity": {"value": "10", "unit": "mg"}}


@pytest.mark.parametrize(
    ("field", "kind", "entry", "absent", "noted"),
    [
        pytest.param(
            "conditions",
            "Condition",
            {**ACTIVE, "verification_status": "entered_in_error"},
            "clinicalStatus",
            {"clinical_status": "clinical status: active"},
            id="con-5",
        ),
        pytest.param(
            "conditions",
            "Condition",
            {**ACTIVE, "abatement": {"age": {"value": "3", "unit": "years"}}},
            "abatementString",
            {"abatement": "abatement: 3 years"},
            id="con-4",
        ),
        pytest.param(
            "allergies",
            "AllergyIntolerance",
            {**ACTIVE, "verification_status": "entered_in_error"},
            "clinicalStatus",
            {"clinical_status": "clinical status: active"},
            id="ait-2",
        ),
        pytest.param(
            "observations",
            "Observation",
            {"code": CODE_X, "value": TEN, "components": [{"code": CODE_X, "value": {"string": "y"}}]},
            "valueQuantity",
            {"value": "value: 10 mg"},
            id="obs-7",
        ),
    ],
)
def test_a_value_that_an_invariant_forbids_becomes_a_note(
    field: str, kind: str, entry: Json, absent: str, noted: dict[str, str]
) -> None:
    case = case_of({field: [{**entry, "note": "N"}]})
    content = document_of(case)

    assert_document(content, case)
    (resource,) = resources(read(content), kind)
    assert absent not in resource
    assert notes(resource) == ["N", *noted.values()]
    written = {}
    for note in resource["note"][1:]:
        (mark,) = note["extension"]
        assert mark["url"] == NOTED
        parts = {part["url"]: part for part in mark["extension"]}
        written[parts["field"]["valueCode"]] = unpacked(parts["value"]["valueBase64Binary"])
    assert written == {name: entry[name] for name in noted}


AGE = {"value": "34", "unit": "years"}
YEARS = {**AGE, "system": UCUM, "code": "a"}


@pytest.mark.parametrize(
    ("onset", "expected"),
    [
        ({"age": YEARS}, {"onsetAge": {**YEARS, "value": "34"}}),
        ({"age": AGE}, {"onsetString": "34 years"}),
        ({"age": {**YEARS, "value": "0"}}, {"onsetString": "0 years"}),
        (
            {"range": {"low": AGE, "high": {**AGE, "value": "36"}}},
            {"onsetRange": {"low": AGE, "high": {**AGE, "value": "36"}}},
        ),
        ({"range": {"low": AGE, "high": {"value": "36"}}}, {"onsetString": "34 years to 36"}),
        ({"range": {"high": AGE}}, {"onsetRange": {"high": AGE}}),
        ({"date_time": "2019-05"}, {"onsetDateTime": "2019-05"}),
        ({"string": "in childhood"}, {"onsetString": "in childhood"}),
    ],
)
def test_a_time_that_its_type_in_fhir_cannot_have_is_a_string(onset: Json, expected: Json) -> None:
    (condition,) = resources(read(document_of(case_of({"conditions": [{**ACTIVE, "onset": onset}]}))), "Condition")

    assert {name: value for name, value in condition.items() if name.startswith("onset")} == expected
    if "onsetString" in expected and "string" not in onset:
        assert exact(condition["_onsetString"]) == onset


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2019", "2021-03-02", ("2019", "2021-03-02")),
        ("2019", "2019-05", ("2019", "2019")),
        ("2019-05-03", "2019-05-03T10:00:00Z", ("2019-05-03", "2019-05-03")),
        # In another time zone the date is the day before.
        ("2019-05-03T23:00:00-05:00", "2019-05-04", ("2019-05-03", "2019-05-04")),
        ("2019-05-04T01:00:00+14:00", "2019-05-03", ("2019-05-04T01:00:00+14:00", None)),
        ("2019-05-03T10:00:00Z", "2019-05-03T12:00:00+02:00", ("2019-05-03T10:00:00Z", "2019-05-03T12:00:00+02:00")),
    ],
)
def test_a_period_whose_order_fhir_cannot_tell_is_less_precise(start: str, end: str, shown: tuple[str, str]) -> None:
    observation = {"code": {"text": "x"}, "effective": {"period": {"start": start, "end": end}}}
    content = document_of(case_of({"observations": [observation]}))

    assert list(violations(read(content))) == []
    (found,) = (one["effectivePeriod"] for one in resources(read(content), "Observation"))
    assert (found.get("start"), found.get("end")) == shown
    for name, given in (("start", start), ("end", end)):
        if found.get(name) != given:
            assert exact(found[f"_{name}"]) == given


def test_missing_statuses_that_r4_requires_are_unknown_and_marked() -> None:
    medications = [
        {"kind": kind, "medication": CODE_X} for kind in ("statement", "request", "administration", "dispense")
    ]
    content = document_of(
        case_of(
            {
                "observations": [{"code": CODE_X}],
                "medications": medications,
                "procedures": [{"code": CODE_X}],
                "diagnostic_reports": [{"code": CODE_X}],
                "encounter": {"types": [CODE_X]},
                "immunizations": [{"vaccine_code": CODE_X}],
                "documents": [{"title": "x"}],
            }
        )
    )

    Bundle.model_validate_json(content)
    assumed = {"extension": [{"url": "urn:clincore:fhir:assumed", "valueBoolean": True}]}
    found = {one["resource"]["resourceType"]: one["resource"] for one in read(content)["entry"][1:]}
    assert len(found) == 10
    for kind, resource in found.items():
        if kind in ("Immunization", "DocumentReference"):
            # R4 has no unknown status for them.
            assert "status" not in resource
            assert resource["_status"]["extension"][0]["valueCode"] == "unknown"
        else:
            assert (resource["status"], resource["_status"]) == ("unknown", assumed)


@pytest.mark.parametrize(
    ("verification", "assumed"), [(None, "active"), ("confirmed", "active"), ("refuted", "inactive")]
)
def test_an_allergy_without_a_clinical_status_has_an_assumed_one(verification: str | None, assumed: str) -> None:
    entry = {"code": CODE_X} | ({"verification_status": verification} if verification else {})
    (allergy,) = resources(read(document_of(case_of({"allergies": [entry]}))), "AllergyIntolerance")

    assert allergy["clinicalStatus"]["coding"][0]["code"] == assumed
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
    case = case_of({"observations": [{"code": CODE_X, "issued": time}]})
    content = document_of(case)

    assert_document(content, case)
    (observation,) = resources(read(content), "Observation")
    assert observation["issued"] == in_fhir
    if in_fhir != time:
        assert exact(observation["_issued"]) == time


def test_people_and_organizations_that_are_equal_share_one_resource() -> None:
    ward = {"name": "Ward 7", "identifiers": [{"system": "urn:x:y", "value": "7"}]}
    grete = {"name": "Grete", "role": "Nurse", "organization": ward}
    case = case_of(
        {
            "author": grete,
            "custodian": ward,
            "observations": [{"code": CODE_X, "performers": [grete, {"organization": ward}, {"name": "Grete"}]}],
        }
    )
    bundle = read(document_of(case))

    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert [kinds.count(kind) for kind in ("Practitioner", "Organization", "PractitionerRole")] == [1, 1, 1]
    role, organization, person = (one["reference"] for one in resources(bundle, "Observation")[0]["performer"])
    composition = bundle["entry"][0]["resource"]
    assert (composition["author"][0]["reference"], composition["custodian"]["reference"]) == (role, organization)
    assert resources(bundle, "PractitionerRole")[0]["practitioner"]["reference"] == person


def test_the_work_for_the_results_of_reports_does_not_multiply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred reports of a thousand observations took longer than the process for documents may."""
    made: list[str] = []
    monkeypatch.setattr(entries, "uuid5", lambda space, place: made.append(place) or uuid5(space, place))
    observations = [{"id": f"o{number}", "code": {"text": "x"}} for number in range(50)]
    reports = [{"code": {"text": "x"}, "results": ["o1", "o2"]}] * 50

    document_of(case_of({"observations": observations, "diagnostic_reports": reports}))

    assert len(made) < 300
