"""`app`, for `uvicorn clincore.asgi:app --workers N`."""

import multiprocessing
import os
import signal
import threading

from clincore import startup
from clincore.app import create_app

_parent = multiprocessing.parent_process()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


if _parent is not None:
    # A killed uvicorn would leave its workers serving, and whoever starts the next one would find the port taken.
    threading.Thread(target=_end_with, args=(_parent,), daemon=True).start()

try:
    _settings, _server = startup.prepare()
    if _server.embedded is not None:
        # Nobody else would give it this version's schema.
        startup.migrate(_server)
    startup.check(_server)
except SystemExit:
    if _parent is not None:
        # uvicorn starts a worker that ended anew, for ever; what is wrong here is wrong for all of them.
        os.kill(os.getppid(), signal.SIGTERM)
    raise
_token = _settings.bootstrap_token

app = create_app(_server.app_url, _token.get_secret_value() if _token else None)
