"""Calls to the separate process of `clincore.verifier`."""

from typing import Any
from uuid import UUID

from clincore import runtime
from clincore.problems import Unavailable
from clincore.verifier import NoAnswer


async def in_process(tenant_id: UUID | None, name: str, *arguments: Any, otherwise: str) -> Any:
    """The result of a function of the process, as from `Verifier.call`. `otherwise`: what the client is told.

    Raises:
        Unavailable: the process did not answer.
    """
    try:
        return await runtime.current().verifier.call(tenant_id, name, *arguments)
    except NoAnswer:
        raise Unavailable(otherwise) from None
