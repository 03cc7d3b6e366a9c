"""Migrate the database, and check it before the service starts."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError

from clincore.db import schema_version
from clincore.db.catalogue import checks, citus
from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import read_catalogue
from clincore.db.models import Base
from clincore.db.schema_version import FIRST, HEAD, Age
from clincore.db.urls import describe_unreachable, libpq
from clincore.errors import RetryableStartupError, StartupError
from clincore.resources import MIGRATIONS

CONNECT_SECONDS = 5
"""Of libpq, for each host of a URL: at a start and in a migration, which may wait longer than other commands."""


def migrate(owner_url: str, revision: str = HEAD) -> None:
    """Migrate the schema to this version, or to an earlier migration.

    Raises:
        LaterVersion: the database has migrations that this code does not have.
        StartupError: the login is unfit, or the schema cannot be migrated.
        RetryableStartupError: PostgreSQL does not answer.
    """
    try:
        command.upgrade(_alembic(owner_url), revision)
    except CommandError as error:
        raise StartupError(
            f"the schema cannot be migrated: {error}. Check that this version of ClinCore is completely installed."
        ) from None
    except SystemExit as error:
        # alembic/env.py raises it, for Alembic's own command line.
        raise StartupError(str(error.code)) from None


def pending(owner_url: str) -> list[str]:
    """The migrations that `migrate` would run, in order, with their titles. Changes nothing.

    Raises:
        LaterVersion: the database has migrations that this code does not have.
        RetryableStartupError: PostgreSQL does not answer.
    """
    with _inspected(owner_url) as connection:
        return schema_version.pending(connection)


def schema_age(app_url: str) -> Age | None:
    """The age of the database's schema; None: the database has no tables of ClinCore.

    Raises:
        RetryableStartupError: PostgreSQL does not answer.
    """
    with _inspected(app_url) as connection:
        return schema_version.age(connection) if sa.inspect(connection).has_table("tenants") else None


def make_role(owner_url: str) -> None:
    """Create the service's role and its rights on the database, into which a backup can then be restored.

    Raises:
        StartupError: the login is unfit, or the database is not empty.
        RetryableStartupError: PostgreSQL does not answer.
    """
    with _reading(owner_url) as connection:
        found = connection.execute("SELECT to_regclass('public.tenants') IS NOT NULL").fetchone()
    if found == (True,):
        raise StartupError(
            "The database already has ClinCore tables, but a backup needs an empty database."
            " Set DATABASE_URL to an empty database."
        )
    migrate(owner_url, FIRST)


@dataclass(frozen=True)
class Checked:
    """The result of checking a database that the service can use."""

    is_distributed: bool
    """Citus distributes its tables over nodes."""
    advice: list[str]
    """What could be safer, one line per item."""


def check(app_url: str) -> Checked:
    """Check that the database keeps tenants apart and has this version's schema.

    Raises:
        StartupError: the service must not use the database.
        RetryableStartupError: PostgreSQL does not answer.
    """
    with _reading(app_url) as connection:
        _refuse(connection, checks.STARTUP_ROLES)
        _check_schema(app_url)
        _refuse(connection, checks.STARTUP_TABLES)
        catalogue = read_catalogue(connection)
        advice = [
            f"{fault.text} {fault.remedy}" for one in checks.STARTUP_ADVICE for fault in one.find_faults(catalogue)
        ]
        return Checked(citus.is_distributed(connection), advice)


class Examined(NamedTuple):
    """One of the checks of a start."""

    title: str
    """What is true when there are no faults."""
    faults: list[Fault]
    is_advice: bool


def examine(app_url: str) -> Iterator[Examined]:
    """What `check` checks, with all faults.

    It ends after the first group of checks with faults, because these can cause the faults of others.

    Raises:
        RetryableStartupError: PostgreSQL does not answer.
    """
    with _reading(app_url) as connection:
        catalogue = read_catalogue(connection)
        done = [Examined(one.title, [*one.find_faults(catalogue)], False) for one in checks.STARTUP_ROLES]
        yield from done
        if any(one.faults for one in done):
            return
        title = "The schema is that of this version"
        try:
            _check_schema(app_url)
        except RetryableStartupError:
            raise
        except StartupError as error:
            yield Examined(title, [Fault("schema", str(error))], False)
            return
        yield Examined(title, [], False)
        for one in (*checks.STARTUP_TABLES, *checks.STARTUP_ADVICE):
            yield Examined(one.title, [*one.find_faults(catalogue)], one in checks.STARTUP_ADVICE)


def _connect(url: str) -> psycopg.Connection[Any]:
    # Behind a pooler, prepared statements could reach the next client of the server session.
    return psycopg.connect(libpq(url), connect_timeout=CONNECT_SECONDS, prepare_threshold=None)


@contextmanager
def _reading(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to read the catalogue."""
    try:
        with _connect(url) as connection:
            yield connection
    except psycopg.Error as error:
        raise RetryableStartupError(describe_unreachable(url, error)) from None


@contextmanager
def _inspected(url: str) -> Iterator[sa.Connection]:
    """A connection to read the schema."""
    engine = sa.create_engine(url, poolclass=sa.NullPool, creator=lambda: _connect(url))
    try:
        with engine.connect() as connection:
            yield connection
    except (psycopg.Error, sa.exc.DBAPIError) as error:
        raise RetryableStartupError(describe_unreachable(url, error)) from None
    finally:
        engine.dispose()


def _refuse(connection: psycopg.Connection[Any], asked: Iterable[checks.Check]) -> None:
    catalogue = read_catalogue(connection)
    for check in asked:
        for fault in check.find_faults(catalogue):
            raise StartupError(f"{fault.text} {fault.remedy}")


def _check_schema(app_url: str) -> None:
    def is_compared(_object: Any, _name: str | None, kind: str, reflected: bool, compared_to: Any) -> bool:
        # An operator may add tables and indexes. A later version may add anything that this version can ignore.
        is_added = reflected and compared_to is None
        return not (is_added and (age is Age.LATER or kind in ("table", "index")))

    with _inspected(app_url) as inspected:
        if not sa.inspect(inspected).has_table("tenants"):
            raise StartupError("The database has no ClinCore tables yet. Run: clincore migrate")
        age = schema_version.age(inspected)
        if age is Age.EARLIER:
            raise StartupError("The database's schema is older than this version. Run: clincore migrate")
        context = MigrationContext.configure(inspected, opts={"include_object": is_compared})
        differences = compare_metadata(context, Base.metadata)
    if differences:
        more = f" and {len(differences) - 1} more differences" if len(differences) > 1 else ""
        remedy = (
            "A newer version of ClinCore has migrated the database. Install that version."
            if age is Age.LATER
            else "If an upgrade is in progress, wait for it. If the schema was changed by hand, undo the change."
        )
        raise StartupError(
            f"The database's schema does not match this version: {_describe(differences[0])}{more}. {remedy}"
        )


def _describe(difference: Any) -> str:
    """One entry of `compare_metadata` as text."""
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
