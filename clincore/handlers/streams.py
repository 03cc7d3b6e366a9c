"""Streamed responses: a slot among the exports in progress, and cases as lines."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

import orjson

from clincore import runtime
from clincore.db.queries.exports import ExportRow
from clincore.exports import TooManyTenantExports
from clincore.handlers.case_document import fhir_document
from clincore.handlers.case_json import case_as_shown
from clincore.problems import RateLimited, Unavailable
from clincore.security import Caller

Stream = tuple[AsyncGenerator[bytes, None], int, dict[str, str]]
"""Lines, status and headers. The generator may add headers before its first chunk."""

FHIR_NDJSON = "application/fhir+ndjson"
CHUNK_BYTES = 64 * 1024
LINE = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE


@asynccontextmanager
async def export_slot(user: Caller) -> AsyncIterator[None]:
    """Hold a slot for an export of the caller's tenant.

    Raises:
        RateLimited: the tenant has too many exports in progress.
        Unavailable: the worker has.
    """
    async with AsyncExitStack() as held:
        try:
            await held.enter_async_context(runtime.current().exports.slot(user.tenant_id))
        except TooManyTenantExports:
            raise RateLimited(
                "This tenant has too many exports in progress. Try again when one has ended.", seconds=1
            ) from None
        except TimeoutError:
            raise Unavailable("Too many exports are in progress. Try again when one has ended.") from None
        yield


async def lines_of(rows: Sequence[ExportRow], media_type: str, tenant_id: UUID) -> AsyncIterator[bytes]:
    """The cases as lines of the media type, in chunks of about `CHUNK_BYTES`."""
    lines: list[bytes] = []
    size = 0
    for row in rows:
        if media_type == FHIR_NDJSON:
            line = await fhir_document(tenant_id, row.case, row.signed_at, row.signatures) + b"\n"
        else:
            line = orjson.dumps(case_as_shown(row.case), option=LINE)
        lines.append(line)
        size += len(line)
        if size >= CHUNK_BYTES:
            yield b"".join(lines)
            lines, size = [], 0
        else:
            # A document takes about a millisecond. Other requests go on between two of them.
            await asyncio.sleep(0)
    if lines:
        yield b"".join(lines)
