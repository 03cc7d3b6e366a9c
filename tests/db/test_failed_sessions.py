"""A session whose statement failed, while its handler continues: it raises an error and stores nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text

from clincore.db import session as sessions
from clincore.db.driver import pool as pools
from clincore.db.queries import idempotency_keys
from clincore.db.session import Session, public_session, tenant_session
from clincore.db.statements import NoRow, Statement
from support.database import Database
from support.pool import run_with_pool
from support.tenants import Tenant


class Id(NamedTuple):
    """A tenant's id."""

    tenant_id: UUID


INSERT = Statement(
    text("INSERT INTO tenant_names (tenant_id, name) VALUES (CAST(:tenant_id AS uuid), CAST(:tenant_id AS text))"),
    NoRow,
)
IDS = Statement(text("SELECT tenant_id FROM tenant_names"), Id)
FAIL = Statement(text("SELECT 1 / 0"), NoRow)


async def leave(_: Session) -> None:
    pass


async def fetch(session: Session) -> None:
    await session.fetch(IDS)


async def finish(session: Session) -> None:
    await session.finish(IDS)


@pytest.mark.parametrize("go_on", [leave, fetch, finish])
@pytest.mark.parametrize("is_first", [True, False])
def test_after_a_failed_statement_a_session_is_not_committed(
    database: Database, go_on: Callable[[Session], Awaitable[None]], is_first: bool
) -> None:
    tenant = uuid4()

    async def main() -> None:
        with pytest.raises(RuntimeError, match="failed"):
            async with tenant_session(tenant) as session:
                if is_first:
                    session.queue(INSERT)
                else:
                    await session.fetch(INSERT)
                with pytest.raises(psycopg.errors.DivisionByZero):
                    await session.fetch(FAIL)
                await go_on(session)
        async with tenant_session(tenant) as session:
            assert await session.fetch(IDS) == []

    run_with_pool(database.url, main)


@pytest.mark.parametrize("go_on", [leave, fetch, finish])
def test_a_session_that_got_no_connection_commits_nothing(
    database: Database, go_on: Callable[[Session], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SIZE", 1)
    monkeypatch.setattr(pools, "WAIT_SECONDS", 0.05)

    async def main() -> None:
        with pytest.raises(RuntimeError, match="failed"):
            async with tenant_session(uuid4()) as session:
                async with public_session() as other:
                    await other.fetch(IDS)
                    session.queue(INSERT)
                    with pytest.raises(pools.PoolTimeout):
                        await session.fetch(IDS)
                await go_on(session)

    run_with_pool(database.url, main)


def test_two_tasks_cannot_send_in_one_session(database: Database) -> None:
    async def main() -> None:
        async with asyncio.timeout(5), tenant_session(uuid4()) as session:
            asked = await asyncio.gather(*(session.fetch(IDS) for _ in range(3)), return_exceptions=True)
            assert [type(one) for one in asked] == [list, RuntimeError, RuntimeError]
        # The second task could have acquired another connection, and never released it.
        pool = sessions._pool
        assert pool is not None
        assert pool._places_taken == len(pool._idle) == 1

    run_with_pool(database.url, main)


def test_a_write_after_a_failed_enclosed_session_is_noticed(database: Database, tenant: Tenant) -> None:
    stored_as = idempotency_keys.Value(UUID(tenant.key_id), "0" * 64)
    answer = idempotency_keys.Answer("0" * 64, case_id=None, status=200, headers={}, body="")

    async def main() -> None:
        async with idempotency_keys.enclose(stored_as, "0" * 64) as envelope:
            with suppress(psycopg.Error):
                async with tenant_session(UUID(tenant.id)) as session:
                    await session.fetch(FAIL)
            async with tenant_session(UUID(tenant.id)) as session:
                await session.fetch(IDS)
            # The second session committed without the value, so a repeated request would be done again.
            with pytest.raises(RuntimeError, match="rolled back"):
                await idempotency_keys.store(envelope, stored_as, answer)

    run_with_pool(database.url, main)
