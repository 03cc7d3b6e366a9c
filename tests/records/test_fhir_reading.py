"""FHIR documents of other systems as cases: whose entries are whose, and what is kept, in words or refused."""

import os
import subprocess
import sys
import time
from decimal import Decimal
from typing import Any

import pytest

from clincore.openapi import component
from clincore.records import content_rules
from clincore.records.fhir.reading.documents import read_document
from clincore.records.fhir.reading.parsing import NotJson, parsed
from clincore.records.fhir.reading.report import Unreadable
from support.fhir_in import (
    BASE,
    MIGRAINE,
    PATIENT,
    SUBJECT,
    Json,
    as_json,
    bundle,
    case_of,
    condition,
    entry,
    is_unit,
    observation,
    read,
    request,
    row,
)
from support.paths import ROOT

VALID = component("CaseInput")
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
UCUM = "http://unitsofmeasure.org"
FOCUS_CODE = "http://hl7.org/fhir/StructureDefinition/observation-focusCode"
UUID = "4f5f8a53-2e43-4b2f-8a53-3a9aa9d0bfa3"
UUID_URL = f"urn:uuid:{UUID}"


def test_a_document_becomes_a_case_with_its_title_type_subject_and_author() -> None:
    case = case_of(condition())

    assert case["title"] == "Letter"
    assert case["type"] == {"system": "http://loinc.org", "code": "34133-9"}
    assert case["subject"] == {
        "identifiers": [{"system": "urn:oid:1.2.36", "value": "4711"}],
        "name": "Ada Beispiel",
        "birth_date": "1984-03",
        "gender": "female",
    }
    assert case["author"] == {"name": "Dr. Grete Beispiel"}
    assert case["conditions"] == [{"code": MIGRAINE}]
    assert VALID.errors(case) == []


@pytest.mark.parametrize(
    ("type_", "title"),
    [
        (
            {"coding": [{"system": "http://loinc.org", "code": "60591-5", "display": "Patient summary"}]},
            "Patient summary",
        ),
        ({"text": "Letter"}, "Document"),
    ],
)
def test_a_document_without_a_title_has_the_words_of_its_type(type_: Json, title: str) -> None:
    document = bundle(composition={"type": type_})
    del document["entry"][0]["resource"]["title"]
    case = read(document).case

    assert case is not None and case["title"] == title


@pytest.mark.parametrize(
    ("name", "shown", "said"),
    [
        ({"text": "Ada B. Beispiel", "family": "Beispiel", "given": ["Ada"]}, "Ada B. Beispiel", ""),
        ({"text": "Beispiel", "family": "Beispiel", "given": ["Ada"]}, "Ada Beispiel", "name[0].text: Beispiel"),
        ({"text": "Beispiel\nAda", "family": "Beispiel", "given": ["Ada"]}, "Ada Beispiel", "name[0].text: Beispiel"),
        (
            {"text": "李麗惠", "family": "Lee", "given": ["Li-Hui"]},
            "李麗惠",
            "name[0].family: Lee\nname[0].given: Li-Hui",
        ),
    ],
)
def test_a_name_is_whole(name: Json, shown: str, said: str) -> None:
    case = read(bundle(patient=PATIENT | {"name": [name]})).case

    assert case is not None
    assert case["subject"]["name"] == shown
    assert said in repr(case.get("other_sections")).replace("\\n", "\n")


def test_every_resource_gets_one_line() -> None:
    care = {"resourceType": "CarePlan", "id": "1", "status": "active", "intent": "plan", "subject": SUBJECT}
    reading = read(bundle(condition(), care))

    lines = {(one.resource, one.outcome) for one in reading.rows}
    assert lines == {
        ("Composition/letter", "noted"),
        ("Patient/ada", "kept"),
        ("Condition/1", "kept"),
        ("CarePlan/1", "refused"),
    }


