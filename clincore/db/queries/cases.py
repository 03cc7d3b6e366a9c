"""Queries of `cases` and of `case_tags`, by which lists find them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, and_, bindparam, delete, func, insert, null, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from clincore.db.models import IS_OPEN, AnyRow, Case, CaseDisclosure, CaseRevision, CaseTag
from clincore.db.queries import access_log
from clincore.db.session import Statement, fetch

_COLUMNS = (
    Case.id,
    Case.external_id,
    Case.status,
    Case.version,
    Case.title,
    Case.content,
    Case.amendment_reason,
    Case.revision,
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
_GIVEN = (
    "tenant_id",
    "id",
    "external_id",
    "title",
    "content",
    "type_system",
    "type_code",
    "subject_system",
    "subject_value",
    "billing_status",
    "created_by",
)

_INSERT = Statement(
    pg_insert(Case)
    .values({name: bindparam(name) for name in _GIVEN})
    .on_conflict_do_nothing(index_elements=["tenant_id", "external_id"])
    .returning(*_COLUMNS)
)
# Nothing when the case was not inserted.
_INSERT_TAGS = Statement(
    text(
        "INSERT INTO case_tags (tenant_id, case_id, tag, created_at)"
        " SELECT c.tenant_id, c.id, t.tag, c.created_at"
        " FROM cases AS c, jsonb_array_elements_text(CAST(:tags AS jsonb)) AS t (tag)"
        " WHERE c.tenant_id = CAST(:tenant_id AS uuid) AND c.id = CAST(:id AS uuid)"
    )
)


def _whole(tenant_id: Any, case_id: Any) -> Select[Any]:
    """One case with the revision that is shown: its signed text, and a JSON object of its Disclosures by field."""
    disclosures = (
        select(func.jsonb_object_agg(CaseDisclosure.name, CaseDisclosure.disclosure))
        .where(
            CaseDisclosure.tenant_id == Case.tenant_id,
            CaseDisclosure.case_id == Case.id,
            CaseDisclosure.revision == Case.revision,
        )
        .scalar_subquery()
    )
    shown = and_(
        CaseRevision.tenant_id == Case.tenant_id,
        CaseRevision.case_id == Case.id,
        CaseRevision.revision == Case.revision,
    )
    return (
        select(*_COLUMNS, CaseRevision.signed, disclosures.label("disclosures"))
        .select_from(Case)
        .outerjoin(CaseRevision, shown)
        .where(Case.tenant_id == tenant_id, Case.id == case_id)
    )


_ONE = _whole(bindparam("tenant_id", type_=Case.tenant_id.type), bindparam("id", type_=Case.id.type))
_FIND, _FIND_DRAFT = Statement(_ONE), Statement(_ONE.where(IS_OPEN))


def searched(content: Mapping[str, Any]) -> dict[str, Any]:
    """The columns by which lists find a case with this content."""
    identifier = (content.get("subject") or {}).get("identifier", {})
    return {
        "title": content["title"],
        "type_system": content["type"]["system"],
        "type_code": content["type"]["code"],
        "subject_system": identifier.get("system"),
        "subject_value": identifier.get("value"),
    }


async def found_by(session: AsyncConnection, tenant_id: UUID, case_id: UUID) -> dict[str, Any]:
    """The columns of `searched` as they are stored, and the tags by which lists find the case, in order."""
    of_case = Case.tenant_id == tenant_id, Case.id == case_id
    columns = Case.title, Case.type_system, Case.type_code, Case.subject_system, Case.subject_value
    row = (await session.execute(select(*columns).where(*of_case))).one()
    tags = select(CaseTag.tag).where(CaseTag.tenant_id == tenant_id, CaseTag.case_id == case_id)
    return {**row._mapping, "tags": sorted((await session.execute(tags)).scalars())}


async def create(
    tenant_id: UUID,
    case_id: UUID,
    access: access_log.Access,
    *,
    external_id: str | None,
    content: dict[str, Any],
    billing_status: str,
) -> Any | None:
    """Store a draft and give it back; None when the tenant has the `external_id` already.

    A `tenant_session` of its own.
    """
    parameters = {
        "tenant_id": tenant_id,
        "id": case_id,
        "external_id": external_id,
        "content": content,
        **searched(content),
        "billing_status": billing_status,
        "created_by": access.key_id,
    }
    also = [access_log.of_case(tenant_id, case_id, access)]
    if content.get("tags"):
        also.append((_INSERT_TAGS, {"tenant_id": tenant_id, "id": case_id, "tags": content["tags"]}))
    rows = await fetch(tenant_id, _INSERT, parameters, also=also)
    return rows[0] if rows else None


async def find(tenant_id: UUID, case_id: UUID, access: access_log.Access) -> Any | None:
    """One case, whole, with the signed text and the Disclosures of the revision that is shown.

    A `tenant_session` of its own.
    """
    parameters = {"tenant_id": tenant_id, "id": case_id}
    rows = await fetch(tenant_id, _FIND, parameters, also=[access_log.of_case(tenant_id, case_id, access)])
    return rows[0] if rows else None


async def find_draft(tenant_id: UUID, case_id: UUID, access: access_log.Access) -> Any | None:
    """As `find`; None too when the case has no draft that can be edited."""
    parameters = {"tenant_id": tenant_id, "id": case_id}
    rows = await fetch(tenant_id, _FIND_DRAFT, parameters, also=[access_log.of_draft(tenant_id, case_id, access)])
    return rows[0] if rows else None


async def lock(session: AsyncConnection, tenant_id: UUID, case_id: UUID) -> AnyRow | None:
    """As `find`, and nobody else changes the case until the transaction ends."""
    locking = (
        select(*_COLUMNS, null().label("signed"), null().label("disclosures"))
        .where(Case.tenant_id == tenant_id, Case.id == case_id)
        .with_for_update(key_share=True)
    )
    row: AnyRow | None = (await session.execute(locking)).one_or_none()
    if row is not None and row.revision is not None:
        # A statement of its own: one that has waited for the lock sees the case as it is now, and everything else as it
        # was when the statement began, without the revision that was signed meanwhile.
        row = (await session.execute(_whole(tenant_id, case_id))).one()
    return row


async def exists(session: AsyncConnection, tenant_id: UUID, case_id: UUID) -> bool:
    """Whether the tenant has the case."""
    statement = select(Case.id).where(Case.tenant_id == tenant_id, Case.id == case_id)
    return (await session.execute(statement)).one_or_none() is not None


async def is_taken(session: AsyncConnection, tenant_id: UUID, external_id: str) -> bool:
    """Whether a case of the tenant has the `external_id`."""
    statement = select(Case.id).where(Case.tenant_id == tenant_id, Case.external_id == external_id)
    return (await session.execute(statement)).one_or_none() is not None


async def change(session: AsyncConnection, tenant_id: UUID, case_id: UUID, **values: Any) -> AnyRow:
    """Set columns of a case, with the next version; the row without what belongs to its revision.

    Raises:
        sqlalchemy.exc.IntegrityError: another case of the tenant has the `external_id`.
    """
    statement = (
        update(Case)
        .where(Case.tenant_id == tenant_id, Case.id == case_id)
        .values(**values, version=Case.version + 1, updated_at=func.now())
        .returning(*_COLUMNS)
    )
    return (await session.execute(statement)).one()


async def set_tags(
    session: AsyncConnection, tenant_id: UUID, case_id: UUID, created_at: datetime, tags: Sequence[str]
) -> None:
    """Let lists find the case by these tags and no others."""
    await session.execute(delete(CaseTag).where(CaseTag.tenant_id == tenant_id, CaseTag.case_id == case_id))
    if tags:
        key = {"tenant_id": tenant_id, "case_id": case_id, "created_at": created_at}
        await session.execute(insert(CaseTag).values([{**key, "tag": tag} for tag in tags]))


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
}


@cache
def _page(filters: frozenset[str]) -> Statement:
    """The list with these filters; one statement for each set of them that is used."""
    # The tag's rows repeat when their case was created, so that its index gives the list in order.
    by_tag = "tag" in filters
    created_at, case_id = (CaseTag.created_at, CaseTag.case_id) if by_tag else (Case.created_at, Case.id)
    statement = (
        select(*_SUMMARY)
        .where(Case.tenant_id == bindparam("tenant_id"), *(_FILTERS[name] for name in sorted(filters & set(_FILTERS))))
        .order_by(created_at.desc(), case_id.desc())
        .limit(bindparam("size", type_=Integer))
    )
    if by_tag:
        statement = statement.join(CaseTag, and_(CaseTag.tenant_id == Case.tenant_id, CaseTag.case_id == Case.id))
    if "after_id" in filters:
        after = (
            bindparam("after_created_at", type_=Case.created_at.type),
            bindparam("after_id", type_=Case.id.type),
        )
        statement = statement.where(tuple_(created_at, case_id) < tuple_(*after))
    return Statement(statement)


async def page(
    tenant_id: UUID,
    access: access_log.Access,
    *,
    filters: Mapping[str, Any],
    recorded: Mapping[str, Any],
    after: tuple[datetime, UUID] | None,
    size: int,
) -> list[Any]:
    """Summaries, newest first. `after`: the `created_at` and id of the last one of the page before.

    `filters`: what must hold, by the names that `_FILTERS` has. `recorded`: what the access log says of them. One more
    row than a page has is asked for. A `tenant_session` of its own.
    """
    after_created_at, after_id = after or (None, None)
    given = {name: value for name, value in {**filters, "after_id": after_id}.items() if value is not None}
    parameters = {**given, "after_created_at": after_created_at, "tenant_id": tenant_id, "size": size}
    return await fetch(
        tenant_id,
        _page(frozenset(given)),
        parameters,
        then=lambda rows: access_log.of_list(tenant_id, access, recorded, min(len(rows), size - 1)),
    )
