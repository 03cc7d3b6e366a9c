"""From the settings to a database that is fit to serve on; used by the command line and by `clincore.asgi`.

What only some commands need and takes a tenth of a second to import, they import themselves.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from clincore import database as server
from clincore import logs, settings
from clincore.db.session import OperatorError, operator_session
from clincore.postgres import embedded

CHECKED = "CLINCORE_CHECKED"
"""Set for the workers of a process that has found everything right: what is missing later is missing for a moment."""

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


def prepare_operator(*, may_begin: bool = False) -> server.Server:
    """As `prepare`, for what needs the tables' owner; an embedded server is only made anew when it may be.

    Raises:
        SystemExit: code 2, after a line on stderr that says what to do.
    """
    try:
        configured = settings.load()
        known = configured.database_url is not None or may_begin or embedded.exists(configured.data_dir)
    except (settings.SettingsError, embedded.EmbeddedError) as error:
        raise fail(str(error)) from None
    if not known:
        raise fail(
            f"there are no data under {configured.data_dir.absolute()}. Go to the folder where `clincore serve` runs,"
            " or name its data in CLINCORE_DATA_DIR."
        )
    _configured, found = prepare()
    if make_url(found.owner_url).username == "clincore_app":
        raise fail("this needs the owner of the tables: name it in MIGRATION_DATABASE_URL.")
    return found


@contextmanager
def operator() -> Iterator[psycopg.Connection[Any]]:
    """The configured database's `operator_session`, with times in UTC.

    Raises:
        SystemExit: code 2, after a line on stderr that says what to do.
    """
    found = prepare_operator()
    try:
        with operator_session(found.owner_url) as connection:
            connection.execute("SET LOCAL timezone = 'UTC'")
            yield connection
    except OperatorError as error:
        raise fail(str(error)) from None
    except psycopg.Error as error:
        raise fail(server.unreachable(found.owner_url, error)) from None


@cache
def migrate(found: server.Server) -> None:
    """Bring the schema to this version's, once in a process.

    It is left to the owner when the login is the service's own, which may not.

    Raises:
        SystemExit: code 2, after lines on stderr that say what to do.
    """
    if make_url(found.owner_url).username == "clincore_app":
        return
    from clincore.db import migrations as schema

    try:
        schema.migrate(found.owner_url)
    except SystemExit as error:
        raise fail(str(error.code), reason=error) from None


def signing_file(configured: settings.Settings, found: server.Server) -> Path | None:
    """Where the signing key is: where the settings say, else beside the embedded server's data; None: nowhere."""
    from clincore.records import signing_key as signing

    if configured.signing_key is None and found.embedded is not None:
        return found.embedded.data_dir / signing.NAME
    return configured.signing_key


def publish_signing_key(configured: settings.Settings, found: server.Server) -> Path | None:
    """See that there is a key to sign with and that its public half is in the database; the key's file.

    Only the owner may publish. As the service's own login it is left to `clincore migrate`, and `POST
    /cases/{case_id}/finalize` says so until then.

    Raises:
        SystemExit: code 2, after a line on stderr that says what to do.
    """
    from clincore.db.operator_queries import signing_keys
    from clincore.records import signing_key as signing

    file = signing_file(configured, found)
    if file is None:
        return None
    try:
        key = signing.make(file) if configured.signing_key is None else signing.read(file)
        if make_url(found.owner_url).username != "clincore_app":
            signing_keys.publish(found.owner_url, key.jwk)
    except OSError as error:
        raise fail(f"cannot make the signing key {file}: {error.strerror}.") from None
    except (signing.NoSigningKey, OperatorError) as error:
        raise fail(str(error)) from None
    except psycopg.Error as error:
        raise fail(server.unreachable(found.owner_url, error), reason=server.Unreachable()) from None
    return file


@cache
def check(found: server.Server) -> None:
    """See that the database is fit to serve on; a process that found it so does not look again.

    Raises:
        SystemExit: code 2, after a line on stderr that says what to do.
    """
    from clincore.db import migrations as schema

    try:
        schema.check(found.app_url)
    except server.ServerError as error:
        raise fail(str(error), reason=error) from None
