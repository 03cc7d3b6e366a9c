"""Operators' queries of usage, on the owner's connection: totals, their verification, and pruning."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from clincore.db.operator_queries.run import Connection


class Total(NamedTuple):
    """A tenant with its numbers of calls."""

    tenant_id: UUID
    name: str
    billing_status: str
    total_calls: int
    last_24h_count: int


class Difference(NamedTuple):
    """A total that does not match the raw events."""

    tenant_id: UUID
    table: str
    start: str
    endpoint: str | None
    key_id: UUID | None
    in_totals: int
    in_events: int


_TOTALS = """
    SELECT t.id AS tenant_id, t.name, coalesce(t.billing_status, 'free') AS billing_status,
        CAST(coalesce((SELECT sum(calls) FROM usage_daily d WHERE d.tenant_id = t.id), 0) + (
            SELECT count(*) FROM usage_events e WHERE e.tenant_id = t.id
                AND e.created_at >= coalesce(w.closed_before, '-infinity')
        ) AS bigint) AS total_calls,
        (SELECT count(*) FROM usage_events e WHERE e.tenant_id = t.id
            AND e.created_at > now() - interval '24 hours') AS last_24h_count
    FROM tenants t LEFT JOIN usage_watermarks w ON w.tenant_id = t.id
    WHERE %(tenant)s::uuid IS NULL OR t.id = %(tenant)s
    ORDER BY total_calls DESC, t.name LIMIT %(limit)s
"""

# Totals are compared with the raw events. For pruned events only the sum of their totals is left to compare with.
# One statement per kind of total: on Citus a statement with unused parts crashes the coordinator.
_OF_TENANTS = "(%(tenant)s::uuid IS NULL OR w.tenant_id = %(tenant)s)"
_RAW = f"""
    SELECT e.tenant_id, date_trunc('hour', e.created_at, 'UTC') AS hour, e.endpoint, e.api_key_id, count(*) AS calls
    FROM usage_events e JOIN usage_watermarks w ON w.tenant_id = e.tenant_id
    WHERE {_OF_TENANTS} AND e.created_at < w.closed_before GROUP BY 1, 2, 3, 4
"""
_WRONG_HOURS = f"""
    WITH raw AS ({_RAW}), hours AS (
        SELECT h.* FROM usage_hourly h JOIN usage_watermarks w ON w.tenant_id = h.tenant_id WHERE {_OF_TENANTS}
    )
    SELECT tenant_id, 'usage_hourly' AS table, to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS start,
        endpoint, api_key_id AS key_id,
        coalesce(hours.calls, 0)::bigint AS in_totals, coalesce(raw.calls, 0)::bigint AS in_events
    FROM hours FULL JOIN raw USING (tenant_id, hour, endpoint, api_key_id)
    WHERE hours.calls IS DISTINCT FROM raw.calls
"""
_WRONG_DAYS = f"""
    WITH raw_days AS (
        SELECT tenant_id, (hour AT TIME ZONE 'UTC')::date AS day, endpoint, api_key_id, sum(calls) AS calls
        FROM ({_RAW}) AS raw GROUP BY 1, 2, 3, 4
    ), days AS (
        SELECT d.* FROM usage_daily d JOIN usage_watermarks w ON w.tenant_id = d.tenant_id
        WHERE {_OF_TENANTS} AND d.day >= coalesce(w.pruned_before, '-infinity')
    )
    SELECT tenant_id, 'usage_daily' AS table, day::text AS start, endpoint, api_key_id AS key_id,
        coalesce(days.calls, 0)::bigint AS in_totals, coalesce(raw_days.calls, 0)::bigint AS in_events
    FROM days FULL JOIN raw_days USING (tenant_id, day, endpoint, api_key_id)
    WHERE days.calls IS DISTINCT FROM raw_days.calls
"""
_WRONG_PRUNED = f"""
    SELECT w.tenant_id, 'usage_watermarks' AS table, 'before ' || coalesce(w.pruned_before, '-infinity') AS start,
        NULL AS endpoint, NULL::uuid AS key_id, coalesce(w.pruned_calls, 0) AS in_totals,
        coalesce(sum(d.calls), 0)::bigint AS in_events
    FROM usage_watermarks w LEFT JOIN usage_daily d ON d.tenant_id = w.tenant_id AND d.day < w.pruned_before
    WHERE {_OF_TENANTS} GROUP BY w.tenant_id, w.pruned_before, w.pruned_calls
    HAVING coalesce(w.pruned_calls, 0) <> coalesce(sum(d.calls), 0)
"""

_EVENTS_OF_A_DAY = """
    FROM usage_events WHERE tenant_id = %(tenant)s
        AND created_at >= %(day)s::timestamp AT TIME ZONE 'UTC'
        AND created_at < (%(day)s::date + 1)::timestamp AT TIME ZONE 'UTC'
