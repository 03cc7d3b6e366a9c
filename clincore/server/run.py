"""uvicorn with ClinCore's protocol, event loop and exit codes."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from socket import socket
from time import monotonic
from types import FrameType

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess, multiprocess

from clincore import drain
from clincore.signals import STOP
from clincore.system import drop_new_connections, sigint_blocked


@dataclass(frozen=True)
class Watcher:
    """Who is told what the server does. Both are called in the main thread."""

    serving: Callable[[], None]
    """All workers serve. Called once."""
    stopping: Callable[[], None]
    """A signal to stop has arrived."""


_logger = logging.getLogger(__name__)

WORKERS_LATER_SECONDS = 1.0
"""How long workers accept connections after their parent process lets in no more: those that wait are theirs."""


def run(
    app: Callable[..., Awaitable[None]],
    host: str,
    port: int,
    workers: int,
    root_path: str,
    drain_seconds: float,
    watcher: Watcher,
) -> None:
    """Serve until SIGTERM or SIGINT. A single worker runs `app` in this process, several run `clincore.asgi:app`.

    `drain_seconds`: how long to accept connections after the signal, while `/ready` already answers 503.

    Raises:
        SystemExit: with uvicorn's code 3 after a failed start.
    """
    config = _Config(
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
    config.drain_seconds = drain_seconds
    has_started = (_run_workers if workers > 1 else _run_here)(config, watcher)
    if not has_started:
        sys.exit(STARTUP_FAILURE)


class _Config(uvicorn.Config):
    """uvicorn's configuration, which workers receive from their parent process."""

    drain_seconds: float = 0.0
    """See `run`."""


class _Server(uvicorn.Server):
    """uvicorn's server. After a signal it first announces its end, and accepts connections for `drain_seconds`."""

    def __init__(self, config: _Config, watcher: Watcher | None = None) -> None:
        super().__init__(config)
        self._drain_seconds = config.drain_seconds
        self._watcher = watcher
        self._ends_at: float | None = None

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._watcher is not None:
            self._watcher.serving()

    async def on_tick(self, counter: int) -> bool:
        if not await super().on_tick(counter):
            return False
        if self._ends_at is None:
            if self._watcher is not None:
                self._watcher.stopping()
            drain.announce()
            self._ends_at = monotonic() + self._drain_seconds
        return self.force_exit or monotonic() >= self._ends_at


class _SingleServer(_Server):
    """The server of a single process. A second signal of either kind ends it without waiting for requests."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        super().handle_exit(sig, frame)


def _run_here(config: _Config, watcher: Watcher) -> bool:
    server = _SingleServer(config, watcher)

    def stop(*_: object) -> None:
        # While uvicorn runs it has its own handlers. After its shutdown it raises the signal again.
        if not server.started:
            os._exit(0)

    for number in STOP:
        signal.signal(number, stop)
    server.run()
    return server.started


def _run_workers(config: _Config, watcher: Watcher) -> bool:
    # uvicorn's supervisor takes the class from its module.
    multiprocess.Process = _Process  # type: ignore[misc]
    drain_seconds = config.drain_seconds
    if drain_seconds:
        config.drain_seconds += WORKERS_LATER_SECONDS
    supervisor = _Supervisor(config, [config.bind_socket()], drain_seconds, watcher)
    supervisor.run()
    return not supervisor.has_failed


class _Process(multiprocess.Process):
    """A worker process with ClinCore's server."""

    config: _Config

    @property
    def server(self) -> uvicorn.Server:
        if self._server is None:
            self._server = _Server(self.config)
        return self._server


class _ShouldExit(threading.Event):
    """uvicorn's event, which counts as set as soon as a signal has arrived. A signal handler cannot set an event."""

    def __init__(self, is_stopping: Callable[[], bool]) -> None:
        super().__init__()
        self._is_stopping = is_stopping

    def is_set(self) -> bool:
        return super().is_set() or self._is_stopping()


class _Supervisor(Multiprocess):
    """uvicorn's parent process of several workers.

    It checks the health of each worker in turn and waits up to `timeout_worker_healthcheck` for the answer. That wait
    must end when the worker ends or a signal to stop arrives.

    While one process has the listening socket open, the kernel completes connections, also when the others have stopped
    and the last one is still starting or about to end. So this process lets in no new ones before it stops the workers,
    and closes its own copy. A second signal ends the workers without waiting for requests.

    SIGINT is blocked for workers until they have started (`exiting_at_once`). Ctrl-C reaches them too, and a worker
    that is still importing modules would print a traceback. Their parent stops them.
    """

    has_failed = False
    """Whether a worker could not start."""

    def __init__(self, config: _Config, sockets: list[socket], drain_seconds: float, watcher: Watcher) -> None:
        super().__init__(config, sockets)
        self._watcher = watcher
        self._has_served = False
        self._cannot_replace = False
        self._drain_seconds = drain_seconds
        self._ends_at: float | None = None
        self._is_stopping = False
        self.should_exit = _ShouldExit(lambda: self._is_stopping)
        for number in STOP:
            signal.signal(number, self._stop)

    def _stop(self, number: int, _frame: object) -> None:
        if self._drain_seconds and self._has_served and self._ends_at is None:
            self._ends_at = monotonic() + self._drain_seconds
            self._signal_workers(signal.SIGTERM)
            return
        # uvicorn's workers take a second SIGTERM for the first, and SIGINT after it for an order to end at once.
        is_second = self._is_stopping or self._ends_at is not None
        self._close(number, signal.SIGINT if is_second else signal.SIGTERM)

    def _close(self, number: int, forwarded: int) -> None:
        """Let in no new connections, and stop the workers."""
        self._is_stopping = True
        self.signal_queue.append(number)
        for listening in self.sockets:
            if listening.fileno() != -1:
                drop_new_connections(listening)
            listening.close()
        self._signal_workers(forwarded)

    def _signal_workers(self, number: int) -> None:
        for pid in [process.pid for process in self.processes if process.pid is not None]:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def handle_signals(self) -> None:
        if self._ends_at is not None:
            self._watcher.stopping()
        if self._ends_at is not None and not self._is_stopping and monotonic() >= self._ends_at:
            self._close(signal.SIGTERM, signal.SIGTERM)
        super().handle_signals()

    @contextmanager
    def _starting_workers(self) -> Iterator[None]:
        try:
            with sigint_blocked():
                yield
        except (OSError, ValueError):
            # A signal has closed the socket that a new worker was to get.
            if not self._is_stopping:
                raise

    def init_processes(self) -> None:
        with self._starting_workers():
            super().init_processes()

    def terminate_all(self) -> None:
        if self._is_stopping:
            self._watcher.stopping()
        super().terminate_all()

    def keep_subprocess_alive(self) -> None:
        if self._ends_at is not None:
            # The workers end, so none is replaced.
            return
        for process in self.processes:
            # The worker has its own copy. While this one is open, the end of the worker would not end the wait.
            process.child_conn.close()
        try:
            with self._starting_workers():
                super().keep_subprocess_alive()
        except OSError as error:
            # For example no memory, or too many open files. The next check tries again.
            if not self._cannot_replace:
                _logger.error("A worker cannot be started: %s. The others serve meanwhile.", error.strerror)
            self._cannot_replace = True
            return
        self._cannot_replace = False
        if not (self._has_served or self.should_exit.is_set()):
            # They have just answered, so this waits for no worker that hangs.
            self._has_served = all(process.is_ready() for process in self.processes)
            if self._has_served:
                self._watcher.serving()
        self.has_failed = self.should_exit.is_set() and not self._is_stopping
