"""A lock on one tenant's rows delays only that tenant's requests, and only for a limited time."""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from clincore import keys
from clincore.db.queries import admission
from clincore.db.queries.admission import Admission
from clincore.deadline import LOCK_SECONDS
from clincore.metering.admission import AdmissionQueue
from clincore.metering.rollup import RollUp
from support.commands import run
from support.database import Database
from support.pool import run_with_pool
from support.rows import insert
from support.service import Service
from support.tenants import MakeTenant, Tenant

NEIGHBOURS = 12
ASKED = 30
# Tolerance for a busy machine: at least so long, and ten times the longest time without a lock.
SLACK_SECONDS = 2.0
LOCKS = {
    "tenant-for-update": ("SELECT FROM tenants WHERE id = %s FOR UPDATE", {"GET", "POST", "PATCH"}),
    "tenant-updated": ("UPDATE tenants SET billing_status = 'paid' WHERE id = %s", {"POST"}),
    "keys": ("SELECT FROM api_keys WHERE tenant_id = %s FOR UPDATE", {"GET", "POST", "PATCH"}),
    "cases": ("SELECT FROM cases WHERE tenant_id = %s FOR UPDATE", {"PATCH"}),
    "usage-events": ("SELECT FROM usage_events WHERE tenant_id = %s FOR UPDATE", set[str]()),
    "feed": ("SELECT FROM change_feeds WHERE tenant_id = %s FOR UPDATE", set[str]()),
    "outcomes": ("SELECT FROM usage_outcomes WHERE tenant_id = %s FOR UPDATE", set[str]()),
    "watermark": ("SELECT FROM usage_watermarks WHERE tenant_id = %s FOR UPDATE", set[str]()),
}
"""An operator's statement, and which of the tenant's requests wait for its locks."""


@contextmanager
def locked(database: Database, statement: str, tenant: Tenant) -> Iterator[None]:
    """Hold the statement's locks."""
    with database.as_superuser() as other, other.transaction(force_rollback=True):
        other.execute(statement, [tenant.id])  # type: ignore[call-overload]
        yield


@pytest.fixture(scope="module")
def neighbours(client: httpx.Client, make_tenant: MakeTenant) -> list[Tenant]:
    return [make_tenant() for _ in range(NEIGHBOURS)]


async def ask(client: httpx.AsyncClient, tenant: Tenant, method: str, path: str = "/cases") -> tuple[int, float]:
    """The status of a request, and how many seconds it took."""
    typed = {"Content-Type": "application/merge-patch+json", "If-Match": "*"} if method == "PATCH" else {}
    body = None if method == "GET" else {"title": "x"}
    began = time.monotonic()
    answer = await client.request(method, path, json=body, headers=tenant.key | typed)
    return answer.status_code, time.monotonic() - began


async def ask_as_all(client: httpx.AsyncClient, tenants: list[Tenant]) -> list[tuple[int, float]]:
    """Send reads and writes as all tenants at once; each tenant sends one request after another."""

    async def as_one(tenant: Tenant) -> list[tuple[int, float]]:
        return [await ask(client, tenant, "POST" if number % 3 == 0 else "GET") for number in range(ASKED)]

    answers = await asyncio.gather(*map(as_one, tenants))
    return [answer for of_one in answers for answer in of_one]


@pytest.mark.parametrize(
    "lock", [pytest.param(lock, marks=() if lock == "keys" else pytest.mark.slow) for lock in LOCKS]
)
def test_a_lock_on_one_tenants_rows_delays_no_other_tenant(
    service: Service, make_tenant: MakeTenant, neighbours: list[Tenant], lock: str
) -> None:
    statement, held_up = LOCKS[lock]
    victim = make_tenant()
    case = httpx.post(f"{service.url}/cases", json={"title": "x"}, headers=victim.key).raise_for_status()
    paths = {"GET": "/cases", "POST": "/cases", "PATCH": f"/cases/{case.json()['id']}"}

    async def main() -> tuple[list[tuple[int, float]], list[tuple[int, float]], dict[str, list[tuple[int, float]]]]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=service.url, timeout=30, limits=limits) as client:
            before = await ask_as_all(client, neighbours)
            with locked(service.database, statement, victim):
                of_victim = {
                    # More changes of the case than the service has connections.
                    method: [
                        asyncio.create_task(ask(client, victim, method, path))
                        for _ in range(24 if method == "PATCH" else 8)
                    ]
                    for method, path in paths.items()
                }
                await asyncio.sleep(0.1)
                during = await ask_as_all(client, neighbours)
                answers = {method: await asyncio.gather(*tasks) for method, tasks in of_victim.items()}
            assert (await ask(client, victim, "POST"))[0] == 201
        return before, during, answers

    for _ in range(3):
        before, during, answers = asyncio.run(main())
        assert {status for status, _ in during} == {200, 201}
        longest = LOCK_SECONDS + max(SLACK_SECONDS, 10 * max(seconds for _, seconds in before))
        for method, expected in (("GET", 200), ("POST", 201), ("PATCH", 200)):
            statuses = {status for status, _ in answers[method]}
            # The tenant's own waiting requests use up its share of connections.
            assert statuses <= ({503} if method in held_up else {expected, 503} if held_up else {expected}), method
            assert max(seconds for _, seconds in answers[method]) < longest
        slower = statistics.median(s for _, s in during) / statistics.median(s for _, s in before)
        if slower <= 2:
            return
    pytest.fail(f"the others' median time was {slower:.1f} times as long, three times in a row")