class TestIdentity:
    """Who is whose is never guessed."""

    def test_two_patients_with_one_id_on_two_servers_are_two(self) -> None:
        other = {"fullUrl": "https://other.example/fhir/Patient/ada", "resource": PATIENT | {"birthDate": "1990"}}
        theirs = {
            "fullUrl": "https://other.example/fhir/Condition/2",
            "resource": condition(id="2", code={"text": "Not of this subject"}),
        }
        document = bundle(condition())
        document["entry"] += [other, theirs]
        reading = read(document)

        assert reading.case is not None
        assert [one["code"] for one in reading.case["conditions"]] == [MIGRAINE]
        assert row(reading, "Condition/2").reason == "subject: it is about another subject than the case"

    @pytest.mark.parametrize(
        "subject",
        [
            {"reference": "Patient/bert"},
            {"reference": "Group/ada"},
            {"reference": "urn:uuid:4f5f8a53-2e43-4b2f-8a53-3a9aa9d0bfa3"},
            {"reference": "https://other.example/fhir/Patient/ada"},
            {"display": "Ada Beispiel"},
            {"identifier": {"system": "urn:oid:1.2.36", "value": "4712"}},
            {"identifier": {"value": "4711"}},
        ],
        ids=str,
    )
    def test_an_entry_about_another_subject_is_refused(self, subject: Json) -> None:
        reading = read(bundle(condition(subject=subject)))

        assert reading.case is not None and "conditions" not in reading.case
        assert row(reading, "Condition/1").outcome == "refused"

    @pytest.mark.parametrize(
        "subject",
        [
            {"reference": f"{BASE}/Patient/ada"},
            {"reference": "Patient/ada/_history/3"},
            {"reference": f"{BASE}/Patient/ada/_history/3"},
            {"identifier": {"system": "urn:oid:1.2.36", "value": "4711"}},
        ],
        ids=str,
    )
    def test_absolute_versioned_and_logical_references_resolve(self, subject: Json) -> None:
        document = bundle(condition(subject=subject), patient=PATIENT | {"meta": {"versionId": "3"}})

        assert row(read(document), "Condition/1").outcome == "kept"

    def test_a_subject_that_is_not_here_is_not_said_to_be_another_one(self) -> None:
        reading = read(bundle(condition(subject={"reference": "urn:uuid:"}), condition(id="2", subject={})))

        assert "it refers to nothing here" in str(row(reading, "Condition/1").reason)
        assert "it is about another subject" in str(row(reading, "Condition/2").reason)

    def test_a_reference_to_another_version_does_not_resolve(self) -> None:
        document = bundle(
            condition(subject={"reference": "Patient/ada/_history/2"}), patient=PATIENT | {"meta": {"versionId": "3"}}
        )

        assert row(read(document), "Condition/1").outcome == "refused"

    def test_urn_references_resolve_and_relative_ones_have_no_meaning_beside_a_urn(self) -> None:
        document = bundle(condition(), condition(id="2"))
        urn = "urn:uuid:4f5f8a53-2e43-4b2f-8a53-3a9aa9d0bfa3"
        document["entry"][1]["fullUrl"] = urn
        document["entry"][0]["resource"]["subject"] = {"reference": urn}
        document["entry"][2]["resource"]["subject"] = {"reference": urn}
        document["entry"][2]["fullUrl"] = "urn:uuid:00000000-0000-4000-8000-000000000001"
        document["entry"][3]["fullUrl"] = "urn:uuid:00000000-0000-4000-8000-000000000002"
        reading = read(document)

        assert row(reading, "Condition/1").outcome == "kept"
        assert "relative reference has no meaning" in str(row(reading, "Condition/2").reason)

    def test_an_identifier_of_another_system_is_not_the_external_id(self) -> None:
        case = case_of(composition={"identifier": {"value": "letter-1"}})

        assert "external_id" not in case and "letter-1" in str(case["other_sections"])

    @pytest.mark.parametrize(
        ("urls", "subject", "outcome"),
        [
            # As the examples of the International Patient Summary have it.
            ((UUID_URL, f"{UUID_URL[:-1]}0"), f"Patient/{UUID}", "kept"),
            ((UUID_URL, f"{BASE}/Condition/1"), f"Patient/{UUID}", "refused"),
            ((UUID_URL, f"{UUID_URL[:-1]}0"), f"Group/{UUID}", "refused"),
            (("urn:uuid:ada", f"{UUID_URL[:-1]}0"), "Patient/ada", "refused"),
            ((UUID_URL, "Condition/1"), f"Patient/{UUID}", "kept"),
            (("Patient/ada", f"{UUID_URL[:-1]}0"), "Patient/ada", "kept"),
            # As the examples of India's national profiles have it.
            (("Patient/ada", "Condition/1"), "Patient/ada", "kept"),
            (("Patient/ada", "Condition/1"), "Patient/bert", "refused"),
            ((f"{BASE}/Patient/ada", "Condition/1"), "Patient/ada", "refused"),
        ],
    )
    def test_a_relative_reference_without_a_server_finds_the_same_uuid_or_the_same_relative_url(
        self, urls: tuple[str, str], subject: str, outcome: str
    ) -> None:
        patient = PATIENT | {"id": urls[0].rpartition(":")[2].rpartition("/")[2]}
        document = bundle(condition(subject={"reference": subject}), patient=patient)
        document["entry"][0]["resource"]["subject"] = {"reference": urls[0]}
        for number, url in enumerate(("Composition/letter", *urls)):
            document["entry"][number]["fullUrl"] = url

        assert row(read(document), "Condition/1").outcome == outcome

    def test_contained_resources_resolve_by_their_fragment_only(self) -> None:
        medication = {
            "resourceType": "Medication",
            "id": "m",
            "meta": {"profile": ["https://clinic.example/fhir/Medication"]},
            "text": {"status": "generated", "div": "<div>Ibuprofen</div>"},
            "code": {"text": "Ibuprofen"},
            "form": {"text": "Tablet"},
        }
        inside = request(contained=[medication], medicationReference={"reference": "#m"})
        outside = request(id="2", medicationReference={"reference": "#m"})
        for one in (inside, outside):
            del one["medicationCodeableConcept"]
        reading = read(bundle(inside, outside))

        assert reading.case is not None
        (made,) = reading.case["medications"]
        assert made["medication"] == {"text": "Ibuprofen"}
        assert made["note"] == "medication.form: Tablet"
        assert row(reading, "MedicationRequest/2").reason == "it has no medication that can be read"

    def test_what_only_a_refused_entry_refers_to_is_not_kept(self) -> None:
        medication = {"resourceType": "Medication", "id": "m", "form": {"text": "Tablet"}}
        doctor = {"resourceType": "Practitioner", "id": "p", "name": [{"text": "Dr. No"}]}
        given = request(medicationReference={"reference": "Medication/m"})
        del given["medicationCodeableConcept"]
        seen = observation(
            performer=[{"reference": "Practitioner/p"}], component=[{"code": MIGRAINE, "valueString": 1}]
        )
        reading = read(bundle(given, seen, medication, doctor))

        assert {one.resource for one in reading.rows if one.outcome == "refused"} == {
            *("MedicationRequest/1", "Observation/1", "Medication/m", "Practitioner/p"),
        }

    def test_a_medication_without_a_code_has_the_names_of_its_ingredients(self) -> None:
        medication = {
            "resourceType": "Medication",
            "id": "m",
            "ingredient": [{"itemCodeableConcept": {"text": "Thiotepa"}}, {"itemCodeableConcept": {"text": "Glucose"}}],
        }
        given = request(medicationReference={"reference": "Medication/m"})
        del given["medicationCodeableConcept"]
        reading = read(bundle(given, medication))

        assert reading.case is not None
        (made,) = reading.case["medications"]
        assert made["medication"] == {"text": "Thiotepa; Glucose"}
        assert "medication.ingredient" in made["note"]

    def test_two_resources_that_claim_one_identity_refuse_the_document(self) -> None:
        with pytest.raises(Unreadable, match="claims the same identity") as error:
            read(bundle(condition(), condition(code={"text": "Other"})))

        assert error.value.path == "Bundle.entry[3].resource"

    @pytest.mark.parametrize("repeated", [condition(), PATIENT, {"resourceType": "CarePlan", "id": "1"}], ids=repr)
    def test_an_entry_that_is_there_twice_counts_once(self, repeated: Json) -> None:
        more = [] if repeated is PATIENT else [repeated]
        document = bundle(*more, repeated)
        once, twice = read(bundle(*more)), read(document)

        assert twice.case == once.case
        first = next(one for one in once.rows if one.resource == f"{repeated['resourceType']}/{repeated['id']}")
        assert set(twice.rows) - set(once.rows) == {
            first._replace(
                path=f"Bundle.entry[{len(document['entry']) - 1}].resource", reason=f"the same as {first.path}"
            )
        }

    def test_entries_whose_digits_differ_are_not_the_same(self) -> None:
        one, other = (observation(valueQuantity={"value": Decimal(digits)}) for digits in ("1.0", "1.00"))

        with pytest.raises(Unreadable, match="claims the same identity"):
            read(bundle(one, other))

    def test_the_subject_as_author_or_performer_is_the_patient(self) -> None:
        self_reported = observation(performer=[SUBJECT | {"display": "Ada Beispiel"}])
        reading = read(bundle(self_reported, composition={"author": [SUBJECT]}))

        assert reading.case is not None
        assert reading.case["author"] == {"role": "Patient"}
        assert reading.case["observations"][0]["performers"] == [{"role": "Patient"}]
        assert row(reading, "Observation/1").outcome == "kept"
        assert VALID.errors(reading.case) == []

    def test_another_patient_as_author_or_performer_is_said_and_not_taken_for_the_subject(self) -> None:
        reading = read(
            bundle(
                PATIENT | {"id": "bert"},
                observation(performer=[{"reference": "Patient/bert"}]),
                composition={"author": [{"reference": "Patient/bert"}]},
            )
        )

        assert reading.case is not None and "author" not in reading.case
        assert "performers" not in reading.case["observations"][0]
        assert "Patient/bert" in reading.case["observations"][0]["note"]
        assert row(reading, "Patient/bert").outcome == "refused"

    def test_a_full_url_that_contradicts_the_id_refuses_the_document(self) -> None:
        document = bundle(condition())
        document["entry"][2]["fullUrl"] = f"{BASE}/Condition/2"

        with pytest.raises(Unreadable, match="fullUrl names another resource"):
            read(document)

    def test_a_cycle_of_references_ends(self) -> None:
        role = {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "PractitionerRole/r"}}
        made, _ = entry(observation(), "observations")
        reading = read(bundle(observation(performer=[{"reference": "PractitionerRole/r"}]), role))

        assert reading.case is not None
        assert {**reading.case["observations"][0], "note": None} == {**made, "note": None}


