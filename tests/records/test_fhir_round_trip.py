"""A document of a case, read back, is the same case."""

import json
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clincore.openapi import component
from clincore.records import content_rules
from clincore.records.fhir import document as fhir
from clincore.records.fhir.reading.documents import SIGNATURES, read_document
from clincore.records.fhir.reading.fit import fit
from clincore.records.fhir.reading.parsing import parsed
from clincore.records.fhir.reading.report import Unreadable
from clincore.records.fhir.vocabulary import exact, noted
from support.case_bodies import Bodies
from support.contract import CONTRACT
from support.fhir import signature

Json = dict[str, Any]

CASE: Json = CONTRACT.document["components"]["schemas"]["Case"]["example"]
DEFAULTS = {name: CASE[name] for name in ("id", "status", "version", "created_at", "updated_at", "revision", "type")}
PROFILES = [None, *get_args(fhir.Profile)]
SEEDS = st.integers(0, 2**32)
FEW = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def written(body: Json, *signatures: Json, profile: Any = None) -> bytes:
    """The document of a case with this content."""
    case = {**DEFAULTS, **deepcopy(body)}
    system = "urn:clincore:revision"
    return fhir.as_json(fhir.document(case, identifier_system=system, signatures=signatures, profile=profile))


def content(body: Json) -> Json:
    """The content of a case with this body. An empty list or object is none."""
    return {"type": DEFAULTS["type"]} | {name: value for name, value in body.items() if value not in ([], {})}


@pytest.mark.parametrize("profile", PROFILES)
@given(seed=SEEDS)
@FEW
def test_every_case_comes_back_field_by_field(profile: Any, seed: int) -> None:
    body = Bodies(Random(seed)).case()
    reading = read_document(parsed(written(body, profile=profile)), lambda code: True)

    assert reading.case == content(body)
    assert [row for row in reading.rows if row.outcome != "kept"] == []
    assert fit(reading, lambda case: content_rules.errors(case, lambda code: True)) == reading


@pytest.mark.slow
@pytest.mark.parametrize("profile", PROFILES)
@given(seed=SEEDS)
@settings(FEW, max_examples=800)
def test_more_cases_come_back_field_by_field(profile: Any, seed: int) -> None:
    body = Bodies(Random(seed)).case()

    assert read_document(parsed(written(body, profile=profile)), lambda code: True).case == content(body)


@given(seed=SEEDS)
@settings(FEW, max_examples=20)
def test_signatures_of_a_signed_case_come_back_as_words_in_a_section_of_their_own(seed: int) -> None:
    body = Bodies(Random(seed)).case()
    body["other_sections"] = body.get("other_sections", [])[:3]
    signed = written(body, signature("authorship"), signature("review", minute=1, name="Bert"))
    case = read_document(parsed(signed), lambda code: True).case

    assert case is not None
    *others, said = case["other_sections"]
    assert said["title"] == SIGNATURES and "Bert" in said["text"]
    assert content({**case, "other_sections": others}) == content(body)


def test_the_people_who_signed_come_back_in_the_words_about_signatures() -> None:
    """They were refused, so each import of a signed case of ClinCore reported a loss."""
    author = {"name": "Dr. Grete Beispiel"}
    bert = {"name": "Bert", "role": "Head", "identifier": {"system": "urn:staff", "value": "4711"}}
    signed = written({"title": "x", "author": author}, signature("authorship"), signature("review", minute=1, **bert))
    reading = read_document(parsed(signed), lambda code: True)

    assert reading.case is not None
    said = reading.case["other_sections"][0]["text"]
    assert "4711" in said and "code: Head" in said
    assert {row.outcome for row in reading.rows} == {"kept", "noted"}
    people = [row.outcome for row in reading.rows if row.resource.startswith("Practitioner")]
    # The first signer is the author.
    assert sorted(people) == ["kept", "noted", "noted"]


def test_a_document_that_was_edited_counts_as_it_reads() -> None:
    """An extension with the exact value must not restore what an editor has changed."""
    limits = {"low": {"value": "3", "unit": "mg"}, "high": {"value": "2", "unit": "kg"}}
    condition = {"code": {"text": "a\x01b"}, "onset": {"range": limits}}
    text = written({"title": "x", "conditions": [condition]}).decode()
    edited = text.replace('"onsetString":"3 mg to 2 kg"', '"onsetString":"3"').replace(
        '"text":"a\ufffdb"', '"text":"c"'
    )
    assert len(edited) < len(text) - 10
    case = read_document(parsed(edited.encode()), lambda code: True).case

    assert case is not None
    assert case["conditions"][0]["code"] == {"text": "c"}
    assert case["conditions"][0]["onset"] == {"string": "3"}


