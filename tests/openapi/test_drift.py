"""The contract agrees with the service: its examples are valid, and its problem types are those that exist."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from clincore import problems
from clincore.openapi.validation import Validator
from support.contract import CONTRACT, schemas_below

DOCUMENT = CONTRACT.document
SCHEMAS = DOCUMENT["components"]["schemas"]


def examples_in(node: Any, place: str = "#", *, named: bool = False) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Each example of the contract: its place, its schema, the example. `named`: the node maps names to objects."""
    if isinstance(node, list):
        for index, part in enumerate(node):
            yield from examples_in(part, f"{place}/{index}")
        return
    if not isinstance(node, dict):
        return
    if not named and isinstance(node.get("schema"), dict):
        # A parameter, a header or a media type.
        schema = node["schema"]
        shown = {"example": node["example"]} if "example" in node else {}
        shown |= {name: CONTRACT.resolve(one)["value"] for name, one in node.get("examples", {}).items()}
        for name, example in shown.items():
            yield f"{place}/{name}", schema, example
    for key, value in node.items():
        if named or key not in ("schema", "schemas", "example", "examples"):
            yield from examples_in(value, f"{place}/{key}", named=key in ("parameters", "headers", "responses"))
        elif key == "schema":
            yield from _own_examples(value, f"{place}/{key}")
        elif key == "schemas":
            for name, schema in value.items():
                yield from _own_examples(schema, f"{place}/{key}/{name}")


def _own_examples(schema: Any, place: str) -> Iterator[tuple[str, dict[str, Any], Any]]:
    for where, part in schemas_below(schema, place):
        if "example" in part:
            yield where, part, part["example"]


EXAMPLES = {place: (schema, example) for place, schema, example in examples_in(DOCUMENT)}


def test_examples_are_found_everywhere() -> None:
    text = repr(sorted(EXAMPLES))
    for place in (
        "#/components/schemas/Title'",
        "#/components/schemas/Timing/properties/offset'",
        "#/components/parameters/IdempotencyKey/schema'",
        "#/components/headers/ETag/schema'",
        "#/components/requestBodies/NewCase/content/application/json/consultation'",
        "#/components/responses/NotAcceptable/content/application/problem+json/example'",
    ):
        assert place in text


@pytest.mark.parametrize("place", EXAMPLES)
def test_an_example_matches_its_schema(place: str) -> None:
    schema, example = EXAMPLES[place]
    assert CONTRACT.errors(schema, example) == []


SENT = CONTRACT.reached(
    [[one.body, one.definition.get("parameters"), one.definition["path_parameters"]] for one in CONTRACT.operations]
)


@pytest.mark.parametrize("name", sorted(SENT))
def test_the_service_accepts_the_examples_of_request_schemas(name: str) -> None:
    for _, schema, example in _own_examples(SCHEMAS[name], name):
        assert Validator(CONTRACT.inlined(schema)).errors(example) == []


def test_every_problem_type_is_documented_and_every_documented_one_exists() -> None:
    documented = {
        (int(status), code)
        for operation in CONTRACT.operations
        for status, response in operation.definition["responses"].items()
        if int(status) >= 400
        for code in re.findall(r"`([a-z]+(?:-[a-z]+)*)`", CONTRACT.resolve(response)["description"])
    }
    types = {(problem.status, problem.code) for problem in problems.problem_types()}
    codes = {code for _, code in types}

    # No operation answers with these: the first is about paths; the server sends the others before it has a request.
    assert types - documented == {(405, "method-not-allowed"), (408, "request-timeout"), (431, "head-too-large")}
    # Other words in backticks are headers and fields; a code has a hyphen or is known.
    assert {(status, code) for status, code in documented if "-" in code or code in codes} <= types
