"""The example that loads Synthea data: how it converts FHIR to cases, without a server."""

import importlib.util
import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema_rs
import pytest
import yaml

from support.paths import ROOT

FOLDER = Path(os.environ.get("CLINCORE_SYNTHEA_DIR") or ROOT.parent / "shared" / "data" / "synthea-r4")
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"

Json = dict[str, Any]


def concept(system: str, code: str, display: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def hl7(code: str) -> Json:
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/any", "code": code}]}


def encounter(number: int, year: int, **more: Any) -> Json:
    return {
        "resourceType": "Encounter",
        "id": f"e{number}",
        "status": "finished",
        "class": {"code": "EMER"},
        "type": [concept(SNOMED, "50849002", "Emergency room admission (procedure)")],
        "subject": {"reference": "urn:uuid:p1"},
        "participant": [{"individual": {"reference": "urn:uuid:d1"}}],
        "period": {"start": f"{year}-03-02T09:00:00+01:00", "end": f"{year}-03-02T09:25:00+01:00"},
        "serviceProvider": {"reference": "urn:uuid:o1"},
        **more,
    }


def belonging(kind: str, number: int, **more: Any) -> Json:
    visit = {"reference": "urn:uuid:e2"}
    return {"resourceType": kind, "id": f"{kind.lower()}{number}", "encounter": visit, **more}


def observation(number: int, **more: Any) -> Json:
    common = {"status": "final", "category": [hl7("vital-signs")], "effectiveDateTime": "2020-03-02T09:05:00.250+01:00"}
    return belonging("Observation", number, **{**common, "code": concept(LOINC, f"8302-{number}", "Height"), **more})


def quantity(value: str, code: str) -> Json:
    # The markers are removed from the JSON, which leaves a bare number: a Python float would not keep `37.20`.
    return {"value": f"#{value}#", "unit": code, "system": "http://unitsofmeasure.org", "code": code}


RESOURCES: list[Json] = [
    {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [
            {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-99-9999"},
            {"system": "https://github.com/synthetichealth/synthea", "value": "syn-1"},
        ],
        "name": [
            {"use": "maiden", "family": "Früher", "given": ["Ada"]},
            {"use": "official", "family": "Mejía", "given": ["Ada", "B."], "prefix": ["Mrs."]},
        ],
        "gender": "female",
        "birthDate": "1984-03-12",
    },
    {
        "resourceType": "Practitioner",
        "id": "d1",
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "520"}],
        "name": [{"family": "Beispiel", "given": ["Grete"], "prefix": ["Dr."]}],
    },
    {"resourceType": "Organization", "id": "o1", "name": "EXAMPLE HOSPITAL"},
    encounter(2, 2020, reasonCode=[concept(SNOMED, "444814009", "Viral sinusitis")]),
    encounter(1, 2019),
    belonging(
        "Condition",
        1,
        code=concept(SNOMED, "444814009", "Viral sinusitis"),
        clinicalStatus=hl7("resolved"),
        verificationStatus=hl7("entered-in-error"),
        onsetDateTime="2020-03-01T09:00:00+01:00",
        abatementDateTime="2020-03-20T09:00:00+01:00",
    ),
    observation(1, valueQuantity=quantity("0.0054", "cm")),
    observation(2, valueQuantity=quantity("37.20", "Cel")),
    observation(3, valueQuantity=quantity("1.5E-7", "mol/L")),
    observation(4, valueQuantity=quantity("7", "{score}")),
    observation(5, valueQuantity={**quantity("5.0", "mg/dL"), "comparator": "<"}),
    observation(6, valueCodeableConcept=concept(SNOMED, "266919005", "Never smoker"), status="entered-in-error"),
    observation(7, valueString="Yellow"),
    observation(
        8,
        component=[
            {"code": concept(LOINC, "8480-6", "Systolic"), "valueQuantity": quantity("121.10", "mm[Hg]")},
            {"code": concept(LOINC, "8462-4", "Diastolic"), "valueQuantity": quantity("80", "mm[Hg]")},
        ],
    ),
    belonging(
        "MedicationRequest",
        1,
        status="cancelled",
        medicationCodeableConcept=concept("http://www.nlm.nih.gov/research/umls/rxnorm", "313160", "Sumatriptan 50 MG"),
        authoredOn="2020-03-02T09:20:00+01:00",
        dosageInstruction=[{"sequence": 1, "asNeededBoolean": True}, {"text": "One tablet"}],
        reasonReference=[{"reference": "urn:uuid:condition1"}],
        reasonCode=[concept(SNOMED, "38341003", "Hypertension")],
    ),
    {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": {"reference": "urn:uuid:p1"},
        "code": concept(SNOMED, "91935009", "Allergy to peanuts"),
        "clinicalStatus": hl7("active"),
        "verificationStatus": hl7("confirmed"),
        "type": "allergy",
        "category": ["food", "environment"],
        "criticality": "unable-to-assess",
        "reaction": [{"manifestation": [concept(SNOMED, "247472004", "Hives")], "severity": "mild"}],
    },
    {"resourceType": "Claim", "id": "c1"},
]


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("load_synthea", ROOT / "examples" / "load_synthea.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def invalid_places() -> Callable[[Json], list[str]]:
    """The violations of CaseInput in a body. Without `nullable`, its 3.0.3 schema is a valid 2020-12 schema."""
    components = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))["components"]
    schema = {"$ref": "#/components/schemas/CaseInput", "components": components}
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert not validator.is_valid({"title": "x", "observations": [{"code": None}]})
    return lambda body: [f"{list(error.instance_path)}: {error.message}" for error in validator.iter_errors(body)]


