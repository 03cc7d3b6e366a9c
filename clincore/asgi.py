"""`app`, for `uvicorn clincore.asgi:app --workers N`."""

import multiprocessing
import os
import signal
import threading
from pathlib import Path
from time import monotonic, sleep, time

import psutil

from clincore import startup
from clincore.app import create_app
from clincore.database import NotNow, Server
from clincore.settings import Settings

FIRST_START_SECONDS = 10.0
WORKER_START_SECONDS = 60.0

_parent = multiprocessing.parent_process()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


if _parent is not None:
    # A killed uvicorn would leave its workers serving, and whoever starts the next one would find the port taken.
    threading.Thread(target=_end_with, args=(_parent,), daemon=True).start()


def _prepare() -> tuple[Settings, Server, Path | None]:
    settings, server = startup.prepare()
    if server.embedded is not None:
        # Nobody else would give it this version's schema.
        startup.migrate(server)
    startup.check(server)
    return settings, server, startup.publish_signing_key(settings, server)


def _prepare_worker() -> tuple[Settings, Server, Path | None]:
    """The same in one of several workers, which may be started anew while PostgreSQL is away for a moment."""
    is_first_start = time() - psutil.Process(os.getppid()).create_time() < FIRST_START_SECONDS
    if is_first_start and startup.CHECKED not in os.environ:
        # What is missing when uvicorn on its own has just begun was never there.
        return _prepare()
    give_up_at = monotonic() + WORKER_START_SECONDS
    while True:
        try:
            return _prepare()
        except NotNow:
            if monotonic() > give_up_at:
                raise
            sleep(0.5)


try:
    _settings, _server, _signing_key = _prepare() if _parent is None else _prepare_worker()
except SystemExit:
    if _parent is not None:
        # uvicorn starts a worker that ended anew, for ever; what is wrong here is wrong for all of them.
        os.kill(os.getppid(), signal.SIGTERM)
    raise
_token = _settings.bootstrap_token

app = create_app(_server.app_url, _token.get_secret_value() if _token else None, _signing_key)
