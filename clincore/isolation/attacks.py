"""Attacks on tenant A's rows by tenant B, over every table, with the connection that the service would have.

Whatever an attack reaches is rolled back, and every statement that writes or locks names one of the two tenants, so
that no other tenant's row is touched even where row security is broken.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Literal, LiteralString
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from sqlalchemy.exc import SQLAlchemyError

from clincore.db import session as db_session
from clincore.db.catalogue.reader import ROLE
from clincore.db.catalogue.tables import UNIQUE_AMONG_ALL
from clincore.isolation.report import Entry, Finding, Report
from clincore.isolation.seed import NoRow, draft_of, insert, insert_into, values_for
from clincore.isolation.shape import Column, Reference, Row, Shape

Connection = psycopg.Connection[Any]
Connect = Callable[[], AbstractContextManager[Connection]]
As = Literal["the service", "the service with every right", "the owner"]

# No right, or row security.
_REFUSED = ("42501",)
# COPY FROM is not there for tables with row security.
_NOT_THERE = "0A000"
_IN_THE_WAY = ("55P03", "57014", "40P01", "40001", "08006", "57P01")
_COPIED_MAX = 1000


@dataclass(frozen=True)
class Scene:
    """Two tenants with rows in the tables, of which B attacks A's."""

    a: UUID
    b: UUID
    shapes: Sequence[Shape]
    """The tables in which both have a row."""
    rows_of_a: Mapping[int, Row]
    rows_of_b: Mapping[int, Row]
    connect: Connect
    """A new connection as the service has it: its login, switched to its role, each statement its own transaction."""
    service: Connection
    """One such connection that is used again and again, as those of a pool are."""
    owner: Connection | None


@dataclass(frozen=True)
class Result:
    """What came of a statement: its SQLSTATE (empty: it worked), rows that it changed or gave back."""

    state: str
    count: int
    rows: Sequence[tuple[Any, ...]] = ()

    def __str__(self) -> str:
        return f"SQLSTATE {self.state}" if self.state else f"{max(self.count, len(self.rows))} rows"


def run(scene: Scene, app_url: str, report: Report) -> None:
    """All attacks; each kind is an entry of the report."""
    roles: list[As] = ["the service", "the service with every right", "the owner"]
    for who in roles:
        whole = report.entry("attacks", f"statements as {who}", f"All statements could be tried as {who}")
        if who != "the service" and scene.owner is None:
            whole.leave_open("there is no operator's login")
            continue
        for shape in scene.shapes:
            whole.try_on(shape.table.quoted)
            with _going_on(whole, shape.table.quoted):
                _statements(scene, shape, who, report)
            if who != "the owner":
                with _going_on(whole, shape.table.quoted):
                    _constraints(scene, shape, who, report)
    whole = report.entry("attacks", "sequences of statements", "All sequences of statements could be tried")
    for attack in (
        _settings,
        _forged,
        _generic_plans,
        _savepoints,
        _held_cursors,
        _new_tables,
        _functions,
    ):
        whole.tried += 1
        with _going_on(whole, attack.__name__.replace("_", " ").strip()):
            attack(scene, report)
    with _going_on(whole, "session"):
        _session(scene, app_url, report)


@contextmanager
def _going_on(entry: Entry, what: str) -> Iterator[None]:
    """What cannot be tried to its end is not proven; the rest is tried all the same."""
    try:
        yield
    except (psycopg.Error, SQLAlchemyError) as error:
        cause = getattr(error, "orig", error)
        state = getattr(cause, "sqlstate", None)
        entry.leave_open(f"{what}: {type(cause).__name__}" + (f" (SQLSTATE {state})" if state else ""))


@contextmanager
def _transaction(scene: Scene, who: As, tenant: UUID | None, shape: Shape | None = None) -> Iterator[Connection]:
    """A transaction with the tenant set that is rolled back."""
    connection = scene.service if who == "the service" else scene.owner
    assert connection is not None
    with connection.transaction(force_rollback=True):
        if who == "the service with every right":
            if shape is not None:
                connection.execute(
                    sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}").format(shape.name, sql.Identifier(ROLE))
                )
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(ROLE)))
        if tenant is not None:
            set_tenant(connection, tenant)
        yield connection