def bundle(*resources: Json) -> bytes:
    entries = [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources]
    text = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries})
    return text.replace('"#', "").replace('#"', "").encode()


def cases_of(example: ModuleType, content: bytes) -> dict[str, Json]:
    bodies = example.Bundle(example.parse(content), "patient.json").cases()
    return {body["external_id"]: body for body in bodies}


@pytest.fixture(scope="module")
def cases(example: ModuleType) -> dict[str, Json]:
    return cases_of(example, bundle(*RESOURCES))


@pytest.fixture
def case(cases: dict[str, Json]) -> Json:
    return deepcopy(cases["synthea-e2"])


def test_each_encounter_becomes_one_valid_case(
    cases: dict[str, Json], invalid_places: Callable[[Json], list[str]]
) -> None:
    assert set(cases) == {"synthea-e1", "synthea-e2"}
    assert [invalid_places(body) for body in cases.values()] == [[], []]


def test_a_case_has_the_patient_practitioner_and_organization(case: Json) -> None:
    for field in ("conditions", "observations", "medications"):
        del case[field]
    assert case == {
        "external_id": "synthea-e2",
        "title": "Emergency room admission (procedure)",
        "subject": {
            "identifier": {"system": "https://github.com/synthetichealth/synthea", "value": "syn-1"},
            "name": "Mrs. Ada B. Mejía",
            "birth_date": "1984-03-12",
            "gender": "female",
        },
        "author": {
            "name": "Dr. Grete Beispiel",
            "identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "520"},
        },
        "period": {"start": "2020-03-02T09:00:00+01:00", "end": "2020-03-02T09:25:00+01:00"},
        "reason": "Viral sinusitis",
        "tags": ["synthea", "emergency"],
        "metadata": {
            "source_file": "patient.json",
            "encounter_status": "finished",
            "encounter_type": f"{SNOMED}|50849002",
            "service_provider": "EXAMPLE HOSPITAL",
        },
    }


def test_the_organization_is_the_author_without_a_participant(example: ModuleType) -> None:
    made = cases_of(example, bundle(*RESOURCES[:3], encounter(1, 2019, participant=[])))

    assert made["synthea-e1"]["author"] == {"name": "EXAMPLE HOSPITAL"}


def test_quantities_keep_their_digits_without_exponent(case: Json) -> None:
    quantities = [entry["value_quantity"] for entry in case["observations"] if "value_quantity" in entry]

    assert quantities == [
        {"value": "0.0054", "unit": "cm", "code": "cm"},
        {"value": "37.20", "unit": "Cel", "code": "Cel"},
        {"value": "0.00000015", "unit": "mol/L", "code": "mol/L"},
        {"value": "7", "unit": "{score}", "code": "{score}"},
    ]


def test_values_other_than_plain_quantities_keep_their_meaning(case: Json) -> None:
    below, smoker, colour, pressure = case["observations"][4:]

    assert below["value_string"] == "<5.0 mg/dL"
    assert smoker["value_coding"] == {"system": SNOMED, "code": "266919005", "display": "Never smoker"}
    assert smoker["status"] == "entered_in_error"
    assert colour["value_string"] == "Yellow"
    assert not [key for key in pressure if key.startswith("value")]
    assert [(part["code"]["code"], part["value_quantity"]["value"]) for part in pressure["components"]] == [
        ("8480-6", "121.10"),
        ("8462-4", "80"),
    ]


def test_an_observation_keeps_code_category_time_and_status(case: Json) -> None:
    assert case["observations"][6] == {
        "code": {"system": LOINC, "code": "8302-7", "display": "Height"},
        "status": "final",
        "category": {"system": "http://terminology.hl7.org/CodeSystem/any", "code": "vital-signs"},
        "effective": "2020-03-02T09:05:00.250+01:00",
        "value_string": "Yellow",
    }


def test_a_condition_keeps_statuses_and_times(case: Json) -> None:
    assert case["conditions"] == [
        {
            "code": {"system": SNOMED, "code": "444814009", "display": "Viral sinusitis"},
            "clinical_status": "resolved",
            "verification_status": "entered_in_error",
            "onset": "2020-03-01T09:00:00+01:00",
            "abatement": "2020-03-20T09:00:00+01:00",
        }
    ]


