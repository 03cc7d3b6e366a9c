"""Clients that send requests without pause, never repeat one, and note every answer that is missing or unexpected."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4


@dataclass(frozen=True)
class Request:
    """A request with a body as JSON, if it has one, and the status that its answer must have.

    Each write is sent with an `Idempotency-Key` of its own.
    """

    method: str
    path: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    media_type: str = "application/json"

    def encode(self, host: str, *, closes: bool) -> bytes:
        content = b"" if self.body is None else json.dumps(self.body).encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.method != "GET":
            lines.append(f"Idempotency-Key: {uuid4()}")
        if content:
            lines += [f"Content-Type: {self.media_type}", f"Content-Length: {len(content)}"]
        if closes:
            lines.append("Connection: close")
        return "\r\n".join([*lines, "", ""]).encode() + content


@dataclass
class Load:
    """What the clients of one origin saw.

    `may_end`: the service may refuse connections, which ends the client that was refused. Otherwise that is a failure,
    as behind a proxy.
    """

    url: str
    requests: Sequence[Request]
    may_end: bool = False
    pause: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    """How long each answer took."""
    failures: list[str] = field(default_factory=list)
    unanswered: Counter[str] = field(default_factory=Counter)
    """By method: requests in progress when the client was ended."""
    last_answer_at: float = 0.0
    """Of `time.monotonic`."""

    def start(self, clients: int) -> list[asyncio.Task[None]]:
        """Start clients of both kinds, this many of each. `end` ends them."""
        return [asyncio.create_task(send()) for send in (self.keep_alive, self.new_connections) for _ in range(clients)]

    async def keep_alive(self) -> None:
        """Send requests on one connection, and open another when an answer said that it would be closed."""
        connection: _Connection | None = None
        number = 0
        try:
            while True:
                if connection is None:
                    connection = await self._open()
                    if connection is None:
                        return
                if not await self._ask(connection, self.requests[number % len(self.requests)], closes=False):
                    connection.close()
                    connection = None
                number += 1
                await asyncio.sleep(self.pause)
        finally:
            if connection is not None:
                connection.close()

    async def new_connections(self) -> None:
        """Send each request on a connection of its own."""
        number = 0
        while True:
            connection = await self._open()
            if connection is None:
                return
            try:
                await self._ask(connection, self.requests[number % len(self.requests)], closes=True)
            finally:
                connection.close()
            number += 1
            await asyncio.sleep(self.pause)

    async def _open(self) -> "_Connection | None":
        address = urlsplit(self.url)
        assert address.hostname and address.port
        while True:
            try:
                return await _Connection.open(address.hostname, address.port)
            except (ConnectionRefusedError, ConnectionResetError) as error:
                if self.may_end:
                    return None
                self.failures.append(f"{time.monotonic():.3f} refused: {error}")

    async def _ask(self, connection: "_Connection", request: Request, *, closes: bool) -> bool:
        """Note the answer; whether the connection stays open."""
        try:
            asked_at = time.monotonic()
            async with asyncio.timeout(30):
                status, stays_open, content = await connection.exchange(
                    request.encode(urlsplit(self.url).netloc, closes=closes)
                )
        except asyncio.CancelledError:
            self.unanswered[request.method] += 1
            raise
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            self.failures.append(f"{time.monotonic():.3f} {request.method} {request.path}: {error!r}")
            return False
        self.last_answer_at = time.monotonic()
        self.seconds.append(self.last_answer_at - asked_at)
        self.answers[f"{request.method} {status}"] += 1
        if status != request.status:
            self.failures.append(f"{time.monotonic():.3f} {request.method} {request.path}: {status} {content[:300]!r}")
        return stays_open


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, host: str, port: int) -> Self:
        return cls(*await asyncio.open_connection(host, port))

    async def exchange(self, request: bytes) -> tuple[int, bool, bytes]:
        """Send a request; the status of its answer, whether the connection stays open, and the content.

        Raises:
            OSError, asyncio.IncompleteReadError: there is no whole answer.
        """
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines if line)
        content = await self._reader.readexactly(int(headers["content-length"]))
        return int(status.split()[1]), headers.get("connection") != "close", content

    def close(self) -> None:
        with suppress(OSError):
            self._writer.close()


async def end(clients: Sequence[asyncio.Task[None]]) -> None:
    """Cancel the clients, and raise the first error of one."""
    for client in clients:
        client.cancel()
    for result in await asyncio.gather(*clients, return_exceptions=True):
        if isinstance(result, Exception):
            raise result
