"""Background work for the tenants whose requests this process admits.

Usage events are rolled up into totals, and stored answers of writes with an `Idempotency-Key` are removed after a day.
"""

import asyncio
import logging
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from uuid import UUID

import psycopg

from clincore.db import tenant_session
from clincore.db.queries import idempotency_keys, usage_totals

EVERY_SECONDS = 60.0
STEP = timedelta(minutes=5)
GRACE = timedelta(minutes=5)
"""How long after its `created_at`, the start of its transaction, an event may be committed. The service's transactions
end within seconds."""
SPAN_MAX = timedelta(days=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

_logger = logging.getLogger(__name__)


class RollUp:
    """For the tenants that had events in this process: updates their totals, and removes their old stored answers."""

    def __init__(self) -> None:
        self.active_tenants: set[UUID] = set()
        """Tenants with events that are in no total yet."""
        self._removals: dict[UUID, datetime] = {}
        """By tenant: when it may next have stored answers that are no longer kept."""
        self._succeeded_at = monotonic()

    def lag(self) -> float:
        """Seconds since the last roll-up in which no tenant failed, or since the start."""
        return monotonic() - self._succeeded_at

    async def run(self) -> None:
        """Do both once a minute, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            tenants, self.active_tenants = self.active_tenants, set()
            failures = Counter[str]()
            for tenant_id in tenants:
                self._removals.setdefault(tenant_id, _BEGINNING)
                try:
                    if await roll_up(tenant_id):
                        self.active_tenants.add(tenant_id)
                except Exception as error:
                    # Retried in the next minute. Until then queries count these events one by one, which is slower.
                    self.active_tenants.add(tenant_id)
                    failures[f"update usage totals: {type(error).__qualname__}"] += 1
            for tenant_id in [tenant for tenant, due in self._removals.items() if due <= datetime.now(UTC)]:
                try:
                    self._removals[tenant_id] = await remove_expired(tenant_id)
                except Exception as error:
                    failures[f"remove stored answers: {type(error).__qualname__}"] += 1
            for failure, times in failures.items():
                _logger.warning("cannot %s (%d tenants)", failure, times)
            if not failures:
                self._succeeded_at = monotonic()


async def remove_expired(tenant_id: UUID) -> datetime:
    """Remove the tenant's stored answers that are no longer kept. Returns when the next removal is due.

    Raises what `Session` raises.
    """
    removed = idempotency_keys.REMOVED_AT_ONCE
    while removed == idempotency_keys.REMOVED_AT_ONCE:
        # Short transactions, because each holds the locks of its rows.
        async with tenant_session(tenant_id) as session:
            removed = await idempotency_keys.remove_expired(session)
            oldest = await idempotency_keys.oldest(session)
    return (oldest or datetime.now(UTC)) + timedelta(hours=idempotency_keys.HOURS_KEPT)


async def roll_up(tenant_id: UUID) -> bool:
    """Add all events that are old enough to the tenant's totals. True: there are younger events.

    Raises what `Session` raises.
    """
    span = SPAN_MAX
    while True:
        try:
            closed, has_younger = await _close(tenant_id, span)
        except psycopg.errors.QueryCanceled:
            # Too many events to count within `statement_timeout`: take a shorter span.
            if span <= STEP:
                raise
            span = max(STEP, span / 12)
        else:
            if not closed:
                return has_younger


async def _close(tenant_id: UUID, span: timedelta) -> tuple[bool, bool]:
    """Add the next `span` of events to the totals and move the watermark, in one transaction.

    Returns whether events were added, and whether there are events that are too young.
    """
    async with tenant_session(tenant_id) as session:
        closed_before = await usage_totals.lock_watermark(session, _BEGINNING)
        if closed_before is None:
            return False, False
        now, first = await usage_totals.open_events(session, closed_before)
        target = _floor(now - GRACE)
        if first is None or first >= target:
            return False, first is not None
        # Skip idle time: there are no events before `first`.
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
