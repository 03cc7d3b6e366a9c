"""The engine, and the one way from it to a tenant's rows."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import namedtuple_row
from psycopg.types.json import set_json_dumps, set_json_loads
from sqlalchemy import Executable, make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from clincore.db.connection import Connection, NoAnswer

POOL_SIZE = 10
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

_IN_ONE_TRIP = "BEGIN; SET LOCAL ROLE clincore_app; SET LOCAL app.tenant_id = %(_tenant)s; {}; COMMIT"
_STATEMENTS_BEFORE = 3

# For the statements that go to the driver itself.
set_json_dumps(orjson.dumps)
set_json_loads(orjson.loads)

_engine: AsyncEngine | None = None


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
            application_name="clincore",
        )
        connection.answer_seconds = ANSWER_SECONDS
        try:
            # Without it a query that forgot its tenant would run as the login, and an owner's login sees every tenant.
            await connection.execute(ON_CONNECT, prepare=False)
        except BaseException:
            await connection.close()
            raise
        return connection

    _engine = create_async_engine(
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


async def close_engine() -> None:
    """Close the process's connections."""
    global _engine
    if _engine is not None:
        await _engine.dispose()
        _engine = None


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
    # One simple query, so one round trip. SET LOCAL and not set_config: Citus passes only the statement on to its
    # workers. The text is safe because a UUID has no other characters than hexadecimal digits and hyphens.
    connection = await _begin(f"BEGIN; SET LOCAL ROLE clincore_app; SET LOCAL app.tenant_id = '{tenant_id}'")
    async with _returned_clean(connection):
        yield connection
        await driver(connection).execute("COMMIT", prepare=False)


def compiled(statement: Executable) -> str:
    """The text of a Core statement for `fetch_one`; its parameters are those named with `bindparam`."""
    return str(statement.compile(dialect=PGDialectAsync_psycopg()))  # type: ignore[attr-defined, no-untyped-call]


async def fetch_one(tenant_id: UUID, statement: str, parameters: dict[str, Any]) -> Any | None:
    """The one row of a compiled statement that is a `tenant_session` of its own, its columns as attributes.

    Begin, role, tenant, statement and commit go to PostgreSQL together, with the values as literals that psycopg
    quotes: one round trip instead of three, which is most of what a small request costs.

    Raises as `tenant_session` does.
    """
    if not isinstance(tenant_id, UUID):
        raise TypeError("fetch_one needs the tenant's UUID")
    connection = await _connect()
    async with _returned_clean(connection):
        cursor = psycopg.AsyncClientCursor(driver(connection), row_factory=namedtuple_row)
        await cursor.execute(_IN_ONE_TRIP.format(statement), {**parameters, "_tenant": str(tenant_id)})
        for _ in range(_STATEMENTS_BEFORE):
            cursor.nextset()
        return await cursor.fetchone()


@asynccontextmanager
async def without_tenant() -> AsyncIterator[Connection]:
    """psycopg's connection as clincore_app, each statement its own transaction; no row is visible from it.

    Raises as `tenant_session` does.
    """
    connection = await _connect()
    try:
        yield driver(connection)
    except BaseException:
        await connection.invalidate()
        raise
    finally:
        await connection.close()


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
        connection = await _connect()
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


async def _connect() -> AsyncConnection:
    if _engine is None:
        raise RuntimeError("open_engine() was not called")
    while True:
        connection = await _engine.connect()
        # Connections that died with a restarted PostgreSQL are found before anything is sent on them.
        if not driver(connection).is_disturbed:
            return connection
        await connection.invalidate()
        await connection.close()


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
    if connection.invalidated:
        return
    raw = driver(connection)
    try:
        if not raw.closed:
            await raw.execute("ROLLBACK", prepare=False)
            return
    except psycopg.Error:
        pass
    await connection.invalidate()


def driver(connection: AsyncConnection) -> Connection:
    """psycopg's connection under one of SQLAlchemy's."""
    sync_connection = connection.sync_connection
    assert sync_connection is not None
    raw = sync_connection.connection.driver_connection
    assert isinstance(raw, Connection)
    return raw
