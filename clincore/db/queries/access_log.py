"""Queries of `access_log`: who read or changed which case, when, with which request. Never what it said."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, bindparam, insert, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from clincore.db.models import IS_OPEN, AnyRow, Case
from clincore.db.models import AccessLogEntry as Entry
from clincore.db.session import Call, Statement


class Access(NamedTuple):
    """Whose request it is, and what it does (`operationId`)."""

    key_id: UUID
    key_label: str
    request_id: UUID
    operation: str


_COLUMNS = ("tenant_id", "case_id", "id", "operation", "key_id", "key_label", "request_id")


def _of_case(*conditions: ColumnElement[bool]) -> Statement:
    # Of a case that is not there nothing is written: nobody has seen it.
    found = select(
        Case.tenant_id,
        Case.id,
        *(bindparam(name, type_=getattr(Entry, name).type) for name in _COLUMNS[2:]),
    ).where(
        Case.tenant_id == bindparam("tenant_id", type_=Case.tenant_id.type),
        Case.id == bindparam("case_id", type_=Case.id.type),
        *conditions,
    )
    return Statement(insert(Entry).from_select(list(_COLUMNS), found))


_OF_CASE, _OF_DRAFT = _of_case(), _of_case(IS_OPEN)
_OF_LIST = Statement(
    insert(Entry).values(
        {name: bindparam(name) for name in (*_COLUMNS, "count")} | {"filter": bindparam("filter", type_=JSONB)}
    )
)


def of_case(tenant_id: UUID, case_id: UUID, access: Access) -> Call:
    """What writes that the case was accessed, for `fetch`; nothing when the tenant has no such case."""
    return _OF_CASE, {"tenant_id": tenant_id, "case_id": case_id, "id": uuid4(), **access._asdict()}


def of_draft(tenant_id: UUID, case_id: UUID, access: Access) -> Call:
    """The same for a case's draft; nothing when it has none that can be edited."""
    return _OF_DRAFT, of_case(tenant_id, case_id, access)[1]


def of_list(tenant_id: UUID, access: Access, filter_: Mapping[str, Any], count: int) -> Call:
    """What writes that a list of `count` cases was read, for `fetch`. `filter_` has no clinical text."""
    parameters = {"tenant_id": tenant_id, "case_id": None, "id": uuid4(), "filter": dict(filter_), "count": count}
    return _OF_LIST, {**parameters, **access._asdict()}


async def add(session: AsyncConnection, tenant_id: UUID, case_id: UUID, access: Access) -> None:
    """Write that the case was accessed."""
    await session.execute(insert(Entry).values(tenant_id=tenant_id, case_id=case_id, id=uuid4(), **access._asdict()))


async def page(
    session: AsyncConnection, tenant_id: UUID, case_id: UUID | None, *, after: tuple[datetime, UUID] | None, size: int
) -> list[AnyRow]:
    """Entries of a case, or of all cases and lists, newest first. `after`: time and id of the last one before."""
    statement = (
        select(
            Entry.id,
            Entry.created_at,
            Entry.operation,
            Entry.case_id,
            Entry.key_id,
            Entry.key_label,
            Entry.request_id,
            Entry.filter,
            Entry.count,
        )
        .where(Entry.tenant_id == tenant_id)
        .order_by(Entry.created_at.desc(), Entry.id.desc())
        .limit(size)
    )
    if case_id is not None:
        statement = statement.where(Entry.case_id == case_id)
    if after is not None:
        statement = statement.where(tuple_(Entry.created_at, Entry.id) < tuple_(*after))
    return list((await session.execute(statement)).all())
