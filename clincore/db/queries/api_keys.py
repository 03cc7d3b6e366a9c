"""Queries of `api_keys`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, select, tuple_, update
from sqlalchemy import insert as sa_insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from clincore.db.models import AnyRow, ApiKey, UsageEvent

LIVE = ApiKey.revoked_at.is_(None) & (ApiKey.expires_at.is_(None) | (ApiKey.expires_at > func.now()))

# The time is derived from the events: a write of it per request would make each key's row a place to queue.
_LAST_USED_AT = (
    select(func.max(UsageEvent.created_at))
    .where(UsageEvent.tenant_id == ApiKey.tenant_id, UsageEvent.api_key_id == ApiKey.id)
    .scalar_subquery()
    .label("last_used_at")
)
SHOWN = (
    ApiKey.id,
    ApiKey.label,
    ApiKey.role,
    ApiKey.created_at,
    ApiKey.expires_at,
    ApiKey.revoked_at,
    _LAST_USED_AT,
)


async def insert(
    session: AsyncConnection,
    tenant_id: UUID,
    key_id: UUID,
    *,
    key_hash: str,
    label: str,
    role: str,
    expires_at: datetime | None = None,
) -> AnyRow:
    """Store a key's hash (SHA-256, lower-case hex); created_at and expires_at as stored."""
    statement = (
        sa_insert(ApiKey)
        .values(tenant_id=tenant_id, id=key_id, key_hash=key_hash, label=label, role=role, expires_at=expires_at)
        .returning(ApiKey.created_at, ApiKey.expires_at)
    )
    return (await session.execute(statement)).one()


async def page(
    session: AsyncConnection, tenant_id: UUID, *, after: tuple[datetime, UUID] | None, size: int
) -> list[AnyRow]:
    """Keys, newest first: id, label, role, created_at, expires_at, revoked_at, last_used_at."""
    statement = newest_first(tenant_id, size)
    if after is not None:
        statement = statement.where(tuple_(ApiKey.created_at, ApiKey.id) < after)
    return list((await session.execute(statement)).all())


def newest_first(tenant_id: UUID, size: int) -> Select[*tuple[Any, ...]]:
    """The first `page`, as a statement."""
    return (
        select(*SHOWN)
        .where(ApiKey.tenant_id == tenant_id)
        .order_by(ApiKey.created_at.desc(), ApiKey.id.desc())
        .limit(size)
    )


async def change(session: AsyncConnection, tenant_id: UUID, key_id: UUID, values: Mapping[str, Any]) -> AnyRow | None:
    """Change the key's `label` or `expires_at`, or both, and give it back as `page` does.

    None: there is no such key, or it has a successor and would live longer than its grace.
    """
    statement = update(ApiKey).where(ApiKey.tenant_id == tenant_id, ApiKey.id == key_id)
    if "expires_at" in values:
        # In the statement itself: a rotation at the same time is waited for and then seen.
        ends = literal(values["expires_at"], ApiKey.expires_at.type)
        statement = statement.where(ApiKey.rotated_at.is_(None) | (ApiKey.expires_at >= ends))
    return (await session.execute(statement.values(**values).returning(*SHOWN))).one_or_none()


async def end(session: AsyncConnection, tenant_id: UUID, key_id: UUID, grace_seconds: int) -> bool:
    """End a key because it gets a successor, now or after a grace; False when it has one or was revoked.

    Of several at the same time one finds the row as it was: the others wait for its row lock and see it changed.
    """
    grace_ends = func.now() + func.make_interval(0, 0, 0, 0, 0, 0, grace_seconds)
    ends = {"expires_at": func.least(ApiKey.expires_at, grace_ends)} if grace_seconds else {"revoked_at": func.now()}
    statement = (
        update(ApiKey)
        .where(
            ApiKey.tenant_id == tenant_id,
            ApiKey.id == key_id,
            ApiKey.revoked_at.is_(None),
            ApiKey.rotated_at.is_(None),
        )
        .values(rotated_at=func.now(), **ends)
    )
    return (await session.execute(statement)).rowcount == 1


async def is_revoked(session: AsyncConnection, tenant_id: UUID, key_id: UUID) -> bool | None:
    """Whether the key was revoked; None when there is no such key."""
    statement = select(ApiKey.revoked_at.is_not(None)).where(ApiKey.tenant_id == tenant_id, ApiKey.id == key_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def is_last_admin(session: AsyncConnection, tenant_id: UUID, key_id: UUID) -> bool:
    """Whether the tenant would have no live admin key without this one. The caller holds the tenant's lock.

    A key that has a successor does not count as a rest: its grace will end.
    """
    return bool((await session.execute(last_admin(tenant_id, key_id))).scalar_one())


def last_admin(tenant_id: UUID, key_id: UUID) -> Select[bool]:
    """What `is_last_admin` executes."""
    admin = select(literal(True)).where(ApiKey.tenant_id == tenant_id, ApiKey.role == "admin", LIVE)
    others = admin.where(ApiKey.id != key_id, ApiKey.rotated_at.is_(None))
    return select(admin.where(ApiKey.id == key_id).exists() & ~others.exists())


async def revoke(session: AsyncConnection, tenant_id: UUID, key_id: UUID) -> AnyRow | None:
    """Revoke the key from now on and give it back as `page` does; a revoked one keeps its time. None: no such key."""
    return (await session.execute(revocation(tenant_id, key_id))).one_or_none()


def revocation(tenant_id: UUID, key_id: UUID) -> ReturningUpdate[*tuple[Any, ...]]:
    """What `revoke` executes."""
    return (
        update(ApiKey)
        .where(ApiKey.tenant_id == tenant_id, ApiKey.id == key_id)
        .values(revoked_at=func.coalesce(ApiKey.revoked_at, func.now()))
        .returning(*SHOWN)
    )