@pytest.mark.parametrize(
    ("body", "before", "after", "shown"),
    [
        pytest.param(
            {"medications": [{"kind": "statement", "medication": {"text": "m"}}]},
            '"status":"unknown"',
            '"status":"entered-in-error"',
            {"status": "entered_in_error"},
            id="assumed-code",
        ),
        pytest.param(
            {"allergies": [{"code": {"text": "a"}}]},
            '"code":"active"',
            '"code":"resolved"',
            {"clinical_status": "resolved"},
            id="assumed-concept",
        ),
        pytest.param(
            {"conditions": [{"code": {"text": "c"}, "clinical_status": "active", "abatement": {"string": "May"}}]},
            '"abatement: May"',
            '"abatement: never"',
            {"note": "abatement: never"},
            id="field-in-a-note",
        ),
        pytest.param(
            {"other_sections": [{"title": "s", "text": "a\x01b"}]},
            "a\ufffdb</p>",
            "changed</p>",
            {"text": "changed"},
            id="section",
        ),
    ],
)
def test_what_was_assumed_or_packed_counts_only_while_it_reads_so(
    body: Json, before: str, after: str, shown: Json
) -> None:
    text = written({"title": "x", **body}).decode()
    assert before in text
    case = read_document(parsed(text.replace(before, after).encode()), lambda code: True).case

    assert case is not None
    ((made,),) = ([*case[field]] for field in body)
    assert {name: made[name][: len(value)] for name, value in shown.items()} == shown
    assert "abatement" not in made


def test_a_section_is_taken_for_a_list_only_in_a_document_of_clincore() -> None:
    text = written({"title": "x", "conditions": [{"code": {"text": "Migraine"}}]}).decode()
    text = text.replace("urn:clincore:revision", "urn:other").replace("<li>Migraine", "<li>No migraine")
    case = read_document(parsed(text.encode()), lambda code: True).case

    assert case is not None
    assert any("No migraine" in section["text"] for section in case["other_sections"])


@pytest.mark.parametrize("value", [{"coding": 5}, {"value": {}, "code": 1}, {"start": []}, 1.5, {"low": 1}, None, {}])
def test_packed_values_that_no_case_has_are_not_taken(value: Any) -> None:
    bundle = parsed(written({"title": "x", "conditions": [{"code": {"text": "c"}, "onset": {"string": "May"}}]}))
    (onset,) = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Condition"]
    onset |= {"_onsetString": {"extension": [exact(value)]}}
    onset |= {"note": [{"text": "Words", "extension": [noted("stage", value)]}]}
    reading = fit(read_document(bundle, lambda code: True), VALID.errors)

    assert reading.case is not None
    (made,) = reading.case["conditions"]
    assert made["onset"] == {"string": "May"} and "stage" not in made


def test_packed_units_that_are_none_are_not_taken() -> None:
    drops = {"value": "5", "system": "http://unitsofmeasure.org", "code": "gtt"}
    limits = {"low": drops, "high": drops | {"code": "mg"}}
    body = {"conditions": [{"code": {"text": "c"}, "onset": {"range": limits}}]}
    case = read_document(parsed(written({"title": "x", **body})), lambda code: code == "mg").case

    assert case is not None
    assert case["conditions"][0]["onset"] == {"string": "5 gtt to 5 mg"}


def test_what_was_erased_is_absent_and_reported() -> None:
    body = {"title": "x", "erased": ["plan", "conditions"]}
    bundle = parsed(written(body))
    reading = read_document(bundle, lambda code: True)

    assert reading.case == content({"title": "x"})
    assert {row.reason for row in reading.rows if row.outcome == "noted"} == {
        "plan was erased in the source",
        "conditions was erased in the source",
    }
    assert json.dumps(reading.case)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of each part of a JSON value."""
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


def damaged(bundle: Json, random: Random) -> Json:
    """A copy of the Bundle with another value, or a further property, somewhere."""
    made = deepcopy(bundle)
    *path, last = random.choice([path for path in places(made) if path])
    node: Any = made
    for part in path:
        node = node[part]
    if isinstance(node, dict) and random.random() < 0.3:
        last = random.choice((f"_{last}", "extension", "modifierExtension", "contained", "meta", "note", "text"))
    node[last] = deepcopy(random.choice(DAMAGES))
    return made


DAMAGES: tuple[Any, ...] = (
    *(None, True, 0, -1, Decimal("1.5"), "", "x", " ", "2019", "2019-99", "x" * 3000),
    *([], {}, [[]], [{}], [None], ["x"], {"x": 1}),
    *({"reference": "#"}, {"coding": "x"}, {"coding": [1]}, {"coding": [{}], "text": 5}, {"value": "x"}),
    *({"start": 5}, {"low": {}, "high": {}}, {"value": 1, "system": "http://unitsofmeasure.org", "code": "mg"}),
    {"extension": [exact({})]},
    [noted("code", None)],
    [{"extension": [noted("value", {"x": [1]})]}],
)
VALID = component("CaseInput")


def check_damaged(seed: int) -> None:
    random = Random(seed)
    bundle = damaged(parsed(written(Bodies(random).case(), profile=random.choice(PROFILES))), random)
    try:
        reading = fit(read_document(bundle, lambda code: True), VALID.errors)
        reading = fit(reading, lambda case: content_rules.errors(case, lambda code: True))
    except Unreadable as error:
        assert error.reason
    else:
        assert VALID.errors(reading.case) == []
        assert content_rules.errors(reading.case or {}, lambda code: True) == []


@given(seed=SEEDS)
@settings(FEW, max_examples=200)
def test_a_damaged_document_gives_a_valid_case_or_a_reason(seed: int) -> None:
    check_damaged(seed)


@pytest.mark.slow
@given(seed=SEEDS)
@settings(FEW, max_examples=2000)
def test_more_damaged_documents_give_valid_cases_or_reasons(seed: int) -> None:
    check_damaged(seed)
