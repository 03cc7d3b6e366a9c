"""Requests cancelled at any moment leave no state on connections that other tenants use next."""

import asyncio
import json
import random
from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from clincore.db.driver.connection import Connection
from clincore.db.driver.pool import SIZE, Pool
from clincore.db.session import public_session
from clincore.db.statements import Statement
from clincore.isolation.sessions import TenantSeen, left_on
from clincore.operations import compile_operations
from clincore.runtime import Runtime
from support.database import Database
from support.tenants import MakeTenant, Tenant

AT_ONCE = 12
CASES = Statement(text("SELECT tenant_id::text FROM cases"), TenantSeen)


async def ask(
    app: Any, tenant: Tenant, method: str, path: str, body: bytes = b"", value: str | None = None
) -> tuple[int, str]:
    """Send a request to the application; status and body of its response. `value`: of `Idempotency-Key`."""
    where, _, query = path.partition("?")
    headers = [(b"host", b"test"), (b"x-api-key", tenant.api_key.encode())]
    if body:
        headers += [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if value is not None:
        headers.append((b"idempotency-key", value.encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": where,
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "headers": headers,
        "scheme": "http",
        "server": ("test", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
        "state": {},
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    status = next(message["status"] for message in sent if message["type"] == "http.response.start")
    return status, b"".join(message.get("body", b"") for message in sent).decode()


@pytest.mark.parametrize("requests", [500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_cancelled_requests_leave_no_tenant_on_any_connection(
    database: Database,
    client: httpx.Client,
    make_tenant: MakeTenant,
    monkeypatch: pytest.MonkeyPatch,
    requests: int,
) -> None:
    tenants = [make_tenant(billing_status="paid") for _ in range(2)]
    cases = {
        tenant.id: [
            client.post("/cases", json={"title": f"of {tenant.id}"}, headers=tenant.key).json()["id"] for _ in range(3)
        ]
        for tenant in tenants
    }
    chance = random.Random(20261123)
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    # Grows with each cancelled request and shrinks with each answered one, so that on any machine half are cancelled.
    longest = 0.02

    async def one(app: Any, number: int) -> None:
        nonlocal longest
        own, other = tenants if number % 2 else reversed(tenants)
        body = json.dumps({"title": f"of {own.id}", "reason": "x" * chance.randrange(2000)}).encode()
        request = chance.choice(
            [
                ("GET", f"/cases/{chance.choice(cases[own.id])}"),
                ("GET", f"/cases/{chance.choice(cases[other.id])}"),
                ("GET", "/cases?limit=20"),
                ("GET", "/auth/whoami"),
                ("GET", "/admin/api-keys"),
                ("GET", "/admin/usage"),
                ("POST", "/cases", body),
                # Both tenants use the same values, and several requests the same value at once.
                ("POST", "/cases", json.dumps({"title": f"once by {own.id}"}).encode(), f"value-{number // 16}"),
            ]
        )
        task = asyncio.create_task(ask(app, own, *request))
        await asyncio.wait({task}, timeout=chance.uniform(0, longest))
        if not task.done():
            task.cancel()
        try:
            status, text = await task
        except asyncio.CancelledError:
            seen["cancelled"] += 1
            longest *= 1.01
            return
        longest /= 1.01
        seen[str(status)] += 1
        hidden = [other.id, other.name, other.key_id, *cases[other.id]]
        if any(secret in text.replace(request[1], "") for secret in hidden):
            wrong.append(f"{request[:2]}: {text[:300]}")
        if other.id in text or (cases[other.id][0] in request[1] and status not in (404, 503)):
            wrong.append(f"{request[:2]}: {status}")

    async def main() -> None:
        app = compile_operations()
        numbers = iter(range(requests))

        async def some() -> None:
            for number in numbers:
                await one(app, number)

        release = Pool.release

        def checked_release(pool: Pool, connection: Connection, tenant_id: UUID | None = None) -> None:
            if connection.is_closed or not connection.is_idle:
                seen["discarded connections"] += 1
            release(pool, connection, tenant_id)
            for idle in pool._idle:
                if not idle.is_idle:
                    wrong.append("a connection in the pool has an open transaction")

        monkeypatch.setattr(Pool, "release", checked_release)
        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
        all_are_open = asyncio.Barrier(SIZE)

        async def look() -> None:
            async with public_session() as session:
                wrong.extend(await left_on(session))
                await all_are_open.wait()
                if await session.fetch(CASES) != []:
                    wrong.append("a connection sees rows without a tenant")

        await asyncio.gather(*(look() for _ in range(SIZE)))

    async def open_and_run() -> None:
        async with Runtime(database.url):
            await main()

    asyncio.run(open_and_run())

    print(dict(seen))
    assert wrong == []
    assert sum(seen[name] for name in seen if name != "discarded connections") == requests
    # A fair number of requests was cancelled, and a fair number was answered.
    assert seen["cancelled"] > requests / 10 and seen["200"] > requests / 10, seen
    assert seen["discarded connections"] > requests / 50, seen
    with database.as_owner() as operator:
        for tenant in tenants:
            query = "SELECT FROM cases WHERE tenant_id = %s AND title LIKE 'once%%'"
            once = operator.execute(query, [tenant.id]).rowcount
            values = operator.execute("SELECT body FROM idempotency_keys WHERE tenant_id = %s", [tenant.id]).fetchall()
            # A value is stored if and only if its write was done.
            assert 0 < once == len(values) and all(tenant.id in stored for (stored,) in values)
        stuck = operator.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
        ).fetchone()
    assert stuck == (0,)
