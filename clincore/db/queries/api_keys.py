"""Queries of `api_keys`."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import combinations
from typing import Any, Literal, NamedTuple, get_args
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Integer, Text, bindparam, func, select, text, tuple_, update
from sqlalchemy import insert as sa_insert

from clincore.db.models import ApiKey, Tenant, UsageEvent
from clincore.db.queries.conditions import LIMIT, TENANT
from clincore.db.session import Pending, Session
from clincore.db.statements import NoRow, Statement

Role = Literal["user", "admin"]
Scope = Literal["read", "write", "import", "sign", "export"]
"""In the order in which they are stored."""

KeyState = Literal["live", "grace", "revoked", "expired"]


class KeyRow(NamedTuple):
    """A key as lists show it, without its hash."""

    id: UUID
    label: str
    role: Role
    last_four: str | None
    created_at: datetime
    expires_at: datetime | None
    rotated_at: datetime | None
    revoked_at: datetime | None
    rate_limit_per_minute: int | None
    scopes: list[Scope] | None
    last_used_at: datetime | None
    has_expired: bool | None

    @property
    def state(self) -> KeyState:
        """Whether the key is accepted. In `grace` it is, until `expires_at`, and has a successor."""
        return _state(self.revoked_at, self.has_expired, self.rotated_at)

    def shown(self) -> dict[str, Any]:
        """The key as the contract shows it."""
        return {
            "id": self.id,
            "label": self.label,
            "role": self.role,
            "scopes": self.scopes,
            "state": self.state,
            "last_four": self.last_four,
            "created_at": self.created_at,
            "expires_at": self.expires_at,
            "revoked_at": self.revoked_at,
            "rate_limit_per_minute": self.rate_limit_per_minute,
            "last_used_at": self.last_used_at,
        }


class StoredKey(NamedTuple):
    """What the database has stored for a new key."""

    created_at: datetime
    expires_at: datetime | None
    rate_limit_per_minute: int | None
    scopes: list[Scope] | None


class KeyId(NamedTuple):
    """A key that was found."""

    id: UUID


class Rights(NamedTuple):
    """The current rights of a key."""

    label: str
    role: Role
    expires_at: datetime | None
    revoked_at: datetime | None
    has_expired: bool | None
    lineage_id: UUID
    """The first key of the rotations that led to this one."""
    rate_limit_per_minute: int | None
    scopes: list[Scope] | None
    """None: everything that the role allows."""
    suspended_at: datetime | None
    """Of the tenant."""

    @property
    def state(self) -> KeyState:
        """`live` while the key is accepted, including its grace period."""
        return _state(self.revoked_at, self.has_expired)


class LastAdmin(NamedTuple):
    """Whether a key is its tenant's last live admin key."""

    is_last_admin: bool


_KEY = bindparam("key_id", type_=ApiKey.id.type)
_SCOPES = bindparam("scopes", type_=ARRAY(Text))
IS_LIVE = ApiKey.revoked_at.is_(None) & (ApiKey.expires_at.is_(None) | (ApiKey.expires_at > func.now()))

# Derived from the events: if each request wrote the time, all requests would queue for the lock of the key's row.
_LAST_USED_AT = (
    select(func.max(UsageEvent.created_at))
    .where(UsageEvent.tenant_id == TENANT, UsageEvent.api_key_id == ApiKey.id)
    .scalar_subquery()
    .label("last_used_at")
)
# Not a CASE expression for the state: Citus rejects now() in it.
_HAS_EXPIRED = (ApiKey.expires_at <= func.now()).label("has_expired")
SHOWN = (
    ApiKey.id,
    ApiKey.label,
    ApiKey.role,
    ApiKey.last_four,
    ApiKey.created_at,
    ApiKey.expires_at,
    ApiKey.rotated_at,
    ApiKey.revoked_at,
    ApiKey.rate_limit_per_minute,
    ApiKey.scopes,
    _LAST_USED_AT,
    _HAS_EXPIRED,
)

INSERT = Statement(
    sa_insert(ApiKey)
    .values(
        tenant_id=TENANT,
        id=_KEY,
        **{name: bindparam(name) for name in ("key_hash", "last_four", "label", "role", "expires_at", "lineage_id")},
        rate_limit_per_minute=bindparam("rate_limit_per_minute"),
        scopes=_SCOPES,
    )
    .returning(ApiKey.created_at, ApiKey.expires_at, ApiKey.rate_limit_per_minute, ApiKey.scopes),
    StoredKey,
)

