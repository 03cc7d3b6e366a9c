"""The application: contract, handlers, database, log."""

import asyncio
import gc
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from clincore import logs, security
from clincore.db import errors
from clincore.db.session import close_engine, open_engine
from clincore.metering import rollup
from clincore.openapi import App, CompiledOperations, Receive, Scope, Send
from clincore.problems import Problem, Unavailable, ValidationFailed
from clincore.records import signing_key as signing
from clincore.resources import read_contract


def create_app(app_url: str, bootstrap_token: str | None, signing_key: Path | None) -> App:
    """The ASGI application on the database at `app_url` (`postgresql+psycopg://...`), signing with the key in the file.

    Raises:
        UnsupportedContract, ResolverError: `openapi.yaml` and the handlers do not fit together.
    """
    security.set_bootstrap_token(bootstrap_token)
    signing.use(signing_key)

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        open_engine(app_url)
        # What is here now stays: a full collection would look through all of it and hold up every request meanwhile.
        gc.collect()
        gc.freeze()
        rolling_up = asyncio.create_task(rollup.run())
        try:
            yield
        finally:
            rolling_up.cancel()
            await asyncio.gather(rolling_up, return_exceptions=True)
            await close_engine()

    operations = CompiledOperations(read_contract(), translate=translate, log=logs.request)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _run(lifespan, receive, send)
        else:
            await operations(scope, receive, send)

    return app


def translate(error: Exception) -> Problem | None:
    """The problem for an exception of a handler; None means an internal error."""
    if isinstance(error, (UnicodeError, RecursionError)):
        return ValidationFailed([("", "The request has text or structure that cannot be processed.")])
    match errors.meaning(error):
        case "invalid":
            return ValidationFailed([("", "The request has a value that the database cannot store.")])
        case "unavailable":
            return Unavailable()
        case _:
            return None


async def _run(lifespan: Callable[[], AbstractAsyncContextManager[None]], receive: Receive, send: Send) -> None:
    """The ASGI lifespan protocol."""
    stage = "startup"
    try:
        await receive()
        async with lifespan():
            await send({"type": "lifespan.startup.complete"})
            stage = "shutdown"
            await receive()
    except BaseException:
        await send({"type": f"lifespan.{stage}.failed", "message": traceback.format_exc()})
        raise
    await send({"type": "lifespan.shutdown.complete"})
