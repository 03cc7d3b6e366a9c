"""How Alembic reaches the database: as the owner, one run at a time, never as a login that row security spares."""

import sys
import time
from pathlib import Path

import psycopg
import sqlalchemy as sa
from alembic import context

from clincore import database
from clincore.db import schema_version
from clincore.db.models import Base
from clincore.db.session import describe_unreachable, libpq
from clincore.errors import RetryableStartupError, StartupError
from clincore.settings import load

# Registers operations. Beside this file, because the folder has the name of a library and is no package.
sys.path.insert(0, str(Path(__file__).parent))
from migration_operations import LOCK_TIMEOUT

# Any fixed number that no other program uses for its advisory locks.
MIGRATION_LOCK = 0x436C696E436F7265

# After a table was locked.
PAUSE_SECONDS = 1.0
ATTEMPTS = 60

OWNER_NEEDED = """\
Migrations need an ordinary owner, and {user} {fault}. Let a superuser run:
  CREATE ROLE clincore_owner LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD '...';
  CREATE DATABASE clincore OWNER clincore_owner;
and name that role in MIGRATION_DATABASE_URL or DATABASE_URL."""


EXPECTED = {
    None: "See that the server runs and that the URL is right.",
    "42501": "Migrations need the owner of the tables: name it in MIGRATION_DATABASE_URL or DATABASE_URL.",
    "55P03": "Another transaction holds a table. Try again when less is going on; finished migrations stay.",
    "57014": "Another transaction was in the way for too long. Try again; finished migrations stay.",
}


def refuse_unfit_login(connection: sa.Connection) -> None:
    """Stop when the login sees every tenant's rows anyway, or when it would see one tenant's only."""
    login = connection.execute(
        sa.text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    ).one()
    if login.rolsuper or login.rolbypassrls:
        fault = "is a superuser" if login.rolsuper else "has BYPASSRLS"
        raise StartupError(OWNER_NEEDED.format(user=login.rolname, fault=fault))
    if connection.scalar(sa.text("SELECT current_setting('app.tenant_id', true)")):
        raise StartupError(
            f"app.tenant_id has a default, so that the owner would see one tenant's rows only. Find it in "
            f"pg_db_role_setting and run: ALTER ROLE {login.rolname} RESET app.tenant_id (or ALTER DATABASE ... RESET)."
        )


def run(owner_url: str) -> None:
    """Run what the command line asked for."""
    engine = sa.create_engine(
        owner_url, poolclass=sa.NullPool, creator=lambda: psycopg.connect(libpq(owner_url), connect_timeout=10)
    )
    try:
        with engine.connect() as connection:
            refuse_unfit_login(connection)
            if changes_the_schema():
                migrate_on(connection)
            else:
                report_on(connection)
    except sa.exc.DBAPIError as error:
        state = sqlstate(error)
        if state is not None and state.startswith(("08", "57P")):
            state = None
        if state in EXPECTED:
            kind = StartupError if state else RetryableStartupError
            raise kind(f"{describe_unreachable(owner_url, error)}\n{EXPECTED[state]}") from None
        raise
    finally:
        engine.dispose()


def changes_the_schema() -> bool:
    """Whether the command is `upgrade`, `downgrade` or `stamp`."""
    try:
        context.get_revision_argument()
    except KeyError:
        return False
    return True


def migrate_on(connection: sa.Connection) -> None:
    """Migrate, with the schema locked against a second run."""
    # Alembic leaves a transaction that is under way to its maker.
    connection.commit()
    context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
    if context.get_context().opts["fn"].__name__ == "do_stamp":
        raise StartupError("`alembic stamp` would note migrations that were not done. Use: alembic upgrade head")
    # Another run may take minutes, so the wait for it has no limit. It is no wait for the lock itself: its snapshot
    # would hold up an index that the other run builds concurrently.
    while not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": MIGRATION_LOCK}):
        connection.commit()
        time.sleep(0.1)
    connection.execute(sa.text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    earlier = schema_version.find_earlier(connection)
    if earlier is not None:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :earlier"), {"earlier": earlier})
    connection.commit()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with context.begin_transaction():
                context.run_migrations()
            return
        except sa.exc.DBAPIError as error:
            # The migration that failed left nothing, and those before it stay.
            connection.rollback()
            if sqlstate(error) != "55P03" or attempt == ATTEMPTS:
                raise
            time.sleep(PAUSE_SECONDS)


def report_on(connection: sa.Connection) -> None:
    """Compare, and change nothing."""
    earlier = schema_version.find_earlier(connection)
    connection.commit()
    # Alembic would make its own table even to compare.
    context.configure(connection=connection, target_metadata=Base.metadata, dont_mutate=True)
    if earlier is not None:
        # Alembic takes the current migration from its table alone.
        context.get_context().get_current_heads = lambda: (earlier,)
    with context.begin_transaction():
        context.run_migrations()


def sqlstate(error: sa.exc.DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def print_sql() -> None:
    """Print the SQL of migrations. Those of version 0.1.0 ask the database what it has, later ones must not."""
    if context.get_starting_revision_argument() is None:
        last = schema_version.LAST_OF_0_1_0
        raise SystemExit(
            f"The first migrations ask the database what it has (roles, its version). Name where to begin:\n"
            f"  alembic upgrade {last}:head --sql"
        )
    context.configure(
        dialect_name="postgresql",
        # The default doubles each %, for a driver that takes parameters.
        dialect_opts={"paramstyle": "named"},
        target_metadata=Base.metadata,
        transaction_per_migration=True,
    )
    context.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    # As an upgrade does: a database at the head stands at the migration before those that are printed.
    start = context.get_starting_revision_argument()
    context.execute(f"UPDATE alembic_version SET version_num = '{start}' WHERE version_num = '{schema_version.HEAD}'")
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    print_sql()
elif (given := context.config.attributes.get("owner_url")) is not None:
    run(given)
else:
    try:
        with database.find(load()) as found:
            run(found.owner_url)
    except StartupError as error:
        raise SystemExit(str(error)) from None
