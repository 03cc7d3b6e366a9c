"""ClinCore's pool compared with psycopg_pool: CPU of this process to acquire and release a connection.

Nothing is sent on the connections. With one task a connection is always idle. With 40 tasks on 20 connections, each
holding its connection for one turn of the event loop, half of the tasks wait.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable

from rich.console import Console
from rich.table import Table

from benchmarks.harness import postgresql
from clincore.db.driver.pool import SIZE, Pool
from clincore.db.urls import libpq

TASKS = 40

Pair = Callable[[], Awaitable[None]]
"""Acquires a connection, holds it for one turn of the loop and releases it."""


def main(rounds: int, pairs: int) -> None:
    """Measure and print."""
    with postgresql() as server:
        found = asyncio.run(_measure(libpq(server.url), rounds, pairs))
    table = Table(
        title=f"CPU microseconds per pair, {pairs} pairs per round, {rounds} rounds: median (minimum to maximum)"
    )
    for column in ("tasks", "ClinCore", "psycopg_pool", "no pool"):
        table.add_column(column)
    for tasks, columns in found.items():
        shown = (f"{statistics.median(times):.1f} ({min(times):.1f} to {max(times):.1f})" for times in columns)
        table.add_row(str(tasks), *shown)
    Console(width=140).print(table)


async def _measure(conninfo: str, rounds: int, pairs: int) -> dict[int, list[list[float]]]:
    ours = Pool(conninfo, prepares=True)
    # Other benchmarks must run without it.
    from psycopg_pool import AsyncConnectionPool

    theirs = AsyncConnectionPool(conninfo, min_size=SIZE, max_size=SIZE, open=False, kwargs={"autocommit": True})
    await theirs.open(wait=True)
    for connection in [await ours.acquire() for _ in range(SIZE)]:
        ours.release(connection)

    async def our_pair() -> None:
        connection = await ours.acquire()
        await asyncio.sleep(0)
        ours.release(connection)

    async def their_pair() -> None:
        connection = await theirs.getconn()
        await asyncio.sleep(0)
        await theirs.putconn(connection)

    async def no_pool() -> None:
        await asyncio.sleep(0)

    candidates: list[Pair] = [our_pair, their_pair, no_pool]
    found: dict[int, list[list[float]]] = {}
    try:
        for tasks in (1, TASKS):
            found[tasks] = [[] for _ in candidates]
            for number in range(rounds + 1):
                for pair, times in zip(candidates, found[tasks], strict=True):
                    seconds = await _cpu(pair, tasks, pairs // tasks)
                    # The first round is a warm-up.
                    if number:
                        times.append(seconds / (pairs // tasks * tasks) * 1e6)
    finally:
        ours.close()
        await theirs.close()
    return found


async def _cpu(pair: Pair, tasks: int, pairs: int) -> float:
    async def repeat() -> None:
        for _ in range(pairs):
            await pair()

    before = time.process_time()
    await asyncio.gather(*(repeat() for _ in range(tasks)))
    return time.process_time() - before
