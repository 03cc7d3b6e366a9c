"""What the service's own session leaves on a pooled connection."""

import asyncio
from typing import Any

import psycopg

from clincore.db import session as db_session
from clincore.db.catalogue.reader import ROLE
from clincore.isolation.harness import Scene, compose
from clincore.isolation.report import Entry, Report


def session(scene: Scene, app_url: str, report: Report) -> None:
    """The service's own `tenant_session`, on a pooled connection that both tenants use in turn."""
    entry = report.entry("attacks", "session", "What the service's session leaves on a pooled connection")
    asyncio.run(_use_session(scene, app_url, entry))


async def _use_session(scene: Scene, app_url: str, entry: Entry) -> None:
    db_session.open_engine(app_url)
    try:
        for number, tenant in enumerate((scene.a, scene.b, scene.a, scene.b)):
            for shape in scene.shapes:
                entry.try_on(shape.table.quoted)
                query = compose("SELECT DISTINCT {k}::text FROM {t} LIMIT 3", shape, scene)
                try:
                    async with db_session.tenant_session(tenant) as session:
                        raw = db_session.driver(session)
                        cursor = await raw.execute(query)
                        seen = {row[0] for row in await cursor.fetchall()}
                        if number % 2:
                            await raw.execute("SELECT 1 / 0")
                except psycopg.errors.DivisionByZero:
                    pass
                except psycopg.errors.InsufficientPrivilege:
                    continue
                if seen - {str(tenant)}:
                    entry.fail(f"table {shape.table.quoted}", "A session of one tenant shows rows of another.")
                async with db_session.without_tenant() as connection:
                    for what in await left_on(connection):
                        entry.fail("clincore.db.session", f"A session leaves {what} on its connection.")
    finally:
        await db_session.close_engine()


async def left_on(connection: psycopg.AsyncConnection[Any]) -> list[str]:
    """What of the session before is still on a connection of the pool; nothing, if all is well."""
    is_idle = connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    cursor = await connection.execute(
        "SELECT current_setting('app.tenant_id', true), current_user::text,"
        " (SELECT count(*) FROM pg_cursors WHERE name <> ''), (SELECT count(*) FROM pg_listening_channels()),"
        " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),"
        " (SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema())"
    )
    row = await cursor.fetchone()
    assert row is not None
    tenant, user, cursors, channels, locks, temporary = row
    found = {
        f"the tenant {tenant!r}": bool(tenant),
        f"the role {user}": user != ROLE,
        f"{cursors} cursors": cursors > 0,
        f"{channels} listened channels": channels > 0,
        f"{locks} advisory locks": locks > 0,
        f"{temporary} temporary tables": temporary > 0,
        "an open transaction": not is_idle,
    }
    return [what for what, is_there in found.items() if is_there]
