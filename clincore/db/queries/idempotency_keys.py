"""Queries of `idempotency_keys`: writes that were done with an `Idempotency-Key`, and their answers."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg
from sqlalchemy import bindparam, delete, func, insert, null, select, text, update
from sqlalchemy.dialects.postgresql import JSONB

from clincore.db.errors import constraint_of
from clincore.db.models import IdempotencyKey as Key
from clincore.db.queries.conditions import CASE, LIMIT, TENANT
from clincore.db.session import Envelope, Session
from clincore.db.statements import NoRow, Statement

HOURS_KEPT = 24
REMOVED_AT_ONCE = 1000
_TABLE = Key.__tablename__
BOOTSTRAP = UUID(int=0)
"""The lineage of the bootstrap token, which is not an API key."""


class Value(NamedTuple):
    """The value of an `Idempotency-Key`, which belongs to a lineage of API keys."""

    lineage_id: UUID
    value_sha256: str


class Removed(NamedTuple):
    """The value that was removed."""

    value_sha256: str


class Answer(NamedTuple):
    """The answer of a write that was done."""

    fingerprint: str
    case_id: UUID | None
    status: int
    headers: dict[str, str]
    body: str | None
    """None: it was erased."""


class Oldest(NamedTuple):
    """When the tenant's oldest value was stored."""

    created_at: datetime | None


_LINEAGE = bindparam("lineage_id", type_=Key.lineage_id.type)
_this = (Key.tenant_id == TENANT, Key.lineage_id == _LINEAGE, Key.value_sha256 == bindparam("value_sha256"))
# Not ON CONFLICT DO NOTHING: the statements after this one are already on their way, and only an error skips them.
INSERT = Statement(
    insert(Key).values(
        tenant_id=TENANT,
        lineage_id=_LINEAGE,
        value_sha256=bindparam("value_sha256"),
        fingerprint=bindparam("fingerprint"),
    ),
    NoRow,
)
STORE = Statement(
    update(Key)
    .where(*_this)
    .values(
        case_id=CASE,
        status=bindparam("status", type_=Key.status.type),
        headers=bindparam("headers", type_=JSONB),
        body=bindparam("body"),
    ),
    NoRow,
)
_is_kept = Key.created_at > text(f"now() - interval '{HOURS_KEPT} hours'")
_FIND = Statement(select(*(getattr(Key, name) for name in Answer._fields)).where(*_this, _is_kept), Answer)
_REMOVE_ONE = Statement(delete(Key).where(*_this, ~_is_kept), NoRow)
# SKIP LOCKED: an erasure locks answers in another order, and each would wait for the other.
_expired = (
    select(Key.lineage_id, Key.value_sha256)
    .where(Key.tenant_id == TENANT, ~_is_kept)
    .order_by(Key.created_at)
    .limit(LIMIT)
    .with_for_update(skip_locked=True)
    # Not a subquery, which PostgreSQL may run several times, each time with other rows that are not locked yet.
    .cte("expired")
)
_REMOVE = Statement(
    delete(Key)
    .where(
        Key.tenant_id == TENANT,
        Key.lineage_id == _expired.c.lineage_id,
        Key.value_sha256 == _expired.c.value_sha256,
    )
    .returning(Key.value_sha256),
    Removed,
)
_OLDEST = Statement(select(func.min(Key.created_at).label("created_at")).where(Key.tenant_id == TENANT), Oldest)
_ERASE = Statement(
    update(Key).where(Key.tenant_id == TENANT, Key.case_id == CASE, Key.body.is_not(None)).values(body=null()), NoRow
)


def enclose(value: Value, fingerprint: str) -> Envelope:
    """An envelope that stores the value, as the first statement of the transaction that it encloses.

    When the value is stored already, the enclosed session raises an error for which `is_done` is true; when another
    transaction is storing it, one for which `is_in_progress` is true. In both cases nothing was done.
    """
    return Envelope(INSERT, fingerprint=fingerprint, **value._asdict())


def is_done(error: psycopg.Error) -> bool:
    """Whether the value is stored already."""
    return constraint_of(error) == f"pk_{_TABLE}"


def is_in_progress(error: psycopg.Error) -> bool:
    """Whether another transaction that stores the value did not end within `lock_timeout`."""
    # PostgreSQL says what it waited for, in its own language but with the name of the index.
    return isinstance(error, psycopg.errors.LockNotAvailable) and f"pk_{_TABLE}" in (error.diag.context or "")


async def store(envelope: Envelope, value: Value, answer: Answer) -> None:
    """Store the answer of the enclosed transaction, and commit."""
    await envelope.commit(STORE, **value._asdict(), **answer._asdict())


async def find(session: Session, value: Value) -> Answer | None:
    """The answer that was stored for the value in the last 24 hours. An older one is removed."""
    session.queue(_REMOVE_ONE, **value._asdict())
    rows = await session.fetch(_FIND, **value._asdict())
    return rows[0] if rows else None


async def remove_expired(session: Session) -> int:
    """Remove up to `REMOVED_AT_ONCE` values that are no longer kept. Returns how many."""
    return len(await session.fetch(_REMOVE, limit=REMOVED_AT_ONCE))


async def oldest(session: Session) -> datetime | None:
    """When the tenant's oldest value was stored; None: there is none."""
    (row,) = await session.fetch(_OLDEST)
    return row.created_at


def erase(session: Session, case_id: UUID) -> None:
    """Empty the stored answers that show the case, with the next statement."""
    session.queue(_ERASE, case_id=case_id)
