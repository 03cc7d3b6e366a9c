"""Lists of cases, by filters."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, and_, bindparam, literal_column, select, tuple_

from clincore.db.models import ENDED, LIVING, Case, CaseTag
from clincore.db.queries import access_log
from clincore.db.queries.access_log import Access
from clincore.db.queries.conditions import LIMIT, TENANT
from clincore.db.session import Session
from clincore.db.statements import Statement


class CaseSummary(NamedTuple):
    """A case as lists show it."""

    id: UUID
    external_id: str | None
    status: str
    version: int
    title: str
    created_at: datetime
    updated_at: datetime
    finalized_at: datetime | None


_FILTERS = {
    "status": Case.status == bindparam("status"),
    "external_id": Case.external_id == bindparam("external_id"),
    "subject_system": Case.subject_system == bindparam("subject_system"),
    "subject_value": Case.subject_value == bindparam("subject_value"),
    "type_system": Case.type_system == bindparam("type_system"),
    "type_code": Case.type_code == bindparam("type_code"),
    "created_since": Case.created_at >= bindparam("created_since"),
    "created_before": Case.created_at < bindparam("created_before"),
    "updated_since": Case.updated_at >= bindparam("updated_since"),
    "updated_before": Case.updated_at < bindparam("updated_before"),
    "tag": CaseTag.tag == bindparam("tag"),
    # These two take no value.
    "living": literal_column(LIVING, Boolean),
    "ended": literal_column(ENDED, Boolean),
}


@cache
def page_with(filters: frozenset[str]) -> Statement[CaseSummary]:
    """The statement of a list with these filters, one for each set of filters."""
    # `case_tags` repeats the case's `created_at`, so that its index returns the list in order.
    by_tag = "tag" in filters
    created_at, case_id = (CaseTag.created_at, CaseTag.case_id) if by_tag else (Case.created_at, Case.id)
    statement = (
        select(*(getattr(Case, name) for name in CaseSummary._fields))
        .where(Case.tenant_id == TENANT, *(_FILTERS[name] for name in sorted(filters & set(_FILTERS))))
        .order_by(created_at.desc(), case_id.desc())
        .limit(LIMIT)
    )
    if by_tag:
        same_case = and_(CaseTag.tenant_id == Case.tenant_id, CaseTag.case_id == Case.id)
        statement = statement.join(CaseTag, same_case).where(CaseTag.tenant_id == TENANT)
    if "after_id" in filters:
        after = (
            bindparam("after_created_at", type_=Case.created_at.type),
            bindparam("after_id", type_=Case.id.type),
        )
        statement = statement.where(tuple_(created_at, case_id) < tuple_(*after))
    return Statement(statement, CaseSummary, "cases.page")


async def page(
    session: Session,
    access: Access,
    *,
    filters: Mapping[str, Any],
    recorded: Mapping[str, Any],
    after: tuple[datetime, UUID] | None,
    size: int,
    require: Callable[[], object] | None = None,
) -> list[CaseSummary]:
    """Summaries, newest first; records the access and commits.

    `filters`: values by the names in `_FILTERS`. A filter by external id finds only cases that have not ended, unless
    it is combined with the status of ended ones. `recorded`: the filters for the access log. `after`: `created_at` and
    id of the last case of the previous page. `size`: one more than the page has. `require`: called when the answers of
    queued statements are there; if it raises, nothing is recorded.
    """
    after_created_at, after_id = after or (None, None)
    given = {name: value for name, value in {**filters, "after_id": after_id}.items() if value is not None}
    if "external_id" in given:
        given["ended" if given.get("status") in ("cancelled", "entered_in_error") else "living"] = True
    rows = await session.fetch(page_with(frozenset(given)), **given, after_created_at=after_created_at, limit=size)
    if require is not None:
        require()
    access_log.record_list(session, access, recorded, min(len(rows), size - 1))
    await session.commit()
    return rows