_newest = (
    select(*SHOWN).where(ApiKey.tenant_id == TENANT).order_by(ApiKey.created_at.desc(), ApiKey.id.desc()).limit(LIMIT)
)
_after = tuple_(ApiKey.created_at, ApiKey.id) < tuple_(
    bindparam("after_created_at", type_=ApiKey.created_at.type), bindparam("after_id", type_=ApiKey.id.type)
)
NEWEST = Statement(_newest, KeyRow)
_NEXT = Statement(_newest.where(_after), KeyRow)

# A changed key is read by a separate statement: Citus rejects functions and subqueries in RETURNING.
FIND = Statement(select(*SHOWN).where(ApiKey.tenant_id == TENANT, ApiKey.id == _KEY), KeyRow)
_one = update(ApiKey).where(ApiKey.tenant_id == TENANT, ApiKey.id == _KEY)
_SETTABLE = {
    "label": bindparam("label"),
    "expires_at": bindparam("expires_at", type_=DateTime(timezone=True)),
    "rate_limit_per_minute": bindparam("rate_limit_per_minute", type_=Integer),
    "scopes": _SCOPES,
}
# A condition of the UPDATE, which waits for a concurrent rotation and then sees it.
_ends_within_grace = ApiKey.rotated_at.is_(None) | (
    ApiKey.expires_at >= bindparam("expires_at", type_=DateTime(timezone=True))
)
_CHANGES = {
    frozenset(names): Statement(
        (_one.where(_ends_within_grace) if "expires_at" in names else _one)
        .values({name: _SETTABLE[name] for name in names})
        .returning(ApiKey.id),
        KeyId,
    )
    for count in range(1, len(_SETTABLE) + 1)
    for names in combinations(_SETTABLE, count)
}

_without_successor = _one.where(ApiKey.revoked_at.is_(None), ApiKey.rotated_at.is_(None))
_grace_ends = func.now() + func.make_interval(
    text("0"), text("0"), text("0"), text("0"), text("0"), text("0"), bindparam("grace_seconds", type_=Integer)
)
_END_NOW = Statement(
    _without_successor.values(rotated_at=func.now(), revoked_at=func.now()).returning(ApiKey.id), KeyId
)
_HAS_SUCCESSOR = Statement(_without_successor.values(rotated_at=func.now()).returning(ApiKey.id), KeyId)
# For the key that was rotated in the same transaction, where now() is the same. An earlier expiry is kept. Not in one
# statement with least(), which would combine now() with the column: Citus rejects that.
_END_WITH_GRACE = Statement(
    _one.where(ApiKey.rotated_at == func.now(), ApiKey.expires_at.is_(None) | (ApiKey.expires_at > _grace_ends)).values(
        expires_at=_grace_ends
    ),
    NoRow,
)

LINEAGE = func.coalesce(ApiKey.lineage_id, ApiKey.id).label("lineage_id")
_rights = select(
    ApiKey.label,
    ApiKey.role,
    ApiKey.expires_at,
    ApiKey.revoked_at,
    _HAS_EXPIRED,
    LINEAGE,
    ApiKey.rate_limit_per_minute,
    ApiKey.scopes,
    select(Tenant.suspended_at).where(Tenant.id == TENANT).scalar_subquery().label("suspended_at"),
).where(ApiKey.tenant_id == TENANT, ApiKey.id == _KEY)
_RIGHTS = Statement(_rights, Rights)
# FOR NO KEY UPDATE: a plain FOR UPDATE would also block the foreign-key checks of the key's usage events.
_LOCK = Statement(_rights.with_for_update(key_share=True), Rights)

_admin = select(ApiKey.id).where(ApiKey.tenant_id == TENANT, ApiKey.role == "admin", IS_LIVE)
_others = _admin.where(ApiKey.id != _KEY, ApiKey.rotated_at.is_(None))
IS_LAST_ADMIN = Statement(
    select((_admin.where(ApiKey.id == _KEY).exists() & ~_others.exists()).label("is_last_admin")), LastAdmin
)

