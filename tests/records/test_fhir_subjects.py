"""Whose an entry of a FHIR document is, in every form in which FHIR can say it."""

from typing import Any

import pytest

from clincore.records.fhir.reading.report import Reading, Unreadable
from support.fhir_in import BASE, PATIENT, SUBJECT, Json, bundle, case_of, condition, observation, read, row

BERT = PATIENT | {"id": "bert", "name": [{"text": "Bert Beispiel"}], "identifier": [{"value": "9"}]}
OF_BERT = {"reference": "Patient/bert"}


def refused(reading: Reading, name: str) -> str:
    """Why the resource was refused."""
    line = row(reading, name)
    assert line.outcome == "refused"
    return str(line.reason)


def contained(container: Json, inner: Json) -> Json:
    return container | {"contained": [{name: value for name, value in inner.items() if name != "subject"}]}


@pytest.mark.parametrize(
    "container",
    [
        condition(id="outer", subject=OF_BERT),
        condition(id="outer", modifierExtension=[{"url": "urn:x", "valueBoolean": True}]),
        {"resourceType": "FamilyMemberHistory", "id": "outer", "patient": SUBJECT},
        {"resourceType": "CarePlan", "id": "outer", "subject": OF_BERT},
    ],
    ids=["another-subject", "modifier", "relatives", "care-plan"],
)
def test_a_contained_entry_without_a_subject_is_not_read_when_its_container_is_not(container: Json) -> None:
    reading = read(bundle(contained(container, observation(id="inner")), BERT))

    assert reading.case is not None and "observations" not in reading.case
    refused(reading, "Observation/inner")


def test_a_contained_entry_is_about_the_subject_of_its_container() -> None:
    case = case_of(contained(condition(id="outer"), observation(id="inner")))

    assert len(case["observations"]) == 1


def test_references_that_do_not_resolve_name_one_subject_only_with_the_same_words() -> None:
    def outcome(composition: Json, subject: Json, base: str = BASE) -> str:
        document = bundle(condition(subject=subject), composition={"subject": composition})
        del document["entry"][1]
        document["entry"][1]["fullUrl"] = f"{base}/Condition/1"
        return row(read(document), "Condition/1").outcome

    gone, logical = {"reference": "Patient/gone"}, {"identifier": {"system": "urn:x", "value": "1"}}
    assert outcome(gone, gone | {"display": "Ada"}) != "refused"
    assert outcome(logical | {"display": "A"}, logical | {"display": "B"}) != "refused"
    assert outcome({"display": "Ada"}, {"display": "Ada"}) != "refused"
    assert outcome({"display": "Ada"}, {"display": "Bert"}) == "refused"
    assert outcome({"type": "Patient"}, {"type": "Patient", "display": "Bert"}) == "refused"
    assert outcome(gone, gone, "https://other.example/fhir") == "refused"
    assert outcome({"reference": "#p"}, {"reference": "#p"}) == "refused"


@pytest.mark.parametrize("value", [None, ""])
def test_an_identifier_without_system_and_value_is_nobodys(value: Any) -> None:
    empty = {"system": value, "value": value}
    patient = PATIENT | {"identifier": [empty, *PATIENT["identifier"]]}
    reading = read(bundle(condition(subject={"identifier": empty}), patient=patient))

    refused(reading, "Condition/1")


def test_an_encounter_of_another_patient_is_not_that_of_the_case() -> None:
    visit = {"resourceType": "Encounter", "id": "visit", "status": "finished", "subject": OF_BERT}
    visit |= {"identifier": [{"system": "urn:oid:1.2.37", "value": "17"}]}
    reading = read(bundle(BERT, visit, composition={"encounter": {"reference": "Encounter/visit"}}))

    assert reading.case is not None and "encounter" not in reading.case
    assert "another subject" in refused(reading, "Encounter/visit")
    assert "17" not in str(reading.case)


