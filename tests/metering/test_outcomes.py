"""Outcomes of calls: each is written by its class, by the minute and at a stop, and shown to its tenant alone."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from clincore import keys
from clincore.metering import outcomes
from clincore.metering.outcomes import Outcomes
from support.database import Database
from support.pool import run_with_pool
from support.rows import insert
from support.service import serve
from support.tenants import MakeTenant, Tenant

NOW = datetime.now(UTC)
DURING = {"from": (NOW - timedelta(hours=1)).isoformat(), "to": (NOW + timedelta(hours=2)).isoformat()}


def stored(operator: psycopg.Connection[Any], tenant: Tenant) -> dict[str, int]:
    """The calls in the table, by outcome."""
    query = "SELECT outcome, CAST(sum(calls) AS integer) FROM usage_outcomes WHERE tenant_id = %s GROUP BY outcome"
    return dict(operator.execute(query, [tenant.id]).fetchall())


async def until(check: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not check():
            await asyncio.sleep(0.02)


def counting(database: Database, main: Callable[[Outcomes], Awaitable[None]]) -> None:
    """Run `main` with the outcomes of one process, as a worker holds them."""

    async def whole() -> None:
        async with Outcomes() as counted:
            await main(counted)

    run_with_pool(database.url, whole)


def test_a_stopped_service_has_written_the_outcome_of_each_call(
    client: httpx.Client, database: Database, folder: Path, make_tenant: MakeTenant
) -> None:
    tenant, neighbour = make_tenant(), make_tenant()
    with serve(database, folder) as service, httpx.Client(base_url=service.url, headers=tenant.key) as ours:
        limited = ours.post("/admin/api-keys", json={"label": "limited", "rate_limit_per_minute": 1}).json()
        case = ours.post("/cases", json={"title": "Migraine"}).json()
        path = f"/cases/{case['id']}"
        with database.as_owner() as owner, owner.transaction(force_rollback=True):
            owner.execute("SELECT FROM cases WHERE tenant_id = %s AND id = %s FOR UPDATE", [tenant.id, case["id"]])
            locked = ours.delete(path, headers={"If-Match": "*"})
        answers = [
            ours.get(path),
            ours.get(path, headers={"If-None-Match": "*"}),
            *(ours.get("/cases", headers={"X-API-Key": limited["api_key"]}) for _ in range(3)),
            ours.get(f"/cases/{uuid4()}"),
            ours.post("/cases", json={"titel": "x"}),
            locked,
            # These are not calls of the tenant.
            ours.get("/cases", headers={"X-API-Key": keys.generate(UUID(tenant.id))}),
            ours.get("/cases", headers=neighbour.key),
            ours.get("/health"),
        ]

    assert [answer.status_code for answer in answers] == [200, 304, 200, 429, 429, 404, 400, 503, 401, 200, 200]
    response = client.get("/admin/usage/outcomes", params=DURING, headers=tenant.key).json()
    assert response["bucket"] == "day"
    counted = dict.fromkeys(("2xx", "3xx", "4xx", "429", "5xx"), 0)
    for item in response["items"]:
        counted[item["outcome"]] += item["calls"]
    # Two of the successful calls made the key and the case.
    assert counted == {"2xx": 4, "3xx": 1, "4xx": 2, "429": 2, "5xx": 1}


def test_outcomes_are_written_once_a_minute(
    database: Database, operator: psycopg.Connection[Any], tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "EVERY_SECONDS", 0.2)

    async def main(counted: Outcomes) -> None:
        for calls in (1, 2):
            counted.count(UUID(tenant.id), 200)
            await until(lambda calls=calls: stored(operator, tenant) == {"2xx": calls})

    counting(database, main)

    assert stored(operator, tenant) == {"2xx": 2}


def test_a_killed_service_loses_outcomes_but_no_call(
    client: httpx.Client, database: Database, folder: Path, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    with serve(database, folder) as service:
        for _ in range(3):
            httpx.get(f"{service.url}/cases", headers=tenant.key).raise_for_status()
        service.process.send_signal(signal.SIGKILL)
        service.process.wait(30)

    assert sum(stored(operator, tenant).values()) <= 3
    assert client.get("/admin/usage", headers=tenant.key).json()["calls_by_endpoint"]["/cases"] == 3


def test_outcomes_that_cannot_be_written_are_kept_for_the_next_time(
    database: Database, operator: psycopg.Connection[Any], tenant: Tenant, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setattr(outcomes, "EVERY_SECONDS", 0.2)

    async def main(counted: Outcomes) -> None:
        with database.as_owner() as other, other.transaction(force_rollback=True):
            other.execute("LOCK TABLE usage_outcomes IN SHARE MODE")
            counted.count(UUID(tenant.id), 200)
            await until(lambda: "cannot write outcomes of calls: LockNotAvailable (1 tenants)" in caplog.text)
            counted.count(UUID(tenant.id), 201)

    counting(database, main)

    assert stored(operator, tenant) == {"2xx": 2}


def test_several_processes_add_to_the_same_outcomes(
    database: Database, operator: psycopg.Connection[Any], make_tenant: MakeTenant
) -> None:
    tenants = [make_tenant() for _ in range(3)]

    async def main() -> None:
        async def work(statuses: list[int]) -> None:
            async with Outcomes() as counted:
                for tenant in tenants:
                    for status in statuses:
                        counted.count(UUID(tenant.id), status)

        await asyncio.gather(*(work([200, 404, 500][:: 1 - 2 * (number % 2)]) for number in range(8)))

    run_with_pool(database.url, main)

    assert [stored(operator, tenant) for tenant in tenants] == [{"2xx": 8, "4xx": 8, "5xx": 8}] * 3


def test_nothing_is_written_for_a_suspended_or_deleted_tenant(
    database: Database, operator: psycopg.Connection[Any], tenant: Tenant, caplog: Any
) -> None:
    operator.execute("UPDATE tenants SET suspended_at = now() WHERE id = %s", [tenant.id])

    async def main(counted: Outcomes) -> None:
        for tenant_id in (UUID(tenant.id), uuid4()):
            counted.count(tenant_id, 200)

    counting(database, main)

    assert stored(operator, tenant) == {}
    assert "cannot write" not in caplog.text


@pytest.fixture
def busy(operator: psycopg.Connection[Any], make_tenant: MakeTenant) -> Tenant:
    """A tenant with outcomes around midnight, beside a neighbour with others."""
    tenant, neighbour = make_tenant(), make_tenant()
    for whose, outcome, factor in ((tenant, "2xx", 1), (tenant, "5xx", 10), (neighbour, "4xx", 100)):
        row = {"tenant_id": whose.id, "outcome": outcome}
        hours = enumerate((datetime(2026, 3, 2, 22, tzinfo=UTC) + timedelta(hours=hour) for hour in range(4)), start=1)
        insert(operator, "usage_outcomes", (row | {"hour": hour, "calls": factor * calls} for calls, hour in hours))
    return tenant


@pytest.mark.parametrize(
    ("bucket", "begin", "end", "expected"),
    [
        ("hour", "2026-03-02T23:30:00Z", "2026-03-03T00:00:01Z", [("02T23", 2, 20), ("03T00", 3, 30)]),
        ("hour", "2026-03-03T01:00:00+02:00", "2026-03-03T02:00:00+02:00", [("02T23", 2, 20)]),
        ("day", "2026-03-02T23:30:00Z", "2026-03-03T00:00:00Z", [("02T00", 3, 30)]),
        ("day", "2026-03-02T23:30:00Z", "2026-03-03T00:00:01Z", [("02T00", 3, 30), ("03T00", 7, 70)]),
        ("day", "2026-03-03T00:00:00Z", "2026-03-02T00:00:00Z", []),
    ],
)
def test_a_bucket_has_the_sum_of_the_tenants_own_calls_by_outcome(
    client: httpx.Client, busy: Tenant, bucket: str, begin: str, end: str, expected: list[tuple[str, int, int]]
) -> None:
    asked = {"from": begin, "to": end, "bucket": bucket}

    response = client.get("/admin/usage/outcomes", params=asked, headers=busy.key)

    assert response.json()["items"] == [
        {"start": f"2026-03-{hour}:00:00Z", "outcome": outcome, "calls": calls}
        for hour, done, failed in expected
        for outcome, calls in (("2xx", done), ("5xx", failed))
    ]


@pytest.mark.parametrize(
    ("bucket", "begin", "end", "place", "status"),
    [
        ("hour", "2025-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "to", 422),
        ("day", "2001-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "to", 422),
        ("hour", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "from", 422),
        ("day", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "from", 422),
        ("week", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "bucket", 400),
        ("day", "2026-03-01", "2026-03-02T00:00:00Z", "from", 400),
    ],
)
def test_a_range_that_is_too_long_removed_or_malformed_is_refused(
    client: httpx.Client,
    operator: psycopg.Connection[Any],
    tenant: Tenant,
    bucket: str,
    begin: str,
    end: str,
    place: str,
    status: int,
) -> None:
    watermark = {"tenant_id": tenant.id, "closed_before": NOW, "pruned_before": "2026-03-02"}
    insert(operator, "usage_watermarks", [watermark])

    asked = {"from": begin, "to": end, "bucket": bucket}
    response = client.get("/admin/usage/outcomes", params=asked, headers=tenant.key)

    assert response.status_code == status
    assert {error["pointer"] for error in response.json()["errors"]} == {place}
