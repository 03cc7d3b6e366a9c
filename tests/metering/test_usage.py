"""Usage: totals with any position of the watermark, the quota, time series, the export."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from clincore.db.operator_queries import usage as billing
from clincore.metering import rollup
from support.database import Database
from support.pool import run_with_pool
from support.rows import insert
from support.service import Service
from support.tenants import MakeTenant, Tenant
from support.waiting import eventually

ENDPOINTS = ("/cases", "/cases/{case_id}", "/auth/whoami")
NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.replace(hour=0, minute=0, second=0)


def roll_up(database: Database, *tenants: Tenant) -> None:
    """Roll up these tenants, as the service does once a minute."""

    async def main() -> None:
        for tenant in tenants:
            await rollup.roll_up(UUID(tenant.id))

    run_with_pool(database.url, main)


def log(
    operator: psycopg.Connection[Any],
    tenant: Tenant,
    created_at: datetime,
    calls: int = 1,
    endpoint: str = "/cases",
    key_id: str | None = None,
) -> None:
    event = {"tenant_id": tenant.id, "api_key_id": key_id or tenant.key_id, "method": "GET", "endpoint": endpoint}
    insert(operator, "usage_events", ({"id": uuid4(), "created_at": created_at} | event for _ in range(calls)))


def series(client: httpx.Client, tenant: Tenant, **parameters: Any) -> Any:
    parameters = {name.rstrip("_"): value for name, value in parameters.items()}
    response = client.get("/admin/usage/timeseries", params=parameters, headers=tenant.key)
    assert response.status_code == 200, response.text
    return response.json()["items"]


@pytest.fixture
def busy(operator: psycopg.Connection[Any], tenant: Tenant, client: httpx.Client) -> Tenant:
    """A tenant with two keys and calls in the last 40 days, some of them at the edges of hours and days."""
    other = client.post("/admin/api-keys", json={"label": "job"}, headers=tenant.key).json()["id"]
    operator.execute("DELETE FROM usage_events WHERE tenant_id = %s", [tenant.id])
    for days in (40, 39, 7, 2, 1):
        for offset in (timedelta(0), timedelta(microseconds=-1), timedelta(hours=5, minutes=59, seconds=59)):
            for number, endpoint in enumerate(ENDPOINTS):
                log(operator, tenant, TODAY - timedelta(days=days) + offset, number + 1, endpoint)
                log(operator, tenant, TODAY - timedelta(days=days) + offset, 1, endpoint, other)
    for minutes in (60 * 24 + 1, 60 * 24 - 1, 60 * 23 + 30, 181, 61, 11, 9, 1, 0):
        log(operator, tenant, NOW - timedelta(minutes=minutes), 2, "/cases")
    return tenant


def test_totals_are_correct_at_any_position_of_the_watermark(
    client: httpx.Client, database: Database, operator: psycopg.Connection[Any], busy: Tenant
) -> None:
    def check() -> None:
        answer = client.get("/admin/usage", headers=busy.key).json()
        quota = client.get("/usage", headers=busy.key).json()
        counted = operator.execute(
            "SELECT endpoint, count(*), count(*) FILTER (WHERE created_at > now() - interval '24 hours')"
            " FROM usage_events WHERE tenant_id = %s AND endpoint <> '/usage' GROUP BY endpoint",
            [busy.id],
        ).fetchall()
        answer["calls_by_endpoint"].pop("/usage", None)
        assert answer["calls_by_endpoint"] == {endpoint: calls for endpoint, calls, _ in counted}
        assert answer["total_calls"] == sum(calls for _, calls, _ in counted) + len(asked)
        assert answer["last_24h_count"] == sum(recent for *_, recent in counted) + len(asked)
        assert quota["used"] == answer["total_calls"]
        asked.append(quota)

    def watermark() -> datetime:
        query = "SELECT closed_before FROM usage_watermarks WHERE tenant_id = %s"
        row = operator.execute(query, [busy.id]).fetchone()
        assert row is not None
        moment: datetime = row[0]
        return moment

    # The answers of /usage: the totals of later checks count these calls.
    asked: list[Any] = []
    check()
    # As if the service had been stopped for a month, and for 30 hours.
    roll_up(database, busy)
    assert NOW - timedelta(minutes=12) < watermark() <= datetime.now(UTC)
    check()
    for back in (timedelta(days=30), timedelta(hours=30)):
        for table, column in (("usage_hourly", "hour"), ("usage_daily", "day")):
            operator.execute(f"DELETE FROM {table} WHERE tenant_id = %s", [busy.id])
            operator.execute(
                f"INSERT INTO {table} (tenant_id, {column}, endpoint, api_key_id, calls)"
                f" SELECT tenant_id, date_trunc('{column}', created_at, 'UTC'), endpoint, api_key_id, count(*)"
                " FROM usage_events WHERE tenant_id = %s AND created_at < %s GROUP BY 1, 2, 3, 4",
                [busy.id, NOW - back],
            )
        operator.execute("UPDATE usage_watermarks SET closed_before = %s WHERE tenant_id = %s", [NOW - back, busy.id])
        check()
        roll_up(database, busy)
        check()
        assert billing.differences(operator, UUID(busy.id)) == []


def test_repeated_and_concurrent_roll_ups_count_no_call_twice(
    database: Database, operator: psycopg.Connection[Any], busy: Tenant
) -> None:
    async def main() -> None:
        for _ in range(2):
            await asyncio.gather(*(rollup.roll_up(UUID(busy.id)) for _ in range(8)))

    run_with_pool(database.url, main)

    assert billing.differences(operator, UUID(busy.id)) == []
    closed = operator.execute("SELECT closed_before FROM usage_watermarks WHERE tenant_id = %s", [busy.id]).fetchone()
    assert closed is not None and closed[0] > NOW - timedelta(minutes=12)


def test_reconciliation_lists_the_differences(
    database: Database, operator: psycopg.Connection[Any], busy: Tenant
) -> None:
    roll_up(database, busy)
    operator.execute(
        "UPDATE usage_daily SET calls = calls + 1 WHERE tenant_id = %s AND day = %s AND endpoint = '/cases'"
        " AND api_key_id = %s",
        [busy.id, (TODAY - timedelta(days=7)).date(), busy.key_id],
    )
    log(operator, busy, TODAY - timedelta(days=39, hours=-1), 3, "/late")

    found = billing.differences(operator, UUID(busy.id))

    late = (TODAY - timedelta(days=39, hours=-1)).strftime("%Y-%m-%d")
    assert [(d.table, d.start, d.endpoint, d.in_totals, d.in_events) for d in found] == [
        ("usage_daily", late, "/late", 0, 3),
        ("usage_daily", (TODAY - timedelta(days=7)).strftime("%Y-%m-%d"), "/cases", 3, 2),
        ("usage_hourly", f"{late}T01:00:00Z", "/late", 0, 3),
    ]


@pytest.mark.parametrize("group_by", ["endpoint", "key", "none"])
@pytest.mark.parametrize("bucket", ["hour", "day"])
@pytest.mark.parametrize("is_rolled_up", [False, True])
def test_a_time_series_has_each_call_once(
    client: httpx.Client,
    database: Database,
    operator: psycopg.Connection[Any],
    busy: Tenant,
    bucket: str,
    group_by: str,
    is_rolled_up: bool,
) -> None:
    if is_rolled_up:
        roll_up(database, busy)
    start, end = TODAY - timedelta(days=39), TODAY - timedelta(days=1)
    rows = operator.execute(
        "SELECT created_at, endpoint, api_key_id::text FROM usage_events WHERE tenant_id = %s"
        " AND created_at >= %s AND created_at < %s",
        [busy.id, start, end],
    ).fetchall()
    expected: Counter[Any] = Counter()
    for created_at, endpoint, key_id in rows:
        moment = created_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        moment = moment.replace(hour=0) if bucket == "day" else moment
        expected[moment, {"endpoint": endpoint, "key": key_id, "none": None}[group_by]] += 1

    items = series(client, busy, from_=start.isoformat(), to=end.isoformat(), bucket=bucket, group_by=group_by)

    found = {
        (datetime.fromisoformat(item["start"]), item["endpoint"] or item["key_id"]): item["calls"] for item in items
    }
    assert found == expected and len(found) == len(items)
    assert [item["start"] for item in items] == sorted(item["start"] for item in items)


@pytest.mark.parametrize(
    ("parameters", "place", "status"),
    [
        # Two that no schema can express, then those that the schema refuses.
        ({"from": "2025-01-01T00:00:00Z", "to": "2026-03-01T00:00:00Z", "bucket": "hour"}, "to", 422),
        ({"from": "2001-01-01T00:00:00Z", "to": "2026-03-01T00:00:00Z", "bucket": "day"}, "to", 422),
        ({"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z", "bucket": "week"}, "bucket", 400),
        ({"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z", "group_by": "tenant"}, "group_by", 400),
        ({"from": "2026-03-01", "to": "2026-03-02T00:00:00Z"}, "from", 400),
        ({"to": "2026-03-02T00:00:00Z"}, "from", 400),
    ],
)
def test_an_invalid_time_series_request_names_the_wrong_parameter(
    client: httpx.Client, tenant: Tenant, parameters: dict[str, str], place: str, status: int
) -> None:
    response = client.get("/admin/usage/timeseries", params=parameters, headers=tenant.key)

    assert response.status_code == status
    assert {error["pointer"] for error in response.json()["errors"]} == {place}


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"),
        ("2026-03-02T12:00:00+02:00", "2026-03-02T10:00:00Z"),
        ("2026-03-02T10:00:00Z", "2026-03-01T00:00:00Z"),
        ("1000-01-01T00:00:00Z", "1999-12-31T23:59:59Z"),
        ("2000-01-01T00:00:00+01:00", "2000-01-01T00:00:00Z"),
        ("2999-12-31T23:59:59-23:59", "2999-12-31T23:59:59.999999999-23:59"),
    ],
)
@pytest.mark.parametrize("bucket", ["hour", "day"])
def test_a_range_without_time_or_calls_is_empty(
    client: httpx.Client, operator: psycopg.Connection[Any], tenant: Tenant, begin: str, end: str, bucket: str
) -> None:
    log(operator, tenant, datetime(2026, 3, 2, 10, tzinfo=UTC), 1)
    during = {"from": begin, "to": end}

    exported = client.get("/admin/usage/events.ndjson", params=during, headers=tenant.key)

    assert series(client, tenant, from_=begin, to=end, bucket=bucket) == []
    assert (exported.status_code, exported.text) == (200, "")


def test_the_quota_shows_how_many_calls_remain(
    client: httpx.Client, tenant: Tenant, log_calls: Callable[[Tenant, int], None]
) -> None:
    log_calls(tenant, 998)

    asked = client.get("/usage", headers=tenant.key)
    created = [client.post("/cases", json={"title": "x"}, headers=tenant.key) for _ in range(3)]
    again = client.get("/usage", headers=tenant.key)

    assert asked.json() == {"billing_status": "free", "used": 998, "limit": 1000, "remaining": 2}
    # Two calls remain, and two succeed.
    assert [response.status_code for response in created] == [201, 201, 402]
    assert [response.headers["RateLimit"] for response in (asked, *created, again)] == [
        f'"free-calls";r={left}' for left in (2, 1, 0, 0, 0)
    ]
    assert {response.headers["RateLimit-Policy"] for response in (asked, *created)} == {'"free-calls";q=1000'}
    assert again.json() == {"billing_status": "free", "used": 1002, "limit": 1000, "remaining": 0}


def test_every_answer_of_a_capped_operation_shows_the_quota(client: httpx.Client, tenant: Tenant) -> None:
    refused = client.post("/cases", json={"titel": "x"}, headers=tenant.key)
    uncapped = client.get("/cases", headers=tenant.key)

    assert (refused.status_code, refused.headers["RateLimit"]) == (400, '"free-calls";r=1000')
    assert "RateLimit" not in uncapped.headers


def test_a_paid_tenant_has_no_quota(client: httpx.Client, make_tenant: MakeTenant) -> None:
    tenant = make_tenant(billing_status="paid")

    created = client.post("/cases", json={"title": "x"}, headers=tenant.key)
    asked = client.get("/usage", headers=tenant.key)

    assert asked.json() == {"billing_status": "paid", "used": 1, "limit": None, "remaining": None}
    assert not {"RateLimit", "RateLimit-Policy"} & {*created.headers, *asked.headers}


def test_the_export_has_each_event_of_its_range_once_and_in_order(
    client: httpx.Client, operator: psycopg.Connection[Any], busy: Tenant
) -> None:
    start, end = TODAY - timedelta(days=39), TODAY - timedelta(days=1)
    response = client.get(
        "/admin/usage/events.ndjson",
        params={"from": start.isoformat(), "to": end.isoformat()},
        headers=busy.key,
    )

    events = [json.loads(line) for line in response.text.splitlines()]

    assert response.headers["Content-Type"] == "application/x-ndjson"
    stored = operator.execute(
        "SELECT id::text, method, endpoint, api_key_id::text FROM usage_events"
        " WHERE tenant_id = %s AND created_at >= %s AND created_at < %s",
        [busy.id, start, end],
    ).fetchall()
    assert sorted((e["id"], e["method"], e["endpoint"], e["key_id"]) for e in events) == sorted(stored)
    times = [datetime.fromisoformat(event["created_at"]) for event in events]
    assert times == sorted(times) and times


def test_an_export_of_a_range_without_events_is_empty(client: httpx.Client, tenant: Tenant) -> None:
    response = client.get(
        "/admin/usage/events.ndjson",
        params={"from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z"},
        headers=tenant.key,
    )

    assert (response.status_code, response.text) == (200, "")


def test_an_export_releases_its_connection_when_the_client_disconnects(
    service: Service, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    log(operator, tenant, NOW - timedelta(days=3), 100_000)
    exports = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND query LIKE %s"
    parameters = {"from": (TODAY - timedelta(days=4)).isoformat(), "to": TODAY.isoformat()}

    # More exports than there are slots, so the test fails if one is not released.
    for _ in range(10):
        with httpx.stream(
            "GET", f"{service.url}/admin/usage/events.ndjson", params=parameters, headers=tenant.key
        ) as response:
            assert response.status_code == 200
            next(response.iter_raw())
        eventually(lambda: not operator.execute(exports, ["%usage_events.method%"]).rowcount, 5)


@pytest.fixture
def slow_reader(service: Service, tenant: Tenant, operator: psycopg.Connection[Any]) -> Iterator[httpx.Response]:
    log(operator, tenant, NOW - timedelta(days=3), 100_000)
    parameters = {"from": (TODAY - timedelta(days=4)).isoformat(), "to": TODAY.isoformat()}
    with httpx.stream(
        "GET", f"{service.url}/admin/usage/events.ndjson", params=parameters, headers=tenant.key, timeout=60
    ) as response:
        yield response


def test_an_export_whose_client_stops_reading_is_cut_off(slow_reader: httpx.Response) -> None:
    chunks = slow_reader.iter_raw()
    next(chunks)
    time.sleep(14)

    with pytest.raises(httpx.RemoteProtocolError):
        for _ in chunks:
            pass


def test_an_export_whose_client_leaves_while_it_waits_for_its_turn_is_no_error(
    service: Service, tenant: Tenant, database: Database, slow_reader: httpx.Response
) -> None:
    """Its next part waits, because locked requests of its tenant have all places for expensive operations."""
    logged = len(service.log.read_bytes())
    chunks = slow_reader.iter_raw()
    next(chunks)
    series = f"{service.url}/admin/usage/timeseries?from={TODAY:%Y-%m-%d}T00:00:00Z&to={NOW:%Y-%m-%dT%H:%M:%S}Z"
    with database.as_owner() as other, ThreadPoolExecutor(40) as pool:
        with other.transaction(force_rollback=True):
            other.execute("SELECT FROM tenants WHERE id = %s FOR UPDATE", [tenant.id])
            waiting = [pool.submit(httpx.get, series, headers=tenant.key, timeout=30) for _ in range(40)]
            time.sleep(0.5)
            for _ in range(20):
                next(chunks)
            slow_reader.close()
        assert {one.result().status_code for one in waiting} <= {200, 429, 503}

    def ended() -> list[str]:
        lines = service.log.read_bytes()[logged:].decode().splitlines()
        assert not [line for line in lines if '"level":"error"' in line], lines
        return [line for line in lines if "/admin/usage/events.ndjson" in line]

    eventually(ended)


def test_exports_over_the_limit_get_503_and_retry_after(
    service: Service, client: httpx.Client, make_tenant: MakeTenant, operator: psycopg.Connection[Any]
) -> None:
    parameters = {"from": (TODAY - timedelta(days=4)).isoformat(), "to": TODAY.isoformat()}
    begun, tenants = [], [make_tenant() for _ in range(5)]
    for tenant in tenants[:4]:
        log(operator, tenant, NOW - timedelta(days=3), 30_000)
    try:
        with httpx.Client(base_url=service.url, timeout=30) as readers:
            # Two exports of each of four tenants take all slots of a worker.
            for tenant in [*tenants[:4], *tenants[:4]]:
                request = readers.build_request(
                    "GET", "/admin/usage/events.ndjson", params=parameters, headers=tenant.key
                )
                begun.append(readers.send(request, stream=True))

            tenant = tenants[4]
            refused = client.get("/admin/usage/events.ndjson", params=parameters, headers=tenant.key)
            others = client.get("/cases", headers=tenant.key)

            assert [response.status_code for response in begun] == [200] * 8
            assert (refused.status_code, refused.headers["Retry-After"] != "") == (503, True)
            assert others.status_code == 200
    finally:
        for response in begun:
            response.close()


def test_pruning_changes_neither_totals_nor_the_cap_nor_the_reconciliation(
    client: httpx.Client, database: Database, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    operator.execute("DELETE FROM usage_events WHERE tenant_id = %s", [tenant.id])
    for days in (30, 20, 5):
        log(operator, tenant, TODAY - timedelta(days=days) + timedelta(hours=3), 330)
        outcome = {"tenant_id": tenant.id, "hour": TODAY - timedelta(days=days), "outcome": "2xx", "calls": 330}
        insert(operator, "usage_outcomes", [outcome])
    log(operator, tenant, NOW, 9)
    roll_up(database, tenant)
    before = client.get("/admin/usage", headers=tenant.key).json()

    pruned = 0
    until = (TODAY - timedelta(days=10)).date()
    with database.as_owner() as owner:
        while True:
            with owner.transaction():
                removed = billing.prune_a_day(owner, UUID(tenant.id), until)
            if removed is None:
                break
            pruned += removed

    assert pruned == 660
    after = client.get("/admin/usage", headers=tenant.key).json()
    assert after["total_calls"] == before["total_calls"] + 1
    assert after["last_24h_count"] == before["last_24h_count"] + 1
    assert billing.differences(operator, UUID(tenant.id)) == []
    # 999 calls were logged, and this test has made two since.
    created = [client.post("/cases", json={"title": "x"}, headers=tenant.key) for _ in range(2)]
    assert [(response.status_code, response.headers["RateLimit"]) for response in created] == [
        (402, '"free-calls";r=0'),
        (402, '"free-calls";r=0'),
    ]
    assert client.get("/usage", headers=tenant.key).json()["used"] == 1003
    # Daily totals are kept; hourly totals, outcomes and events are not.
    kept = operator.execute("SELECT hour FROM usage_outcomes WHERE tenant_id = %s AND hour < %s", [tenant.id, TODAY])
    assert [hour for (hour,) in kept] == [TODAY - timedelta(days=5)]
    begin, end = TODAY - timedelta(days=31), TODAY
    days = series(client, tenant, from_=begin.isoformat(), to=end.isoformat())
    assert [item["calls"] for item in days] == [330, 330, 330]
    for path in ("timeseries", "outcomes", "events.ndjson"):
        parameters = {"from": begin.isoformat(), "to": end.isoformat()}
        parameters |= {"bucket": "hour"} if path == "timeseries" else {}
        refused = client.get(f"/admin/usage/{path}", params=parameters, headers=tenant.key)
        assert refused.status_code == 422
        assert f"before {(TODAY - timedelta(days=19)).date()}" in refused.text


def test_pruning_stops_at_a_total_that_differs_from_the_number_of_events(
    database: Database, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    log(operator, tenant, TODAY - timedelta(days=9), 5)
    roll_up(database, tenant)
    log(operator, tenant, TODAY - timedelta(days=9), 1)

    with database.as_owner() as owner, pytest.raises(billing.TotalsDiffer), owner.transaction():
        billing.prune_a_day(owner, UUID(tenant.id), TODAY.date())

    left = operator.execute("SELECT FROM usage_events WHERE tenant_id = %s", [tenant.id]).rowcount
    assert left == 6


def test_the_roll_up_forgets_deleted_tenants(
    database: Database, tenant: Tenant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """`clincore prove-isolation` creates such tenants, makes calls as them and deletes them."""
    monkeypatch.setattr(rollup, "EVERY_SECONDS", 0.2)
    totals = rollup.RollUp()
    totals.active_tenants = {uuid4(), UUID(tenant.id)}

    started = time.monotonic()

    async def main() -> None:
        running = asyncio.create_task(totals.run())
        try:
            # Wait for a round in which the roll-up of no tenant failed. The elapsed time is read first: read after
            # the lag, it can be longer on a busy machine though there was no round yet.
            while (elapsed := time.monotonic() - started) <= totals.lag():
                assert elapsed < 20
                await asyncio.sleep(0.05)
        finally:
            running.cancel()

    run_with_pool(database.url, main)

    # The existing tenant may have an event that is too recent for the totals.
    assert totals.active_tenants <= {UUID(tenant.id)}
    assert "cannot update usage totals" not in caplog.text
