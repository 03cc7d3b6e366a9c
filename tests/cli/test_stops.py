"""SIGTERM under load: every request that was sent is answered, and `clincore serve` ends soon, with exit code 0.

`make stops` stops it 50 times with 1, 2 and 4 workers; STOPS is the number.
"""

import asyncio
import os
import signal
import socket
import statistics
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from support.cases import CONSULTATION, make_case
from support.database import Database
from support.load import Load, Request, end
from support.service import Service, checked_client, start_service, wait_for
from support.tenants import MakeTenant, Tenant
from support.waiting import PATIENCE, eventually

STOPS = int(os.environ.get("STOPS", "1"))
# uvicorn waits 20 seconds for connections that do not end. `make stops` measures with a narrower limit.
END_SECONDS = float(os.environ.get("STOP_SECONDS", "15"))
CLIENTS = 4
"""So many keep their connections, and so many open one for each request."""


def port_of(service: Service) -> int:
    return int(service.url.rpartition(":")[2])


def is_listening(service: Service) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port_of(service))).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.fixture(scope="module")
def known(client: httpx.Client, make_tenant: MakeTenant) -> tuple[Tenant, str]:
    """A paid tenant, and the id of one of its cases."""
    tenant = make_tenant(billing_status="paid")
    return tenant, make_case(client, tenant.key)


def wait_for_workers(parent: int, count: int) -> None:
    """Wait until all workers serve: then each has the listening socket twice, as inherited and as its own copy."""
    deadline = time.monotonic() + PATIENCE
    serving = 0
    while serving < count:
        assert time.monotonic() < deadline, "the workers did not start"
        time.sleep(0.05)
        serving = 0
        for child in psutil.Process(parent).children():
            with suppress(OSError):
                links = [os.readlink(link) for link in Path(f"/proc/{child.pid}/fd").iterdir()]
                sockets = Counter(link for link in links if link.startswith("socket:"))
                serving += 2 in sockets.values()


async def stop_under_load(service: Service, workers: int, known: tuple[Tenant, str]) -> tuple[int, Load, float]:
    """The exit code, what the clients saw, and the seconds from their last answer to the end of the service."""
    tenant, case_id = known
    get = Request("GET", f"/cases/{case_id}", 200, tenant.key)
    load = Load(service.url, [get, Request("POST", "/cases", 201, tenant.key, CONSULTATION)], may_end=True)
    try:
        await asyncio.to_thread(wait_for, service)
        if workers > 1:
            await asyncio.to_thread(wait_for_workers, service.process.pid, workers)
        # Idle connections, as proxies and browsers keep them, must not delay the end for long.
        idle = [await asyncio.open_connection("127.0.0.1", port_of(service)) for _ in range(4)]
        clients = load.start(CLIENTS)
        await asyncio.sleep(0.5)
        service.process.terminate()
        code = await asyncio.to_thread(service.process.wait, 60)
        ended_at = time.monotonic()
        # A refused connection ends a client.
        await asyncio.wait(clients, timeout=30)
        await end(clients)
        for _, writer in idle:
            writer.close()
    finally:
        service.process.kill()
    assert "Traceback" not in service.log.read_text()
    assert sum(load.answers.values()) > 5
    return code, load, ended_at - load.last_answer_at


@pytest.mark.parametrize(
    ("workers", "options"),
    [
        pytest.param(1, (), id="1"),
        pytest.param(2, (), id="2"),
        pytest.param(4, (), id="4", marks=pytest.mark.slow),
        pytest.param(2, ("--drain-seconds", "1"), id="2-drain-seconds"),
    ],
)
def test_sigterm_under_load_answers_every_request_and_ends_with_exit_code_0(
    database: Database, folder: Path, known: tuple[Tenant, str], workers: int, options: tuple[str, ...]
) -> None:
    failures, answers, seconds = [], 0, []
    for number in range(STOPS):
        program = ("clincore", "serve", "--workers", str(workers), *options)
        service = start_service(database, folder, program=program)
        code, load, took = asyncio.run(stop_under_load(service, workers, known))
        assert code == 0, service.log.read_text()
        failures += load.failures
        answers += sum(load.answers.values())
        seconds.append(took)
        if STOPS > 1:
            print(f"{workers} workers, stop {number + 1}: {took:.2f} s, failures {len(load.failures)}", flush=True)

    if STOPS > 1:
        print(f"{workers} workers: median {statistics.median(seconds):.2f} s, maximum {max(seconds):.2f} s", end=" ")
        print(f"after the last of {answers} answers")
    assert failures == []
    assert max(seconds) < END_SECONDS


