"""Key check and usage event of every request, in one statement for all that wait together."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import text

from clincore.db.driver.connection import NoAnswer
from clincore.db.queries.usage import FREE_CALLS_MAX
from clincore.db.session import Statement, fetch_without_tenant
from clincore.metering import rollup

BATCH_MAX = 256
BATCH_SECONDS = 2.9

ADMIT = Statement(
    text(
        "SELECT * FROM admit(CAST(:tenant_ids AS uuid[]), CAST(:key_hashes AS text[]), CAST(:event_ids AS uuid[]),"
        " CAST(:methods AS text[]), CAST(:endpoints AS text[]), CAST(:capped AS boolean[]),"
        " CAST(:free_calls_max AS integer), CAST(:is_retry AS boolean))"
    )
)


class Admission(NamedTuple):
    """What became of a request's key. Its event is committed when `key_state` is `live`; None: no such key."""

    key_id: UUID
    label: str
    role: Literal["user", "admin"]
    expires_at: datetime | None
    key_state: Literal["live", "revoked", "expired"] | None
    paid: bool
    """Whether the tenant or any of its cases is; asked for capped operations only."""
    earlier_calls: int
    """Events before this one, counted up to one above the free cap, where a cap applies; else 0."""


@dataclass(slots=True)
class _Waiting:
    tenant_id: UUID
    key_hash: str
    method: str
    endpoint: str
    is_capped: bool
    admission: "asyncio.Future[Admission]"
    event_id: UUID = field(default_factory=uuid4)


_waiting: list[_Waiting] = []
_is_at_work = False
_runner: "asyncio.Task[None] | None" = None
"""Kept, because the event loop itself keeps no task alive."""


async def admit(tenant_id: UUID, key_hash: str, method: str, endpoint: str, is_capped: bool) -> Admission:
    """Check the key under its tenant's policy and, when it is live, commit one event of it.

    A request that finds nobody at work begins at once; those that come meanwhile go together next. `endpoint` is the
    path template, `is_capped` whether the free cap applies to it.

    Raises:
        What `tenant_session` raises; then no event of this request was acknowledged.
    """
    global _is_at_work
    admission: asyncio.Future[Admission] = asyncio.get_running_loop().create_future()
    waiting = _Waiting(tenant_id, key_hash, method, endpoint, is_capped, admission)
    if _is_at_work:
        _waiting.append(waiting)
        return await admission
    # Here and not in a task of its own, which would cost an idle service more than it gains.
    _is_at_work = True
    try:
        (row,) = await _admit([waiting])
        return row
    finally:
        _go_on()


def _go_on() -> None:
    global _is_at_work, _runner
    if _waiting:
        _runner = asyncio.create_task(_run())
    else:
        _is_at_work = False


async def _run() -> None:
    try:
        while _waiting:
            batch = _waiting[:BATCH_MAX]
            del _waiting[:BATCH_MAX]
            # One order for everybody: two workers that lock two tenants' rows must not wait for each other.
            batch.sort(key=lambda waiting: waiting.tenant_id)
            try:
                rows = await _admit(batch)
            except BaseException as error:
                # Whatever it was, nobody else would end their wait.
                failed = error if isinstance(error, Exception) else TimeoutError()
                for waiting in batch:
                    if not waiting.admission.done():
                        waiting.admission.set_exception(failed)
                if failed is not error:
                    raise
            else:
                for waiting, row in zip(batch, rows, strict=True):
                    if not waiting.admission.done():
                        waiting.admission.set_result(row)
    finally:
        _go_on()


async def _admit(batch: list[_Waiting]) -> list[Admission]:
    async with asyncio.timeout(BATCH_SECONDS):
        rows = await _execute(batch)
    for waiting, row in zip(batch, rows, strict=True):
        if row.key_state == "live":
            rollup.note(waiting.tenant_id)
    return rows


async def _execute(batch: list[_Waiting]) -> list[Admission]:
    parameters = {
        "tenant_ids": _array(str(waiting.tenant_id) for waiting in batch),
        "key_hashes": _array(waiting.key_hash for waiting in batch),
        "event_ids": _array(str(waiting.event_id) for waiting in batch),
        "methods": _array(waiting.method for waiting in batch),
        "endpoints": _array(waiting.endpoint for waiting in batch),
        "capped": _array("t" if waiting.is_capped else "f" for waiting in batch),
        "free_calls_max": FREE_CALLS_MAX,
        "is_retry": False,
    }
    try:
        return await fetch_without_tenant(ADMIT, parameters)
    except psycopg.OperationalError as error:
        # Lost before or after the commit, nobody knows: the ids are ours, so a second time cannot count twice. What
        # the server itself refused (a lock, a full disk) has a state and is not tried again, nor is a server that
        # hangs.
        if isinstance(error, NoAnswer) or (error.sqlstate and not error.sqlstate.startswith(("08", "57P"))):
            raise
        return await fetch_without_tenant(ADMIT, parameters | {"is_retry": True})


def _array(values: Iterable[str]) -> str:
    """PostgreSQL's text form of an array. Ids, hashes, methods and path templates have no quotes to escape."""
    return '{"' + '","'.join(values) + '"}'
