"""The attacked tables, as described by the catalogue: columns, unique indexes, foreign keys and check constraints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from clincore.db.catalogue.reader import Catalogue, Table
from clincore.db.statements import ROLE

Row = Mapping[str, str | None]
"""Values by column, in PostgreSQL's text format."""


@dataclass(frozen=True)
class Column:
    """A column, with what is needed to write a value into it."""

    name: str
    category: str
    """`pg_type.typcategory`; `E` is an enum."""
    base: str
    """The type without modifiers; for a domain, its base type."""
    length: int | None
    not_null: bool
    has_default: bool
    generated: bool
    """PostgreSQL computes the value."""
    labels: tuple[str, ...]
    insertable: bool
    """The service may insert it."""
    updatable: bool
    """The service may update it."""


@dataclass(frozen=True)
class Reference:
    """A foreign key: its columns and the target's columns, including the tenant's."""

    name: str
    target: int
    columns: tuple[str, ...]
    target_columns: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """One table of tenants."""

    table: Table
    key: str
    columns: Mapping[str, Column]
    unique: Mapping[str, tuple[str, ...]]
    """By index name: its columns, without expressions."""
    primary: str | None
    """The name of the primary key."""
    references: Sequence[Reference]
    checked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By check constraint: its columns."""
    literals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By column: string literals in its check constraints."""

    @property
    def name(self) -> sql.Identifier:
        return sql.Identifier(self.table.schema, self.table.name)

    @property
    def writable(self) -> list[str]:
        return [column.name for column in self.columns.values() if not column.generated]


_COLUMNS = """
    SELECT a.attrelid::bigint, a.attname, b.typcategory::text, format_type(b.oid, NULL),
           CASE WHEN b.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4
           THEN a.atttypmod - 4 END, a.attnotnull OR t.typnotnull, a.atthasdef OR t.typdefault IS NOT NULL,
           a.attgenerated <> '' OR a.attidentity <> '',
           ARRAY(SELECT enumlabel::text FROM pg_enum e WHERE e.enumtypid = b.oid ORDER BY enumsortorder),
           ARRAY(SELECT conname::text FROM pg_constraint WHERE contypid = t.oid),
           ARRAY(SELECT m[1] FROM pg_constraint n, regexp_matches(pg_get_constraintdef(n.oid),
                 '''((?:[^'']|'''')*)''', 'g') m WHERE n.contypid = t.oid),
           has_column_privilege(%(role)s, a.attrelid, a.attnum, 'INSERT'),
           has_column_privilege(%(role)s, a.attrelid, a.attnum, 'UPDATE')
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
     WHERE a.attrelid = ANY (%(tables)s::bigint[]::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY a.attrelid, a.attnum
"""
_UNIQUE = """
    SELECT i.indrelid::bigint, c.relname, i.indisprimary,
           ARRAY(SELECT attname::text FROM unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY k (n, place)
                 JOIN pg_attribute ON (attrelid, attnum) = (i.indrelid, n) ORDER BY place)
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indisunique AND i.indrelid = ANY (%(tables)s::bigint[]::oid[]) ORDER BY 2
"""
_CONSTRAINTS = """
    SELECT conrelid::bigint, contype::text, conname, confrelid::bigint,
           ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k (n, place)
                 JOIN pg_attribute ON (attrelid, attnum) = (conrelid, n) ORDER BY place),
           ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY k (n, place)
                 JOIN pg_attribute ON (attrelid, attnum) = (confrelid, n) ORDER BY place),
           ARRAY(SELECT m[1] FROM regexp_matches(pg_get_constraintdef(oid), '''((?:[^'']|'''')*)''', 'g') m)
      FROM pg_constraint WHERE contype IN ('f', 'c') AND conrelid = ANY (%(tables)s::bigint[]::oid[]) ORDER BY conname
"""


def read_shapes(catalogue: Catalogue) -> list[Shape]:
    """All tables of tenants, ordered so that targets of foreign keys come first."""
    tables = [table for table in catalogue.tables if table.is_tenant_table and table.kind != "f"]
    given = {"role": ROLE, "tables": [table.oid for table in tables]}
    columns: dict[int, dict[str, Column]] = {table.oid: {} for table in tables}
    unique: dict[int, dict[str, tuple[str, ...]]] = {table.oid: {} for table in tables}
    primary: dict[int, str] = {}
    references: dict[int, list[Reference]] = {table.oid: [] for table in tables}
    checked: dict[int, dict[str, tuple[str, ...]]] = {table.oid: {} for table in tables}
    literals: dict[int, dict[str, tuple[str, ...]]] = {table.oid: {} for table in tables}
    connection: psycopg.Connection[Any] = catalogue.connection
    for oid, name, *rest in connection.execute(_COLUMNS, given):
        category, base, length, not_null, default, generated, labels, domain, texts, insertable, updatable = rest
        columns[oid][name] = Column(
            name, category, base, length, not_null, default, generated, tuple(labels), insertable, updatable
        )
        for constraint in domain:
            checked[oid][constraint] = (*checked[oid].get(constraint, ()), name)
        if texts:
            literals[oid][name] = tuple(text.replace("''", "'") for text in texts)
    for oid, name, is_primary, names in connection.execute(_UNIQUE, given):
        unique[oid][name] = tuple(names)
        if is_primary:
            primary[oid] = name
    for oid, kind, name, target, names, target_names, texts in connection.execute(_CONSTRAINTS, given):
        if kind == "f":
            references[oid].append(Reference(name, target, tuple(names), tuple(target_names)))
            continue
        checked[oid][name] = tuple(names)
        for column in names:
            literals[oid][column] = (*literals[oid].get(column, ()), *(text.replace("''", "'") for text in texts))
    shapes = [
        Shape(
            table,
            str(table.key),
            columns[table.oid],
            unique[table.oid],
            primary.get(table.oid),
            references[table.oid],
            checked[table.oid],
            literals[table.oid],
        )
        for table in tables
    ]
    return _in_order(shapes)


def _in_order(shapes: list[Shape]) -> list[Shape]:
    """Order the tables so that targets of foreign keys come first."""
    left, ordered = list(shapes), list[Shape]()
    while left:
        waiting = {shape.table.oid for shape in left}
        ready = [
            shape
            for shape in left
            if not {reference.target for reference in shape.references} & (waiting - {shape.table.oid})
        ]
        # In a cycle, take a table whose foreign keys to the others can be null at first.
        loose = [
            shape
            for shape in left
            if all(
                any(name != shape.key and not shape.columns[name].not_null for name in reference.columns)
                for reference in shape.references
                if reference.target in waiting - {shape.table.oid}
            )
        ]
        ordered += ready or loose[:1] or left[:1]
        left = [shape for shape in left if shape not in ordered]
    return ordered
