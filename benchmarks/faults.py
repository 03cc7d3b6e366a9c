"""The promises under faults: requests at a fixed rate while PostgreSQL, the network or the log fails."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import psutil
import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.harness import TOKEN, Request, Tenant, make_tenant, postgresql, postmaster, serve
from benchmarks.work import BODY, request
from clincore.db.urls import libpq
from clincore.deadline import LOCK_SECONDS, REQUEST_SECONDS
from clincore.postgres import embedded
from tests.support.proxy import Proxy

PORT = 8831
RATE = 40
"""Requests per second, whether earlier ones have been answered or not."""
HEALTH_SECONDS = 0.2
HEALING_SECONDS = 2.0
EVERY_HEALTH_SECONDS = 0.05
REUSE_SECONDS = 3.0
"""uvicorn closes a connection that was idle for five seconds."""
AFTER_SECONDS = 5.0
"""How long requests are sent after the end of a fault."""


@dataclass
class World:
    """What a fault is injected into."""

    server: embedded.Embedded
    proxy: Proxy
    victim: Tenant

    def as_superuser(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(libpq(self.server.superuser_url), autocommit=True)


@dataclass(frozen=True)
class Fault:
    """A fault, and how long its 503 may take."""

    name: str
    inject: Callable[[World], Iterator[None]]
    seconds_max: float = REQUEST_SECONDS


@dataclass
class Answers:
    """Answers during and after a fault."""

    statuses: dict[int, int] = field(default_factory=dict)
    slowest: float = 0.0
    """The longest time of a 503, or of a request without an answer, in seconds."""
    health: float = 0.0
    """The longest time of GET /health, in seconds."""
    healed_after: float = 0.0
    """When, after the end of the fault, the last request was sent that got no success, in seconds."""


def _black_hole(world: World) -> Iterator[None]:
    world.proxy.black_hole()
    yield
    world.proxy.forward()


def _stale(world: World) -> Iterator[None]:
    world.proxy.black_hole(new=False)
    yield
    world.proxy.close_connections()
    world.proxy.forward()


def _refuse(world: World) -> Iterator[None]:
    world.proxy.refuse()
    world.proxy.close_connections(reset=True)
    yield
    world.proxy.forward()


def _cut(world: World) -> Iterator[None]:
    for _ in range(100):
        world.proxy.cut(keep=1)
    yield
    world.proxy.forward()


def _lock(statement: str) -> Callable[[World], Iterator[None]]:
    def inject(world: World) -> Iterator[None]:
        with world.as_superuser() as other, other.transaction(force_rollback=True):
            other.execute(statement.replace("VICTIM", world.victim.id))  # type: ignore[call-overload]
            yield

    return inject


def _read_only(world: World) -> Iterator[None]:
    with world.as_superuser() as superuser:
        superuser.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        superuser.execute("SELECT pg_reload_conf()")
        yield
        superuser.execute("SET default_transaction_read_only = off")
        superuser.execute("ALTER SYSTEM RESET default_transaction_read_only")
        superuser.execute("SELECT pg_reload_conf()")


def _terminate(world: World) -> Iterator[None]:
    with world.as_superuser() as superuser:
        superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'clincore'")
        yield


def _all_connections(world: World) -> Iterator[None]:
    with ExitStack() as stack, world.as_superuser() as superuser:
        superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'clincore'")
        try:
            while True:
                stack.enter_context(psycopg.connect(libpq(world.server.url)))
        except psycopg.OperationalError:
            yield


def _kill_a_backend(world: World) -> Iterator[None]:
    """PostgreSQL ends all its backends when one of them crashes, and recovers from its log."""
    for process in psutil.Process(postmaster(world.server)).children():
        if "clincore" in " ".join(process.cmdline()):
            process.kill()
            break
    yield


def _kill(world: World) -> Iterator[None]:
    """As with a power cut: all processes at once. The supervisor starts PostgreSQL again."""
    server = psutil.Process(postmaster(world.server))
    for process in (server, *server.children()):
        process.kill()
    yield


FAULTS = (
    Fault("all packets lost", _black_hole),
    Fault("existing connections silent", _stale),
    Fault("connections refused", _refuse),
    Fault("100 answers cut", _cut),
    Fault("table locked", _lock("LOCK TABLE cases IN ACCESS EXCLUSIVE MODE"), LOCK_SECONDS),
    Fault("another tenant's rows locked", _lock("SELECT FROM tenants WHERE id = 'VICTIM' FOR UPDATE"), LOCK_SECONDS),
    Fault("PostgreSQL read-only", _read_only),
    Fault("all backends terminated", _terminate),
    Fault("max_connections reached", _all_connections),
    Fault("kill -9 of a backend", _kill_a_backend),
    Fault("kill -9 of PostgreSQL", _kill),
)


class _Client:
    """Sends requests on as many connections as are needed, each reused for `REUSE_SECONDS`."""

    def __init__(self) -> None:
        self._idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, asked: Request) -> tuple[int, float]:
        """The status (0: no answer) and the seconds of a request."""
        began = time.monotonic()
        body = (asked.body or "").encode()
        lines = [f"{'POST' if body else 'GET'} {asked.path} HTTP/1.1", "Host: benchmark"]
        lines += [f"{name}: {value}" for name, value in asked.headers.items()]
        lines += [f"Content-Length: {len(body)}"] if body else []
        try:
            reader, writer = await self._connection()
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
        except (OSError, asyncio.IncompleteReadError):
            return 0, time.monotonic() - began
        self._idle.append((time.monotonic(), reader, writer))
        return int(head.split(b" ", 2)[1]), time.monotonic() - began

    def close(self) -> None:
        for *_, writer in self._idle:
            writer.close()

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._idle:
            used_at, reader, writer = self._idle.pop()
            if used_at > time.monotonic() - REUSE_SECONDS:
                return reader, writer
            writer.close()
            self.close()
            self._idle.clear()
        return await asyncio.open_connection("127.0.0.1", PORT)


async def _measure(world: World, fault: Fault, tenant: Tenant, requests: int) -> Answers:
    """Inject the fault while `requests` are sent, end it, and send requests for some seconds more."""
    answers = Answers()
    client, works = _Client(), [request(tenant, work) for work in ("get", "post", "list")]
    injected = contextmanager(fault.inject)(world)
    threads = ThreadPoolExecutor(1)
    loop = asyncio.get_running_loop()
    ended_at: float | None = None
    failed_at = 0.0

    async def ask(asked: Request) -> None:
        nonlocal failed_at
        began = time.monotonic()
        status, seconds = await client.ask(asked)
        answers.statuses[status] = answers.statuses.get(status, 0) + 1
        if not 200 <= status < 300:
            answers.slowest = max(answers.slowest, seconds)
            failed_at = max(failed_at, began)

    async def ask_health() -> None:
        while True:
            status, seconds = await client.ask(Request("/health"))
            answers.health = max(answers.health, seconds if status == 200 else float("inf"))
            await asyncio.sleep(EVERY_HEALTH_SECONDS)

    # Open connections and warm up.
    await asyncio.gather(*(client.ask(works[number % 3]) for number in range(64)))
    await loop.run_in_executor(threads, injected.__enter__)
    probing = asyncio.create_task(ask_health())
    tasks = []
    began = time.monotonic()
    number = 0
    while ended_at is None or time.monotonic() < ended_at + AFTER_SECONDS:
        tasks.append(asyncio.create_task(ask(works[number % 3])))
        number += 1
        if number == requests:
            await loop.run_in_executor(threads, injected.__exit__, None, None, None)
            ended_at = time.monotonic()
            began += ended_at - (began + number / RATE)
        await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
    await asyncio.gather(*tasks)
    probing.cancel()
    client.close()
    threads.shutdown()
    answers.healed_after = max(0.0, failed_at - ended_at) if ended_at is not None else 0.0
    return answers


# All requests are one tenant's. When the worker slows down, the gate refuses what is over the tenant's share.
EXPECTED = (200, 201, 429, 503)


def main(requests: int, only: list[str]) -> None:
    """Measure and print. Exit code 1: a promise is broken."""
    console = Console()
    table = Table(title=f"{requests} requests under each fault, at {RATE} per second")
    for column in ("fault", "answers", "slowest failure", "slowest /health", "healed after", ""):
        table.add_column(column)
    broken = 0
    with postgresql() as server, Proxy(server.url) as proxy:
        variables = {
            "DATABASE_URL": proxy.url,
            "MIGRATION_DATABASE_URL": server.owner_url,
            "BOOTSTRAP_TOKEN": TOKEN,
        }
        with serve("clincore.asgi:app", PORT, 1, None, variables):
            url = f"http://127.0.0.1:{PORT}"
            tenant, victim = (make_tenant(url, server, name, BODY) for name in ("faults", "victim"))
            world = World(server, proxy, victim)
            for fault in FAULTS:
                if only and not any(word in fault.name for word in only):
                    continue
                answers = asyncio.run(_measure(world, fault, tenant, requests))
                wrong = [
                    *(f"status {status or 'none'}" for status in answers.statuses if status not in EXPECTED),
                    *(["slow"] if answers.slowest > fault.seconds_max else []),
                    *(["/health slow"] if answers.health > HEALTH_SECONDS else []),
                    *(["heals late"] if answers.healed_after > HEALING_SECONDS else []),
                ]
                broken += bool(wrong)
                counts = ", ".join(f"{status or 'none'}: {count}" for status, count in sorted(answers.statuses.items()))
                cells = [f"{answers.slowest:.2f} s (at most {fault.seconds_max:g})", f"{answers.health * 1000:.0f} ms"]
                table.add_row(fault.name, counts, *cells, f"{answers.healed_after:.2f} s", ", ".join(wrong) or "kept")
    console.print(table)
    load = os.getloadavg()
    console.print(f"load of the machine: {load[0]:.1f} {load[1]:.1f} {load[2]:.1f}; {psutil.cpu_count()} cores")
    if broken:
        raise SystemExit(1)
