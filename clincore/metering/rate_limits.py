"""Rate limits of API keys: each worker leases requests in blocks from the database and spends them locally."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextvars import Context
from dataclasses import dataclass
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

from clincore import metrics
from clincore.db import tenant_session
from clincore.db.queries import rate_limits
from clincore.db.queries.rate_limits import WINDOW_SECONDS, Lease
from clincore.deadline import CURRENT, Deadline

LEASE_SECONDS = 1.0
"""Limit on the time for a lease. Then requests are accepted without one."""
LOCK_SECONDS = 0.25
"""Limit on a lease's wait for another transaction. Other workers lock the row for some milliseconds."""
OPEN_SECONDS = 1.0
"""How long requests are accepted after a lease has failed, before the next one is tried."""
KEYS_MAX = 4096

_logger = logging.getLogger(__name__)


class Taken(NamedTuple):
    """What is left of a key's limit after a request."""

    is_accepted: bool
    left: int | None
    """Requests that are left; None: not known, because the database did not answer."""
    more_in: float
    """Seconds until there are more."""


@dataclass(slots=True, eq=False)
class _Block:
    """The requests of a key that this worker has leased and not yet spent. Times are those of the clock."""

    calls: int = 0
    lapses_at: float = 0.0
    left: int = 0
    """Requests that could still be leased after the last lease."""
    more_at: float = 0.0
    refused_until: float = 0.0
    open_until: float = 0.0
    waiting: int = 0
    """Requests that wait for a lease."""
    leasing: asyncio.Task[None] | None = None


class RateLimits:
    """Limits the requests of each key in any 60 seconds, in all workers together.

    The database counts leases, so the limit can be exceeded only by requests that were leased earlier and spent later:
    at most one block per worker. A block is what the limit allows in a second, so leases of a key cost at most one
    write per second on average; a burst takes the leases of its minute early. When the limit is reached, the worker
    refuses requests without the database until it can have more.

    A fault of the database accepts requests instead of refusing them.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = monotonic,
        lease: Callable[[UUID, UUID, int, int], Coroutine[Any, Any, Lease]] | None = None,
    ) -> None:
        """`lease`: leases requests, given tenant, key, number and limit; by default from the database."""
        self._clock = clock
        self._lease = lease or _lease
        # By key and limit: when an admin changes the limit, a block of the former one is no longer spent.
        self._blocks: dict[tuple[UUID, int], _Block] = {}

    async def take(self, tenant_id: UUID, lineage_id: UUID, limit: int) -> Taken:
        """Count one request of the key. `limit`: its requests per minute."""
        block = self._blocks.get((lineage_id, limit))
        if block is None:
            block = self._add((lineage_id, limit))
        while True:
            now = self._clock()
            if block.calls and now < block.lapses_at:
                block.calls -= 1
                return Taken(True, block.calls + block.left, max(0.0, block.more_at - now))
            if now < block.open_until:
                if metrics.recorder is not None:
                    metrics.recorder.rate_limit_unchecked()
                return Taken(True, None, 0.0)
            if now < block.refused_until:
                return Taken(False, 0, block.refused_until - now)
            if block.leasing is None:
                # A task, because the first request may be cancelled while others wait. In an empty context, because
                # its deadline is not that of the request.
                block.leasing = asyncio.create_task(self._renew(block, tenant_id, lineage_id, limit), context=Context())
            block.waiting += 1
            try:
                await asyncio.shield(block.leasing)
            finally:
                block.waiting -= 1

    def _add(self, name: tuple[UUID, int]) -> _Block:
        if len(self._blocks) >= KEYS_MAX:
            # A block that is still in use is lost; its requests count as spent.
            del self._blocks[next(iter(self._blocks))]
        block = self._blocks[name] = _Block()
        return block

    async def _renew(self, block: _Block, tenant_id: UUID, lineage_id: UUID, limit: int) -> None:
        """Lease a block, or as much as the waiting requests need. The caller is one of them."""
        calls = max(-(-limit // WINDOW_SECONDS), block.waiting)
        try:
            async with asyncio.timeout(LEASE_SECONDS):
                lease = await self._lease(tenant_id, lineage_id, calls, limit)
        except Exception as error:
            _logger.warning("cannot check a rate limit: %s", type(error).__qualname__)
            block.open_until = self._clock() + OPEN_SECONDS
            return
        finally:
            block.leasing = None
        now = self._clock()
        block.calls, block.left = lease.granted, lease.left
        block.lapses_at = now + WINDOW_SECONDS
        block.more_at = now + lease.more_in
        if not lease.granted:
            block.refused_until = block.more_at


async def _lease(tenant_id: UUID, lineage_id: UUID, calls: int, limit: int) -> Lease:
    now = asyncio.get_running_loop().time()
    deadline = Deadline(now)
    deadline.locks_at = now + LOCK_SECONDS
    CURRENT.set(deadline)
    async with tenant_session(tenant_id) as session:
        return await rate_limits.lease(session, lineage_id, calls=calls, limit=limit)
