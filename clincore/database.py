"""The PostgreSQL server that this process uses: that of `DATABASE_URL`, or the embedded one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import make_url

from clincore.errors import RetryableStartupError
from clincore.postgres.embedded import Embedded, EmbeddedError
from clincore.postgres.embedded import start as start_embedded
from clincore.settings import Settings


@dataclass(frozen=True)
class Server:
    """Two logins of one database, as SQLAlchemy URLs."""

    app_url: str
    owner_url: str
    embedded: Embedded | None = None

    @property
    def has_owner_login(self) -> bool:
        """Whether a login that can change the schema is configured, not only the service's role."""
        return make_url(self.owner_url).username != "clincore_app"


@contextmanager
def find(settings: Settings) -> Iterator[Server]:
    """The server of `DATABASE_URL`, else the embedded one, which keeps running until the context ends or longer.

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
