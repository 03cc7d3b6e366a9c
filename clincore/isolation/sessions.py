"""Check that the service's session leaves nothing on a pooled connection."""

from typing import NamedTuple

import psycopg
from sqlalchemy import text

from clincore.db.session import Session, close_pool, open_pool, public_session, tenant_session
from clincore.db.statements import NoRow, Statement
from clincore.isolation.harness import Scene, compose
from clincore.isolation.report import Entry, Report
from clincore.system import run


class TenantSeen(NamedTuple):
    """A tenant whose rows a session sees."""

    tenant_id: str


class Left(NamedTuple):
    """What the previous session has left on a connection."""

    tenant_id: str | None
    cursors: int
    channels: int
    advisory_locks: int
    temporary_tables: int


_FAIL = Statement(text("SELECT 1 / 0"), NoRow)
_LEFT = Statement(
    text(
        "SELECT current_setting('app.tenant_id', true),"
        " (SELECT count(*) FROM pg_cursors WHERE name <> ''), (SELECT count(*) FROM pg_listening_channels()),"
        " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),"
        " (SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema())"
    ),
    Left,
)


def session(scene: Scene, app_url: str, report: Report) -> None:
    """Use the service's `tenant_session` for both tenants in turn, on one pooled connection."""
    entry = report.entry("attacks", "session", "The service's session leaves nothing on a pooled connection")
    run(_use_sessions(scene, app_url, entry))


async def _use_sessions(scene: Scene, app_url: str, entry: Entry) -> None:
    open_pool(app_url)
    try:
        for number, tenant in enumerate((scene.a, scene.b, scene.a, scene.b)):
            for shape in scene.shapes:
                entry.try_on(shape.table.quoted)
                query = compose("SELECT DISTINCT {k}::text FROM {t} LIMIT 3", shape, scene).as_string()
                try:
                    async with tenant_session(tenant) as session:
                        seen = {row.tenant_id for row in await session.fetch(Statement(text(query), TenantSeen))}
                        if number % 2:
                            await session.fetch(_FAIL)
                except psycopg.errors.DivisionByZero:
                    pass
                except psycopg.errors.InsufficientPrivilege:
                    continue
                if seen - {str(tenant)}:
                    entry.fail(f"table {shape.table.quoted}", "A session of one tenant shows rows of another.")
                async with public_session() as after:
                    for what in await left_on(after):
                        entry.fail("clincore.db.session", f"A session leaves {what} on the connection.")
    finally:
        close_pool()


async def left_on(session: Session) -> list[str]:
    """What a previous session has left on the connection of this one, which has no tenant. Empty if all is well."""
    (left,) = await session.fetch(_LEFT)
    found = {
        f"the tenant {left.tenant_id!r}": bool(left.tenant_id),
        f"{left.cursors} cursors": left.cursors > 0,
        f"{left.channels} listened channels": left.channels > 0,
        f"{left.advisory_locks} advisory locks": left.advisory_locks > 0,
        f"{left.temporary_tables} temporary tables": left.temporary_tables > 0,
    }
    return [what for what, is_there in found.items() if is_there]
