"""Create rows of the temporary tenants in every table, from the catalogue alone: new tables need no code here."""

import itertools
import re
import secrets
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
from psycopg import sql

from clincore.db.catalogue.citus import is_distributed
from clincore.db.catalogue.reader import Table
from clincore.isolation.harness import Connection, one_after_another, set_tenant
from clincore.isolation.shape import Column, Reference, Row, Shape

OpenOperator = Callable[[], AbstractContextManager[Connection]]
_TRIES_MAX = 300
_NOTHING = sql.SQL("")


class NoRow(Exception):
    """No row could be created; the text says why."""


def values_for(column: Column, literals: Sequence[str], *, unique: bool = False) -> list[str]:
    """Values to try for the column, the most likely first. Some may violate a check constraint.

    `unique`: begin with a value that no row has. Other numbers are small, because they may be counts with a limit.
    """
    now = datetime.now(UTC)
    unused = {
        "smallint": str(1000 + secrets.randbelow(30000)),
        "integer": str(1000 + secrets.randbelow(10**9)),
        "bigint": str(1000 + secrets.randbelow(10**9)),
        "date": (now - timedelta(days=400 + secrets.randbelow(8000))).date().isoformat(),
        "timestamp with time zone": (now - timedelta(days=400, seconds=secrets.randbelow(10**8))).isoformat(),
    }
    if unique and column.base in unused:
        return [unused[column.base], *values_for(column, literals)]
    match column.base:
        case "uuid":
            return [str(uuid4())]
        case "jsonb" | "json":
            return ["{}", "[]", '"x"', "1"]
        case "bytea":
            return [f"\\x{secrets.token_hex(size)}" for size in (32, 64, 16, 12, 1)]
        case "date":
            return [(now - timedelta(days=days)).date().isoformat() for days in (0, 1, 400)]
        case "interval":
            return ["1 day"]
    match column.category:
        case "E":
            return list(column.labels)
        case "N":
            return [*(text for text in literals if text.isdecimal()), "1", "0", "2", "100"]
        case "B":
            return ["false", "true"]
        case "D":
            return [now.isoformat(), (now - timedelta(days=400)).isoformat(), (now + timedelta(days=1)).isoformat()]
        case "A":
            return ["{}", "{1}", "{" + secrets.token_hex(4) + "}"]
        case "R":
            return ["empty"]
        case "I":
            return ["127.0.0.1"]
    own = f"isolation-{secrets.token_hex(8)}"
    texts = [*literals, own, secrets.token_hex(32), secrets.token_urlsafe(32), str(uuid4()), "{}", "1", "a"]
    return [text[: column.length] for text in texts] if column.length else texts


def unused_value(column: Column, value: str | None) -> str | None:
    """A value of the column's type that no row has. `value`: an existing value, whose length is kept."""
    match column.base:
        case "uuid":
            return str(uuid4())
        case "text" | "character varying" | "character":
            # Hexadecimal digits of the same length, to satisfy check constraints.
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


def insert_into(shape: Shape, row: Row, suffix: sql.Composable = _NOTHING) -> sql.Composed:
    """INSERT of the row, with literals: the report can show it, and a reader can repeat it."""
    if not row:
        return sql.SQL("INSERT INTO {} DEFAULT VALUES {}").format(shape.name, suffix)
    return sql.SQL("INSERT INTO {} ({}) VALUES ({}) {}").format(
        shape.name,
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(map(sql.Literal, row.values())),
        suffix,
    )


def _nullable(shape: Shape, reference: Reference) -> list[str]:
    return [name for name in reference.columns if name != shape.key and not shape.columns[name].not_null]


