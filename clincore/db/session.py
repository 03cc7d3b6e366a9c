"""Sessions: the one way to rows. `tenant_session` serves requests, `operator_session` operators' commands."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, Self, TypeVar
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq.abc import PGresult
from sqlalchemy import make_url, text

from clincore.db.driver.connection import (
    CONNECT_TIMEOUT_SECONDS,
    FORGOTTEN,
    LIMITS,
    LOCK_TIMEOUT_SECONDS,
    ON_CONNECT,
    ROLE,
    Call,
    Connection,
    NoAnswer,
)
from clincore.db.driver.pool import Pool
from clincore.db.statements import NoRow, Statement
from clincore.deadline import CURRENT, Deadline

__all__ = [
    "ON_CONNECT",
    "ROLE",
    "NoAnswer",
    "OperatorError",
    "Pending",
    "Session",
    "close_pool",
    "count_connections",
    "describe_unreachable",
    "libpq",
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

_CLOSED = "the session is finished, one of its statements failed, or one is under way"

_pool: Pool | None = None


class OperatorError(Exception):
    """The login is not the owner of the tables; the text is one line that says which login is needed."""


@dataclass(slots=True, eq=False)
class Pending(Generic[R]):
    """A queued statement; `rows` has what it gave once it was sent."""

    statement: Statement[R]
    call: Call
    rows: list[R] = field(default_factory=list)


class Session:
    """One transaction of one tenant, or of none: `async with tenant_session(tenant_id) as session`.

    BEGIN and the settings travel with the first statement, COMMIT with the last: each of `fetch` and `finish` is one
    round trip. A session that sends nothing has no transaction.

    Raises, where it sends:
        clincore.db.driver.pool.PoolTimeout: no connection became free in time.
        psycopg.OperationalError: PostgreSQL cannot be reached, or the connection was lost.
        psycopg.Error: a statement failed, this one or one that was queued before it.
        RuntimeError: the session is finished, an earlier statement of it failed, or another task is sending.
    """

    __slots__ = ("_connection", "_deadline", "_is_closed", "_is_snapshot", "_pool", "_queue", "tenant_id")

    def __init__(self, tenant_id: UUID | None, *, snapshot: bool = False, deadline: Deadline | None = None) -> None:
        self.tenant_id = tenant_id
        self._deadline = deadline
        self._is_snapshot = snapshot
        self._pool: Pool | None = None
        self._connection: Connection | None = None
        self._queue: list[Pending[Any]] = []
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        try:
            if error is None and (self._queue or self._connection is not None):
                await self.commit()
            elif isinstance(error, Exception):
                await self._roll_back()
        except Exception:
            await self._roll_back()
            raise
        finally:
            # With its transaction still under way, after a cancellation, the pool closes the connection.
            self._release()

    def queue(self, statement: Statement[R], /, **values: Any) -> Pending[R]:
        """Send the statement with the next one that is fetched, or with COMMIT. `tenant_id` is filled in."""
        if self._is_closed:
            raise RuntimeError(_CLOSED)
        pending = Pending(statement, Call(statement, statement.bind(self.tenant_id, values)))
        self._queue.append(pending)
        return pending

    async def fetch(self, statement: Statement[R], /, **values: Any) -> list[R]:
        """Send what is queued and this statement; its rows."""
        pending = self.queue(statement, **values)
        await self._send()
        return pending.rows

    async def finish(self, statement: Statement[R], /, **values: Any) -> list[R]:
        """Send what is queued, this statement and COMMIT, and end the session; the statement's rows."""
        pending = self.queue(statement, **values)
        await self._send(commits=True)
        return pending.rows

    async def commit(self) -> None:
        """Send what is queued and COMMIT, and end the session. Leaving the block without an exception does so too."""
        await self._send(commits=True)

    async def _send(self, *, commits: bool = False) -> None:
        if self._is_closed:
            raise RuntimeError(_CLOSED)
        # Until everything went well: COMMIT after a failed statement rolls back, and PostgreSQL calls that no error.
        self._is_closed = True
        queue = self._queue
        connection = self._connection
        is_first = connection is None
        if connection is None:
            if _pool is None:
                raise RuntimeError("open_pool() was not called")
            self._pool = _pool
            connection = self._connection = await _pool.acquire(self.tenant_id)
        # After the wait for a connection, which takes of the time for locks too.
        calls = [*self._lock_limit(), *(pending.call for pending in queue)]
        if commits:
            calls.append(_COMMIT)
        results = await (self._begin(connection, calls) if is_first else connection.run(calls))
        for pending, result in zip(queue, results[len(results) - len(queue) - commits :], strict=False):
            if result.nfields:
                pending.rows = connection.rows(pending.statement, result)
        self._queue = []
        if commits:
            self._release()
        else:
            self._is_closed = False

    async def _begin(self, connection: Connection, calls: list[Call]) -> list[PGresult]:
        """Send the first statements, with BEGIN and the settings before them."""
        begin = [_BEGIN_SNAPSHOT if self._is_snapshot else _BEGIN]
        if not connection.is_app_login:
            begin.append(_SET_ROLE)
        if connection.is_behind_pooler:
            begin += _SET_LIMITS
        if self.tenant_id is not None:
            begin.append(Call(_set_tenant(self.tenant_id)))
        try:
            return await connection.run([*begin, *calls])
        except FORGOTTEN:
            # An administrator deallocated it. COMMIT was skipped with the rest, so nothing was done yet, and the
            # connection prepares nothing more.
            await connection.run([_ROLLBACK])
            return await connection.run([*begin, *calls])

    def _lock_limit(self) -> list[Call]:
        """What limits waits for locks to the rest of the request's time for them, when that is less than usual."""
        deadline = self._deadline or CURRENT.get()
        if deadline is None:
            return []
        seconds = deadline.locks_at - asyncio.get_running_loop().time()
        if seconds >= LOCK_TIMEOUT_SECONDS:
            return []
        # Late requests wait for a moment too: rows that are changed are locked for some milliseconds.
        return [Call(b"SET LOCAL lock_timeout = %d" % max(50, int(seconds * 1000)))]

    async def _roll_back(self) -> None:
        connection = self._connection
        if connection is not None and not connection.is_closed and not connection.is_idle:
            # If ROLLBACK fails the connection is closed, which rolls back too; the first error is the one to tell.
            with suppress(psycopg.Error):
                await connection.run([_ROLLBACK])

    def _release(self) -> None:
        self._is_closed = True
        connection, self._connection = self._connection, None
        if connection is not None and self._pool is not None:
            self._pool.release(connection, self.tenant_id)


