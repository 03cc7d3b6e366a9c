"""Queries of `usage_events`."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from clincore.db.models import UsageEvent

FREE_CALLS_MAX = 1000


async def calls_by_endpoint(session: AsyncConnection, tenant_id: UUID) -> dict[str, int]:
    """Calls ever made, by path template."""
    statement = (
        select(UsageEvent.endpoint, func.count()).where(UsageEvent.tenant_id == tenant_id).group_by(UsageEvent.endpoint)
    )
    return {endpoint: calls for endpoint, calls in await session.execute(statement)}


async def last_24h(session: AsyncConnection, tenant_id: UUID) -> int:
    """Calls of the last 24 hours."""
    since = func.now() - func.make_interval(0, 0, 0, 0, 24)
    statement = select(func.count()).where(UsageEvent.tenant_id == tenant_id, UsageEvent.created_at > since)
    return (await session.execute(statement)).scalar_one()