def set_tenant(connection: Connection, tenant: UUID | str) -> None:
    """As `tenant_session` does."""
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
        return Result(error.sqlstate or "?", 0)


def _judge(entry: Entry, result: Result, table: str, statement: sql.Composed, how: str) -> None:
    """A refused statement or one that finds nothing is as it must be."""
    if result.state in _REFUSED or (not result.state and not result.count and not result.rows):
        return
    shown = statement.as_string(None)[:180]
    if result.state in _IN_THE_WAY:
        entry.leave_open(f"{table}: {shown} {how}: SQLSTATE {result.state}")
    else:
        entry.fail(f"table {table}", f"{shown} {how}: {result}")


def _sql(text: LiteralString, shape: Shape, scene: Scene, **names: sql.Composable) -> sql.Composed:
    return sql.SQL(text).format(
        t=shape.name, k=sql.Identifier(shape.key), a=sql.Literal(scene.a), b=sql.Literal(scene.b), **names
    )


def _select(shape: Shape, scene: Scene) -> Iterator[sql.Composed]:
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
        yield _sql(text, shape, scene)
    yield sql.SQL("SELECT 1 FROM pg_catalog.pg_stats WHERE schemaname = {} AND tablename = {}").format(
        sql.Literal(shape.table.schema), sql.Literal(shape.table.name)
    )


def _changes(shape: Shape, scene: Scene, who: As) -> Iterator[tuple[str, sql.Composed]]:
    """Statements that would change or give away rows, by kind."""
    columns = [column.name for column in shape.columns.values() if column.updatable and not column.generated]
    if who != "the service":
        others = [name for name in shape.writable if name != shape.key]
        columns = [*others[:1], shape.key]
    for text in ("DELETE FROM {t} WHERE {k} = {a}", "DELETE FROM {t} WHERE {k} = {a} RETURNING *"):
        yield "DELETE", _sql(text, shape, scene)
    merged: LiteralString = "MERGE INTO {t} AS t USING (SELECT {a}::uuid AS k) AS s ON t.{k} = s.k WHEN MATCHED THEN "
    yield "MERGE", _sql(merged + "DELETE", shape, scene)
    for name in columns or [shape.key]:
        c = sql.Identifier(name)
        yield "UPDATE", _sql("UPDATE {t} SET {c} = {c} WHERE {k} = {a}", shape, scene, c=c)
        yield "UPDATE", _sql("UPDATE {t} SET {c} = {c} WHERE {k} = {a} RETURNING *", shape, scene, c=c)
        yield "MERGE", _sql(merged + "UPDATE SET {c} = t.{c}", shape, scene, c=c)
    yield "giving rows away", _sql("UPDATE {t} SET {k} = {a} WHERE {k} = {b}", shape, scene)
    yield "giving rows away", _sql("UPDATE {t} SET {k} = {a} WHERE {k} = {b} RETURNING *", shape, scene)


def _may_write(shape: Shape, who: As) -> list[str]:
    """Columns for an INSERT that fails for no lack of rights, where there are such."""
    may = [name for name in shape.writable if who != "the service" or shape.columns[name].insertable]
    return may or shape.writable


def _inserts(shape: Shape, scene: Scene, who: As) -> Iterator[tuple[str, sql.Composed]]:
    """Statements that would write a row of A's."""
    may = _may_write(shape, who)
    theirs = {name: value for name, value in scene.rows_of_a[shape.table.oid].items() if name in may}
    ours = {name: value for name, value in scene.rows_of_b[shape.table.oid].items() if name in may}
    key = str(scene.a)
    unique = {name for columns in shape.unique.values() for name in columns} - {shape.key}
    new = {name: _made_up(shape.columns[name], ours[name]) if name in unique else ours[name] for name in ours}
    updatable = [column.name for column in shape.columns.values() if column.updatable]
    changed = sql.Identifier(updatable[0] if who == "the service" and updatable else shape.key)
    for row in (theirs, {**new, shape.key: key}):
        yield "INSERT", insert_into(shape, row)
        yield "INSERT", insert_into(shape, row, sql.SQL("RETURNING *"))
        yield "ON CONFLICT", insert_into(shape, row, sql.SQL("ON CONFLICT DO NOTHING"))
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
    yield "INSERT", _sql("INSERT INTO {t} ({n}) SELECT {n} FROM {t} WHERE {k} = {a}", shape, scene, n=names)


