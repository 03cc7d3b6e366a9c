"""A line for everything that is in FHIR, which says what became of it."""

import orjson

from clincore.openapi import component
from clincore.records.fhir.reading import in_process
from clincore.records.fhir.reading.fit import fit
from clincore.records.fhir.reading.report import Reading, Row
from support.fhir_in import (
    MIGRAINE,
    as_json,
    bundle,
    case_of,
    condition,
    observation,
    read,
    request,
    row,
)

VALID = component("CaseInput")


def test_a_comment_in_a_narrative_is_no_text_and_character_data_is() -> None:
    div = "<div>Kept <!-- <p>No allergies</p> --> text <![CDATA[a < b & c]]><!-- open <b>end</b></div>"
    case = case_of(composition={"section": [{"title": "x", "text": {"div": div}}]})

    assert case["other_sections"][0]["text"].startswith("Kept text a < b & c")
    assert "No allergies" not in str(case)


def test_what_is_contained_where_fhir_forbids_it_is_in_words() -> None:
    inner = {"resourceType": "Observation", "id": "inner", "status": "final", "code": MIGRAINE}
    inner |= {"contained": [{"resourceType": "Device", "id": "deep", "lotNumber": "L-77"}]}
    reading = read(bundle(condition(contained=[inner, "loose", {"id": "untyped"}])))

    assert reading.case is not None
    assert "L-77" in reading.case["observations"][0]["note"]
    assert "loose" in reading.case["conditions"][0]["note"] and "untyped" in reading.case["conditions"][0]["note"]


def test_people_and_medications_of_a_refused_entry_are_not_said_to_be_kept() -> None:
    grete = {"resourceType": "Practitioner", "id": "grete", "name": [{"text": "Grete"}]}
    drug = {"resourceType": "Medication", "id": "drug", "code": {"text": "Ibuprofen"}}
    named = request(medicationReference={"reference": "Medication/drug"}, status="imagined")
    del named["medicationCodeableConcept"]
    reading = read(bundle(grete, drug, named, observation(performer=[{"reference": "Practitioner/grete"}], code=None)))

    for name in ("Practitioner/grete", "Medication/drug"):
        assert row(reading, name).outcome == "refused"


def test_a_medication_that_was_entered_in_error_refuses_its_entry() -> None:
    drug = {"resourceType": "Medication", "id": "drug", "code": {"text": "Ibuprofen"}, "status": "entered-in-error"}
    named = request(medicationReference={"reference": "Medication/drug"})
    del named["medicationCodeableConcept"]

    line = row(read(bundle(drug, named)), "MedicationRequest/1")
    assert line.outcome == "refused" and "entered in error" in str(line.reason)


def test_an_entry_that_breaks_a_rule_has_one_line_which_names_the_resource() -> None:
    letter = bundle(
        condition(onsetPeriod={"start": "2026-03", "end": "2026-01"}),
        condition(id="2"),
        condition(id="3", note=[{"text": "x" * 1990}], onsetPeriod={"start": "2026-03", "end": "2026-01"}),
        observation(referenceRange=[{"low": {"value": 1}, "age": {"low": {"value": 9}, "high": {"value": 1}}}]),
    )
    case, rows, _ = orjson.loads(orjson.dumps(in_process.read(as_json(letter).decode()), default=tuple))
    reading = fit(Reading(case, [Row(*one) for one in rows]), VALID.errors)
    case, rows = orjson.loads(orjson.dumps(in_process.fit_to_rules(reading.case, reading.rows), default=tuple))

    found = {one.resource: one for one in (Row(*one) for one in rows)}
    assert len(found) == len(rows)
    assert found["Condition/1"].outcome == "noted" and "onset" in str(found["Condition/1"].reason)
    assert found["Condition/2"].outcome == "kept"
    assert found["Condition/3"].outcome == "refused"
    assert found["Condition/1"].path == "Bundle.entry[2].resource"
    assert [one["code"] for one in case["conditions"]] == [MIGRAINE, MIGRAINE]
    assert found["Observation/1"].outcome == "noted"


def test_two_observations_with_one_entry_id_do_not_refuse_the_document() -> None:
    own = [{"url": "urn:clincore:fhir:entry-id", "valueId": "a"}]
    case = case_of(observation(extension=own), observation(id="2", extension=own))

    assert [one.get("id") for one in case["observations"]] == ["a", None]
