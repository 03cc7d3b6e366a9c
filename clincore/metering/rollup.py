"""Totals of usage events, moved on in the background: each process for the tenants whose requests it admits."""

import asyncio
import logging
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from uuid import UUID

import psycopg

from clincore.db import tenant_session
from clincore.db.queries import usage_totals

EVERY_SECONDS = 60.0
STEP = timedelta(minutes=5)
GRACE = timedelta(minutes=5)
"""How much later than its `created_at`, the start of its transaction, an event may be committed. The service's own
transactions end within seconds."""
SPAN_MAX = timedelta(days=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

_logger = logging.getLogger(__name__)


class RollUp:
    """Moves on the totals of the tenants that had events in this process."""

    def __init__(self) -> None:
        self.active_tenants: set[UUID] = set()
        """Tenants that have events which are in no total yet."""
        self._went_well_at = monotonic()

    def lag(self) -> float:
        """Seconds since the last time that no tenant's totals stood still, or since the start."""
        return monotonic() - self._went_well_at

    async def run(self) -> None:
        """Once a minute, until it is cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            tenants, self.active_tenants = self.active_tenants, set()
            went_well = True
            for tenant_id in tenants:
                try:
                    if await roll_up(tenant_id):
                        self.active_tenants.add(tenant_id)
                except Exception as error:
                    # The totals stand still until the next minute, which costs time and nothing else.
                    self.active_tenants.add(tenant_id)
                    went_well = False
                    _logger.warning("usage totals stand still: %s", type(error).__qualname__)
            if went_well:
                self._went_well_at = monotonic()


async def roll_up(tenant_id: UUID) -> bool:
    """Close what is old enough; whether there are events that are not.

    Raises what a session raises where it sends.
    """
    span = SPAN_MAX
    while True:
        try:
            closed, has_younger = await _close(tenant_id, span)
        except psycopg.errors.QueryCanceled:
            # More events than can be counted in the time of a statement: fewer at a time.
            if span <= STEP:
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
        closed_before = await usage_totals.lock_watermark(session, _BEGINNING)
        if closed_before is None:
            return False, False
        now, first = await usage_totals.open_events(session, closed_before)
        target = _floor(now - GRACE)
        if first is None or first >= target:
            return False, first is not None
        # Idle times are skipped: before `first` there is nothing to add.
        start = max(_floor(first), closed_before)
        end = min(start + span, target)
        hours, days = Counter[tuple[datetime, str, UUID]](), Counter[tuple[date, str, UUID]]()
        for hour, endpoint, key_id, calls in await usage_totals.count(session, start, end):
            hours[hour, endpoint, key_id] += calls
            days[hour.date(), endpoint, key_id] += calls
        usage_totals.add(session, hours, days, closed_before=end)
        return True, True


def _floor(moment: datetime) -> datetime:
    return moment - (moment - _BEGINNING) % STEP
