"""Numbers the changes of cases in the background, for the change feeds of tenants."""

import asyncio
import logging
import time
from collections import Counter
from typing import NamedTuple
from uuid import UUID

from clincore.db import tenant_session
from clincore.db.errors import NodeDown
from clincore.db.queries import changes

PAUSE_SECONDS = 0.25
"""Between two rounds: a case that changes several times meanwhile gets one number."""
BACKLOG_PAUSE_SECONDS = 0.02
PAUSE_SECONDS_MAX = 30.0
"""Between two rounds of a tenant that fail. Other tenants do not wait for it."""
NODE_PAUSE_SECONDS = 2.0
"""The same while the tenant's Citus node does not answer, which a round learns without a query."""
SLICE = 500
"""Changes numbered in one transaction. Writes of the same cases wait for it."""

_logger = logging.getLogger(__name__)


class _Retry(NamedTuple):
    """When a tenant's numbering is tried again after a failure, and how long that is after the last attempt."""

    seconds: float
    due_at: float


class Numberer:
    """Numbers the changes of the tenants for which `wake` is called."""

    def __init__(self) -> None:
        # By tenant, when it began to wait for its numbers.
        self._waiting: dict[UUID, float] = {}
        self._round: dict[UUID, float] = {}
        self._retries: dict[UUID, _Retry] = {}
        """Of tenants whose last round failed."""
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
            self._begin_round()
            has_backlog = False
            failures = Counter[str]()
            for tenant_id in list(self._round):
                try:
                    found, has_more = await number(tenant_id)
                except Exception as error:
                    found, has_more = 0, True
                    failures[type(error).__qualname__] += 1
                    self._retry_later(tenant_id, error)
                else:
                    self._retries.pop(tenant_id, None)
                has_backlog = has_backlog or found == SLICE
                since = self._round.pop(tenant_id)
                if has_more:
                    self._waiting[tenant_id] = since
            for name, tenants in failures.items():
                _logger.warning("cannot number changes of cases of %d tenants: %s", tenants, name)
            if self._waiting:
                self._woken.set()
            pause = BACKLOG_PAUSE_SECONDS if has_backlog else PAUSE_SECONDS

    def _begin_round(self) -> None:
        """Move the tenants that wait into the next round, except those that failed a short time ago."""
        now = time.monotonic()
        for tenant_id, since in list(self._waiting.items()):
            retry = self._retries.get(tenant_id)
            if retry is None or retry.due_at <= now:
                self._round[tenant_id] = since
                del self._waiting[tenant_id]

    def _retry_later(self, tenant_id: UUID, error: Exception) -> None:
        # After the node's return, its tenants' feeds should not wait for long.
        longest = NODE_PAUSE_SECONDS if isinstance(error, NodeDown) else PAUSE_SECONDS_MAX
        last = self._retries.get(tenant_id)
        seconds = min(PAUSE_SECONDS if last is None else 2 * last.seconds, longest)
        self._retries[tenant_id] = _Retry(seconds, time.monotonic() + seconds)


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
