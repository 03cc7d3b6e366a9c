"""What one worker process holds open, from the start of the ASGI lifespan to its end.

It is the only state of a process that requests share.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from multiprocessing.connection import wait
from pathlib import Path
from typing import Self
from uuid import UUID

from clincore import logs, metrics
from clincore.backoff import Backoff
from clincore.db.labels import label_statements
from clincore.db.session import close_pool, count_connections, open_pool
from clincore.metering.admission import AdmissionQueue
from clincore.metering.rollup import RollUp
from clincore.records.signing_key import SigningKeyFile
from clincore.verifier import Verifier

EXPORTS_MAX = 8
TENANT_EXPORTS_MAX = 2
"""Of them, so that slow readers of one tenant leave some to the others."""
EXPORT_WAIT_SECONDS = 1.0

_current: "Runtime | None" = None


class ExportsOfTenant(TimeoutError):
    """The tenant has as many exports under way as it may."""


class Exports:
    """Places for the exports of one worker: each holds a connection for as long as its client reads."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(EXPORTS_MAX)
        self._of_tenants: dict[UUID, tuple[asyncio.Semaphore, list[None]]] = {}
        """Of each tenant that has or waits for a place: its share, and one entry for each of its exports."""

    @asynccontextmanager
    async def place(self, tenant_id: UUID) -> AsyncIterator[None]:
        """A place for an export of the tenant, until the end of the block.

        Raises:
            ExportsOfTenant: the tenant has had as many as it may for too long.
            TimeoutError: all places were taken for too long.
        """
        share, users = self._of_tenants.setdefault(tenant_id, (asyncio.Semaphore(TENANT_EXPORTS_MAX), []))
        users.append(None)
        try:
            await _acquire(share, ExportsOfTenant())
            try:
                await _acquire(self._places, TimeoutError())
                try:
                    yield
                finally:
                    self._places.release()
            finally:
                share.release()
        finally:
            users.pop()
            if not users:
                del self._of_tenants[tenant_id]


async def _acquire(places: asyncio.Semaphore, error: TimeoutError) -> None:
    try:
        async with asyncio.timeout(EXPORT_WAIT_SECONDS):
            await places.acquire()
    except TimeoutError:
        raise error from None


class Runtime:
    """The database pool, admission, the roll-up of usage, the signing key, the verifier and the bootstrap token.

    All of one worker. It is open between `async with` and its end. A process has one at a time.
    """

    def __init__(
        self,
        app_url: str,
        *,
        bootstrap_token: str | None = None,
        signing_key: Path | None = None,
        is_distributed: bool = False,
    ) -> None:
        """`app_url`: the service's login, as `postgresql+psycopg://...`. `signing_key`: the file of the private key.

        `is_distributed`: the database's tables are spread over nodes of Citus.
        """
        self._app_url = app_url
        self.bootstrap_token = bootstrap_token
        """What `POST /bootstrap` asks for; None disables it."""
        self.signing_key = SigningKeyFile(signing_key)
        self._roll_up = RollUp()
        self.admission = AdmissionQueue(self._roll_up, is_distributed=is_distributed)
        self.exports = Exports()
        self.backoff = Backoff()
        self.verifier = Verifier()

    async def __aenter__(self) -> Self:
        global _current
        if _current is not None:
            raise RuntimeError("this process has an open Runtime already")
        async with AsyncExitStack() as stack:
            open_pool(self._app_url)
            stack.callback(close_pool)
            stack.callback(self.verifier.close)
            rolling_up = asyncio.create_task(self._roll_up.run())
            stack.push_async_callback(_cancel, rolling_up)
            if metrics.recorder is not None:
                label_statements()
                sampling = asyncio.create_task(metrics.recorder.sample(count_connections, self._roll_up.lag))
                stack.push_async_callback(_cancel, sampling)
            _end_with_parent()
            stack.callback(logs.flush)
            # What exists now stays: a full collection would visit all of it, and hold up every request meanwhile.
            gc.collect()
            gc.freeze()
            self._stack = stack.pop_all()
        _current = self
        return self

    async def __aexit__(self, *_: object) -> None:
        global _current
        _current = None
        await self._stack.aclose()


def current() -> Runtime:
    """The open Runtime of this process.

    Raises:
        RuntimeError: none is open.
    """
    if _current is None:
        raise RuntimeError("no Runtime is open: the ASGI server must run the lifespan")
    return _current


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _end_with_parent() -> None:
    """Stop this worker when its uvicorn was killed: it would keep the port from the next one."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def stop() -> None:
        # On Windows an event loop cannot wait for a process.
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=stop, daemon=True).start()
