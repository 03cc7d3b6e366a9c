"""From the settings to a database that is fit to serve on; used by the command line and by `clincore.asgi`."""

import sys
from contextlib import ExitStack

from sqlalchemy import make_url

from clincore import logs, settings
from clincore.db import server

# What must live as long as the process: the embedded PostgreSQL stops when nobody holds it any more.
_held = ExitStack()


def fail(message: str, *, code: int = 2, reason: BaseException | None = None) -> SystemExit:
    """End the process with a message on stderr; the exit code is the one for wrong settings unless another is given."""
    print(f"clincore: {message}", file=sys.stderr)
    return (server.NotNow if isinstance(reason, server.Unreachable | server.NotNow) else SystemExit)(code)


def prepare() -> tuple[settings.Settings, server.Server]:
    """Read the settings and find PostgreSQL.

    Raises:
        SystemExit: code 2, after a line on stderr that says what to do.
    """
    try:
        configured = settings.load()
        logs.configure(configured.log_level)
        return configured, _held.enter_context(server.find(configured))
    except (settings.SettingsError, server.ServerError) as error:
        raise fail(str(error), reason=error) from None


def migrate(found: server.Server) -> None:
    """Bring the schema to this version's; left to the owner when the login is the service's own, which may not.

    Raises:
        SystemExit: code 2, after lines on stderr that say what to do.
    """
    if make_url(found.owner_url).username == "clincore_app":
        return
    try:
        server.migrate(found.owner_url)
    except SystemExit as error:
        raise fail(str(error.code), reason=error) from None


def check(found: server.Server) -> None:
    """See that the database is fit to serve on.

    Raises:
        SystemExit: code 2, after a line on stderr that says what to do.
    """
    try:
        server.check(found.app_url)
    except server.ServerError as error:
        raise fail(str(error), reason=error) from None