def _statements(scene: Scene, shape: Shape, who: As, report: Report) -> None:
    table = shape.table.quoted
    with _transaction(scene, who, scene.b, shape) as connection:

        def tried(kind: str, statement: sql.Composed) -> None:
            entry = report.entry("attacks", f"{kind} as {who}", f"{kind} as {who}")
            entry.try_on(table)
            _judge(entry, attempt(connection, statement), table, statement, f"as {who}")

        for statement in _select(shape, scene):
            tried("SELECT", statement)
        for kind, statement in _changes(shape, scene, who):
            tried(kind, statement)
        for kind, statement in _inserts(shape, scene, who):
            tried(kind, statement)
        _copies(scene, shape, who, connection, report)
    if who != "the owner":
        # What finds nothing must be able to find something, or it proves nothing.
        entry = report.entry("attacks", "control", "Each tenant reaches its own rows")
        for tenant in (scene.a, scene.b):
            with _transaction(scene, who, tenant, shape) as connection:
                entry.try_on(table)
                own = attempt(
                    connection,
                    _sql("SELECT 1 FROM {t} WHERE {k} = {own} LIMIT 1", shape, scene, own=sql.Literal(tenant)),
                )
                if who == "the service" and own.state == "42501":
                    # It cannot read the table at all.
                    continue
                if not own.rows:
                    entry.leave_open(f"{table}: its own tenant does not see its row as {who} ({own})")


def _copies(scene: Scene, shape: Shape, who: As, connection: Connection, report: Report) -> None:
    entry = report.entry("attacks", f"COPY as {who}", f"COPY as {who}")
    table, culprit = shape.table.quoted, f"table {shape.table.quoted}"
    selected = _sql("COPY (SELECT * FROM {t} WHERE {k} = {a}) TO STDOUT", shape, scene)
    whole = _sql("COPY {t} ({k}) TO STDOUT", shape, scene)
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
                entry.leave_open(f"{table}: SQLSTATE {error.sqlstate}")
        connection.execute("ROLLBACK TO SAVEPOINT copying")
        foreign = seen if statement is selected else seen - {str(scene.b)}
        if foreign:
            entry.fail(culprit, f"{statement.as_string(connection)[:180]} as {who}: {len(foreign)} rows of others")
    entry.try_on(table)
    connection.execute("SAVEPOINT copying")
    try:
        with connection.cursor().copy(_sql("COPY {t} ({k}) FROM STDIN", shape, scene)) as copy:
            copy.write_row([str(scene.a)])
        entry.fail(culprit, f"With COPY {table} FROM STDIN it wrote a row of another tenant as {who}")
    except psycopg.Error as error:
        if error.sqlstate not in (*_REFUSED, _NOT_THERE):
            entry.fail(culprit, f"With COPY {table} FROM STDIN it got as far as SQLSTATE {error.sqlstate} as {who}")
    connection.execute("ROLLBACK TO SAVEPOINT copying")


def _made_up(column: Column, value: str | None) -> str | None:
    """A value of the column's type that nobody has."""
    match column.base:
        case "uuid":
            return str(uuid4())
        case "text" | "character varying" | "character":
            # As long as what is there and of the same characters, for the sake of check constraints.
            size = max(len(value or ""), 16)
            made = secrets.token_hex(size)[:size]
            return made[: column.length] if column.length else made
        case "date":
            return f"1{secrets.randbelow(800) + 100}-01-01"
        case "bytea":
            return f"\\x{secrets.token_hex(max(len(value or '') // 2 - 1, 1))}"
    if column.category == "N":
        return str(1_000_000 + secrets.randbelow(1_000_000_000)) if column.base != "smallint" else "31000"
    return next(iter(values_for(column, ())), value)


