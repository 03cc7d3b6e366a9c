"""Validation errors: complete where that helps, limited where they could be made expensive."""

import time
from typing import Any

import orjson
import pytest

from clincore.openapi import UnsupportedContract
from clincore.openapi.validation import ERRORS_MAX, Validator, component

SIZE = 256 * 1024
CPU_SECONDS_MAX = 0.5
"""Ten times what a slow machine needs; collecting all errors of one of these bodies takes seconds."""


def errors(schema: dict[str, Any], value: Any) -> dict[str, str]:
    return dict(Validator(schema).errors(value))


def test_missing_properties_come_first_and_an_unknown_one_names_a_similar_one() -> None:
    new_case = component("CaseInput")

    found = new_case.errors({"titel": "Migraine", "subjct": {}, "zzz": 1, "plan": 1})

    assert found == [
        ("/title", "is a required property"),
        ("/titel", 'is not a known property; did you mean "title"?'),
        ("/subjct", 'is not a known property; did you mean "subject"?'),
        ("/zzz", "is not a known property"),
        ("/plan", "is not of type string"),
    ]


def test_errors_are_found_in_each_place() -> None:
    found = errors(
        {
            "type": "object",
            "properties": {
                "few": {"type": "array", "minItems": 2, "items": {"type": "integer"}},
                "many": {"type": "array", "maxItems": 1, "items": {"type": "integer"}},
                "same": {"type": "array", "uniqueItems": True, "items": {"type": "integer"}},
                "pairs": {"type": "object", "maxProperties": 1, "additionalProperties": {"type": "string"}},
                "none": {"type": "object", "minProperties": 1},
                "null": {"type": "string", "nullable": True},
                "read": {"type": "object", "readOnly": True},
            },
        },
        {
            "few": ["a"],
            "many": ["a", "b"],
            "same": [1, 1],
            "pairs": {"a/b": 1, "c": 1},
            "none": {},
            "null": 1,
            "read": {"a": 1},
        },
    )

    assert found == {
        "/few": "has fewer than 2 items",
        "/few/0": "is not of type integer",
        "/many": "has more than 1 item",
        "/many/0": "is not of type integer",
        "/same": "has duplicate items",
        "/pairs": "has more than 1 property",
        "/pairs/a~1b": "is not of type string",
        "/none": "is empty",
        "/null": "is not of type string or null",
        "/read": "does not match its schema",
    }


@pytest.mark.parametrize("value", [{}, {"a": 1, "b": 2}])
def test_a_choice_names_its_properties(value: dict[str, Any]) -> None:
    choice = {"type": "object", "minProperties": 1, "maxProperties": 1, "properties": {"a": {}, "b": {}}}

    assert errors(choice, value) == {"": "must have exactly one of a, b"}


def test_a_list_that_must_not_be_empty_says_so() -> None:
    assert errors({"type": "array", "minItems": 1}, []) == {"": "is empty"}


def test_a_text_of_the_wrong_form_is_told_an_example() -> None:
    local = component("DateTime").errors("2026-03-02T09:00:00")
    day = component("PartialDate").errors("02.03.2026")

    assert [message.split(": ")[0] for _, message in local + day] == [
        'is not like "2026-03-02T09:00:00Z"',
        'is not like "1984-03"',
    ]


def test_a_long_example_does_not_take_the_place_of_the_reason() -> None:
    ((_, message),) = component("DetachedJws").errors("not a JWS")

    assert "does not match" in message


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param("Revision", b'{"signatures":[' + b"{}," * 87_000 + b"{}]}", id="elements-without-a-property"),
        pytest.param("Revision", b'{"signatures":[' + b"{}," * 999 + b"{}]}", id="as-many-as-allowed"),
        pytest.param("CaseInput", b'{"title":"x","tags":[' + b"{}," * 87_000 + b"{}]}", id="equal-elements"),
        pytest.param(
            "CaseInput",
            b'{"title":"x","metadata":{' + b",".join(b'"%x":0' % key for key in range(25_000)) + b"}}",
            id="pairs-of-a-wrong-type",
        ),
        pytest.param("CaseInput", b"{" + b",".join(b'"%x":0' % key for key in range(25_000)) + b"}", id="unknown-keys"),
        pytest.param(
            "CaseInput",
            b'{"title":[' + b",".join([b"[" * 60 + b"]" * 60] * 2100) + b"]}",
            id="nested-arrays-instead-of-a-string",
        ),
    ],
)
def test_errors_of_a_large_body_take_little_time(name: str, body: bytes) -> None:
    """An anonymous client can send 256 KiB of errors; `python -m benchmarks worst-bodies` has the figures."""
    assert len(body) <= SIZE
    validator, value = component(name), orjson.loads(body)
    # The first call compiles and is not measured.
    validator.errors(value)

    started = time.process_time()
    found = validator.errors(value)

    assert time.process_time() - started < CPU_SECONDS_MAX
    assert 1 <= len(found) <= ERRORS_MAX


def test_a_pattern_that_needs_backtracking_is_refused_at_start() -> None:
    with pytest.raises(UnsupportedContract):
        Validator({"type": "string", "pattern": r"^(a+)\1$"})
