"""What must be true of the database before the service starts, and how it gets its schema."""

from collections.abc import Iterable
from typing import Any

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from clincore.db.catalogue import checks
from clincore.db.catalogue.reader import read_catalogue
from clincore.db.models import Base
from clincore.db.session import describe_unreachable, libpq
from clincore.errors import RetryableStartupError, StartupError
from clincore.resources import MIGRATIONS


def migrate(owner_url: str) -> None:
    """Bring the schema to this version's.

    Raises:
        StartupError: the login is unfit, or the schema cannot be migrated.
        RetryableStartupError: PostgreSQL does not answer.
    """
    try:
        command.upgrade(_alembic(owner_url), "head")
    except CommandError as error:
        raise StartupError(f"the schema cannot be migrated: {error}") from None
    except SystemExit as error:
        # What alembic/env.py ends Alembic's own command line with.
        raise StartupError(str(error.code)) from None


def check(app_url: str) -> None:
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
    except (psycopg.Error, sa.exc.DBAPIError) as error:
        raise RetryableStartupError(describe_unreachable(app_url, error)) from None


def _refuse(connection: psycopg.Connection[Any], asked: Iterable[checks.Check]) -> None:
    catalogue = read_catalogue(connection)
    for check in asked:
        for fault in check.ask(catalogue):
            raise StartupError(f"{fault.text} {fault.remedy}")


def _check_schema(app_url: str) -> None:
    def is_ours(_object: Any, _name: str | None, kind: str, reflected: bool, compared_to: Any) -> bool:
        # An operator may add tables and indexes of his own.
        return not (reflected and compared_to is None and kind in ("table", "index"))

    engine = sa.create_engine(
        app_url, poolclass=sa.NullPool, creator=lambda: psycopg.connect(libpq(app_url), prepare_threshold=None)
    )
    try:
        with engine.connect() as inspected:
            context = MigrationContext.configure(inspected, opts={"include_object": is_ours})
            differences = compare_metadata(context, Base.metadata)
            has_none = not sa.inspect(inspected).has_table("tenants")
    finally:
        engine.dispose()
    if has_none:
        raise StartupError("The database has no ClinCore tables yet. Run: alembic upgrade head")
    if differences:
        raise StartupError(
            f"The database's schema is not this version's: {_describe(differences[0])}"
            + (f" and {len(differences) - 1} more differences" if len(differences) > 1 else "")
            + ". Databases of pre-releases are not upgraded. Take a backup, then start afresh with an empty database"
            " (embedded: another CLINCORE_DATA_DIR)."
        )


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


def head() -> str:
    """The revision that this version's migrations lead to."""
    revision = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert revision is not None
    return revision