def _constraints(scene: Scene, shape: Shape, who: As, report: Report) -> None:
    """A row of B's that repeats a value of A's, or points at a row of A's, gets what a made-up value gets."""
    if shape.key == "id":
        # Its key is the tenant, so that there is nothing of A's to repeat but the name.
        _hidden_conflict(scene, shape, who, report)
        return
    theirs, ours = scene.rows_of_a[shape.table.oid], scene.rows_of_b[shape.table.oid]
    pointing = {name for reference in shape.references for name in reference.columns}
    with _transaction(scene, who, scene.b, shape) as connection:
        new = _further_row(scene, shape, connection)
        for index, columns in shape.unique.items():
            stolen = {name: theirs[name] for name in columns if name not in pointing and name != shape.key}
            if new is None or not stolen or index in UNIQUE_AMONG_ALL:
                continue
            if None in stolen.values() or all(ours[name] == value for name, value in stolen.items()):
                # B has the same already, and would collide with itself.
                continue
            entry = report.entry("attacks", f"unique as {who}", f"Probes of unique indexes as {who}")
            for result in _probe(entry, connection, shape, {**new, **stolen}):
                if result.state in ("23505", "23P01") or (not result.state and not result.count):
                    entry.fail(
                        f"index {index} on {shape.table.quoted}",
                        f"As {who} a row with a value of another tenant's gets {result}, one with a value that nobody"
                        " has gets 1 rows: the answer tells that it exists.",
                    )
        by_oid = {other.table.oid: other for other in scene.shapes}
        row = {name: value for name, value in (new or ours).items() if name in _may_write(shape, who)}
        for reference in shape.references:
            target = by_oid.get(reference.target)
            if target is None or reference.columns == (shape.key,):
                continue
            entry = report.entry("attacks", f"foreign keys as {who}", f"Probes of foreign keys as {who}")
            stolen, made_up = _pointers(scene, shape, target, reference)
            if None in stolen.values() or not set(stolen) <= set(row):
                continue
            results = zip(*(_probe(entry, connection, shape, {**row, **to}) for to in (stolen, made_up)), strict=True)
            for known, unknown in results:
                if known.count or (unknown.state == "23503" and known.state != "23503"):
                    entry.fail(
                        f"foreign key {reference.name} on {shape.table.quoted}",
                        f"As {who} a row that points at another tenant's gets {known}, one that points nowhere gets"
                        f" {unknown}.",
                    )
    _hidden_conflict(scene, shape, who, report)


def _further_row(scene: Scene, shape: Shape, connection: Connection) -> dict[str, str | None] | None:
    """One more row of B's that the table takes from this role; None: it takes none."""
    try:
        draft = draft_of(shape, scene.b, scene.rows_of_b)
        with connection.transaction(force_rollback=True):
            insert(shape, draft, connection)
    except (NoRow, psycopg.errors.InsufficientPrivilege):
        return None
    return draft.row


def _probe(entry: Entry, connection: Connection, shape: Shape, row: Row) -> list[Result]:
    """What the row gets, with and without ON CONFLICT."""
    results = []
    for suffix in (sql.SQL(""), sql.SQL("ON CONFLICT DO NOTHING")):
        entry.try_on(shape.table.quoted)
        results.append(attempt(connection, insert_into(shape, row, suffix)))
    return results


def _pointers(
    scene: Scene, shape: Shape, target: Shape, reference: Reference
) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """Values that point at A's row, and ones that point nowhere."""
    known = scene.rows_of_a[target.table.oid]
    stolen = {
        name: known[target_name]
        for name, target_name in zip(reference.columns, reference.target_columns, strict=True)
        if name != shape.key
    }
    return stolen, {name: _made_up(shape.columns[name], value) for name, value in stolen.items()}


