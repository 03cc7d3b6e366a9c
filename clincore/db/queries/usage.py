"""Queries of `usage_events` and of its totals, `usage_hourly`, `usage_daily` and `usage_watermarks`.

The totals hold what happened before the tenant's `closed_before`; what came since is counted in the events themselves.
Each query takes both in one statement, so that an event is never in neither or in both.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from clincore.db.models import AnyRow, UsageEvent, UsageWatermark
from clincore.db.session import Statement, fetch

FREE_CALLS_MAX = 1000
EVENTS_AT_ONCE = 1000

Bucket = Literal["hour", "day"]
Group = Literal["endpoint", "key", "none"]

# The events that are in no total yet. A join and not a sub-select in the condition: that would count as leaky under row
# security, which keeps a condition out of the index.
_TAIL = """
    (SELECT coalesce(max(closed_before), '-infinity') AS closed_before FROM usage_watermarks
        WHERE tenant_id = CAST(:tenant_id AS uuid)) AS w
    JOIN usage_events AS e ON e.tenant_id = CAST(:tenant_id AS uuid) AND e.created_at >= w.closed_before
"""

CALLS_BY_ENDPOINT = Statement(
    text(f"""
        SELECT endpoint, CAST(sum(calls) AS bigint) AS calls FROM (
            SELECT endpoint, calls FROM usage_daily WHERE tenant_id = CAST(:tenant_id AS uuid)
            UNION ALL
            SELECT endpoint, count(*) FROM {_TAIL} GROUP BY endpoint
        ) AS total GROUP BY endpoint
    """)
)

# Whole hours from the totals, and the events of the first hour's rest and of the tail.
LAST_24H = Statement(
    text(f"""
        SELECT CAST(coalesce(sum(calls), 0) AS bigint) AS calls FROM (
            SELECT calls FROM usage_hourly WHERE tenant_id = CAST(:tenant_id AS uuid)
                AND hour >= date_trunc('hour', now() - interval '23 hours', 'UTC')
            UNION ALL
            SELECT count(*) FROM usage_watermarks AS w JOIN usage_events AS e
                ON e.tenant_id = w.tenant_id AND e.created_at < w.closed_before
            WHERE w.tenant_id = CAST(:tenant_id AS uuid) AND e.tenant_id = CAST(:tenant_id AS uuid)
                AND e.created_at > now() - interval '24 hours'
                AND e.created_at < date_trunc('hour', now() - interval '23 hours', 'UTC')
            UNION ALL
            SELECT count(*) FROM {_TAIL} WHERE e.created_at > now() - interval '24 hours'
        ) AS total
    """)
)

QUOTA = Statement(
    text(f"""
        SELECT
            CAST(coalesce((SELECT sum(calls) FROM usage_daily WHERE tenant_id = CAST(:tenant_id AS uuid)), 0)
                + (SELECT count(*) FROM {_TAIL}) AS bigint) AS calls,
            EXISTS (SELECT FROM tenants WHERE id = CAST(:tenant_id AS uuid) AND billing_status = 'paid')
                OR EXISTS (SELECT FROM cases WHERE tenant_id = CAST(:tenant_id AS uuid) AND billing_status = 'paid')
                AS is_paid
    """)
)


def _series(bucket: Bucket, group: Group) -> Statement:
    table, column, start = {
        "hour": ("usage_hourly", "hour", "hour"),
        "day": ("usage_daily", "day", "CAST(day AS timestamp) AT TIME ZONE 'UTC'"),
    }[bucket]
    # A day is compared with days: the index on it is of no use for times.
    edge = {"hour": "CAST(:{} AS timestamptz)", "day": "CAST(CAST(:{} AS timestamptz) AT TIME ZONE 'UTC' AS date)"}
    name = {"endpoint": "endpoint", "key": "CAST(api_key_id AS text)", "none": "CAST(NULL AS text)"}[group]
    return Statement(
        text(f"""
            SELECT start, name, CAST(sum(calls) AS bigint) AS calls FROM (
                SELECT {start} AS start, {name} AS name, calls FROM {table}
                WHERE tenant_id = CAST(:tenant_id AS uuid)
                    AND {column} >= {edge[bucket].format("start")} AND {column} < {edge[bucket].format("end")}
                UNION ALL
                SELECT date_trunc('{bucket}', created_at, 'UTC') AS start, {name} AS name, count(*) FROM {_TAIL}
                WHERE created_at >= CAST(:start AS timestamptz) AND created_at < CAST(:end AS timestamptz)
                GROUP BY 1, 2
            ) AS total GROUP BY start, name ORDER BY start, name LIMIT CAST(:size AS integer)
        """)
    )


_SERIES: dict[tuple[Bucket, Group], Statement] = {
    (bucket, group): _series(bucket, group) for bucket in ("hour", "day") for group in ("endpoint", "key", "none")
}

_PRUNED_BEFORE = Statement(
    select(UsageWatermark.pruned_before).where(UsageWatermark.tenant_id == bindparam("tenant_id"))
)


async def calls_by_endpoint(tenant_id: UUID) -> dict[str, int]:
    """Calls ever made, by path template. A `tenant_session` of its own."""
    return {row.endpoint: row.calls for row in await fetch(tenant_id, CALLS_BY_ENDPOINT, {"tenant_id": tenant_id})}


async def last_24h(tenant_id: UUID) -> int:
    """Calls of the last 24 hours. A `tenant_session` of its own."""
    (row,) = await fetch(tenant_id, LAST_24H, {"tenant_id": tenant_id})
    return int(row.calls)


async def quota(tenant_id: UUID) -> tuple[int, bool]:
    """Calls ever made, and whether the tenant is paid. A `tenant_session` of its own."""
    (row,) = await fetch(tenant_id, QUOTA, {"tenant_id": tenant_id})
    return row.calls, row.is_paid


async def timeseries(
    tenant_id: UUID, start: datetime, end: datetime, bucket: Bucket, group: Group, size: int
) -> list[Any]:
    """Calls from `start` to before `end`, both at a bucket's edge in UTC: rows of start, name and calls, in order.

    `name` is the path template, the key's id, or None. Buckets without calls are left out; `size` rows at most.
    A `tenant_session` of its own.
    """
    parameters = {"tenant_id": tenant_id, "start": start, "end": end, "size": size}
    return await fetch(tenant_id, _SERIES[bucket, group], parameters)


async def pruned_before(tenant_id: UUID) -> date | None:
    """The day (UTC) before which the events and their hours were removed. A `tenant_session` of its own."""
    rows = await fetch(tenant_id, _PRUNED_BEFORE, {"tenant_id": tenant_id})
    return rows[0].pruned_before if rows else None


async def events(
    session: AsyncConnection, tenant_id: UUID, start: datetime, end: datetime
) -> AsyncIterator[Sequence[AnyRow]]:
    """The events from `start` to before `end`, oldest first, some at a time.

    Rows of id, created_at, key_id, method and endpoint.
    """
    statement = (
        select(
            UsageEvent.id,
            UsageEvent.created_at,
            UsageEvent.api_key_id.label("key_id"),
            UsageEvent.method,
            UsageEvent.endpoint,
        )
        .where(UsageEvent.tenant_id == tenant_id, UsageEvent.created_at >= start, UsageEvent.created_at < end)
        .order_by(UsageEvent.created_at)
    )
    async with session.stream(statement.execution_options(yield_per=EVENTS_AT_ONCE)) as result:
        async for rows in result.partitions():
            yield rows
