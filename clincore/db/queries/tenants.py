"""Queries of `tenants`."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from clincore.db.models import Tenant
from clincore.db.queries.conditions import TENANT
from clincore.db.session import Session
from clincore.db.statements import Statement


class TenantId(NamedTuple):
    """A tenant that was made or locked."""

    id: UUID


class TenantName(NamedTuple):
    """A tenant's name."""

    name: str


# The conflict target is left out: to name it would need a read of the other tenant's row, which its policy hides.
_INSERT = Statement(
    pg_insert(Tenant).values(id=TENANT, name=bindparam("name")).on_conflict_do_nothing().returning(Tenant.id), TenantId
)
_NAME = Statement(select(Tenant.name).where(Tenant.id == TENANT), TenantName)
# FOR NO KEY UPDATE: a plain FOR UPDATE would also block the foreign-key checks of every insert of the tenant.
LOCK = Statement(select(Tenant.id).where(Tenant.id == TENANT).with_for_update(key_share=True), TenantId)


async def insert(session: Session, name: str) -> bool:
    """Make the session's tenant; False when another one has the name."""
    return bool(await session.fetch(_INSERT, name=name))


async def find_name(session: Session) -> str:
    """The name of the session's tenant; and commit."""
    (tenant,) = await session.finish(_NAME)
    return tenant.name


def lock(session: Session) -> None:
    """Wait, with the next statement, until no other transaction has the tenant's lock, and hold it to the end."""
    session.queue(LOCK)
