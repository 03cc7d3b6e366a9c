"""kill -9 of workers and of PostgreSQL under load: what was answered is counted, and nothing is counted twice."""

import asyncio
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psutil
import psycopg
import pytest
from conftest import BOOTSTRAP_TOKEN, bootstrap, environment, free_port, make_folder

from clincore.db import billing, embedded, rollup
from clincore.db.session import close_engine, libpq, open_engine

KILLS = 20
CLIENTS = 8


class Client(threading.Thread):
    """A tenant that calls without pause, one call at a time, and keeps account of what it was answered."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        with httpx.Client(base_url=url) as client:
            self.tenant = bootstrap(client)
        self.url = url
        self.sent = self.admitted = self.refused = self.lost = 0
        self.created: set[str] = set()
        self.doubtful: set[str] = set()
        self.unexpected: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        client = httpx.Client(base_url=self.url, timeout=20, headers=self.tenant.key)
        while not self.stopping.is_set():
            external_id = str(uuid4())
            is_create = self.sent % 2 == 0
            self.sent += 1
            try:
                if is_create:
                    response = client.post("/cases", json={"title": "Migraine", "external_id": external_id})
                else:
                    response = client.get("/cases?limit=1")
            except httpx.TransportError:
                self.lost += 1
                if is_create:
                    self.doubtful.add(external_id)
                client.close()
                client = httpx.Client(base_url=self.url, timeout=20, headers=self.tenant.key)
                time.sleep(0.02)
                continue
            if response.status_code in (200, 201):
                self.admitted += 1
                if is_create:
                    self.created.add(external_id)
            elif response.status_code == 503 and "Retry-After" in response.headers:
                self.refused += 1
                if is_create:
                    self.doubtful.add(external_id)
                time.sleep(0.02)
            else:
                self.unexpected.append(response.text)
        client.close()


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with make_folder() as path:
        yield path


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[embedded.Embedded]:
    """A PostgreSQL of its own, as durable as in production."""
    running = embedded.start(folder / "data")
    yield running
    running.close(wait=20)


@pytest.fixture(scope="module")
def service(folder: Path, server: embedded.Embedded) -> Iterator[tuple[str, psutil.Process]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {"CLINCORE_DATA_DIR": str(folder / "data"), "BOOTSTRAP_TOKEN": BOOTSTRAP_TOKEN}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["clincore", "serve", "--port", str(port), "--workers", "2"],
            env=environment(**settings),
            stdout=log,
            stderr=log,
        )
    try:
        answers(url, 30)
        yield url, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def answers(url: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/ready", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise AssertionError(f"not ready after {seconds} seconds")


def workers(service: psutil.Process) -> list[psutil.Process]:
    """The processes that answer; uvicorn has one more, which tracks resources."""
    return [child for child in service.children() if "spawn_main" in " ".join(child.cmdline())]


def test_twenty_kills_lose_no_event_and_count_none_twice(
    service: tuple[str, psutil.Process], server: embedded.Embedded
) -> None:
    url, process = service
    chance = random.Random(20261123)
    clients = [Client(url) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for number in range(KILLS):
        time.sleep(chance.uniform(0.2, 0.6))
        if number % 2:
            os.kill(int((server.data_dir / "postgresql-18" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        else:
            chance.choice(workers(process)).kill()
        time.sleep(0.1)
        answers(url, 30)
    time.sleep(0.5)
    for client in clients:
        client.stopping.set()
    for client in clients:
        client.join(30)

    assert [client.unexpected for client in clients] == [[]] * CLIENTS
    # Otherwise nothing was tried.
    assert sum(client.lost + client.refused for client in clients) > 0
    assert all(client.admitted > 50 for client in clients)
    with psycopg.connect(libpq(server.owner_url), autocommit=True) as operator:
        for client in clients:
            check(operator, client, url)
        # As if it had been this morning: only what is old enough goes into the totals.
        operator.execute("UPDATE usage_events SET created_at = created_at - interval '3 hours'")
        asyncio.run(roll_up(server.url, clients))
        assert billing.differences(operator) == []
        for client in clients:
            check(operator, client, url)


def check(operator: psycopg.Connection[Any], client: Client, url: str) -> None:
    row = operator.execute("SELECT count(*) FROM usage_events WHERE tenant_id = %s", [client.tenant.id]).fetchone()
    assert row is not None
    # A call without an answer may have been counted, and once at most.
    assert client.admitted <= row[0] <= client.sent, vars(client)
    stored = {
        external_id
        for (external_id,) in operator.execute("SELECT external_id FROM cases WHERE tenant_id = %s", [client.tenant.id])
    }
    assert client.created <= stored <= client.created | client.doubtful
    shown = httpx.get(f"{url}/admin/usage", headers=client.tenant.key).json()
    client.sent += 1
    client.admitted += 1
    assert shown["total_calls"] == row[0] + 1


async def roll_up(url: str, clients: list[Client]) -> None:
    open_engine(url)
    try:
        for client in clients:
            await rollup.roll_up(UUID(client.tenant.id))
    finally:
        await close_engine()
