"""Slots for exports. An export holds a database connection for as long as its client reads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

EXPORTS_MAX = 8
"""Slots of one worker."""
TENANT_EXPORTS_MAX = 2
"""Slots that one tenant can hold, so slow readers of one tenant leave some for others."""
WAIT_SECONDS = 1.0


class TooManyTenantExports(TimeoutError):
    """The tenant has reached its limit of concurrent exports."""


class Exports:
    """The slots of one worker."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(EXPORTS_MAX)
        self._of_tenants = WeakValueDictionary[UUID, asyncio.Semaphore]()
        """By tenant; the exports that hold or await a slot keep the entry alive."""

    @asynccontextmanager
    async def slot(self, tenant_id: UUID) -> AsyncIterator[None]:
        """Hold a slot for an export of the tenant until the end of the block.

        Raises:
            TooManyTenantExports: the tenant's slots were not free within `WAIT_SECONDS`.
            TimeoutError: the worker's slots were not free within `WAIT_SECONDS`.
        """
        of_tenant = self._of_tenants.setdefault(tenant_id, asyncio.Semaphore(TENANT_EXPORTS_MAX))
        async with _slot_of(of_tenant, TooManyTenantExports()), _slot_of(self._slots, TimeoutError()):
            yield


@asynccontextmanager
async def _slot_of(slots: asyncio.Semaphore, error: TimeoutError) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await slots.acquire()
    except TimeoutError:
        raise error from None
    try:
        yield
    finally:
        slots.release()
