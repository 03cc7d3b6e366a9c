"""Run statements on an operator's connection."""

from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import ColumnElement, Executable, func, select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from clincore.db.statements import Statement

Connection = psycopg.Connection[Any]
Row = dict[str, Any]

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


def rows(connection: Connection, statement: Executable) -> list[Row]:
    """The rows of a Core statement, as dictionaries."""
    return execute(connection, statement).fetchall()


def execute(connection: Connection, statement: Executable) -> psycopg.Cursor[Row]:
    """Execute a Core statement and return its cursor."""
    compiled = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
    return connection.cursor(row_factory=dict_row).execute(str(compiled), compiled.params)


def rows_of_tenant(connection: Connection, statement: Statement[Any], tenant_id: UUID, **values: Any) -> list[Row]:
    """The rows of one of the service's statements for one tenant, as dictionaries."""
    return execute_of_tenant(connection, statement, tenant_id, **values).fetchall()


def execute_of_tenant(
    connection: Connection, statement: Statement[Any], tenant_id: UUID, **values: Any
) -> psycopg.Cursor[Row]:
    """Execute one of the service's statements for one tenant and return its cursor."""
    cursor = psycopg.RawCursor(connection, row_factory=dict_row)
    return cursor.execute(statement.text, statement.bind(tenant_id, values))


def counts(connection: Connection, column: Any, condition: ColumnElement[bool]) -> dict[UUID, int]:
    """The number of rows by tenant. `column` is the table's `tenant_id`."""
    statement = select(column, func.count().label("n")).where(condition).group_by(column)
    return {row["tenant_id"]: row["n"] for row in rows(connection, statement)}


def as_uuid(given: str) -> UUID | None:
    """The text as a UUID, or None."""
    try:
        return UUID(given)
    except ValueError:
        return None
