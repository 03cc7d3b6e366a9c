"""Rate limits of API keys."""

import asyncio
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import UUID

import httpx
import psycopg
import pytest

from clincore.metering.rate_limits import LOCK_SECONDS, RateLimits
from support.database import Database
from support.pool import run_with_pool
from support.service import Service, checked_client, free_port, serve
from support.tenants import MakeTenant, Tenant
from support.waiting import eventually


@dataclass(frozen=True)
class Key:
    """A key with a limit."""

    id: str
    headers: dict[str, str]


def limited(client: httpx.Client, tenant: Tenant, limit: int | None, role: str = "user") -> Key:
    body = {"label": "job", "role": role, "rate_limit_per_minute": limit}
    made = client.post("/admin/api-keys", json=body, headers=tenant.key)
    assert (made.status_code, made.json()["rate_limit_per_minute"]) == (201, limit)
    return Key(made.json()["id"], {"X-API-Key": made.json()["api_key"]})


def set_limit(client: httpx.Client, tenant: Tenant, key: Key, limit: int | None) -> None:
    body = {"rate_limit_per_minute": limit}
    changed = client.patch(f"/admin/api-keys/{key.id}", json=body, headers=tenant.key)
    assert (changed.status_code, changed.json()["rate_limit_per_minute"]) == (200, limit)


def statuses(client: httpx.Client, key: Key, count: int) -> list[int]:
    return [client.get("/auth/whoami", headers=key.headers).status_code for _ in range(count)]


def events_of(operator: psycopg.Connection[Any], key: Key) -> int:
    return operator.execute("SELECT FROM usage_events WHERE api_key_id = %s", [key.id]).rowcount


# --- the contract


def test_a_key_has_no_limit_unless_it_is_given_one(client: httpx.Client, tenant: Tenant) -> None:
    made = client.post("/admin/api-keys", json={"label": "job"}, headers=tenant.key)
    answer = client.get("/auth/whoami", headers={"X-API-Key": made.json()["api_key"]})

    assert made.json()["rate_limit_per_minute"] is None
    assert answer.json()["rate_limit_per_minute"] is None
    assert not {"RateLimit", "RateLimit-Policy"} & {*answer.headers}


def test_a_limit_is_shown_wherever_the_key_is_shown(client: httpx.Client, tenant: Tenant) -> None:
    key = limited(client, tenant, 90)

    (listed, *_) = client.get("/admin/api-keys", headers=tenant.key).json()["items"]
    shown = client.get("/auth/whoami", headers=key.headers)
    rotated = client.post("/auth/api-keys/rotate", headers=key.headers)
    revoked = client.post(f"/admin/api-keys/revoke/{key.id}", headers=tenant.key)

    assert listed["id"] == key.id
    limits = [each["rate_limit_per_minute"] for each in (listed, shown.json(), rotated.json(), revoked.json())]
    assert limits == [90, 90, 90, 90]


def test_changing_the_label_keeps_the_limit(client: httpx.Client, tenant: Tenant) -> None:
    key = limited(client, tenant, 90)
    changes = {"label": "nightly", "expires_at": "2999-01-01T00:00:00Z"}

    renamed = client.patch(f"/admin/api-keys/{key.id}", json=changes, headers=tenant.key).json()
    all_three = changes | {"rate_limit_per_minute": 80.0}
    changed = client.patch(f"/admin/api-keys/{key.id}", json=all_three, headers=tenant.key).json()

    assert (renamed["label"], renamed["rate_limit_per_minute"]) == ("nightly", 90)
    assert changed == renamed | {"rate_limit_per_minute": 80}


@pytest.mark.parametrize("limit", [0, -1, 100_001, 1.5, "60", True, 1e400])
def test_a_limit_out_of_bounds_is_refused(client: httpx.Client, tenant: Tenant, limit: Any) -> None:
    body = {"label": "job", "rate_limit_per_minute": limit}
    content = str(body).replace("'", '"').replace("True", "true").replace("inf", "1e400")
    typed = tenant.key | {"Content-Type": "application/json"}

    made = client.post("/admin/api-keys", content=content, headers=typed)
    changed = client.patch(f"/admin/api-keys/{tenant.key_id}", content=content, headers=typed)

    assert (made.status_code, changed.status_code) == (400, 400)


# --- the limit


def test_a_limited_key_is_told_what_is_left(client: httpx.Client, tenant: Tenant) -> None:
    key = limited(client, tenant, 60)

    read = client.get("/cases", headers=key.headers)
    created = client.post("/cases", json={"title": "x"}, headers=key.headers)
    refused = client.post("/cases", json={"titel": "x"}, headers=key.headers)
    quota = client.get("/usage", headers=key.headers)

    assert read.headers["RateLimit-Policy"] == '"key";q=60;w=60'
    assert re.fullmatch(r'"key";r=59;t=[0-9]{1,2}', read.headers["RateLimit"])
    assert created.headers["RateLimit-Policy"] == '"free-calls";q=1000, "key";q=60;w=60'
    assert re.fullmatch(r'"free-calls";r=998, "key";r=58;t=[0-9]{1,2}', created.headers["RateLimit"])
    assert re.fullmatch(r'"free-calls";r=997, "key";r=57;t=[0-9]{1,2}', refused.headers["RateLimit"])
    assert quota.headers["RateLimit-Policy"] == '"free-calls";q=1000, "key";q=60;w=60'
    assert re.fullmatch(r'"free-calls";r=996, "key";r=56;t=[0-9]{1,2}', quota.headers["RateLimit"])