def test_a_medication_keeps_every_reason_and_a_cancelled_order_is_not_taken(case: Json) -> None:
    (medication,) = case["medications"]

    assert medication["status"] == "not_taken"
    assert medication["effective"] == {"start": "2020-03-02T09:20:00+01:00"}
    assert medication["dosage"] == "as needed; One tablet"
    assert medication["reason"]["display"] == "Hypertension"
    assert medication["note"] == f"Also reason: Viral sinusitis ({SNOMED}|444814009)"


def test_allergies_are_only_in_the_earliest_encounter(cases: dict[str, Json]) -> None:
    assert "allergies" not in cases["synthea-e2"]
    assert cases["synthea-e1"]["allergies"] == [
        {
            "code": {"system": SNOMED, "code": "91935009", "display": "Allergy to peanuts"},
            "clinical_status": "active",
            "verification_status": "confirmed",
            "type": "allergy",
            "category": "food",
            "criticality": "unable_to_assess",
            "reaction": "Hives (mild)",
            "note": "Also category: environment",
        }
    ]


def test_unsupported_resources_are_counted(example: ModuleType) -> None:
    assert example.Bundle(example.parse(bundle(*RESOURCES)), "patient.json").left_out() == {"Claim": 1}


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        pytest.param([observation(9, valueString="x")] * 193, "encounter e2: 201 observations", id="too-many"),
        pytest.param([observation(9, valueString="x" * 262_144)], "encounter e2: 26.... bytes", id="too-large"),
        pytest.param([observation(9, valueRatio={})], "encounter e2: valueRatio", id="unsupported-value"),
        pytest.param(
            [observation(9, encounter={"reference": "urn:uuid:e9"})], "Observation observation9", id="unknown-encounter"
        ),
    ],
)
def test_data_that_does_not_fit_is_an_error(example: ModuleType, extra: list[Json], message: str) -> None:
    with pytest.raises(example.Unusable, match=rf"^patient\.json: {message}"):
        cases_of(example, bundle(*RESOURCES, *extra))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="no-file"),
        pytest.param(b'{"resourceType": "Patient"}', id="not-a-bundle"),
        pytest.param(b'{"resourceType": "Bundle"}', id="no-encounter"),
        pytest.param(b'{"resourceType": "Bundle", "entry": 3}', id="not-fhir"),
        pytest.param(b"\xff", id="not-json"),
    ],
)
def test_an_unusable_folder_ends_with_one_line_and_exit_code_2(
    example: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "file.json").write_bytes(content)

    assert example.main([str(tmp_path), "--api-key", "clin_secret"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("load_synthea: ") and output.err.count("\n") == 1
    assert "clin_secret" not in output.err


FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.skipif(not FILES, reason="no Synthea Bundles: set CLINCORE_SYNTHEA_DIR to a folder of them")
def test_real_bundles_become_valid_cases_with_each_observation_once(
    example: ModuleType, invalid_places: Callable[[Json], list[str]]
) -> None:
    for file in FILES:
        content = file.read_bytes()
        made = cases_of(example, content)
        # Read the file again, independently, and keep the digits.
        entries = json.loads(content, parse_float=str, parse_int=str)["entry"]
        resources = [entry["resource"] for entry in entries]
        ids = {entry["fullUrl"]: f"synthea-{entry['resource']['id']}" for entry in entries}

        assert {name: places for name, body in made.items() if (places := invalid_places(body))} == {}
        assert len(made) == sum(resource["resourceType"] == "Encounter" for resource in resources)
        for kind, field in (
            ("Condition", "conditions"),
            ("Observation", "observations"),
            ("MedicationRequest", "medications"),
        ):
            source = Counter(ids[r["encounter"]["reference"]] for r in resources if r["resourceType"] == kind)
            assert source == Counter({name: len(body[field]) for name, body in made.items() if field in body}), file
        allergies = sum(resource["resourceType"] == "AllergyIntolerance" for resource in resources)
        assert allergies == sum(len(body.get("allergies", [])) for body in made.values())

        observed = [(ids[r["encounter"]["reference"]], r) for r in resources if r["resourceType"] == "Observation"]
        assert Counter(
            (name, r["code"]["coding"][0]["code"], instant(r["effectiveDateTime"]), *source_values(r))
            for name, r in observed
        ) == Counter(
            (name, entry["code"]["code"], instant(entry["effective"]), *case_values(entry))
            for name, body in made.items()
            for entry in body.get("observations", [])
        )


def instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def source_values(resource: Json) -> list[str | None]:
    """The measured values as written in the file, for the resource and its components."""
    values: list[str | None] = []
    for part in (resource, *resource.get("component", [])):
        quantity = part.get("valueQuantity")
        coded = part.get("valueCodeableConcept", {}).get("coding", [{}])[0].get("code")
        values.append(f"{quantity['value']} {quantity['code']}" if quantity else coded or part.get("valueString"))
    return values


def case_values(entry: Json) -> list[str | None]:
    values: list[str | None] = []
    for part in (entry, *entry.get("components", [])):
        quantity = part.get("value_quantity")
        coded = part.get("value_coding", {}).get("code")
        values.append(f"{quantity['value']} {quantity['code']}" if quantity else coded or part.get("value_string"))
    return values
