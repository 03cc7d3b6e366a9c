"""The engine, and the one way from it to a tenant's rows."""

import hashlib
from collections import namedtuple
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import orjson
import psycopg
from psycopg.adapt import Transformer
from psycopg.conninfo import make_conninfo
from psycopg.pq import Escaping, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.types.json import set_json_loads
from sqlalchemy import Executable, PoolProxiedConnection, event, make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util.concurrency import greenlet_spawn

from clincore.db.driver.connection import Connection, NoAnswer

POOL_SIZE = 20
POOL_TIMEOUT_SECONDS = 1.0
CONNECT_TIMEOUT_SECONDS = 2
# A little longer than the server's own limit for a statement: only a server that hangs reaches it.
ANSWER_SECONDS = 2.8

# Set once per connection. Behind a transaction pooler they may land on another connection; the role then comes from
# the statement that begins each transaction, and the timeouts from whatever the pooler's own sessions have.
ON_CONNECT = """
    SET ROLE clincore_app;
    SET lock_timeout = '1s';
    SET statement_timeout = '2500ms';
    SET idle_in_transaction_session_timeout = '10s';
    SET timezone = 'UTC';
    SET datestyle = 'ISO'
"""

# One simple query, so one round trip. SET LOCAL and not set_config: Citus passes only the statement on to its workers.
# What is put in is a uuid.UUID, which has no other characters than hexadecimal digits and hyphens.
_BEGIN = "BEGIN; SET LOCAL ROLE clincore_app; SET LOCAL app.tenant_id = '{}'"

# Parameters by number, as PREPARE has them.
_DIALECT = PGDialectAsync_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]

# For the statements that go to the driver itself.
set_json_loads(orjson.loads)

C = TypeVar("C")
Escape = Callable[[bytes], bytes]
"""libpq's own quoting of a literal."""


class OperatorError(Exception):
    """The login is no operator's; the text is one line that says which one is needed."""


def libpq(url: str) -> str:
    """`postgresql+psycopg://...` as libpq's connection string, in which any password can stand.

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
    for name, value in parsed.query.items():
        if name != "prepare_threshold":
            # Several hosts are one value to libpq.
            parts[name] = ",".join(value) if isinstance(value, tuple) else value
    return make_conninfo("", **{name: str(value) for name, value in parts.items() if value is not None})


class _Engine:
    """SQLAlchemy's engine, with those of its connections at hand that were used last.

    What was taken raw stays checked out when it comes back: SQLAlchemy's check-out and return cost more than the rest
    of a small query does on this side. While somebody who found none at hand asks the engine, what comes back goes to
    its pool, and so does all that is at hand when a connection was lost: the pool replaces those that are too old.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.sqlalchemy = engine
        self.at_hand: list[PoolProxiedConnection] = []
        self._asking = 0
        event.listen(engine.sync_engine.pool, "invalidate", lambda *_: self._to_pool())

    async def connect(self) -> AsyncConnection:
        """One of SQLAlchemy's connections."""
        while True:
            if self.at_hand:
                self.at_hand.pop().close()
            connection = await self._ask(self.sqlalchemy.connect)
            # Connections that died with a restarted PostgreSQL are found before anything is sent on them.
            if not driver(connection).is_disturbed:
                return connection
            await connection.invalidate()
            await connection.close()

    async def take(self) -> PoolProxiedConnection:
        """One that is used without SQLAlchemy's around it."""
        while True:
            pooled = self.at_hand.pop() if self.at_hand else await self._ask(self.sqlalchemy.raw_connection)
            if not _driver(pooled).is_disturbed:
                return pooled
            await self.give_back(pooled, is_usable=False)

    async def give_back(self, pooled: PoolProxiedConnection, *, is_usable: bool = True) -> None:
        """The end of `take`. A connection that is not usable, or in the middle of something, is closed."""
        is_usable = is_usable and _driver(pooled).pgconn.transaction_status == TransactionStatus.IDLE
        if not is_usable or self is not _engine:
            try:
                await greenlet_spawn(pooled.invalidate)
            finally:
                pooled.close()
        elif self._asking:
            # Nothing waits: in autocommit the pool has nothing to roll back.
            pooled.close()
        else:
            self.at_hand.append(pooled)

    async def close(self) -> None:
        """Close what is not in use; what is closes when it comes back."""
        self._to_pool()
        await self.sqlalchemy.dispose()

    def _to_pool(self) -> None:
        while self.at_hand:
            self.at_hand.pop().close()

    async def _ask(self, get: Callable[[], Awaitable[C]]) -> C:
        self._asking += 1
        try:
            return await get()
        finally:
            self._asking -= 1


