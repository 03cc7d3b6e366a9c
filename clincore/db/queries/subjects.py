"""Queries of all cases of a subject, which is named by its identifier as lists find it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select, text

from clincore.db.models import Case
from clincore.db.queries import access_log, cases, idempotency_keys, revisions
from clincore.db.queries.access_log import Access
from clincore.db.queries.cases import CaseId
from clincore.db.queries.conditions import LIMIT, TENANT
from clincore.db.queries.exports import NEXT_CASES, Count, ExportRow, WholeRow, exported, with_signatures_of
from clincore.db.session import Session
from clincore.db.statements import Statement
from clincore.records import drafts
from clincore.records.revision import SIGNER_PREFIX, SIGNERS

CASES_AT_ONCE = 50


class DraftRow(NamedTuple):
    """The draft of a case."""

    id: UUID
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What a slice erased."""

    cases: list[UUID]
    revisions: int
    texts: Counter[str]
    """The number of erased texts of signed revisions, by field; `SIGNERS` counts each signer."""
    remaining: int
    """The number of cases that still name the subject."""


_IS_OF_SUBJECT = and_(
    Case.tenant_id == TENANT,
    Case.subject_value == bindparam("value"),
    Case.subject_system == bindparam("system"),
)
_PAGE = Statement(NEXT_CASES.where(_IS_OF_SUBJECT), WholeRow)
_COUNT = Statement(select(func.count().label("cases")).select_from(Case).where(_IS_OF_SUBJECT), Count)
# In order, so that two erasures do not wait for each other.
_LOCK = Statement(
    select(Case.id).where(_IS_OF_SUBJECT).order_by(Case.id).limit(LIMIT).with_for_update(key_share=True), CaseId
)
_DRAFTS = Statement(
    text("""
        SELECT c.id, c.content
        FROM jsonb_array_elements_text(CAST(:ids AS jsonb)) AS t (id)
        JOIN cases AS c ON c.tenant_id = CAST(:tenant_id AS uuid) AND c.id = CAST(t.id AS uuid)
        WHERE c.content IS NOT NULL
    """).columns(Case.id, Case.content),
    DraftRow,
)


async def page(
    session: Session,
    access: Access,
    identifier: Mapping[str, str],
    *,
    after_id: UUID,
    with_signatures: bool,
) -> list[ExportRow]:
    """The subject's cases with ids after `after_id`, in the order of ids, at most `CASES_AT_ONCE`.

    Records an access to each, and commits. The session is a snapshot.
    """
    rows = await session.fetch(_PAGE, **identifier, after_id=after_id, limit=CASES_AT_ONCE)
    found = await with_signatures_of(session, rows) if with_signatures and rows else [exported(row) for row in rows]
    for row in rows:
        access_log.record(session, row.id, access)
    await session.commit()
    return found


async def lock(session: Session, identifier: Mapping[str, str]) -> list[UUID]:
    """Acquire the locks of the next `CASES_AT_ONCE` cases that name the subject, until the transaction ends."""
    return [row.id for row in await session.fetch(_LOCK, **identifier, limit=CASES_AT_ONCE)]


async def erase(
    session: Session, access: Access, identifier: Mapping[str, str], ids: Sequence[UUID], names: Collection[str]
) -> Erasure:
    """Erase these fields of the locked cases, and record an access to each. `names`: "subject" and sections."""
    found = await session.fetch(_DRAFTS, ids=list(ids)) if ids else []
    contents = {row.id: drafts.read(row.content) for row in found}
    pending = []
    for case_id in ids:
        pending.append(revisions.erase_queued(session, case_id, names))
        draft = contents.get(case_id)
        cases.erase(session, case_id, None if draft is None else drafts.without(draft, names))
        idempotency_keys.erase(session, case_id)
        access_log.record(session, case_id, access)
    (count,) = await session.fetch(_COUNT, **identifier)
    rows = [row for one in pending for row in one.rows]
    return Erasure(
        list(ids),
        len({(row.case_id, row.revision) for row in rows}),
        Counter(SIGNERS if row.name.startswith(SIGNER_PREFIX) else row.name for row in rows),
        count.cases,
    )
