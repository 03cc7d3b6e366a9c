"""The contract with its handlers, problem documents and request log, as one ASGI application."""

from clincore import logs
from clincore.db import errors
from clincore.openapi import CompiledOperations
from clincore.problems import Problem, Unavailable, ValidationFailed
from clincore.resources import read_contract


def compile_operations() -> CompiledOperations:
    """The operations of `openapi.yaml`, each with its handler. They need an open `Runtime`.

    Raises:
        UnsupportedContract, ResolverError: `openapi.yaml` and the handlers do not fit together.
    """
    return CompiledOperations(read_contract(), translate=translate, log=logs.request)


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
