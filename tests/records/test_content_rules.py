"""The rules for the content of a case: each is found at its place, and nothing else is refused."""

from collections.abc import Iterator
from typing import Any

import pytest

from clincore.records import content_rules, units
from support.cases import CONSULTATION
from support.contract import CONTRACT

Json = dict[str, Any]

SCHEMAS = CONTRACT.document["components"]["schemas"]
CODE = {"text": "x"}
MG = {"system": units.UCUM, "code": "mg"}


def observation(**more: Any) -> Json:
    return {"observations": [{"code": CODE, **more}]}


def medication(kind: str = "request", **more: Any) -> Json:
    return {"medications": [{"kind": kind, "medication": CODE, **more}]}


def timing(**more: Any) -> Json:
    return medication(dosages=[{"timing": more}])


def amount(value: str, **unit: str) -> Json:
    return {"value": value, **unit}


def wrong(content: Json) -> list[str]:
    """The pointers of what is wrong with valid content."""
    assert CONTRACT.errors(SCHEMAS["CaseInput"], {"title": "x", **content}) == []
    return [pointer for pointer, _ in content_rules.errors(content, units.is_unit)]


REFUSED = {
    # 1. No calendar has the date.
    "a birthday": (
        {"subject": {"identifiers": [{"system": "a:b", "value": "1"}], "birth_date": "2019-02-29"}},
        "/subject/birth_date",
    ),
    "a day of an observation": (
        observation(effective={"date_time": "2019-04-31"}),
        "/observations/0/effective/date_time",
    ),
    "a time": (observation(value={"date_time": "2019-02-30T10:00:00Z"}), "/observations/0/value/date_time"),
    "an event": (timing(events=["2020-02-29", "2021-02-29"]), "/medications/0/dosages/0/timing/events/1"),
    "the end of an encounter": ({"encounter": {"period": {"end": "2019-06-31"}}}, "/encounter/period/end"),
    "the onset of a reaction": (
        {"allergies": [{"code": CODE, "reactions": [{"manifestations": [CODE], "onset": "2019-09-31"}]}]},
        "/allergies/0/reactions/0/onset",
    ),
    "an expiration date": (
        {"immunizations": [{"vaccine_code": CODE, "expiration_date": "2019-11-31"}]},
        "/immunizations/0/expiration_date",
    ),
    "a recorded date": ({"conditions": [{"code": CODE, "recorded_date": "2019-02-29"}]}, "/conditions/0/recorded_date"),
    # 2. A period ends before it starts.
    "the period of the case": (
        {"period": {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T09:59:59+01:00"}},
        "/period/end",
    ),
    "an encounter": ({"encounter": {"period": {"start": "2019", "end": "2018-12-31"}}}, "/encounter/period/end"),
    "an onset": (
        {"conditions": [{"code": CODE, "onset": {"period": {"start": "2019-06", "end": "2019-05"}}}]},
        "/conditions/0/onset/period/end",
    ),
    "the bounds of a timing": (
        timing(bounds={"period": {"start": "2019-05-03", "end": "2019-05-02"}}),
        "/medications/0/dosages/0/timing/bounds/period/end",
    ),
    # 3. A range ends before it starts.
    "a range": (
        observation(value={"range": {"low": amount("10", **MG), "high": amount("9.99", **MG)}}),
        "/observations/0/value/range/high",
    ),
    "a range without units": (
        {"procedures": [{"code": CODE, "performed": {"range": {"low": amount("2"), "high": amount("-2")}}}]},
        "/procedures/0/performed/range/high",
    ),
    "a range with a unit in words": (
        medication(dosages=[{"dose": {"range": {"low": amount("2", unit="x"), "high": amount("1", unit="x")}}}]),
        "/medications/0/dosages/0/dose/range/high",
    ),
    "the age of a reference range": (
        observation(reference_ranges=[{"text": "x", "age": {"low": amount("2"), "high": amount("1")}}]),
        "/observations/0/reference_ranges/0/age/high",
    ),
    # 4. A code without a system, and a code that is no unit.
    "a code without a system": (
        observation(value={"quantity": amount("1", code="mg")}),
        "/observations/0/value/quantity/system",
    ),
    "no unit": (
        observation(value={"quantity": amount("1", system=units.UCUM, code="mgs")}),
        "/observations/0/value/quantity/code",
    ),
    "no unit in a ratio": (
        medication(
            dosages=[{"max": {"numerator": amount("1", **MG), "denominator": amount("1", **MG | {"code": "x"})}}]
        ),
        "/medications/0/dosages/0/max/denominator/code",
    ),
    "no unit of a dose": (
        {"immunizations": [{"vaccine_code": CODE, "dose_quantity": amount("1", **(MG | {"code": "drops"}))}]},
        "/immunizations/0/dose_quantity/code",
    ),
    # 5. A value that is absent.
    "an absent value": (
        observation(value={"boolean": False}, data_absent_reason=CODE),
        "/observations/0/data_absent_reason",
    ),
    "an absent value of a component": (
        observation(components=[{"code": CODE}, {"code": CODE, "value": {"integer": 0}, "data_absent_reason": CODE}]),
        "/observations/0/components/1/data_absent_reason",
    ),
    # 6. A reference range without limits.
    "a reference range of nothing": (
        observation(reference_ranges=[{"text": "x"}, {"type": CODE}]),
        "/observations/0/reference_ranges/1",
    ),
    "a reference range of nothing in a component": (
        observation(components=[{"code": CODE, "reference_ranges": [{"applies_to": [CODE]}]}]),
        "/observations/0/components/0/reference_ranges/0",
    ),
    # 7. Timings.
    "an offset from nothing": (timing(offset=30), "/medications/0/dosages/0/timing/when"),
    "an offset from a meal itself": (timing(offset=0, when=["AC", "CM"]), "/medications/0/dosages/0/timing/offset"),
    "events and times of day": (
        timing(when=["HS"], times_of_day=["08:00:00"]),
        "/medications/0/dosages/0/timing/times_of_day",
    ),
    # 8. What FHIR does not have for the kind of a medication.
    "a status of a request": (medication("request", status="intended"), "/medications/0/status"),
    "a status of a statement": (medication("statement", status="cancelled"), "/medications/0/status"),
    "a status of an administration": (medication("administration", status="active"), "/medications/0/status"),
    "a status of a dispense": (medication("dispense", status="not_done"), "/medications/0/status"),
    "the intent of a statement": (medication("statement", intent="order"), "/medications/0/intent"),
    "a negated dispense": (medication("dispense", do_not_perform=False), "/medications/0/do_not_perform"),
    # 9. Ids.
    "one id twice": (
        {"observations": [{"code": CODE, "id": "a"}, {"code": CODE}, {"code": CODE, "id": "a"}]},
        "/observations/2/id",
    ),
    "a result that no observation has": (
        observation(id="a") | {"diagnostic_reports": [{"code": CODE, "results": ["a", "b"]}]},
        "/diagnostic_reports/0/results/1",
    ),
}


@pytest.mark.parametrize(("content", "pointer"), REFUSED.values(), ids=REFUSED)
def test_content_that_breaks_a_rule_is_refused_at_the_place(content: Json, pointer: str) -> None:
    assert wrong(content) == [pointer]


ALLOWED = {
    "a leap day": observation(effective={"date_time": "2020-02-29"}),
    "a year that ends in one of its months": {"encounter": {"period": {"start": "2019", "end": "2019-05"}}},
    "a month that ends with its year": {"encounter": {"period": {"start": "2019-05", "end": "2019"}}},
    "one day": {"encounter": {"period": {"start": "2019-05-03", "end": "2019-05-03"}}},
    "one moment": {"period": {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T10:00:00+01:00"}},
    # It is still the third in the west, where the day may have been written.
    "a day that ends in the west": {"encounter": {"period": {"start": "2019-05-04T11:00:00Z", "end": "2019-05-03"}}},
    "a day that began in the east": {"encounter": {"period": {"start": "2019-05-04", "end": "2019-05-03T10:00:00Z"}}},
    "the last year": {"encounter": {"period": {"start": "2999", "end": "2999-12-31T23:59:59.999999999-14:00"}}},
    "the end of a period without a start": {"encounter": {"period": {"end": "2019"}}},
    "a range of one amount": observation(value={"range": {"low": amount("1.0", **MG), "high": amount("1.00", **MG)}}),
    "a range of two units": observation(
        value={"range": {"low": amount("10", **MG), "high": amount("1", **MG | {"code": "g"})}}
    ),
    "a reference range that FHIR does not order": observation(
        reference_ranges=[{"low": amount("2"), "high": amount("1")}]
    ),
    "a code of another system": observation(value={"quantity": amount("1", system="http://example.org/u", code="x")}),
    "a unit in words": observation(value={"quantity": amount("1", unit="drops")}),
    "a code of UCUM as a meaning": observation(
        value={"concept": {"coding": [{"system": units.UCUM, "code": "not a unit"}]}}
    ),
    "an absent value beside components": observation(
        data_absent_reason=CODE, components=[{"code": CODE, "value": {"boolean": True}}]
    ),
    "an offset before meals": timing(offset=30, when=["AC", "HS"]),
    "metadata like other properties": {"metadata": {"start": "2019", "end": "2018", "date_time": "2019-02-30"}},
    "the example": CONSULTATION,
}


@pytest.mark.parametrize("content", ALLOWED.values(), ids=ALLOWED)
def test_content_that_keeps_the_rules_is_allowed(content: Json) -> None:
    content = {name: value for name, value in content.items() if name != "title"}

    assert wrong(content) == []


KINDS = ("statement", "request", "administration", "dispense")


@pytest.mark.parametrize("kind", KINDS)
def test_each_status_of_a_medication_is_allowed_for_a_kind_and_no_other_status_is(kind: str) -> None:
    statuses = set(SCHEMAS["MedicationStatus"]["enum"])
    allowed = {status for status in statuses if not wrong(medication(kind, status=status))}

    assert {"completed", "entered_in_error", "on_hold", "unknown"} <= allowed < statuses
    assert statuses == {s for each in KINDS for s in statuses if not wrong(medication(each, status=s))}


def properties(schema: Json, name: str = "") -> Iterator[tuple[str, str]]:
    """Names of the properties below a schema, each with the name of its schema."""
    seen: set[tuple[str, str]] = set()

    def walk(node: Any, name: str) -> Iterator[tuple[str, str]]:
        if "$ref" in node:
            reached = node["$ref"].rpartition("/")[2]
            if (name, reached) not in seen:
                seen.add((name, reached))
                yield name, reached
                yield from walk(SCHEMAS[reached], name)
        if "items" in node:
            yield from walk(node["items"], name)
        for each, part in node.get("properties", {}).items():
            yield from walk(part, each)

    yield from walk(schema, name)


def test_the_rules_know_every_date_of_the_contract_by_its_name() -> None:
    found = list(properties(SCHEMAS["CaseInput"]))
    dates = {name for name, schema in found if schema in ("PartialDate", "PartialDateTime")}

    # `end` and `start` are also those of the case's period, which have an offset.
    assert dates == content_rules.DATES


def test_the_lists_of_entries_are_those_of_the_contract() -> None:
    listed = {
        name
        for name, schema in SCHEMAS["CaseInput"]["properties"].items()
        if CONTRACT.resolve(schema).get("type") == "array" and name != "tags"
    }

    assert set(content_rules.LISTS) == listed


def test_at_most_ten_errors_are_listed() -> None:
    dates = timing(events=["2019-02-30"] * 20)
    ids = {"observations": [{"code": CODE, "id": "a"}] * 30}

    assert len(wrong(dates)) == len(wrong(ids)) == len(wrong(dates | ids)) == content_rules.ERRORS_MAX


def test_a_case_has_at_most_a_hundred_units() -> None:
    def case(count: int) -> Json:
        codes = [f"{{a{number}}}" for number in range(count)]
        return {"observations": [{"code": CODE, "value": {"quantity": amount("1", **MG | {"code": c})}} for c in codes]}

    most = case(content_rules.UNITS_MAX)
    more = case(content_rules.UNITS_MAX + 1)

    assert wrong(most) == wrong({"observations": most["observations"] * 10}) == []
    assert wrong(more) == ["/observations/100/value/quantity/code"]


def test_the_units_of_a_case_have_a_bounded_length_together() -> None:
    """Each character takes time to parse, so a hundred of the longest units would take longer than a request may."""
    codes = [f"{{{number:098}}}" for number in range(15)]
    quantities = [{"code": CODE, "value": {"quantity": amount("1", **MG | {"code": code})}} for code in codes]
    assert sum(map(len, codes)) == content_rules.UNIT_CHARACTERS_MAX

    assert wrong({"observations": quantities}) == []
    more = {"code": CODE, "value": {"quantity": amount("1", **MG)}}
    assert wrong({"observations": [*quantities, more]}) == ["/observations/15/value/quantity/code"]