"""
_DELETE_HOURS = [
    f"DELETE FROM {table} WHERE tenant_id = %(tenant)s AND hour < (%(day)s::date + 1)::timestamp AT TIME ZONE 'UTC'"
    for table in ("usage_hourly", "usage_outcomes")
]


class TotalsDiffer(Exception):
    """The events of a day do not match its totals, so pruning would lose some."""


def totals(connection: Connection, tenant_id: UUID | None, limit: int) -> list[Total]:
    """Calls of one tenant, or of the tenants with the most calls, in descending order."""
    with connection.cursor(row_factory=class_row(Total)) as cursor:
        return cursor.execute(_TOTALS, {"tenant": tenant_id, "limit": limit}).fetchall()


def differences(connection: Connection, tenant_id: UUID | None = None) -> list[Difference]:
    """The totals that do not match the raw events."""
    found: list[Difference] = []
    with connection.cursor(row_factory=class_row(Difference)) as cursor:
        for statement in (_WRONG_DAYS, _WRONG_HOURS, _WRONG_PRUNED):
            found += cursor.execute(statement, {"tenant": tenant_id}).fetchall()
    return sorted(found, key=lambda difference: (str(difference.tenant_id), *map(str, difference[1:5])))


def tenants_with_events(connection: Connection) -> list[UUID]:
    """The tenants that have raw events."""
    query = "SELECT id FROM tenants t WHERE EXISTS (SELECT FROM usage_events e WHERE e.tenant_id = t.id) ORDER BY id"
    return [tenant_id for (tenant_id,) in connection.execute(query)]


def tenants_with_answers(connection: Connection) -> list[UUID]:
    """The tenants that have stored answers of writes with an `Idempotency-Key`. Some of them have no raw events."""
    query = (
        "SELECT id FROM tenants t WHERE EXISTS (SELECT FROM idempotency_keys k WHERE k.tenant_id = t.id) ORDER BY id"
    )
    return [tenant_id for (tenant_id,) in connection.execute(query)]


def closed_before(connection: Connection, tenant_id: UUID | None) -> datetime | None:
    """The time before which the totals contain every event: the tenant's, or the earliest of all tenants with totals.

    None: there are no totals yet.
    """
    row = connection.execute(
        "SELECT min(closed_before) FILTER (WHERE closed_before > 'epoch') FROM usage_watermarks"
        " WHERE %(tenant)s::uuid IS NULL OR tenant_id = %(tenant)s",
        {"tenant": tenant_id},
    ).fetchone()
    return row[0] if row else None


def has_open_events(connection: Connection, tenant_id: UUID, before: date) -> bool:
    """Whether the tenant has events from before the day `before` that are in no total."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM usage_events e LEFT JOIN usage_watermarks w ON w.tenant_id = e.tenant_id"
        " WHERE e.tenant_id = %s AND e.created_at < %s::timestamp AT TIME ZONE 'UTC'"
        " AND (w.closed_before IS NULL OR e.created_at >= w.closed_before))",
        [tenant_id, before],
    ).fetchone()
    return bool(row and row[0])


def prunable_before(connection: Connection, tenant_id: UUID, before: date) -> date | None:
    """The day before which the tenant's events can be removed: at most `before`, the day of the totals' watermark and
    yesterday, because the count of the last 24 hours needs yesterday's events.

    None: there are no totals yet.
    """
    row = connection.execute(
        "SELECT least(%s::date, (closed_before AT TIME ZONE 'UTC')::date, (now() AT TIME ZONE 'UTC')::date - 1)"
        " FROM usage_watermarks WHERE tenant_id = %s",
        [before, tenant_id],
    ).fetchone()
    return row[0] if row else None


def events_before(connection: Connection, tenant_id: UUID, day: date) -> int:
    """The number of the tenant's raw events before the day (UTC)."""
    row = connection.execute(
        "SELECT count(*) FROM usage_events WHERE tenant_id = %s AND created_at < %s::timestamp AT TIME ZONE 'UTC'",
        [tenant_id, day],
    ).fetchone()
    return int(row[0]) if row else 0


def prune_a_day(connection: Connection, tenant_id: UUID, before: date) -> int | None:
    """Remove the events, hourly totals and outcomes of the tenant's oldest day before `before`.

    Returns the number of removed events; None: there is no such day. Each day is a short transaction. After each commit
    the free cap and the totals are the same as before.

    Raises:
        TotalsDiffer: the day's total is not the number of its events.
    """
    # The lock that the roll-up takes, too.
    connection.execute("SELECT FROM usage_watermarks WHERE tenant_id = %s FOR UPDATE", [tenant_id])
    row = connection.execute(
        "SELECT (min(created_at) AT TIME ZONE 'UTC')::date FROM usage_events WHERE tenant_id = %s", [tenant_id]
    ).fetchone()
    day: date | None = row[0] if row else None
    if day is None or day >= before:
        return None
    of_day = {"tenant": tenant_id, "day": day}
    total = connection.execute(
        "SELECT coalesce(sum(calls), 0) FROM usage_daily WHERE tenant_id = %(tenant)s AND day = %(day)s", of_day
    ).fetchone()
    removed = connection.execute(f"DELETE {_EVENTS_OF_A_DAY}", of_day).rowcount
    if total is None or total[0] != removed:
        raise TotalsDiffer(f"{day} has {removed} events of tenant {tenant_id}, but its total is {total and total[0]}")
    for delete in _DELETE_HOURS:
        connection.execute(delete, of_day)
    connection.execute(
        "UPDATE usage_watermarks SET pruned_before = %(day)s::date + 1, pruned_calls ="
        " (SELECT sum(calls) FROM usage_daily WHERE tenant_id = %(tenant)s AND day <= %(day)s)"
        " WHERE tenant_id = %(tenant)s",
        of_day,
    )
    return removed
