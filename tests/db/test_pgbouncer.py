"""The service behind a pgbouncer that pools transactions, so that each may get another server connection.

The tests use Debian's pgbouncer, and the one that the environment variable PGBOUNCER names.
"""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from clincore.db.driver.connection import LIMITS
from clincore.db.session import ping, tenant_session
from clincore.db.statements import Statement
from support.cases import CONSULTATION
from support.database import Database
from support.pool import run_with_pool
from support.pooler import DEBIAN_PGBOUNCER, Pooler, pool_transactions
from support.service import Service, checked_client, serve
from support.tenants import Tenant, bootstrap
from support.tour import Caller, tour
from support.waiting import eventually

THREADS = 8
REQUESTS = 480
RECOVERY_SECONDS = 30.0
PATCH = b'{"plan": "Rest."}'
SETTINGS = [pytest.param("", id="prepared"), pytest.param("prepare_threshold=none", id="unprepared")]
BINARIES = {"debian": DEBIAN_PGBOUNCER, "PGBOUNCER": os.environ.get("PGBOUNCER")}


class Settings(NamedTuple):
    """The settings of a server session."""

    lock_timeout: str
    statement_timeout: str
    idle_in_transaction_session_timeout: str
    role: str


class Number(NamedTuple):
    """A number."""

    number: int


@dataclass(frozen=True)
class Pooled:
    """A service and the pgbouncer in front of its database."""

    service: Service
    pooler: Pooler


@pytest.fixture(scope="module", params=BINARIES)
def pooler(request: pytest.FixtureRequest, database: Database, folder: Path) -> Iterator[Pooler]:
    binary = BINARIES[request.param]
    if not binary:
        missing = "Debian's pgbouncer is not installed" if request.param == "debian" else "PGBOUNCER names no binary"
        pytest.skip(f"NOT TESTED behind pgbouncer: {missing}")
    with pool_transactions(binary, database, folder) as running:
        yield running


@pytest.fixture(scope="module", params=SETTINGS)
def pooled(request: pytest.FixtureRequest, pooler: Pooler, database: Database, folder: Path) -> Iterator[Pooled]:
    with serve(
        database, folder, DATABASE_URL=url_with(pooler, request.param), MIGRATION_DATABASE_URL=database.url
    ) as service:
        yield Pooled(service, pooler)


@pytest.fixture(scope="module")
def pooled_client(pooled: Pooled) -> Iterator[httpx.Client]:
    with checked_client(pooled.service.url) as client:
        yield client


def url_with(pooler: Pooler, setting: str) -> str:
    """The URL of the database behind pgbouncer, with connection settings as a query string."""
    return pooler.url.update_query_string(setting).render_as_string(hide_password=False)


def test_every_operation_works_behind_pgbouncer(pooled: Pooled, pooled_client: httpx.Client) -> None:
    async def main() -> None:
        async with httpx.AsyncClient(base_url=pooled.service.url, timeout=30) as client:
            # Enough concurrent requests that they must share server connections.
            tenants = [bootstrap(pooled_client) for _ in range(3)]
            await asyncio.gather(*(tour(Caller(client, tenant.api_key)) for tenant in tenants))

    asyncio.run(main())


def test_a_repeated_write_is_done_once_behind_pgbouncer(pooled_client: httpx.Client) -> None:
    tenant = bootstrap(pooled_client)
    headers = [tenant.key | {"Idempotency-Key": f'"{uuid4()}"'} for _ in range(6)]
    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(
            threads.map(lambda one: pooled_client.post("/cases", json=CONSULTATION, headers=one), headers * 4)
        )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == len(headers)
    assert len(pooled_client.get("/cases", headers=tenant.key).json()["items"]) == len(headers)


