"""The contract agrees with the service: its examples are valid, and its problem types are those that exist."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from clincore import problems
from clincore.openapi.validation import Validator
from support.contract import CONTRACT

DOCUMENT = CONTRACT.document
SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_PARTS = (
    ("allOf", "oneOf", "anyOf"),
    ("properties",),
    ("items", "additionalProperties"),
)


def schemas_in(schema: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schema and its subschemas with their places; references are not followed."""
    if not isinstance(schema, dict) or "$ref" in schema:
        return
    yield place, schema
    for keyword in SCHEMA_PARTS:
        yield from schemas_in(schema.get(keyword), f"{place}/{keyword}")
    for keyword in SCHEMA_MAPS:
        for name, part in schema.get(keyword, {}).items():
            yield from schemas_in(part, f"{place}/{keyword}/{name}")
    for keyword in SCHEMA_LISTS:
        for index, part in enumerate(schema.get(keyword, ())):
            yield from schemas_in(part, f"{place}/{keyword}/{index}")


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
    for where, part in schemas_in(schema, place):
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


def sent_schemas() -> dict[str, dict[str, Any]]:
    """Every named schema in requests, at any depth."""
    found: dict[str, dict[str, Any]] = {}

    def visit(node: Any) -> None:
        if isinstance(node, list):
            for part in node:
                visit(part)
        elif isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                target = CONTRACT.resolve(node)
                name = reference.rpartition("/")[2]
                if "/schemas/" in reference:
                    if name in found:
                        return
                    found[name] = target
                visit(target)
            else:
                for key, value in node.items():
                    if key not in ("example", "examples"):
                        visit(value)

    for operation in CONTRACT.operations:
        definition = operation.definition
        visit([definition.get("requestBody"), definition.get("parameters"), definition["path_parameters"]])
    return found


SENT = sent_schemas()


def resolved(node: Any) -> Any:
    """The node with references resolved, as the service compiles it."""
    if isinstance(node, list):
        return [resolved(part) for part in node]
    if isinstance(node, dict):
        return {key: value if key == "example" else resolved(value) for key, value in CONTRACT.resolve(node).items()}
    return node


@pytest.mark.parametrize("name", SENT)
def test_the_service_accepts_the_examples_of_request_schemas(name: str) -> None:
    for _, schema, example in _own_examples(SENT[name], name):
        assert Validator(resolved(schema)).errors(example) == []


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
