"""Admission: key check and usage event of every request, in one statement for all that wait together."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any
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
TENANTS_AT_ONCE = 8
"""On Citus: batches under way, each on a connection of its own."""
BUSY_PAUSE_SECONDS = 0.02
BUSY_PAUSE_SECONDS_MAX = 0.2


@dataclass(slots=True, eq=False)
class Waiting:
    """A request that waits for admission."""

    asked: Asked
    deadline: Deadline
    answer: asyncio.Future[Admission] = field(init=False)
    """Of the batch that it is in, or is to be in."""
    was_tried: bool = False
    """It may have been admitted, and the answer was lost."""


class AdmissionQueue:
    """The requests of one process that wait for admission.

    A request that comes while no batch is under way is admitted at once; those that come meanwhile form the next batch.
    A batch never waits for a key or a tenant that another transaction has locked. Such a request is `busy`, and asks
    again until its time for locks is up: no connection and no other request waits with it.

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
        self._tenants = _QueuePerTenant(self._admit_batch) if is_distributed else None

    async def admit(self, tenant_id: UUID, key_hash: str, method: str, endpoint: str, is_capped: bool) -> Admission:
        """Check the key under its tenant's policy and, when it is live, commit one event of it.

        `endpoint` is the path template, `is_capped` whether the free cap applies to it.

        Raises:
            TimeoutError: the key or the tenant was locked for too long.
            What a session raises where it sends.
            In each case no event of this request was acknowledged.
        """
        loop = asyncio.get_running_loop()
        waiting = Waiting(
            Asked(tenant_id, key_hash, uuid4(), method, endpoint, is_capped),
            CURRENT.get() or Deadline(loop.time()),
        )
        row = await self._ask(waiting)
        pause = BUSY_PAUSE_SECONDS
        while row.key_state == "busy":
            # At the same moments for all, so that they come in one batch.
            seconds = pause - loop.time() % pause
            if loop.time() + seconds > waiting.deadline.locks_at:
                raise TimeoutError("the key or its tenant is locked")
            await asyncio.sleep(seconds)
            pause = min(2 * pause, BUSY_PAUSE_SECONDS_MAX)
            row = await self._ask(waiting)
        return row

    async def _ask(self, waiting: Waiting) -> Admission:
        """The database's answer, which may be `busy`."""
        if self._tenants is None and not self._is_running:
            # Inline and not in a task, which would cost an idle service more than it gains.
            self._is_running = True
            try:
                (row,) = await self._admit([waiting], waiting.deadline)
                return row
            finally:
                self._run_next()
        waiting.answer = asyncio.get_running_loop().create_future()
        if self._tenants is not None:
            self._tenants.add(waiting)
        else:
            self._waiting.append(waiting)
        return await waiting.answer

    def _run_next(self) -> None:
        if self._waiting:
            self._runner = _create_task(self._run())
            # Not in the runner itself: one that is cancelled before its first step runs nothing of its own.
            self._runner.add_done_callback(lambda _: self._run_next())
        else:
            self._is_running = False

    async def _run(self) -> None:
        while self._waiting:
            batch = _take_batch(self._waiting)
            if batch:
                # The requests of a tenant and of a key together: each is looked up once.
                batch.sort(key=lambda waiting: (waiting.asked.tenant_id.int, waiting.asked.key_hash))
                self._waiting.extendleft(reversed(await self._admit_batch(batch)))

    async def _admit_batch(self, batch: list[Waiting]) -> list[Waiting]:
        """Admit the requests and set the future of each. Returns those that may try again after a table was locked."""
        loop = asyncio.get_running_loop()
        deadline = Deadline(loop.time())
        deadline.locks_at = min(waiting.deadline.locks_at for waiting in batch)
        again: list[Waiting] = []
        try:
            rows = await self._admit(batch, deadline)
        except BaseException as error:
            is_locked = isinstance(error, psycopg.errors.LockNotAvailable)
            # A cancelled runner ends their wait too: nothing else would.
            failed = error if isinstance(error, Exception) else TimeoutError()
            for waiting in batch:
                if waiting.answer.done():
                    continue
                if is_locked and waiting.deadline.locks_at > loop.time():
                    again.append(waiting)
                else:
                    waiting.answer.set_exception(failed)
            if failed is not error:
                raise
        else:
            for waiting, row in zip(batch, rows, strict=True):
                if not waiting.answer.done():
                    waiting.answer.set_result(row)
        return again

    async def _admit(self, batch: Sequence[Waiting], deadline: Deadline) -> list[Admission]:
        asked = [waiting.asked for waiting in batch]
        of_tenant = asked[0].tenant_id if self._tenants is not None else None
        is_retry = any(waiting.was_tried for waiting in batch)
        async with asyncio.timeout(BATCH_SECONDS):
            try:
                async with public_session(deadline) as session:
                    rows = await admission.admit(session, asked, is_retry=is_retry, of_tenant=of_tenant)
            except psycopg.OperationalError as error:
                # The connection was lost before or after the commit. The service chose the events' ids, so a retry
                # cannot count twice. What the server itself refused (a lock, a full disk) has another SQLSTATE and is
                # not tried again, nor is a server that hangs.
                if isinstance(error, NoAnswer) or (error.sqlstate and not error.sqlstate.startswith(("08", "57P"))):
                    raise
                for waiting in batch:
                    waiting.was_tried = True
                async with public_session(deadline) as session:
                    rows = await admission.admit(session, asked, is_retry=True, of_tenant=of_tenant)
        events = 0
        for one, row in zip(asked, rows, strict=True):
            if row.key_state == "live":
                self._roll_up.active_tenants.add(one.tenant_id)
                events += 1
        if metrics.recorder is not None:
            metrics.recorder.batch(len(rows), events)
        return rows