_engine: _Engine | None = None


def open_engine(url: str) -> None:
    """Make the process's engine for `url` (`postgresql+psycopg://...`); connections are made on first use."""
    global _engine
    conninfo, prepare_threshold = libpq(url), make_url(url).query.get("prepare_threshold", 5)

    async def connect() -> Connection:
        connection = await Connection.connect(
            conninfo,
            autocommit=True,
            # `none` is for a transaction pooler that does not know prepared statements (pgbouncer before 1.21).
            prepare_threshold=None if prepare_threshold == "none" else int(prepare_threshold),  # type: ignore[arg-type]
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            keepalives_idle=5,
            tcp_user_timeout=3000,
            # What literals are escaped for, whatever the server or the environment prefers.
            client_encoding="UTF8",
            application_name="clincore",
        )
        connection.answer_seconds = ANSWER_SECONDS
        connection.prepared, connection.keeps_prepared = set(), prepare_threshold != "none"
        connection.transformer = Transformer(connection)
        try:
            # Without it a query that forgot its tenant would run as the login, and an owner's login sees every tenant.
            await connection.execute(ON_CONNECT, prepare=False)
        except BaseException:
            await connection.close()
            raise
        return connection

    engine = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        hide_parameters=True,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        async_creator=connect,
    )
    _engine = _Engine(engine)


async def close_engine() -> None:
    """Close the process's connections."""
    global _engine
    engine, _engine = _engine, None
    if engine is not None:
        await engine.close()


@asynccontextmanager
async def tenant_session(tenant_id: UUID) -> AsyncIterator[AsyncConnection]:
    """One transaction that sees the rows of one tenant and no others; commits at its end, rolls back on any exception.

    Raises:
        TypeError: `tenant_id` is not a UUID. There is no session without a tenant.
        sqlalchemy.exc.TimeoutError: no connection became free in time.
        psycopg.OperationalError: PostgreSQL cannot be reached.
    """
    if not isinstance(tenant_id, UUID):
        raise TypeError("tenant_session needs the tenant's UUID")
    connection = await _begin(_BEGIN.format(tenant_id))
    async with _returned_clean(connection):
        yield connection
        await driver(connection).execute("COMMIT", prepare=False)


class Statement:
    """A Core statement for `fetch`, compiled once here and prepared once on each connection.

    Its parameters are those named with `bindparam`.
    """

    def __init__(self, statement: Executable) -> None:
        compiled = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
        self.text = str(compiled)
        self.name = f"clincore_{hashlib.sha256(self.text.encode()).hexdigest()[:16]}"
        self.parameters: list[str] = compiled.positiontup or []
        self._constants: dict[str, Any] = {k: v for k, v in compiled.params.items() if v is not None}
        self._make_row: Callable[[Sequence[Any]], Any] | None = None

    def execute(self, name: str, parameters: Mapping[str, Any], escape: Escape) -> bytes:
        """EXECUTE of the statement that was prepared under `name`."""
        values = {**self._constants, **parameters}
        literals = b", ".join(_literal(values[parameter], escape) for parameter in self.parameters)
        return b"EXECUTE %s (%s)" % (name.encode(), literals) if literals else b"EXECUTE " + name.encode()

    def rows(self, result: PGresult, connection: Connection) -> list[Any]:
        """What the statement gave, each row's columns as attributes."""
        if self._make_row is None:
            names = [(result.fname(column) or b"").decode() for column in range(result.nfields)]
            self._make_row = namedtuple("Row", names)._make  # type: ignore[attr-defined]
        transformer = connection.transformer
        transformer.set_pgresult(result)
        try:
            return transformer.load_rows(0, result.ntuples, self._make_row)
        finally:
            transformer.set_pgresult(None)


