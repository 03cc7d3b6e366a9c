"""uvicorn with ClinCore's protocol, event loop and exit codes."""

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from socket import socket

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from clincore.signals import STOP
from clincore.system import sigint_blocked


def run(app: Callable[..., Awaitable[None]], host: str, port: int, workers: int, root_path: str) -> None:
    """Serve until SIGTERM or SIGINT. A single worker runs `app` in this process, several run `clincore.asgi:app`.

    Raises:
        SystemExit: with uvicorn's code 3 after a failed start.
    """
    config = uvicorn.Config(
        app if workers == 1 else "clincore.asgi:app",
        host=host,
        port=port,
        workers=workers,
        root_path=root_path,
        http="clincore.server.protocol:Protocol",
        loop="clincore.server.event_loop:EventLoop",
        proxy_headers=False,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=20,
        # uvicorn kills a worker that does not answer its parent within this time, even one that is still starting.
        timeout_worker_healthcheck=30,
        # Longer than clients and proxies keep an idle connection. If the server closed first, a request could
        # arrive on a connection that is being closed.
        timeout_keep_alive=75,
    )
    has_started = _run_workers(config) if workers > 1 else _run_here(config)
    if not has_started:
        sys.exit(STARTUP_FAILURE)


def _run_here(config: uvicorn.Config) -> bool:
    server = uvicorn.Server(config)

    def stop(*_: object) -> None:
        # While uvicorn runs it has its own handlers. After its shutdown it raises the signal again.
        if not server.started:
            os._exit(0)

    for number in STOP:
        signal.signal(number, stop)
    server.run()
    return server.started


def _run_workers(config: uvicorn.Config) -> bool:
    supervisor = _Supervisor(config, [config.bind_socket()])
    supervisor.run()
    return not supervisor.has_failed


class _Supervisor(Multiprocess):
    """uvicorn's parent process of several workers.

    It checks the health of each worker in turn and waits up to `timeout_worker_healthcheck` for the answer. That wait
    must end when the worker ends or a signal to stop arrives.

    SIGINT is blocked for workers until they have started (`exiting_at_once`). Ctrl-C reaches them too, and a worker
    that is still importing modules would print a traceback. Their parent stops them.
    """

    has_failed = False
    """Whether a worker could not start."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket]) -> None:
        super().__init__(config, sockets)
        self._is_stopping = False
        for number in STOP:
            signal.signal(number, self._stop)

    def _stop(self, number: int, _frame: object) -> None:
        self._is_stopping = True
        self.signal_queue.append(number)
        for pid in [process.pid for process in self.processes if process.pid is not None]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def init_processes(self) -> None:
        with sigint_blocked():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        for process in self.processes:
            # The worker has its own copy. While this one is open, the end of the worker would not end the wait.
            process.child_conn.close()
        with sigint_blocked():
            super().keep_subprocess_alive()
        self.has_failed = self.should_exit.is_set() and not self._is_stopping
