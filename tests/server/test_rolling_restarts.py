"""Two instances behind a proxy are restarted one after the other under load, and no request fails.

`make rolling-restarts` restarts them 100 times; ROLLING_RESTARTS is the number.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from support.cases import CONSULTATION, make_case
from support.database import Database
from support.haproxy import run_haproxy
from support.load import Load, Request, end
from support.nginx import run_nginx
from support.pages import configuration
from support.service import Service, free_port, start_service, wait_for
from support.tenants import MakeTenant

RESTARTS = int(os.environ.get("ROLLING_RESTARTS", "1"))
# The time that the page names for the proxy to notice that an instance is back: four of HAProxy's checks.
PAUSE_SECONDS = 2.0
CLIENTS = 4
"""Of each proxy: so many keep their connections, and so many open one for each request."""
BODY = {name: value for name, value in CONSULTATION.items() if name != "external_id"}


class Instance:
    def __init__(self, database: Database, folder: Path, workers: int) -> None:
        self.port = free_port()
        self._database = database
        self._folder = folder
        self._workers = workers
        self._service = self._start()

    def _start(self) -> Service:
        program = ("clincore", "serve", "--workers", str(self._workers))
        return start_service(self._database, self._folder, program=program, port=self.port)

    def wait(self) -> None:
        wait_for(self._service)
        assert httpx.get(f"{self._service.url}/ready").status_code == 200

    def stop(self) -> None:
        self._service.process.terminate()
        code = self._service.process.wait(60)
        assert code == 0, self._service.log.read_text()

    def restart(self) -> None:
        self.stop()
        self._service = self._start()
        self.wait()


@contextmanager
def proxies(instances: list[Instance]) -> Iterator[dict[str, str]]:
    """nginx and HAProxy with the configurations of the page; the origin of each."""
    with ExitStack() as running:
        origins = {}
        for language, run in (("nginx", run_nginx), ("haproxy", run_haproxy)):
            port = free_port()
            text = configuration("docs/operations.md", language)
            for place, instance in enumerate(instances, start=8001):
                assert f"127.0.0.1:{place}" in text
                text = text.replace(f"127.0.0.1:{place}", f"127.0.0.1:{instance.port}")
            text = text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace(
                "bind :8080", f"bind 127.0.0.1:{port}"
            )
            if language == "nginx":
                # nginx logs each refused connection as an error.
                text = f"error_log stderr crit;\n{text}"
            running.enter_context(run(text, port))
            origins[language] = f"http://127.0.0.1:{port}"
        yield origins


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_rolling_restarts_behind_nginx_and_haproxy_fail_no_request(
    database: Database, folder: Path, client: httpx.Client, make_tenant: MakeTenant, workers: int
) -> None:
    tenant = make_tenant(billing_status="paid")
    case_id = make_case(client, tenant.key)
    requests = [
        Request("GET", f"/cases/{case_id}", 200, tenant.key),
        Request("POST", "/cases", 201, tenant.key, BODY),
    ]
    instances = [Instance(database, folder, workers) for _ in range(2)]

    async def run(origins: dict[str, str]) -> list[Load]:
        loads = [Load(origin, requests, pause=0.02) for origin in origins.values()]
        clients = [
            asyncio.create_task(send())
            for load in loads
            for send in (load.keep_alive, load.new_connections)
            for _ in range(CLIENTS)
        ]
        for number in range(RESTARTS):
            for instance in instances:
                await asyncio.to_thread(instance.restart)
                await asyncio.sleep(PAUSE_SECONDS)
            if RESTARTS > 1:
                seen = [(sum(load.answers.values()), len(load.failures)) for load in loads]
                print(f"{time.strftime('%H:%M:%S')} restart {number + 1}: answers and failures {seen}", flush=True)
        await end(clients)
        return loads

    try:
        for instance in instances:
            instance.wait()
        with proxies(instances) as origins:
            loads = dict(zip(origins, asyncio.run(run(origins)), strict=True))
    finally:
        for instance in instances:
            instance.stop()

    if RESTARTS > 1:
        print({name: dict(load.answers) for name, load in loads.items()})
    for name, load in loads.items():
        assert load.failures == [], name
        assert load.answers["GET 200"] > 20 and load.answers["POST 201"] > 20, name
