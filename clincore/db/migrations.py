"""What must be true of the database before the service starts, and how it gets its schema."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError

from clincore.db import schema_version
from clincore.db.catalogue import checks, citus
from clincore.db.catalogue.reader import read_catalogue
from clincore.db.models import Base
from clincore.db.schema_version import HEAD, ROLE, Age
from clincore.db.session import describe_unreachable, libpq
from clincore.errors import RetryableStartupError, StartupError
from clincore.resources import MIGRATIONS


def migrate(owner_url: str, revision: str = HEAD) -> None:
    """Bring the schema to this version's, or up to an earlier migration.

    Raises:
        LaterVersion: the database has migrations that this code does not know.
        StartupError: the login is unfit, or the schema cannot be migrated.
        RetryableStartupError: PostgreSQL does not answer.
    """
    try:
        command.upgrade(_alembic(owner_url), revision)
    except CommandError as error:
        raise StartupError(f"the schema cannot be migrated: {error}") from None
    except SystemExit as error:
        # What alembic/env.py ends Alembic's own command line with.
        raise StartupError(str(error.code)) from None


def make_role(owner_url: str) -> None:
    """Make the service's role and its rights on the database, in which a backup can then be restored.

    Raises:
        StartupError: the login is unfit, or the database is not empty.
        RetryableStartupError: PostgreSQL does not answer.
    """
    try:
        with psycopg.connect(libpq(owner_url), connect_timeout=5) as connection:
            found = connection.execute("SELECT to_regclass('public.tenants') IS NOT NULL").fetchone()
    except psycopg.Error as error:
        raise RetryableStartupError(describe_unreachable(owner_url, error)) from None
    if found == (True,):
        raise StartupError(
            "The database has tables already, and a backup is restored into an empty one: name that in DATABASE_URL."
        )
    migrate(owner_url, ROLE)


@dataclass(frozen=True)
class Checked:
    """What is known of a database that is fit to serve on."""

    is_distributed: bool
    """Citus spreads its tables over nodes."""
    advice: list[str]
    """What could be safer, one line each."""


def check(app_url: str) -> Checked:
    """Check that the database keeps tenants apart and has this version's schema.

    Raises:
        StartupError: the database is not fit to serve on.
        RetryableStartupError: PostgreSQL does not answer.
    """
    try:
        # A pooler may give its next client the server session with what was prepared there.
        with psycopg.connect(libpq(app_url), connect_timeout=5, prepare_threshold=None) as connection:
            _refuse(connection, checks.STARTUP_ROLES)
            _check_schema(app_url)
            _refuse(connection, checks.STARTUP_TABLES)
            catalogue = read_catalogue(connection)
            advice = [f"{fault.text} {fault.remedy}" for one in checks.STARTUP_ADVICE for fault in one.ask(catalogue)]
            return Checked(citus.is_distributed(connection), advice)
    except (psycopg.Error, sa.exc.DBAPIError) as error:
        raise RetryableStartupError(describe_unreachable(app_url, error)) from None


def _refuse(connection: psycopg.Connection[Any], asked: Iterable[checks.Check]) -> None:
    catalogue = read_catalogue(connection)
    for check in asked:
        for fault in check.ask(catalogue):
            raise StartupError(f"{fault.text} {fault.remedy}")


def _check_schema(app_url: str) -> None:
    def is_asked(_object: Any, _name: str | None, kind: str, reflected: bool, compared_to: Any) -> bool:
        # An operator may add tables and indexes, and a later version whatever lets this one go on.
        is_added = reflected and compared_to is None
        return not (is_added and (age is Age.LATER or kind in ("table", "index")))

    engine = sa.create_engine(
        app_url, poolclass=sa.NullPool, creator=lambda: psycopg.connect(libpq(app_url), prepare_threshold=None)
    )
    try:
        with engine.connect() as inspected:
            if not sa.inspect(inspected).has_table("tenants"):
                raise StartupError("The database has no ClinCore tables yet. Run: clincore migrate")
            age = schema_version.age(inspected)
            if age is Age.EARLIER:
                raise StartupError("The database's schema is that of an earlier version. Run: clincore migrate")
            context = MigrationContext.configure(inspected, opts={"include_object": is_asked})
            differences = compare_metadata(context, Base.metadata)
    finally:
        engine.dispose()
    if differences:
        more = f" and {len(differences) - 1} more differences" if len(differences) > 1 else ""
        cure = (
            "A later version of ClinCore has migrated the database: install that one"
            if age is Age.LATER
            else "Either an upgrade to a later version is under way, or it was changed by hand: change it back"
        )
        raise StartupError(f"The database's schema is not this version's: {_describe(differences[0])}{more}. {cure}.")


def _describe(difference: Any) -> str:
    """One entry of `compare_metadata`, in words."""
    if isinstance(difference, list):
        return _describe(difference[0])
    kind, *rest = difference
    named = [str(getattr(part, "name", part)) for part in rest if isinstance(part, str) or hasattr(part, "name")]
    return f"{kind.replace('_', ' ')} {'.'.join(named)}"


def _alembic(owner_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["owner_url"] = owner_url
    return config