def _hidden_conflict(scene: Scene, shape: Shape, who: As, report: Report) -> None:
    """ON CONFLICT DO UPDATE ... WHERE must not tell what the hidden row holds (CVE-2026-120154)."""
    columns = [column.name for column in shape.columns.values() if column.updatable]
    changed = columns[0] if who == "the service" and columns else shape.key
    may = _may_write(shape, who)
    theirs, ours = scene.rows_of_a[shape.table.oid], scene.rows_of_b[shape.table.oid]
    entry = report.entry("attacks", f"hidden conflicts as {who}", f"Conflicts with hidden rows as {who}")
    with _transaction(scene, who, scene.b, shape) as connection:
        for index, names in shape.unique.items():
            if shape.key in names or not names or not set(names) <= set(may):
                # B's row has B's tenant and collides with nobody else's.
                continue
            row = {name: theirs[name] if name in names else ours[name] for name in may}
            results = []
            for guess in (scene.a, uuid4()):
                entry.try_on(shape.table.quoted)
                suffix = sql.SQL("ON CONFLICT ({}) DO UPDATE SET {} = EXCLUDED.{} WHERE {}.{} = {}").format(
                    sql.SQL(", ").join(map(sql.Identifier, names)),
                    sql.Identifier(changed),
                    sql.Identifier(changed),
                    sql.Identifier(shape.table.name),
                    sql.Identifier(shape.key),
                    sql.Literal(guess),
                )
                results.append(attempt(connection, insert_into(shape, row, suffix)))
            if (results[0].state, results[0].count) != (results[1].state, results[1].count):
                culprit = f"index {index} on {shape.table.quoted}"
                text = (
                    f"As {who} ON CONFLICT DO UPDATE ... WHERE tells what the row with the same"
                    f" {', '.join(names)} holds: a right guess gets {results[0]}, a wrong one {results[1]}"
                    " (CVE-2026-120154)."
                )
                remedy = "Update PostgreSQL to a minor version with the fix."
                if index in UNIQUE_AMONG_ALL:
                    _advise(entry, culprit, text, remedy)
                else:
                    entry.fail(culprit, text, remedy)


def _advise(entry: Entry, culprit: str, text: str, remedy: str) -> None:
    finding = Finding(culprit, text, remedy)
    if finding not in entry.advice:
        entry.advice.append(finding)


def _settings(scene: Scene, report: Report) -> None:
    for what in ("unset", "empty", "random", "no uuid"):
        entry = report.entry("attacks", f"setting {what}", f"The tenant is {what}")
        value = {"unset": None, "empty": "", "random": str(uuid4()), "no uuid": "x' OR true --"}[what]
        with scene.connect() as connection, connection.transaction(force_rollback=True):
            if value is not None:
                set_tenant(connection, value)
            for shape in scene.shapes:
                own = {
                    name: text
                    for name, text in scene.rows_of_b[shape.table.oid].items()
                    if shape.columns[name].insertable and not shape.columns[name].generated
                }
                for statement in (
                    _sql("SELECT 1 FROM {t} LIMIT 1", shape, scene),
                    _sql("SELECT 1 FROM {t} WHERE {k} = {a}", shape, scene),
                    _sql("DELETE FROM {t} WHERE {k} = {a}", shape, scene),
                    insert_into(shape, own or {shape.key: str(scene.b)}),
                ):
                    entry.try_on(shape.table.quoted)
                    result = attempt(connection, statement)
                    if result.state != "22P02":
                        _judge(entry, result, shape.table.quoted, statement, f"with the tenant {what}")