def tenant_session(tenant_id: UUID, *, snapshot: bool = False) -> Session:
    """One transaction that sees the rows of one tenant and no others.

    It commits at the end of its block and rolls back on any exception. `snapshot`: all its statements see the
    database as it was at the first one (REPEATABLE READ), for reads that must agree.

    Raises:
        TypeError: `tenant_id` is not a UUID. There is no session without a tenant.
    """
    if not isinstance(tenant_id, UUID):
        raise TypeError("tenant_session needs the tenant's UUID")
    return Session(tenant_id, snapshot=snapshot)


def public_session(deadline: Deadline | None = None) -> Session:
    """One transaction with no tenant set, which sees no tenant's rows.

    It is for public signing keys and for `admit()`, which sets the tenant row by row. `deadline`: that of several
    requests together, instead of that of the request under way.
    """
    return Session(None, deadline=deadline)


async def ping() -> None:
    """One round trip to PostgreSQL. Raises as a session does where it sends."""
    async with public_session() as session:
        await session.finish(_PING)


def open_pool(url: str) -> None:
    """Make the process's pool for `url` (`postgresql+psycopg://...`); connections are opened when they are needed."""
    global _pool
    # `none` is for a transaction pooler that shares names of prepared statements; a connection finds that out, too.
    _pool = Pool(libpq(url), prepares=make_url(url).query.get("prepare_threshold") != "none")


