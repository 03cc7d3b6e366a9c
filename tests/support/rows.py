"""Rows that tests write as the tables' owner."""

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from psycopg import sql


def insert(connection: psycopg.Connection[Any], table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the rows, which all name the same columns, in one transaction.

    Not with INSERT ... SELECT, which Citus may run as COPY, and row security refuses COPY.
    """
    (first, *others) = rows
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, first)),
        sql.SQL(", ").join(map(sql.Placeholder, first)),
    )
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(statement, [first, *others])
