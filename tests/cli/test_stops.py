"""SIGTERM under load: every request that was sent is answered, and `clincore serve` ends soon, with exit code 0.

`make stops` stops it 50 times with 1, 2 and 4 workers; STOPS is the number.
"""

import asyncio
import os
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
from support.service import START_SECONDS, start_service, wait_for
from support.tenants import MakeTenant, Tenant

STOPS = int(os.environ.get("STOPS", "2"))
# uvicorn waits 20 seconds for connections that do not end. `make stops` measures with a narrower limit.
END_SECONDS = float(os.environ.get("STOP_SECONDS", "15"))
CLIENTS = 4
"""So many keep their connections, and so many open one for each request."""
BODY = {name: value for name, value in CONSULTATION.items() if name != "external_id"}


@pytest.fixture(scope="module")
def known(client: httpx.Client, make_tenant: MakeTenant) -> tuple[Tenant, str]:
    """A paid tenant, and the id of one of its cases."""
    tenant = make_tenant(billing_status="paid")
    return tenant, make_case(client, tenant.key)


def wait_for_workers(parent: int, count: int) -> None:
    """Wait until all workers serve: then each has the listening socket twice, as inherited and as its own copy."""
    deadline = time.monotonic() + START_SECONDS
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


@pytest.mark.parametrize("workers", [1, 2, pytest.param(4, marks=pytest.mark.slow)])
def test_sigterm_under_load_answers_every_request_and_ends_with_exit_code_0(
    database: Database, folder: Path, known: tuple[Tenant, str], workers: int
) -> None:
    tenant, case_id = known
    requests = [
        Request("GET", f"/cases/{case_id}", 200, tenant.key),
        Request("POST", "/cases", 201, tenant.key, BODY),
    ]

    async def stop_once() -> tuple[Load, float]:
        """What the clients saw, and the seconds from their last answer to the end of the service."""
        program = ("clincore", "serve", "--workers", str(workers))
        service = start_service(database, folder, program=program)
        try:
            await asyncio.to_thread(wait_for, service)
            if workers > 1:
                await asyncio.to_thread(wait_for_workers, service.process.pid, workers)
            load = Load(service.url, requests, may_end=True)
            # Idle connections, as proxies and browsers keep them, must not delay the end for long.
            idle = [await asyncio.open_connection("127.0.0.1", int(service.url.rpartition(":")[2])) for _ in range(4)]
            clients = [
                asyncio.create_task(send()) for send in (load.keep_alive, load.new_connections) for _ in range(CLIENTS)
            ]
            await asyncio.sleep(0.5)
            service.process.terminate()
            code = await asyncio.to_thread(service.process.wait, 60)
            ended_at = time.monotonic()
            await asyncio.wait(clients, timeout=30)
            await end(clients)
            for _, writer in idle:
                writer.close()
        finally:
            service.process.kill()
        assert code == 0, service.log.read_text()
        assert "Traceback" not in service.log.read_text()
        return load, ended_at - load.last_answer_at

    failures, answers, seconds = [], 0, []
    for number in range(STOPS):
        load, took = asyncio.run(stop_once())
        failures += load.failures
        answers += sum(load.answers.values())
        seconds.append(took)
        if STOPS > 2:
            print(f"{workers} workers, stop {number + 1}: {took:.2f} s, failures {len(load.failures)}", flush=True)

    if STOPS > 2:
        print(f"{workers} workers: median {statistics.median(seconds):.2f} s, maximum {max(seconds):.2f} s", end=" ")
        print(f"after the last of {answers} answers")
    assert failures == []
    assert answers > 20 * STOPS
    assert max(seconds) < END_SECONDS
