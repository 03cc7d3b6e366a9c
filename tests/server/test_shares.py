"""The gate through HTTP: one tenant's flood, or forged keys, do not take the service from others."""

import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from clincore import keys
from clincore.db.session import POOL_SIZE
from clincore.gate import QUEUE_MAX
from support.contract import CONTRACT
from support.database import Database
from support.service import Service
from support.tenants import MakeTenant, Tenant
from support.waiting import eventually

# More requests than one tenant can have inside and waiting.
FLOOD = 2 * POOL_SIZE + QUEUE_MAX + 40


@pytest.fixture
def neighbour(make_tenant: MakeTenant, client: httpx.Client) -> Tenant:
    """A tenant whose key this worker knows."""
    made = make_tenant()
    assert client.get("/usage", headers=made.key).status_code == 200
    return made


@pytest.fixture
def blocked(make_tenant: MakeTenant, client: httpx.Client, database: Database) -> Iterator[Tenant]:
    """A tenant that is locked, so its requests wait for 1.5 seconds."""
    made = make_tenant()
    assert client.get("/usage", headers=made.key).status_code == 200
    with database.as_owner() as other, other.transaction(force_rollback=True):
        other.execute("SELECT FROM tenants WHERE id = %s FOR UPDATE", [made.id])
        yield made


class Flood:
    """Many connections, on each of which one request has been sent."""

    def __init__(self, service: Service, requests: list[bytes]) -> None:
        self._stack = ExitStack()
        port = int(service.url.rpartition(":")[2])
        self.connections = [
            self._stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60)) for _ in requests
        ]
        for connection, request in zip(self.connections, requests, strict=True):
            connection.sendall(request)

    def __enter__(self) -> "Flood":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def answers(self) -> list[tuple[int, dict[str, str]]]:
        """Status and headers of each answer."""
        found = []
        for connection in self.connections:
            received = b""
            while b"\r\n\r\n" not in received:
                received += connection.recv(65536)
            first, *lines = received.partition(b"\r\n\r\n")[0].decode().split("\r\n")
            pairs = (line.partition(": ") for line in lines)
            found.append((int(first.split()[1]), {name.lower(): value for name, _, value in pairs}))
        return found


def get(key: str, path: str = "/usage") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\nX-API-Key: {key}\r\n\r\n".encode()


def test_a_flooding_tenant_gets_429_and_its_neighbour_and_the_probes_are_served(
    service: Service, client: httpx.Client, blocked: Tenant, neighbour: Tenant
) -> None:
    with Flood(service, [get(blocked.api_key)] * FLOOD) as flood:
        others = [client.get("/usage", headers=neighbour.key).status_code for _ in range(20)]
        probes = [client.get(path).status_code for path in ("/health", "/ready", "/problems")]
        answers = flood.answers()

    assert set(others) == {200}
    assert probes == [200] * 3
    statuses = Counter(status for status, _ in answers)
    assert statuses[429] >= 1 and set(statuses) <= {429, 503}, statuses
    for status, headers in answers:
        assert 1 <= int(headers["retry-after"]) <= 3
        if status == 429:
            assert headers["ratelimit-policy"] == f'"concurrency";q={QUEUE_MAX};qu="concurrent-requests"'
            assert headers["ratelimit"] == f'"concurrency";r=0;t={headers["retry-after"]}'


def test_forged_keys_of_a_tenant_take_no_room_in_its_queue(
    service: Service, client: httpx.Client, neighbour: Tenant
) -> None:
    """More of them than wait in one queue are refused, and none of the tenant's own requests."""
    forged = [get(keys.generate(UUID(neighbour.id))) for _ in range(3 * FLOOD)]

    def ask(_: int) -> int:
        return client.get("/usage", headers=neighbour.key).status_code

    with ThreadPoolExecutor(8) as pool:
        own = pool.map(ask, range(60))
        with Flood(service, forged) as flood:
            answers = flood.answers()
        statuses = set(own)

    assert statuses == {200}
    assert {status for status, _ in answers} <= {401, 503}
    assert all(1 <= int(headers["retry-after"]) <= 3 for status, headers in answers if status == 503)


def test_a_client_that_is_sending_its_body_holds_no_place(
    service: Service, client: httpx.Client, neighbour: Tenant
) -> None:
    body = json.dumps({"title": "Migraine"}).encode()
    head = (
        f"POST /cases HTTP/1.1\r\nHost: x\r\nX-API-Key: {neighbour.api_key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with Flood(service, [head + body[:5]] * (2 * POOL_SIZE + 20)) as slow:
        # Until all of them have been admitted and wait for their bodies.
        for _ in range(20):
            assert client.get("/usage", headers=neighbour.key).status_code == 200
        for connection in slow.connections:
            connection.sendall(body[5:])
        answers = slow.answers()

    assert {status for status, _ in answers} == {201}


def test_requests_of_clients_that_left_while_they_waited_are_not_worked_on(
    service: Service, client: httpx.Client, operator: psycopg.Connection[Any], blocked: Tenant
) -> None:
    with Flood(service, [get(blocked.api_key, "/auth/whoami")] * FLOOD):
        time.sleep(0.2)
    # The service goes on with the others as soon as those inside have ended.
    eventually(lambda: len(left_by(service, "/auth/whoami")) >= QUEUE_MAX, 30)
    events = "SELECT FROM usage_events WHERE tenant_id = %s AND endpoint = '/auth/whoami'"
    assert operator.execute(events, [blocked.id]).rowcount == 0


def left_by(service: Service, path: str) -> list[str]:
    """The log lines of requests to the path whose clients left."""
    lines = service.log.read_text().splitlines()
    return [line for line in lines if f'"path":"{path}"' in line and '"status":499' in line]


def test_each_operation_that_waits_documents_its_refusals() -> None:
    """429 for a tenant, 503 for all that use the database."""
    for operation in CONTRACT.operations:
        if operation.needs_key:
            assert {429, 503} <= operation.statuses, operation.id
