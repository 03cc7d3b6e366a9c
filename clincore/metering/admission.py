"""Admission: key check and usage event of every request, in one statement for all that wait together."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextvars import Context
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import psycopg

from clincore import metrics
from clincore.db.queries import admission
from clincore.db.queries.admission import Admission, Asked
from clincore.db.session import NoAnswer, public_session
from clincore.deadline import CURRENT, Deadline
from clincore.metering.rollup import RollUp

BATCH_MAX = 256
BATCH_SECONDS = 2.9
# Connections that wait for locks, and on Citus those that admit: the others are for the requests' work.
LOCKED_PLACES = 4
TENANT_PLACES = 8


class Waiting(NamedTuple):
    """A request that waits for admission."""

    asked: Asked
    locks_at: float
    """Until when it waits for locks, in the loop's time."""
    admitted: asyncio.Future[Admission]


class AdmissionQueue:
    """The requests of one process that wait for admission.

    A request that comes while no batch is under way is admitted at once; those that come meanwhile form the next batch.
    A batch waits for no lock of a key or a tenant: what is locked comes back as `busy` and waits apart, with requests
    of the same tenant only.

    On Citus a batch of several tenants would visit one node after another, and fail with any of them. There each tenant
    has batches of its own.
    """

    def __init__(self, roll_up: RollUp, *, is_distributed: bool = False) -> None:
        """`roll_up`: told of each tenant that has a new event. `is_distributed`: the database is one of Citus."""
        self._roll_up = roll_up
        self._waiting: deque[Waiting] = deque()
        self._is_running = False
        # Kept, because the event loop itself keeps no task alive.
        self._runner: asyncio.Task[None] | None = None
        self._locked = _Lines(lambda batch: self._admit_batch(batch, waits=True), LOCKED_PLACES)
        self._tenants = _Lines(self._admit_batch, TENANT_PLACES) if is_distributed else None

    async def admit(self, tenant_id: UUID, key_hash: str, method: str, endpoint: str, is_capped: bool) -> Admission:
        """Check the key under its tenant's policy and, when it is live, commit one event of it.

        `endpoint` is the path template, `is_capped` whether the free cap applies to it.

        Raises:
            TimeoutError: the key or the tenant was locked for too long.
            What a session raises where it sends.
            In each case no event of this request was acknowledged.
        """
        loop = asyncio.get_running_loop()
        deadline = CURRENT.get() or Deadline(loop.time())
        asked = Asked(tenant_id, key_hash, uuid4(), method, endpoint, is_capped)
        if self._tenants is not None:
            row = await self._tenants.wait(Waiting(asked, deadline.locks_at, loop.create_future()))
        elif self._is_running:
            waiting = Waiting(asked, deadline.locks_at, loop.create_future())
            self._waiting.append(waiting)
            row = await waiting.admitted
        else:
            # Inline and not in a task, which would cost an idle service more than it gains.
            self._is_running = True
            try:
                (row,) = await self._admit([asked], deadline, waits=False)
            finally:
                self._run_next()
        if row.key_state != "busy":
            return row
        async with asyncio.timeout_at(deadline.locks_at):
            return await self._locked.wait(Waiting(asked, deadline.locks_at, loop.create_future()))

    def _run_next(self) -> None:
        if self._waiting:
            self._runner = _create_task(self._run())
            # Not in the runner itself: one that is cancelled before its first step runs nothing of its own.
            self._runner.add_done_callback(lambda _: self._run_next())
        else:
            self._is_running = False

    async def _run(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH_MAX, len(self._waiting)))]
            # The requests of a tenant and of a key together: each is looked up once.
            batch.sort(key=lambda waiting: (waiting.asked.tenant_id.int, waiting.asked.key_hash))
            self._waiting.extendleft(reversed(await self._admit_batch(batch)))

    async def _admit_batch(self, batch: list[Waiting], *, waits: bool = False) -> list[Waiting]:
        """Admit the requests and tell each of them; those that may try again, because a lock was in the way."""
        loop = asyncio.get_running_loop()
        deadline = Deadline(loop.time())
        deadline.locks_at = min(waiting.locks_at for waiting in batch)
        again: list[Waiting] = []
        try:
            rows = await self._admit([waiting.asked for waiting in batch], deadline, waits=waits)
        except BaseException as error:
            is_locked = isinstance(error, psycopg.errors.LockNotAvailable)
            # A cancelled runner ends their wait too: nothing else would.
            failed = error if isinstance(error, Exception) else TimeoutError()
            for waiting in batch:
                if waiting.admitted.done():
                    continue
                if is_locked and waiting.locks_at > deadline.locks_at and waiting.locks_at > loop.time():
                    again.append(waiting)
                else:
                    waiting.admitted.set_exception(failed)
            if failed is not error:
                raise
        else:
            for waiting, row in zip(batch, rows, strict=True):
                if not waiting.admitted.done():
                    waiting.admitted.set_result(row)
        return again

    async def _admit(self, batch: Sequence[Asked], deadline: Deadline, *, waits: bool) -> list[Admission]:
        of_tenant = batch[0].tenant_id if self._tenants is not None else None
        async with asyncio.timeout(BATCH_SECONDS):
            try:
                async with public_session(deadline) as session:
                    rows = await admission.admit(session, batch, is_retry=False, waits=waits, of_tenant=of_tenant)
            except psycopg.OperationalError as error:
                # The connection was lost before or after the commit. The service chose the events' ids, so a retry
                # cannot count twice. What the server itself refused (a lock, a full disk) has another SQLSTATE and is
                # not tried again, nor is a server that hangs.
                if isinstance(error, NoAnswer) or (error.sqlstate and not error.sqlstate.startswith(("08", "57P"))):
                    raise
                async with public_session(deadline) as session:
                    rows = await admission.admit(session, batch, is_retry=True, waits=waits, of_tenant=of_tenant)
        for asked, row in zip(batch, rows, strict=True):
            if row.key_state == "live":
                self._roll_up.active_tenants.add(asked.tenant_id)
        if metrics.recorder is not None:
            metrics.recorder.batch(len(rows), sum(row.key_state == "live" for row in rows))
        return rows


