"""ClinCore's HTTP protocol and event loop compared with uvicorn's: cost, distribution of connections, bad clients.

The same application, `clincore.asgi:app`, answers GET /health with each. The candidates alternate within a round.
"""

import asyncio
import contextlib
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.harness import CONNECTIONS, TOKEN, Request, cpu_seconds, postgresql, wrk
from clincore.postgres.embedded import Embedded
from clincore.server.protocol import Protocol

LOOP = "clincore.server.event_loop:EventLoop"
UVICORN, OURS = "uvicorn", "ClinCore"
CANDIDATES = {
    UVICORN: ("httptools", "asyncio", 8821),
    "with TCP_NODELAY": ("benchmarks.peers.protocol:Protocol", "asyncio", 8822),
    OURS: ("clincore.server.protocol:Protocol", LOOP, 8823),
    "writes not joined": (f"{__name__}:TwoWrites", LOOP, 8824),
}
"""Protocol, event loop and port."""
HEALTH = Request("/health")
WATCHED_SECONDS = 20.0
BYTE_SECONDS = 0.2


class TwoWrites(Protocol):
    """ClinCore's protocol without the transport that sends the head of a response together with its body."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.transport = transport


def main(rounds: int, seconds: int) -> None:
    """Measure and print the tables."""
    console = Console(width=120)
    with postgresql() as server:
        for workers in (1, 2):
            with ExitStack() as stack:
                pids = {name: stack.enter_context(_serve(name, workers, server)) for name in CANDIDATES}
                console.print(_loaded(pids, workers, rounds, seconds))
                if workers == 2:
                    console.print(_shared(pids, rounds))
                else:
                    console.print(asyncio.run(_difficult([UVICORN, OURS])))


@contextmanager
def _serve(name: str, workers: int, server: Embedded) -> Iterator[int]:
    """Run the application with this protocol and loop; a single worker gets a core. Yields its parent's process id."""
    protocol, loop, port = CANDIDATES[name]
    command = ["taskset", "-c", "1"] if workers == 1 else []
    command += [sys.executable, "-m", "uvicorn", "clincore.asgi:app", "--port", str(port), "--workers", str(workers)]
    command += ["--http", protocol, "--loop", loop, "--no-proxy-headers", "--no-access-log", "--log-level", "warning"]
    variables = {"DATABASE_URL": server.url, "MIGRATION_DATABASE_URL": server.owner_url, "BOOTSTRAP_TOKEN": TOKEN}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=os.environ | variables, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 60
            while not _answers(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise SystemExit(f"{name} did not start: {log.read().decode()[-2000:]}")
                time.sleep(0.1)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
    except httpx.TransportError:
        return False


def _loaded(pids: dict[str, int], workers: int, rounds: int, seconds: int) -> Table:
    """Requests per second and server CPU of each, and ClinCore's ratio to them within a round."""
    per_second: dict[str, list[float]] = defaultdict(list)
    cpu: dict[str, list[float]] = defaultdict(list)
    names = list(pids)
    for number in range(rounds + 1):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            before = cpu_seconds(pids[name])
            load = wrk(CANDIDATES[name][2], seconds if number else 1, [HEALTH])
            if load.errors:
                raise SystemExit(f"{name} answered {load.errors} requests with an error")
            # The first round is a warm-up.
            if number:
                per_second[name].append(load.per_second)
                cpu[name].append((cpu_seconds(pids[name]) - before) / load.requests * 1e6)
    title = f"GET /health, {workers} worker{'s' * (workers > 1)}, {CONNECTIONS} connections: medians of {rounds} rounds"
    table = Table("candidate", "requests/s", "ClinCore / this", "server CPU µs", "ClinCore / this", title=title)
    for name in names:
        table.add_row(
            name,
            f"{statistics.median(per_second[name]):.0f}",
            _ratio(per_second[OURS], per_second[name]),
            f"{statistics.median(cpu[name]):.0f}",
            _ratio(cpu[OURS], cpu[name]),
        )
    return table


def _ratio(values: list[float], others: list[float]) -> str:
    ratios = [value / other for value, other in zip(values, others, strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def _shared(pids: dict[str, int], rounds: int) -> Table:
    """How many of 32 connections, opened at once, go to the busier of two workers."""
    table = Table("candidate", "connections of the busier worker", title=f"{CONNECTIONS} new connections, two workers")
    taken: dict[str, list[int]] = defaultdict(list)
    for _ in range(rounds * 2):
        for name, pid in pids.items():
            taken[name].append(max(_connections(pid, CANDIDATES[name][2])))
    for name, counts in taken.items():
        table.add_row(name, f"{statistics.median(counts):.0f} ({min(counts)} to {max(counts)})")
    return table


def _connections(pid: int, port: int) -> list[int]:
    """Open connections at once, send a request on each, and count them by worker."""
    with ExitStack() as stack:
        clients = [stack.enter_context(socket.socket()) for _ in range(CONNECTIONS)]
        for client in clients:
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
        for client in clients:
            client.settimeout(10)
            client.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        ours = {client.getsockname()[1] for client in clients if client.recv(65536)}
        return [
            sum(1 for connection in worker.net_connections("tcp") if connection.raddr and connection.raddr[1] in ours)
            for worker in psutil.Process(pid).children()
        ]


@dataclass(frozen=True)
class Client:
    """What a client sends at once, and then byte by byte. `wanted`: the correct response."""

    name: str
    at_once: bytes
    wanted: str
    then: bytes = b""


_GET = b"GET /health HTTP/1.1\r\nHost: a\r\n"
_CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
_POST = b"POST /bootstrap HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer "
CLIENTS = (
    Client("sends nothing", b"", "408"),
    Client("sends a byte every 0.2 s", b"", "408", b"GET /" + b"a" * 1000),
    Client("never ends its body", _POST + TOKEN.encode() + b"\r\nContent-Length: 99\r\n\r\n{", "closed"),
    Client("sends a header of 100 KB", _GET + b"X-Other: " + b"a" * 100_000 + b"\r\n\r\n", "431"),
    Client("sends two Host headers", _GET + b"Host: b\r\n\r\n", "400"),
    Client("sends no Host header", b"GET /health HTTP/1.1\r\n\r\n", "400"),
    Client("sends chunks in HTTP/1.0", b"GET /health HTTP/1.0\r\nHost: a\r\n" + _CHUNKED + b"0\r\n\r\n", "400"),
)


async def _difficult(names: list[str]) -> Table:
    table = Table("client", "wanted", *names, title=f"Bad clients, for {WATCHED_SECONDS:.0f} s")
    told = await asyncio.gather(*(_told(client, CANDIDATES[name][2]) for client in CLIENTS for name in names))
    for number, client in enumerate(CLIENTS):
        table.add_row(client.name, client.wanted, *told[number * len(names) : (number + 1) * len(names)])
    return table


async def _told(client: Client, port: int) -> str:
    """The status, and after how many seconds the server closed the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    started = time.monotonic()
    writer.write(client.at_once)
    dawdling = asyncio.create_task(_dawdle(writer, client.then))
    answer, end = b"", "open"
    try:
        async with asyncio.timeout(WATCHED_SECONDS):
            while received := await reader.read(65536):
                answer += received
        end = f"closed after {time.monotonic() - started:.0f} s"
    except TimeoutError:
        pass
    except ConnectionResetError:
        end = f"reset after {time.monotonic() - started:.0f} s"
    finally:
        dawdling.cancel()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    return f"{answer.split(b' ', 2)[1].decode() if answer else 'no response'}, {end}"


async def _dawdle(writer: asyncio.StreamWriter, content: bytes) -> None:
    for byte in content:
        writer.write(bytes([byte]))
        await asyncio.sleep(BYTE_SECONDS)
