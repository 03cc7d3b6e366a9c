"""psycopg's connection, with a cheaper wait and an end that nobody has to wait for."""

import asyncio
from typing import Any, TypeVar

import psycopg
from psycopg import errors, generators
from psycopg.abc import PQGen, Transformer
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult
from psycopg.waiting import READY_R, WAIT_R, Wait, wait_async

T = TypeVar("T")


class NoAnswer(psycopg.OperationalError):
    """PostgreSQL did not say anything in time: it hangs, or the network swallows what is sent."""


class Connection(psycopg.AsyncConnection[Any]):
    """Waits for PostgreSQL with its socket registered once with the event loop, not anew for every answer.

    psycopg registers and removes the socket and sets a timer at each wait, which costs more than the rest of a small
    query. What is registered must be removed before the socket's number can be used again: a loop that still knows a
    closed socket would refuse its successor.
    """

    answer_seconds: float | None = None
    """How long to wait for PostgreSQL to say something; None: for ever."""

    is_disturbed = False
    """PostgreSQL said something that nobody had asked for, most often that it ends the connection."""

    prepared: set[str]
    """The statements that this session has under a name."""

    keeps_prepared = True
    """Whether a prepared statement is there at the next query; not so behind a transaction pooler."""

    transformer: Transformer
    """Makes rows of results. One for all, because most of the work is to find out how each type is read."""

    _loop: asyncio.AbstractEventLoop | None = None
    _socket = -1
    _reading: PQGen[Any] | None = None
    _waiter: "asyncio.Future[Wait | Exception] | None" = None
    _is_due = 0.0
    """When PostgreSQL must have said something, in the loop's time."""
    _timer: asyncio.TimerHandle | None = None

    async def simple_query(self, query: bytes) -> list[PGresult]:
        """The results of a query of one or more statements, one for each.

        One send and one wait at the level of libpq: a cursor of psycopg costs ten times as much, which for a small
        query is most of what it costs at all.

        Raises:
            psycopg.Error: a statement failed; it and those after it did nothing. `results` of the exception has what
                the statements before it gave.
        """
        self.pgconn.send_query(query)
        results: list[PGresult] = await self.wait(generators.execute(self.pgconn))
        if results[-1].status == ExecStatus.FATAL_ERROR:
            error = errors.error_from_result(results[-1])
            error.results = results[:-1]  # type: ignore[attr-defined]
            raise error
        return results

    async def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Run one of psycopg's generators to its end."""
        if timeout is not None:
            self._unregister()
            return await super().wait(gen, interval, timeout)
        try:
            state = next(gen)
            while True:
                outcome = await (self._read(gen) if state == WAIT_R else self._write(gen, state))
                if isinstance(outcome, StopIteration):
                    return outcome.value  # type: ignore[no-any-return]
                if isinstance(outcome, Exception):
                    raise outcome
                state = outcome
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        except (asyncio.CancelledError, NoAnswer):
            # The server may still be at work and its answer on the way. Asking it to stop could take as long as
            # whatever the caller gave up on, so the connection ends here; the statement ends by its own timeout.
            self._unregister()
            self.pgconn.finish()
            raise
        except BaseException:
            self._unregister()
            raise

    async def close(self) -> None:
        self._unregister()
        await super().close()

    async def _read(self, gen: PQGen[Any]) -> Wait | Exception:
        """Go on with the generator whenever something comes; what else it asks for, or the exception that ended it."""
        if self._loop is None:
            self._loop, self._socket = asyncio.get_running_loop(), self.pgconn.socket
            self._loop.remove_reader(self._socket)
            self._loop.add_reader(self._socket, self._wake)
        self._reading, self._waiter = gen, self._loop.create_future()
        if self.answer_seconds:
            # One timer looks now and then whether it is due: few waits live to see it.
            self._is_due = self._loop.time() + self.answer_seconds
            if self._timer is None:
                self._timer = self._loop.call_at(self._is_due, self._look)
        try:
            return await self._waiter
        finally:
            self._reading = self._waiter = None

    async def _write(self, gen: PQGen[Any], state: Wait) -> Wait | Exception:
        """The same until something is to be read: the socket takes no more for now, as with a large statement."""
        self._unregister()
        try:
            async with asyncio.timeout(self.answer_seconds):
                return await wait_async(_until_read(gen, state), self.pgconn.socket)
        except TimeoutError:
            raise NoAnswer("PostgreSQL did not take the statement in time") from None

    def _wake(self) -> None:
        # Read here and not by whoever waits: until it is his turn, the loop would call once more.
        if self._loop is None or self._reading is None or self._waiter is None or self._waiter.done():
            # Whoever asks next will read it; until then the loop would call here without pause.
            self.is_disturbed = True
            self._unregister()
            return
        try:
            state = self._reading.send(READY_R)
        except Exception as error:
            # StopIteration too, which is how a generator returns and which no future takes as its exception. Of a
            # connection that was lost libpq has closed the socket, and whoever wakes first may get its number.
            if self.pgconn.status == ConnStatus.BAD:
                self._unregister()
            self._waiter.set_result(error)
            return
        if state != WAIT_R:
            self._waiter.set_result(state)
        elif self.answer_seconds:
            self._is_due = self._loop.time() + self.answer_seconds

    def _look(self) -> None:
        self._timer = None
        if self._waiter is None or self._waiter.done() or self._loop is None:
            return
        if self._is_due > self._loop.time():
            self._timer = self._loop.call_at(self._is_due, self._look)
        else:
            self._waiter.set_exception(NoAnswer("PostgreSQL did not answer in time"))

    def _unregister(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self._socket)
            self._loop = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _until_read(gen: PQGen[Any], state: Wait) -> PQGen[Wait | Exception]:
    """The part of a generator that has said `state` up to where it wants to read only, or to its end."""
    try:
        while state != WAIT_R:
            ready = yield state
            state = gen.send(ready)
    except StopIteration as end:
        return end
    return state