class Draft:
    """A row whose values are changed until no check constraint refuses it."""

    def __init__(self, shape: Shape, tenant: UUID, seeded: Mapping[int, Row]) -> None:
        """`seeded`: the tenant's rows in other tables, for foreign keys."""
        self._shape = shape
        self._fixed: dict[str, str | None] = {shape.key: str(tenant)}
        self._choices: dict[str, list[str | None]] = {}
        self._at: dict[str, int] = {}
        self._combinations: dict[str, Iterator[tuple[int, ...]]] = {}
        for reference in shape.references:
            self._point(reference, seeded)
        unique = {name for columns in shape.unique.values() for name in columns}
        for column in shape.columns.values():
            if column.generated or column.name in self._fixed:
                continue
            values: list[str | None] = list(
                values_for(column, shape.literals.get(column.name, ()), unique=column.name in unique)
            )
            if column.name not in unique and not column.not_null:
                values.insert(0, None)
            if column.has_default and column.name not in unique:
                continue
            self._choices[column.name], self._at[column.name] = values, 0

    def _point(self, reference: Reference, seeded: Mapping[int, Row]) -> None:
        target = seeded.get(reference.target)
        if target is not None:
            for name, target_name in zip(reference.columns, reference.target_columns, strict=True):
                self._fixed.setdefault(name, target[target_name])
            return
        # A foreign key with a null column references nothing.
        nullable = _nullable(self._shape, reference)
        if not nullable:
            raise NoRow(f"{reference.name} needs a row in another table, and there is none")
        self._fixed |= dict.fromkeys(nullable)

    @property
    def row(self) -> dict[str, str | None]:
        """The current row. Columns that it lacks get their defaults."""
        chosen = {name: values[self._at[name]] for name, values in self._choices.items()}
        return {name: value for name, value in {**self._fixed, **chosen}.items() if value is not None}

    def change(self, constraint: str) -> None:
        """Choose other values for the columns of a check constraint that refused the row.

        Raises:
            NoRow: all combinations were tried.
        """
        if constraint not in self._combinations:
            columns = self._shape.checked.get(constraint, ())
            for name in columns:
                # Columns with a default are varied only after the default was refused.
                column = self._shape.columns[name]
                if name not in self._choices and name not in self._fixed and not column.generated:
                    values = values_for(column, self._shape.literals.get(name, ()))
                    self._choices[name], self._at[name] = [None, *values], 0
            free = [name for name in columns if name in self._choices]
            product = itertools.product(*(range(len(self._choices[name])) for name in free))
            next(product, None)
            self._combinations[constraint] = product
        free = [name for name in self._shape.checked.get(constraint, ()) if name in self._choices]
        places = next(self._combinations[constraint], None)
        if places is None or not free:
            raise NoRow(f"none of the values tried satisfies {constraint}")
        self._at.update(zip(free, places, strict=True))


def insert(shape: Shape, draft: Draft, connection: Connection) -> None:
    """Insert the draft in the connection's transaction, with the first values that the table accepts.

    Raises:
        NoRow: the table accepts none of them.
        psycopg.errors.InsufficientPrivilege: the role may not insert.
    """
    for _ in range(_TRIES_MAX):
        try:
            with connection.transaction():
                connection.execute(insert_into(shape, draft.row))
            return
        except psycopg.errors.CheckViolation as error:
            draft.change(_refused_by(error, shape.checked))
        except (psycopg.errors.IntegrityError, psycopg.errors.DataError) as error:
            raise NoRow(f"{type(error).__name__} {_refused_by(error, ()) or error.diag.column_name or ''}") from None
    raise NoRow("too many check constraints")


def _refused_by(error: psycopg.Error, known: Container[str]) -> str:
    """The name of the constraint that the row violates; empty if the error names none.

    As `clincore.db.errors.constraint_of`, but also of tables that an operator has added, whose constraints have any
    name. `known`: names of constraints, for which a number at the end is not removed as that of a shard.
    """
    found = error.diag.constraint_name
    if not found:
        match = re.search(r'constraint "([^"]+)"', error.diag.message_primary or "")
        found = match[1] if match else ""
    return found if found in known else re.sub(r"_\d+$", "", found)