def _forged(scene: Scene, report: Report) -> None:
    entry = report.entry("attacks", "forged", "The tenant is forged by an expression, as an injection would")
    with scene.connect() as connection:
        found = connection.execute(
            "SELECT has_function_privilege('pg_catalog.set_config(text, text, boolean)', 'EXECUTE')"
        ).fetchone()
        known = bool(found and found[0])
        for shape in scene.shapes:
            for text in (
                "SELECT count(*) FROM (SELECT set_config('app.tenant_id', {a}, true)) AS forged,"
                " LATERAL (SELECT 1 FROM {t} WHERE {k} = {a} OFFSET 0) AS theirs WHERE forged IS NOT NULL",
                "SELECT CASE WHEN set_config('app.tenant_id', {a}, true) <> '' THEN"
                " (SELECT count(*) FROM {t} WHERE {k} = {a}) END",
                "SELECT CASE WHEN query_to_xml('SELECT set_config(''app.tenant_id'', ''' || {a} || ''', true)',"
                " false, false, '') IS NOT NULL THEN (SELECT count(*) FROM {t} WHERE {k} = {a}) END",
                "SELECT CASE WHEN query_to_xml('SET LOCAL app.tenant_id = ''' || {a} || '''', false, false, '')"
                " IS NOT NULL THEN (SELECT count(*) FROM {t} WHERE {k} = {a}) END",
                "WITH forged AS (UPDATE pg_catalog.pg_settings SET setting = {a} WHERE name = 'app.tenant_id'"
                " RETURNING 1) SELECT count(*) FROM {t} WHERE {k} = {a}",
                "SELECT count(*) FROM {t} WHERE {k} = {a} OR {k} IN (SELECT {a}::uuid) OR true AND {k} <> {b}",
            ):
                statement = sql.SQL(text).format(
                    t=shape.name,
                    k=sql.Identifier(shape.key),
                    a=sql.Literal(str(scene.a)),
                    b=sql.Literal(str(scene.b)),
                )
                entry.try_on(shape.table.quoted)
                with connection.transaction(force_rollback=True):
                    set_tenant(connection, scene.b)
                    result = attempt(connection, statement)
                if result.state or not result.rows or not result.rows[0][0]:
                    continue
                shown = statement.as_string(connection)[:160]
                if known and "set_config" in text:
                    _advise(
                        entry,
                        "function pg_catalog.set_config(text, text, boolean)",
                        "With set_config an injected expression reaches another tenant's rows.",
                        "See the advice on set_config above.",
                    )
                else:
                    entry.fail(f"table {shape.table.quoted}", f"{shown}: {result.rows[0][0]} rows of another tenant")


def _generic_plans(scene: Scene, report: Report) -> None:
    """One connection serves the tenants in turn, with statements planned once for all of them."""
    for end in ("COMMIT", "ROLLBACK"):
        entry = report.entry("attacks", f"reused {end}", f"Generic plans on a reused connection, after {end}")
        with scene.connect() as connection:
            connection.execute("SET plan_cache_mode = force_generic_plan")
            for number, shape in enumerate(scene.shapes):
                plan = sql.Identifier(f"of_{number}")
                query = _sql("SELECT DISTINCT {k}::text FROM {t} LIMIT 3", shape, scene)
                try:
                    connection.execute(sql.SQL("PREPARE {} AS {}").format(plan, query))
                    execute = sql.SQL("EXECUTE {}").format(plan)
                    for tenant in (scene.a, scene.b, None, scene.a, scene.b):
                        entry.try_on(shape.table.quoted)
                        with connection.transaction(force_rollback=end == "ROLLBACK"):
                            if tenant is not None:
                                set_tenant(connection, tenant)
                            seen = {row[0] for row in connection.execute(execute)}
                        after = {row[0] for row in connection.execute(execute)}
                        if seen - {str(tenant)} or after:
                            entry.fail(
                                f"table {shape.table.quoted}",
                                f"A plan made for one tenant shows {len(seen - {str(tenant)})} others to another, and"
                                f" {len(after)} to nobody.",
                            )
                except psycopg.errors.InsufficientPrivilege:
                    continue
                except psycopg.Error as error:
                    entry.leave_open(f"{shape.table.quoted}: SQLSTATE {error.sqlstate}")


def _savepoints(scene: Scene, report: Report) -> None:
    entry = report.entry("attacks", "savepoints", "Savepoints that set another tenant and are rolled back")
    with scene.connect() as connection:
        for shape in scene.shapes:
            entry.try_on(shape.table.quoted)
            query = _sql("SELECT DISTINCT {k}::text FROM {t} LIMIT 3", shape, scene)
            try:
                with connection.transaction():
                    set_tenant(connection, scene.b)
                    with connection.transaction(force_rollback=True):
                        set_tenant(connection, scene.a)
                        connection.execute(query)
                    seen = {row[0] for row in connection.execute(query)}
                    try:
                        with connection.transaction():
                            set_tenant(connection, scene.a)
                            connection.execute("SELECT 1 / 0")
                    except psycopg.errors.DivisionByZero:
                        pass
                    seen |= {row[0] for row in connection.execute(query)}
                seen |= {row[0] for row in connection.execute(query)}
            except psycopg.errors.InsufficientPrivilege:
                continue
            if seen - {str(scene.b)}:
                entry.fail(f"table {shape.table.quoted}", "A savepoint that was rolled back left another tenant set.")


