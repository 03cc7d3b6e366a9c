"""Queries of `cases`."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, bindparam, select, tuple_
from sqlalchemy.dialects.postgresql import insert as pg_insert

from clincore.db.models import Case
from clincore.db.session import Statement, fetch

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


_INSERT = Statement(
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
_FIND = Statement(select(*_WHOLE).where(Case.tenant_id == bindparam("tenant_id"), Case.id == bindparam("id")))


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
    rows = await fetch(
        tenant_id,
        _INSERT,
        {
            "tenant_id": tenant_id,
            "id": case_id,
            "external_id": external_id,
            "title": title,
            "content": content,
            "billing_status": billing_status,
            "created_by": created_by,
        },
    )
    return rows[0] if rows else None


async def find(tenant_id: UUID, case_id: UUID) -> Any | None:
    """One case, whole. A `tenant_session` of its own."""
    rows = await fetch(tenant_id, _FIND, {"tenant_id": tenant_id, "id": case_id})
    return rows[0] if rows else None


_FILTERS = {
    "status": Case.status == bindparam("status"),
    "external_id": Case.external_id == bindparam("external_id"),
    "updated_since": Case.updated_at >= bindparam("updated_since"),
    "after_id": tuple_(Case.created_at, Case.id)
    < tuple_(bindparam("after_created_at", type_=Case.created_at.type), bindparam("after_id", type_=Case.id.type)),
}


@cache
def _page(filters: frozenset[str]) -> Statement:
    """The list with these filters; one statement for each set of them that is used."""
    return Statement(
        select(*_SUMMARY)
        .where(Case.tenant_id == bindparam("tenant_id"), *(_FILTERS[name] for name in sorted(filters)))
        .order_by(Case.created_at.desc(), Case.id.desc())
        .limit(bindparam("size", type_=Integer))
    )


async def page(
    tenant_id: UUID,
    *,
    status: str | None,
    external_id: str | None,
    updated_since: datetime | None,
    after: tuple[datetime, UUID] | None,
    size: int,
) -> list[Any]:
    """Summaries, newest first. `after`: the `created_at` and id of the last one of the page before.

    A `tenant_session` of its own.
    """
    after_created_at, after_id = after or (None, None)
    given = {"status": status, "external_id": external_id, "updated_since": updated_since, "after_id": after_id}
    filters = frozenset(name for name, value in given.items() if value is not None)
    parameters = {**given, "after_created_at": after_created_at, "tenant_id": tenant_id, "size": size}
    return await fetch(tenant_id, _page(filters), parameters)
