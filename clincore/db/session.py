"""Sessions, the only way to rows: `tenant_session` for requests, and `operator_session` for operators' commands."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeVar
from uuid import UUID

import psycopg
from psycopg.pq.abc import PGresult
from sqlalchemy import make_url, text

from clincore import tracing
from clincore.db.driver.connection import (
    FORGOTTEN,
    LIMITS,
    LOCK_TIMEOUT_SECONDS,
    ON_CONNECT,
    Call,
    Connection,
    NoAnswer,
)
from clincore.db.driver.nodes import Reach
from clincore.db.driver.pool import SIZE as POOL_SIZE
from clincore.db.driver.pool import Pool
from clincore.db.operator_session import OperatorError, operator_session
from clincore.db.statements import ROLE, NoRow, Statement, set_tenant
from clincore.db.urls import libpq
from clincore.deadline import CURRENT, Deadline

if TYPE_CHECKING:
    from clincore.tracing.recording import Transaction

__all__ = [
    "LIMITS",
    "NOTE",
    "ON_CONNECT",
    "POOL_SIZE",
    "Envelope",
    "NoAnswer",
    "OperatorError",
    "Pending",
    "Session",
    "close_pool",
    "count_connections",
    "examine_nodes",
    "open_pool",
    "operator_session",
    "ping",
    "public_session",
    "tenant_session",
]

R = TypeVar("R")

_BEGIN = Call(Statement(text("BEGIN"), NoRow, "begin"))
_BEGIN_SNAPSHOT = Call(Statement(text("BEGIN ISOLATION LEVEL REPEATABLE READ"), NoRow, "begin"))
_SET_ROLE = Call(Statement(text(f"SET LOCAL ROLE {ROLE}"), NoRow))
_SET_LIMITS = [Call(Statement(text(f"SET LOCAL {name} = '{value}'"), NoRow)) for name, value in LIMITS.items()]
_COMMIT = Call(Statement(text("COMMIT"), NoRow, "commit"))
_ROLLBACK = Call(Statement(text("ROLLBACK"), NoRow, "rollback"))

NOTE = "SELECT obj_description(to_regclass('alembic_version'), 'pg_class')"
"""The query of the note of `schema_version`."""

_CLOSED = "the session is finished, one of its statements failed, or another task is sending"

_pool: Pool | None = None


@dataclass(slots=True, eq=False)
class Pending(Generic[R]):
    """A queued statement. `rows` holds its rows once it has been sent."""

    statement: Statement[R]
    call: Call
    rows: list[R] = field(default_factory=list)


class Envelope:
    """The first and the last statement of a transaction whose other statements a handler sends.

    `async with Envelope(statement, **values) as envelope` encloses the first tenant session of its block: the statement
    is sent before the session's own, and where the session would commit, the transaction stays open. `envelope.commit`
    sends a last statement and commits. Without it, the end of the block rolls back.
    """

    def __init__(self, statement: Statement[Any], /, **values: Any) -> None:
        self._statement = statement
        self._values = values
        self._session: Session | None = None

    async def __aenter__(self) -> Self:
        self._token = _envelope.set(self)
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        _envelope.reset(self._token)
        if self._session is not None:
            await self._session.end_enclosed(error)

    @property
    def tenant_id(self) -> UUID | None:
        """The tenant of the enclosed session; None: no session was enclosed."""
        return self._session.tenant_id if self._session is not None else None

    def enclose(self, session: "Session") -> Pending[Any] | None:
        """Enclose the session, unless there is another. Returns the statement that it sends first."""
        if self._session is not None:
            return None
        self._session = session
        return Pending(self._statement, Call(self._statement, self._statement.bind(session.tenant_id, self._values)))

    async def commit(self, statement: Statement[Any], /, **values: Any) -> None:
        """Send a last statement and COMMIT. Does nothing when no session was enclosed. Raises what `Session` raises."""
        if self._session is not None:
            await self._session.commit_enclosed(statement, values)


_envelope: ContextVar[Envelope | None] = ContextVar("envelope", default=None)


class Session:
    """One transaction of one tenant, or of none: `async with tenant_session(tenant_id) as session`.

    BEGIN and the settings are sent with the first statement and COMMIT with the last, so each `fetch` and `finish` is
    one round trip. A session that sends nothing opens no transaction.

    Methods that send raise:
        clincore.db.driver.pool.PoolTimeout: no connection became free in time.
        psycopg.OperationalError: PostgreSQL cannot be reached, or the connection was lost.
        psycopg.Error: this statement or a queued one failed.
        RuntimeError: the session is finished, one of its statements failed, or another task is sending.
    """

    __slots__ = (
        "_connection",
        "_deadline",
        "_is_closed",
        "_is_enclosed",
        "_is_snapshot",
        "_is_waiting",
        "_pool",
        "_queue",
        "_reach",
        "_trace",
        "tenant_id",
    )

    def __init__(
        self,
        tenant_id: UUID | None,
        *,
        snapshot: bool = False,
        deadline: Deadline | None = None,
        reach: Reach | None = None,
    ) -> None:
        self.tenant_id = tenant_id
        self._reach = reach
        self._deadline = deadline
        self._is_snapshot = snapshot
        self._pool: Pool | None = None
        self._connection: Connection | None = None
        self._queue: list[Pending[Any]] = []
        self._trace: Transaction | None = None
        self._is_closed = False
        self._is_enclosed = False
        """An `Envelope` commits the transaction."""
        self._is_waiting = False
        """The session has ended, and its transaction waits for the envelope."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        try:
            if error is None and not self._is_waiting and (self._queue or self._connection is not None):
                await self.commit()
            elif isinstance(error, Exception):
                await self._roll_back()
        except Exception:
            await self._roll_back()
            raise
        finally:
            # After a cancellation the transaction is still open, and the pool closes the connection.
            if error is not None or not self._is_waiting:
                self._release()

    def queue(self, statement: Statement[R], /, **values: Any) -> Pending[R]:
        """Send the statement with the next `fetch`, `finish` or `commit`. `tenant_id` is filled in."""
        if self._is_closed:
            raise RuntimeError(_CLOSED)
        pending = Pending(statement, Call(statement, statement.bind(self.tenant_id, values)))
        self._queue.append(pending)
        return pending

    async def fetch(self, statement: Statement[R], /, **values: Any) -> list[R]:
        """Send the queued statements and this one, and return its rows."""
        pending = self.queue(statement, **values)
        await self._send()
        return pending.rows

    async def finish(self, statement: Statement[R], /, **values: Any) -> list[R]:
        """Send the queued statements, this one and COMMIT, end the session, and return the statement's rows."""
        pending = self.queue(statement, **values)
        await self._send(commits=True)
        return pending.rows

    async def commit(self) -> None:
        """Send the queued statements and COMMIT, and end the session. The end of the block does the same."""
        await self._send(commits=True)

    async def _send(self, *, commits: bool = False) -> None:
        if self._is_closed:
            raise RuntimeError(_CLOSED)
        # Closed until all has succeeded: after a failed statement COMMIT rolls back, and PostgreSQL reports no error.
        self._is_closed = True
        connection = self._connection
        is_first = connection is None
        if connection is None:
            if _pool is None:
                raise RuntimeError("open_pool() was not called")
            envelope = _envelope.get()
            if envelope is not None and self.tenant_id is not None:
                self._enter(envelope)
            if tracing.recorder is not None:
                self._trace = tracing.recorder.transaction()
            self._pool = _pool
            connection = self._connection = await _pool.acquire(self.tenant_id, self._deadline, self._reach)
        queue = self._queue
        ends = commits and not self._is_enclosed
        # Computed here because the wait for a connection uses up time for locks, too.
        calls = [*self._lock_limit(), *(pending.call for pending in queue)]
        if ends:
            calls.append(_COMMIT)
        results = []
        if calls:
            running = self._begin(connection, calls) if is_first else connection.run(calls)
            if self._trace is not None:
                running = self._trace.round_trip(running, [pending.statement.label for pending in queue])
            results = await running
        for pending, result in zip(queue, results[len(results) - len(queue) - ends :], strict=False):
            if result.nfields:
                pending.rows = connection.rows(pending.statement, result, 0)
                while len(pending.rows) < result.ntuples:
                    # Converting many rows at once would stop all other requests.
                    await asyncio.sleep(0)
                    pending.rows += connection.rows(pending.statement, result, len(pending.rows))
        self._queue = []
        if ends:
            self._release()
        elif commits:
            self._is_waiting = True
        else:
            self._is_closed = False

    def _enter(self, envelope: Envelope) -> None:
        first = envelope.enclose(self)
        if first is not None:
            self._queue.insert(0, first)
            self._is_enclosed = True

    async def commit_enclosed(self, statement: Statement[Any], values: Mapping[str, Any]) -> None:
        """Send the envelope's last statement and COMMIT."""
        if not self._is_waiting:
            raise RuntimeError("the enclosed session was rolled back, so nothing can be committed with it")
        self._is_waiting = self._is_enclosed = self._is_closed = False
        try:
            await self.finish(statement, **values)
        except Exception:
            await self._roll_back()
            raise
        finally:
            self._release()

    async def end_enclosed(self, error: BaseException | None) -> None:
        """Roll back unless the envelope has committed. `error`: why its block ends."""
        if self._is_waiting:
            if error is None or isinstance(error, Exception):
                await self._roll_back()
            self._release()

    async def _begin(self, connection: Connection, calls: list[Call]) -> list[PGresult]:
        """Send BEGIN, the settings and the first statements."""
        begin = [_BEGIN_SNAPSHOT if self._is_snapshot else _BEGIN]
        if not connection.is_app_login:
            begin.append(_SET_ROLE)
        if connection.is_behind_pooler:
            begin += _SET_LIMITS
        if self.tenant_id is not None:
            begin.append(Call(set_tenant(self.tenant_id)))
        try:
            return await connection.run([*begin, *calls])
        except FORGOTTEN:
            # An administrator deallocated a prepared statement. The rest, including COMMIT, was skipped, so nothing has
            # been done yet. The connection prepares no more statements.
            await connection.run([_ROLLBACK])
            return await connection.run([*begin, *calls])

    def _lock_limit(self) -> list[Call]:
        """SET LOCAL lock_timeout, when the request has less time left for locks than the session's limit."""
        deadline = self._deadline or CURRENT.get()
        if deadline is None:
            return []
        seconds = deadline.locks_at - asyncio.get_running_loop().time()
        if seconds >= LOCK_TIMEOUT_SECONDS:
            return []
        # A late request waits a little, too: every change of a row locks it for some milliseconds.
        return [Call(b"SET LOCAL lock_timeout = %d" % max(50, int(seconds * 1000)))]

    async def _roll_back(self) -> None:
        connection = self._connection
        if connection is not None and not connection.is_closed and not connection.is_idle:
            # If ROLLBACK fails, closing the connection rolls back. The first error is the one to report.
            with suppress(psycopg.Error):
                await connection.run([_ROLLBACK])

    def _release(self) -> None:
        self._is_closed = True
        self._is_waiting = False
        connection, self._connection = self._connection, None
        if self._trace is not None:
            self._trace.end()
            self._trace = None
        if connection is not None and self._pool is not None:
            self._pool.release(connection, self.tenant_id)