def test_an_encounter_with_a_modifier_is_refused_by_name_and_the_document_is_read() -> None:
    visit = {"resourceType": "Encounter", "id": "visit", "status": "finished", "subject": SUBJECT}
    visit |= {"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]}
    reading = read(bundle(visit, condition(), composition={"encounter": {"reference": "Encounter/visit"}}))

    assert reading.case is not None and "encounter" not in reading.case and reading.case["conditions"]
    assert "modifierExtension" in refused(reading, "Encounter/visit")


def test_another_patient_who_acts_is_not_taken_for_the_subject() -> None:
    named = [SUBJECT | {"display": name} for name in ("Ada Beispiel", "Ada at home")]
    case = case_of(BERT, observation(performer=[OF_BERT, *named]))

    (made,) = case["observations"]
    assert made["performers"] == [{"role": "Patient"}] * 2
    assert "performer[1]" not in made["note"] and "performer[2].display: Ada at home" in made["note"]
    assert "performer[0]: " in made["note"] and "Patient/bert" in made["note"]


def test_a_relative_of_another_patient_is_not_taken_for_one_of_the_subject() -> None:
    mother = {
        "resourceType": "RelatedPerson",
        "id": "m",
        "name": [{"text": "Maria"}],
        "relationship": [{"text": "Mother"}],
    }
    reading = read(
        bundle(
            BERT,
            mother | {"patient": SUBJECT},
            mother | {"id": "n", "patient": OF_BERT},
            observation(performer=[{"reference": "RelatedPerson/m"}, {"reference": "RelatedPerson/n"}]),
        )
    )

    assert reading.case is not None
    (made,) = reading.case["observations"]
    assert made["performers"] == [{"name": "Maria", "role": "Mother"}]
    assert "another subject" in refused(reading, "RelatedPerson/n")


def test_a_section_about_another_says_so_where_it_is_read() -> None:
    def section(**more: Any) -> Json:
        code = {"coding": [{"system": "http://loinc.org", "code": "10164-2"}]}
        return {"title": "History", "code": code, "text": {"div": "<div>Smoker</div>"}, **more}

    inner = section(title="Inner")
    case = case_of(composition={"section": [section(focus={"display": "Father"}, section=[inner]), section()]})

    assert case["history"] == "Smoker"
    texts = {one["title"]: one["text"] for one in case["other_sections"]}
    assert texts["History"] == "About: Father\nSmoker"
    assert texts["History / Inner"] == "About: Father\nSmoker"


def test_versions_of_one_entry_are_not_two_entries() -> None:
    document = bundle(
        condition(meta={"versionId": "1"}), condition(meta={"versionId": "2"}, verificationStatus={"text": "x"})
    )
    reading = read(document)

    assert reading.case is not None and "conditions" not in reading.case
    lines = [one for one in reading.rows if one.resource == "Condition/1"]
    assert [one.outcome for one in lines] == ["refused", "refused"]
    assert "version" in str(lines[0].reason)


def test_an_identifier_that_is_no_longer_used_is_not_that_of_the_subject() -> None:
    identifiers = [{"use": use, "system": f"urn:x:{use}", "value": "1"} for use in ("old", "temp", "official")]
    reading = read(bundle(condition(), patient=PATIENT | {"identifier": identifiers}))

    assert reading.case is not None
    assert [one["system"] for one in reading.case["subject"]["identifiers"]] == ["urn:x:official", "urn:x:temp"]
    assert "urn:x:old" in str(reading.case["other_sections"])
    assert "identifier[0]" in str(row(reading, "Patient/ada").reason)


def test_what_is_wrong_with_the_patient_is_said_of_the_patient() -> None:
    with pytest.raises(Unreadable) as error:
        read(bundle(condition(), patient=PATIENT | {"modifierExtension": [{"url": "urn:x"}]}))

    assert error.value.path == "Bundle.entry[1].resource"
