"""Places for exports: each holds a connection to the database for as long as its client reads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

EXPORTS_MAX = 8
"""Of one worker."""
TENANT_EXPORTS_MAX = 2
"""Of them, so that slow readers of one tenant leave some to the others."""
WAIT_SECONDS = 1.0


class TooManyTenantExports(TimeoutError):
    """The tenant has as many exports under way as it may."""


class Exports:
    """The places of one worker."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(EXPORTS_MAX)
        self._of_tenants = WeakValueDictionary[UUID, asyncio.Semaphore]()
        """The share of each tenant that has a place or waits for one, whose exports keep it."""

    @asynccontextmanager
    async def slot(self, tenant_id: UUID) -> AsyncIterator[None]:
        """A place for an export of the tenant, until the end of the block.

        Raises:
            TooManyTenantExports: the tenant has had as many as it may for too long.
            TimeoutError: all places were taken for too long.
        """
        share = self._of_tenants.setdefault(tenant_id, asyncio.Semaphore(TENANT_EXPORTS_MAX))
        async with _one_of(share, TooManyTenantExports()), _one_of(self._places, TimeoutError()):
            yield


@asynccontextmanager
async def _one_of(places: asyncio.Semaphore, error: TimeoutError) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await places.acquire()
    except TimeoutError:
        raise error from None
    try:
        yield
    finally:
        places.release()
