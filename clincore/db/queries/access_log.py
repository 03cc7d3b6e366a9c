"""Queries of `access_log`: who read or changed which case, when, and with which request. It has no case content."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, bindparam, insert, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from clincore.db.models import AccessLogEntry as Entry
from clincore.db.models import Case
from clincore.db.queries.conditions import CASE, IS_EDITABLE, LIMIT, TENANT
from clincore.db.session import Session
from clincore.db.statements import NoRow, Statement


class Access(NamedTuple):
    """The key and the id of a request, and its operation (`operationId`)."""

    key_id: UUID
    key_label: str
    request_id: UUID
    operation: str


class AccessRow(NamedTuple):
    """An entry as lists show it. `filter` and `count` are set when a list was read."""

    id: UUID
    created_at: datetime
    operation: str
    case_id: UUID | None
    key_id: UUID
    key_label: str
    request_id: UUID
    filter: dict[str, Any] | None
    count: int | None  # type: ignore[assignment]


_GIVEN = ("id", "operation", "key_id", "key_label", "request_id")


def _insert_if(*conditions: ColumnElement[bool]) -> Statement[NoRow]:
    # Selects from the case, so that nothing is written when the case does not exist.
    given = (bindparam(name, type_=getattr(Entry, name).type) for name in _GIVEN)
    found = select(Case.tenant_id, Case.id, *given).where(Case.tenant_id == TENANT, Case.id == CASE, *conditions)
    return Statement(insert(Entry).from_select(["tenant_id", "case_id", *_GIVEN], found), NoRow)


INSERT_FOR_CASE = _insert_if()
_INSERT_FOR_DRAFT = _insert_if(IS_EDITABLE)
INSERT_FOR_LIST = Statement(
    insert(Entry)
    .values(
        tenant_id=TENANT,
        **{name: bindparam(name) for name in (*_GIVEN, "count")},
        filter=bindparam("filter", type_=JSONB),
    )
    .inline(),
    NoRow,
)


_FILTERS = {
    "case_id": Entry.case_id == CASE,
    "key_id": Entry.key_id == bindparam("key_id"),
    "since": Entry.created_at >= bindparam("since"),
    "before": Entry.created_at < bindparam("before"),
    "after_id": tuple_(Entry.created_at, Entry.id)
    < tuple_(bindparam("after_created_at", type_=Entry.created_at.type), bindparam("after_id", type_=Entry.id.type)),
}


@cache
def page_with(filters: frozenset[str]) -> Statement[AccessRow]:
    """The statement of a page with these filters, one for each set of filters."""
    return Statement(
        select(*(getattr(Entry, name) for name in AccessRow._fields))
        .where(Entry.tenant_id == TENANT, *(_FILTERS[name] for name in sorted(filters)))
        .order_by(Entry.created_at.desc(), Entry.id.desc())
        .limit(LIMIT),
        AccessRow,
        "access_log.page",
    )


def record(session: Session, case_id: UUID, access: Access) -> None:
    """Record access to the case, with the next statement. Does nothing when the tenant has no such case."""
    session.queue(INSERT_FOR_CASE, case_id=case_id, id=uuid4(), **access._asdict())


def record_draft(session: Session, case_id: UUID, access: Access) -> None:
    """Record access to the case's draft. Does nothing when the case has no draft that can be edited."""
    session.queue(_INSERT_FOR_DRAFT, case_id=case_id, id=uuid4(), **access._asdict())


def record_list(session: Session, access: Access, filter_: Mapping[str, Any], count: int) -> None:
    """Record that a list of `count` cases was read, with the next statement. `filter_` has no clinical text."""
    session.queue(INSERT_FOR_LIST, id=uuid4(), filter=dict(filter_), count=count, **access._asdict())


async def page(
    session: Session, filters: Mapping[str, Any], *, after: tuple[datetime, UUID] | None, size: int
) -> list[AccessRow]:
    """Entries that match all filters, newest first; commits.

    `filters`: values by the names in `_FILTERS`. `after`: `created_at` and id of the last entry of the previous page.
    """
    after_created_at, after_id = after or (None, None)
    given = {name: value for name, value in {**filters, "after_id": after_id}.items() if value is not None}
    return await session.finish(page_with(frozenset(given)), **given, after_created_at=after_created_at, limit=size)
