"""Invalid answers in place of PostgreSQL's: the session fails at once, and the next session is not affected."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from time import monotonic
from typing import NamedTuple

import psycopg
import pytest
from sqlalchemy import text

from clincore.db import session as sessions
from clincore.db.session import public_session
from clincore.db.statements import Statement
from support.database import Database
from support.pool import run_with_pool
from support.proxy import Proxy


class Number(NamedTuple):
    """A number."""

    number: int


ONE = Statement(text("SELECT 1 AS number"), Number)
TWO = Statement(text("SELECT 2 AS number"), Number)
SET_DONE = b"C\0\0\0\x08SET\0"
"""The server's answer to SET. A new connection sends several SET."""


@pytest.fixture
def proxy(database: Database) -> Iterator[Proxy]:
    with Proxy(database.url) as proxy:
        yield proxy


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
        async with public_session() as session:
            assert await session.fetch(ONE) == [(1,)]
        proxy.change = change
        started = monotonic()
        with pytest.raises(psycopg.OperationalError):
            async with public_session() as session:
                session.queue(TWO)
                await session.fetch(ONE)
        assert monotonic() - started < 5
        proxy.forward()
        async with public_session() as session:
            assert await session.fetch(TWO) == [(2,)]

    # In a thread, which is abandoned if its loop hangs.
    failed: list[BaseException] = []

    def run() -> None:
        try:
            run_with_pool(proxy.url, main)
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

    run_with_pool(proxy.url, main)
    hangs.set()
