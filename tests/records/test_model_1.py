"""Content in version 1 of the model, read as version 2: nothing is lost, and the result is valid."""

from copy import deepcopy
from typing import Any

import orjson
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clincore.records import content_rules, drafts
from clincore.records.model_1 import to_version_2
from support.contract import CONTRACT
from support.model_1 import VERSION_1, VERSION_2
from support.paths import ROOT

Json = dict[str, Any]

CASE_INPUT = CONTRACT.document["components"]["schemas"]["CaseInput"]
CODING = {"system": "a:b", "code": "c", "display": "d"}
CONCEPT = {"coding": [CODING]}
CODE = {"code": CODING}
LATE = {"start": "2026-03-02T09:00:00.5+20:00"}
MINUTE = {"value": "72", "unit": "beats/min", "code": "/min"}
OF_UCUM = {"system": "http://unitsofmeasure.org"}


def test_a_whole_case_is_converted() -> None:
    before = deepcopy(VERSION_1)

    assert to_version_2(VERSION_1) == VERSION_2
    assert before == VERSION_1


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("author", {"name": "A", "identifier": {"system": "a:b", "value": "1"}},
         {"name": "A", "identifiers": [{"system": "a:b", "value": "1"}]}),
        ("conditions", {**CODE, "abatement": "2026-03-02T09:00:00-00:00", "note": ""},
         {"code": CONCEPT, "abatement": {"date_time": "2026-03-02T09:00:00-00:00"}}),
        # Offsets beyond 14 hours are the same moment in UTC.
        ("allergies", {**CODE, "onset": "2026-03-02T09:00:00.123456789+14:01"},
         {"code": CONCEPT, "onset": {"date_time": "2026-03-01T18:59:00.123456789Z"}}),
        ("allergies", {**CODE, "onset": "2026-03-02T09:00:00-14:00"},
         {"code": CONCEPT, "onset": {"date_time": "2026-03-02T09:00:00-14:00"}}),
        ("allergies", {**CODE, "onset": "2026-03-02T09:00:00-23:59"},
         {"code": CONCEPT, "onset": {"date_time": "2026-03-03T08:59:00Z"}}),
        ("allergies", {**CODE, "onset": "2999-12-31T23:59:59-20:00", "reaction": ""},
         {"code": CONCEPT, "onset": {"date_time": "2999-12-31"}}),
        ("medications", {"medication": CODING, "effective": LATE, "reason": CODING, "dosage": "", "note": "n"},
         {"kind": "statement", "medication": CONCEPT, "effective": {"period": {"start": "2026-03-01T13:00:00.5Z"}},
          "reasons": [CONCEPT], "note": "n"}),
        ("observations", {**CODE, "category": CODING, "interpretation": CODING, "value_string": "", "components": []},
         {"code": CONCEPT, "categories": [CONCEPT], "interpretations": [CONCEPT]}),
        ("observations", {**CODE, "value_coding": CODING}, {"code": CONCEPT, "value": {"concept": CONCEPT}}),
        ("observations", {**CODE, "value_string": "s"}, {"code": CONCEPT, "value": {"string": "s"}}),
        # It is signed as a unit of UCUM, and stays one.
        ("observations", {**CODE, "value_quantity": {"value": "1", "code": "drops"}},
         {"code": CONCEPT, "value": {"quantity": {"value": "1", **OF_UCUM, "code": "drops"}}}),
        ("observations", {**CODE, "value_quantity": MINUTE, "value_coding": CODING, "value_string": "s", "note": "n"},
         {"code": CONCEPT, "value": {"quantity": {**MINUTE, **OF_UCUM}}, "note": "n\n\nValue: d (a:b|c)\n\nValue: s"}),
        ("observations", {**CODE, "components": [{**CODE, "value_coding": CODING, "value_string": "s"}]},
         {"code": CONCEPT, "components": [{"code": CONCEPT, "value": {"concept": CONCEPT}}],
          "note": "d (a:b|c): Value: s"}),
    ],
)  # fmt: skip
def test_each_field_is_converted(field: str, old: Json, new: Json) -> None:
    if field == "author":
        assert to_version_2({field: old}) == {field: new}
    else:
        assert to_version_2({field: [old]}) == {field: [new]}


