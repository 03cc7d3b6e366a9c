"""Invalid answers in place of PostgreSQL's: the session fails at once, and the next session is not affected."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic
from typing import NamedTuple

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url, text

from clincore.db import session as sessions
from clincore.db.session import close_pool, open_pool, public_session
from clincore.db.statements import Statement
from clincore.db.urls import libpq
from support.database import Database


class Number(NamedTuple):
    """A number."""

    number: int


ONE = Statement(text("SELECT 1 AS number"), Number)
TWO = Statement(text("SELECT 2 AS number"), Number)
SET_DONE = b"C\0\0\0\x08SET\0"
"""The server's answer to SET. A new connection sends several SET."""


class Proxy:
    """A proxy between the service and PostgreSQL that can change the answers."""

    def __init__(self, url: str) -> None:
        upstream = conninfo_to_dict(libpq(url))
        self._host, self._port = str(upstream["host"]), int(upstream.get("port") or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = make_url(url).set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
        self.change: Callable[[bytes], bytes] = lambda answer: answer
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._host.startswith("/"):
                    server = socket.socket(socket.AF_UNIX)
                    server.connect(f"{self._host}/.s.PGSQL.{self._port}")
                else:
                    server = socket.create_connection((self._host, self._port))
                for pair in ((client, server, False), (server, client, True)):
                    threading.Thread(target=self._forward, args=pair, daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with source, suppress(OSError):
            while data := source.recv(65536):
                target.sendall(self.change(data) if is_answer else data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(database: Database) -> Iterator[Proxy]:
    proxy = Proxy(database.url)
    yield proxy
    proxy.close()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda answer: b"\0\1no message" + answer, id="not-a-message"),
        pytest.param(lambda answer: b"T\xff\xff\xff\xff" + answer, id="negative-length"),
        pytest.param(lambda answer: b"q\0\0\0\x08abcd" + answer, id="unknown-message"),
        pytest.param(lambda answer: b"C\0\0\0\x0aBEGIN\0" + answer, id="additional-result"),
        pytest.param(lambda answer: answer.replace(SET_DONE, b""), id="missing-result"),
        pytest.param(lambda answer: b"G\0\0\0\x07\0\0\0" + answer, id="copy"),
        pytest.param(lambda answer: b"Z\0\0\0\x05I" + answer, id="early-end"),
    ],
)
def test_an_invalid_answer_closes_the_connection_at_once(proxy: Proxy, change: Callable[[bytes], bytes]) -> None:
    async def main() -> None:
        open_pool(proxy.url)
        async with public_session() as session:
            assert await session.fetch(ONE) == [(1,)]
        proxy.change = change
        started = monotonic()
        with pytest.raises(psycopg.OperationalError):
            async with public_session() as session:
                session.queue(TWO)
                await session.fetch(ONE)
        assert monotonic() - started < 5
        proxy.change = lambda answer: answer
        async with public_session() as session:
            assert await session.fetch(TWO) == [(2,)]
        close_pool()

    # In a thread, which is abandoned if its loop hangs.
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:
            failed.append(error)

    running = threading.Thread(target=run, daemon=True)
    running.start()
    running.join(10)
    assert not running.is_alive(), "the event loop hangs"
    assert failed == []


def test_a_server_that_stops_answering_while_the_connection_is_set_up_times_out(proxy: Proxy) -> None:
    hangs = threading.Event()

    def hang(answer: bytes) -> bytes:
        if SET_DONE in answer:
            hangs.wait(30)
        return answer

    async def main() -> None:
        open_pool(proxy.url)
        proxy.change = hang
        started = monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5), public_session() as session:
                await session.fetch(ONE)
        assert monotonic() - started < 5
        with pytest.raises(sessions.NoAnswer):
            async with public_session() as session:
                await session.fetch(ONE)
        assert monotonic() - started < 20
        close_pool()

    asyncio.run(main())
    hangs.set()
