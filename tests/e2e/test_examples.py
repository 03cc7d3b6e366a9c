"""The contract's examples succeed unchanged on a fresh tenant, as a reader of the docs would send them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.contract import CONTRACT, Operation
from support.operations import make_world, parameters_of, request_to
from support.service import BOOTSTRAP_TOKEN, checked_client, serve
from support.tenants import MakeTenant, bootstrap


def bodies_of(operation: Operation) -> dict[str, Any]:
    """The examples of a request body, by name; `{"no-body": None}` for an operation without a body."""
    if not operation.body:
        return {"no-body": None}
    _, content = CONTRACT.media_type(operation)
    named = {name: CONTRACT.resolve(example)["value"] for name, example in content.get("examples", {}).items()}
    schema = CONTRACT.resolve(content["schema"])
    return named or {"example": content.get("example", schema.get("example"))}


EXAMPLES = [
    pytest.param(operation, body, id=f"{operation.id}-{name}")
    for operation in CONTRACT.operations
    for name, body in bodies_of(operation).items()
]


@pytest.fixture(scope="module")
def fresh(migrated_database: Any, folder: Path) -> Iterator[httpx.Client]:
    """A client of a new service with an empty database."""
    with serve(migrated_database(), folder) as service, checked_client(service.url) as client:
        yield client


@pytest.mark.parametrize(("operation", "body"), EXAMPLES)
def test_an_example_succeeds_on_a_fresh_tenant(request: pytest.FixtureRequest, operation: Operation, body: Any) -> None:
    """The example of bootstrap needs a new service, where its tenant name is not taken."""
    if operation.security == [{"BootstrapToken": []}]:
        client: httpx.Client = request.getfixturevalue("fresh")
        credentials, ids = {"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}, {}
    else:
        client = request.getfixturevalue("client")
        world = make_world(client, bootstrap(client))
        credentials, ids = world.tenant.key, world.ids

    arguments = request_to(operation, ids)
    arguments["headers"] = {**arguments["headers"], **credentials}

    if body is not None:
        arguments["json"] = body
    response = client.request(**arguments)

    assert response.is_success, response.text


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(operation, id=operation.id)
        for operation in CONTRACT.operations
        if not all(parameter.get("required") for parameter in parameters_of(operation))
    ],
)
def test_the_examples_of_optional_parameters_are_accepted(
    client: httpx.Client, make_tenant: MakeTenant, operation: Operation
) -> None:
    world = make_world(client, make_tenant())
    request = request_to(operation, world.ids)
    given = {"query": request["params"], "header": request["headers"]}
    for parameter in parameters_of(operation):
        # `changed_after` excludes the filters; it has tests of its own.
        if not parameter.get("required") and (operation.id, parameter["name"]) != ("list_cases", "changed_after"):
            schema = CONTRACT.resolve(parameter["schema"])
            value = parameter.get("example", schema.get("example"))
            given[parameter["in"]][parameter["name"]] = value if isinstance(value, str) else json.dumps(value)
    credentials = world.tenant.key if operation.needs_key else {"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}
    request["headers"] |= credentials

    assert client.request(**request).is_success


@pytest.mark.parametrize("operation", [pytest.param(operation, id=operation.id) for operation in CONTRACT.operations])
def test_every_operation_has_a_summary_and_a_description(operation: Operation) -> None:
    summary, description = operation.definition["summary"], operation.definition["description"]

    assert summary[0].isupper() and not summary.endswith(".")
    assert description.strip().endswith(".")


ERRORS = {
    name: response
    for name, response in CONTRACT.document["components"]["responses"].items()
    if "application/problem+json" in response.get("content", {})
}


@pytest.mark.parametrize("name", ERRORS)
def test_the_example_of_an_error_matches_the_error(name: str) -> None:
    response = ERRORS[name]
    content = response["content"]["application/problem+json"]
    given = [CONTRACT.resolve(example)["value"] for example in content.get("examples", {}).values()]
    examples = given or [content.get("example", CONTRACT.resolve(content["schema"])["example"])]
    statuses = {
        status
        for operation in CONTRACT.operations
        for status, answer in operation.definition["responses"].items()
        if answer.get("$ref") == f"#/components/responses/{name}"
    }

    assert [CONTRACT.errors(content["schema"], example) for example in examples] == [[]] * len(examples)
    assert {str(example["status"]) for example in examples} == statuses
    for example in examples:
        assert f"`{example['type'].removeprefix('/problems/')}`" in response["description"]
