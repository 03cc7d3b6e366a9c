"""`clincore serve --metrics-port`: the exposition matches the answers that clients received."""

import asyncio
import os
import re
import socket
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from support import citus
from support.commands import environment, run
from support.contract import CONTRACT
from support.database import Database
from support.paths import ROOT
from support.service import BOOTSTRAP_TOKEN, Service, checked_client, free_port, serve
from support.tenants import Tenant, bootstrap
from support.tour import Caller, tour
from support.waiting import eventually
from support.workers import worker_processes

DURATION = "http_server_request_duration_seconds"
POOL_SIZE = 20
OTHER_TRIPS = {"begin", "commit", "connect", "ping", "rollback"}
NO_ANSWER = "499"
"""The status that the duration has when the client closed the connection before the answer."""


@dataclass
class Metered:
    """A service with metrics."""

    service: Service
    size: int
    """The number of workers."""
    port: int
    temporary: Path
    """The folder that holds the folder of the metrics."""

    def text(self) -> str:
        # httpx is slower: each new client loads all certificates.
        with urlopen(f"http://127.0.0.1:{self.port}/metrics") as response:
            return str(response.read().decode())

    def counters(self) -> dict[str, float]:
        """The values that may only grow, by their line up to the value."""
        found = re.findall(r"^(\w+_(?:total|bucket|count|sum)(?:\{.*\})?) (\S+)$", self.text(), re.MULTILINE)
        return {line: float(value) for line, value in found if not line.startswith("db_client_connection_count{")}

    def samples(self, name: str) -> list[tuple[dict[str, str], float]]:
        return [
            (sample.labels, sample.value)
            for family in text_string_to_metric_families(self.text())
            for sample in family.samples
            if sample.name == name
        ]

    def total(self, name: str, **labels: str) -> float:
        found = self.samples(name)
        return sum(value for given, value in found if labels.items() <= given.items())

    def answers(self) -> Counter[tuple[str, str, str]]:
        """Answers by route, method and status."""
        return Counter(
            {
                (labels["http_route"], labels["http_request_method"], labels["http_response_status_code"]): int(value)
                for labels, value in self.samples(f"{DURATION}_count")
                if labels["http_response_status_code"] != NO_ANSWER
            }
        )

    def connections_max(self) -> float:
        found = re.search(r"^db_client_connection_max (\S+)$", self.text(), re.MULTILINE)
        return float(found[1]) if found else 0

    def have_started(self) -> bool:
        """Whether all workers serve: each that does exposes the size of its pool."""
        return self.connections_max() == self.size * POOL_SIZE

    def workers(self) -> list[psutil.Process]:
        return worker_processes(psutil.Process(self.service.process.pid))

    def files(self) -> list[str]:
        return sorted(path.name for path in self.temporary.rglob("*") if path.is_file())


@contextmanager
def metered(database: Database, folder: Path, workers: int) -> Iterator[Metered]:
    port = free_port()
    command = ["clincore", "serve", "--workers", str(workers), "--metrics-port", str(port)]
    with tempfile.TemporaryDirectory() as temporary:
        with serve(database, folder, program=command, TMPDIR=temporary) as service:
            running = Metered(service, workers, port, Path(temporary))
            eventually(running.have_started)
            yield running
        assert running.files() == []


@pytest.fixture(scope="module")
def two_workers(database: Database, folder: Path) -> Iterator[Metered]:
    with metered(database, folder, 2) as running:
        yield running


def send(url: str, content: bytes) -> int:
    """Send bytes after which the service closes the connection; the status of its answer."""
    with socket.create_connection(("127.0.0.1", httpx.URL(url).port or 0)) as client:
        client.sendall(content)
        answer = b""
        while chunk := client.recv(65536):
            answer += chunk
    return int(answer.split(b" ")[1])


