"""How Alembic reaches the database: as the owner, one run at a time, never as a login that row security spares."""

import psycopg
import sqlalchemy as sa
from alembic import context

from clincore import database
from clincore.db.models import Base
from clincore.db.session import describe_unreachable, libpq
from clincore.errors import RetryableStartupError, StartupError
from clincore.settings import load

# Any fixed number that no other program uses for its advisory locks.
MIGRATION_LOCK = 0x436C696E436F7265

OWNER_NEEDED = """\
Migrations need an ordinary owner, and {user} {fault}. Let a superuser run:
  CREATE ROLE clincore_owner LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD '...';
  CREATE DATABASE clincore OWNER clincore_owner;
and name that role in MIGRATION_DATABASE_URL or DATABASE_URL."""


EXPECTED = {
    None: "See that the server runs and that the URL is right.",
    "42501": "Migrations need the owner of the tables: name it in MIGRATION_DATABASE_URL or DATABASE_URL.",
    "55P03": "Another transaction holds a table. Try again when less is going on; nothing was changed.",
    "57014": "Another transaction was in the way for too long. Try again; nothing was changed.",
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
    """Run what the command line asked for, with the schema locked against a second run."""
    engine = sa.create_engine(
        owner_url, poolclass=sa.NullPool, creator=lambda: psycopg.connect(libpq(owner_url), connect_timeout=10)
    )
    try:
        with engine.connect() as connection:
            refuse_unfit_login(connection)
            # Another run may take minutes, so the wait for it has no limit; waits for tables have one, because a
            # migration that queues for a table makes every request to it queue behind.
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
            connection.execute(sa.text("SET lock_timeout = '5s'"))
            connection.commit()
            context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
            with context.begin_transaction():
                context.run_migrations()
    except sa.exc.DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state is not None and state.startswith(("08", "57P")):
            state = None
        if state in EXPECTED:
            kind = StartupError if state else RetryableStartupError
            raise kind(f"{describe_unreachable(owner_url, error)}\n{EXPECTED[state]}") from None
        raise
    finally:
        engine.dispose()


if context.is_offline_mode():
    raise SystemExit("Migrations ask the database what it has (roles, its version): run them without --sql.")
given = context.config.attributes.get("owner_url")
if given is not None:
    run(given)
else:
    try:
        with database.find(load()) as found:
            run(found.owner_url)
    except StartupError as error:
        raise SystemExit(str(error)) from None
