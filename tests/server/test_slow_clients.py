"""Slow and greedy clients cost bounded time and memory, and other clients are not slowed down."""

import contextlib
import itertools
import json
import re
import resource
import selectors
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from clincore.server.limits import CONNECTIONS_MAX, PROBE_CONNECTIONS
from support.contract import CONTRACT
from support.database import Database
from support.service import Service, serve
from support.tenants import Tenant, bootstrap
from support.waiting import eventually

HALF_OPEN = 1000
# The length of a listening socket's queue.
WAITING = 1000
PATIENCE_SECONDS = 20.0
# How long /health may take: at least so long, and twenty times its longest time before.
HEALTH_SECONDS = 2.0
MEMORY_MAX = 200 * 1024 * 1024
# How long a greedy client waits for a response to its incomplete request.
ANSWER_SECONDS = 5.0
MEGABYTE = b" " * 1_000_000
# Files that pytest itself has open, with a margin.
OTHER_FILES = 100


def address(service: Service) -> tuple[str, int]:
    return "127.0.0.1", int(service.url.rpartition(":")[2])


def allow_files(count: int) -> None:
    """Let this process open that many sockets; skips the test where the hard limit is lower."""
    wanted = count + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"the system lets a process open {hard} files, this needs {wanted}")
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def post_head(tenant: Tenant, *headers: str) -> bytes:
    """The head of a POST /cases."""
    lines = [
        "POST /cases HTTP/1.1",
        "Host: 127.0.0.1",
        f"X-API-Key: {tenant.api_key}",
        "Content-Type: application/json",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def health_seconds(service: Service) -> float:
    """How long a new client waits for /health."""
    started = time.monotonic()
    assert httpx.get(f"{service.url}/health", timeout=PATIENCE_SECONDS).status_code == 200
    return time.monotonic() - started


def health_limit(service: Service) -> float:
    """The longest that /health may take in the next test, on a machine as busy as now."""
    return max(HEALTH_SECONDS, 20 * max(health_seconds(service) for _ in range(10)))


class Watch:
    """Calls /health all the time over new connections; `seconds` has the duration of each call, `limit` the longest."""

    def __init__(self, service: Service) -> None:
        self.seconds: list[float] = []
        self.limit = health_limit(service)
        self._service = service
        self._stopped = threading.Event()
        self._threads = ThreadPoolExecutor(1)

    def __enter__(self) -> "Watch":
        self._watching = self._threads.submit(self._watch)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._threads.shutdown()
        self._watching.result()

    def _watch(self) -> None:
        while True:
            self.seconds.append(health_seconds(self._service))
            if self._stopped.wait(0.05):
                return


@dataclass
class Slow:
    """A slow client: what it sends at once, and what it then sends piece by piece."""

    name: str
    at_once: bytes
    then: Iterator[bytes]
    answer: bytes = b""
    ended_after: float | None = None
    """Seconds from its start until the service closed the connection."""


def status_of(answer: bytes) -> int:
    """0 if the answer is empty."""
    return int(answer.split(b" ", 2)[1]) if answer else 0


def run_slow(service: Service, clients: list[Slow], seconds: float) -> None:
    """Run all clients together until the service has closed every connection, or for that long."""
    started: dict[int, float] = {}
    with selectors.DefaultSelector() as selector, contextlib.ExitStack() as stack:
        for client in clients:
            connection = stack.enter_context(socket.create_connection(address(service), timeout=PATIENCE_SECONDS))
            started[id(client)] = time.monotonic()
            connection.sendall(client.at_once)
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ, client)
        deadline = time.monotonic() + seconds
        sent_at = time.monotonic()
        while selector.get_map() and time.monotonic() < deadline:
            for key, _ in selector.select(0.2):
                received = b""
                with contextlib.suppress(ConnectionResetError):
                    received = key.fileobj.recv(65536)  # type: ignore[union-attr]
                key.data.answer += received
                if not received:
                    key.data.ended_after = time.monotonic() - started[id(key.data)]
                    selector.unregister(key.fileobj)
            if time.monotonic() >= sent_at + 0.2:
                sent_at = time.monotonic()
                for key in list(selector.get_map().values()):
                    with contextlib.suppress(OSError):
                        key.fileobj.send(next(key.data.then, b""))  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def service(migrated_database: Callable[[], Database], folder: Path) -> Iterator[Service]:
    """A service and a database for this module alone."""
    with serve(migrated_database(), folder) as running:
        yield running


