"""Queries of `idempotency_keys`: writes that were done with an `Idempotency-Key`, and their answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg
from sqlalchemy import bindparam, delete, func, insert, null, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import JSONB

from clincore.db.models import ApiKey
from clincore.db.models import IdempotencyKey as Key
from clincore.db.queries.api_keys import LINEAGE
from clincore.db.queries.conditions import CASE, LIMIT, TENANT
from clincore.db.session import Envelope, Session
from clincore.db.statements import NoRow, Statement

HOURS_KEPT = 24
REMOVED_AT_ONCE = 1000
_TABLE = Key.__tablename__
_BOOTSTRAP = UUID(int=0)
"""The lineage of the bootstrap token, which is not an API key."""


class Lineage(NamedTuple):
    """The lineage that a value was stored for."""

    lineage_id: UUID


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


_GIVEN = {name: bindparam(name, type_=Key.fingerprint.type) for name in ("value_sha256", "fingerprint")}
_KEY_ID = bindparam("key_id", type_=ApiKey.id.type)
# The key's lineage, even if it is no longer live: the write itself checks that.
_of_key = select(ApiKey.tenant_id, LINEAGE, *_GIVEN.values()).where(ApiKey.tenant_id == TENANT, ApiKey.id == _KEY_ID)
# Not ON CONFLICT DO NOTHING: the statements after this one are already on their way, and only an error skips them.
INSERT = Statement(
    insert(Key).from_select(["tenant_id", "lineage_id", *_GIVEN], _of_key).returning(Key.lineage_id), Lineage
)
INSERT_FOR_BOOTSTRAP = Statement(
    insert(Key).values(tenant_id=TENANT, lineage_id=_BOOTSTRAP, **_GIVEN).returning(Key.lineage_id), Lineage
)

_LINEAGE_ID = bindparam("lineage_id", type_=Key.lineage_id.type)
_this = (Key.tenant_id == TENANT, Key.value_sha256 == bindparam("value_sha256"))
_STORE = Statement(
    update(Key)
    .where(*_this, Key.lineage_id == _LINEAGE_ID)
    .values(
        case_id=CASE,
        status=bindparam("status", type_=Key.status.type),
        headers=bindparam("headers", type_=JSONB),
        body=bindparam("body"),
    ),
    NoRow,
)
_columns = tuple(getattr(Key, name) for name in Answer._fields)
_is_kept = Key.created_at > text(f"now() - interval '{HOURS_KEPT} hours'")
_FIND = Statement(
    select(*_columns)
    .join(ApiKey, (ApiKey.tenant_id == Key.tenant_id) & (LINEAGE.element == Key.lineage_id))
    .where(*_this, ApiKey.tenant_id == TENANT, ApiKey.id == _KEY_ID, _is_kept),
    Answer,
)
_FIND_FOR_BOOTSTRAP = Statement(select(*_columns).where(*_this, Key.lineage_id == _BOOTSTRAP, _is_kept), Answer)

_REMOVE_ONE = Statement(delete(Key).where(*_this, ~_is_kept), NoRow)
_key = tuple_(Key.lineage_id, Key.value_sha256)
_expired = (
    select(Key.lineage_id, Key.value_sha256)
    .where(Key.tenant_id == TENANT, ~_is_kept)
    .order_by(Key.created_at)
    .limit(LIMIT)
)
_REMOVE = Statement(delete(Key).where(Key.tenant_id == TENANT, _key.in_(_expired)).returning(Key.lineage_id), Lineage)
_OLDEST = Statement(select(func.min(Key.created_at).label("created_at")).where(Key.tenant_id == TENANT), Oldest)
_ERASE = Statement(
    update(Key).where(Key.tenant_id == TENANT, Key.case_id == CASE, Key.body.is_not(None)).values(body=null()), NoRow
)


def enclose(key_id: UUID | None, value_sha256: str, fingerprint: str) -> Envelope:
    """An envelope that stores the value, as the first statement of the transaction that it encloses.

    `key_id`: the caller's API key; None: the bootstrap token. When the value is stored already, the enclosed session
    raises an error for which `is_done` is true; when another transaction is storing it, one for which `is_in_progress`
    is true. In both cases nothing was done.
    """
    values = {"value_sha256": value_sha256, "fingerprint": fingerprint}
    if key_id is None:
        return Envelope(INSERT_FOR_BOOTSTRAP, **values)
    return Envelope(INSERT, key_id=key_id, **values)


def is_done(error: psycopg.Error) -> bool:
    """Whether the value is stored already."""
    # On Citus the name is that of the table's shard.
    table = error.diag.table_name or ""
    return isinstance(error, psycopg.errors.UniqueViolation) and table.startswith(_TABLE)


def is_in_progress(error: psycopg.Error) -> bool:
    """Whether another transaction that stores the value did not end within `lock_timeout`."""
    # PostgreSQL says what it waited for, in its own language but with the name of the index.
    return isinstance(error, psycopg.errors.LockNotAvailable) and f"pk_{_TABLE}" in (error.diag.context or "")


async def store(
    envelope: Envelope,
    value_sha256: str,
    *,
    case_id: UUID | None,
    status: int,
    headers: Mapping[str, str],
    body: str,
) -> None:
    """Store the answer of the enclosed transaction, and commit."""
    if not envelope.rows:
        raise RuntimeError("the operation has sent no statement in a tenant's session")
    await envelope.commit(
        _STORE,
        lineage_id=envelope.rows[0].lineage_id,
        value_sha256=value_sha256,
        case_id=case_id,
        status=status,
        headers=dict(headers),
        body=body,
    )


async def find(session: Session, key_id: UUID | None, value_sha256: str) -> Answer | None:
    """The answer that was stored for the value in the last 24 hours. An older one is removed."""
    session.queue(_REMOVE_ONE, value_sha256=value_sha256)
    if key_id is None:
        rows = await session.fetch(_FIND_FOR_BOOTSTRAP, value_sha256=value_sha256)
    else:
        rows = await session.fetch(_FIND, key_id=key_id, value_sha256=value_sha256)
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
