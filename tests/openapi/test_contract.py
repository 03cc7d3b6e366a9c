"""`openapi.yaml` and the handlers fit together."""

import importlib
import inspect
import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from support.contract import CONTRACT
from support.paths import ROOT

PACKAGE = ROOT / "clincore"
SCHEMAS = CONTRACT.document["components"]["schemas"]


def test_the_contract_is_valid_and_3_0_3() -> None:
    OpenAPIV30SpecValidator(CONTRACT.document).validate()
    assert CONTRACT.document["openapi"] == "3.0.3"


# What handlers share, and no operation.
SHARED = {"lock_case"}


def test_every_handler_has_an_operation_and_every_operation_a_handler() -> None:
    documented = {
        (operation.definition["x-openapi-router-controller"], operation.id) for operation in CONTRACT.operations
    }
    written = set()
    for path in (PACKAGE / "handlers").glob("*.py"):
        module = importlib.import_module(f"clincore.handlers.{path.stem}")
        written |= {
            (module.__name__, name)
            for name, function in inspect.getmembers(module, inspect.iscoroutinefunction)
            if function.__module__ == module.__name__ and not name.startswith("_") and name not in SHARED
        }
    assert written == documented


@pytest.mark.parametrize("operation", CONTRACT.operations, ids=lambda operation: operation.id)
def test_every_operation_is_described_and_every_error_is_a_problem_document(operation: Any) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", operation.id)
    assert operation.definition["summary"][-1] != "."
    assert operation.definition["description"].strip()
    module = operation.definition["x-openapi-router-controller"].rpartition(".")[2]
    assert operation.definition["tags"] == [module]
    for status, response in operation.definition["responses"].items():
        resolved = CONTRACT.resolve(response)
        assert "X-Request-Id" in resolved["headers"]
        if int(status) >= 400:
            assert list(resolved["content"]) == ["application/problem+json"]
    assert ("415" in operation.definition["responses"]) == ("requestBody" in operation.definition)
    # OpenAPI 3.0.3 keeps scopes to OAuth: a role is an extension, and the description names it for readers.
    assert not any(scopes for requirement in operation.security for scopes in requirement.values())
    assert ("403" in operation.definition["responses"]) == operation.needs_admin
    assert ("Needs the role `admin`." in operation.definition["description"]) == operation.needs_admin
    assert (401 in operation.statuses) == bool(operation.security)


@pytest.mark.parametrize("operation", CONTRACT.operations, ids=lambda operation: operation.id)
def test_every_read_with_an_etag_is_conditional(operation: Any) -> None:
    """The compiled operations answer 304 wherever there is an ETag and the contract has the parameter."""
    if operation.method == "GET":
        parameters = map(CONTRACT.resolve, operation.definition.get("parameters", ()))
        takes_tags = any(parameter["name"] == "If-None-Match" for parameter in parameters)
        has_tag = "ETag" in CONTRACT.resolve(operation.definition["responses"]["200"])["headers"]
        assert takes_tags == has_tag == (304 in operation.statuses)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_has_an_example_that_is_as_it_says(name: str) -> None:
    assert CONTRACT.errors(SCHEMAS[name], SCHEMAS[name]["example"]) == []


def _strings(schema: Any) -> list[dict[str, Any]]:
    found = [schema] if isinstance(schema, dict) and schema.get("type") in ("string", "integer", "array") else []
    children = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    return found + [inner for child in children for inner in _strings(child)]


@pytest.mark.parametrize(
    "name",
    sorted(
        CONTRACT.media_type(operation)[1]["schema"]["$ref"].rpartition("/")[2]
        for operation in CONTRACT.operations
        if operation.body
    ),
)
def test_what_a_client_sends_is_bounded(name: str) -> None:
    def resolve(node: Any) -> Any:
        if isinstance(node, dict):
            node = CONTRACT.resolve(node)
            return {key: value if key == "example" else resolve(value) for key, value in node.items()}
        return [resolve(part) for part in node] if isinstance(node, list) else node

    schema = resolve(SCHEMAS[name])
    assert schema["additionalProperties"] is False
    for part in _strings(schema):
        match part["type"]:
            case "string":
                assert "enum" in part or ("pattern" in part and ("maxLength" in part or "format" in part)), part
            case "integer":
                assert "minimum" in part and "maximum" in part, part
            case "array":
                assert "maxItems" in part, part
