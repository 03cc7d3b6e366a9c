"""Queries of exports: whole cases in the order of their ids, with the signatures of the revision that each shows."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, func, literal_column, select, text

from clincore.db.models import Case, CaseRevision
from clincore.db.queries.cases import CaseRow, select_whole
from clincore.db.queries.changes import IS_CHANGED
from clincore.db.queries.conditions import LIMIT, TENANT
from clincore.db.session import Session
from clincore.db.statements import Statement
from clincore.records.export import StoredSignature
from clincore.records.revision import SIGNER_PREFIX

CASES_AT_ONCE = 50
COUNT_MAX = 1_000_000
"""Counting takes a fraction of a second."""
FIRST = UUID(int=0)
"""No case has this id, so it is before the first one."""


class WholeRow(NamedTuple):
    """A `CaseRow`, and when the revision that it shows was signed."""

    id: UUID
    external_id: str | None
    status: str
    version: int
    title: str
    content: dict[str, Any] | None
    amendment_reason: str | None
    revision: int | None
    created_at: datetime
    updated_at: datetime
    created_by: UUID
    finalized_at: datetime | None
    signed: str | None
    disclosures: dict[str, str] | None
    signed_at: datetime | None


class SignatureOfCase(NamedTuple):
    """A signature of the revision that a case shows."""

    case_id: UUID
    number: int
    statement: str | None
    jws: str
    disclosure: str | None
    """Of its signer."""


class Count(NamedTuple):
    """A number of cases."""

    cases: int


class ExportRow(NamedTuple):
    """A case with the signatures of the revision that it shows."""

    case: CaseRow
    signed_at: datetime | None
    """When that revision was signed; None: the case was never signed."""
    signatures: Sequence[tuple[StoredSignature, str | None]]
    """Each with the Disclosure of its signer, if there is one."""


_AFTER_ID = bindparam("after_id", type_=Case.id.type)
NEXT_CASES = (
    select_whole(CaseRevision.created_at.label("signed_at")).where(Case.id > _AFTER_ID).order_by(Case.id).limit(LIMIT)
)
"""The next cases after `after_id`, with columns of `WholeRow`."""
_PAGES = {False: Statement(NEXT_CASES, WholeRow), True: Statement(NEXT_CASES.where(IS_CHANGED), WholeRow)}
"""By whether only changed cases are exported."""
_counted: Select[Any] = (
    select(literal_column("1")).where(Case.tenant_id == TENANT, Case.id > _AFTER_ID).limit(COUNT_MAX)
)
_COUNTS = {
    False: Statement(select(func.count().label("cases")).select_from(_counted.subquery()), Count),
    True: Statement(select(func.count().label("cases")).select_from(_counted.where(IS_CHANGED).subquery()), Count),
}
_SIGNATURES = Statement(
    text("""
        SELECT s.case_id, s.number, s.statement, s.jws, d.disclosure
        FROM jsonb_array_elements_text(CAST(:ids AS jsonb)) AS t (id)
        JOIN cases AS c ON c.tenant_id = CAST(:tenant_id AS uuid) AND c.id = CAST(t.id AS uuid)
        JOIN signatures AS s
            ON s.tenant_id = CAST(:tenant_id AS uuid) AND s.case_id = c.id AND s.revision = c.revision
        LEFT JOIN case_disclosures AS d
            ON d.tenant_id = CAST(:tenant_id AS uuid) AND d.case_id = c.id AND d.revision = c.revision
            AND d.name = CAST(:signer_prefix AS text) || s.number
        WHERE s.tenant_id = CAST(:tenant_id AS uuid)
        ORDER BY s.case_id, s.number
    """),
    SignatureOfCase,
)


async def count(session: Session, *, after_id: UUID, after: int | None) -> int:
    """The number of cases that `pages` returns, at most `COUNT_MAX`."""
    (found,) = await session.fetch(_COUNTS[after is not None], after_id=after_id, after=after)
    return found.cases


async def pages(
    session: Session, *, after_id: UUID, after: int | None, with_signatures: bool
) -> AsyncIterator[list[ExportRow]]:
    """The cases with ids after `after_id`, in the order of ids, up to `CASES_AT_ONCE` at a time.

    `after`: only cases that changed after this number of the feed; None: all. The session is a snapshot.
    """
    while True:
        rows = await session.fetch(_PAGES[after is not None], after_id=after_id, after=after, limit=CASES_AT_ONCE)
        if rows:
            yield await with_signatures_of(session, rows) if with_signatures else [exported(row) for row in rows]
        if len(rows) < CASES_AT_ONCE:
            return
        after_id = rows[-1].id


async def with_signatures_of(session: Session, rows: Sequence[WholeRow]) -> list[ExportRow]:
    """The cases with the signatures of the revisions that they show."""
    signatures: dict[UUID, list[tuple[StoredSignature, str | None]]] = {}
    for each in await session.fetch(_SIGNATURES, ids=[row.id for row in rows], signer_prefix=SIGNER_PREFIX):
        stored = StoredSignature(each.number, each.statement, each.jws)
        signatures.setdefault(each.case_id, []).append((stored, each.disclosure))
    return [exported(row, signatures.get(row.id, ())) for row in rows]


def exported(row: WholeRow, signatures: Sequence[tuple[StoredSignature, str | None]] = ()) -> ExportRow:
    """The case with these signatures."""
    return ExportRow(CaseRow(*row[:-1]), row.signed_at, signatures)