Call = tuple[Statement, Mapping[str, Any]]
"""A statement with its parameters."""


async def fetch(
    tenant_id: UUID,
    statement: Statement,
    parameters: Mapping[str, Any],
    *,
    also: Sequence[Call] = (),
    then: Callable[[list[Any]], Call] | None = None,
) -> list[Any]:
    """The rows of a statement that is a `tenant_session` of its own.

    Begin, role, tenant, statement and commit go to PostgreSQL together: one round trip instead of three, which is most
    of what a small request costs. `also`: further statements in the same transaction and trip. `then`: one more, which
    depends on the rows and goes with the commit, in a trip of its own.

    Raises as `tenant_session` does.
    """
    if not isinstance(tenant_id, UUID):
        raise TypeError("fetch needs the tenant's UUID")
    return await _fetch(_BEGIN.format(tenant_id) + "; ", [(statement, parameters), *also], then, "; COMMIT")


async def fetch_without_tenant(statement: Statement, parameters: Mapping[str, Any]) -> list[Any]:
    """The same without a tenant, as clincore_app: for `admit()`, which sets the tenant row by row, and public keys.

    Raises as `tenant_session` does.
    """
    return await _fetch("", [(statement, parameters)], None, "")


async def _fetch(before: str, calls: Sequence[Call], then: Callable[[list[Any]], Call] | None, after: str) -> list[Any]:
    async with without_tenant() as connection:

        async def work() -> list[Any]:
            results = await _run(connection, before, calls, "" if then else after)
            result = next((result for result in results if result.nfields), None)
            rows = calls[0][0].rows(result, connection) if result else []
            if then:
                await _run(connection, "", [then(rows)], after)
            return rows

        try:
            return await work()
        except (psycopg.errors.InvalidSqlStatementName, psycopg.errors.DuplicatePreparedStatement):
            # A transaction pooler gave another session than the one that prepared it. Nothing was committed yet.
            connection.keeps_prepared = False
            await connection.simple_query(b"ROLLBACK")
            return await work()


class without_tenant:
    """psycopg's connection as clincore_app, each statement its own transaction; no row is visible from it.

    It is the pool's without SQLAlchemy's around it, which costs as much as the rest of a small query on this side. A
    class, because `asynccontextmanager` would cost a part of that again.

    Raises as `tenant_session` does.
    """

    async def __aenter__(self) -> Connection:
        self._engine = _opened()
        self._taken = await self._engine.take()
        return _driver(self._taken)

    async def __aexit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        is_usable = error is None
        try:
            # Cancelled in the middle of something, nobody knows what it still says: nobody gets it again.
            if isinstance(error, Exception):
                is_usable = await _is_rolled_back(_driver(self._taken))
        finally:
            await self._engine.give_back(self._taken, is_usable=is_usable)


async def _run(connection: Connection, before: str, calls: Sequence[Call], after: str) -> list[PGresult]:
    """One simple query: what must be prepared, `before`, an EXECUTE for each call, `after`."""
    to_prepare: dict[str, str] = {}
    executes = []
    for statement, parameters in calls:
        name = statement.name
        if not connection.keeps_prepared:
            name = f"clincore_{uuid4().hex}"
            after += f"; DEALLOCATE {name}"
        if name not in connection.prepared:
            to_prepare[name] = f"PREPARE {name} AS {statement.text}; "
        executes.append(statement.execute(name, parameters, Escaping(connection.pgconn).escape_literal))
    query = b"".join((("".join(to_prepare.values()) + before).encode(), b"; ".join(executes), after.encode()))
    prepared = len(to_prepare)
    try:
        return await connection.simple_query(query)
    except psycopg.Error as error:
        prepared = min(prepared, len(getattr(error, "results", ())))
        raise
    finally:
        # PREPARE is not undone with the transaction.
        if to_prepare and connection.keeps_prepared:
            connection.prepared.update(list(to_prepare)[:prepared])