class _QueuePerTenant:
    """A queue for each tenant that has requests waiting, with a task that admits them batch by batch."""

    def __init__(self, admit: Callable[[list[Waiting]], Awaitable[list[Waiting]]]) -> None:
        """`admit`: sets the futures of a batch, and returns those that stay in the queue."""
        self._admit = admit
        self._connections = asyncio.Semaphore(TENANTS_AT_ONCE)
        self._queues: dict[UUID, deque[Waiting]] = {}
        self._runners: set[asyncio.Task[None]] = set()

    def add(self, waiting: Waiting) -> None:
        """Put a request at the end of its tenant's queue."""
        tenant_id = waiting.asked.tenant_id
        queue = self._queues.get(tenant_id)
        if queue is not None:
            queue.append(waiting)
        else:
            self._queues[tenant_id] = deque([waiting])
            self._start(tenant_id)

    def _start(self, tenant_id: UUID) -> None:
        runner = _create_task(self._run(self._queues[tenant_id]))
        self._runners.add(runner)
        runner.add_done_callback(lambda runner: self._end(runner, tenant_id))

    async def _run(self, queue: deque[Waiting]) -> None:
        while queue:
            async with self._connections:
                batch = _take_batch(queue)
                if batch:
                    batch.sort(key=lambda waiting: waiting.asked.key_hash)
                    queue.extendleft(reversed(await self._admit(batch)))

    def _end(self, runner: asyncio.Task[None], tenant_id: UUID) -> None:
        self._runners.discard(runner)
        if self._queues[tenant_id]:
            # The runner was cancelled, or others joined after its last look.
            self._start(tenant_id)
        else:
            del self._queues[tenant_id]


def _take_batch(queue: deque[Waiting]) -> list[Waiting]:
    """Take the next batch out of the queue, without those that have given up."""
    taken = (queue.popleft() for _ in range(min(BATCH_MAX, len(queue))))
    return [waiting for waiting in taken if not waiting.answer.done()]


def _create_task(coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    # Without the context of the request that came first: its deadline is not that of the others.
    return asyncio.create_task(coroutine, context=Context())
