"""Queries of `cases` and of `case_tags`, the tags by which lists filter cases."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    any_,
    bindparam,
    delete,
    func,
    null,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as pg_insert

from clincore.db.models import LIVING, ApiKey, Case, CaseDisclosure, CaseRevision, CaseTag, Tenant
from clincore.db.queries import access_log
from clincore.db.queries.access_log import Access
from clincore.db.queries.api_keys import IS_LIVE
from clincore.db.queries.conditions import CASE, IS_EDITABLE, IS_OF_SHOWN, IS_SHOWN, TENANT
from clincore.db.session import Session
from clincore.db.statements import NoRow, Statement
from clincore.records import drafts, lifecycle
from clincore.records.revision import SIGNER_PREFIX


class CaseRow(NamedTuple):
    """A case. `signed` and `disclosures` are those of the shown revision, or None when the query does not read them."""

    id: UUID
    external_id: str | None
    status: str
    version: int
    title: str
    content: dict[str, Any] | None
    """The draft that is being edited, as it is stored; `draft` is its content."""
    amendment_reason: str | None
    revision: int | None
    created_at: datetime
    updated_at: datetime
    created_by: UUID
    finalized_at: datetime | None
    signed: str | None = None
    """The exact text that was signed."""
    disclosures: dict[str, str] | None = None
    """The revision's Disclosures that were not erased, by field."""

    @property
    def state(self) -> lifecycle.State:
        """The state of the case in its life cycle."""
        return lifecycle.state_of(self.status, has_draft=self.content is not None)

    @property
    def draft(self) -> dict[str, Any]:
        """The content of a case in a state that has a draft; its keys are the contract's field names."""
        assert self.content is not None
        return drafts.read(self.content)


class SearchColumns(NamedTuple):
    """The columns by which lists filter cases. They reflect the last signed revision, not an open amendment."""

    title: str
    type_system: str
    type_code: str
    subject_system: str | None
    subject_value: str | None


class CaseId(NamedTuple):
    """A case that was found."""

    id: UUID


class TagRow(NamedTuple):
    """A tag of a case."""

    tag: str


_COLUMNS = tuple(getattr(Case, name) for name in CaseRow._fields[:12])
_SEARCH_COLUMNS: dict[str, Any] = {name: bindparam(name) for name in SearchColumns._fields}

_new: dict[str, Any] = {
    "tenant_id": ApiKey.tenant_id,
    "id": CASE,
    "created_by": ApiKey.id,
    **{
        name: bindparam(name, type_=getattr(Case, name).type)
        for name in ("external_id", "billing_status", "source_sha256")
    },
    "content": bindparam("content", type_=JSONB),
    **{name: bindparam(name, type_=getattr(Case, name).type) for name in SearchColumns._fields},
}
# From the row of the key that creates the case. It may have ended after admission, while the body was being sent, or
# lost its scope, or its tenant was suspended.
_by_live_key = select(*(value.label(name) for name, value in _new.items())).where(
    ApiKey.tenant_id == TENANT,
    ApiKey.id == bindparam("created_by", type_=ApiKey.id.type),
    IS_LIVE,
    ApiKey.scopes.is_(None) | (bindparam("required_scope") == any_(ApiKey.scopes)),
    select(Tenant.id).where(Tenant.id == TENANT, Tenant.suspended_at.is_(None)).exists(),
)
INSERT = Statement(
    pg_insert(Case)
    .from_select(list(_new), _by_live_key)
    # Whether the external id is taken, or the source.
    .on_conflict_do_nothing()
    .returning(*_COLUMNS),
    CaseRow,
)
# Selects from the case, so that nothing is written when the case does not exist.
_INSERT_TAGS = Statement(
    text(
        "INSERT INTO case_tags (tenant_id, case_id, tag, created_at)"
        " SELECT c.tenant_id, c.id, t.tag, c.created_at"
        " FROM cases AS c, jsonb_array_elements_text(CAST(:tags AS jsonb)) AS t (tag)"
        " WHERE c.tenant_id = CAST(:tenant_id AS uuid) AND c.id = CAST(:case_id AS uuid)"
    ),
    NoRow,
)
_DELETE_TAGS = Statement(delete(CaseTag).where(CaseTag.tenant_id == TENANT, CaseTag.case_id == CASE), NoRow)