def close_pool() -> None:
    """Close the process's connections; those in use close when their session ends."""
    global _pool
    if _pool is not None:
        _pool.close()
        _pool = None


def count_connections() -> tuple[int, int, int]:
    """Connections of the process's pool: in use or being opened, idle, at most."""
    return _pool.count() if _pool is not None else (0, 0, 0)


def libpq(url: str) -> str:
    """`postgresql+psycopg://...` as libpq's connection string, with UTF-8 for texts. Any password can stand in it.

    Raises:
        psycopg.ProgrammingError: libpq has no such parameter. The text may quote the password.
    """
    parsed = make_url(url)
    parts: dict[str, object] = {
        "host": parsed.host,
        "port": parsed.port,
        "user": parsed.username,
        "password": parsed.password,
        "dbname": parsed.database,
    }
    query = {**parsed.query, "client_encoding": "UTF8"}
    for name, value in query.items():
        if name != "prepare_threshold":
            # Several hosts are one value to libpq.
            parts[name] = ",".join(value) if isinstance(value, tuple) else value
    return make_conninfo("", **{name: str(value) for name, value in parts.items() if value is not None})


def describe_unreachable(url: str, error: BaseException | None) -> str:
    """One line, without the password, on a server that does not answer or refuses the login."""
    where = make_url(url).set(drivername="postgresql").render_as_string(hide_password=True)
    # SQLAlchemy's text contains the statement, the driver's own what the server said.
    why = " ".join(str(getattr(error, "orig", error) or "").split())
    return f"PostgreSQL at {where} cannot be used: {why or 'no answer'}"


@contextmanager
def operator_session(owner_url: str) -> Iterator[psycopg.Connection[Any]]:
    """One transaction of the tables' owner with no tenant set, which sees every tenant; for commands, not for requests.

    It commits at its end and rolls back on any exception. A superuser is refused: it would bypass what binds the
    owner, and its mistakes would reach further than an operator's.

    Raises:
        OperatorError: the login does not own the tables, or bypasses row security.
        psycopg.OperationalError: PostgreSQL cannot be reached.
    """
    connection = psycopg.connect(libpq(owner_url), connect_timeout=CONNECT_TIMEOUT_SECONDS, application_name="clincore")
    with connection:
        # A default of the role or the database would limit the operator to one tenant.
        connection.execute("SET LOCAL app.tenant_id = ''")
        connection.execute("SET LOCAL lock_timeout = '5s'")
        # Whatever the role, the database or the operator's environment says: psycopg reads no other form of times.
        connection.execute("SET LOCAL datestyle = 'ISO'")
        connection.execute("SET LOCAL intervalstyle = 'postgres'")
        connection.execute("SET LOCAL timezone = 'UTC'")
        found = connection.execute(
            "SELECT quote_ident(current_user), rolsuper OR rolbypassrls,"
            " (SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('tenants'))"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert found is not None
        login, bypasses, owns = found
        if bypasses:
            raise OperatorError(f"{login} bypasses row security. Name an ordinary owner in MIGRATION_DATABASE_URL.")
        if not owns:
            what = "there are no ClinCore tables" if owns is None else f"{login} does not own the tables"
            raise OperatorError(f"This needs the owner of the tables, and {what}. Name it in MIGRATION_DATABASE_URL.")
        yield connection


def _set_tenant(tenant_id: UUID) -> bytes:
    # SET takes no parameter. A uuid.UUID has no other characters than hexadecimal digits and hyphens.
    return b"SET LOCAL app.tenant_id = '%s'" % str(tenant_id).encode()


_PING = Statement(text("SELECT"), NoRow, "ping")
