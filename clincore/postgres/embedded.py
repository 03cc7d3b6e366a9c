"""The embedded PostgreSQL 18: started for its first user, stopped after its last.

A *user* (`clincore serve`, a worker, alembic, `clincore psql`) holds a shared lock on `users.lock`. A detached
*supervisor* holds `supervisor.lock`, runs `postgres` as its child, and ends when it gets an exclusive lock on
`users.lock`. The kernel releases the locks of a dead process, so `kill -9` of either leaves no lock behind.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psycopg

from clincore.postgres.binaries import find_bin_dir
from clincore.postgres.errors import EmbeddedError, embedded_errors
from clincore.postgres.locks import Lock, acquire, is_held
from clincore.postgres.place import Place, find_place, make_private
from clincore.system import fcntl

__all__ = ["Embedded", "EmbeddedError", "exists", "serve_lock", "start"]

START_SECONDS = 60.0
SUPERVISOR = "clincore.postgres.supervisor"
# The folder that ClinCore was imported from. Without it the supervisor process may not find ClinCore.
IMPORTED_FROM = str(Path(__file__).absolute().parents[2])
SUPERVISOR_VARIABLES = ("PATH", "HOME", "LD_LIBRARY_PATH", "PYTHONHOME")


@dataclass(frozen=True)
class Embedded:
    """A running server, kept running until `close()` or the end of this process."""

    url: str
    owner_url: str
    superuser_url: str
    bin_dir: Path
    data_dir: Path
    socket_dir: Path
    _user_lock: Lock = field(repr=False, compare=False)
    _closed: threading.Event = field(repr=False, compare=False)

    def close(self, *, wait: float = 0.0) -> None:
        """Stop using the server, which stops 2 seconds after its last user. Wait at most `wait` seconds for that."""
        self._closed.set()
        self._user_lock.release()
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline and (is_held(self.data_dir / "supervisor.lock") or self.data_dir in _reap()):
            time.sleep(0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def start(data_dir: Path, *, options: Mapping[str, str] = {}) -> Embedded:
    """Use the PostgreSQL of `data_dir`. Starts the server, and creates the cluster, when necessary.

    `options` are PostgreSQL settings. They apply when this call, or a later repair by this process, starts the server.

    Raises:
        EmbeddedError: the server cannot be started, or does not answer within `START_SECONDS`.
    """
    deadline = time.monotonic() + START_SECONDS
    with embedded_errors(data_dir):
        place = find_place(data_dir)
        bin_dir = find_bin_dir(place)
        user_lock = acquire(place.users_lock, fcntl.LOCK_SH, deadline)
        try:
            _wait_until_ready(place, options, deadline)
        except BaseException:
            user_lock.release()
            raise
    closed = threading.Event()
    threading.Thread(target=_keep_supervised, args=(place, options, closed), daemon=True).start()
    return Embedded(
        url=place.url("clincore_app"),
        owner_url=place.url("clincore_owner"),
        superuser_url=place.url("postgres"),
        bin_dir=bin_dir,
        data_dir=place.state,
        socket_dir=place.socket_dir,
        _user_lock=user_lock,
        _closed=closed,
    )


def exists(data_dir: Path) -> bool:
    """Whether `data_dir` has a cluster. Creates nothing."""
    with embedded_errors(data_dir):
        return (find_place(data_dir).cluster / "PG_VERSION").exists() if data_dir.exists() else False


@contextlib.contextmanager
def serve_lock(data_dir: Path) -> Iterator[None]:
    """Make this process the only `clincore serve` on `data_dir`. Raises EmbeddedError when another one is running."""
    with embedded_errors(data_dir):
        path = find_place(data_dir).state / "serve.lock"
        try:
            lock = Lock(path, fcntl.LOCK_EX)
        except BlockingIOError:
            raise EmbeddedError(
                f"{data_dir} is already in use by `clincore serve` (pid {path.read_text().strip()}). "
                "Stop it, or set CLINCORE_DATA_DIR to another folder"
            ) from None
        lock.write(f"{os.getpid()}\n")
    try:
        yield
    finally:
        lock.release()


def is_running(data_dir: Path) -> bool:
    """Whether a supervisor runs the server of `data_dir`. Creates and starts nothing."""
    return data_dir.exists() and is_held(find_place(data_dir).supervisor_lock)


def serving_pid(data_dir: Path) -> int | None:
    """The process id of `clincore serve` on `data_dir`; None: there is none."""
    if not data_dir.exists():
        return None
    path = find_place(data_dir).state / "serve.lock"
    return int(path.read_text()) if path.exists() and is_held(path) else None


# The supervisors that this process started, with their data folders. They are polled, so that they do not stay zombies.
_children: list[tuple[Path, subprocess.Popen[bytes]]] = []


def _wait_until_ready(place: Place, options: Mapping[str, str], deadline: float) -> None:
    child = None
    while not _is_ready(place):
        if child and (child.poll() or 0) > 0:  # Negative: killed by a signal, so try again.
            problem = "does not start"
        elif time.monotonic() > deadline:
            problem = f"does not answer after {START_SECONDS:.0f} s"
        else:
            child = _spawn_supervisor(place, options) or child
            time.sleep(0.05)
            continue
        raise EmbeddedError(f"the embedded PostgreSQL {problem}: {place.last_log_line()} (log: {place.log})")


def _is_ready(place: Place) -> bool:
    """Whether a supervisor has set up its server, and the server answers."""
    if not is_held(place.supervisor_lock) or "ready" not in place.supervisor_lock.read_text():
        return False
    make_private(place.socket_dir, place)
    with contextlib.suppress(psycopg.OperationalError):
        place.connect("clincore_owner", "clincore").close()
        return True
    return False


def _reap() -> set[Path]:
    """Forget the supervisors of this process that have ended. Returns the data folders of the others."""
    _children[:] = [(state, child) for state, child in _children if child.poll() is None]
    return {state for state, _ in _children}


def _spawn_supervisor(place: Place, options: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
    """Start a supervisor if there is none. It inherits its lock, so one of several concurrent attempts succeeds."""
    _reap()
    try:
        lock = Lock(place.supervisor_lock, fcntl.LOCK_EX)
    except BlockingIOError:
        return None
    try:
        lock.write("")
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with place.open_log() as log:
            child = subprocess.Popen(
                # -P, because the working directory may belong to another user.
                [sys.executable, "-P", "-m", SUPERVISOR, place.state, "--lock-fd", str(lock.fd), *settings],
                env=_supervisor_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=(lock.fd,),
            )
    finally:
        lock.release()
    _children.append((place.state, child))
    return child


def _supervisor_environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, (IMPORTED_FROM, os.environ.get("PYTHONPATH"))))
    return {name: os.environ[name] for name in SUPERVISOR_VARIABLES if name in os.environ} | {"PYTHONPATH": path}


def _keep_supervised(place: Place, options: Mapping[str, str], closed: threading.Event) -> None:
    """Replace a killed supervisor while this process uses the server."""
    while not closed.wait(1.0):
        # A full disk may be temporary. If the folder was removed, its lock cannot be opened and nothing is started.
        with contextlib.suppress(OSError):
            _spawn_supervisor(place, options)
