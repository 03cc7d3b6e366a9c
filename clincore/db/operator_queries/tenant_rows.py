"""All rows of one tenant, in every table that has some: read, insert, count and delete them.

The tables are found in PostgreSQL's catalogue, so that a new one is never forgotten. The connection is that of an
`operator_session`, which sees every tenant.
"""

from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from typing import NamedTuple
from uuid import UUID

from psycopg import sql

from clincore.db.operator_queries.run import Connection
from clincore.db.session import NOTE

ROWS_AT_ONCE = 1000
_VALUES_MAX = 30_000
"""Of one statement; PostgreSQL accepts 65,535."""
DELETED_AT_ONCE = 5000

_TABLES = """
    SELECT c.relname::text, CASE c.oid WHEN 'tenants'::regclass THEN 'id' ELSE 'tenant_id' END,
        ARRAY(SELECT a.attname::text FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum),
        ARRAY(SELECT a.attname::text FROM pg_index i
            CROSS JOIN unnest(i.indkey) WITH ORDINALITY k (number, place)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
            WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY k.place)
    FROM pg_class c
    WHERE c.relnamespace = (SELECT t.relnamespace FROM pg_class t WHERE t.oid = 'tenants'::regclass)
        AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND (c.oid = 'tenants'::regclass OR EXISTS (SELECT FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped))
    ORDER BY 1
"""
_REFERENCES = """
    SELECT f.relname::text, t.relname::text FROM pg_constraint k
    JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
    WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid <> k.confrelid ORDER BY 1, 2
"""


class TenantTable(NamedTuple):
    """A table with rows of tenants."""

    name: str
    tenant: str
    """The column that names the tenant."""
    columns: Sequence[str]
    key: Sequence[str]
    """The columns of the primary key. Empty for tables without one, which an operator may have added."""


def tables(connection: Connection) -> list[TenantTable]:
    """The tables, each after those that its foreign keys refer to. Rows are inserted in this order."""
    found = {table.name: table for table in map(TenantTable._make, connection.execute(_TABLES).fetchall())}
    order: TopologicalSorter[str] = TopologicalSorter({name: () for name in found})
    for table, referred in connection.execute(_REFERENCES).fetchall():
        if table in found and referred in found:
            order.add(table, referred)
    return [found[name] for name in order.static_order()]


def schema(connection: Connection) -> str:
    """The last migration of the database before the empty head."""
    row = connection.execute(NOTE).fetchone()
    return str(row[0]) if row else ""


def read(connection: Connection, table: TenantTable, tenant_id: UUID) -> Iterator[str]:
    """The tenant's rows in the order of the key, each as one line of JSON without a line break."""
    query = sql.SQL("SELECT row_to_json(t)::text FROM {table} AS t WHERE t.{tenant} = {id} ORDER BY {key}")
    # A cursor of the server, because the client would read all rows at once.
    with connection.cursor("rows_of_tenant") as cursor:
        cursor.itersize = ROWS_AT_ONCE
        for (line,) in cursor.execute(_of(query, table), [tenant_id]):
            yield line


def insert(connection: Connection, table: TenantTable, tenant_id: UUID, lines: Sequence[str]) -> int:
    """Insert rows in the form of `read`. Returns the number of those that are the tenant's; others are left out.

    Raises:
        psycopg.Error: a row breaks a constraint, or is not one of this table.
    """
    # Not INSERT ... SELECT, which Citus runs as COPY, and row-level security refuses COPY.
    read_json = sql.SQL("SELECT {texts} FROM json_populate_recordset(NULL::{table}, %s::json) WHERE {tenant} = {id}")
    rows = connection.execute(_of(read_json, table), [f"[{','.join(lines)}]", tenant_id]).fetchall()
    size = _VALUES_MAX // len(table.columns)
    row = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(table.columns)))
    for start in range(0, len(rows), size):
        some = rows[start : start + size]
        write = _of(sql.SQL("INSERT INTO {table} ({columns}) VALUES "), table) + sql.SQL(", ").join([row] * len(some))
        connection.execute(write, [value for each in some for value in each])
    return len(rows)


def count(connection: Connection, table: TenantTable, tenant_id: UUID) -> int:
    """The number of the tenant's rows."""
    row = connection.execute(
        _of(sql.SQL("SELECT count(*) FROM {table} WHERE {tenant} = {id}"), table), [tenant_id]
    ).fetchone()
    return int(row[0]) if row else 0


def delete(connection: Connection, table: TenantTable, tenant_id: UUID, *, at_most: int | None = None) -> int:
    """Delete the tenant's rows. Returns how many were deleted. `at_most`: None: all."""
    if at_most is None:
        query = sql.SQL("DELETE FROM {table} WHERE {tenant} = {id}")
        return connection.execute(_of(query, table), [tenant_id]).rowcount
    # By the key and not by ctid, which on Citus is not unique among the shards.
    query = sql.SQL(
        "DELETE FROM {table} WHERE {tenant} = {id} AND ({key}) IN"
        " (SELECT {key} FROM {table} WHERE {tenant} = {id} ORDER BY {key} LIMIT %s)"
    )
    return connection.execute(_of(query, table), [tenant_id, tenant_id, at_most]).rowcount


def _of(query: sql.SQL, table: TenantTable) -> sql.Composed:
    return query.format(
        table=sql.Identifier(table.name),
        tenant=sql.Identifier(table.tenant),
        columns=_list(table.columns),
        texts=sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in table.columns),
        key=_list(table.key or table.columns),
        id=sql.SQL("%s"),
    )


def _list(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
