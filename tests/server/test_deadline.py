"""Each request has one deadline for all that it waits for."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from clincore.deadline import LOCK_SECONDS, REQUEST_SECONDS
from support.database import Database
from support.proxy import Proxy
from support.service import Service, serve
from support.tenants import Tenant, bootstrap
from support.waiting import eventually

# Tolerance for a machine that is busy with other tests: at least so long, and ten times what a request took before.
SLACK_SECONDS = 1.5


def slack(before: list[tuple[int, float]]) -> float:
    return max(SLACK_SECONDS, 10 * max(seconds for _, seconds in before))


async def call_for_a_second(service: Service, tenant: Tenant) -> list[tuple[int, float]]:
    """Send a read and a write every tenth of a second; status and seconds of each.

    Later requests wait for earlier ones before they can wait for the database themselves.
    """
    async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=tenant.key) as client:

        async def ask(method: str) -> tuple[int, float]:
            began = time.monotonic()
            answer = await client.request(method, "/cases", json={"title": "x"} if method == "POST" else None)
            return answer.status_code, time.monotonic() - began

        tasks = []
        for _ in range(10):
            tasks += [asyncio.create_task(ask(method)) for method in ("GET", "POST")]
            await asyncio.sleep(0.1)
        return await asyncio.gather(*tasks)


def test_a_locked_table_gives_503_after_the_lock_timeout(
    migrated_database: Callable[[], Database], folder: Path
) -> None:
    with serve(migrated_database(), folder) as service, httpx.Client(base_url=service.url, timeout=30) as client:
        tenant = bootstrap(client)
        before = asyncio.run(call_for_a_second(service, tenant))
        for table in ("cases", "access_log", "usage_events"):
            with service.database.as_superuser() as other, other.transaction(force_rollback=True):
                other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")  # type: ignore[call-overload]
                answers = asyncio.run(call_for_a_second(service, tenant))
            assert {status for status, _ in answers} == {503}, table
            assert max(seconds for _, seconds in answers) < LOCK_SECONDS + slack(before), table
        assert client.get("/cases", headers=tenant.key).status_code == 200


def test_a_silent_database_gives_503_within_the_deadline(database: Database, folder: Path) -> None:
    with (
        Proxy(database.url) as proxy,
        serve(Database(proxy.url, database.superuser_url), folder, MIGRATION_DATABASE_URL=database.url) as service,
        httpx.Client(base_url=service.url, timeout=30) as client,
    ):
        tenant = bootstrap(client)
        before = asyncio.run(call_for_a_second(service, tenant))
        proxy.black_hole()
        answers = asyncio.run(call_for_a_second(service, tenant))
        assert client.get("/health").status_code == 200
        proxy.forward()
        eventually(lambda: client.get("/cases", headers=tenant.key).status_code == 200, 30)

    assert {status for status, _ in answers} == {503}
    assert max(seconds for _, seconds in answers) < REQUEST_SECONDS + slack(before)
