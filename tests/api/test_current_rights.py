"""A request has the rights that its key has when the request is executed, not when it was admitted."""

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg import sql

from clincore import runtime
from clincore.db.models import Base
from clincore.exports import EXPORTS_MAX
from support.application import application
from support.contract import CONTRACT, Operation
from support.database import Database
from support.errors import code_of
from support.feed import wait_until_numbered
from support.operations import World, make_world, request_to
from support.service import Service
from support.tables import SHARED_TABLE, key_of
from support.tenants import Tenant
from support.waiting import eventually

Operator = psycopg.Connection[Any]

# The body, even one that is ignored, may arrive up to 15 seconds after the request was admitted.
WITH_BODY = [
    pytest.param(operation, id=operation.id)
    for operation in CONTRACT.operations
    if operation.needs_key and operation.method != "GET"
]
# These create, change or end keys, or cannot be undone.
LOCKING = ("create_api_key", "update_api_key", "revoke_api_key", "rotate_api_key", "erase_subject")
CHANGES = {
    "revoked": "revoked_at = now()",
    "demoted": "role = 'user'",
    "expired": "expires_at = now() - interval '1 second'",
    "limited": "scopes = '{import}'",
    "suspended": "",
}
EXPECTED = {
    "revoked": (401, "key-revoked"),
    "demoted": (403, "role-required"),
    "expired": (401, "key-expired"),
    "limited": (403, "scope-required"),
    "suspended": (403, "tenant-suspended"),
}


@pytest.fixture
def world(client: httpx.Client, tenant: Tenant) -> World:
    return make_world(client, tenant)


def change(operator: Operator, tenant: Tenant, assignment: str) -> None:
    changed = (
        operator.execute(f"UPDATE api_keys SET {assignment} WHERE id = %s", [tenant.key_id])
        if assignment
        else operator.execute("UPDATE tenants SET suspended_at = now() WHERE id = %s", [tenant.id])
    )
    assert changed.rowcount == 1


def calls_of(operator: Operator, tenant: Tenant) -> int:
    return operator.execute("SELECT FROM usage_events WHERE api_key_id = %s", [tenant.key_id]).rowcount


def rows_of(operator: Operator, tenant: Tenant) -> dict[str, list[Any]]:
    """All stored rows of the tenant, except its usage."""
    tables = [name for name in Base.metadata.tables if name != SHARED_TABLE and not name.startswith("usage_")]
    query = sql.SQL("SELECT t::text FROM {} AS t WHERE {} = %s ORDER BY 1")
    wait_until_numbered(operator, tenant.id)
    return {
        name: operator.execute(query.format(sql.Identifier(name), sql.Identifier(key_of(name))), [tenant.id]).fetchall()
        for name in tables
    }


def send_with_late_body(
    client: httpx.Client, operator: Operator, operation: Operation, world: World, meanwhile: Callable[[], None]
) -> httpx.Response:
    """Send a valid request, and call `meanwhile` after its admission, before the rest of its body."""
    request = request_to(operation, world.ids)
    content = json.dumps(request.pop("json", {})).encode()
    headers = request.pop("headers") | world.tenant.key
    before = calls_of(operator, world.tenant)

    def body() -> Iterator[bytes]:
        yield content[:1]
        eventually(lambda: calls_of(operator, world.tenant) > before)
        meanwhile()
        yield content[1:]

    return client.request(**request, headers=headers, content=body())


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("operation", WITH_BODY)
def test_a_change_of_the_key_affects_a_request_whose_body_is_still_arriving(
    client: httpx.Client, operator: Operator, world: World, operation: Operation, what: str
) -> None:
    stored: dict[str, list[Any]] = {}
    assignment = CHANGES[what]
    if what == "limited" and operation.scope == "import":
        assignment = "scopes = '{read}'"

    def meanwhile() -> None:
        change(operator, world.tenant, assignment)
        stored.update(rows_of(operator, world.tenant))

    response = send_with_late_body(client, operator, operation, world, meanwhile)

    if (what == "demoted" and not operation.needs_admin) or (what == "limited" and operation.scope is None):
        assert response.status_code < 300, response.text
        return
    assert (response.status_code, code_of(response)) == EXPECTED[what]
    assert rows_of(operator, world.tenant) == stored


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_the_key_affects_an_export_that_is_waiting(
    service: Service, operator: Operator, tenant: Tenant, what: str
) -> None:
    path = "/admin/usage/events.ndjson?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z"

    async def main() -> httpx.Response:
        async with application(service.database.url, key=tenant.key) as client:
            async with AsyncExitStack() as others:
                for _ in range(EXPORTS_MAX):
                    await others.enter_async_context(runtime.current().exports.slot(uuid4()))
                asked = asyncio.create_task(client.get(path))
                while not calls_of(operator, tenant):
                    await asyncio.sleep(0.01)
                change(operator, tenant, CHANGES[what])
            return await asked

    response = asyncio.run(main())

    assert (response.status_code, code_of(response)) == EXPECTED[what]


def test_a_successor_gets_the_current_role_scopes_label_and_expiry_of_its_key(
    client: httpx.Client, operator: Operator, world: World
) -> None:
    (rotate,) = (operation for operation in CONTRACT.operations if operation.id == "rotate_api_key")
    now = "role = 'user', scopes = '{sign}', label = 'other', expires_at = '2999-01-01T00:00:00Z'"

    response = send_with_late_body(client, operator, rotate, world, lambda: change(operator, world.tenant, now))

    made = response.json()
    assert response.status_code == 201, response.text
    names = ("role", "scopes", "label", "expires_at")
    assert [made[name] for name in names] == ["user", ["sign"], "other", "2999-01-01T00:00:00Z"]
    shown = client.get("/auth/whoami", headers={"X-API-Key": made["api_key"]}).json()
    assert [shown[name] for name in names] == [made[name] for name in names]


@pytest.mark.parametrize("operation_id", LOCKING)
def test_operations_that_lock_the_key_wait_for_a_revocation_in_progress(
    client: httpx.Client, database: Database, operator: Operator, world: World, operation_id: str
) -> None:
    (operation,) = (operation for operation in CONTRACT.operations if operation.id == operation_id)
    request = request_to(operation, world.ids)
    request["headers"] |= world.tenant.key

    with database.as_owner() as other, ThreadPoolExecutor(1) as pool, other.transaction():
        change(other, world.tenant, CHANGES["revoked"])
        asked = pool.submit(client.request, **request)
        eventually(lambda: database.count_waiting("%FOR NO KEY UPDATE%") > 0)
        # Admission does not wait for that lock.
        assert client.get("/auth/whoami", headers=world.tenant.key).status_code == 200
        stored = rows_of(operator, world.tenant)
        stored.pop("api_keys")
    response = asked.result()

    assert (response.status_code, code_of(response)) == (401, "key-revoked")
    now = rows_of(operator, world.tenant)
    assert now.pop("api_keys") and now == stored
