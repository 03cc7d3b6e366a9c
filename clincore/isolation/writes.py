"""Statements that try to change tenant A's rows, or to write rows as tenant A."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg
from psycopg import sql

from clincore.isolation.harness import Actor, Connection, Scene, compose, was_refused
from clincore.isolation.report import Entry
from clincore.isolation.seed import insert_into, unused_value
from clincore.isolation.shape import Shape

# PostgreSQL does not support COPY FROM on tables with row-level security.
_NOT_SUPPORTED = "0A000"


def changes(shape: Shape, scene: Scene, who: Actor) -> Iterator[tuple[str, sql.Composed]]:
    """Statements that would change A's rows or give B's rows to A, each with its kind."""
    columns = [column.name for column in shape.columns.values() if column.updatable and not column.generated]
    if who != "the service":
        others = [name for name in shape.writable if name != shape.key]
        columns = [*others[:1], shape.key]
    for text in ("DELETE FROM {t} WHERE {k} = {a}", "DELETE FROM {t} WHERE {k} = {a} RETURNING *"):
        yield "DELETE", compose(text, shape, scene)
    merged: LiteralString = "MERGE INTO {t} AS t USING (SELECT {a}::uuid AS k) AS s ON t.{k} = s.k WHEN MATCHED THEN "
    yield "MERGE", compose(merged + "DELETE", shape, scene)
    for name in columns or [shape.key]:
        c = sql.Identifier(name)
        yield "UPDATE", compose("UPDATE {t} SET {c} = {c} WHERE {k} = {a}", shape, scene, c=c)
        yield "UPDATE", compose("UPDATE {t} SET {c} = {c} WHERE {k} = {a} RETURNING *", shape, scene, c=c)
        yield "MERGE", compose(merged + "UPDATE SET {c} = t.{c}", shape, scene, c=c)
    yield "UPDATE of the tenant column", compose("UPDATE {t} SET {k} = {a} WHERE {k} = {b}", shape, scene)
    yield "UPDATE of the tenant column", compose("UPDATE {t} SET {k} = {a} WHERE {k} = {b} RETURNING *", shape, scene)


def insertable_columns(shape: Shape, who: Actor) -> list[str]:
    """The columns that the actor may insert; all writable columns if it may insert none."""
    may = [name for name in shape.writable if who != "the service" or shape.columns[name].insertable]
    return may or shape.writable


def inserts(shape: Shape, scene: Scene, who: Actor) -> Iterator[tuple[str, sql.Composed]]:
    """Statements that would insert a row of A, each with its kind."""
    may = insertable_columns(shape, who)
    theirs = {name: value for name, value in scene.rows_of_a[shape.table.oid].items() if name in may}
    ours = {name: value for name, value in scene.rows_of_b[shape.table.oid].items() if name in may}
    key = str(scene.a)
    unique = {name for columns in shape.unique.values() for name in columns} - {shape.key}
    new = {name: unused_value(shape.columns[name], ours[name]) if name in unique else ours[name] for name in ours}
    updatable = [column.name for column in shape.columns.values() if column.updatable]
    changed = sql.Identifier(updatable[0] if who == "the service" and updatable else shape.key)
    for row in (theirs, {**new, shape.key: key}):
        yield "INSERT", insert_into(shape, row)
        yield "INSERT", insert_into(shape, row, sql.SQL("RETURNING *"))
        yield "ON CONFLICT", insert_into(shape, row, sql.SQL("ON CONFLICT DO NOTHING"))
        # Citus gathers the rows of this one, and sends or copies them to the shards.
        yield (
            "INSERT",
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM generate_series(1, 1)").format(
                shape.name,
                sql.SQL(", ").join(map(sql.Identifier, row)),
                sql.SQL(", ").join(map(sql.Literal, row.values())),
            ),
        )
        if shape.primary:
            yield (
                "ON CONFLICT",
                insert_into(
                    shape,
                    row,
                    sql.SQL("ON CONFLICT ON CONSTRAINT {} DO UPDATE SET {} = EXCLUDED.{} RETURNING *").format(
                        sql.Identifier(shape.primary), changed, changed
                    ),
                ),
            )
        yield (
            "MERGE",
            sql.SQL(
                "MERGE INTO {} AS t USING (SELECT 1) AS s ON false WHEN NOT MATCHED THEN INSERT ({}) VALUES ({})"
            ).format(
                shape.name,
                sql.SQL(", ").join(map(sql.Identifier, row)),
                sql.SQL(", ").join(map(sql.Literal, row.values())),
            ),
        )
    names = sql.SQL(", ").join(map(sql.Identifier, may))
    yield "INSERT", compose("INSERT INTO {t} ({n}) SELECT {n} FROM {t} WHERE {k} = {a}", shape, scene, n=names)


def copy_in(scene: Scene, shape: Shape, who: Actor, connection: Connection, entry: Entry) -> None:
    """Try to insert a row of A with COPY FROM."""
    table, culprit = shape.table.quoted, f"table {shape.table.quoted}"
    entry.try_on(table)
    connection.execute("SAVEPOINT copying")
    try:
        with connection.cursor().copy(compose("COPY {t} ({k}) FROM STDIN", shape, scene)) as copy:
            copy.write_row([str(scene.a)])
        entry.fail(culprit, f"With COPY {table} FROM STDIN, {who} wrote a row of another tenant.")
    except psycopg.Error as error:
        if error.sqlstate != _NOT_SUPPORTED and not was_refused(scene, error):
            entry.fail(culprit, f"With COPY {table} FROM STDIN, {who} was not refused: SQLSTATE {error.sqlstate}.")
    connection.execute("ROLLBACK TO SAVEPOINT copying")
