"""The steps from the settings to a database that is fit to serve on.

`clincore serve` takes them one by one, `prepare_worker` takes all of them for a process that only has the environment.
"""

import logging
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC
from multiprocessing.connection import wait
from pathlib import Path
from time import monotonic

import psutil
import psycopg

from clincore import database, logs, settings
from clincore.database import Server
from clincore.db import migrations
from clincore.db.operator_queries import signing_keys
from clincore.db.schema_version import LaterVersion
from clincore.db.session import OperatorError, describe_unreachable
from clincore.errors import RetryableStartupError, StartupError
from clincore.records import signing_key as signing

CHECKED_VARIABLE = "CLINCORE_CHECKED"
"""Set by `clincore serve` for its workers, once it has migrated and checked the database."""

FIRST_START_SECONDS = 10.0
"""A worker that is made while its uvicorn is younger is one of the first."""
WORKER_START_SECONDS = 60.0
"""How long a restarted worker waits for PostgreSQL."""
RETRY_SECONDS = 0.5

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """What a worker serves with."""

    app_url: str
    bootstrap_token: str | None
    signing_key: Path | None
    is_distributed: bool
    cors_origins: tuple[str, ...] = ()


@contextmanager
def prepare_worker() -> Iterator[Prepared]:
    """Everything that a worker needs, from its environment. An embedded server runs as long as the context.

    A restarted worker waits up to `WORKER_START_SECONDS` for PostgreSQL; one of the first does not, because what is
    missing then was never there.

    Raises:
        StartupError: the settings, the database or the signing key cannot be used.
    """
    configured = settings.load()
    logs.configure(configured.log_level)
    give_up_at = monotonic() + (WORKER_START_SECONDS if _may_wait() else 0)
    while True:
        with ExitStack() as held:
            try:
                prepared = _prepare(configured, held.enter_context(database.find(configured)))
            except RetryableStartupError:
                if monotonic() >= give_up_at:
                    raise
            else:
                yield prepared
                return
        _pause()


def _prepare(configured: settings.Settings, server: Server) -> Prepared:
    if server.embedded is not None and CHECKED_VARIABLE not in os.environ:
        # No operator runs `alembic upgrade head` on an embedded server.
        migrate_to_serve(server)
    checked = migrations.check(server.app_url)
    token = configured.bootstrap_token
    signing_key = publish_signing_key(configured, server)
    warn_of_risks(checked.advice, signing_key)
    return Prepared(
        server.app_url,
        token.get_secret_value() if token else None,
        signing_key,
        checked.is_distributed,
        configured.cors_origins,
    )


def _may_wait() -> bool:
    if multiprocessing.parent_process() is None:
        return False
    if CHECKED_VARIABLE in os.environ:
        return True
    # Both times are those of processes: how long this worker took to get here says nothing.
    younger_by = psutil.Process().create_time() - psutil.Process(os.getppid()).create_time()
    return younger_by >= FIRST_START_SECONDS


def _pause() -> None:
    """Sleep until the next attempt. A worker whose parent was killed does not go on."""
    parent = multiprocessing.parent_process()
    if parent is not None and wait([parent.sentinel], RETRY_SECONDS):
        raise StartupError("the parent process has ended.")


def migrate(server: Server) -> None:
    """Bring the schema to this version's. Without the owner's login the schema is left to the owner.

    Raises:
        LaterVersion: a newer version of ClinCore has migrated the database.
        StartupError: the login is unfit, or the schema cannot be migrated.
        RetryableStartupError: PostgreSQL does not answer.
    """
    if not server.has_owner_login:
        return
    migrations.migrate(server.owner_url)


def migrate_to_serve(server: Server) -> None:
    """As `migrate`, but the schema of a later version is left as it is: `check` says whether this one can serve on it.

    During an upgrade services of two versions run.
    """
    with suppress(LaterVersion):
        migrate(server)


def make_role(server: Server) -> None:
    """Make what a backup does not hold, in an empty database.

    Raises:
        StartupError: the login is unfit, or the database is not empty.
        RetryableStartupError: PostgreSQL does not answer.
    """
    if not server.has_owner_login:
        raise StartupError("This needs the owner of the database: name it in MIGRATION_DATABASE_URL.")
    migrations.make_role(server.owner_url)


def warn_of_risks(advice: Sequence[str], signing_key: Path | None) -> None:
    """Log what could be safer or is lacking, once for all workers of `clincore serve`."""
    if CHECKED_VARIABLE in os.environ:
        return
    for line in advice:
        _logger.warning("%s", line)
    if signing_key is None:
        _logger.warning("There is no signing key, so that nothing can be signed. %s", SIGNING_CURE)


def signing_file(configured: settings.Settings, server: Server) -> Path | None:
    """The file of the signing key: that of the settings, else the one beside the embedded server's data; None: none."""
    if configured.signing_key is None and server.embedded is not None:
        return server.embedded.data_dir / signing.NAME
    return configured.signing_key


SIGNING_CURE = "Name the file of one in CLINCORE_SIGNING_KEY, run clincore migrate and restart the service."


def publish_signing_key(configured: settings.Settings, server: Server) -> Path | None:
    """Make sure that there is a signing key and that its public half is in the database; the key's file.

    Only the owner may publish. Without the owner's login `clincore migrate` publishes, and `POST
    /cases/{case_id}/finalize` says so until then.

    Raises:
        StartupError: the key cannot be read, made or published, or it was retired.
        RetryableStartupError: PostgreSQL does not answer.
    """
    file = signing_file(configured, server)
    if file is None:
        return None
    try:
        key = signing.make(file) if configured.signing_key is None else signing.read(file)
        if server.has_owner_login:
            signing_keys.publish(server.owner_url, key.jwk)
        found = signing_keys.find(server.app_url, key.kid)
    except OSError as error:
        raise StartupError(
            f"cannot make the signing key {file}: {error.strerror}. Name the file of one in CLINCORE_SIGNING_KEY, or"
            " another folder for the data in CLINCORE_DATA_DIR."
        ) from None
    except (signing.NoSigningKey, OperatorError) as error:
        raise StartupError(str(error)) from None
    except psycopg.Error as error:
        raise RetryableStartupError(describe_unreachable(server.owner_url, error)) from None
    end = found and (found.retired_at or found.compromised_at)
    # A worker that takes the place of another goes on without signing, like the others.
    if end and not _may_wait():
        raise StartupError(
            f"the signing key in {file} was retired at {end.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC and signs nothing."
            " Run: clincore signing rotate"
        )
    return file
