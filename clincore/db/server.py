"""Which PostgreSQL this process uses, what must be true of it before the service starts, and how it gets its schema."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url

from clincore.db import catalogue
from clincore.db.embedded import Embedded, EmbeddedError
from clincore.db.embedded import start as start_embedded
from clincore.db.models import Base
from clincore.db.session import libpq
from clincore.resources import MIGRATIONS
from clincore.settings import Settings


class ServerError(Exception):
    """PostgreSQL is not as ClinCore needs it; the text says what to do."""


class Unreachable(ServerError):
    """PostgreSQL does not answer now; it may a moment later."""


class NotNow(SystemExit):
    """The end of the process for a reason that may be gone a moment later."""


@dataclass(frozen=True)
class Server:
    """Two logins of one database, as SQLAlchemy URLs."""

    app_url: str
    owner_url: str
    embedded: Embedded | None = None


@contextmanager
def find(settings: Settings) -> Iterator[Server]:
    """The server of `DATABASE_URL`, else the embedded one, which runs at least as long as the context.

    Raises:
        ServerError: the embedded server cannot be started.
    """
    if settings.database_url is not None:
        app_url = settings.database_url.get_secret_value()
        owner = settings.migration_database_url
        yield Server(app_url, owner.get_secret_value() if owner else app_url)
        return
    try:
        running = start_embedded(settings.data_dir)
    except EmbeddedError as error:
        raise Unreachable(str(error)) from None
    with running:
        yield Server(running.url, running.owner_url, running)


def unreachable(url: str, error: BaseException | None) -> str:
    """One line, without the password, on a server that does not answer or does not let us in."""
    where = make_url(url).set(drivername="postgresql").render_as_string(hide_password=True)
    # SQLAlchemy's text has the statement in it, the driver's own has what the server said.
    why = " ".join(str(getattr(error, "orig", error) or "").split())
    return f"PostgreSQL at {where} cannot be used: {why or 'no answer'}"


def migrate(owner_url: str) -> None:
    """Bring the schema to this version's. Ends the process (SystemExit) with instructions when the login is unfit."""
    command.upgrade(_alembic(owner_url), "head")


def check(app_url: str) -> None:
    """See that the database keeps tenants apart and has this version's schema.

    Raises:
        ServerError: it is not so, with what to do.
    """
    try:
        with psycopg.connect(libpq(app_url), connect_timeout=5) as connection:
            _refuse(connection, catalogue.STARTUP_ROLES)
            _check_schema(app_url)
            _refuse(connection, catalogue.STARTUP_TABLES)
    except (psycopg.Error, sa.exc.DBAPIError) as error:
        raise Unreachable(unreachable(app_url, error)) from None


def _refuse(connection: psycopg.Connection[Any], checks: Iterable[catalogue.Check]) -> None:
    read = catalogue.read(connection)
    for check in checks:
        for fault in check.ask(read):
            raise ServerError(f"{fault.text} {fault.remedy}")


def _check_schema(app_url: str) -> None:
    def is_ours(_object: Any, _name: str | None, kind: str, reflected: bool, compared_to: Any) -> bool:
        # An operator may add tables and indexes of his own.
        return not (reflected and compared_to is None and kind in ("table", "index"))

    engine = sa.create_engine(app_url, poolclass=sa.NullPool, creator=lambda: psycopg.connect(libpq(app_url)))
    try:
        with engine.connect() as inspected:
            context = MigrationContext.configure(inspected, opts={"include_object": is_ours})
            differences = compare_metadata(context, Base.metadata)
            has_none = not sa.inspect(inspected).has_table("tenants")
    finally:
        engine.dispose()
    if has_none:
        raise ServerError("The database has no ClinCore tables yet. Run: alembic upgrade head")
    if differences:
        raise ServerError(
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