class _Lines:
    """Requests that wait apart from those of other tenants. Whatever holds one line up, the others move on."""

    def __init__(self, admit: Callable[[list[Waiting]], Awaitable[list[Waiting]]], places: int) -> None:
        """`admit`: tells each of the requests, and returns those that stay. `places`: how many lines move at once."""
        self._admit = admit
        self._places = asyncio.Semaphore(places)
        self._lines: dict[UUID, deque[Waiting]] = {}
        self._runners: set[asyncio.Task[None]] = set()

    async def wait(self, waiting: Waiting) -> Admission:
        """Wait in the tenant's line. Raises what ended the wait."""
        tenant_id = waiting.asked.tenant_id
        line = self._lines.get(tenant_id)
        if line is not None:
            line.append(waiting)
        else:
            self._lines[tenant_id] = deque([waiting])
            self._start(tenant_id)
        return await waiting.admitted

    def _start(self, tenant_id: UUID) -> None:
        runner = _create_task(self._run(self._lines[tenant_id]))
        self._runners.add(runner)
        runner.add_done_callback(lambda runner: self._end(runner, tenant_id))

    async def _run(self, line: deque[Waiting]) -> None:
        while line:
            async with self._places:
                first = [line.popleft() for _ in range(min(BATCH_MAX, len(line)))]
                # Not those that gave up.
                batch = [waiting for waiting in first if not waiting.admitted.done()]
                if batch:
                    line.extendleft(reversed(await self._admit(batch)))

    def _end(self, runner: asyncio.Task[None], tenant_id: UUID) -> None:
        self._runners.discard(runner)
        if self._lines[tenant_id]:
            # The runner was cancelled, or others joined after its last look.
            self._start(tenant_id)
        else:
            del self._lines[tenant_id]


def _create_task(coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    # Without the context of the request that came first: its deadline is not that of the others.
    return asyncio.create_task(coroutine, context=Context())