def test_many_locked_tenants_do_not_delay_a_briefly_locked_one(service: Service, make_tenant: MakeTenant) -> None:
    locked_tenants, brief = [make_tenant() for _ in range(8)], make_tenant()

    async def main() -> None:
        async with httpx.AsyncClient(base_url=service.url, timeout=30) as client:
            with ExitStack() as locks:
                for tenant in locked_tenants:
                    locks.enter_context(locked(service.database, LOCKS["keys"][0], tenant))
                refused = [asyncio.create_task(ask(client, tenant, "GET")) for tenant in locked_tenants]
                await asyncio.sleep(0.1)
                with locked(service.database, LOCKS["keys"][0], brief):
                    asked = asyncio.create_task(ask(client, brief, "GET"))
                    await asyncio.sleep(0.1)
                assert (await asked)[0] == 200
                assert not any(task.done() for task in refused)
                assert {status for status, _ in await asyncio.gather(*refused)} == {503}

    asyncio.run(main())


def test_an_admission_with_a_lost_answer_and_a_locked_retry_does_not_count_itself(
    service: Service, make_tenant: MakeTenant, log_calls: Callable[[Tenant, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = make_tenant()
    log_calls(tenant, 1000)
    admit = admission.admit

    async def main() -> None:
        lost: list[object] = []

        async def lose_the_answer(*arguments: Any, **keywords: Any) -> list[Admission]:
            rows = await admit(*arguments, **keywords)
            if not lost:
                lost.append(lock.enter_context(locked(service.database, LOCKS["tenant-updated"][0], tenant)))
                asyncio.get_running_loop().call_later(0.2, lock.close)
                raise psycopg.OperationalError("the answer is lost")
            return rows

        monkeypatch.setattr(admission, "admit", lose_the_answer)
        with ExitStack() as lock:
            row = await AdmissionQueue(RollUp()).admit(
                UUID(tenant.id), keys.hash_of(tenant.api_key), "POST", "/cases", True
            )
        assert (row.key_state, row.earlier_calls) == ("live", 1000)

    run_with_pool(service.database.url, main)


@pytest.mark.parametrize("is_distributed", [False, True])
def test_the_queue_admits_tenants_together_or_separately(
    service: Service, make_tenant: MakeTenant, is_distributed: bool
) -> None:
    tenants = [make_tenant() for _ in range(5)]
    unknown = keys.generate(UUID(tenants[0].id))

    async def main() -> None:
        queue = AdmissionQueue(RollUp(), is_distributed=is_distributed)

        def admit(tenant: Tenant, key: str | None = None) -> asyncio.Task[Admission]:
            key_hash = keys.hash_of(key or tenant.api_key)
            return asyncio.create_task(queue.admit(UUID(tenant.id), key_hash, "POST", "/cases", True))

        with locked(service.database, LOCKS["keys"][0], tenants[0]):
            waiting = [admit(tenants[0]) for _ in range(3)]
            others = await asyncio.gather(*(admit(tenant) for tenant in tenants[1:] for _ in range(10)))
            assert not any(task.done() for task in waiting)
        rows = [*await asyncio.gather(*waiting), *others]
        assert {row.key_state for row in rows} == {"live"}
        assert sorted(row.earlier_calls for row in rows) == sorted([*range(3), *(4 * [*range(10)])])
        assert (await admit(tenants[0], unknown)).key_state is None

    run_with_pool(service.database.url, main)
    with service.database.as_owner() as operator:
        events = operator.execute(
            "SELECT count(*) FROM usage_events WHERE tenant_id = ANY (%s)", [[UUID(tenant.id) for tenant in tenants]]
        ).fetchone()
    assert events == (43,)


@pytest.mark.slow
def test_set_billing_of_a_large_tenant_refuses_no_request(service: Service, make_tenant: MakeTenant) -> None:
    large, small = make_tenant(), make_tenant(billing_status="paid")
    with service.database.as_owner() as operator:
        case = {"tenant_id": large.id, "title": "x", "content": "{}", "created_by": large.key_id}
        insert(operator, "cases", ({"id": uuid4()} | case for _ in range(150_000)))

    async def main() -> list[int]:
        statuses: list[int] = []
        async with httpx.AsyncClient(base_url=service.url, timeout=30) as client:

            async def load(tenant: Tenant) -> None:
                while not change.done():
                    # Stay below the free cap, which applies until the tenant is paid.
                    await asyncio.sleep(0.02)
                    for method in ("POST", "GET"):
                        statuses.append((await ask(client, tenant, method))[0])

            change = asyncio.create_task(
                asyncio.to_thread(
                    run, "clincore", "tenants", "set-billing", large.id, "paid", DATABASE_URL=service.database.url
                )
            )
            await asyncio.gather(load(large), load(small))
            ended = await change
            assert ended.returncode == 0, ended.stderr
            assert int(ended.stdout.rpartition(" ")[2].rstrip(".\n")) >= 150_000
        return statuses

    statuses = asyncio.run(main())

    assert len(statuses) > 100
    assert set(statuses) == {200, 201}