def seed(
    shapes: Sequence[Shape],
    tenant: UUID,
    service: Connection,
    open_operator: OpenOperator | None,
    shared_rows: Mapping[int, Row],
) -> tuple[dict[int, Row], dict[str, str]]:
    """Insert a row of the tenant in every table: as the service if it may, else as the operator.

    `shared_rows`: a row of each table that belongs to no tenant, for foreign keys. Returns the tenant's rows by table
    oid, and the reason for each table without a row.
    """
    seeded: dict[int, Row] = {}
    missing: dict[str, str] = {}
    for shape in shapes:
        try:
            draft = Draft(shape, tenant, {**shared_rows, **seeded})
            try:
                with service.transaction():
                    set_tenant(service, tenant)
                    insert(shape, draft, service)
            except psycopg.errors.InsufficientPrivilege:
                if open_operator is None:
                    raise NoRow("the service may not insert here, and no owner's login is configured") from None
                with open_operator() as operator:
                    insert(shape, draft, operator)
            found = _read(shape, tenant, service, open_operator)
            if found is None:
                raise NoRow("neither the service nor an operator sees the inserted row")
            seeded[shape.table.oid] = found
        except NoRow as why:
            missing[shape.table.quoted] = str(why)
        except psycopg.Error as error:
            missing[shape.table.quoted] = f"{type(error).__name__}: {error.diag.message_primary}"
    return seeded, missing


def _read(shape: Shape, tenant: UUID, service: Connection, open_operator: OpenOperator | None) -> Row | None:
    columns = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in shape.columns)
    query = sql.SQL("SELECT {} FROM {} WHERE {} = {}").format(
        columns, shape.name, sql.Identifier(shape.key), sql.Literal(tenant)
    )
    try:
        with service.transaction():
            set_tenant(service, tenant)
            found = service.execute(query).fetchone()
    except psycopg.errors.InsufficientPrivilege:
        found = None
    if found is None and open_operator is not None:
        with open_operator() as operator:
            found = operator.execute(query).fetchone()
    return None if found is None else dict(zip(shape.columns, found, strict=True))


def read_shared(tables: Sequence[Table], service: Connection, open_operator: OpenOperator | None) -> dict[int, Row]:
    """An existing row of each table that belongs to no tenant. Nothing is written to these tables."""
    found: dict[int, Row] = {}
    for table in tables:
        query = sql.SQL("SELECT to_jsonb(t) FROM {} AS t LIMIT 1").format(sql.Identifier(table.schema, table.name))
        with ExitStack() as stack:
            readers = [service]
            if open_operator is not None:
                readers.append(stack.enter_context(open_operator()))
            for connection in readers:
                try:
                    with connection.transaction():
                        row = connection.execute(query).fetchone()
                except psycopg.errors.InsufficientPrivilege:
                    continue
                if row is not None:
                    found[table.oid] = {name: _as_text(value) for name, value in row[0].items()}
                    break
    return found


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


def remove(shapes: Sequence[Shape], tenants: Sequence[UUID], operator: Connection) -> dict[str, int]:
    """Delete all rows of the tenants. Returns the number of rows that are left, by table."""
    if is_distributed(operator):
        one_after_another(operator)
    whose = [str(tenant) for tenant in tenants]
    left = list(reversed(shapes))
    for unlink in (False, True):
        progress = True
        while left and progress:
            progress = False
            for shape in list(left):
                key = sql.Identifier(shape.key)
                try:
                    with operator.transaction():
                        if unlink:
                            # For tables that reference each other, set the nullable columns to null first.
                            for name in [name for one in shape.references for name in _nullable(shape, one)]:
                                operator.execute(
                                    sql.SQL("UPDATE {} SET {} = NULL WHERE {} = ANY (%s::uuid[])").format(
                                        shape.name, sql.Identifier(name), key
                                    ),
                                    [whose],
                                )
                        operator.execute(
                            sql.SQL("DELETE FROM {} WHERE {} = ANY (%s::uuid[])").format(shape.name, key), [whose]
                        )
                except psycopg.errors.ForeignKeyViolation:
                    continue
                left.remove(shape)
                progress = True
    remaining = {}
    for shape in shapes:
        count = operator.execute(
            sql.SQL("SELECT count(*) FROM {} WHERE {} = ANY (%s::uuid[])").format(
                shape.name, sql.Identifier(shape.key)
            ),
            [whose],
        ).fetchone()
        if count is not None and count[0]:
            remaining[shape.table.quoted] = int(count[0])
    return remaining