def test_words_that_no_note_can_hold_go_into_a_section() -> None:
    observation = {**CODE, "value_coding": CODING, "value_string": "s" * 2000, "note": "n" * 2000}

    converted = to_version_2({"observations": [observation] * 30})

    assert {one["note"] for one in converted["observations"]} == {"n" * 2000}
    sections = converted["other_sections"]
    assert [one["title"] for one in sections] == ["Further notes"] * len(sections)
    text = "".join(one["text"] for one in sections)
    assert text == "\n\n".join(f"Observation {number}: Value: {'s' * 2000}" for number in range(1, 31))
    assert CONTRACT.errors(CASE_INPUT, {"title": "x", **converted}) == []


def test_a_stored_draft_is_read_in_the_version_that_it_was_written_in() -> None:
    assert drafts.read(VERSION_1) == drafts.read(drafts.to_store(VERSION_2)) == VERSION_2
    with pytest.raises(ValueError, match="does not know"):
        drafts.read({**drafts.to_store(VERSION_2), "model_version": 3})


# --- any content of version 0.1.0

RELEASED: Json = yaml.safe_load((ROOT / "tests" / "upgrades" / "0.1.0" / "content.yaml").read_text())
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1)
OFFSETS = st.one_of(
    st.just("Z"), st.builds("{}{:02}:{:02}".format, st.sampled_from("+-"), st.integers(0, 23), st.integers(0, 59))
)
TIMES = st.builds(
    "{:%Y-%m-%dT%H:%M:%S}{}{}".format,
    st.datetimes().map(lambda moment: moment.replace(year=1000 + moment.year % 2000, day=min(moment.day, 28))),
    st.sampled_from(["", ".5", ".123456789"]),
    OFFSETS,
)
SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    "DateTime": TIMES,
    "Date": st.dates().map(lambda day: day.replace(year=1000 + day.year % 2000, day=min(day.day, 28)).isoformat()),
    "Uri": WORDS.map(lambda text: f"urn:{text}"[:255]),
    "Name": WORDS.map(lambda text: text[:250]),
    "Decimal": st.decimals(allow_nan=False, allow_infinity=False, places=2, max_value=10**9, min_value=-(10**9)).map(
        str
    ),
    "Tag": WORDS.map(lambda text: text[:64]),
    "Metadata": st.dictionaries(TEXTS, TEXTS, max_size=3),
    "ExternalId": WORDS.map(lambda text: text[:128]),
}
CODES = WORDS.map(lambda text: text[:100])
UNITS = st.sampled_from(["mg", "mm[Hg]", "/min", "not-a-unit", "!"])


def contents(schema: Json, name: str = "") -> st.SearchStrategy[Any]:
    """Values of a schema of the released contract."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return SPECIAL[name] if name in SPECIAL else contents(RELEASED[name], name)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "array":
        return st.lists(
            st.deferred(lambda: contents(schema["items"])),
            max_size=3,
            unique_by=orjson.dumps if schema.get("uniqueItems") else None,
        )
    if schema["type"] == "object":
        parts = {each: contents(part, name) for each, part in schema["properties"].items()}
        needed = {each: parts.pop(each) for each in schema.get("required", ())}
        return st.fixed_dictionaries(needed, optional=parts)
    if name == "Quantity":
        return UNITS
    if name == "Coding":
        return CODES
    # Long texts exceed a note, together with another one.
    longest = schema["maxLength"]
    texts = st.one_of(TEXTS, TEXTS.map(lambda text: (text + "x" * longest)[:longest]))
    return texts.filter(bool) if schema.get("minLength") else texts


def values(node: Any) -> list[str]:
    """All texts of a value that are in words."""
    if isinstance(node, dict):
        return [text for part in node.values() for text in values(part)]
    if isinstance(node, list):
        return [text for part in node for text in values(part)]
    return [node] if node else []


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(contents(RELEASED["NewCase"]))
def test_any_content_of_version_1_becomes_valid_content_of_version_2(old: Json) -> None:
    new = to_version_2(old)

    assert CONTRACT.errors(CASE_INPUT, new) == []
    wrong = content_rules.errors(new, lambda code: True)
    # Version 0.1.0 stored new cases with such a period.
    assert {detail for _, detail in wrong} <= {"is before the start of the period"}
    assert to_version_2(old) == new
    # Nothing is lost. Times with an offset beyond 14 hours are written differently.
    text = "\n".join(values(new))
    assert [value for value in values(old) if value not in text and value[10:11] != "T"] == []