class Worker:
    """One of several threads that send all kinds of requests for two tenants."""

    def __init__(self, client: httpx.Client, own: Tenant, other: Tenant) -> None:
        self._client, self._own, self._other = client, own, other

    def make(self) -> str:
        created = self._client.post("/cases", json=CONSULTATION, headers=self._own.key)
        assert created.status_code == 201, created.text
        return f"/cases/{created.json()['id']}"

    def work(self, own: str, foreign: str) -> list[str]:
        """Send the requests, and return a text for each wrong answer."""
        patch = {
            "content": b'{"plan": "Rest."}',
            "headers": {"Content-Type": "application/merge-patch+json", "If-Match": "*"},
        }
        kinds: list[tuple[str, str, int, dict[str, Any]]] = [
            ("GET", own, 200, {}),
            ("GET", foreign, 404, {}),
            ("GET", "/cases", 200, {}),
            ("POST", "/cases", 201, {"json": CONSULTATION}),
            ("PATCH", own, 200, patch),
            ("PATCH", foreign, 404, patch),
            ("GET", f"{own}/document", 200, {}),
            ("GET", "/auth/whoami", 200, {}),
            ("POST", f"{own}/verify-replay", 200, {}),
            ("GET", "/admin/usage", 200, {}),
        ]
        wrong = []
        for method, path, status, more in islice(cycle(kinds), REQUESTS // THREADS):
            headers = more.get("headers", {}) | self._own.key
            response = self._client.request(method, path, **{**more, "headers": headers})
            text = response.text.replace(foreign, "")
            if response.status_code != status or self._other.id in text or foreign.rpartition("/")[2] in text:
                wrong.append(f"{method} {path}: {response.status_code} {text[:300]}")
        return wrong


def test_tenants_on_shared_server_connections_see_only_their_rows_and_leave_no_state(
    pooled: Pooled, pooled_client: httpx.Client, database: Database
) -> None:
    a, b = (bootstrap(pooled_client) for _ in range(2))
    workers = [Worker(pooled_client, *pair) for _ in range(THREADS // 2) for pair in ((a, b), (b, a))]
    cases = [worker.make() for worker in workers]
    with ThreadPoolExecutor(THREADS) as threads:
        # Each worker also requests its neighbour's case, which belongs to the other tenant.
        foreign = [cases[number ^ 1] for number in range(THREADS)]
        wrong = [text for found in threads.map(Worker.work, workers, cases, foreign) for text in found]

    assert wrong == []
    with database.as_owner() as owner:
        counted = owner.execute(
            "SELECT count(*) FROM usage_events WHERE tenant_id = ANY (%s::uuid[]) GROUP BY tenant_id", [[a.id, b.id]]
        ).fetchall()
    assert counted == [((REQUESTS + THREADS) // 2,)] * 2
    with pooled.pooler.server_connections() as connections:
        for connection in connections:
            left = connection.execute(
                "SELECT current_user, coalesce(current_setting('app.tenant_id', true), '')"
            ).fetchone()
            assert left == ("clincore_app", "")
            assert connection.execute("SELECT count(*) FROM cases").fetchone() == (0,)
            prepared = connection.execute("SELECT name, statement FROM pg_prepared_statements").fetchall()
            # No statement has a client's name, and none is prepared twice.
            assert [name for name, _ in prepared if not name.startswith("PGBOUNCER_")] == []
            assert len(prepared) == len({statement for _, statement in prepared})


def test_failed_statements_leave_no_prepared_statements_behind(
    pooled: Pooled, pooled_client: httpx.Client, database: Database
) -> None:
    tenant = bootstrap(pooled_client)
    case = pooled_client.post("/cases", json=CONSULTATION, headers=tenant.key).json()
    headers = tenant.key | {"Content-Type": "application/merge-patch+json", "If-Match": "*"}
    with database.as_superuser() as other, other.transaction(force_rollback=True):
        other.execute("SELECT FROM cases WHERE tenant_id = %s FOR UPDATE", [tenant.id])
        with ThreadPoolExecutor(THREADS) as threads:
            statuses = threads.map(
                lambda _: pooled_client.patch(f"/cases/{case['id']}", content=PATCH, headers=headers).status_code,
                range(2 * THREADS),
            )
            assert set(statuses) == {503}
    with pooled.pooler.server_connections() as connections:
        for connection in connections:
            prepared = connection.execute("SELECT statement FROM pg_prepared_statements").fetchall()
            assert len(prepared) == len(set(prepared))


@pytest.mark.parametrize("setting", SETTINGS)
def test_sessions_with_several_round_trips_survive_a_change_of_server_connection(pooler: Pooler, setting: str) -> None:
    """A statement prepared on one server connection is not assumed to be prepared on another."""
    numbers = [Statement(text(f"SELECT {number} AS number"), Number) for number in range(12)]
    chance = random.Random(20261129)

    async def use_sessions() -> None:
        for _ in range(30):
            async with tenant_session(uuid4()) as session:
                for number in chance.sample(range(len(numbers)), 3):
                    assert await session.fetch(numbers[number]) == [(number,)]

    async def main() -> None:
        await asyncio.gather(*(use_sessions() for _ in range(6)))

    run_with_pool(url_with(pooler, setting), main)


def test_limits_apply_on_a_new_server_connection(pooler: Pooler, database: Database) -> None:
    """The service set its limits when it connected to pgbouncer, which was on another server connection."""
    names = [*LIMITS, "role"]
    settings = Statement(
        text("SELECT " + ", ".join(f"current_setting('{name}') AS {name}" for name in names)), Settings
    )

    async def main() -> None:
        await ping()
        with database.as_superuser() as superuser:
            superuser.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = 'clincore_app'"
            )
        async with tenant_session(uuid4()) as session:
            assert [row._asdict() for row in await session.fetch(settings)] == [LIMITS | {"role": "none"}]

    run_with_pool(url_with(pooler, ""), main)


def test_the_service_recovers_soon_after_a_restart_of_pgbouncer(pooled: Pooled, pooled_client: httpx.Client) -> None:
    tenant, is_over, answers = bootstrap(pooled_client), Event(), list[tuple[float, int]]()

    def ask() -> None:
        while not is_over.wait(0.02):
            status = pooled_client.get("/auth/whoami", headers=tenant.key).status_code
            answers.append((time.monotonic(), status))

    def has_recovered() -> bool:
        recent = [status for at, status in answers if at > time.monotonic() - 0.5]
        return len(recent) > 5 and set(recent) == {200}

    with ThreadPoolExecutor(2) as threads:
        asking = [threads.submit(ask) for _ in range(2)]
        try:
            time.sleep(0.3)
            pooled.pooler.kill()
            time.sleep(0.5)
            pooled.pooler.start()
            eventually(has_recovered, RECOVERY_SECONDS)
        finally:
            is_over.set()
        for future in asking:
            future.result()

    assert {status for _, status in answers} == {200, 503}