def _held_cursors(scene: Scene, report: Report) -> None:
    entry = report.entry("attacks", "cursors", "Cursors that outlive their transaction")
    with scene.connect() as connection:
        for number, shape in enumerate(scene.shapes):
            entry.try_on(shape.table.quoted)
            cursor = sql.Identifier(f"held_{number}")
            query = _sql("SELECT {k}::text FROM {t}", shape, scene)
            try:
                with connection.transaction():
                    set_tenant(connection, scene.b)
                    connection.execute(sql.SQL("DECLARE {} CURSOR WITH HOLD FOR {}").format(cursor, query))
                with connection.transaction():
                    set_tenant(connection, scene.a)
                    seen = {row[0] for row in connection.execute(sql.SQL("FETCH 100 FROM {}").format(cursor))}
                connection.execute(sql.SQL("CLOSE {}").format(cursor))
            except psycopg.errors.InsufficientPrivilege:
                continue
            if seen - {str(scene.b)}:
                entry.fail(f"table {shape.table.quoted}", "A cursor that B declared shows rows of whoever came after.")


def _new_tables(scene: Scene, report: Report) -> None:
    entry = report.entry("attacks", "new tables", "Tables of one's own that outlive the transaction")
    name = sql.Identifier(f"isolation_{secrets.token_hex(4)}")
    with scene.connect() as connection:
        for text, culprit in (
            ("CREATE TEMPORARY TABLE {} (x text)", "TEMPORARY on the database"),
            ("SELECT 1 AS x INTO TEMPORARY {}", "TEMPORARY on the database"),
            ("CREATE TABLE public.{} (x text)", "CREATE on schema public"),
            ("CREATE VIEW public.{} AS SELECT 1 AS x", "CREATE on schema public"),
            ("CREATE FUNCTION public.{}() RETURNS text LANGUAGE sql AS 'SELECT ''x'''", "CREATE on schema public"),
        ):
            entry.try_on(culprit)
            with connection.transaction(force_rollback=True):
                set_tenant(connection, scene.b)
                result = attempt(connection, sql.SQL(text).format(name))
            if result.state not in _REFUSED:
                entry.fail(culprit, f"{text.format('x')} is not refused: {result}")


def _functions(scene: Scene, report: Report) -> None:
    """The owner's functions that the service may call, called by B with A's ids."""
    entry = report.entry("attacks", "functions", "The schema's functions, called with another tenant's ids")
    with scene.connect() as connection:
        functions = connection.execute(
            "SELECT p.oid::regprocedure::text, n.nspname, proname, ARRAY(SELECT format_type(t, NULL)"
            " FROM unnest(proargtypes) WITH ORDINALITY a (t, place) ORDER BY place) FROM pg_proc p"
            " JOIN pg_namespace n ON n.oid = pronamespace WHERE p.oid >= 16384 AND prokind = 'f'"
            " AND prorettype <> 'trigger'::regtype AND has_function_privilege(p.oid, 'EXECUTE')"
            " AND has_schema_privilege(n.oid, 'USAGE') AND proowner = (SELECT relowner FROM pg_class"
            "  WHERE oid = to_regclass('public.tenants')) AND NOT EXISTS (SELECT FROM pg_depend d"
            "  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')"
        ).fetchall()
        for signature, schema, name, types in functions:
            entry.try_on(signature)
            arguments = sql.SQL(", ").join(
                sql.SQL("{}::{}").format(sql.Literal(_argument(type_, scene.a)), sql.SQL(type_)) for type_ in types
            )
            call = sql.SQL("SELECT to_jsonb(f)::text FROM {}({}) AS f").format(sql.Identifier(schema, name), arguments)
            secret = {
                value
                for row in scene.rows_of_a.values()
                for value in row.values()
                if value and len(value) >= 16 and value != str(scene.a)
            }
            with connection.transaction(force_rollback=True):
                set_tenant(connection, scene.b)
                try:
                    with connection.transaction():
                        answer = " ".join(str(row[0]) for row in connection.execute(call))
                except psycopg.Error:
                    continue
                setting = connection.execute("SELECT current_setting('app.tenant_id', true)").fetchone()
                left = setting[0] if setting else None
                if left not in ("", None, str(scene.b)):
                    entry.fail(f"function {signature}", "The function leaves another tenant set when it has ended.")
                if any(value in answer for value in secret):
                    entry.fail(f"function {signature}", "The function gives tenant B what is tenant A's.")


