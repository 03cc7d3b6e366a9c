"""Databases on the PostgreSQL under test, each with its own owner."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from clincore.db.urls import libpq
from support import citus

SHARED_CLUSTER = {"TEST_DATABASE_URL", "PYTEST_XDIST_WORKER"} <= os.environ.keys()
"""Whether other processes of pytest use the same cluster, and with it the same roles."""


@dataclass(frozen=True)
class Database:
    """A database with its own owner, as SQLAlchemy URLs."""

    url: str
    superuser_url: str

    def as_owner(self) -> psycopg.Connection[Any]:
        """The operator's connection; each statement is committed."""
        return psycopg.connect(libpq(self.url), autocommit=True)

    def as_superuser(self) -> psycopg.Connection[Any]:
        return psycopg.connect(libpq(self.superuser_url), autocommit=True)

    def as_app(self) -> psycopg.Connection[Any]:
        """A connection with the service's role, outside a transaction and without a tenant."""
        connection = self.as_owner()
        connection.execute("SET ROLE clincore_app")
        return connection

    @property
    def name(self) -> str:
        return make_url(self.url).database or ""

    def count_waiting(self, query: str) -> int:
        """The sessions, on any node, that wait for a lock with a statement like the pattern."""
        found = 0
        for url in citus.node_urls(self.name) if citus.COORDINATOR_URL is not None else [self.superuser_url]:
            with psycopg.connect(libpq(url), autocommit=True) as connection:
                found += connection.execute(_WAITING, [query]).rowcount
        return found


_WAITING = (
    "SELECT FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid() AND query LIKE %s"
)


@contextmanager
def make_database(superuser_url: str) -> Iterator[Database]:
    """An empty database with an ordinary owner; both are dropped at the end."""
    name, password = f"clincore_test_{uuid4().hex[:12]}", secrets.token_hex(16)
    admin = make_url(superuser_url)
    with psycopg.connect(libpq(superuser_url), autocommit=True) as connection:
        identifier = sql.Identifier(name)
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
                identifier, sql.Literal(password)
            )
        )
        # If another owner on this cluster created clincore_app, only a superuser can grant it (see docs/operations.md).
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'clincore_app'").fetchone():
            options = " WITH INHERIT FALSE, SET TRUE" if connection.info.server_version >= 160000 else ""
            connection.execute(sql.SQL("GRANT clincore_app TO {}" + options).format(identifier))
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(identifier, identifier))
        owner = admin.set(username=name, password=password, database=name)
        try:
            yield Database(_text(owner), _text(admin.set(database=name)))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))
            if citus.COORDINATOR_URL is not None:
                citus.drop(name)
            connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(identifier))
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(identifier))


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