def test_uvicorns_own_command_with_one_worker_answers_every_request(
    database: Database, folder: Path, known: tuple[Tenant, str]
) -> None:
    options = ("--http", "clincore.server.protocol:Protocol", "--loop", "clincore.server.event_loop:EventLoop")
    service = start_service(database, folder, program=("uvicorn", "clincore.asgi:app", *options))

    code, load, _ = asyncio.run(stop_under_load(service, 1, known))

    # uvicorn ends by the signal itself.
    assert code == -signal.SIGTERM
    assert load.failures == []


def test_ready_answers_503_while_the_service_stops(database: Database, folder: Path) -> None:
    service = start_service(database, folder)
    try:
        wait_for(service)
        with checked_client(service.url) as first, checked_client(service.url) as second:
            clients = [first, second]
            assert [client.get("/ready").status_code for client in clients] == [200, 200]
            service.process.terminate()
            while (answer := clients[0].get("/ready")).status_code == 200:
                clients.reverse()
                # A request that is being answered in the instant in which the service stops ends its connection.
                if answer.headers.get("Connection") == "close":
                    clients.pop()
        assert answer.status_code == 503
        assert answer.headers["Connection"] == "close" and answer.headers["Retry-After"] == "1"
        assert service.process.wait(60) == 0
    finally:
        service.process.kill()


@pytest.mark.parametrize(
    ("workers", "drain_seconds"),
    [
        pytest.param(1, 0, id="1"),
        pytest.param(2, 0, id="2"),
        pytest.param(1, 60, id="1-drain-seconds"),
        pytest.param(2, 60, id="2-drain-seconds"),
    ],
)
def test_a_second_signal_ends_the_service_without_waiting_for_requests(
    database: Database, folder: Path, workers: int, drain_seconds: int
) -> None:
    program = ("clincore", "serve", "--workers", str(workers), "--drain-seconds", str(drain_seconds))
    service = start_service(database, folder, program=program)
    try:
        eventually(lambda: '"event":"serving"' in service.log.read_text())
        with socket.create_connection(("127.0.0.1", port_of(service)), timeout=30) as client:
            # Its body never arrives. The limit is 15 seconds.
            client.sendall(b"POST /verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n")
            client.sendall(b"Content-Length: 9\r\n\r\n{")
            time.sleep(0.2)
            service.process.terminate()
            if drain_seconds:
                eventually(lambda: '"event":"stopping"' in service.log.read_text())
            while is_listening(service) and not drain_seconds:
                time.sleep(0.01)
            signalled_at = time.monotonic()
            service.process.terminate()
            assert service.process.wait(60) == 0, service.log.read_text()
            assert time.monotonic() - signalled_at < 10
            # A worker ends without an answer, because uvicorn raises the signal again.
            received = client.recv(65536)
            assert received.startswith(b"HTTP/1.1 503 ") or (received == b"" and workers > 1)
    finally:
        service.process.kill()


@pytest.mark.parametrize("workers", [1, 2])
def test_with_drain_seconds_the_service_first_says_that_it_is_not_ready_and_serves_on(
    database: Database, folder: Path, known: tuple[Tenant, str], workers: int
) -> None:
    program = ("clincore", "serve", "--workers", str(workers), "--drain-seconds", "4")
    service = start_service(database, folder, program=program)
    tenant, case_id = known
    path = f"/cases/{case_id}"
    try:
        # Before all workers serve, a signal ends the service at once.
        eventually(lambda: '"event":"serving"' in service.log.read_text())
        with checked_client(service.url) as kept:
            assert kept.get(path, headers=tenant.key).status_code == 200
            service.process.terminate()
            signalled_at = time.monotonic()
            # New connections, as a load balancer's checks.
            while httpx.get(f"{service.url}/ready").status_code == 200:
                assert time.monotonic() - signalled_at < 3
            while time.monotonic() - signalled_at < 3:
                assert httpx.get(f"{service.url}/ready").status_code == 503
                for client in (kept, httpx):
                    answer = client.get(path if client is kept else service.url + path, headers=tenant.key)
                    assert answer.status_code == 200 and answer.headers.get("Connection") != "close"
                time.sleep(0.1)
        assert service.process.wait(60) == 0, service.log.read_text()
        assert 4 <= time.monotonic() - signalled_at < 4 + END_SECONDS
        assert "Traceback" not in service.log.read_text()
    finally:
        service.process.kill()
