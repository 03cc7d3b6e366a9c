"""Resources that are no document as cases: whose they are, and that the same ones get the same ids again."""

from collections.abc import Iterable

import pytest

from clincore.openapi import component
from clincore.records.fhir.reading.records import Records
from clincore.records.fhir.reading.report import Reading, Unreadable
from support.fhir_in import BASE, PATIENT, SUBJECT, Json, condition, is_unit, observation

VALID = component("CaseInput")
VISIT: Json = {
    "resourceType": "Encounter",
    "id": "visit",
    "status": "finished",
    "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
    "type": [{"text": "Check-up"}],
    "subject": SUBJECT,
    "period": {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T09:30:00Z"},
    "participant": [{"individual": {"reference": "Practitioner/grete"}}],
}
GRETE: Json = {"resourceType": "Practitioner", "id": "grete", "name": [{"text": "Dr. Grete Beispiel"}]}
AT_VISIT = {"encounter": {"reference": "Encounter/visit"}}


def collection(*resources: Json, base: str | None = BASE) -> Json:
    entries = [
        {"resource": one} | ({"fullUrl": f"{base}/{one['resourceType']}/{one['id']}"} if base else {})
        for one in resources
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def cases(*resources: Json, base: str | None = BASE, source: str = "ward") -> tuple[list[Reading], Records]:
    records = Records(source, is_unit)
    records.add_bundle(collection(*resources, base=base), "file.json")
    return records.cases(), records


def lines(readings: Iterable[Reading], records: Records) -> dict[str, tuple[str, str | None]]:
    rows = [*records.rows, *(row for reading in readings for row in reading.rows)]
    return {row.resource: (row.outcome, row.reason) for row in rows}


@pytest.mark.parametrize("base", [BASE, None])
def test_an_encounter_becomes_a_case_and_the_rest_of_a_patient_another(base: str | None) -> None:
    (visit, rest), _ = cases(PATIENT, GRETE, VISIT, observation(**AT_VISIT), condition(), base=base)

    assert visit.case is not None and rest.case is not None
    prefix = f"{base}/" if base else ""
    assert visit.case["title"] == "Check-up"
    assert visit.case["external_id"] == f"ward:{prefix}Encounter/visit"
    assert visit.case["author"] == {"name": "Dr. Grete Beispiel"}
    assert visit.case["period"] == VISIT["period"]
    assert visit.case["encounter"]["status"] == "finished"
    assert len(visit.case["observations"]) == 1 and "conditions" not in visit.case
    assert rest.case["external_id"] == f"ward:{prefix}Patient/ada"
    assert len(rest.case["conditions"]) == 1
    for reading in (visit, rest):
        assert reading.case is not None
        assert reading.case["subject"]["identifiers"] == [{"system": "urn:oid:1.2.36", "value": "4711"}]
        assert VALID.errors(reading.case) == []


def test_a_relative_reference_beside_a_uuid_finds_the_resource_with_this_uuid() -> None:
    ada, one, other = (f"4f5f8a53-2e43-4b2f-8a53-3a9aa9d0bfa{number}" for number in range(3))
    document = collection(
        PATIENT | {"id": ada},
        observation(id=one, subject={"reference": f"Patient/{ada}"}),
        observation(id=other, subject={"reference": f"Patient/{one}"}),
    )
    for each in document["entry"]:
        each["fullUrl"] = f"urn:uuid:{each['resource']['id']}"
    records = Records("ward", is_unit)
    records.add_bundle(document, "file.json")
    readings = records.cases()

    assert [len(one.case["observations"]) for one in readings if one.case] == [1]
    assert {name: outcome for name, (outcome, _) in lines(readings, records).items()} == {
        f"Patient/{ada}": "kept",
        f"Observation/{one}": "kept",
        f"Observation/{other}": "refused",
    }


def test_every_resource_gets_a_line() -> None:
    careful = {"resourceType": "CarePlan", "id": "1", "subject": SUBJECT}
    readings, records = cases(PATIENT, GRETE, VISIT, observation(**AT_VISIT), careful)

    assert set(lines(readings, records)) == {
        *("Patient/ada", "Practitioner/grete", "Encounter/visit", "Observation/1", "CarePlan/1"),
    }


def test_lines_of_files_resolve_among_each_other_and_name_their_place() -> None:
    records = Records("ward", is_unit)
    for number, resource in enumerate((condition(), PATIENT)):
        records.add_resource(resource, f"all.ndjson:{number + 1}")
    (reading,) = records.cases()

    assert reading.case is not None and len(reading.case["conditions"]) == 1
    assert {row.path for row in reading.rows} == {"all.ndjson:1", "all.ndjson:2"}


def test_an_encounter_of_another_patient_refuses_the_entry() -> None:
    bert = PATIENT | {"id": "bert"}
    readings, records = cases(PATIENT, bert, GRETE, VISIT, condition(subject={"reference": "Patient/bert"}, **AT_VISIT))

    assert lines(readings, records)["Condition/1"] == ("refused", "its encounter is of another patient")


def test_an_entry_without_its_patient_is_refused() -> None:
    readings, records = cases(condition())

    assert readings == []
    assert lines(readings, records)["Condition/1"][0] == "refused"


def test_two_resources_with_one_identity_are_refused_and_nothing_refers_to_them() -> None:
    readings, records = cases(PATIENT, PATIENT | {"gender": "male"}, condition())

    assert readings == []
    refused = [row for row in records.rows if row.outcome == "refused"]
    assert len(refused) == 3 and "claims the same identity" in str(refused)


def test_ids_of_two_sources_differ() -> None:
    ids = {
        reading.case["external_id"]
        for source in ("ward", "lab")
        for reading in cases(PATIENT, condition(), source=source)[0]
        if reading.case is not None
    }

    assert ids == {f"ward:{BASE}/Patient/ada", f"lab:{BASE}/Patient/ada"}


def test_contained_patients_with_one_id_get_their_own_cases() -> None:
    patient = {"resourceType": "Patient", "id": "p"}
    letters = [condition(id=name, contained=[patient], subject={"reference": "#p"}) for name in ("1", "2")]
    readings, _ = cases(*letters)

    ids = {reading.case["external_id"] for reading in readings if reading.case is not None}
    assert ids == {f"ward:{BASE}/Condition/1#p", f"ward:{BASE}/Condition/2#p"}


def test_an_entry_whose_encounter_is_of_a_patient_that_is_not_here_is_refused() -> None:
    elsewhere = VISIT | {"subject": {"reference": "Patient/bert"}}
    readings, records = cases(PATIENT, GRETE, elsewhere, condition(**AT_VISIT))

    assert readings == []
    assert lines(readings, records)["Condition/1"][0] == "refused"


def test_a_document_is_no_collection() -> None:
    with pytest.raises(Unreadable, match="type"):
        Records("ward", is_unit).add_bundle({"resourceType": "Bundle", "type": "document", "entry": []}, "file.json")


@pytest.mark.parametrize("first", [PATIENT, VISIT, condition()], ids=lambda one: one["resourceType"])
def test_versions_of_one_resource_do_not_become_two(first: Json) -> None:
    versions = [first | {"meta": {"versionId": str(number)}} for number in (1, 2)]
    others = [one for one in (PATIENT, VISIT, condition(**AT_VISIT)) if one["resourceType"] != first["resourceType"]]
    readings, records = cases(GRETE, *versions, *others)

    ids = [reading.case["external_id"] for reading in readings if reading.case is not None]
    assert len(ids) == len(set(ids))
    name = f"{first['resourceType']}/{first['id']}"
    assert lines(readings, records)[name] == ("refused", "another version of it is here")


def test_an_entry_of_an_encounter_that_is_refused_is_refused_with_it() -> None:
    readings, records = cases(
        *(PATIENT, GRETE, VISIT, VISIT | {"status": "planned"}, condition(**AT_VISIT)),
        condition(id="2", encounter={"reference": "Encounter/elsewhere"}),
    )

    (rest,) = readings
    assert rest.case is not None and len(rest.case["conditions"]) == 1
    found = lines(readings, records)
    assert found["Condition/1"] == ("refused", "its encounter is refused")
    assert found["Condition/2"][0] == "noted"
