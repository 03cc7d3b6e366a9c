"""Queries of `usage_events` and of its totals, `usage_hourly`, `usage_daily` and `usage_watermarks`.

The totals contain the events before the tenant's `closed_before`; later events are counted individually. Each query
reads both in one statement, so that every event counts exactly once.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select, text, tuple_

from clincore.db.models import UsageEvent, UsageWatermark
from clincore.db.queries.conditions import LIMIT, TENANT
from clincore.db.session import Session
from clincore.db.statements import Statement

FREE_CALLS_MAX = 1000
EVENTS_AT_ONCE = 1000

Bucket = Literal["hour", "day"]
Group = Literal["endpoint", "key", "none"]


class EndpointCalls(NamedTuple):
    """Calls of one path template."""

    endpoint: str
    calls: int


class Calls(NamedTuple):
    """A number of calls."""

    calls: int


class Quota(NamedTuple):
    """The number of all calls, and whether the tenant is paid."""

    calls: int
    is_paid: bool


class BucketCalls(NamedTuple):
    """Calls in an hour or a day. `name`: the path template, the key's id, or None."""

    start: datetime
    name: str | None
    calls: int


class EventRow(NamedTuple):
    """A usage event."""

    id: UUID
    created_at: datetime
    key_id: UUID
    method: str
    endpoint: str


class PrunedBefore(NamedTuple):
    """The day (UTC) before which events were removed."""

    pruned_before: date | None


# The events that are in no total yet. A join instead of a subquery in the condition: under row-level security such a
# condition counts as leaky and cannot use the index.
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
    """),
    EndpointCalls,
)

# Whole hours from the totals, plus the events of the partial first hour and those that are in no total yet.
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
    """),
    Calls,
)

QUOTA = Statement(
    text(f"""
        SELECT
            CAST(coalesce((SELECT sum(calls) FROM usage_daily WHERE tenant_id = CAST(:tenant_id AS uuid)), 0)
                + (SELECT count(*) FROM {_TAIL}) AS bigint) AS calls,
            EXISTS (SELECT FROM tenants WHERE id = CAST(:tenant_id AS uuid) AND billing_status = 'paid')
                OR EXISTS (SELECT FROM cases WHERE tenant_id = CAST(:tenant_id AS uuid) AND billing_status = 'paid')
                AS is_paid
    """),
    Quota,
)


def _series(bucket: Bucket, group: Group) -> Statement[BucketCalls]:
    table, column, start = {
        "hour": ("usage_hourly", "hour", "hour"),
        "day": ("usage_daily", "day", "CAST(day AS timestamp) AT TIME ZONE 'UTC'"),
    }[bucket]
    # Compare days with days: the index on `day` cannot be used for times.
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
        """),
        BucketCalls,
    )


_SERIES: dict[tuple[Bucket, Group], Statement[BucketCalls]] = {
    (bucket, group): _series(bucket, group) for bucket in ("hour", "day") for group in ("endpoint", "key", "none")
}

_PRUNED_BEFORE = Statement(select(UsageWatermark.pruned_before).where(UsageWatermark.tenant_id == TENANT), PrunedBefore)

_start = bindparam("start", type_=UsageEvent.created_at.type)
_events = (
    select(
        UsageEvent.id,
        UsageEvent.created_at,
        UsageEvent.api_key_id.label("key_id"),
        UsageEvent.method,
        UsageEvent.endpoint,
    )
    .where(
        UsageEvent.tenant_id == TENANT,
        UsageEvent.created_at >= _start,
        UsageEvent.created_at < bindparam("end", type_=UsageEvent.created_at.type),
    )
    .order_by(UsageEvent.created_at, UsageEvent.id)
    .limit(LIMIT)
)
_EVENTS = Statement(_events, EventRow)
_NEXT_EVENTS = Statement(
    _events.where(
        tuple_(UsageEvent.created_at, UsageEvent.id) > tuple_(_start, bindparam("after_id", type_=UsageEvent.id.type))
    ),
    EventRow,
)


async def totals(session: Session) -> tuple[dict[str, int], int]:
    """All calls by path template, and the number of calls in the last 24 hours; commits. The session is a snapshot."""
    by_endpoint = session.queue(CALLS_BY_ENDPOINT)
    (last_24h,) = await session.finish(LAST_24H)
    return {row.endpoint: row.calls for row in by_endpoint.rows}, last_24h.calls


async def quota(session: Session) -> Quota:
    """The number of all calls, and whether the tenant is paid; commits."""
    (row,) = await session.finish(QUOTA)
    return row


async def timeseries(
    session: Session, start: datetime, end: datetime, bucket: Bucket, group: Group, size: int
) -> list[BucketCalls]:
    """Calls from `start` (inclusive) to `end` (exclusive), in order; commits.

    Both times are bucket boundaries in UTC. Buckets without calls are omitted. At most `size` rows.
    """
    return await session.finish(_SERIES[bucket, group], start=start, end=end, size=size)


async def pruned_before(session: Session) -> date | None:
    """The day (UTC) before which events and hourly totals were removed."""
    rows = await session.fetch(_PRUNED_BEFORE)
    return rows[0].pruned_before if rows else None


async def events(session: Session, start: datetime, end: datetime) -> AsyncIterator[Sequence[EventRow]]:
    """The events from `start` (inclusive) to `end` (exclusive), oldest first, up to `EVENTS_AT_ONCE` at a time.

    The session is a snapshot: events committed later are not included.
    """
    rows = await session.fetch(_EVENTS, start=start, end=end, limit=EVENTS_AT_ONCE)
    while rows:
        yield rows
        if len(rows) < EVENTS_AT_ONCE:
            return
        last = rows[-1]
        rows = await session.fetch(_NEXT_EVENTS, start=last.created_at, after_id=last.id, end=end, limit=EVENTS_AT_ONCE)
