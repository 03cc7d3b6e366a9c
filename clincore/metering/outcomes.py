"""The outcomes of tenants' calls: counted in memory, and added to `usage_outcomes` once a minute.

A usage event is committed in the admission, when the outcome is not known. A second write per request would make each
request slower, so a worker that is killed loses the outcomes of the last minute. The number of calls stays exact.
"""

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from time import time
from typing import Self
from uuid import UUID

from clincore.db import tenant_session
from clincore.db.queries import usage_outcomes

EVERY_SECONDS = 60.0
CLOSE_SECONDS = 5.0
"""Limit on the time for the last write, when the service stops."""

_logger = logging.getLogger(__name__)


class Outcomes:
    """Counts the outcomes of one process. An async context manager, whose end writes what is left.

    It holds a few numbers for each tenant that had calls since the last write.
    """

    def __init__(self) -> None:
        # By the number of hours since 1970, and outcome.
        self._calls: dict[UUID, Counter[tuple[int, str]]] = {}
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def count(self, tenant_id: UUID, status: int) -> None:
        """Count a call that has ended with the status."""
        calls = self._calls.get(tenant_id)
        if calls is None:
            calls = self._calls[tenant_id] = Counter()
        calls[int(time()) // 3600, "429" if status == 429 else f"{status // 100}xx"] += 1

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        # Not cancelled: of a transaction that was cut off it is not known whether it has counted.
        self._closing.set()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._task
        except TimeoutError:
            _logger.warning("cannot write the last outcomes of calls within %g s", CLOSE_SECONDS)

    async def _run(self) -> None:
        is_last = False
        while not is_last:
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY_SECONDS):
                    await self._closing.wait()
            is_last = self._closing.is_set()
            await self._write()

    async def _write(self) -> None:
        failures = Counter[str]()
        for tenant_id in list(self._calls):
            calls = self._calls.pop(tenant_id)
            try:
                async with tenant_session(tenant_id) as session:
                    # Sorted, because several workers add to the same rows: in different orders they would deadlock.
                    for (hour, outcome), number in sorted(calls.items()):
                        usage_outcomes.add(session, datetime.fromtimestamp(3600 * hour, UTC), outcome, number)
            except Exception as error:
                # Added again in the next minute. If only the answer was lost, these calls are counted twice.
                self._calls.setdefault(tenant_id, Counter()).update(calls)
                failures[type(error).__qualname__] += 1
        for name, tenants in failures.items():
            _logger.warning("cannot write outcomes of calls: %s (%d tenants)", name, tenants)
