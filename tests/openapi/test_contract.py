"""`openapi.yaml` is valid, matches the handlers and follows the rules for schemas."""

import importlib
import inspect
import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from support.contract import CONTRACT, schemas_below
from support.paths import ROOT

PACKAGE = ROOT / "clincore"
SCHEMAS = CONTRACT.document["components"]["schemas"]


def test_the_contract_is_valid_and_3_0_3() -> None:
    OpenAPIV30SpecValidator(CONTRACT.document).validate()
    assert CONTRACT.document["openapi"] == "3.0.3"


def test_every_handler_has_an_operation_and_every_operation_a_handler() -> None:
    documented = {
        (operation.definition["x-openapi-router-controller"], operation.id) for operation in CONTRACT.operations
    }
    # The other modules hold code that handlers share.
    controllers = {controller for controller, _ in documented}
    written = set()
    for path in (PACKAGE / "handlers").glob("*.py"):
        module = importlib.import_module(f"clincore.handlers.{path.stem}")
        written |= {
            (module.__name__, name)
            for name, function in inspect.getmembers(module, inspect.iscoroutinefunction)
            if function.__module__ == module.__name__ in controllers and not name.startswith("_")
        }
    assert written == documented


@pytest.mark.parametrize("operation", CONTRACT.operations, ids=lambda operation: operation.id)
def test_every_operation_is_described_and_its_errors_have_one_media_type(operation: Any) -> None:
    """FHIR clients expect FHIR's own error documents."""
    errors_are = "application/fhir+json" if operation.path.startswith("/fhir/") else "application/problem+json"
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", operation.id)
    assert operation.definition["summary"][-1] != "."
    assert operation.definition["description"].strip()
    module = operation.definition["x-openapi-router-controller"].rpartition(".")[2]
    assert operation.definition["tags"] == [module]
    for status, response in operation.definition["responses"].items():
        resolved = CONTRACT.resolve(response)
        assert "X-Request-Id" in resolved["headers"]
        if int(status) >= 400:
            assert list(resolved["content"]) == [errors_are]
    assert ("415" in operation.definition["responses"]) == ("requestBody" in operation.definition)
    # OpenAPI 3.0.3 allows scopes only for OAuth, so roles and scopes are extensions, and descriptions name them.
    assert not any(scopes for requirement in operation.security for scopes in requirement.values())
    assert ("403" in operation.definition["responses"]) == operation.needs_key
    rights = ["the role `admin`"] * operation.needs_admin + [f"the scope `{operation.scope}`"] * bool(operation.scope)
    needed = f"Needs {' and '.join(rights)}."
    assert operation.definition["description"].startswith("Needs ") == bool(rights)
    assert not rights or operation.definition["description"].startswith(needed)
    assert (401 in operation.statuses) == bool(operation.security)


@pytest.mark.parametrize("operation", CONTRACT.operations, ids=lambda operation: operation.id)
def test_every_read_with_an_etag_is_conditional(operation: Any) -> None:
    """The compiled operations return 304 only if the contract has the parameter."""
    if operation.method == "GET":
        parameters = map(CONTRACT.resolve, operation.definition.get("parameters", ()))
        takes_tags = any(parameter["name"] == "If-None-Match" for parameter in parameters)
        has_tag = "ETag" in CONTRACT.resolve(operation.definition["responses"]["200"])["headers"]
        assert takes_tags == has_tag == (304 in operation.statuses)


def test_every_schema_has_an_example() -> None:
    assert [name for name, schema in SCHEMAS.items() if "example" not in schema] == []


def test_response_schemas_are_open_and_request_schemas_closed() -> None:
    """Older generated clients must accept a new property; a misspelt field of a request must be refused."""
    definitions = [operation.definition for operation in CONTRACT.operations]
    sent = CONTRACT.reached([[one.get("requestBody"), one.get("parameters")] for one in definitions])
    # The schema of the lines of a stream; nothing refers to it.
    answered = CONTRACT.reached([one["responses"] for one in definitions]) | {"UsageEvent"}

    for name, schema in SCHEMAS.items():
        for place, part in schemas_below(schema, name):
            is_object = part.get("type") == "object" or "properties" in part or "allOf" in part
            if is_object and isinstance(part["additionalProperties"], bool):
                assert part["additionalProperties"] == (name in answered), place
                assert (name in answered) != (name in sent), place


def test_responses_are_checked_against_closed_schemas() -> None:
    health = SCHEMAS["Health"]["example"]
    problem = SCHEMAS["BillingProblem"]["example"]

    for name, answer in (("Health", health), ("BillingProblem", problem)):
        for schema in (SCHEMAS[name], {"$ref": f"#/components/schemas/{name}"}):
            assert CONTRACT.errors(schema, answer) == []
            assert CONTRACT.errors(schema, answer | {"undocumented": 1}) != []


def test_an_optional_body_can_be_null() -> None:
    """Generated clients in Go and Java send null for it. Generators need a title to name a nullable schema."""
    for operation in CONTRACT.operations:
        if operation.body and not CONTRACT.resolve(operation.body).get("required"):
            schema = CONTRACT.resolve(CONTRACT.media_type(operation)[1]["schema"])
            assert (schema.get("nullable"), "title" in schema) == (True, True), operation.id


def test_no_pattern_escapes_a_line_terminator() -> None:
    """Generators replace the escape by the character, which ends a regular expression in JavaScript."""
    patterns = [schema["pattern"] for schema in _strings(CONTRACT.document) if "pattern" in schema]

    assert patterns
    assert not [pattern for pattern in patterns if re.search(r"\\u(2028|2029|000[aAdD])|\\[nr]", pattern)]


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
def test_request_schemas_are_bounded(name: str) -> None:
    schema = CONTRACT.inlined(SCHEMAS[name])
    assert schema["additionalProperties"] is False
    for part in _strings(schema):
        match part["type"]:
            case "string":
                assert "enum" in part or ("pattern" in part and ("maxLength" in part or "format" in part)), part
            case "integer":
                assert "minimum" in part and "maximum" in part, part
            case "array":
                assert "maxItems" in part, part
