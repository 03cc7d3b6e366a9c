"""The resources of one worker process, open for the duration of the ASGI lifespan.

They are the only state of a process that requests share.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from contextlib import AsyncExitStack
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from clincore import logs, metrics, tracing
from clincore.backoff import Backoff
from clincore.db.labels import label_statements
from clincore.db.session import POOL_SIZE, close_pool, count_connections, open_pool
from clincore.exports import Exports
from clincore.gate import Gate
from clincore.metering.admission import AdmissionQueue
from clincore.metering.outcomes import Outcomes
from clincore.metering.rate_limits import RateLimits
from clincore.metering.rollup import RollUp
from clincore.numbering import Numberer
from clincore.records.signing_key import SigningKeyFile
from clincore.records.units import KnownUnits
from clincore.replacement import replace_worker
from clincore.verifier import Verifier

_current: "Runtime | None" = None


class Runtime:
    """The pool, admission, background tasks, signing key, verifier and bootstrap token of one worker.

    An async context manager. A process can have only one open at a time.
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

        `is_distributed`: whether the tables are distributed over Citus nodes.
        """
        self._app_url = app_url
        self._is_distributed = is_distributed
        self.bootstrap_token = bootstrap_token
        """The token that `POST /bootstrap` requires; None disables the operation."""
        self.signing_key = SigningKeyFile(signing_key)
        self._roll_up = RollUp()
        self.admission = AdmissionQueue(self._roll_up, is_distributed=is_distributed)
        self.outcomes = Outcomes()
        self.numberer = Numberer()
        self.rate_limits = RateLimits()
        self.gate = Gate(2 * POOL_SIZE)
        self.exports = Exports()
        self.backoff = Backoff()
        self.verifier = Verifier()
        self.units = KnownUnits()

    async def __aenter__(self) -> Self:
        global _current
        if _current is not None:
            raise RuntimeError("this process already has an open Runtime")
        async with AsyncExitStack() as stack:
            open_pool(self._app_url, is_distributed=self._is_distributed)
            stack.callback(close_pool)
            stack.callback(self.verifier.close)
            await stack.enter_async_context(self.outcomes)
            for background in (self._roll_up, self.numberer):
                stack.push_async_callback(_cancel, asyncio.create_task(background.run()))
            if metrics.recorder is not None or tracing.recorder is not None:
                label_statements()
            if metrics.recorder is not None:
                sample = metrics.recorder.sample(
                    count_connections, lambda: self.gate.limit, self._roll_up.lag, self.numberer.lag, logs.dropped
                )
                sampling = asyncio.create_task(sample)
                stack.push_async_callback(_cancel, sampling)
            _end_with_parent()
            asyncio.get_running_loop().set_exception_handler(_on_exception)
            stack.callback(logs.flush)
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


def count_outcome(tenant_id: UUID, status: int) -> None:
    """Count a call of the tenant that has ended with the status. Does nothing when no Runtime is open."""
    if _current is not None:
        _current.outcomes.count(tenant_id, status)


def wake_numberer(tenant_id: UUID) -> None:
    """Number the tenant's committed changes soon. Does nothing when no Runtime is open."""
    if _current is not None:
        _current.numberer.wake(tenant_id)


def _on_exception(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Handle an exception of a callback, such as one that receives data and finds no memory for it."""
    if isinstance(context.get("exception"), MemoryError):
        replace_worker()
    loop.default_exception_handler(context)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _end_with_parent() -> None:
    """Stop this worker when its parent is killed: it would keep the port occupied."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def stop() -> None:
        # A thread, because on Windows an event loop cannot wait for a process.
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=stop, daemon=True).start()
