"""Queries of `case_revisions`, `signatures` and `case_disclosures`. The first two only ever grow."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from clincore.db.models import AnyRow, CaseDisclosure, CaseRevision, Signature


async def add(
    session: AsyncConnection,
    tenant_id: UUID,
    case_id: UUID,
    revision: int,
    *,
    status: str,
    signed: str,
    sha256: str,
    jws: str,
    disclosures: Mapping[str, str],
    created_at: datetime,
) -> None:
    """Store a revision with its first signature and its Disclosures by field."""
    key = {"tenant_id": tenant_id, "case_id": case_id, "revision": revision}
    await session.execute(
        insert(CaseRevision).values(**key, status=status, signed=signed, sha256=sha256, created_at=created_at)
    )
    await add_signature(session, tenant_id, case_id, revision, 1, statement=None, jws=jws, created_at=created_at)
    if disclosures:
        await session.execute(
            insert(CaseDisclosure).values(
                [{**key, "name": name, "disclosure": disclosure} for name, disclosure in disclosures.items()]
            )
        )


async def add_signature(
    session: AsyncConnection,
    tenant_id: UUID,
    case_id: UUID,
    revision: int,
    number: int,
    *,
    statement: str | None,
    jws: str,
    created_at: datetime,
) -> None:
    """Store a signature; `statement`: what it signs, None for the revision's own text."""
    await session.execute(
        insert(Signature).values(
            tenant_id=tenant_id,
            case_id=case_id,
            revision=revision,
            number=number,
            statement=statement,
            jws=jws,
            created_at=created_at,
        )
    )


async def whole(
    session: AsyncConnection, tenant_id: UUID, case_id: UUID, revision: int | None = None
) -> list[dict[str, Any]]:
    """The case's revisions in order, or one of them, each with `signatures` (rows) and `disclosures` (by field)."""

    def of(table: Any, *columns: Any) -> Any:
        statement = select(table.revision, *columns).where(table.tenant_id == tenant_id, table.case_id == case_id)
        return statement if revision is None else statement.where(table.revision == revision)

    kept = of(CaseRevision, CaseRevision.status, CaseRevision.signed, CaseRevision.sha256, CaseRevision.created_at)
    found = {
        row.revision: {**row._mapping, "signatures": [], "disclosures": {}}
        for row in await session.execute(kept.order_by(CaseRevision.revision))
    }
    made = of(Signature, Signature.number, Signature.statement, Signature.jws).order_by(Signature.number)
    # What is left of a revision that somebody removed has no place; verification finds that the revision is missing.
    for row in await session.execute(made):
        if row.revision in found:
            found[row.revision]["signatures"].append(row)
    for row in await session.execute(of(CaseDisclosure, CaseDisclosure.name, CaseDisclosure.disclosure)):
        if row.revision in found:
            found[row.revision]["disclosures"][row.name] = row.disclosure
    return list(found.values())


async def page(
    session: AsyncConnection, tenant_id: UUID, case_id: UUID, *, after: tuple[datetime, UUID] | None, size: int
) -> list[AnyRow]:
    """Revisions without what was erasable, with the number of their signatures, newest first.

    `after`: `created_at` and `id` of the last one of the page before; `id` is the case's.
    """
    count = (
        select(func.count())
        .where(
            Signature.tenant_id == CaseRevision.tenant_id,
            Signature.case_id == CaseRevision.case_id,
            Signature.revision == CaseRevision.revision,
        )
        .scalar_subquery()
    )
    statement = (
        select(
            CaseRevision.case_id.label("id"),
            CaseRevision.revision,
            CaseRevision.status,
            CaseRevision.signed,
            CaseRevision.sha256,
            CaseRevision.created_at,
            count.label("signatures"),
        )
        .where(CaseRevision.tenant_id == tenant_id, CaseRevision.case_id == case_id)
        .order_by(CaseRevision.revision.desc())
        .limit(size)
    )
    if after is not None:
        # By number and not by time: the clocks of two machines that sign differ.
        last = (
            select(func.min(CaseRevision.revision))
            .where(
                CaseRevision.tenant_id == tenant_id,
                CaseRevision.case_id == case_id,
                CaseRevision.created_at == after[0],
            )
            .scalar_subquery()
        )
        statement = statement.where(CaseRevision.revision < last)
    return list((await session.execute(statement)).all())


async def erase(session: AsyncConnection, tenant_id: UUID, case_id: UUID, names: Collection[str]) -> bool:
    """Delete what digests of these fields stand for, in every revision; whether there was anything."""
    statement = (
        delete(CaseDisclosure)
        .where(
            CaseDisclosure.tenant_id == tenant_id,
            CaseDisclosure.case_id == case_id,
            CaseDisclosure.name.in_(names),
        )
        .returning(CaseDisclosure.name)
    )
    return bool((await session.execute(statement)).all())
