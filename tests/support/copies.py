"""Copies of a migrated database, for tests that change them and run `prove-isolation`."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from clincore.db.catalogue.reader import read_catalogue
from clincore.db.urls import libpq
from clincore.isolation.report import Report
from support.database import Database


@contextmanager
def copy_of(pristine: Database) -> Iterator[Database]:
    """A copy of the database, with the same owner; dropped at the end."""
    owner = make_url(pristine.url)
    name = f"clincore_mutant_{uuid4().hex[:12]}"
    with psycopg.connect(libpq(pristine.superuser_url), dbname="postgres", autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                *map(sql.Identifier, (name, str(owner.database), str(owner.username)))
            )
        )
        try:
            # Privileges on the database itself are not copied.
            connection.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
            urls = (make_url(url).set(database=name) for url in (pristine.url, pristine.superuser_url))
            yield Database(*(url.render_as_string(hide_password=False) for url in urls))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def names_of(database: Database) -> dict[str, str]:
    url = make_url(database.url)
    with database.as_superuser() as connection:
        options = " WITH INHERIT FALSE, SET TRUE" if connection.info.server_version >= 160000 else ""
    return {"owner": str(url.username), "database": str(url.database), "options": options}


def filled(text: str, database: Database) -> str:
    """The text with the names for which it has `{owner}`, `{database}` and `{options}`. Other braces stay."""
    for name, value in names_of(database).items():
        text = text.replace(f"{{{name}}}", value)
    return text


def apply(database: Database, statements: str) -> None:
    with database.as_superuser() as connection:
        connection.execute(filled(statements, database), prepare=False)  # type: ignore[call-overload]


def left_of(report: Report, database: Database) -> list[str]:
    """Tables that still have rows of the run's two tenants."""
    with database.as_superuser() as connection, connection.transaction():
        tables = [table for table in read_catalogue(connection).tables if table.is_tenant_table and table.kind != "f"]
        tenants = [UUID(report.facts[f"Tenant {name}"]) for name in "AB"]
        return [
            table.full_name
            for table in tables
            if connection.execute(
                sql.SQL("SELECT FROM {} WHERE {} = ANY (%s)").format(
                    sql.Identifier(table.schema, table.name), sql.Identifier(str(table.key))
                ),
                [tenants],
            ).rowcount
        ]
