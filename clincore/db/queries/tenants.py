"""Queries of `tenants`."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from clincore.db.models import Tenant


async def insert(session: AsyncConnection, tenant_id: UUID, name: str) -> bool:
    """Make the tenant; False when another one has the name."""
    # The conflict target is left out: naming it would need a read of the other tenant's row, which its policy hides.
    statement = pg_insert(Tenant).values(id=tenant_id, name=name).on_conflict_do_nothing().returning(Tenant.id)
    return (await session.execute(statement)).one_or_none() is not None


async def find_name(session: AsyncConnection, tenant_id: UUID) -> str:
    """The name of the session's tenant."""
    return (await session.execute(select(Tenant.name).where(Tenant.id == tenant_id))).scalar_one()


async def lock(session: AsyncConnection, tenant_id: UUID) -> None:
    """Wait until nobody else holds the tenant's lock, and hold it until the transaction ends.

    FOR NO KEY UPDATE: a plain FOR UPDATE would also block the foreign-key checks of every insert of the tenant.
    """
    await session.execute(locked(tenant_id))


def locked(tenant_id: UUID) -> Select[UUID]:
    """What `lock` executes."""
    return select(Tenant.id).where(Tenant.id == tenant_id).with_for_update(key_share=True)
