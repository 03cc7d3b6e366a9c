"""Migrations of a database, its schema as text, and temporary changes to it."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import indent
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from support.commands import run
from support.database import SHARED_CLUSTER, Database
from support.paths import ROOT

NewDatabase = Callable[[], Database]


def alembic(database: Database, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return run("alembic", *words, **{"DATABASE_URL": database.url} | variables)


def migrated(database: Database) -> Database:
    """The database, after all migrations."""
    upgraded = alembic(database, "upgrade", "head")
    assert upgraded.returncode == 0, upgraded.stderr
    return database


def checkout_with(migration: str, folder: Path) -> Path:
    """A copy of the migrations and of squawk's rules, with one more migration after the head.

    `migration`: the body of its `upgrade`, which may call operations of `op`.
    """
    checkout = folder / f"checkout-{uuid4().hex[:12]}"
    shutil.copytree(ROOT / "alembic", checkout / "alembic", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("alembic.ini", ".squawk.toml"):
        shutil.copy(ROOT / name, checkout)
    (checkout / "alembic" / "versions" / "next.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n\n"
        "revision, down_revision, branch_labels, depends_on = 'b1c2d3e4f506', 'b1c2d3e4f505', None, None\n\n\n"
        f"def upgrade():\n{indent(migration, '    ')}\n"
    )
    return checkout


def schema_of(database: Database) -> list[tuple[str, str]]:
    """Everything that the migrations create, as text, without the owner's name."""
    # Not the views of an extension.
    own = (
        "relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_depend d"
        " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND deptype = 'e')"
    )
    queries = [
        "SELECT 'column', format('%s.%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod),"
        " attnotnull, attacl) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
        f" WHERE {own} AND attnum > 0 AND NOT attisdropped AND relkind <> 'i'",
        "SELECT 'relation', format('%s %s %s %s %s', relname, relkind, relrowsecurity, relforcerowsecurity, relacl)"
        f" FROM pg_class c WHERE {own}",
        "SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'",
        # Citus hides in pg_class the shards that the coordinator has, but not here.
        "SELECT 'constraint', conname || ' ' || pg_get_constraintdef(k.oid) FROM pg_constraint k"
        " JOIN pg_class c ON c.oid = conrelid WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
        "SELECT 'policy', format('%s %s %s %s %s %s %s', tablename, policyname, permissive, roles, cmd, qual,"
        " with_check) FROM pg_policies",
        "SELECT 'function', oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        # Not the types of rows, which each table has.
        "SELECT 'type', typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype <> 'c'"
        " AND typcategory <> 'A'",
        "SELECT 'right', format('%s %s', has_schema_privilege(oid, 'public', 'USAGE'),"
        " has_database_privilege(oid, current_database(), 'TEMP')) FROM pg_roles WHERE rolname = 'clincore_app'",
    ]
    with database.as_superuser() as connection:
        found = connection.execute(" UNION ALL ".join(queries) + " ORDER BY 1, 2").fetchall()
        return [(kind, entry.replace(connection.info.dbname, "<owner>")) for kind, entry in found]


# For tests that change the whole cluster.
UNSHARED = pytest.mark.skipif(SHARED_CLUSTER, reason="other processes use the same roles; pytest -n 0 runs it")


@contextmanager
def login(database: Database, attributes: str) -> Iterator[str]:
    """Create another login with these attributes; its URL."""
    name = f"clincore_test_{uuid4().hex[:12]}"
    with database.as_superuser() as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN {attributes} PASSWORD '{name}'")
        try:
            yield make_url(database.url).set(username=name, password=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP OWNED BY {name}")
            connection.execute(f"DROP ROLE {name}")


@contextmanager
def changed(database: Database, change: str, back: str) -> Iterator[None]:
    """Make a change as superuser and undo it at the end of the block."""
    with database.as_superuser() as connection:
        connection.execute(change)
        try:
            yield
        finally:
            connection.execute(back)


def plain(database: Database) -> str:
    """The URL in the form of libpq's tools."""
    return database.url.replace("postgresql+psycopg:", "postgresql:")
