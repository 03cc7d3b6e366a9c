"""The steps that prepare the database and the signing key before a process serves.

`clincore serve` takes them one by one. `prepare_worker` takes all of them in a process that has only the environment.
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
from clincore.db.session import OperatorError
from clincore.db.urls import describe_unreachable
from clincore.errors import RetryableStartupError, StartupError
from clincore.records import signing_key as signing
from clincore.server.limits import allow_connections

CHECKED_VARIABLE = "CLINCORE_CHECKED"
"""Environment variable that `clincore serve` sets for its workers once it has migrated and checked the database."""

FIRST_START_SECONDS = 10.0
"""A worker that starts within this time after its parent is one of the first, not a restarted one."""
WORKER_START_SECONDS = 60.0
"""How long a restarted worker waits for PostgreSQL."""
RETRY_SECONDS = 0.5

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """What a worker needs to serve."""

    app_url: str
    bootstrap_token: str | None
    signing_key: Path | None
    is_distributed: bool
    cors_origins: tuple[str, ...] = ()


@contextmanager
def prepare_worker() -> Iterator[Prepared]:
    """Prepare everything that a worker needs, from its environment. An embedded server runs as long as the context.

    A restarted worker waits up to `WORKER_START_SECONDS` for PostgreSQL. One of the first workers does not wait: at the
    first start, a PostgreSQL that does not answer is an error.

    Raises:
        StartupError: the settings, the database or the signing key cannot be used.
    """
    configured = settings.load()
    logs.configure(configured.log_level, configured.log_format)
    allow_connections()
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
    # Compare the start times of both processes: how long this worker took to get here does not matter.
    younger_by = psutil.Process().create_time() - psutil.Process(os.getppid()).create_time()
    return younger_by >= FIRST_START_SECONDS


def _pause() -> None:
    """Sleep until the next attempt.

    Raises:
        StartupError: the parent process was killed.
    """
    parent = multiprocessing.parent_process()
    if parent is not None and wait([parent.sentinel], RETRY_SECONDS):
        raise StartupError("the parent process has ended. Start the service again.")


def migrate(server: Server) -> None:
    """Migrate the schema to this version. Without the owner's login this does nothing.

    Raises:
        LaterVersion: a newer version of ClinCore has migrated the database.
        StartupError: the login is unsuitable, or the schema cannot be migrated.
        RetryableStartupError: PostgreSQL does not answer.
    """
    if not server.has_owner_login:
        return
    migrations.migrate(server.owner_url)


def migrate_to_serve(server: Server) -> None:
    """Like `migrate`, but accept the schema of a later version: two versions run during an upgrade.

    `migrations.check` then decides whether this version can serve on it.
    """
    with suppress(LaterVersion):
        migrate(server)


def warn_of_risks(advice: Sequence[str], signing_key: Path | None) -> None:
    """Log warnings about risks and missing settings, once for all workers of `clincore serve`."""
    if CHECKED_VARIABLE in os.environ:
        return
    for line in advice:
        _logger.warning("%s", line)
    if signing_key is None:
        _logger.warning(
            "No signing key is configured, so revisions cannot be signed. Set CLINCORE_SIGNING_KEY to a key file, run"
            " clincore migrate and restart the service."
        )


def signing_file(configured: settings.Settings, server: Server) -> Path | None:
    """The signing key's file: from the settings, else in the embedded server's data directory; None: no key."""
    if configured.signing_key is None and server.embedded is not None:
        return server.embedded.data_dir / signing.NAME
    return configured.signing_key


def refuse_unusable_signing_key(configured: settings.Settings, server: Server) -> None:
    """Read the signing key before the schema is migrated: a start that fails must not have upgraded it.

    Whether the key was retired is known only after that.

    Raises:
        StartupError: the key cannot be used.
    """
    file = signing_file(configured, server)
    # That of the embedded server is made when it is missing.
    if file is not None and (configured.signing_key is not None or file.exists()):
        try:
            signing.read(file)
        except signing.NoSigningKey as error:
            raise StartupError(str(error)) from None


def publish_signing_key(configured: settings.Settings, server: Server) -> Path | None:
    """Read the signing key, publish its public key in the database, and return the key's file; None: no key.

    The embedded server's key is created if it is missing. Only the owner may publish. Without the owner's login the
    operator runs `clincore migrate`; until then `POST /cases/{case_id}/finalize` says so.

    Raises:
        StartupError: the key cannot be read, created or published, or it was retired.
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
            f"cannot create the signing key {file}: {error.strerror}. Set CLINCORE_SIGNING_KEY to a key file, or"
            " CLINCORE_DATA_DIR to a folder that the service can write to."
        ) from None
    except (signing.NoSigningKey, OperatorError) as error:
        raise StartupError(str(error)) from None
    except psycopg.Error as error:
        raise RetryableStartupError(describe_unreachable(server.owner_url, error)) from None
    end = found and (found.retired_at or found.compromised_at)
    # A restarted worker continues without signing, like the other workers.
    if end and not _may_wait():
        raise StartupError(
            f"the signing key in {file} was retired at {end.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC and cannot sign."
            " Run: clincore signing rotate"
        )
    return file