def ask_all_kinds(
    running: Metered, log_calls: Callable[[Tenant, int], None], operator: Any
) -> tuple[Counter[tuple[str, str, str]], Tenant, str]:
    """Send requests of many kinds over new connections; the answers, the tenant, and a path with an id."""
    received: Counter[tuple[str, str, str]] = Counter()
    url = running.service.url

    def ask(route: str, method: str, path: str, **more: Any) -> httpx.Response:
        # A new connection for each request, so both workers answer some.
        response = httpx.request(method, f"{url}{path}", **more)
        received[route, method if method != "PROPFIND" else "_OTHER", str(response.status_code)] += 1
        return response

    with checked_client(url) as client:
        tenant = bootstrap(client)
    received["/bootstrap", "POST", "201"] += 1
    row = operator.execute("SELECT id FROM api_keys WHERE tenant_id = %s", [tenant.id]).fetchone()
    path = ask("/cases", "POST", "/cases", json={"title": "Migraine"}, headers=tenant.key).headers["Location"]
    for _ in range(20):
        assert ask("/cases/{case_id}", "GET", path, headers=tenant.key).status_code == 200
        assert ask("/health", "GET", "/health").status_code == 200
    assert ask("/cases/{case_id}", "GET", path).status_code == 401
    assert ask("/cases/{case_id}", "GET", f"{path[:-1]}x", headers=tenant.key).status_code == 400
    assert ask("/cases/{case_id}", "PUT", path, headers=tenant.key).status_code == 405
    assert ask("/cases/{case_id}", "PROPFIND", path, headers=tenant.key).status_code == 405
    assert ask("(unmatched)", "GET", f"/patients/{tenant.id}").status_code == 404
    assert ask("(unmatched)", "HEAD", "/unknown").status_code == 404
    log_calls(Tenant(tenant.id, tenant.name, tenant.api_key, str(row[0])), 1001)
    assert ask("/cases", "POST", "/cases", json={"title": "Migraine"}, headers=tenant.key).status_code == 402
    for content in (b"GET /health HTTP/1.1\r\n\r\n", b"nonsense\r\n\r\n", b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"):
        assert send(url, content) == 400
        received["(unmatched)", "_OTHER", "400"] += 1
    assert send(url, b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 70_000 + b"\r\n\r\n") == 431
    received["(unmatched)", "_OTHER", "431"] += 1
    return received, tenant, path


def test_each_answer_is_counted_once(
    two_workers: Metered, log_calls: Callable[[Tenant, int], None], operator: Any
) -> None:
    before = two_workers.answers()
    refused = two_workers.total("clincore_refusals_total", reason="billing-cap-reached")
    events = two_workers.total("clincore_usage_events_total")
    admitted = two_workers.total("clincore_admission_batch_size_sum")

    received, tenant, path = ask_all_kinds(two_workers, log_calls, operator)

    eventually(lambda: (two_workers.answers() - before).total() >= received.total())
    assert two_workers.answers() - before == received
    assert two_workers.total("clincore_refusals_total", reason="billing-cap-reached") == refused + 1
    with_key = 23
    assert two_workers.total("clincore_usage_events_total") == events + with_key
    assert two_workers.total("clincore_admission_batch_size_sum") == admitted + with_key
    shown = two_workers.text()
    for secret in (tenant.id, tenant.name, tenant.api_key, path.rpartition("/")[2], "tenant_id", "Migraine"):
        assert secret not in shown


def test_every_operation_has_a_route_and_every_statement_a_name(two_workers: Metered) -> None:
    url = two_workers.service.url

    async def main() -> None:
        async with httpx.AsyncClient(base_url=url) as client:
            await tour(Caller(client, tenant.api_key))

    with checked_client(url) as client:
        tenant = bootstrap(client)
    asyncio.run(main())

    templates = {(operation.path, operation.method.upper()) for operation in CONTRACT.operations}
    eventually(lambda: templates <= {(route, method) for route, method, _ in two_workers.answers()})
    round_trips = two_workers.samples("db_client_operation_duration_seconds_count")
    statements = {labels["db_query_summary"] for labels, _ in round_trips}
    admission = "admission.admit_of" if citus.COORDINATOR_URL else "admission.admit"
    assert {admission, "cases.find", "cases.page", "connect", "ping"} <= statements
    queries = {path.stem for path in (ROOT / "clincore" / "db" / "queries").glob("*.py")}
    assert {name.partition(".")[0] for name in statements} <= queries | OTHER_TRIPS


def test_documentation_and_exposition_have_the_same_series(
    two_workers: Metered, log_calls: Callable[[Tenant, int], None], operator: Any
) -> None:
    ask_all_kinds(two_workers, log_calls, operator)
    documented = dict(
        re.findall(r"^\| `(\w+)(?:\{.*?\})?` \| (\w+) \|", (ROOT / "docs" / "metrics.md").read_text(), re.MULTILINE)
    )

    families = list(text_string_to_metric_families(two_workers.text()))

    # The parser drops the suffix of a counter's name.
    shown = {family.name + "_total" * (family.type == "counter"): family.type for family in families}
    assert shown == documented
    assert [family.name for family in families if not family.samples or not family.documentation] == []


def test_every_label_is_documented(two_workers: Metered) -> None:
    documented = (ROOT / "docs" / "metrics.md").read_text()

    for family in text_string_to_metric_families(two_workers.text()):
        for sample in family.samples:
            for label in set(sample.labels) - {"le"}:
                assert re.search(rf"^\| `{family.name}(_total)?\{{.*\b{label}\b.*\}}`", documented, re.MULTILINE), label


class Client(threading.Thread):
    """Calls /health in a loop and counts answers and lost calls."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._url = url
        self.answers = self.lost = 0
        self.stopping = threading.Event()

    def run(self) -> None:
        # It reconnects automatically after `close`.
        client = HTTPConnection("127.0.0.1", httpx.URL(self._url).port, timeout=30)
        while not self.stopping.is_set():
            try:
                client.request("GET", "/health")
                response = client.getresponse()
                assert (response.status, response.read()) == (200, b'{"status":"ok"}')
                self.answers += 1
            except (OSError, HTTPException):
                self.lost += 1
                client.close()
            time.sleep(0.01)
        client.close()


@pytest.mark.parametrize("kills", [2, pytest.param(5, marks=pytest.mark.slow)])
def test_killing_workers_decreases_no_counter_and_leaves_no_files(two_workers: Metered, kills: int) -> None:
    clients = [Client(two_workers.service.url) for _ in range(3)]
    seen: dict[str, float] = {}

    def answered() -> int:
        return sum(client.answers for client in clients)

    def counted() -> float:
        labels = {"http_route": "/health", "http_response_status_code": "200"}
        return two_workers.total(f"{DURATION}_count", **labels) - before

    def look() -> dict[str, float]:
        now = two_workers.counters()
        assert [line for line, value in seen.items() if now.get(line, 0) < value] == []
        seen.update(now)
        return now

    before, files = 0.0, two_workers.files()
    before = counted()
    starts = look()["clincore_worker_starts_total"]
    for client in clients:
        client.start()
    eventually(lambda: answered() > 100)
    for number in range(1, kills + 1):
        two_workers.workers()[0].kill()
        # A worker counts as started before it serves, so some are killed in between.
        eventually(lambda started=starts + number: look()["clincore_worker_starts_total"] == started)  # type: ignore[misc]
    so_far = answered()
    eventually(lambda: answered() > so_far + 100)
    eventually(lambda: look() and two_workers.have_started())
    for client in clients:
        client.stopping.set()
    for client in clients:
        client.join(30)

    lost = sum(client.lost for client in clients)
    eventually(lambda: counted() >= answered() - lost)
    # A killed worker may have sent an answer without counting it, or counted one that the client did not receive.
    assert answered() - lost <= counted() <= answered() + lost
    assert two_workers.files() == files


def test_the_gauges_of_a_dead_worker_disappear(two_workers: Metered) -> None:
    eventually(two_workers.have_started)

    starts = two_workers.total("clincore_worker_starts_total")
    two_workers.workers()[0].kill()

    # The gauge drops before the next worker has started.
    eventually(lambda: two_workers.connections_max() == POOL_SIZE)
    assert two_workers.total("clincore_worker_starts_total") == starts
    eventually(two_workers.have_started)


def test_a_single_worker_exposes_its_own_metrics(database: Database, folder: Path) -> None:
    with metered(database, folder, 1) as running:
        for _ in range(5):
            assert httpx.get(f"{running.service.url}/ready").status_code == 200

        eventually(lambda: running.answers()["/ready", "GET", "200"] == 5)
        assert running.total("db_client_operation_duration_seconds_count", db_query_summary="ping") == 5
        listening = {
            connection.laddr
            for connection in psutil.Process(running.service.process.pid).net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        }
        assert ("127.0.0.1", running.port) in listening
        assert len(listening) == 2


@pytest.mark.parametrize(
    ("host", "options"),
    [
        pytest.param("127.0.0.1", (), id="default"),
        pytest.param("127.0.0.2", ("--metrics-host", "127.0.0.2"), id="chosen"),
    ],
)
def test_a_metrics_address_in_use_ends_the_start_with_one_line(
    database: Database, host: str, options: tuple[str, ...]
) -> None:
    with socket.socket() as taken:
        taken.bind((host, 0))
        taken.listen()
        port = taken.getsockname()[1]

        ended = run(
            *("clincore", "serve", "--port", str(free_port()), "--metrics-port", str(port), *options),
            DATABASE_URL=database.url,
        )

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == (
        f"clincore: cannot listen on {host}:{port}: Address already in use."
        " Choose another --metrics-host or --metrics-port.\n"
    )


def test_nothing_is_recorded_and_no_port_is_open_without_the_option(service: Service) -> None:
    process = psutil.Process(service.process.pid)

    listening = [c for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    assert [connection.laddr.port for connection in listening] == [httpx.URL(service.url).port]
    assert "CLINCORE_METRICS_FOLDER" not in process.environ()


def test_the_application_alone_does_not_import_prometheus_client() -> None:
    code = "import sys, clincore.operations, clincore.runtime, clincore.server.protocol; print(*sys.modules)"

    imported = run("python", "-c", code)

    assert "clincore.metrics" in imported.stdout.split(), imported.stderr
    assert not [name for name in imported.stdout.split() if name.startswith("prometheus_client")]


def test_the_next_service_removes_the_files_of_a_killed_one(database: Database, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        left = Path(temporary) / "clincore-metrics-left"
        left.mkdir()
        (left / "owner").touch()
        settings = {"DATABASE_URL": database.url, "TMPDIR": temporary, "BOOTSTRAP_TOKEN": BOOTSTRAP_TOKEN}
        port = free_port()
        process = subprocess.Popen(
            ["clincore", "serve", "--port", str(free_port()), "--metrics-port", str(port)],
            env=environment(**settings, CLINCORE_DATA_DIR=str(folder / "none")),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            eventually(lambda: os.listdir(temporary) not in ([], ["clincore-metrics-left"]) and not left.exists())
        finally:
            process.terminate()
            process.wait(30)
