"""The contract, its handlers, problem documents and the request log, as one ASGI application."""

from typing import TYPE_CHECKING, Any

import connexion
from connexion.middleware import MiddlewarePosition
from starlette.exceptions import HTTPException

from clincore import logs
from clincore.db import errors
from clincore.openapi import CompiledOperations
from clincore.problems import Problem, Unavailable, ValidationFailed
from clincore.resources import read_contract

if TYPE_CHECKING:
    from clincore.app import ASGIApp


def compile_operations() -> "ASGIApp":
    """The operations of `openapi.yaml`, each with its handler. They need an open `Runtime`.

    Raises:
        UnsupportedContract, connexion.exceptions.ResolverError: `openapi.yaml` and the handlers do not fit together.
    """
    app = connexion.AsyncApp(
        "clincore", swagger_ui_options=connexion.options.SwaggerUIOptions(swagger_ui=False, serve_spec=False)
    )
    app.add_middleware(
        CompiledOperations, position=MiddlewarePosition.BEFORE_EXCEPTION, translate=translate, log=logs.request
    )
    # What Connexion's stack finds wrong goes to the one place that writes problem documents, outside of it.
    app.add_error_handler(HTTPException, _raise_again)
    app.add_error_handler(Exception, _raise_again)
    # Loaded here and not by Connexion, which would take {{ and {% in the contract for Jinja.
    app.add_api(read_contract())
    stack = app.middleware
    # Now, and not with the first request.
    stack.app, stack.middleware_stack = stack._build_middleware_stack()
    operations: ASGIApp = app
    return operations


def translate(error: Exception) -> Problem | None:
    """The problem that an exception stands for; None when it is a fault of the service."""
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
