"""What one worker process holds open, from the start of the ASGI lifespan to its end.

It is the only state of a process that requests share.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from contextlib import AsyncExitStack
from multiprocessing.connection import wait
from pathlib import Path
from typing import Self

from clincore import logs, metrics
from clincore.backoff import Backoff
from clincore.db.labels import label_statements
from clincore.db.session import close_pool, count_connections, open_pool
from clincore.exports import Exports
from clincore.metering.admission import AdmissionQueue
from clincore.metering.rollup import RollUp
from clincore.records.signing_key import SigningKeyFile
from clincore.verifier import Verifier

_current: "Runtime | None" = None


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
