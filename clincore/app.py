"""The application: contract, handlers, database, log."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import connexion
from connexion.middleware import MiddlewarePosition
from starlette.exceptions import HTTPException

from clincore import logs, runtime, security
from clincore.db import errors
from clincore.openapi import CompiledOperations
from clincore.problems import Problem, Unavailable, ValidationFailed
from clincore.records import signing_key as signing
from clincore.resources import read_contract


def create_app(app_url: str, bootstrap_token: str | None, signing_key: Path | None) -> connexion.AsyncApp:
    """The ASGI application on the database at `app_url` (`postgresql+psycopg://...`), signing with the key in the file.

    Raises:
        UnsupportedContract, connexion.exceptions.ResolverError: `openapi.yaml` and the handlers do not fit together.
    """
    security.set_bootstrap_token(bootstrap_token)
    signing.use(signing_key)

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        opened = runtime.open_runtime(app_url)
        # What is here now stays: a full collection would look through all of it and hold up every request meanwhile.
        gc.collect()
        gc.freeze()
        try:
            yield
        finally:
            await opened.close()

    app = connexion.AsyncApp(
        "clincore",
        lifespan=lifespan,
        swagger_ui_options=connexion.options.SwaggerUIOptions(swagger_ui=False, serve_spec=False),
    )
    app.add_middleware(
        CompiledOperations, position=MiddlewarePosition.BEFORE_EXCEPTION, translate=translate, log=logs.request
    )
    # What Connexion's stack finds wrong goes to the one place that writes problem documents, outside of it.
    app.add_error_handler(HTTPException, _raise_again)
    app.add_error_handler(Exception, _raise_again)
    # Loaded here and not by Connexion, which would take {{ and {% in the contract for Jinja.
    app.add_api(read_contract())
    return app


def translate(error: Exception) -> Problem | None:
    """The problem that an exception stands for; None when it is a fault of ours."""
    if isinstance(error, (UnicodeError, RecursionError)):
        return ValidationFailed([("", "The request has text or structure that cannot be processed.")])
    match errors.meaning(error):
        case "invalid":
            return ValidationFailed([("", "The request has a value that the database cannot store.")])
        case "unavailable":
            return Unavailable()
        case _:
            return None


async def _raise_again(_request: Any, error: Exception) -> Any:
    raise error
