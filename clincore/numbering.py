"""Numbers the changes of cases in the background, for the change feeds of tenants."""

import asyncio
import logging
import time
from uuid import UUID

from clincore.db import tenant_session
from clincore.db.queries import changes

PAUSE_SECONDS = 0.25
"""Between two rounds: a case that changes several times meanwhile gets one number."""
BACKLOG_PAUSE_SECONDS = 0.02
PAUSE_SECONDS_MAX = 30.0
"""While rounds fail."""
SLICE = 500
"""Changes numbered in one transaction. Writes of the same cases wait for it."""

_logger = logging.getLogger(__name__)


class Numberer:
    """Numbers the changes of the tenants for which `wake` is called."""

    def __init__(self) -> None:
        # By tenant, when it began to wait for its numbers.
        self._waiting: dict[UUID, float] = {}
        self._round: dict[UUID, float] = {}
        self._woken = asyncio.Event()

    def wake(self, tenant_id: UUID) -> None:
        """Number the tenant's committed changes soon."""
        self._waiting.setdefault(tenant_id, time.monotonic())
        self._woken.set()

    def lag(self) -> float:
        """Seconds for which a tenant has been waiting for its numbers; of the one that waits longest, or 0."""
        waiting = [*self._waiting.values(), *self._round.values()]
        return time.monotonic() - min(waiting) if waiting else 0.0

    async def run(self) -> None:
        """Work until cancelled."""
        pause = PAUSE_SECONDS
        while True:
            await self._woken.wait()
            await asyncio.sleep(pause)
            self._woken.clear()
            self._round, self._waiting = self._waiting, {}
            has_backlog = has_failed = False
            for tenant_id in list(self._round):
                try:
                    found, has_more = await number(tenant_id)
                except Exception as error:
                    found, has_more = 0, True
                    has_failed = True
                    _logger.warning("cannot number changes of cases: %s", type(error).__qualname__)
                has_backlog = has_backlog or found == SLICE
                since = self._round.pop(tenant_id)
                if has_more:
                    self._waiting[tenant_id] = since
                    self._woken.set()
            if has_failed:
                pause = min(2 * pause, PAUSE_SECONDS_MAX)
            else:
                pause = BACKLOG_PAUSE_SECONDS if has_backlog else PAUSE_SECONDS


async def number(tenant_id: UUID) -> tuple[int, bool]:
    """Number up to `SLICE` of the tenant's committed changes, in one transaction.

    Returns how many there were, and whether there are more.

    Raises what `Session` raises.
    """
    async with tenant_session(tenant_id) as session:
        last = await changes.lock_feed(session)
        if last is None:
            return 0, False
        # At least the time in microseconds: after a backup was restored, the feed continues beyond all positions that
        # clients may have received since the backup.
        return await changes.number(session, max(last, time.time_ns() // 1000), SLICE)