REVOKE = Statement(_one.where(ApiKey.revoked_at.is_(None)).values(revoked_at=func.now()), NoRow)


async def insert(
    session: Session,
    key_id: UUID,
    *,
    key_hash: str,
    last_four: str,
    label: str,
    role: Role,
    expires_at: datetime | None,
    lineage_id: UUID | None,
    rate_limit_per_minute: int | None,
    scopes: Collection[Scope] | None,
) -> StoredKey:
    """Store a new key and commit. `key_hash`: SHA-256 of the key, lower-case hex. `lineage_id`: for a successor."""
    (stored,) = await session.finish(
        INSERT,
        key_id=key_id,
        key_hash=key_hash,
        last_four=last_four,
        label=label,
        role=role,
        expires_at=expires_at,
        lineage_id=lineage_id,
        rate_limit_per_minute=rate_limit_per_minute,
        scopes=as_array(scopes),
    )
    return stored


async def page(session: Session, *, after: tuple[datetime, UUID] | None, size: int) -> list[KeyRow]:
    """Keys, newest first; commits. `after`: `created_at` and id of the last key of the previous page."""
    if after is None:
        return await session.finish(NEWEST, limit=size)
    return await session.finish(_NEXT, limit=size, after_created_at=after[0], after_id=after[1])


async def change(session: Session, key_id: UUID, values: Mapping[str, Any]) -> tuple[KeyRow | None, bool]:
    """Change the key's `label`, `expires_at`, `rate_limit_per_minute` and `scopes`, or some of them.

    Returns the key, or None when there is no such key, and whether it was changed. A key with a successor is not
    changed when it would be accepted longer than its grace period.
    """
    values = {name: as_array(value) if name == "scopes" else value for name, value in values.items()}
    changed = session.queue(_CHANGES[frozenset(values)], key_id=key_id, **values)
    rows = await session.fetch(FIND, key_id=key_id)
    return rows[0] if rows else None, bool(changed.rows)


async def end(session: Session, key_id: UUID, grace_seconds: int) -> bool:
    """End a key that gets a successor, now or after a grace period. False: it already has one, or was revoked.

    Of several concurrent calls one succeeds: the others wait for the row's lock and then see the change.
    """
    if not grace_seconds:
        return bool(await session.fetch(_END_NOW, key_id=key_id))
    if not await session.fetch(_HAS_SUCCESSOR, key_id=key_id):
        return False
    session.queue(_END_WITH_GRACE, key_id=key_id, grace_seconds=grace_seconds)
    return True


def rights(session: Session, key_id: UUID, *, locks: bool = False) -> Pending[Rights]:
    """Ask, with the next statement, for the key's current rights; no row when there is no such key.

    `locks`: no other transaction can change the key until this one ends.
    """
    return session.queue(_LOCK if locks else _RIGHTS, key_id=key_id)


async def find_rights(session: Session, key_id: UUID, *, locks: bool = False) -> list[Rights]:
    """Like `rights`, but sent now."""
    return await session.fetch(_LOCK if locks else _RIGHTS, key_id=key_id)


async def is_last_admin(session: Session, key_id: UUID) -> bool:
    """Whether the tenant would have no live admin key without this one. The caller holds the tenant's lock.

    Other keys that have a successor do not count, because their grace period ends.
    """
    (row,) = await session.fetch(IS_LAST_ADMIN, key_id=key_id)
    return row.is_last_admin


async def revoke(session: Session, key_id: UUID) -> KeyRow | None:
    """Revoke the key and commit. A revoked key keeps its `revoked_at`. None: no such key."""
    session.queue(REVOKE, key_id=key_id)
    rows = await session.finish(FIND, key_id=key_id)
    return rows[0] if rows else None


def as_array(scopes: Collection[str] | None) -> str | None:
    """The scopes in the contract's order, as an array in PostgreSQL's text format."""
    return None if scopes is None else f"{{{','.join(scope for scope in get_args(Scope) if scope in scopes)}}}"


def _state(revoked_at: datetime | None, has_expired: bool | None, rotated_at: datetime | None = None) -> KeyState:
    if revoked_at is not None:
        return "revoked"
    if has_expired:
        return "expired"
    return "live" if rotated_at is None else "grace"