def _literal(value: Any, escape: Escape) -> bytes:
    match value:
        case None:
            return b"NULL"
        case UUID():
            # Without hyphens, as PostgreSQL takes it too: Python makes that in a third of the time.
            return b"'%032x'" % value.int
        case str():
            if "\0" in value:
                raise psycopg.DataError("PostgreSQL text cannot contain NUL (0x00) bytes")
            return escape(value.encode())
        case bool():
            return b"true" if value else b"false"
        case int():
            return b"%d" % value
        case datetime():
            # PostgreSQL knows no offset of 16 hours or more, which RFC 3339 allows.
            return f"'{value.astimezone(UTC).isoformat()}'".encode()
        case dict() | list():
            return escape(orjson.dumps(value))
        case _:
            raise TypeError(f"no literal for {type(value).__name__}")


@contextmanager
def operator_session(owner_url: str) -> Iterator[psycopg.Connection[Any]]:
    """One transaction of the tables' owner with no tenant set, which sees every tenant; for commands, not for requests.

    It commits at its end and rolls back on any exception. A superuser is refused: it would pass by what binds the
    owner, and its mistakes would reach further than an operator's.

    Raises:
        OperatorError: the login does not own the tables, or row security spares it.
        psycopg.OperationalError: PostgreSQL cannot be reached.
    """
    connection = psycopg.connect(libpq(owner_url), connect_timeout=CONNECT_TIMEOUT_SECONDS, application_name="clincore")
    with connection:
        # A default would make the operator one tenant's.
        connection.execute("SET LOCAL app.tenant_id = ''")
        connection.execute("SET LOCAL lock_timeout = '5s'")
        found = connection.execute(
            "SELECT quote_ident(current_user), rolsuper OR rolbypassrls,"
            " (SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('tenants'))"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert found is not None
        login, spared, owns = found
        if spared:
            raise OperatorError(f"{login} is spared by row security. Name an ordinary owner in MIGRATION_DATABASE_URL.")
        if not owns:
            what = "there are no tables of ClinCore" if owns is None else f"{login} does not own the tables"
            raise OperatorError(f"This needs the owner of the tables, and {what}. Name it in MIGRATION_DATABASE_URL.")
        yield connection


async def ping() -> None:
    """One round trip to PostgreSQL. Raises as `tenant_session` does."""
    connection = await _begin("BEGIN")
    try:
        await driver(connection).execute("COMMIT", prepare=False)
    finally:
        await connection.close()


async def _begin(statement: str) -> AsyncConnection:
    """A connection from the pool on which `statement` has begun a transaction."""
    # Connections of the pool that died with a restarted PostgreSQL say so at BEGIN, before anything was done on them.
    for last in [False] * POOL_SIZE + [True]:
        connection = await _opened().connect()
        try:
            await driver(connection).execute(statement, prepare=False)
            return connection
        except BaseException as error:
            await connection.invalidate()
            await connection.close()
            # A server that hangs would hang with the next connection too.
            if last or isinstance(error, NoAnswer) or not isinstance(error, psycopg.OperationalError):
                raise
    raise AssertionError("unreachable")


def _opened() -> _Engine:
    if _engine is None:
        raise RuntimeError("open_engine() was not called")
    return _engine


@asynccontextmanager
async def _returned_clean(connection: AsyncConnection) -> AsyncIterator[None]:
    """Give the connection back to the pool at the end, without the transaction that failed on it."""
    try:
        yield
    except Exception:
        await _roll_back(connection)
        raise
    except BaseException:
        # Cancelled in the middle of something: nobody knows what the connection still says, so nobody gets it again.
        await connection.invalidate()
        raise
    finally:
        await connection.close()


async def _roll_back(connection: AsyncConnection) -> None:
    if not connection.invalidated and not await _is_rolled_back(driver(connection)):
        await connection.invalidate()


async def _is_rolled_back(connection: Connection) -> bool:
    """End the transaction that failed; whether the connection can be used again."""
    try:
        if not connection.closed:
            await connection.execute("ROLLBACK", prepare=False)
            return True
    except psycopg.Error:
        pass
    return False


def driver(connection: AsyncConnection) -> Connection:
    """psycopg's connection under one of SQLAlchemy's."""
    sync_connection = connection.sync_connection
    assert sync_connection is not None
    return _driver(sync_connection.connection)


def _driver(pooled: PoolProxiedConnection) -> Connection:
    raw = pooled.driver_connection
    assert isinstance(raw, Connection)
    return raw
