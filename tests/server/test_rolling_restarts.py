"""Two instances behind a proxy are restarted one after the other under load, and no request fails.

`make rolling-restarts` restarts them 100 times; ROLLING_RESTARTS is the number.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from support.cases import CONSULTATION, make_case
from support.contract import CONTRACT
from support.database import Database
from support.instances import PAUSE_SECONDS, Instance, proxy
from support.load import Load, Request, end
from support.proxy import Proxy, Side
from support.service import Service
from support.tenants import MakeTenant, Tenant

RESTARTS = int(os.environ.get("ROLLING_RESTARTS", "1"))
CLIENTS = 4
"""Of each proxy: so many keep their connections, and so many open one for each request."""


def post_largest_body(origin: str, tenant: Tenant) -> int:
    """Send a document of the largest size that the contract allows, but empty; the status, 413 if the proxy refuses."""
    size = max(one.definition.get("x-body-bytes-max", 0) for one in CONTRACT.operations)
    headers = tenant.key | {"Content-Type": "application/fhir+json"}
    return httpx.post(f"{origin}/fhir/Bundle", content=b"{" + b" " * (size - 2) + b"}", headers=headers).status_code


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_rolling_restarts_behind_nginx_and_haproxy_fail_no_request(
    database: Database, folder: Path, client: httpx.Client, make_tenant: MakeTenant, workers: int
) -> None:
    tenant = make_tenant(billing_status="paid")
    case_id = make_case(client, tenant.key)
    requests = [
        Request("GET", f"/cases/{case_id}", 200, tenant.key),
        Request("POST", "/cases", 201, tenant.key, CONSULTATION),
    ]
    instances = [Instance(database, folder, workers) for _ in range(2)]

    async def run(origins: dict[str, str]) -> list[Load]:
        loads = [Load(origin, requests, pause=0.02) for origin in origins.values()]
        clients = [client for load in loads for client in load.start(CLIENTS)]
        for number in range(RESTARTS):
            for instance in instances:
                await asyncio.to_thread(instance.restart)
                await asyncio.sleep(PAUSE_SECONDS)
            if RESTARTS > 1:
                seen = [(sum(load.answers.values()), load.failures) for load in loads]
                print(f"{time.strftime('%H:%M:%S')} restart {number + 1}: answers and failures {seen}", flush=True)
        await end(clients)
        return loads

    try:
        for instance in instances:
            instance.wait()
        ports = [instance.port for instance in instances]
        with proxy("nginx", ports) as nginx, proxy("haproxy", ports) as haproxy:
            origins = {"nginx": nginx, "haproxy": haproxy}
            largest = [post_largest_body(origin, tenant) for origin in origins.values()]
            loads = dict(zip(origins, asyncio.run(run(origins)), strict=True))
    finally:
        for instance in instances:
            instance.stop()

    assert largest == [400, 400]
    if RESTARTS > 1:
        print({name: dict(load.answers) for name, load in loads.items()})
    for name, load in loads.items():
        assert load.failures == [], name
        assert load.answers["GET 200"] > 20 and load.answers["POST 201"] > 20, name


@pytest.fixture(scope="module")
def cutting(service: Service) -> Iterator[tuple[Proxy, httpx.Client]]:
    """A proxy that can cut the connections to the service, and a client of HAProxy in front of it."""
    with Proxy(service.url) as faults:
        port = int(faults.url.rpartition(":")[2])
        with proxy("haproxy", [port, port]) as origin, httpx.Client(base_url=origin, timeout=30) as behind:
            yield faults, behind


@pytest.mark.parametrize("side", ["request", "answer"])
@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        pytest.param("GET", {}, 200, id="a-read"),
        pytest.param("POST", {"Idempotency-Key": str(uuid4())}, 201, id="a-write-with-a-key"),
    ],
)
def test_haproxy_repeats_what_is_safe_to_repeat_when_a_connection_breaks(
    cutting: tuple[Proxy, httpx.Client], tenant: Tenant, method: str, headers: dict[str, str], status: int, side: Side
) -> None:
    faults, behind = cutting
    cut = faults.cut(f"{method} /cases".encode(), side=side)
    body = {"json": CONSULTATION} if method == "POST" else {}

    assert behind.request(method, "/cases", headers=tenant.key | headers, **body).status_code == status
    assert cut.done.wait(10)
    assert len(behind.get("/cases", headers=tenant.key).json()["items"]) == (method == "POST")


def test_haproxy_repeats_no_write_without_a_key(cutting: tuple[Proxy, httpx.Client], tenant: Tenant) -> None:
    """When the connection was in use before, HAProxy closes that of its client instead of answering 502."""
    faults, behind = cutting
    cut = faults.cut(b"POST /cases")
    with suppress(httpx.RemoteProtocolError):
        assert behind.post("/cases", headers=tenant.key, json=CONSULTATION).status_code == 502

    assert cut.done.wait(10)
    assert len(behind.get("/cases", headers=tenant.key).json()["items"]) == 1
