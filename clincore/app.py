"""The ASGI application. Importing this module does no I/O: everything starts with the lifespan."""

import gc
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, contextmanager
from typing import TYPE_CHECKING

from clincore import metrics, tracing
from clincore.errors import StartupError
from clincore.signals import exiting_at_once

if TYPE_CHECKING:
    from clincore.openapi import App, Receive, Scope, Send
    from clincore.startup import Prepared

FRAMES_MAX = 12
"""Stack frames in the one line about an error at the start."""


class Application:
    """The contract's operations on a database, from the lifespan's start to its end.

    The start prepares the database, compiles the contract and opens the `Runtime`. When it fails, the server gets one
    line that says what to do.
    """

    def __init__(self, prepare: "Callable[[], AbstractContextManager[Prepared]] | None" = None) -> None:
        """`prepare`: provides database and settings; by default from the process's environment."""
        self._prepare = prepare
        self._operations: App | None = None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif self._operations is None:
            raise RuntimeError("ClinCore has not started: the ASGI server must run the lifespan before it serves")
        else:
            await self._operations(scope, receive, send)

    async def _lifespan(self, receive: "Receive", send: "Send") -> None:
        await receive()
        async with AsyncExitStack() as stack:
            try:
                with _frozen_objects():
                    operations = await self._start(stack)
            except Exception as error:
                await send({"type": "lifespan.startup.failed", "message": _describe(error)})
                return
            self._operations = operations
            stack.callback(setattr, self, "_operations", None)
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self, stack: AsyncExitStack) -> "App":
        # This blocks the event loop, so uvicorn cannot react to a signal; the handler must.
        with exiting_at_once():
            from clincore.operations import compile_operations
            from clincore.runtime import Runtime
            from clincore.startup import prepare_worker

            # First, because what follows looks for the recorder.
            metrics.start()
            stack.callback(tracing.stop)
            tracing.start()
            prepared = stack.enter_context((self._prepare or prepare_worker)())
            operations = compile_operations(prepared.cors_origins)
        runtime = Runtime(
            prepared.app_url,
            bootstrap_token=prepared.bootstrap_token,
            signing_key=prepared.signing_key,
            is_distributed=prepared.is_distributed,
        )
        await stack.enter_async_context(runtime)
        return operations


@contextmanager
def _frozen_objects() -> Iterator[None]:
    """Make garbage collection ignore what the block makes, because it lives as long as the process.

    Collections would look through it while the worker starts, and later while requests wait.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.collect()
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def _describe(error: Exception) -> str:
    if isinstance(error, StartupError):
        return f"clincore: {error}"
    # The text of another exception can carry stored data, so only its place is shown.
    frames = reversed(traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:])
    where = " <- ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    return f"clincore: start-up failed with {type(error).__qualname__} at {where}"
