"""Queries of `cases`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from clincore.db.models import AnyRow, Case
from clincore.db.session import compiled, fetch_one

_WHOLE = (
    Case.id,
    Case.external_id,
    Case.status,
    Case.version,
    Case.title,
    Case.content,
    Case.created_at,
    Case.updated_at,
    Case.created_by,
    Case.finalized_at,
)
_SUMMARY = (
    Case.id,
    Case.external_id,
    Case.status,
    Case.version,
    Case.title,
    Case.created_at,
    Case.updated_at,
    Case.finalized_at,
)


# The two statements that most requests send, as the text that SQLAlchemy makes of them: compiled here once, and not
# looked up in its cache at each request.
_INSERT = compiled(
    pg_insert(Case)
    .values(
        {
            name: bindparam(name)
            for name in ("tenant_id", "id", "external_id", "title", "content", "billing_status", "created_by")
        }
    )
    .on_conflict_do_nothing(index_elements=["tenant_id", "external_id"])
    .returning(*_WHOLE)
)
_FIND = compiled(select(*_WHOLE).where(Case.tenant_id == bindparam("tenant_id"), Case.id == bindparam("id")))


async def insert(
    tenant_id: UUID,
    case_id: UUID,
    *,
    external_id: str | None,
    title: str,
    content: dict[str, Any],
    billing_status: str,
    created_by: UUID,
) -> Any | None:
    """Store a draft and give it back as `find` does; None when the tenant has the `external_id` already.

    A `tenant_session` of its own.
    """
    return await fetch_one(
        tenant_id,
        _INSERT,
        {
            "tenant_id": tenant_id,
            "id": case_id,
            "external_id": external_id,
            "title": title,
            "content": Jsonb(content),
            "billing_status": billing_status,
            "created_by": created_by,
        },
    )


async def find(tenant_id: UUID, case_id: UUID) -> Any | None:
    """One case, whole. A `tenant_session` of its own."""
    return await fetch_one(tenant_id, _FIND, {"tenant_id": tenant_id, "id": case_id})


async def page(
    session: AsyncConnection,
    tenant_id: UUID,
    *,
    status: str | None,
    external_id: str | None,
    updated_since: datetime | None,
    after: tuple[datetime, UUID] | None,
    size: int,
) -> list[AnyRow]:
    """Summaries, newest first. `after`: the `created_at` and id of the last one of the page before."""
    statement = (
        select(*_SUMMARY)
        .where(Case.tenant_id == tenant_id)
        .order_by(Case.created_at.desc(), Case.id.desc())
        .limit(size)
    )
    if status is not None:
        statement = statement.where(Case.status == status)
    if external_id is not None:
        statement = statement.where(Case.external_id == external_id)
    if updated_since is not None:
        statement = statement.where(Case.updated_at >= updated_since)
    if after is not None:
        statement = statement.where(tuple_(Case.created_at, Case.id) < after)
    return list((await session.execute(statement)).all())
