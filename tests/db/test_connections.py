"""Connections to PostgreSQL: how sessions get them from the pool, and what makes the pool discard them."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import literal, select, text

from clincore.db import session as sessions
from clincore.db.driver import connection as driver
from clincore.db.driver import pool as pools
from clincore.db.driver.connection import Call
from clincore.db.session import Session, close_pool, open_pool, public_session, tenant_session
from clincore.db.statements import NoRow, Statement
from clincore.isolation.sessions import left_on
from support.database import Database
from support.pool import run_with_pool

TENANT = uuid4()


class Pid(NamedTuple):
    """The id of a server process."""

    pid: int


class Texts(NamedTuple):
    """Two long texts."""

    given: str
    made: str


PID = Statement(text("SELECT pg_backend_pid() AS pid"), Pid)
FAIL = Statement(text("SELECT 1 / 0"), NoRow)
SLEEP = Statement(text("SELECT 1 FROM pg_sleep(CAST(:seconds AS float))"), NoRow)
TEXTS = Statement(text("SELECT CAST(:given AS text), repeat('y', CAST(:size AS integer))"), Texts)


async def pid_of(session: Session) -> int:
    (row,) = await session.fetch(PID)
    return row.pid


async def pid_with_tenant() -> int:
    async with tenant_session(TENANT) as session:
        return await pid_of(session)


async def pid_without() -> int:
    async with public_session() as session:
        return await pid_of(session)


async def every_pid() -> set[int]:
    """The server processes of all connections of the pool."""
    all_are_open = asyncio.Barrier(pools.SIZE)

    async def hold() -> int:
        async with public_session() as session:
            pid = await pid_of(session)
            await all_are_open.wait()
            return pid

    return set(await asyncio.gather(*(hold() for _ in range(pools.SIZE))))


def terminate(database: Database, pids: list[int]) -> None:
    with database.as_owner() as owner:
        owner.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s::int[]) AS pid", [pids])


def test_sessions_with_and_without_a_tenant_share_connections(database: Database) -> None:
    async def main() -> None:
        pids = await every_pid()
        assert len(pids) == pools.SIZE
        for ask in (pid_with_tenant, pid_without) * 2:
            # More sessions than connections, so some wait.
            assert set(await asyncio.gather(*(ask() for _ in range(2 * pools.SIZE)))) <= pids

    run_with_pool(database.url, main)


@pytest.mark.parametrize("ask", [pid_with_tenant, pid_without])
def test_the_first_waiter_gets_the_released_connection(
    database: Database, ask: Callable[[], Awaitable[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SIZE", 1)

    async def main() -> None:
        async with public_session() as session:
            only = await pid_of(session)
            waiting = asyncio.ensure_future(ask())
            await asyncio.sleep(0.05)
            assert not waiting.done()
        assert await waiting == only

    run_with_pool(database.url, main)


def test_a_session_that_waits_too_long_fails_and_the_next_one_succeeds(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SIZE", 1)
    monkeypatch.setattr(pools, "WAIT_SECONDS", 0.1)

    async def main() -> None:
        async with public_session() as session:
            only = await pid_of(session)
            with pytest.raises(pools.PoolTimeout):
                await pid_with_tenant()
        assert await pid_with_tenant() == only

    run_with_pool(database.url, main)


def test_cancelling_a_waiter_loses_no_connection(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "SIZE", 1)

    async def main() -> None:
        for _ in range(20):
            waiting = []
            async with public_session() as session:
                await pid_of(session)
                waiting = [asyncio.ensure_future(pid_with_tenant()) for _ in range(3)]
                await asyncio.sleep(0)
            # The first waiter got the connection in this step of the loop, and is cancelled.
            waiting[0].cancel()
            await asyncio.wait(waiting)
            assert [task.cancelled() for task in waiting] == [True, False, False]

    run_with_pool(database.url, main)


def test_a_connection_with_an_open_transaction_is_not_reused(database: Database) -> None:
    async def main() -> None:
        with pytest.raises(asyncio.CancelledError):
            async with tenant_session(TENANT) as session:
                left = await pid_of(session)
                raise asyncio.CancelledError
        assert left not in await every_pid()

    run_with_pool(database.url, main)


def test_a_failed_statement_leaves_no_state_on_the_connection(database: Database) -> None:
    async def main() -> None:
        with pytest.raises(psycopg.errors.DivisionByZero):
            async with tenant_session(TENANT) as session:
                failed = await pid_of(session)
                await session.fetch(FAIL)
        async with public_session() as session:
            assert await pid_of(session) == failed
            assert await left_on(session) == []

    run_with_pool(database.url, main)


@pytest.mark.parametrize("ending", ["fetch", "finish", "queue"])
def test_the_error_of_any_statement_of_a_pipeline_is_raised_and_nothing_is_committed(
    database: Database, ending: str
) -> None:
    queued = Statement(
        text("INSERT INTO tenant_names (tenant_id, name) VALUES (CAST(:tenant_id AS uuid), CAST(:name AS text))"), NoRow
    )
    seen = Statement(text("SELECT 1 FROM tenant_names"), Pid)

    async def main() -> None:
        with pytest.raises(psycopg.errors.DivisionByZero):
            async with tenant_session(TENANT) as session:
                session.queue(queued, name=uuid4().hex)
                session.queue(FAIL)
                if ending != "queue":
                    await getattr(session, ending)(PID)
        async with tenant_session(TENANT) as session:
            assert await session.fetch(seen) == []

    run_with_pool(database.url, main)


@pytest.mark.parametrize("ask", [pid_with_tenant, pid_without])
def test_idle_connections_that_were_closed_are_replaced(database: Database, ask: Callable[[], Awaitable[int]]) -> None:
    async def main() -> None:
        pids = await every_pid()
        terminate(database, list(pids))
        # Let the loop read the end of the connections before a session asks for one.
        await asyncio.sleep(0.1)
        assert not set(await asyncio.gather(*(ask() for _ in range(pools.SIZE)))) & pids

    run_with_pool(database.url, main)


def test_a_lost_connection_invalidates_all_older_ones(database: Database) -> None:
    async def main() -> None:
        pids = await every_pid()
        with pytest.raises(psycopg.OperationalError):
            async with public_session() as session:
                lost = await pid_of(session)
                terminate(database, [lost])
                await session.fetch(PID)
        assert not await every_pid() & pids

    run_with_pool(database.url, main)


def test_connections_lost_at_the_same_time_are_replaced(database: Database) -> None:
    async def main() -> None:
        lost: list[int] = []
        all_are_waiting = asyncio.Event()

        async def lose_one_and_ask_again() -> int:
            with pytest.raises(psycopg.OperationalError):
                async with public_session() as session:
                    lost.append(await pid_of(session))
                    if len(lost) == pools.SIZE:
                        all_are_waiting.set()
                    await session.fetch(SLEEP, seconds=20)
            return await pid_without()

        asking = [asyncio.create_task(lose_one_and_ask_again()) for _ in range(pools.SIZE)]
        await all_are_waiting.wait()
        # In reverse order: then the first session to reconnect gets the socket number of another lost connection.
        terminate(database, lost[::-1])
        assert not {*await asyncio.gather(*asking)} & {*lost}

    run_with_pool(database.url, main)


def test_large_statements_and_answers_arrive_complete(database: Database) -> None:
    async def main() -> None:
        async with public_session() as session:
            for size in (1, 100_000, 3_000_000):
                (row,) = await session.fetch(TEXTS, given="x" * size, size=size)
                assert row == ("x" * size, "y" * size)

    run_with_pool(database.url, main)


def test_large_statements_and_answers_in_one_pipeline_do_not_deadlock(database: Database) -> None:
    async def main() -> None:
        async with public_session() as session:
            # More than the buffers of both sides can hold.
            pending = [session.queue(TEXTS, given="x" * 5_000_000, size=5_000_000) for _ in range(10)]
            await session.commit()
            assert [len(one.rows[0].given) + len(one.rows[0].made) for one in pending] == [10_000_000] * 10

    run_with_pool(database.url, main)


def test_a_server_that_does_not_answer_times_out(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "ANSWER_SECONDS", 0.5)
    talking = Statement(text("SELECT 1 FROM pg_sleep(0.3), repeat('y', 20000)"), Pid)

    async def main() -> None:
        async with public_session() as session:
            # The timeout restarts with every answer. PostgreSQL sends data when its buffer is full.
            for _ in range(4):
                session.queue(talking)
                session.queue(TEXTS, given="x", size=20_000)
            await session.commit()
        with pytest.raises(sessions.NoAnswer):
            async with public_session() as session:
                silent = await pid_of(session)
                await session.fetch(SLEEP, seconds=2)
        assert silent not in await every_pid()

    run_with_pool(database.url, main)


def test_a_server_that_does_not_read_a_large_statement_times_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "ANSWER_SECONDS", 0.5)

    async def main() -> None:
        with pytest.raises(sessions.NoAnswer):
            async with public_session() as session:
                stopped = await pid_of(session)
                os.kill(stopped, signal.SIGSTOP)
                try:
                    async with asyncio.timeout(30):
                        await session.fetch(TEXTS, given="x" * 10_000_000, size=1)
                finally:
                    os.kill(stopped, signal.SIGCONT)
        assert stopped not in await every_pid()

    run_with_pool(database.url, main)


def test_the_prepared_statements_of_a_connection_are_limited(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SIZE", 1)
    monkeypatch.setattr(driver, "PREPARED_MAX", 10)
    count = Statement(text("SELECT count(*) AS pid FROM pg_prepared_statements"), Pid)
    many = [Statement(text(f"SELECT {number} AS pid"), Pid) for number in range(50)]

    async def main() -> None:
        for _ in range(2):
            for number, statement in enumerate(many):
                async with public_session() as session:
                    assert await session.fetch(statement) == [(number,)]
        # When one pipeline prepares too many statements, the next pipeline closes them.
        async with public_session() as session:
            pending = [session.queue(statement) for statement in many]
            await session.commit()
            assert [one.rows[0].pid for one in pending] == list(range(50))
        async with public_session() as session:
            await session.fetch(PID)
            (row,) = await session.fetch(count)
            assert row.pid <= 10 + 2

    run_with_pool(database.url, main)


def test_statements_deallocated_between_sessions_are_sent_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SIZE", 1)

    async def main() -> None:
        pid = await pid_with_tenant()
        pool = sessions._pool
        assert pool is not None
        connection = await pool.acquire()
        await connection.run([Call(b"DEALLOCATE ALL")])
        pool.release(connection)
        assert [await pid_with_tenant() for _ in range(3)] == [pid] * 3

    run_with_pool(database.url, main)


def test_statements_deallocated_within_a_session_fail_only_that_session(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SIZE", 1)

    async def main() -> None:
        pid = await pid_with_tenant()
        with pytest.raises(psycopg.errors.InvalidSqlStatementName):
            async with tenant_session(TENANT) as session:
                await pid_of(session)
                assert session._connection is not None
                await session._connection.run([Call(b"DEALLOCATE ALL")])
                await pid_of(session)
        assert [await pid_with_tenant() for _ in range(2)] == [pid] * 2

    run_with_pool(database.url, main)


def test_a_server_that_stops_answering_after_the_login_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "ANSWER_SECONDS", 0.3)

    class TakesTheLogin(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.WriteTransport)
            # AuthenticationOk and ReadyForQuery.
            transport.write(b"R\0\0\0\x08\0\0\0\0" + b"Z\0\0\0\x05I")

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(TakesTheLogin, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        open_pool(f"postgresql+psycopg://a@127.0.0.1:{port}/a?sslmode=disable&gssencmode=disable")
        try:
            async with asyncio.timeout(5):
                with pytest.raises(sessions.NoAnswer):
                    await sessions.ping()
        finally:
            close_pool()
            server.close()
            # Let the other end see that the connection is closed.
            await asyncio.sleep(0.05)

    asyncio.run(main())


@pytest.mark.parametrize("value", ["with NUL \0", object()])
def test_a_value_that_cannot_be_sent_leaves_the_connection_usable(
    database: Database, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SIZE", 1)

    async def main() -> None:
        pid = await pid_without()
        with pytest.raises((psycopg.DataError, TypeError)):
            async with tenant_session(TENANT) as session:
                await session.fetch(TEXTS, given=value, size=1)
        assert await pid_without() == pid

    run_with_pool(database.url, main)


def test_a_statement_whose_columns_do_not_match_the_row_is_rejected() -> None:
    with pytest.raises(TypeError, match="Pid has the fields"):
        Statement(select(literal(1).label("other")), Pid)


def test_a_finished_session_cannot_send(database: Database) -> None:
    async def main() -> None:
        async with public_session() as session:
            await session.finish(PID)
            with pytest.raises(RuntimeError, match="finished"):
                await session.fetch(PID)
            with pytest.raises(RuntimeError, match="finished"):
                await session.commit()

    run_with_pool(database.url, main)