def tenant_session(tenant_id: UUID, *, snapshot: bool = False, on_every_node: bool = False) -> Session:
    """One transaction that sees the rows of one tenant and no others.

    It commits at the end of its block and rolls back on any exception. `snapshot`: all statements see the database as
    the first one did (REPEATABLE READ), for reads that must agree. `on_every_node`: it changes a table that each node
    of a Citus cluster has.

    Raises:
        TypeError: `tenant_id` is not a UUID.
    """
    if not isinstance(tenant_id, UUID):
        raise TypeError("tenant_session needs the tenant's UUID")
    return Session(tenant_id, snapshot=snapshot, reach="every node" if on_every_node else None)


def public_session(deadline: Deadline | None = None, *, reach: UUID | None = None) -> Session:
    """One transaction with no tenant set, which sees no tenant's rows.

    It is for public signing keys and for `admit()`, which sets the tenant row by row. `deadline`: the common deadline
    of several requests, instead of the current request's. `reach`: the only tenant that `admit()` sets, if it is one.
    """
    return Session(None, deadline=deadline, reach=reach)


async def ping() -> str | None:
    """Make one round trip to PostgreSQL, and check that it accepts writes.

    Returns the note of `schema_version`.

    Raises:
        psycopg.errors.ReadOnlySqlTransaction: it is a standby or read-only.
        What `Session` raises.
    """
    async with public_session() as session:
        (found,) = await session.finish(_PING)
    if found.is_read_only and _pool is not None:
        # Another host may have taken over.
        _pool.invalidate()
        raise psycopg.errors.ReadOnlySqlTransaction("PostgreSQL accepts no writes")
    return found.note