def _argument(type_: str, tenant: UUID) -> str:
    """A text that PostgreSQL reads as a value of the type; ids are tenant A's."""
    element = type_.removesuffix("[]")
    text = {"uuid": str(tenant), "boolean": "false", "jsonb": "{}", "json": "{}", "date": "2026-01-01"}.get(element)
    if text is None:
        text = "2026-01-01T00:00:00Z" if element.startswith("timestamp") else "1"
    return f"{{{text}}}" if type_.endswith("[]") else text


def _session(scene: Scene, app_url: str, report: Report) -> None:
    """The service's own `tenant_session`, on a pooled connection that both tenants use in turn."""
    entry = report.entry("attacks", "session", "What the service's session leaves on a pooled connection")
    asyncio.run(_use_session(scene, app_url, entry))


async def _use_session(scene: Scene, app_url: str, entry: Entry) -> None:
    db_session.open_engine(app_url)
    try:
        for number, tenant in enumerate((scene.a, scene.b, scene.a, scene.b)):
            for shape in scene.shapes:
                entry.try_on(shape.table.quoted)
                query = _sql("SELECT DISTINCT {k}::text FROM {t} LIMIT 3", shape, scene)
                try:
                    async with db_session.tenant_session(tenant) as session:
                        raw = db_session.driver(session)
                        cursor = await raw.execute(query)
                        seen = {row[0] for row in await cursor.fetchall()}
                        if number % 2:
                            await raw.execute("SELECT 1 / 0")
                except psycopg.errors.DivisionByZero:
                    pass
                except psycopg.errors.InsufficientPrivilege:
                    continue
                if seen - {str(tenant)}:
                    entry.fail(f"table {shape.table.quoted}", "A session of one tenant shows rows of another.")
                async with db_session.without_tenant() as connection:
                    for what in await left_on(connection):
                        entry.fail("clincore.db.session", f"A session leaves {what} on its connection.")
    finally:
        await db_session.close_engine()


async def left_on(connection: psycopg.AsyncConnection[Any]) -> list[str]:
    """What of the session before is still on a connection of the pool; nothing, if all is well."""
    is_idle = connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    cursor = await connection.execute(
        "SELECT current_setting('app.tenant_id', true), current_user::text,"
        " (SELECT count(*) FROM pg_cursors WHERE name <> ''), (SELECT count(*) FROM pg_listening_channels()),"
        " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),"
        " (SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema())"
    )
    row = await cursor.fetchone()
    assert row is not None
    tenant, user, cursors, channels, locks, temporary = row
    found = {
        f"the tenant {tenant!r}": bool(tenant),
        f"the role {user}": user != ROLE,
        f"{cursors} cursors": cursors > 0,
        f"{channels} listened channels": channels > 0,
        f"{locks} advisory locks": locks > 0,
        f"{temporary} temporary tables": temporary > 0,
        "an open transaction": not is_idle,
    }
    return [what for what, is_there in found.items() if is_there]


def fingerprint(shape: Shape, tenant: UUID, connection: Connection) -> str:
    """A digest of what the tenant has in the table."""
    row = connection.execute(
        sql.SQL(
            "SELECT md5(coalesce(string_agg(digest, '' ORDER BY digest), ''))"
            " FROM (SELECT md5(t::text) AS digest FROM {} AS t WHERE {} = {}) AS rows"
        ).format(shape.name, sql.Identifier(shape.key), sql.Literal(tenant))
    ).fetchone()
    return str(row[0]) if row else ""
