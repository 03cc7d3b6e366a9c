"""Alembic's environment: migrations run as the tables' owner, one run at a time, never as a superuser."""

import sys
import time
from pathlib import Path

import psycopg
import sqlalchemy as sa
from alembic import context

from clincore import database
from clincore.db import schema_version
from clincore.db.models import Base
from clincore.db.urls import describe_unreachable, libpq
from clincore.errors import RetryableStartupError, StartupError
from clincore.settings import load

# Registers operations. This folder has the name of a library, so it is not a package: import from the folder itself.
sys.path.insert(0, str(Path(__file__).parent))
from migration_operations import SETTINGS

# Between two attempts, when another transaction holds a table.
PAUSE_SECONDS = 1.0
ATTEMPTS = 60

OWNER_NEEDED = (
    "Migrations need an ordinary owner, and {user} {fault}. Create the two logins of docs/operations.md, and set"
    " MIGRATION_DATABASE_URL to that of clincore_owner."
)

# What to do, by SQLSTATE.
EXPECTED = {
    "53": "Make room, and try again; finished migrations are kept.",
    "42P07": "Its migrations did not make this table, as after a restore that failed. Restore into an empty database.",
    "42501": "Migrations need the owner of the tables: set it in MIGRATION_DATABASE_URL or DATABASE_URL.",
    "55P03": "Another transaction holds a table. Try again when there is less load; finished migrations are kept.",
    "57014": "A statement waited too long for another transaction. Try again; finished migrations are kept.",
}


def refuse_unfit_login(connection: sa.Connection) -> None:
    """Refuse a login that bypasses row security, and one that would see only one tenant's rows.

    Raises:
        StartupError: with what to do about it.
    """
    login = connection.execute(
        sa.text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    ).one()
    if login.rolsuper or login.rolbypassrls:
        fault = "is a superuser" if login.rolsuper else "has BYPASSRLS"
        raise StartupError(OWNER_NEEDED.format(user=login.rolname, fault=fault))
    if connection.scalar(sa.text("SELECT current_setting('app.tenant_id', true)")):
        raise StartupError(
            f"app.tenant_id has a default, so the owner would see only one tenant's rows. Find it in "
            f"pg_db_role_setting and run: ALTER ROLE {login.rolname} RESET app.tenant_id (or ALTER DATABASE ... RESET)."
        )


def refuse_worker(connection: sa.Connection) -> None:
    """Refuse a worker of a Citus cluster, which gets its schema from the coordinator.

    Raises:
        StartupError: with what to do about it.
    """
    if connection.scalar(sa.text("SELECT to_regclass('pg_catalog.pg_dist_local_group')")) is None:
        return
    if connection.scalar(sa.text("SELECT groupid FROM pg_catalog.pg_dist_local_group")):
        raise StartupError(
            "This is a worker of a Citus cluster. Set MIGRATION_DATABASE_URL or DATABASE_URL to the coordinator."
        )


def run(owner_url: str) -> None:
    """Run the command of the command line."""
    engine = sa.create_engine(
        owner_url, poolclass=sa.NullPool, creator=lambda: psycopg.connect(libpq(owner_url), connect_timeout=10)
    )
    try:
        with engine.connect() as connection:
            refuse_unfit_login(connection)
            if changes_the_schema():
                refuse_worker(connection)
                migrate_on(connection)
            else:
                report_on(connection)
    except sa.exc.DBAPIError as error:
        state = sqlstate(error)
        if state is None or state.startswith(("08", "57P")):
            raise RetryableStartupError(describe_unreachable(owner_url, error)) from None
        if state.startswith("53"):
            # A full disk, or another lack of resources.
            state = "53"
        if state in EXPECTED:
            raise StartupError(f"{describe_unreachable(owner_url, error)}. {EXPECTED[state]}") from None
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
    # Alembic does not commit a transaction that it did not begin.
    connection.commit()
    context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
    if context.get_context().opts["fn"].__name__ == "do_stamp":
        raise StartupError("`alembic stamp` would record migrations that did not run. Use: alembic upgrade head")
    # Another run may take minutes, so this wait has no limit. Poll instead of waiting for the lock: a waiting
    # statement's snapshot would delay an index that the other run builds concurrently.
    while not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": schema_version.MIGRATION_LOCK}):
        connection.commit()
        time.sleep(0.1)
    for setting in SETTINGS:
        connection.execute(sa.text(setting))
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
            # The failed migration left nothing; the ones before it are committed.
            connection.rollback()
            if sqlstate(error) != "55P03" or attempt == ATTEMPTS:
                raise
            time.sleep(PAUSE_SECONDS)


def report_on(connection: sa.Connection) -> None:
    """Run a command that changes nothing, such as `current` or `check`."""
    earlier = schema_version.find_earlier(connection)
    connection.commit()
    # Without dont_mutate Alembic would create its own table even for a comparison.
    context.configure(connection=connection, target_metadata=Base.metadata, dont_mutate=True)
    if earlier is not None:
        # Alembic reads the current migration only from its table.
        context.get_context().get_current_heads = lambda: (earlier,)
    with context.begin_transaction():
        context.run_migrations()


def sqlstate(error: sa.exc.DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def print_sql() -> None:
    """Print the SQL of migrations. The ones of version 0.1.0 query the database; later ones must not.

    Raises:
        SystemExit: the command does not name the migration to start from.
    """
    if context.get_starting_revision_argument() is None:
        last = schema_version.LAST_OF_0_1_0
        raise SystemExit(
            "The first migrations query the database (roles, its version). Name the migration to start from:"
            f" alembic upgrade {last}:head --sql"
        )
    context.configure(
        dialect_name="postgresql",
        # The default doubles each %, for drivers that take parameters.
        dialect_opts={"paramstyle": "named"},
        target_metadata=Base.metadata,
        transaction_per_migration=True,
    )
    for setting in SETTINGS:
        context.execute(setting)
    # As in an upgrade: a database at the head is set to the migration before the printed ones, if its note names it.
    # Otherwise a second run of the SQL would set an upgraded database back, and no upgrade could repair it.
    start = context.get_starting_revision_argument()
    context.execute(
        f"UPDATE alembic_version SET version_num = '{start}' WHERE version_num = '{schema_version.HEAD}'"
        " AND coalesce(obj_description('alembic_version'::regclass, 'pg_class'),"
        f" '{schema_version.LAST_OF_0_1_0}') = '{start}'"
    )
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