@pytest.fixture(scope="module")
def tenant(service: Service) -> Tenant:
    with httpx.Client(base_url=service.url) as client:
        tenant = bootstrap(client)
    with service.database.as_owner() as operator:
        operator.execute("UPDATE tenants SET billing_status = 'paid'")
    return tenant


def one_by_one(text: bytes) -> Iterator[bytes]:
    return (bytes([byte]) for byte in text)


@pytest.fixture(scope="module")
def slow_run(service: Service, tenant: Tenant) -> tuple[list[Slow], Watch]:
    """Every kind of slow client and 1000 half-open connections at once, and the seconds of /health meanwhile."""
    allow_files(HALF_OPEN * 2)
    endless = itertools.repeat(b"a")
    head = post_head(tenant, "Content-Length: 1000")
    chunked = post_head(tenant, "Transfer-Encoding: chunked")
    # A valid request that keeps the connection open for a slow one.
    used = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    clients = [
        Slow("nothing at all", b"", iter(())),
        Slow("head one byte at a time", b"", one_by_one(head)),
        Slow("header without end", b"GET /health HTTP/1.1\r\nX-Other: ", endless),
        Slow("body shorter than its length", head + b'{"title":', iter(())),
        Slow("body one byte at a time", head, itertools.repeat(b" ")),
        Slow("body that is never read", b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", iter(())),
        Slow("chunk that does not end", chunked + b"ff\r\n", itertools.repeat(b" ")),
        Slow("chunks of one byte", chunked, itertools.cycle([b"1\r\n \r\n"])),
        Slow("chunk's size that does not end", chunked + b"1;", endless),
        Slow("trailer that does not end", chunked + b'd\r\n{"title":"x"}\r\n0\r\nX-Other: ', endless),
        Slow("second head one byte at a time", used, one_by_one(head)),
        Slow("second body shorter than its length", used + head, iter(())),
        *(Slow("half a head", b"GET /health HTTP/1.1\r\nHost: 127", iter(())) for _ in range(HALF_OPEN)),
    ]
    with Watch(service) as watch:
        run_slow(service, clients, PATIENCE_SECONDS + 5)
    return clients, watch


def test_half_open_connections_do_not_slow_down_others(slow_run: tuple[list[Slow], Watch]) -> None:
    _, watch = slow_run

    assert len(watch.seconds) > 20
    assert max(watch.seconds) < watch.limit


def test_an_incomplete_request_times_out(slow_run: tuple[list[Slow], Watch]) -> None:
    """408 or a close within 20 seconds; 408 whenever the service was still waiting for the head."""
    clients, _ = slow_run

    late = {client.name: client.ended_after for client in clients if (client.ended_after or 99) > PATIENCE_SECONDS}
    statuses = {client.name: status_of(client.answer) for client in clients}

    assert late == {}
    assert statuses["half a head"] == statuses["head one byte at a time"] == 408
    assert set(statuses.values()) <= {0, 200, 408}
    assert statuses["body shorter than its length"] in (0, 408)


def test_the_timeout_of_a_slow_request_is_a_problem_document(slow_run: tuple[list[Slow], Watch]) -> None:
    schema = CONTRACT.document["components"]["schemas"]["Problem"]
    answers = [client.answer for client in slow_run[0] if status_of(client.answer) == 408]

    for answer in answers:
        head, _, body = answer.partition(b"\r\n\r\n")
        assert b"connection: close" in head
        assert CONTRACT.errors(schema, json.loads(body)) == []


def reset_memory_peak(service: Service) -> None:
    """Reset `memory_peak`, where the system allows it."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{service.process.pid}/clear_refs").write_text("5")


def memory_peak(service: Service) -> int:
    """The worker's largest resident size, in bytes."""
    status = Path(f"/proc/{service.process.pid}/status")
    if not status.exists():
        pytest.skip("there is no /proc here")
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


@dataclass
class Sent:
    """How many bytes a greedy client sent, and the status of its answer; 0: none."""

    bytes: int
    status: int


def send_much(service: Service, head: bytes, chunk: bytes, total: int) -> Sent:
    """Send up to `total` bytes while the service takes them, then read its answer."""
    sent = 0
    with socket.create_connection(address(service), timeout=PATIENCE_SECONDS) as connection:
        try:
            connection.sendall(head)
            while sent < total:
                connection.sendall(chunk)
                sent += len(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = b""
        connection.settimeout(ANSWER_SECONDS)
        with contextlib.suppress(ConnectionResetError, TimeoutError):
            answer = connection.recv(65536)
    return Sent(sent, status_of(answer))


@pytest.mark.parametrize(
    ("what", "statuses"),
    [
        pytest.param("header", {400, 431}, id="header-of-60-mb"),
        pytest.param("many headers", {400, 431}, id="60-mb-of-headers"),
        pytest.param("target", {400, 414, 431}, id="target-of-60-mb"),
        pytest.param("declared", {413}, id="six-declared-bodies-of-100-mb"),
        pytest.param("chunked", {413}, id="six-chunked-bodies-of-100-mb"),
        pytest.param("unread", {200}, id="six-bodies-of-100-mb-that-are-never-read"),
        pytest.param("extension", {400, 413, 431, 0}, id="chunk-extension-of-60-mb"),
        pytest.param("trailer", {400, 413, 431, 0}, id="trailer-of-60-mb"),
        pytest.param("many trailers", {400, 413, 431, 0}, id="60-mb-of-trailers"),
    ],
)
def test_greedy_clients_cost_little_memory(service: Service, tenant: Tenant, what: str, statuses: set[int]) -> None:
    """The worker stays below 200 MB and answers others; requests that are too large are refused."""
    reset_memory_peak(service)
    chunked = post_head(tenant, "Transfer-Encoding: chunked")
    chunk = b"%x\r\n%s\r\n" % (len(MEGABYTE), MEGABYTE)
    ended = chunked + b'd\r\n{"title":"x"}\r\n0\r\n'
    lines = b"X-Other: 1\r\n" * 100_000
    head, piece, total, clients = {
        "header": (b"GET /health HTTP/1.1\r\nHost: x\r\nX-Other: ", b"a" * 1_000_000, 60_000_000, 1),
        "many headers": (b"GET /health HTTP/1.1\r\nHost: x\r\n", lines, 60_000_000, 1),
        "target": (b"GET /", b"a" * 1_000_000, 60_000_000, 1),
        "declared": (post_head(tenant, "Content-Length: 100000000"), MEGABYTE, 100_000_000, 6),
        "chunked": (chunked, chunk, 100_000_000, 6),
        "unread": (b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n", MEGABYTE, 100_000_000, 6),
        "extension": (chunked + b"1;", b"a" * 1_000_000, 60_000_000, 1),
        "trailer": (ended + b"X-Other: ", b"a" * 1_000_000, 60_000_000, 1),
        "many trailers": (ended, lines, 60_000_000, 1),
    }[what]

    with Watch(service) as watch, ThreadPoolExecutor(clients) as threads:
        tasks = [threads.submit(send_much, service, head, piece, total) for _ in range(clients)]
        sent = [task.result() for task in tasks]

    assert {one.status for one in sent} <= statuses
    assert memory_peak(service) < MEMORY_MAX
    assert max(watch.seconds) < watch.limit


def test_a_body_does_not_count_towards_the_next_head(service: Service, tenant: Tenant) -> None:
    """Both pipelined requests are answered, for bodies larger than a head may be."""
    following = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    for size in (70_000, 80_000, 90_000, 100_000, 120_000):
        body = b'{"title":"x"}'.ljust(size)
        with socket.create_connection(address(service), timeout=PATIENCE_SECONDS) as connection:
            connection.sendall(post_head(tenant, f"Content-Length: {size}") + body + following[:30])
            answers = connection.recv(65536)
            connection.sendall(following[30:])
            while not answers.endswith(b'{"status":"ok"}'):
                received = connection.recv(65536)
                assert received, answers
                answers += received

        assert re.findall(rb"HTTP/1.1 (\d+)", answers) == [b"201", b"200"]


def connections_max() -> int:
    """How many connections `clincore serve` accepts here: fewer where the limit of open files is low."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS_MAX if hard == resource.RLIM_INFINITY else min(CONNECTIONS_MAX, hard - 128 - PROBE_CONNECTIONS)


def first_answer(service: Service) -> bytes:
    """What the service answers to a request on a new connection, which is not a probe."""
    with socket.create_connection(address(service), timeout=30) as connection:
        connection.sendall(b"GET /cases HTTP/1.1\r\nHost: x\r\n\r\n")
        return connection.recv(65536)


def test_a_connection_over_the_limit_gets_503_until_others_have_closed(service: Service) -> None:
    """The 503 is a problem document with Retry-After, and open connections are still served."""
    allow_files(connections_max())
    limit = health_limit(service)
    with contextlib.ExitStack() as stack:
        connections = []
        for _ in range(connections_max()):
            connections.append(stack.enter_context(socket.create_connection(address(service), PATIENCE_SECONDS)))
            # Idle ones would be closed.
            connections[-1].sendall(b"G")
        refused = first_answer(service)
        connections[0].sendall(b"ET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        served = connections[0].recv(65536)
        for connection in connections[1:10]:
            connection.close()
        health_afterwards = health_seconds(service)

    head, _, body = refused.partition(b"\r\n\r\n")
    assert status_of(head) == 503
    assert b"\r\nretry-after: " in head.lower()
    assert CONTRACT.errors(CONTRACT.document["components"]["schemas"]["Problem"], json.loads(body)) == []
    assert status_of(served) == 200
    assert health_afterwards < limit


def create_cases(service: Service, tenant: Tenant) -> list[int]:
    """Create cases until the service has stopped; the statuses of its answers."""
    statuses = []
    client = httpx.Client(base_url=service.url, headers=tenant.key, timeout=PATIENCE_SECONDS)
    with client, contextlib.suppress(httpx.TransportError):
        while True:
            statuses.append(client.post("/cases", json={"title": "x"}).status_code)
    return statuses


def test_sigterm_under_load_loses_no_answer(migrated_database: Callable[[], Database], folder: Path) -> None:
    """Requests under way are answered, every stored case was acknowledged, new connections are refused, exit code 0."""
    database = migrated_database()
    waiting = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'cases'::regclass"
    with serve(database, folder) as service, database.as_owner() as operator, database.as_owner() as watcher:
        with httpx.Client(base_url=service.url) as client:
            tenant = bootstrap(client)
        operator.execute("UPDATE tenants SET billing_status = 'paid'")
        with ThreadPoolExecutor(8) as threads:
            load = [threads.submit(create_cases, service, tenant) for _ in range(8)]
            time.sleep(0.5)
            # The lock holds all answers back until after the signal.
            with operator.transaction():
                operator.execute("LOCK TABLE cases")
                eventually(lambda: watcher.execute(waiting).rowcount)
                service.process.send_signal(signal.SIGTERM)
                time.sleep(0.3)
                with pytest.raises(ConnectionRefusedError):
                    socket.create_connection(address(service), timeout=1).close()
            statuses = [task.result() for task in load]
        exit_code = service.process.wait(PATIENCE_SECONDS)
        stored = operator.execute("SELECT count(*) FROM cases").fetchone()

    assert {status for each in statuses for status in each} == {201}
    assert stored == (sum(map(len, statuses)),)
    assert exit_code == 0


def test_a_worker_leaves_waiting_connections_to_other_workers(service: Service) -> None:
    """It accepts one at a time and answers in between, so another worker on the same socket could accept some too."""
    allow_files(WAITING)
    worker = psutil.Process(service.process.pid)
    with contextlib.ExitStack() as stack:
        worker.suspend()
        try:
            clients = [
                stack.enter_context(socket.create_connection(address(service), PATIENCE_SECONDS))
                for _ in range(WAITING)
            ]
            clients[0].sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            worker.resume()
            assert status_of(clients[0].recv(65536)) == 200
            worker.suspend()
            taken = sum(
                connection.status == psutil.CONN_ESTABLISHED and connection.laddr.port == address(service)[1]
                for connection in worker.net_connections("tcp")
            )
        finally:
            worker.resume()

    assert 0 < taken < WAITING
