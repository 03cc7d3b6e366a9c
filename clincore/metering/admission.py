"""Admission: check a request's key and write its usage event, in one statement for a batch of requests."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg

from clincore import metrics
from clincore.db.errors import NodeDown
from clincore.db.queries import admission
from clincore.db.queries.admission import Admission, AdmissionRequest
from clincore.db.session import NoAnswer, public_session
from clincore.deadline import CURRENT, Deadline
from clincore.metering.rollup import RollUp

BATCH_MAX = 256
BATCH_SECONDS = 2.7
TENANTS_AT_ONCE = 8
"""On Citus: the most batches in progress at once, each on a separate connection."""
BUSY_PAUSE_SECONDS = 0.02
BUSY_PAUSE_SECONDS_MAX = 0.2


@dataclass(slots=True, eq=False)
class Waiting:
    """A request that waits for admission."""

    request: AdmissionRequest
    deadline: Deadline
    answer: asyncio.Future[Admission] = field(init=False)
    """Set when the request's batch is admitted."""
    was_tried: bool = False
    """The request may have been admitted, but the answer was lost."""


class AdmissionQueue:
    """The requests of one process that wait for admission.

    When no batch is running, a request is admitted immediately. Requests that arrive during a batch form the next one.
    A batch never waits for a key or tenant that another transaction has locked. Such a request gets `busy` and retries
    until its deadline for locks (`locks_at`), without holding a connection or delaying other requests.

    On Citus a batch of several tenants would visit one node after another, and fail when one of them fails. There each
    tenant has separate batches.
    """

    def __init__(self, roll_up: RollUp, *, is_distributed: bool = False) -> None:
        """`roll_up`: receives each tenant with a new event. `is_distributed`: the database uses Citus."""
        self._roll_up = roll_up
        self._waiting: deque[Waiting] = deque()
        self._is_running = False
        # Keep a reference, because the event loop does not keep tasks alive.
        self._runner: asyncio.Task[None] | None = None
        self._tenants = _QueuePerTenant(self._admit_batch) if is_distributed else None

    async def admit(self, tenant_id: UUID, key_hash: str, method: str, endpoint: str, is_capped: bool) -> Admission:
        """Check the key under its tenant's policy and, when it is live, commit one usage event.

        `endpoint` is the path template, `is_capped` whether the free cap applies to it. After an exception the
        event may be stored or not.

        Raises:
            TimeoutError: the key or the tenant was locked for too long.
            The exceptions that `Session` documents.
        """
        loop = asyncio.get_running_loop()
        waiting = Waiting(
            AdmissionRequest(tenant_id, key_hash, uuid4(), method, endpoint, is_capped),
            CURRENT.get() or Deadline(loop.time()),
        )
        row = await self._ask(waiting)
        pause = BUSY_PAUSE_SECONDS
        while row.key_state == "busy":
            # All requests retry at the same moments, so that they form one batch.
            seconds = pause - loop.time() % pause
            if loop.time() + seconds > waiting.deadline.locks_at:
                raise TimeoutError("the key or its tenant is locked")
            await asyncio.sleep(seconds)
            pause = min(2 * pause, BUSY_PAUSE_SECONDS_MAX)
            row = await self._ask(waiting)
        return row

    async def _ask(self, waiting: Waiting) -> Admission:
        """Ask the database, which may answer `busy`."""
        if self._tenants is None and not self._is_running:
            # Inline, because a task costs an idle service more than it gains.
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
            # A callback, because a task that is cancelled before its first step runs none of its code.
            self._runner.add_done_callback(lambda _: self._run_next())
        else:
            self._is_running = False

    async def _run(self) -> None:
        while self._waiting:
            batch = _take_batch(self._waiting)
            if batch:
                # Group the requests of a tenant and of a key, so that each is looked up once.
                batch.sort(key=lambda waiting: (waiting.request.tenant_id.int, waiting.request.key_hash))
                self._waiting.extendleft(reversed(await self._admit_batch(batch)))

    async def _admit_batch(self, batch: list[Waiting]) -> list[Waiting]:
        """Admit the requests and set their futures. Returns those that can retry because a table was locked."""
        loop = asyncio.get_running_loop()
        deadline = Deadline(loop.time())
        deadline.locks_at = min(waiting.deadline.locks_at for waiting in batch)
        again: list[Waiting] = []
        try:
            rows = await self._admit(batch, deadline)
        except BaseException as error:
            is_locked = isinstance(error, psycopg.errors.LockNotAvailable)
            # When the runner is cancelled, nothing else would end the wait of these requests.
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
        requests = [waiting.request for waiting in batch]
        of_tenant = requests[0].tenant_id if self._tenants is not None else None
        is_retry = any(waiting.was_tried for waiting in batch)
        async with asyncio.timeout(BATCH_SECONDS):
            try:
                async with public_session(deadline, reach=of_tenant) as session:
                    rows = await admission.admit(session, requests, is_retry=is_retry, of_tenant=of_tenant)
            except psycopg.OperationalError as error:
                # The connection was lost before or after the commit. The service chose the ids of the events, so a
                # retry cannot count twice. Errors with another SQLSTATE (a lock, a full disk) are not retried, nor is
                # a request that PostgreSQL or its node has left without an answer.
                is_lost = error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))
                if not is_lost or isinstance(error, (NoAnswer, NodeDown)):
                    raise
                for waiting in batch:
                    waiting.was_tried = True
                async with public_session(deadline, reach=of_tenant) as session:
                    rows = await admission.admit(session, requests, is_retry=True, of_tenant=of_tenant)
        events = 0
        for request, row in zip(requests, rows, strict=True):
            if row.key_state == "live":
                self._roll_up.active_tenants.add(request.tenant_id)
                events += 1
        if metrics.recorder is not None:
            metrics.recorder.batch(len(rows), events)
        return rows


class _QueuePerTenant:
    """A queue for each tenant with waiting requests, and a task that admits them batch by batch."""

    def __init__(self, admit: Callable[[list[Waiting]], Awaitable[list[Waiting]]]) -> None:
        """`admit`: sets the futures of a batch, and returns the requests that stay in the queue."""
        self._admit = admit
        self._connections = asyncio.Semaphore(TENANTS_AT_ONCE)
        self._queues: dict[UUID, deque[Waiting]] = {}
        self._runners: set[asyncio.Task[None]] = set()

    def add(self, waiting: Waiting) -> None:
        """Put a request at the end of its tenant's queue."""
        tenant_id = waiting.request.tenant_id
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
                    batch.sort(key=lambda waiting: waiting.request.key_hash)
                    queue.extendleft(reversed(await self._admit(batch)))

    def _end(self, runner: asyncio.Task[None], tenant_id: UUID) -> None:
        self._runners.discard(runner)
        if self._queues[tenant_id]:
            # The runner was cancelled, or requests arrived after its last check.
            self._start(tenant_id)
        else:
            del self._queues[tenant_id]


def _take_batch(queue: deque[Waiting]) -> list[Waiting]:
    """Remove the next batch from the queue, and drop requests that no longer wait."""
    taken = (queue.popleft() for _ in range(min(BATCH_MAX, len(queue))))
    return [waiting for waiting in taken if not waiting.answer.done()]


def _create_task(coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    # An empty context: the first request's context has its deadline, which does not apply to the others.
    return asyncio.create_task(coroutine, context=Context())
