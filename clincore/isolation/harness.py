"""Shared by all attacks: the scene, and how a statement is tried, judged and rolled back.

Every attack is rolled back. Every statement that writes or locks names one of the two tenants, so it touches no other
tenant's row even if row-level security is broken.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Literal, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy.exc import SQLAlchemyError

from clincore.db.statements import ROLE
from clincore.isolation.refusals import is_refusal
from clincore.isolation.report import Entry
from clincore.isolation.shape import Row, Shape

Connection = psycopg.Connection[Any]
Connect = Callable[[], AbstractContextManager[Connection]]
Actor = Literal["the service", "the service with all privileges", "the owner"]
# Locks, timeouts, deadlocks and lost connections say nothing about isolation.
INCONCLUSIVE = ("55P03", "57014", "40P01", "40001", "08006", "57P01")


@dataclass(frozen=True)
class Scene:
    """Two tenants with rows in every table. B attacks A."""

    a: UUID
    b: UUID
    shapes: Sequence[Shape]
    """The tables in which both tenants have a row."""
    rows_of_a: Mapping[int, Row]
    rows_of_b: Mapping[int, Row]
    connect: Connect
    """Opens a connection like the service's: with its login and its role, in autocommit mode."""
    service: Connection
    """One such connection, reused like a pooled one."""
    owner: Connection | None
    is_distributed: bool
    """Whether Citus distributes the tables. It refuses some statements with errors of its own."""


@dataclass(frozen=True)
class Result:
    """The result of a statement: its SQLSTATE (empty if it succeeded), and the rows that it changed or returned."""

    state: str
    count: int
    rows: Sequence[tuple[Any, ...]] = ()
    message: str = ""
    """The error's message."""

    def __str__(self) -> str:
        return f"SQLSTATE {self.state}" if self.state else f"{max(self.count, len(self.rows))} rows"


@contextmanager
def record_errors(entry: Entry, what: str) -> Iterator[None]:
    """Report an error as not proven, and continue with the next attack."""
    try:
        yield
    except (psycopg.Error, SQLAlchemyError) as error:
        cause = getattr(error, "orig", error)
        state = getattr(cause, "sqlstate", None)
        entry.mark_unproven(f"{what}: {type(cause).__name__}" + (f" (SQLSTATE {state})" if state else ""))


@contextmanager
def transaction(scene: Scene, who: Actor, tenant: UUID | None, shape: Shape | None = None) -> Iterator[Connection]:
    """A transaction as the actor, with the tenant set. It is rolled back. `shape`: the table to grant privileges on."""
    connection = scene.service if who == "the service" else scene.owner
    assert connection is not None
    with connection.transaction(force_rollback=True):
        if scene.is_distributed:
            one_after_another(connection)
        if who == "the service with all privileges":
            if shape is not None:
                connection.execute(
                    sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}").format(shape.name, sql.Identifier(ROLE))
                )
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(ROLE)))
        if tenant is not None:
            set_tenant(connection, tenant)
        yield connection


def one_after_another(connection: Connection) -> None:
    """Let Citus use one connection per node in this transaction.

    It would refuse a statement that has to see what an earlier one did over several connections (SQLSTATE 25001).
    """
    connection.execute("SET LOCAL citus.multi_shard_modify_mode = 'sequential'")


def set_tenant(connection: Connection, tenant: UUID | str) -> None:
    """Set the tenant for the transaction, as `tenant_session` does."""
    connection.execute(sql.SQL("SET LOCAL app.tenant_id = {}").format(sql.Literal(str(tenant))))


def attempt(connection: Connection, statement: sql.Composed) -> Result:
    """Run the statement in a savepoint that is rolled back."""
    try:
        cursor = connection.execute(
            sql.SQL("SAVEPOINT attempt; {}; ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt").format(
                statement
            ),
            prepare=False,
        )
        cursor.nextset()
        return Result("", max(cursor.rowcount, 0), cursor.fetchall() if cursor.description else ())
    except psycopg.Error as error:
        connection.execute("ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt", prepare=False)
        return Result(error.sqlstate or "?", 0, message=error.diag.message_primary or "")


def was_refused(scene: Scene, error: psycopg.Error | Result) -> bool:
    """Whether the error says that the statement was refused."""
    if isinstance(error, Result):
        return is_refusal(error.state, error.message, of_citus=scene.is_distributed)
    return is_refusal(error.sqlstate or "", error.diag.message_primary or "", of_citus=scene.is_distributed)


def judge(scene: Scene, entry: Entry, result: Result, table: str, statement: sql.Composed, how: str) -> None:
    """Report the result as a finding, unless the statement was refused or affected no rows."""
    if was_refused(scene, result) or (not result.state and not result.count and not result.rows):
        return
    shown = statement.as_string(None)[:180]
    if result.state in INCONCLUSIVE:
        entry.mark_unproven(f"{table}: {shown} {how}: SQLSTATE {result.state}")
    else:
        entry.fail(f"table {table}", f"{shown} {how}: {result}")


def compose(text: LiteralString, shape: Shape, scene: Scene, **names: sql.Composable) -> sql.Composed:
    """Fill in a statement: {t} is the table, {k} its tenant column, {a} and {b} are the tenants; plus `names`."""
    return sql.SQL(text).format(
        t=shape.name, k=sql.Identifier(shape.key), a=sql.Literal(scene.a), b=sql.Literal(scene.b), **names
    )