def select_whole(*more: ColumnElement[Any]) -> Select[Any]:
    """Cases with the revision that each shows: its signed text, and a JSON object of its fields' Disclosures.

    `more`: further columns.
    """
    disclosures = (
        select(func.jsonb_object_agg(CaseDisclosure.name, CaseDisclosure.disclosure))
        .where(IS_OF_SHOWN, ~CaseDisclosure.name.startswith(SIGNER_PREFIX, autoescape=True))
        .scalar_subquery()
    )
    return (
        select(*_COLUMNS, CaseRevision.signed, disclosures.label("disclosures"), *more)
        .select_from(Case)
        .outerjoin(CaseRevision, IS_SHOWN)
        .where(Case.tenant_id == TENANT)
    )


_this = and_(Case.tenant_id == TENANT, Case.id == CASE)
FIND = Statement(select_whole().where(Case.id == CASE), CaseRow)
_FIND_DRAFT = Statement(select_whole().where(Case.id == CASE, IS_EDITABLE), CaseRow)
_EXISTS = Statement(select(Case.id).where(_this), CaseId)
_LOCK = Statement(select(Case.id).where(_this).with_for_update(key_share=True), CaseId)
_FIND_BY_EXTERNAL_ID = Statement(
    select(Case.id).where(Case.tenant_id == TENANT, Case.external_id == bindparam("external_id"), text(LIVING)), CaseId
)
_FIND_BY_SOURCE = Statement(
    select(Case.id).where(Case.tenant_id == TENANT, Case.source_sha256 == bindparam("source_sha256"), text(LIVING)),
    CaseId,
)
_SEARCH = Statement(select(*(getattr(Case, name) for name in SearchColumns._fields)).where(_this), SearchColumns)
_TAGS = Statement(select(CaseTag.tag).where(CaseTag.tenant_id == TENANT, CaseTag.case_id == CASE), TagRow)


def _update(**values: Any) -> Statement[CaseRow]:
    return Statement(
        update(Case)
        .where(_this)
        .values(**values, version=Case.version + 1, updated_at=func.now())
        .returning(*_COLUMNS),
        CaseRow,
    )


_content = bindparam("content", type_=JSONB(none_as_null=True))
_SAVE_DRAFT = _update(content=_content, external_id=bindparam("external_id"), **_SEARCH_COLUMNS)
_SAVE_AMENDMENT = _update(content=_content)
_CANCEL = _update(status="cancelled")
_END_AMENDMENT = _update(content=null(), amendment_reason=null())
_BEGIN_AMENDMENT = _update(content=_content, amendment_reason=bindparam("amendment_reason"))
_SIGN = _update(
    content=null(),
    amendment_reason=null(),
    **{name: bindparam(name) for name in ("status", "revision", "finalized_at")},
    **_SEARCH_COLUMNS,
)
_ERASE = _update(content=_content, subject_system=null(), subject_value=null())


def search_columns(content: Mapping[str, Any]) -> SearchColumns:
    """The search columns of a case with this content."""
    # Lists find a case by the first identifier of its subject.
    identifier = ((content.get("subject") or {}).get("identifiers") or [{}])[0]
    return SearchColumns(
        title=content["title"],
        type_system=content["type"]["system"],
        type_code=content["type"]["code"],
        subject_system=identifier.get("system"),
        subject_value=identifier.get("value"),
    )


async def insert(
    session: Session,
    case_id: UUID,
    access: Access,
    *,
    external_id: str | None,
    content: dict[str, Any],
    billing_status: str,
    required_scope: str | None,
    source_sha256: str | None = None,
) -> CaseRow | None:
    """Store a draft and commit. `source_sha256`: of the document that it was created from.

    None: a case that has not ended has the `external_id` or the source, or the key may not write.
    """
    inserted = session.queue(
        INSERT,
        case_id=case_id,
        external_id=external_id,
        content=drafts.to_store(content),
        billing_status=billing_status,
        required_scope=required_scope,
        source_sha256=source_sha256,
        created_by=access.key_id,
        **search_columns(content)._asdict(),
    )
    if content.get("tags"):
        session.queue(_INSERT_TAGS, case_id=case_id, tags=content["tags"])
    access_log.record(session, case_id, access)
    await session.commit()
    return inserted.rows[0] if inserted.rows else None


async def read(session: Session, case_id: UUID, access: Access) -> CaseRow | None:
    """One case with its shown revision; records the access and commits."""
    found = session.queue(FIND, case_id=case_id)
    # After the read: a case committed between the two statements must not be shown without a record.
    access_log.record(session, case_id, access)
    await session.commit()
    return found.rows[0] if found.rows else None