def test_requests_over_the_limit_get_429_and_are_metered(
    client: httpx.Client, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    key = limited(client, tenant, 5)

    asked = [client.get("/cases", headers=key.headers) for _ in range(8)]

    assert [answer.status_code for answer in asked] == [200] * 5 + [429] * 3
    refused = asked[-1]
    assert refused.json()["type"] == "/problems/rate-limited"
    assert refused.headers["RateLimit-Policy"] == '"key";q=5;w=60'
    found = re.fullmatch(r'"key";r=0;t=([0-9]+)', refused.headers["RateLimit"])
    assert found is not None
    assert 30 < int(found[1]) <= 61
    assert int(found[1]) <= int(refused.headers["Retry-After"]) <= 70
    assert events_of(operator, key) == 8


def test_clients_that_were_refused_together_do_not_come_back_together(client: httpx.Client, tenant: Tenant) -> None:
    key = limited(client, tenant, 1)
    assert statuses(client, key, 1) == [200]

    waits = {client.get("/cases", headers=key.headers).headers["Retry-After"] for _ in range(20)}

    assert len(waits) > 1


def test_a_limit_applies_to_one_key_only(client: httpx.Client, make_tenant: MakeTenant) -> None:
    tenant, other = make_tenant(), make_tenant()
    keys = [limited(client, tenant, 2), limited(client, tenant, 2), limited(client, other, 2)]

    for key in keys:
        assert statuses(client, key, 3) == [200, 200, 429]
    assert client.get("/cases", headers=tenant.key).status_code == 200


def test_refused_requests_of_every_kind_count(client: httpx.Client, tenant: Tenant) -> None:
    key = limited(client, tenant, 3)

    asked = [client.get(path, headers=key.headers).status_code for path in ("/admin/usage", "/cases?limit=0", "/cases")]

    assert asked == [403, 400, 200]
    # The limit comes first: a key over its limit learns nothing else.
    assert client.get("/admin/usage", headers=key.headers).status_code == 429


def test_a_changed_limit_applies_to_the_next_request(client: httpx.Client, tenant: Tenant) -> None:
    key = limited(client, tenant, 3)
    assert statuses(client, key, 4) == [200, 200, 200, 429]

    set_limit(client, tenant, key, 5)
    assert statuses(client, key, 3) == [200, 200, 429]
    set_limit(client, tenant, key, 600)
    assert statuses(client, key, 1) == [200]
    # The worker still has most of a block of ten, but it was leased under the former limit.
    set_limit(client, tenant, key, 4)
    assert statuses(client, key, 1) == [429]
    set_limit(client, tenant, key, None)
    assert statuses(client, key, 20) == [200] * 20


@pytest.mark.parametrize("grace_seconds", [0, 600])
def test_a_rotation_gives_no_additional_requests(client: httpx.Client, tenant: Tenant, grace_seconds: int) -> None:
    key = limited(client, tenant, 4)
    for _ in range(2):
        body = {"grace_seconds": grace_seconds}
        rotated = client.post("/auth/api-keys/rotate", json=body, headers=key.headers).json()
        assert rotated["rate_limit_per_minute"] == 4
        key, old = Key(rotated["id"], {"X-API-Key": rotated["api_key"]}), key

    assert statuses(client, key, 3) == [200, 200, 429]
    assert statuses(client, old, 1) == [429 if grace_seconds else 401]


def test_an_ended_key_gets_401_even_over_its_limit(
    client: httpx.Client, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    key = limited(client, tenant, 1)
    assert statuses(client, key, 2) == [200, 429]

    client.post(f"/admin/api-keys/revoke/{key.id}", headers=tenant.key).raise_for_status()

    assert statuses(client, key, 1) == [401]
    assert events_of(operator, key) == 2


def test_refused_requests_write_nothing_to_the_counter(
    client: httpx.Client, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    key = limited(client, tenant, 2)
    counter = "SELECT xmin::text, c::text FROM rate_limit_counters c WHERE lineage_id = %s"
    assert statuses(client, key, 2) == [200, 200]
    before = operator.execute(counter, [key.id]).fetchall()

    assert statuses(client, key, 20) == [429] * 20

    assert len(before) == 1
    assert operator.execute(counter, [key.id]).fetchall() == before


def test_a_key_without_a_limit_has_no_counter(
    client: httpx.Client, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    assert client.get("/cases", headers=tenant.key).status_code == 200

    assert operator.execute("SELECT FROM rate_limit_counters WHERE tenant_id = %s", [tenant.id]).rowcount == 0


# --- several workers

LIMIT = 240
BLOCK = 4


def advance(operator: psycopg.Connection[Any], key: Key, seconds: int) -> None:
    """Let time pass for the counter."""
    operator.execute("UPDATE rate_limit_counters SET second = second - %s WHERE lineage_id = %s", [seconds, key.id])


def test_any_minute_has_at_most_the_limit_and_one_block_per_worker(
    client: httpx.Client, database: Database, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    key, skipped, accepted = limited(client, tenant, LIMIT), 0.0, list[float]()
    workers = [RateLimits(clock=lambda: skipped + time.monotonic()) for _ in range(3)]

    async def main() -> None:
        nonlocal skipped
        # Requests, and seconds until the next ones: steady traffic over the limit, then bursts and pauses.
        steps = [(12, 1)] * 123 + [(0, 61)]
        steps += [(100, 1), (20, 30), (5, 29), (200, 1), (3, 1), (2, 1), (1, 57), (200, 2), (50, 3), (200, 1)]
        # The leases of a burst count until a whole minute has passed.
        for pause in (43, 59):
            steps += [(0, 61), (200, pause), (200, 1)]
        for count, pause in steps:
            for number in range(count):
                worker = workers[number % 3 if count != 200 else 0]
                quota = await worker.take(UUID(tenant.id), UUID(key.id), LIMIT)
                if quota.is_accepted:
                    assert quota.left is not None, "the database did not answer"
                    accepted.append(skipped + time.monotonic())
            advance(operator, key, pause)
            skipped += pause

    run_with_pool(database.url, main)

    most = max(sum(start <= each < start + 60 for each in accepted) for start in accepted)
    assert LIMIT <= most <= LIMIT + len(workers) * BLOCK
    # All of the limit can be used, again and again.
    steady = sum(each < accepted[0] + 122 for each in accepted)
    assert steady >= 2 * LIMIT - len(workers) * BLOCK


@dataclass
class Running:
    service: Service
    metrics_port: int

    def unchecked(self) -> float:
        with urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics") as response:
            found = re.search(r"^clincore_rate_limit_unchecked_total (\S+)$", response.read().decode(), re.MULTILINE)
        return float(found[1]) if found else 0.0


@pytest.fixture(scope="module")
def two_workers(database: Database, folder: Path) -> Iterator[Running]:
    port = free_port()
    command = ["clincore", "serve", "--workers", "2", "--metrics-port", str(port)]
    with (
        tempfile.TemporaryDirectory() as temporary,
        serve(database, folder, program=command, TMPDIR=temporary) as service,
    ):
        yield Running(service, port)


def flood(url: str, key: Key, connections: int, each: int) -> Counter[int]:
    """The statuses of requests over several connections at once."""

    async def main() -> Counter[int]:
        async def one() -> list[int]:
            async with httpx.AsyncClient(base_url=url, timeout=30) as client:
                return [(await client.get("/auth/whoami", headers=key.headers)).status_code for _ in range(each)]

        return Counter(
            status for of_one in await asyncio.gather(*(one() for _ in range(connections))) for status in of_one
        )

    return asyncio.run(main())


def test_workers_together_accept_the_limit(
    two_workers: Running, client: httpx.Client, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    key, began = limited(client, tenant, LIMIT), time.monotonic()

    got = flood(two_workers.service.url, key, 16, 25)

    # A worker whose clients have finished may keep a part of its last block. Each new connection meets either worker.
    rest = [httpx.get(f"{two_workers.service.url}/auth/whoami", headers=key.headers).status_code for _ in range(40)]
    assert time.monotonic() - began < 60
    assert set(got) == {200, 429}
    assert LIMIT <= got[200] + rest.count(200) <= LIMIT + 2 * BLOCK
    assert events_of(operator, key) == 440


def test_a_locked_counter_accepts_requests_and_is_counted(
    two_workers: Running, client: httpx.Client, database: Database, tenant: Tenant
) -> None:
    key = limited(client, tenant, 1)
    before = two_workers.unchecked()
    with checked_client(two_workers.service.url) as own:
        assert own.get("/cases", headers=key.headers).status_code == 200
        with database.as_superuser() as other, other.transaction(force_rollback=True):
            other.execute("LOCK TABLE rate_limit_counters IN ACCESS EXCLUSIVE MODE")
            set_limit(client, tenant, key, 2)
            began = time.monotonic()
            asked = [own.get("/cases", headers=key.headers) for _ in range(10)]
            seconds = time.monotonic() - began
        assert [answer.status_code for answer in asked] == [200] * 10
        assert {answer.headers["RateLimit-Policy"] for answer in asked} == {'"key";q=2;w=60'}
        assert not any("RateLimit" in answer.headers for answer in asked)
        assert seconds < 10 * LOCK_SECONDS

        eventually(lambda: two_workers.unchecked() >= before + 10, 30)
        # The lease gave up its wait for the lock. Without that, its connection would be lost.
        assert "cannot check a rate limit: LockNotAvailable" in two_workers.service.log.read_text()
        eventually(lambda: own.get("/cases", headers=key.headers).status_code == 429, 30)
