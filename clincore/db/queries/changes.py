"""Queries of the change feed: cases in the order in which their changes were numbered, and the numbering.

A change is numbered after its commit, by a transaction that holds the lock of the tenant's row in `change_feeds`. So
numbers become visible in their order, and a reader that continues after the last number it has seen skips none. A case
shows in the feed only while its current version has a number.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, and_, bindparam, cast, func, null, select, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from clincore.db.models import UNNUMBERED, Case, CaseDisclosure, CaseRevision, ChangeFeed, Tenant
from clincore.db.queries import access_log
from clincore.db.queries.access_log import Access
from clincore.db.queries.cases import CaseId
from clincore.db.queries.conditions import CASE, IS_OF_SHOWN, IS_SHOWN, LIMIT, TENANT
from clincore.db.session import Session
from clincore.db.statements import NoRow, Statement


class ChangeRow(NamedTuple):
    """A case as the feed shows it."""

    id: UUID
    external_id: str | None
    status: str
    version: int
    title: str
    created_at: datetime
    updated_at: datetime
    finalized_at: datetime | None
    change_seq: int
    digests: dict[str, str] | None
    """Of the shown revision, by field; None: the case was never signed."""
    kept: list[str] | None
    """The fields of `digests` that were not erased; None: there are none."""


class LastSeq(NamedTuple):
    """The last number of a feed."""

    last_seq: int


_AFTER = bindparam("after", type_=Case.change_seq.type)
IS_CHANGED = and_(Case.change_seq > _AFTER, Case.numbered_version == Case.version)
"""The case has changed after the number `after`."""

_kept = select(func.jsonb_agg(CaseDisclosure.name)).where(IS_OF_SHOWN).scalar_subquery()
_PAGE = Statement(
    select(
        *(getattr(Case, name) for name in ChangeRow._fields[:9]),
        # Not the whole signed text, which is long.
        cast(CaseRevision.signed, JSON)["disclosure_digests"].label("digests"),
        _kept.label("kept"),
    )
    .select_from(Case)
    .outerjoin(CaseRevision, IS_SHOWN)
    .where(Case.tenant_id == TENANT, IS_CHANGED)
    .order_by(Case.change_seq)
    .limit(LIMIT),
    ChangeRow,
)
_LAST = Statement(select(ChangeFeed.last_seq).where(ChangeFeed.tenant_id == TENANT), LastSeq)
_LOCK = Statement(select(ChangeFeed.last_seq).where(ChangeFeed.tenant_id == TENANT).with_for_update(), LastSeq)
_BEGIN = Statement(
    pg_insert(ChangeFeed)
    # Selects from the tenant, so that nothing is written for a tenant that an operator has removed.
    .from_select(["tenant_id", "last_seq"], select(Tenant.id, _AFTER).where(Tenant.id == TENANT))
    .on_conflict_do_nothing()
    .returning(ChangeFeed.last_seq),
    LastSeq,
)
# SKIP LOCKED: a write that holds the case will most likely change it again.
_NUMBER = Statement(
    text("""
        WITH unnumbered AS (
            SELECT id FROM cases
            WHERE tenant_id = CAST(:tenant_id AS uuid) AND numbered_version IS DISTINCT FROM version
            LIMIT CAST(:limit AS integer) FOR NO KEY UPDATE SKIP LOCKED
        ), numbered AS (SELECT id, row_number() OVER () AS number FROM unnumbered)
        UPDATE cases SET change_seq = CAST(:after AS bigint) + numbered.number, numbered_version = version
        FROM numbered WHERE cases.tenant_id = CAST(:tenant_id AS uuid) AND cases.id = numbered.id
        RETURNING cases.id
    """).columns(Case.id),
    CaseId,
)
_REST = Statement(select(Case.id).where(Case.tenant_id == TENANT, text(UNNUMBERED)).limit(1), CaseId)
_MOVE = Statement(update(ChangeFeed).where(ChangeFeed.tenant_id == TENANT).values(last_seq=_AFTER), NoRow)
_ANNOUNCE = Statement(
    update(Case).where(Case.tenant_id == TENANT, Case.id == CASE).values(numbered_version=null()), NoRow
)


async def page(
    session: Session, access: Access, *, after: int, recorded: Mapping[str, Any], size: int
) -> list[ChangeRow]:
    """The cases that changed after this number, in the order of their changes; records the access and commits.

    A page without cases is not recorded, so that a client can ask often. `recorded`: the filter for the access log.
    """
    rows = await session.fetch(_PAGE, after=after, limit=size)
    if rows:
        access_log.record_list(session, access, recorded, len(rows))
    await session.commit()
    return rows


async def last_seq(session: Session) -> int:
    """The last number of the tenant's feed that the session sees; 0: no change has one."""
    rows = await session.fetch(_LAST)
    return rows[0].last_seq if rows else 0


async def lock_feed(session: Session) -> int | None:
    """Lock the tenant's feed until the transaction ends, and return its last number. None: there is no such tenant."""
    rows = await session.fetch(_LOCK) or await session.fetch(_BEGIN, after=0) or await session.fetch(_LOCK)
    return rows[0].last_seq if rows else None


async def number(session: Session, after: int, size: int) -> tuple[int, bool]:
    """Give the numbers that follow `after` to unnumbered changes, at most `size`, and commit.

    Returns how many there were, and whether there are more. Changes of locked cases are left.
    """
    found = len(await session.fetch(_NUMBER, after=after, limit=size))
    if found:
        session.queue(_MOVE, after=after + found)
    return found, bool(await session.finish(_REST))


def announce(session: Session, case_id: UUID) -> None:
    """Let the feed show the case again, with the next statement, after a change that leaves its version."""
    session.queue(_ANNOUNCE, case_id=case_id)
