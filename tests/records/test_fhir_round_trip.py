"""A document of a case, read back, is the same case."""

import json
from copy import deepcopy
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clincore.records import content_rules
from clincore.records.fhir import document as fhir
from clincore.records.fhir.reading.documents import SIGNATURES, read_document
from clincore.records.fhir.reading.fit import fit
from clincore.records.fhir.reading.parsing import parsed
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
@settings(FEW, max_examples=2000)
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


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda text: text.replace('"title":"Migraine"', '"title":"Changed"'), "title"),
        (lambda text: text.replace("2019 to 2018", "2020 to 2021"), "conditions"),
    ],
)
def test_a_document_that_was_edited_counts_as_it_reads(change: Any, field: str) -> None:
    """An extension with the exact value must not restore what an editor has changed."""
    range_ = {"low": {"value": "3", "unit": "mg"}, "high": {"value": "2", "unit": "kg"}}
    body = {"title": "Migraine", "conditions": [{"code": {"text": "x"}, "onset": {"range": range_}}]}
    text = written(body).decode()
    edited = change(text) if field == "title" else text.replace('"onsetString":"3 mg to 2 kg"', '"onsetString":"3"')
    assert edited != text
    case = read_document(parsed(edited.encode()), lambda code: True).case

    assert case is not None
    assert case["title"] == "Changed" if field == "title" else case["conditions"][0]["onset"] == {"string": "3"}


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
