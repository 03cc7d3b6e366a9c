"""The transaction of a GET through ClinCore's session and through psycopg's connection.

Each sends BEGIN, the tenant, the INSERT into the access log, the SELECT and COMMIT, with the service's statements, and
builds the rows. The session takes a connection from the pool for each transaction; psycopg uses a dedicated connection.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.harness import add_tenant, postgresql
from benchmarks.work import CONTENT
from clincore.db.queries import access_log, cases
from clincore.db.queries.access_log import Access
from clincore.db.queries.cases import CaseRow
from clincore.db.session import ON_CONNECT, close_pool, open_pool, tenant_session
from clincore.db.urls import libpq
from clincore.postgres import embedded

Transaction = Callable[[], Awaitable[CaseRow | None]]
Microseconds = tuple[float, float]
"""CPU of this process and elapsed time of a transaction."""


def main(rounds: int, transactions: int) -> None:
    """Measure and print."""
    with postgresql() as server:
        found = asyncio.run(_measure(server, rounds, transactions))
    table = Table(
        title=f"Microseconds per transaction, {transactions} per round, {rounds} rounds: median (minimum to maximum)"
    )
    for column in ("through", "client CPU", "elapsed"):
        table.add_column(column)
    for name, times in found.items():
        shown = (f"{statistics.median(one):.0f} ({min(one):.0f} to {max(one):.0f})" for one in zip(*times, strict=True))
        table.add_row(name, *shown)
    Console(width=140).print(table)


async def _measure(server: embedded.Embedded, rounds: int, transactions: int) -> dict[str, list[Microseconds]]:
    tenant_id, key_id = add_tenant(server)
    case_id, access = uuid4(), Access(key_id, "benchmark", uuid4(), "get_case")
    open_pool(server.url)
    async with tenant_session(tenant_id) as session:
        await cases.insert(
            session, case_id, access, external_id=None, content=CONTENT, billing_status="paid", required_scope=None
        )
    connection: psycopg.AsyncConnection[Any] = await psycopg.AsyncConnection.connect(
        libpq(server.url), autocommit=True, prepare_threshold=0, cursor_factory=psycopg.AsyncRawCursor
    )
    await connection.execute("; ".join(ON_CONNECT), prepare=False)

    async def session_of_ours() -> CaseRow | None:
        async with tenant_session(tenant_id) as session:
            return await cases.read(session, case_id, access)

    async def pipeline() -> CaseRow | None:
        async with connection.pipeline():
            cursor = await _execute(connection, tenant_id, case_id, access)
        return await _row(cursor)

    async def awaits() -> CaseRow | None:
        return await _row(await _execute(connection, tenant_id, case_id, access))

    candidates: dict[str, Transaction] = {
        "ClinCore's session": session_of_ours,
        "psycopg, conn.pipeline()": pipeline,
        "psycopg, a round trip for each": awaits,
    }
    found: dict[str, list[Microseconds]] = {name: [] for name in candidates}
    try:
        for number in range(rounds + 1):
            for name, transaction in candidates.items():
                taken = await _time(transaction, transactions)
                # The first round is a warm-up.
                if number:
                    found[name].append(taken)
    finally:
        close_pool()
        await connection.close()
    return found


async def _execute(
    connection: psycopg.AsyncConnection[Any], tenant_id: UUID, case_id: UUID, access: Access
) -> psycopg.AsyncCursor[Any]:
    """The transaction; all statements are prepared except the one that sets the tenant. Returns the SELECT's cursor."""
    logged = {"case_id": case_id, "id": uuid4(), **access._asdict()}
    await connection.execute("BEGIN")
    await connection.execute(f"SET LOCAL app.tenant_id = '{tenant_id}'".encode(), prepare=False)
    insert, find = access_log.INSERT_FOR_CASE, cases.FIND
    await connection.execute(insert.encoded_text, insert.bind(tenant_id, logged), binary=True)
    cursor = await connection.execute(find.encoded_text, find.bind(tenant_id, {"case_id": case_id}), binary=True)
    await connection.execute("COMMIT")
    return cursor


async def _row(cursor: psycopg.AsyncCursor[Any]) -> CaseRow | None:
    rows = [CaseRow._make(row) for row in await cursor.fetchall()]
    return rows[0] if rows else None


async def _time(transaction: Transaction, transactions: int) -> Microseconds:
    cpu, elapsed = time.process_time(), time.perf_counter()
    for _ in range(transactions):
        assert await transaction() is not None
    return (time.process_time() - cpu) / transactions * 1e6, (time.perf_counter() - elapsed) / transactions * 1e6
