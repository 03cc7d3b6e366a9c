"""Hostile FHIR takes bounded time and memory, and gets an answer."""

import base64
import time
import tracemalloc
from typing import Any

import orjson
import pytest

from clincore.openapi import component
from clincore.records.fhir.reading import in_process
from clincore.records.fhir.reading.context import Context
from clincore.records.fhir.reading.fit import fit
from clincore.records.fhir.reading.index import Index
from clincore.records.fhir.reading.report import Reading, Row
from clincore.records.fhir.reading.sections import split
from support.fhir_in import PATIENT, SUBJECT, Json, as_json, bundle, condition, observation

VALID = component("CaseInput")
SECONDS_MAX = 10
NOTE = "urn:clincore:fhir:note"
NOTED = "urn:clincore:fhir:noted"


def report(**more: Any) -> Json:
    return {"resourceType": "DiagnosticReport", "id": "1", "status": "final", "subject": SUBJECT} | {
        "code": {"text": "Blood count"},
        **more,
    }


def packed(content: bytes) -> str:
    return base64.b64encode(content).decode()


def noted(field: str, content: bytes) -> Json:
    parts = [{"url": "field", "valueCode": field}, {"url": "value", "valueBase64Binary": packed(content)}]
    return {"url": NOTED, "extension": parts}


def answer(content: bytes) -> list[Any]:
    """What the separate process answers, in bounded time: a case that is valid, or why there is none."""
    started = time.perf_counter()
    made: list[Any] = orjson.loads(orjson.dumps(in_process.read(content.decode()), default=tuple))
    assert time.perf_counter() - started < SECONDS_MAX
    if made[0] is not None:
        fitting = fit(Reading(made[0], [Row(*row) for row in made[1]]), VALID.errors)
        assert fitting.case is not None and VALID.errors(fitting.case) == []
    return made


@pytest.mark.parametrize("number", ["1e-99999999999999999999", "0e99999999999999999999", "1" * 5000, "-1e308"])
def test_a_number_of_any_size_gets_an_answer(number: str) -> None:
    content = as_json(bundle(observation(valueQuantity={"value": "@"})))

    answer(content.replace(b'"@"', number.encode()))


@pytest.mark.parametrize("reference", ["&#" + "1" * 5000 + ";", "&#x" + "f" * 5000 + ";", "&" + "a" * 5000, "&#0;"])
def test_a_reference_to_no_character_gets_an_answer(reference: str) -> None:
    div = f"<div>{reference}<img alt='{reference}'/></div>"
    own = [{"url": "urn:clincore:fhir:section", "valueCode": "plan"}]
    sections = [{"title": "x", "text": {"div": div}}, {"title": "y", "extension": own, "text": {"div": div}}]

    assert answer(as_json(bundle(composition={"section": sections})))[0] is not None


@pytest.mark.parametrize(
    "content", [b"[" * 200 + b"]" * 200, b"[" * 900 + b"]" * 900, b'"a\\u0000"', b'{"text": "a\\u0000"}', b"{"]
)
def test_values_packed_by_another_system_that_no_case_holds_are_words(content: bytes) -> None:
    resource = condition(note=[{"text": "Words", "extension": [noted("stage", content)]}])
    letter = bundle(resource, report(extension=[{"url": NOTE, "valueBase64Binary": packed(content)}]))

    case = answer(as_json(letter))[0]
    assert "stage" not in case["conditions"][0] and "Words" in case["conditions"][0]["note"]


def test_many_extensions_of_one_kind_take_bounded_time() -> None:
    answer(as_json(bundle(report(extension=[{"url": NOTE, "valueString": "x"} for _ in range(15_000)]))))


@pytest.mark.parametrize("versions", [True, False])
def test_many_resources_that_claim_one_identity_take_bounded_time(versions: bool) -> None:
    claimants = [
        observation(valueInteger=number, **({"meta": {"versionId": str(number)}} if versions else {}))
        for number in range(3000)
    ]

    answer(as_json(bundle(*claimants)))


def test_a_name_of_many_parts_and_a_long_text_takes_bounded_time() -> None:
    name = {"text": "x" * 800_000, "given": ["xxxxxxy"] * 60_000}

    answer(as_json(bundle(patient=PATIENT | {"name": [name]})))


def test_many_codes_of_units_take_bounded_time() -> None:
    started = time.perf_counter()
    context = Context(Index(), lambda code: False)

    assert not any(context.is_unit(str(number)) for number in range(60_000))
    assert time.perf_counter() - started < SECONDS_MAX


def test_many_resources_in_one_with_much_content_take_bounded_time() -> None:
    inner = [{"resourceType": "Observation", "id": str(number), "code": {"text": "x"}} for number in range(900)]
    outer = condition(contained=inner, extension=[{"url": "x", "valueInteger": 1}] * 25_000)

    answer(as_json(bundle(outer)))


def test_a_long_title_is_not_repeated_for_each_section_below_it() -> None:
    below = [{"title": "b", "entry": [{"reference": "Condition/1"}]}] * 1000
    section = {"title": "a" * 100_000, "text": {"div": "<div>x</div>"}, "section": below}
    content = as_json(bundle(condition(), composition={"section": [section]})).decode()

    tracemalloc.start()
    in_process.read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50_000_000


def test_many_references_to_a_resource_with_a_long_name_take_bounded_time() -> None:
    order = {"resourceType": "ServiceRequest", "id": "1", "code": {"text": "t" * 500_000}}

    made = answer(as_json(bundle(order, observation(basedOn=[{"reference": "ServiceRequest/1"}] * 10_000))))
    assert made[0] is not None


def test_a_case_that_grows_beyond_its_limit_does_not_leave_the_process() -> None:
    identifiers = [{"system": f"urn:{'s' * 240}{number}", "value": "v" * 250} for number in range(10)]
    person = {"resourceType": "Practitioner", "id": "1", "identifier": identifiers}
    observations = [
        observation(id=str(number), performer=[{"reference": "Practitioner/1"}] * 10) for number in range(900)
    ]

    case, _, reason = answer(as_json(bundle(person, *observations)))
    assert case is None and "more than 1048576 bytes" in reason


def test_a_long_text_is_split_in_bounded_time() -> None:
    started = time.perf_counter()
    text = "word " * 10_000_000

    assert "".join(split(text)) == text
    assert time.perf_counter() - started < SECONDS_MAX