async def read_draft(session: Session, case_id: UUID, access: Access) -> CaseRow | None:
    """Like `read`, but also None when the case has no draft that can be edited."""
    found = session.queue(_FIND_DRAFT, case_id=case_id)
    access_log.record_draft(session, case_id, access)
    await session.commit()
    return found.rows[0] if found.rows else None


async def find(session: Session, case_id: UUID) -> CaseRow | None:
    """One case with its shown revision."""
    rows = await session.fetch(FIND, case_id=case_id)
    return rows[0] if rows else None


def lock(session: Session, case_id: UUID) -> None:
    """Acquire the case's lock, with the next statement, and hold it until the transaction ends.

    Read the case in a later statement. The statement that waits for the lock sees the current row of the case, but
    everything else as of its own start, without a revision that was signed during the wait.
    """
    session.queue(_LOCK, case_id=case_id)


async def exists(session: Session, case_id: UUID) -> bool:
    """Whether the tenant has the case."""
    return bool(await session.fetch(_EXISTS, case_id=case_id))


async def is_taken(session: Session, external_id: str) -> bool:
    """Whether a case of the tenant that has not ended has the `external_id`."""
    return bool(await session.fetch(_FIND_BY_EXTERNAL_ID, external_id=external_id))


async def find_taken(
    session: Session, *, external_id: str | None, source_sha256: str | None
) -> tuple[UUID | None, UUID | None]:
    """The cases that have not ended and have the external id, and the source; commits."""
    by_external_id = session.queue(_FIND_BY_EXTERNAL_ID, external_id=external_id)
    by_source = session.queue(_FIND_BY_SOURCE, source_sha256=source_sha256)
    await session.commit()
    return (
        by_external_id.rows[0].id if by_external_id.rows else None,
        by_source.rows[0].id if by_source.rows else None,
    )


async def search_terms(session: Session, case_id: UUID) -> tuple[SearchColumns, list[str]]:
    """The stored search columns, and the tags in order."""
    columns = session.queue(_SEARCH, case_id=case_id)
    tags = await session.fetch(_TAGS, case_id=case_id)
    return columns.rows[0], sorted(row.tag for row in tags)


async def save_draft(
    session: Session, case_id: UUID, *, external_id: str | None, content: dict[str, Any]
) -> CaseRow | None:
    """Replace the draft of a case that was never signed, and commit. None: the `external_id` is taken."""
    columns = search_columns(content)._asdict()
    try:
        (row,) = await session.finish(
            _SAVE_DRAFT, case_id=case_id, external_id=external_id, content=drafts.to_store(content), **columns
        )
    except psycopg.errors.UniqueViolation:
        return None
    return row


async def save_amendment(session: Session, case_id: UUID, content: dict[str, Any]) -> CaseRow:
    """Replace the draft of an amendment, and commit."""
    (row,) = await session.finish(_SAVE_AMENDMENT, case_id=case_id, content=drafts.to_store(content))
    return row


async def cancel(session: Session, case_id: UUID) -> CaseRow:
    """Cancel a draft that was never signed, and commit."""
    (row,) = await session.finish(_CANCEL, case_id=case_id)
    return row


async def end_amendment(session: Session, case_id: UUID) -> CaseRow:
    """Discard the draft of an amendment, and commit."""
    (row,) = await session.finish(_END_AMENDMENT, case_id=case_id)
    return row


async def begin_amendment(session: Session, case_id: UUID, content: dict[str, Any], reason: str) -> CaseRow:
    """Start a draft of the next revision, and commit."""
    stored = drafts.to_store(content)
    (row,) = await session.finish(_BEGIN_AMENDMENT, case_id=case_id, content=stored, amendment_reason=reason)
    return row


async def show_revision(
    session: Session, case_id: UUID, *, revision: int, status: str, content: Mapping[str, Any], finalized_at: datetime
) -> CaseRow:
    """Replace the draft with a newly signed revision, and commit."""
    (row,) = await session.finish(
        _SIGN,
        case_id=case_id,
        revision=revision,
        status=status,
        finalized_at=finalized_at,
        **search_columns(content)._asdict(),
    )
    return row


def erase(session: Session, case_id: UUID, content: dict[str, Any] | None) -> None:
    """Replace the draft with `content`, with the next statement, and remove the subject from the search columns."""
    session.queue(_ERASE, case_id=case_id, content=None if content is None else drafts.to_store(content))


def set_tags(session: Session, case_id: UUID, tags: Sequence[str]) -> None:
    """Replace the case's tags, with the next statement."""
    session.queue(_DELETE_TAGS, case_id=case_id)
    if tags:
        session.queue(_INSERT_TAGS, case_id=case_id, tags=list(tags))