class TestMeaning:
    """What changes the meaning of an entry is kept as such, or refuses the entry."""

    @pytest.mark.parametrize(
        ("resource", "reason"),
        [
            (condition(modifierExtension=[{"url": "urn:x", "valueBoolean": True}]), "modifierExtension is not"),
            (
                observation(component=[{"code": MIGRAINE, "modifierExtension": [{"url": "urn:x"}]}]),
                "modifierExtension of component",
            ),
            (condition(implicitRules="urn:x"), "implicitRules"),
            (condition(verificationStatus={"text": "perhaps"}), "verificationStatus"),
            (observation(status="imagined"), "status"),
            (observation(focus=[{"display": "Fetus"}]), "focus"),
            (
                observation(extension=[{"url": FOCUS_CODE, "valueCodeableConcept": {"text": "Mother"}}]),
                "observation-focusCode",
            ),
            (request(doNotPerform="yes"), "doNotPerform is not a boolean"),
            (request(intent="wish"), "intent"),
            (observation(valueQuantity={"value": 5, "comparator": "ad"}), "comparator"),
            (observation(valueString="5", valueBoolean=True), "value[x] has more than one value"),
            (observation(valueString="5", dataAbsentReason={"text": "lost"}), "contradict"),
            (condition(code=None), "it has no code"),
            (condition(code={"extension": [{"url": ABSENT, "valueCode": "unknown"}]}), "it has no code"),
            (condition(subject=None), "it has no subject"),
            (condition(category={"text": "single"}), "category is not a list"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_an_entry_whose_meaning_is_not_understood_is_refused_by_name(self, resource: Json, reason: str) -> None:
        reading = read(bundle({name: value for name, value in resource.items() if value is not None}))

        line = next(one for one in reading.rows if one.path == "Bundle.entry[2].resource")
        assert line.outcome == "refused" and reason in str(line.reason)
        assert reading.case is not None and not {"conditions", "observations", "medications"} & set(reading.case)

    def test_do_not_perform_and_entered_in_error_are_kept_as_such(self) -> None:
        made, _ = entry(request(doNotPerform=True, status="entered-in-error"), "medications")

        assert made["do_not_perform"] is True and made["status"] == "entered_in_error"

    def test_a_document_that_was_entered_in_error_is_refused(self) -> None:
        with pytest.raises(Unreadable, match="entered in error"):
            read(bundle(composition={"status": "entered-in-error"}))

    def test_a_subpotent_immunization_is_refused(self) -> None:
        given = {
            "resourceType": "Immunization",
            "id": "1",
            "status": "completed",
            "patient": SUBJECT,
            "vaccineCode": {"text": "MMR"},
            "occurrenceDateTime": "2020",
            "isSubpotent": True,
        }

        assert row(read(bundle(given)), "Immunization/1").outcome == "refused"


class TestValues:
    """Values keep their digits, precision and words."""

    @pytest.mark.parametrize("written", ["2019", "2019-05", "2019-05-03", "2019-05-03T10:00:00.50+02:00"])
    def test_dates_keep_their_precision(self, written: str) -> None:
        made, line = entry(condition(onsetDateTime=written), "conditions")

        assert made["onset"] == {"date_time": written}
        assert line.outcome == "kept"

    @pytest.mark.parametrize("written", ["2019-05-03T10:00", "2019-02-30", "0019", "May 2019", "2019-05-03T10:00:00"])
    def test_a_date_that_is_none_goes_into_the_note(self, written: str) -> None:
        made, line = entry(condition(onsetDateTime=written), "conditions")

        assert "onset" not in made
        assert made["note"] == f"onsetDateTime: {written}"
        assert line.reason == "in words in the note: onsetDateTime"

    def test_digits_are_kept(self) -> None:
        value = {"value": Decimal("72.50"), "unit": "per minute", "system": UCUM, "code": "/min", "comparator": ">="}
        made, _ = entry(observation(valueQuantity=value), "observations")

        assert made["value"] == {"quantity": {**value, "value": "72.50"}}

    def test_a_code_without_a_system_is_a_unit_in_words(self) -> None:
        made, line = entry(observation(valueQuantity={"value": 5, "code": "drops"}), "observations")

        assert made["value"] == {"quantity": {"value": "5", "unit": "drops"}}
        assert line.outcome == "noted"

    def test_a_code_that_is_no_unit_of_ucum_does_not_look_like_one(self) -> None:
        value = {"value": 5, "unit": "Tropfen", "system": UCUM, "code": "gtt"}
        made, _ = entry(observation(valueQuantity=value), "observations")

        assert made["value"] == {"quantity": {"value": "5", "unit": "Tropfen"}}
        assert made["note"] == "valueQuantity.code: gtt"

    def test_units_that_are_too_many_for_a_case_are_in_words(self) -> None:
        codes = [f"{{{number:098}}}" for number in range(16)]
        measured = [
            observation(id=str(number), valueQuantity={"value": 5, "system": UCUM, "code": code})
            for number, code in enumerate(codes)
        ]
        case = read_document(parsed(as_json(bundle(*measured))), lambda code: True).case
        assert case is not None
        quantities = [made["value"]["quantity"] for made in case["observations"]]

        assert all(quantity["system"] == UCUM for quantity in quantities[:15])
        assert quantities[15] == {"value": "5", "unit": codes[15]}
        assert content_rules.errors(case, lambda code: True) == []

    def test_a_unit_of_another_system_is_kept(self) -> None:
        value = {"value": 5, "unit": "Tablet", "system": "http://snomed.info/sct", "code": "428673006"}
        made, _ = entry(observation(valueQuantity=value), "observations")

        assert made["value"] == {"quantity": {**value, "value": "5"}}

    def test_a_concept_keeps_all_codings_with_versions_and_its_text(self) -> None:
        code = {
            "coding": [
                {"system": "http://snomed.info/sct", "version": "2026", "code": "37796009", "display": "Migraine"},
                {"system": "http://hl7.org/fhir/sid/icd-10", "code": "G43.9"},
            ],
            "text": "Migräne",
        }
        made, line = entry(condition(code=code), "conditions")

        assert made["code"] == code
        assert line.outcome == "kept"

    def test_codings_without_a_system_are_words(self) -> None:
        made, line = entry(condition(code={"coding": [{"code": "MIG", "display": "Migraine"}]}), "conditions")

        assert made["code"] == {"text": "Migraine [MIG]"}
        assert line.reason == "in words in the note: code.coding"

    def test_what_has_no_field_goes_word_by_word_into_the_note(self) -> None:
        resource = observation(
            valueSampledData={"origin": {"value": 0}, "period": 10, "dimensions": 1, "data": "1 2 3"},
            device={"display": "Cuff 7"},
            extension=[{"url": "urn:pain", "valueInteger": 3}],
            note=[{"text": "Resting", "time": "2026"}],
        )
        made, line = entry(resource, "observations")

        assert sorted(made["note"].splitlines()) == sorted(
            [
                "Resting",
                "",
                "extension: urn:pain = 3",
                "valueSampledData: {origin: 0, period: 10, dimensions: 1, data: 1 2 3}",
                "device: Cuff 7",
                "note[0].time: 2026",
            ]
        )
        assert line.outcome == "noted"

    def test_bytes_are_not_taken_for_words(self) -> None:
        file = {"contentType": "application/pdf", "title": "Scan", "data": "JVBERi0xLjUK"}
        report = {
            "resourceType": "DiagnosticReport",
            "id": "1",
            "status": "final",
            "subject": SUBJECT,
            "code": {"text": "Radiology"},
            "presentedForm": [file],
        }
        made, line = entry(report, "diagnostic_reports")

        assert made["note"] == "presentedForm: {contentType: application/pdf, title: Scan}"
        assert line.reason == "in words in the note: presentedForm; not kept: the bytes of presentedForm"

    def test_numbers_of_a_signal_are_words(self) -> None:
        signal = {"origin": {"value": 0}, "period": 10, "dimensions": 1, "data": "2 4 8"}
        made, line = entry(observation(valueSampledData=signal), "observations")

        assert "data: 2 4 8" in made["note"]
        assert line.reason == "in words in the note: valueSampledData"

    def test_a_person_whose_reference_is_absent_keeps_their_name(self) -> None:
        absent = [{"url": ABSENT, "valueCode": "unknown"}]
        named, _ = entry(observation(performer=[{"extension": absent, "display": "Dr. No"}]), "observations")
        unnamed, line = entry(observation(performer=[{"extension": absent}]), "observations")

        assert "Dr. No" in named["note"]
        assert "note" not in unnamed and line.outcome == "kept"

    def test_what_does_not_fit_into_the_note_goes_into_a_section(self) -> None:
        text = "x" * 3000
        reading = read(bundle(condition(extension=[{"url": "urn:long", "valueString": text}])))

        assert reading.case is not None
        (made,) = reading.case["conditions"]
        assert made["note"] == "More is in the section “Further details”."
        assert any(text in section["text"] for section in reading.case["other_sections"])
        assert VALID.errors(reading.case) == []

    def test_over_the_bounds_nothing_is_cut(self) -> None:
        codings = [{"system": "urn:x", "code": str(number)} for number in range(12)]
        made, line = entry(condition(code={"coding": codings, "text": "y" * 2500}), "conditions")

        assert made["code"] == {"coding": codings[:8]}
        assert line.reason == "in words in the note: code.text, " + ", ".join(
            f"code.coding[{number}]" for number in range(8, 12)
        )

    def test_timing_that_belongs_to_no_field_goes_into_the_note(self) -> None:
        dosage = {"timing": {"repeat": {"frequencyMax": 3, "period": 1, "periodUnit": "d"}}}
        made, _ = entry(request(dosageInstruction=[dosage]), "medications")

        assert made["dosages"] == [{"timing": {"period": {"value": "1", "unit": "d"}}}]
        assert made["note"] == "dosageInstruction[0].timing.repeat.frequencyMax: 3"


class TestSections:
    """Narratives of the Composition."""

    def sections(self, *sections: Json) -> Json:
        return case_of(composition={"section": list(sections)})

    def test_the_four_texts_are_found_by_code_and_others_are_kept(self) -> None:
        def section(title: str, code: str, div: str) -> Json:
            return {
                "title": title,
                "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
                "text": {"status": "additional", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{div}</div>'},
            }

        case = self.sections(
            section("Plan", "18776-5", "<p>Rest.</p><ul><li>Water</li><li>Tea &amp; bed</li></ul>"),
            section("Family", "10157-6", "<table><tr><td>Mother</td><td>Migraine</td></tr></table>"),
        )

        assert case["plan"] == "Rest.\n- Water\n- Tea & bed"
        (family, *_) = case["other_sections"]
        assert family["title"] == "Family" and family["text"] == "Mother | Migraine"

    def test_a_long_text_is_split_and_nothing_of_it_is_lost(self) -> None:
        text = " ".join(f"word{number}" for number in range(9000))
        case = self.sections({"title": "Story", "text": {"status": "additional", "div": f"<div>{text}</div>"}})
        parts = [one["text"] for one in case["other_sections"] if one["title"].startswith("Story")]

        assert len(parts) > 1 and "".join(parts) == text

    def test_more_sections_than_a_case_holds_are_refused_by_their_place(self) -> None:
        sections = [{"title": str(number), "text": {"div": "<div>x</div>"}} for number in range(40)]
        reading = read(bundle(composition={"section": sections}))

        assert any(one.path.endswith("section[35]") and one.outcome == "refused" for one in reading.rows)

    def test_words_for_an_entry_are_kept_unless_the_entry_has_them(self) -> None:
        section = {
            "title": "Life style",
            "section": [
                {
                    "title": "Alcohol",
                    "entry": [
                        {"reference": "Observation/1", "display": "does not drink alcohol"},
                        {"reference": "Condition/1", "display": "Migraine"},
                    ],
                }
            ],
        }
        case = case_of(observation(), condition(), composition={"section": [section]})

        (further,) = case["other_sections"]
        assert [line for line in further["text"].splitlines() if "section[0].section[0]" in line] == [
            "section[0].section[0].title: Life style / Alcohol",
            "section[0].section[0].entry[0].display: does not drink alcohol",
        ]

    def test_a_section_without_a_title_gets_none_in_words(self) -> None:
        section = {"code": {"coding": [{"system": "urn:x", "code": "p"}]}, "entry": [{"reference": "Condition/1"}]}
        (further,) = case_of(condition(), composition={"section": [section]})["other_sections"]

        assert "section[0].code: [urn:x|p]" in further["text"] and "section[0].title" not in further["text"]

    @pytest.mark.parametrize(("status", "said"), [("preliminary", True), ("amended", True), ("final", False)])
    def test_a_document_that_is_not_final_says_so(self, status: str, said: bool) -> None:
        (further,) = case_of(composition={"status": status})["other_sections"]

        assert (f"status: {status}" in further["text"]) == said

    def test_an_empty_section_keeps_its_reason(self) -> None:
        reason = {"coding": [{"system": "urn:x", "code": "nilknown"}]}
        case = self.sections({"title": "Allergies", "emptyReason": reason})

        assert case["other_sections"][0] == {"title": "Allergies", "text": "", "empty_reason": reason}

    def test_signatures_of_the_source_are_words(self) -> None:
        document = bundle(signature={"when": "2026-03-02T10:00:00Z", "who": {"display": "Grete"}, "data": "AAAA"})
        reading = read(document)

        assert reading.case is not None
        (section,) = [one for one in reading.case["other_sections"] if one["title"] == "Signatures of the source"]
        assert "Grete" in section["text"] and "AAAA" in section["text"]


class TestReports:
    """Results of reports are observations of the case."""

    def test_results_refer_to_observations_of_the_case(self) -> None:
        report = {
            "resourceType": "DiagnosticReport",
            "id": "r",
            "status": "final",
            "subject": SUBJECT,
            "code": {"text": "Pulse"},
            "result": [{"reference": "Observation/1"}, {"reference": "Observation/9", "display": "Elsewhere"}],
        }
        case = case_of(report, observation())

        assert case["observations"][0]["id"] == "1"
        assert case["diagnostic_reports"][0]["results"] == ["1"]
        assert case["diagnostic_reports"][0]["note"] == "result[1]: Elsewhere (Observation/9)"


def raw(**more: Any) -> bytes:
    return as_json(bundle(condition()) | more)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", "XML"),
        (b"{}", "not a FHIR resource"),
        (b"[]", "not a FHIR resource"),
        (b'{"resourceType": "Patient"}', "not a Bundle"),
        (raw(type="collection"), "not document"),
        (raw(entry=[]), "first entry"),
        (raw(implicitRules="urn:x"), "implicitRules"),
        (as_json(bundle(condition(clinicalStatus="active"))), "STU3"),
        (as_json(bundle(condition(patient=SUBJECT))), "DSTU2"),
        (as_json(bundle({"resourceType": "MedicationOrder", "id": "1"})), "DSTU2"),
        (as_json(bundle(composition={"subject": [SUBJECT]})), "R5"),
        (as_json(bundle(request(medication={"concept": {"text": "x"}}))), "R5"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_document_of_r4_is_refused_by_name(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_document(parsed(content), is_unit)

    assert said in error.value.reason


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b"[" * 1000 + b"]" * 1000,
        b'"\\ud800"',
        b'{"a": "\\u0000"}',
        b"\xff",
        b"[" + b"{}," * 300_000 + b"{}]",
    ],
    ids=range(9),
)
def test_ambiguous_json_is_refused(content: bytes) -> None:
    with pytest.raises(NotJson):
        parsed(content)


@pytest.mark.parametrize(
    "document",
    [
        bundle(*(observation(id=str(number)) for number in range(4000))),
        bundle(observation(note=[{"text": "<" * 1_000_000}])),
        bundle(composition={"section": [{"title": "x", "text": {"div": "<div>" + "<" * 1_000_000 + "</div>"}}]}),
        bundle(composition={"section": [{"title": "x", "text": {"div": "<!--" * 300_000}}]}),
        bundle(observation(valueQuantity={"value": Decimal("1e300")})),
        bundle(observation(**{f"x{number}": "y" for number in range(100_000)})),
    ],
    ids=["many-entries", "long-note", "brackets", "comments", "exponent", "many-properties"],
)
def test_hostile_input_takes_bounded_time(document: Json) -> None:
    started = time.perf_counter()
    reading = read(document)

    assert time.perf_counter() - started < 20
    assert reading.case is not None and VALID.errors(reading.case) == []


def test_more_resources_than_the_limit_are_refused() -> None:
    with pytest.raises(Unreadable, match="more than 5000 resources"):
        read(bundle(*(condition(id=str(number)) for number in range(10_000))))


def test_the_documentation_shows_what_the_code_keeps() -> None:
    checked = subprocess.run(
        [sys.executable, "tools/fhir_import_table.py", "--check"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stderr
