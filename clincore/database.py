"""Which PostgreSQL this process uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import make_url

from clincore.errors import RetryableStartupError, StartupError
from clincore.postgres.embedded import Embedded, EmbeddedError
from clincore.postgres.embedded import start as start_embedded
from clincore.settings import Settings

# The names by which clincore.db.migrations raises them.
ServerError = StartupError
Unreachable = RetryableStartupError


@dataclass(frozen=True)
class Server:
    """Two logins of one database, as SQLAlchemy URLs."""

    app_url: str
    owner_url: str
    embedded: Embedded | None = None

    @property
    def has_owner_login(self) -> bool:
        """False when only the service's own role is configured, which may not change the schema."""
        return make_url(self.owner_url).username != "clincore_app"


@contextmanager
def find(settings: Settings) -> Iterator[Server]:
    """The server of `DATABASE_URL`, else the embedded one, which runs at least as long as the context.

    Raises:
        RetryableStartupError: the embedded server cannot be started.
    """
    if settings.database_url is not None:
        app_url = settings.database_url.get_secret_value()
        owner = settings.migration_database_url
        yield Server(app_url, owner.get_secret_value() if owner else app_url)
        return
    try:
        running = start_embedded(settings.data_dir)
    except EmbeddedError as error:
        raise RetryableStartupError(str(error)) from None
    with running:
        yield Server(running.url, running.owner_url, running)


def unreachable(url: str, error: BaseException | None) -> str:
    """One line, without the password, on a server that does not answer or refuses the login."""
    where = make_url(url).set(drivername="postgresql").render_as_string(hide_password=True)
    # SQLAlchemy's text contains the statement, the driver's own what the server said.
    why = " ".join(str(getattr(error, "orig", error) or "").split())
    return f"PostgreSQL at {where} cannot be used: {why or 'no answer'}"
