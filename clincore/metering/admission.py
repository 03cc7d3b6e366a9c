"""Admission: key check and usage event of every request, in one statement for all that wait together."""

import asyncio
from collections import deque
from uuid import UUID, uuid4

import psycopg

from clincore.db.queries import admission
from clincore.db.queries.admission import Admission, Asked
from clincore.db.session import NoAnswer, public_session
from clincore.metering.rollup import RollUp

BATCH_MAX = 256
BATCH_SECONDS = 2.9


class AdmissionQueue:
    """The requests of one process that wait for admission.

    A request that comes while no batch is under way is admitted at once; those that come meanwhile form the next batch.
    """

    def __init__(self, roll_up: RollUp) -> None:
        """`roll_up`: told of each tenant that has a new event."""
        self._roll_up = roll_up
        self._waiting: deque[tuple[Asked, asyncio.Future[Admission]]] = deque()
        self._is_running = False
        # Kept, because the event loop itself keeps no task alive.
        self._runner: asyncio.Task[None] | None = None

    async def admit(self, tenant_id: UUID, key_hash: str, method: str, endpoint: str, is_capped: bool) -> Admission:
        """Check the key under its tenant's policy and, when it is live, commit one event of it.

        `endpoint` is the path template, `is_capped` whether the free cap applies to it.

        Raises:
            What a session raises where it sends; then no event of this request was acknowledged.
        """
        asked = Asked(tenant_id, key_hash, uuid4(), method, endpoint, is_capped)
        if self._is_running:
            admitted: asyncio.Future[Admission] = asyncio.get_running_loop().create_future()
            self._waiting.append((asked, admitted))
            return await admitted
        # Inline and not in a task, which would cost an idle service more than it gains.
        self._is_running = True
        try:
            (row,) = await self._admit([asked])
            return row
        finally:
            self._run_next()

    def _run_next(self) -> None:
        if self._waiting:
            self._runner = asyncio.create_task(self._run())
            # Not in the runner itself: one that is cancelled before its first step runs nothing of its own.
            self._runner.add_done_callback(lambda _: self._run_next())
        else:
            self._is_running = False

    async def _run(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH_MAX, len(self._waiting)))]
            # One order in all processes: two that lock two tenants' rows must not wait for each other.
            batch.sort(key=lambda waiting: waiting[0].tenant_id)
            await self._admit_batch(batch)

    async def _admit_batch(self, batch: list[tuple[Asked, asyncio.Future[Admission]]]) -> None:
        try:
            rows = await self._admit([asked for asked, _ in batch])
        except BaseException as error:
            # A cancelled runner ends their wait too: nothing else would.
            failed = error if isinstance(error, Exception) else TimeoutError()
            for _, admitted in batch:
                if not admitted.done():
                    admitted.set_exception(failed)
            if failed is not error:
                raise
        else:
            for (_, admitted), row in zip(batch, rows, strict=True):
                if not admitted.done():
                    admitted.set_result(row)

    async def _admit(self, batch: list[Asked]) -> list[Admission]:
        async with asyncio.timeout(BATCH_SECONDS):
            try:
                async with public_session() as session:
                    rows = await admission.admit(session, batch, is_retry=False)
            except psycopg.OperationalError as error:
                # The connection was lost before or after the commit. The service chose the events' ids, so a retry
                # cannot count twice. What the server itself refused (a lock, a full disk) has another SQLSTATE and is
                # not tried again, nor is a server that hangs.
                if isinstance(error, NoAnswer) or (error.sqlstate and not error.sqlstate.startswith(("08", "57P"))):
                    raise
                async with public_session() as session:
                    rows = await admission.admit(session, batch, is_retry=True)
        for asked, row in zip(batch, rows, strict=True):
            if row.key_state == "live":
                self._roll_up.active_tenants.add(asked.tenant_id)
        return rows
