"""Rows that tests write as the tables' owner."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql


def insert(connection: psycopg.Connection[Any], table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the rows, which all name the same columns, in one transaction.

    Not with INSERT ... SELECT, which Citus may run as COPY, and row-level security refuses COPY.
    """
    (first, *others) = rows
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, first)),
        sql.SQL(", ").join(map(sql.Placeholder, first)),
    )
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(statement, [first, *others])


def insert_tenant(connection: psycopg.Connection[Any], name: str, cases: int) -> None:
    """Write a tenant with a key and so many cases."""
    tenant, key = uuid4(), uuid4()
    insert(connection, "tenant_names", [{"tenant_id": tenant, "name": name}])
    insert(connection, "tenants", [{"id": tenant, "name": name}])
    insert(connection, "api_keys", [{"tenant_id": tenant, "id": key, "key_hash": "0" * 64, "label": "x"}])
    case = {"tenant_id": tenant, "title": "x", "content": "{}", "created_by": key}
    insert(connection, "cases", ({"id": uuid4()} | case for _ in range(cases)))
