"""A valid request to any operation of the contract, and a tenant with a resource for each id in a path."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from support.cases import FOR_SIGNED_CASES, make_case
from support.contract import CONTRACT, Operation
from support.tenants import Tenant

# The key of `ids` for the `case_id` of operations on a signed case.
SIGNED = "case_id of a signed case"


@dataclass(frozen=True)
class World:
    """A tenant with an admin's and a user's key, and a resource for each id in a path."""

    tenant: Tenant
    user: Tenant
    ids: dict[str, str]


def make_world(client: httpx.Client, tenant: Tenant) -> World:
    """Create the resources. A new id in a path of the contract needs an entry here."""
    user, other = (
        client.post("/admin/api-keys", json={"label": label}, headers=tenant.key).json() for label in ("user", "other")
    )
    draft, signed = (make_case(client, tenant.key, is_signed=is_signed) for is_signed in (False, True))
    as_user = Tenant(tenant.id, tenant.name, user["api_key"], user["id"])
    return World(tenant, as_user, {"case_id": draft, SIGNED: signed, "key_id": other["id"]})


def parameters_of(operation: Operation) -> list[dict[str, Any]]:
    listed = [*operation.definition["path_parameters"], *operation.definition.get("parameters", ())]
    return [CONTRACT.resolve(parameter) for parameter in listed]


def is_id(parameter: dict[str, Any]) -> bool:
    return parameter["in"] == "path" and CONTRACT.resolve(parameter["schema"]).get("format") == "uuid"


def takes_ids(operation: Operation) -> bool:
    return any(is_id(parameter) for parameter in parameters_of(operation))


IDEMPOTENCY_KEY = "Idempotency-Key"
WRITES = [
    operation
    for operation in CONTRACT.operations
    if any(parameter["name"] == IDEMPOTENCY_KEY for parameter in parameters_of(operation))
]
"""The operations that are done once when they are repeated with the same `Idempotency-Key`."""


def example_of(node: dict[str, Any], what: str) -> Any:
    """The example of a parameter or a media type. `what`: its name in the error."""
    if node.get("examples"):
        return CONTRACT.resolve(next(iter(node["examples"].values())))["value"]
    for place in (node, CONTRACT.resolve(node["schema"])):
        if "example" in place:
            return place["example"]
    raise AssertionError(f"{what}: the contract has no example to make a request from")


def request_to(operation: Operation, ids: Mapping[str, str]) -> dict[str, Any]:
    """A valid request as httpx's arguments; fails if the contract or `ids` lack a value for it."""
    path, query, headers = operation.path, {}, {}
    for parameter in parameters_of(operation):
        name, place = parameter["name"], parameter["in"]
        if not parameter.get("required"):
            continue
        if is_id(parameter):
            assert name in ids, f"{operation.id}: make_world() creates nothing for {name}"
            key = SIGNED if name == "case_id" and operation.id in FOR_SIGNED_CASES else name
            path = path.replace(f"{{{name}}}", ids[key])
            continue
        value = str(example_of(parameter, f"{operation.id}, {name}"))
        if place == "path":
            path = path.replace(f"{{{name}}}", value)
        else:
            {"query": query, "header": headers}[place][name] = value
    assert "{" not in path, f"{operation.id}: {path} has a parameter without a value"
    if operation.definition.get("x-for-browsers"):
        headers["Accept"] = "text/html"
    request: dict[str, Any] = {"method": operation.method, "url": path, "params": query, "headers": headers}
    if "requestBody" in operation.definition:
        media_type, definition = CONTRACT.media_type(operation)
        request["json"] = example_of(definition, f"{operation.id}, body")
        if "tenant_name" in request["json"]:
            # A service takes each name once, and the tests share one.
            request["json"] = {**request["json"], "tenant_name": f"tenant-{uuid4().hex}"}
        headers["Content-Type"] = media_type
    return request
