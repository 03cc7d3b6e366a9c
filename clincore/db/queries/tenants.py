"""Queries of `tenants`."""

from typing import NamedTuple
from uuid import UUID

import psycopg
from sqlalchemy import bindparam, insert, select

from clincore.db.models import Tenant, TenantName
from clincore.db.queries.conditions import TENANT
from clincore.db.session import Session
from clincore.db.statements import NoRow, Statement


class TenantId(NamedTuple):
    """The id of the tenant that was locked."""

    id: UUID


class Name(NamedTuple):
    """A tenant's name."""

    name: str


# Not ON CONFLICT DO NOTHING: for it Citus needs a right to change rows of a table that is copied to each node.
TAKE_NAME = Statement(insert(TenantName).values(tenant_id=TENANT, name=bindparam("name")), NoRow)
INSERT = Statement(insert(Tenant).values(id=TENANT, name=bindparam("name")), NoRow)
_NAME = Statement(select(Tenant.name).where(Tenant.id == TENANT), Name)
# FOR NO KEY UPDATE: a plain FOR UPDATE would also block the foreign-key checks of every insert of the tenant.
LOCK = Statement(select(Tenant.id).where(Tenant.id == TENANT).with_for_update(key_share=True), TenantId)


async def make(session: Session, name: str) -> bool:
    """Create the session's tenant, with the next statement.

    False: another tenant has the name, and the session can do nothing more.
    """
    try:
        await session.fetch(TAKE_NAME, name=name)
    except psycopg.errors.UniqueViolation:
        return False
    session.queue(INSERT, name=name)
    return True


async def exists(session: Session) -> bool:
    """Whether the session's tenant exists."""
    return bool(await session.fetch(_NAME))


async def find_name(session: Session) -> str:
    """The name of the session's tenant; commits."""
    (tenant,) = await session.finish(_NAME)
    return tenant.name


def lock(session: Session) -> None:
    """Acquire the tenant's lock, with the next statement, and hold it until the transaction ends."""
    session.queue(LOCK)