def open_pool(url: str, *, is_distributed: bool = False) -> None:
    """Make the process's pool for `url` (`postgresql+psycopg://...`). Connections are opened on demand.

    `is_distributed`: the tables are distributed over Citus nodes.
    """
    global _pool
    # `none` is for a transaction pooler that shares the names of prepared statements. Connections also detect that.
    prepares = make_url(url).query.get("prepare_threshold") != "none"
    _pool = Pool(libpq(url), prepares=prepares, is_distributed=is_distributed)


def close_pool() -> None:
    """Close the process's pool. Connections in use are closed when their session ends."""
    global _pool
    if _pool is not None:
        _pool.close()
        _pool = None


async def examine_nodes() -> list[tuple[int, str]] | None:
    """Ask the nodes of a Citus cluster. Number and address of each silent one; None: there is no cluster."""
    return await _pool.nodes.examine() if _pool is not None and _pool.nodes is not None else None


def count_connections() -> tuple[int, int, int]:
    """Connections of the process's pool: in use or being opened, idle, and the maximum."""
    return _pool.count() if _pool is not None else (0, 0, 0)


class _Pong(NamedTuple):
    is_read_only: bool
    note: str | None


# Also true on a standby.
_PING = Statement(text(f"SELECT CAST(current_setting('transaction_read_only') AS boolean), ({NOTE})"), _Pong, "ping")
