"""Totals of usage events, moved on in the background: each process for the tenants whose requests it admits."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from clincore.db.models import UsageDay, UsageEvent, UsageHour, UsageWatermark
from clincore.db.session import tenant_session

EVERY_SECONDS = 60.0
STEP = timedelta(minutes=5)
GRACE = timedelta(minutes=5)
"""How much later than its `created_at`, the start of its transaction, an event may be committed. The service's own
transactions end within seconds."""
SPAN_MAX = timedelta(days=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

_logger = logging.getLogger(__name__)
_active: set[UUID] = set()


def note(tenant_id: UUID) -> None:
    """Remember that the tenant has a new event."""
    _active.add(tenant_id)


async def run() -> None:
    """Once a minute, for ever: move on the totals of the tenants that had events."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        tenants = list(_active)
        _active.clear()
        for tenant_id in tenants:
            try:
                if await roll_up(tenant_id):
                    note(tenant_id)
            except Exception as error:
                # The totals stand still until the next minute, which costs time and nothing else.
                note(tenant_id)
                _logger.warning("usage totals stand still: %s", type(error).__qualname__)


async def roll_up(tenant_id: UUID) -> bool:
    """Close what is old enough; whether there are events that are not.

    Raises as `tenant_session` does.
    """
    span = SPAN_MAX
    while True:
        try:
            closed, has_younger = await _close(tenant_id, span)
        except OperationalError as error:
            # More events than can be counted in the time of a statement: fewer at a time.
            if getattr(error.orig, "sqlstate", None) != "57014" or span <= STEP:
                raise
            span = max(STEP, span / 12)
        else:
            if not closed:
                return has_younger


async def _close(tenant_id: UUID, span: timedelta) -> tuple[bool, bool]:
    """Add the next `span` of events to the totals and move the watermark, in one transaction.

    Whether there was something to close, and whether there are events that are too young.
    """
    async with tenant_session(tenant_id) as session:
        closed_before = await _locked_watermark(session, tenant_id)
        if closed_before is None:
            return False, False
        now, first = (
            await session.execute(
                select(func.now(), func.min(UsageEvent.created_at)).where(
                    UsageEvent.tenant_id == tenant_id, UsageEvent.created_at >= closed_before
                )
            )
        ).one()
        target = _floor(now - GRACE)
        if first is None or first >= target:
            return False, first is not None
        # Idle times are leapt over: before `first` there is nothing to add.
        start = max(_floor(first), closed_before)
        end = min(start + span, target)
        hour = func.date_trunc("hour", UsageEvent.created_at, "UTC")
        counted = await session.execute(
            select(hour, UsageEvent.endpoint, UsageEvent.api_key_id, func.count())
            .where(UsageEvent.tenant_id == tenant_id, UsageEvent.created_at >= start, UsageEvent.created_at < end)
            .group_by(hour, UsageEvent.endpoint, UsageEvent.api_key_id)
        )
        hours, days = Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]]()
        for began, endpoint, key_id, calls in counted:
            hours[began, endpoint, key_id] += calls
            days[began.date(), endpoint, key_id] += calls
        await _add(session, tenant_id, UsageHour, "hour", hours)
        await _add(session, tenant_id, UsageDay, "day", days)
        await session.execute(
            update(UsageWatermark).where(UsageWatermark.tenant_id == tenant_id).values(closed_before=end)
        )
        return True, True


async def _locked_watermark(session: AsyncConnection, tenant_id: UUID) -> datetime | None:
    """The tenant's watermark, which nobody else moves meanwhile; None when somebody is just moving it."""
    watermark = select(UsageWatermark.closed_before).where(UsageWatermark.tenant_id == tenant_id)
    locked = (await session.execute(watermark.with_for_update(skip_locked=True))).scalar_one_or_none()
    if locked is not None:
        return locked
    first = pg_insert(UsageWatermark).values(tenant_id=tenant_id, closed_before=_BEGINNING)
    inserted = first.on_conflict_do_nothing().returning(UsageWatermark.closed_before)
    return (await session.execute(inserted)).scalar_one_or_none()


async def _add(
    session: AsyncConnection,
    tenant_id: UUID,
    table: type[UsageHour] | type[UsageDay],
    column: str,
    counted: Mapping[tuple[Any, ...], int],
) -> None:
    rows = [
        {"tenant_id": tenant_id, column: start, "endpoint": endpoint, "api_key_id": key_id, "calls": calls}
        for (start, endpoint, key_id), calls in counted.items()
    ]
    new = pg_insert(table)
    # Row by row in one go: a statement of all rows takes longer to put together than to execute.
    await session.execute(
        new.on_conflict_do_update(
            index_elements=["tenant_id", column, "endpoint", "api_key_id"],
            set_={"calls": table.calls + new.excluded.calls},
        ),
        rows,
    )


def _floor(moment: datetime) -> datetime:
    return moment - (moment - _BEGINNING) % STEP
