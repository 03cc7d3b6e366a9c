"""kill -9 of workers and of PostgreSQL under load: each answered call is counted, and none is counted twice."""

import random
import threading
import time
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from clincore.db.operator_queries import usage as billing
from clincore.db.urls import libpq
from clincore.metering import rollup
from support.kills import Running, running
from support.paths import make_folder
from support.pool import run_with_pool
from support.tenants import bootstrap
from support.waiting import eventually

pytestmark = pytest.mark.slow
KILLS = 20
CLIENTS = 8


class Client(threading.Thread):
    """A tenant that makes one call after another and records the answers."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        with httpx.Client(base_url=url) as client:
            self.tenant = bootstrap(client)
        self.url = url
        self.calls: list[tuple[float, bool]] = []
        """When each call was sent, and whether its answer shows that it was admitted."""
        self.created: set[str] = set()
        self.doubtful: set[str] = set()
        """Cases that may have been created: the call was not answered with success."""
        self.unexpected: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        client = httpx.Client(base_url=self.url, timeout=20, headers=self.tenant.key)
        while not self.stopping.is_set():
            external_id = str(uuid4())
            is_create = len(self.calls) % 2 == 0
            sent_at, is_admitted = time.time(), False
            try:
                if is_create:
                    response = client.post("/cases", json={"title": "Migraine", "external_id": external_id})
                else:
                    response = client.get("/cases?limit=1")
                is_admitted = response.status_code in (200, 201)
                if not is_admitted and (response.status_code != 503 or "Retry-After" not in response.headers):
                    self.unexpected.append(response.text)
            except httpx.TransportError:
                client.close()
                client = httpx.Client(base_url=self.url, timeout=20, headers=self.tenant.key)
            self.calls.append((sent_at, is_admitted))
            if is_create:
                (self.created if is_admitted else self.doubtful).add(external_id)
            if not is_admitted:
                time.sleep(0.05)
        client.close()


@pytest.fixture(scope="module")
def service() -> Iterator[Running]:
    with make_folder() as folder, running(folder) as made:
        yield made


def test_twenty_kills_lose_no_event_and_count_no_call_twice(service: Running) -> None:
    url, server = service.url, service.server
    chance = random.Random(20261123)
    clients = [Client(url) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for number in range(KILLS):
        time.sleep(chance.uniform(0.2, 0.6))
        if number % 2:
            service.kill_postmaster()
        else:
            service.kill_worker(chance)
        # End connections while PostgreSQL keeps running: the service retries and must not count the call again.
        for _ in range(3):
            service.end_connections()
            time.sleep(0.05)
        time.sleep(0.1)
        service.wait_until_ready()
    eventually(lambda: all(len(client.created) > 50 for client in clients))
    for client in clients:
        client.stopping.set()
    for client in clients:
        client.join(30)

    assert [client.unexpected for client in clients] == [[]] * CLIENTS
    # Some calls must have failed, or the kills tested nothing.
    assert not all(is_admitted for client in clients for _, is_admitted in client.calls)
    with psycopg.connect(libpq(server.owner_url), autocommit=True) as operator:
        for client in clients:
            check_each_call(operator, client)
            check(operator, client)
        # Make the events old enough for the totals.
        operator.execute("UPDATE usage_events SET created_at = created_at - interval '3 hours'")
        run_with_pool(server.url, lambda: roll_up(clients))
        assert billing.differences(operator) == []
        shown = [httpx.get(f"{url}/admin/usage", headers=client.tenant.key).json() for client in clients]
        assert [usage["total_calls"] for usage in shown] == [count(operator, client) for client in clients]


def count(operator: psycopg.Connection[Any], client: Client) -> int:
    row = operator.execute("SELECT count(*) FROM usage_events WHERE tenant_id = %s", [client.tenant.id]).fetchone()
    assert row is not None
    return int(row[0])


def check(operator: psycopg.Connection[Any], client: Client) -> None:
    assert count(operator, client) <= len(client.calls)
    stored = {
        external_id
        for (external_id,) in operator.execute("SELECT external_id FROM cases WHERE tenant_id = %s", [client.tenant.id])
    }
    assert client.created <= stored <= client.created | client.doubtful


def check_each_call(operator: psycopg.Connection[Any], client: Client) -> None:
    """An answered call has one event between its sending and that of the next call, any other call at most one.

    The event of a lost call may be late, so a lost call and the one after it are checked as a group.
    """
    query = "SELECT extract(epoch FROM created_at)::float8 FROM usage_events WHERE tenant_id = %s"
    begun = [sent_at for sent_at, _ in client.calls]
    counted = Counter(bisect(begun, created_at) - 1 for (created_at,) in operator.execute(query, [client.tenant.id]))
    groups: list[list[int]] = []
    for number in range(len(client.calls)):
        if number and not client.calls[number - 1][1]:
            groups[-1].append(number)
        else:
            groups.append([number])
    for group in groups:
        events = sum(counted[number] for number in group)
        answered = sum(client.calls[number][1] for number in group)
        assert answered <= events <= len(group), [client.calls[number] for number in group]


async def roll_up(clients: list[Client]) -> None:
    for client in clients:
        await rollup.roll_up(UUID(client.tenant.id))
