"""Statements that try to read tenant A's rows."""

from collections.abc import Iterator

import psycopg
from psycopg import sql

from clincore.isolation.harness import Actor, Connection, Scene, compose
from clincore.isolation.report import Entry
from clincore.isolation.shape import Shape

_COPIED_MAX = 1000


def selects(shape: Shape, scene: Scene) -> Iterator[sql.Composed]:
    """Queries by B that would find A's rows if row-level security were broken."""
    for text in (
        "SELECT * FROM {t} WHERE {k} = {a}",
        "SELECT 1 FROM (SELECT * FROM {t} OFFSET 0) AS everything WHERE {k} <> {b} LIMIT 1",
        "SELECT 1 FROM {t} WHERE {k} = {a} HAVING count(*) > 0",
        "SELECT 1 FROM {t} WHERE CASE WHEN {k} = {a} THEN 1 / (length({k}::text) - 36) > 0 END",
        "SELECT 1 FROM {t} AS mine FULL JOIN {t} AS theirs ON mine.{k} = theirs.{k} WHERE theirs.{k} = {a}",
        "SELECT {k} FROM {t} EXCEPT SELECT {k} FROM {t} WHERE {k} = {b}",
        "WITH found AS MATERIALIZED (SELECT * FROM {t}) SELECT 1 FROM found WHERE {k} = {a}",
        "SELECT 1 WHERE EXISTS (SELECT FROM {t} WHERE {k} = {a})",
        "SELECT 1 FROM {t} WHERE {k} = {a} FOR UPDATE",
        "SELECT 1 FROM {t} WHERE {k} = {a} FOR KEY SHARE",
    ):
        yield compose(text, shape, scene)
    yield sql.SQL("SELECT 1 FROM pg_catalog.pg_stats WHERE schemaname = {} AND tablename = {}").format(
        sql.Literal(shape.table.schema), sql.Literal(shape.table.name)
    )


def copy_out(scene: Scene, shape: Shape, who: Actor, connection: Connection, entry: Entry) -> None:
    """Try COPY TO on A's rows and on the whole table. The result is a stream, so it is judged here."""
    table, culprit = shape.table.quoted, f"table {shape.table.quoted}"
    selected = compose("COPY (SELECT * FROM {t} WHERE {k} = {a}) TO STDOUT", shape, scene)
    whole = compose("COPY {t} ({k}) TO STDOUT", shape, scene)
    for statement in (selected, whole):
        entry.try_on(table)
        seen: set[str] = set()
        connection.execute("SAVEPOINT copying")
        try:
            with connection.cursor().copy(statement) as copy:
                for number, line in enumerate(copy):
                    seen.add(bytes(line).decode().strip())
                    if number > _COPIED_MAX:
                        break
        except psycopg.errors.InsufficientPrivilege:
            pass
        except psycopg.Error as error:
            if error.sqlstate != "57014":
                entry.mark_unproven(f"{table}: SQLSTATE {error.sqlstate}")
        connection.execute("ROLLBACK TO SAVEPOINT copying")
        foreign = seen if statement is selected else seen - {str(scene.b)}
        if foreign:
            entry.fail(culprit, f"{statement.as_string(connection)[:180]} as {who}: {len(foreign)} rows of others")
