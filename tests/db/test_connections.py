"""Connections to PostgreSQL: who gets which, and none with something left on it."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from clincore.db import session
from clincore.isolation.attacks import left_on
from support.database import Database

TENANT = uuid4()


def run(database: Database, main: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        session.open_engine(database.url)
        try:
            await main()
        finally:
            await session.close_engine()

    asyncio.run(whole())


async def pid_with_tenant() -> int:
    async with session.tenant_session(TENANT) as connection:
        return int((await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one())


async def pid_without() -> int:
    async with session.without_tenant() as connection:
        return connection.info.backend_pid


async def all_at_once(stack: AsyncExitStack) -> list[int]:
    """Every connection there is, until the stack ends."""
    taken = [await stack.enter_async_context(session.without_tenant()) for _ in range(session.POOL_SIZE)]
    return [connection.info.backend_pid for connection in taken]


def test_sessions_with_and_without_a_tenant_share_the_same_connections(database: Database) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            pids = set(await all_at_once(stack))
        assert len(pids) == session.POOL_SIZE
        for ask in (pid_with_tenant, pid_without) * 2:
            # More at once than there are connections: some wait for their turn.
            assert set(await asyncio.gather(*(ask() for _ in range(2 * session.POOL_SIZE)))) <= pids

    run(database, main)


@pytest.mark.parametrize("ask", [pid_with_tenant, pid_without])
def test_whoever_waits_gets_the_connection_that_comes_back(
    database: Database, ask: Callable[[], Awaitable[int]]
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as others:
            for _ in range(session.POOL_SIZE - 1):
                await others.enter_async_context(session.without_tenant())
            async with session.without_tenant() as last:
                waiting = asyncio.ensure_future(ask())
                await asyncio.sleep(0.05)
                assert not waiting.done()
            # Not when somebody else asks, and not after the time at which he would give up.
            assert await waiting == last.info.backend_pid

    run(database, main)


def test_a_connection_in_the_middle_of_something_is_not_given_to_anybody(database: Database) -> None:
    async def main() -> None:
        async with session.without_tenant() as connection:
            await connection.simple_query(f"BEGIN; SET LOCAL app.tenant_id = '{TENANT}'".encode())
            disturbed = connection.info.backend_pid
        async with AsyncExitStack() as stack:
            assert disturbed not in await all_at_once(stack)

    run(database, main)


def test_a_failed_statement_leaves_nothing_on_the_connection(database: Database) -> None:
    async def main() -> None:
        with pytest.raises(psycopg.errors.DivisionByZero):
            async with session.without_tenant() as connection:
                failed = connection.info.backend_pid
                await connection.simple_query(f"BEGIN; SET LOCAL app.tenant_id = '{TENANT}'; SELECT 1 / 0".encode())
        async with session.without_tenant() as connection:
            assert connection.info.backend_pid == failed
            assert await left_on(connection) == []

    run(database, main)


@pytest.mark.parametrize("ask", [pid_with_tenant, pid_without])
def test_connections_that_died_at_hand_are_replaced(database: Database, ask: Callable[[], Awaitable[int]]) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            pids = set(await all_at_once(stack))
        with database.as_owner() as owner:
            owner.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s::int[]) AS pid", [list(pids)])
        # The loop hears of it before anybody asks.
        await asyncio.sleep(0.1)
        assert not set(await asyncio.gather(*(ask() for _ in range(session.POOL_SIZE)))) & pids

    run(database, main)


def test_connections_that_are_lost_together_are_replaced_at_once(database: Database) -> None:
    async def main() -> None:
        async def lose_one_and_ask_again() -> int:
            async with session.without_tenant() as connection:
                lost.append(connection.info.backend_pid)
                if len(lost) == session.POOL_SIZE:
                    all_are_waiting.set()
                with pytest.raises(psycopg.OperationalError):
                    await connection.simple_query(b"SELECT pg_sleep(20)")
            return await pid_without()

        lost: list[int] = []
        all_are_waiting = asyncio.Event()
        asking = [asyncio.create_task(lose_one_and_ask_again()) for _ in range(session.POOL_SIZE)]
        await all_are_waiting.wait()
        with database.as_owner() as owner:
            # The last first: whoever is told first then finds the lowest number of a socket free, which is not its own.
            owner.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s::int[]) AS pid", [lost[::-1]])
        assert not {*await asyncio.gather(*asking)} & {*lost}

    run(database, main)


def test_an_answer_in_pieces_and_a_statement_in_pieces_arrive_whole(database: Database) -> None:
    async def main() -> None:
        async with session.without_tenant() as connection:
            for size in (1, 100_000, 30_000_000):
                words = "x" * size
                (result,) = await connection.simple_query(f"SELECT '{words}', repeat('y', {size})".encode())
                assert (result.get_value(0, 0), result.get_value(0, 1)) == (words.encode(), b"y" * size)

    run(database, main)


def test_a_server_that_does_not_answer_is_given_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "ANSWER_SECONDS", 0.5)

    async def main() -> None:
        async with session.without_tenant() as connection:
            # No silence, as long as something comes now and then. PostgreSQL sends what fills its buffer.
            await connection.simple_query(b"SELECT pg_sleep(0.3), repeat('y', 20000); " * 4)
        with pytest.raises(session.NoAnswer):
            async with session.without_tenant() as connection:
                silent = connection.info.backend_pid
                await connection.simple_query(b"SELECT pg_sleep(2)")
        async with AsyncExitStack() as stack:
            assert silent not in await all_at_once(stack)

    run(database, main)


def test_a_server_that_does_not_take_a_large_statement_is_given_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "ANSWER_SECONDS", 0.5)

    async def main() -> None:
        async with session.without_tenant() as connection:
            stopped = connection.info.backend_pid
            os.kill(stopped, signal.SIGSTOP)
            try:
                with pytest.raises(session.NoAnswer):
                    async with asyncio.timeout(30):
                        await connection.simple_query(b"SELECT '%s'" % (b"x" * 10_000_000))
            finally:
                os.kill(stopped, signal.SIGCONT)
        async with AsyncExitStack() as stack:
            assert stopped not in await all_at_once(stack)

    run(database, main)
