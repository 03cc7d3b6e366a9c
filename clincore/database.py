"""Which PostgreSQL this process uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import make_url

from clincore.postgres.embedded import Embedded, EmbeddedError
from clincore.postgres.embedded import start as start_embedded
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
