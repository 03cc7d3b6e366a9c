"""Queries that update the totals of usage events: `usage_hourly`, `usage_daily`, `usage_watermarks`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from clincore.db.models import Tenant, UsageDay, UsageEvent, UsageHour, UsageWatermark
from clincore.db.queries.conditions import TENANT
from clincore.db.session import Session
from clincore.db.statements import NoRow, Statement


class Watermark(NamedTuple):
    """The time before which the totals contain every event."""

    closed_before: datetime


class OpenEvents(NamedTuple):
    """The transaction's time, and the time of the oldest event that is in no total."""

    now: datetime
    first: datetime | None


class HourCalls(NamedTuple):
    """Calls of one hour, path template and key."""

    hour: datetime
    endpoint: str
    key_id: UUID
    calls: int


_START = bindparam("start", type_=UsageEvent.created_at.type)
_END = bindparam("end", type_=UsageEvent.created_at.type)

# Nothing of a suspended tenant is written, so that it can be exported and deleted.
_is_active = (Tenant.id == TENANT, Tenant.suspended_at.is_(None))
_LOCK = Statement(
    select(UsageWatermark.closed_before)
    .where(UsageWatermark.tenant_id == TENANT, select(Tenant.id).where(*_is_active).exists())
    .with_for_update(skip_locked=True),
    Watermark,
)
_BEGIN = Statement(
    pg_insert(UsageWatermark)
    # Selects from the tenant, so that nothing is written for a tenant that an operator has removed.
    .from_select(["tenant_id", "closed_before"], select(Tenant.id, _START).where(*_is_active))
    .on_conflict_do_nothing()
    .returning(UsageWatermark.closed_before),
    Watermark,
)
_OPEN_EVENTS = Statement(
    select(func.now().label("now"), func.min(UsageEvent.created_at).label("first")).where(
        UsageEvent.tenant_id == TENANT, UsageEvent.created_at >= _START
    ),
    OpenEvents,
)
_hour = func.date_trunc("hour", UsageEvent.created_at, "UTC").label("hour")
_COUNT = Statement(
    select(_hour, UsageEvent.endpoint, UsageEvent.api_key_id.label("key_id"), func.count().label("calls"))
    .where(UsageEvent.tenant_id == TENANT, UsageEvent.created_at >= _START, UsageEvent.created_at < _END)
    .group_by(_hour, UsageEvent.endpoint, UsageEvent.api_key_id),
    HourCalls,
)
_CLOSE = Statement(update(UsageWatermark).where(UsageWatermark.tenant_id == TENANT).values(closed_before=_END), NoRow)


def _add_to(table: type[UsageHour] | type[UsageDay], column: str) -> Statement[NoRow]:
    added = pg_insert(table).values(
        tenant_id=TENANT,
        **{column: bindparam("start")},
        endpoint=bindparam("endpoint"),
        api_key_id=bindparam("key_id"),
        calls=bindparam("calls"),
    )
    statement = added.on_conflict_do_update(
        index_elements=["tenant_id", column, "endpoint", "api_key_id"],
        set_={"calls": table.calls + added.excluded.calls},
    )
    return Statement(statement.inline(), NoRow)


_ADD_TO_HOUR = _add_to(UsageHour, "hour")
_ADD_TO_DAY = _add_to(UsageDay, "day")


async def lock_watermark(session: Session, first: datetime) -> datetime | None:
    """Lock the tenant's watermark until the transaction ends, and return it; a new one is set to `first`.

    None: another transaction holds the lock, or there is no such tenant, or it is suspended.
    """
    rows = await session.fetch(_LOCK) or await session.fetch(_BEGIN, start=first)
    return rows[0].closed_before if rows else None


async def open_events(session: Session, closed_before: datetime) -> OpenEvents:
    """The events that are in no total yet."""
    (found,) = await session.fetch(_OPEN_EVENTS, start=closed_before)
    return found


async def count(session: Session, start: datetime, end: datetime) -> list[HourCalls]:
    """The number of events from `start` (inclusive) to `end` (exclusive), by hour (UTC), path template and key."""
    return await session.fetch(_COUNT, start=start, end=end)


def add(
    session: Session,
    hours: Mapping[tuple[datetime, str, UUID], int],
    days: Mapping[tuple[date, str, UUID], int],
    *,
    closed_before: datetime,
) -> None:
    """Add calls to the totals and move the watermark, with the next statement."""
    for (hour, endpoint, key_id), calls in hours.items():
        session.queue(_ADD_TO_HOUR, start=hour, endpoint=endpoint, key_id=key_id, calls=calls)
    for (day, endpoint, key_id), calls in days.items():
        session.queue(_ADD_TO_DAY, start=day, endpoint=endpoint, key_id=key_id, calls=calls)
    session.queue(_CLOSE, end=closed_before)
