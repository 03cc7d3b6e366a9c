"""The folder of the data, and the user that PostgreSQL runs as."""

import contextlib
import hashlib
import re
import shlex
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg

from clincore.postgres.errors import EmbeddedError
from clincore.system import IS_POSIX, os, pwd

MAJOR = "18"
PORT = 5432
# Used only by root, for files that PostgreSQL's user cannot reach in their own place.
SYSTEM_DIR = Path("/var/lib/clincore")
# Not the service's environment, which contains secrets, and whose PG* variables would change the result of initdb.
SERVER_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

# Daemons without their own account run as this user. So did the PostgreSQL of version 0.1.0.
SHARED_ACCOUNT = "nobody"

_NOTE = "run.folder"
_SOCKET_DIR_PREFIX = "clincore-"


@dataclass(frozen=True)
class Place:
    """The folder of the data, and the user that PostgreSQL runs as."""

    state: Path
    user: "pwd.struct_passwd | None"
    """None: this process's user, which is not root."""

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
        """In the state folder, or under /tmp if that path is too long for the kernel or needs quotes in settings."""
        inside = self.state / "run"
        size = len(os.fsencode(inside / f".s.PGSQL.{PORT}"))
        if size <= (103 if sys.platform == "darwin" else 107) and re.fullmatch(r"[\w/.-]+", str(inside), re.ASCII):
            return inside
        # A random name, which no other user can create first. Every process reads it from the note in the state folder.
        with contextlib.suppress(FileNotFoundError):
            return _read_note(self.state / _NOTE)
        self._note_socket_dir(os.link)
        return _read_note(self.state / _NOTE)

    def renew_socket_dir(self) -> None:
        """Create the private folder of the socket, under a new name if its name is taken. Only for the supervisor."""
        try:
            make_private(self.socket_dir, self)
        except EmbeddedError:
            if not (self.state / _NOTE).exists():
                raise
            self._note_socket_dir(os.replace)
            make_private(self.socket_dir, self)

    def _note_socket_dir(self, put: Callable[[Path, Path], None]) -> None:
        """Create a folder for the socket and note its name. `put` gives the written note its final name."""
        # Not in TMPDIR, which may belong to another user or be too long.
        folder = Path(tempfile.mkdtemp(prefix=_SOCKET_DIR_PREFIX, dir="/tmp"))
        part = self.state / f".{_NOTE}-{folder.name}"
        with open(part, "x", opener=lambda path, flags: os.open(path, flags | os.O_NOFOLLOW, 0o600)) as file:
            file.write(str(folder))
        try:
            # Atomic: of several concurrent processes, one names the folder.
            put(part, self.state / _NOTE)
        except FileExistsError:
            folder.rmdir()
        finally:
            part.unlink(missing_ok=True)

    @property
    def as_user(self) -> dict[str, Any]:
        """Arguments for subprocess: run as PostgreSQL's user, in a folder that every user may enter."""
        user = self.user
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        return {**identity, "cwd": "/", "env": SERVER_ENVIRONMENT, "stdin": subprocess.DEVNULL}

    def url(self, role: str) -> str:
        """The SQLAlchemy URL of the database `clincore` for the role."""
        # With the port, because PGPORT in the environment would override the default.
        return f"postgresql+psycopg://{role}@/clincore?host={quote(str(self.socket_dir))}&port={PORT}"

    def connect(self, role: str, database: str) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection in autocommit mode. Raises psycopg.OperationalError when there is no server."""
        host = str(self.socket_dir)
        return psycopg.connect(host=host, port=PORT, user=role, dbname=database, connect_timeout=5, autocommit=True)

    def open_log(self) -> IO[bytes]:
        """The server's log, opened for appending."""
        return open(self.log, "ab", opener=lambda path, flags: os.open(path, flags | os.O_NOFOLLOW, 0o600))

    def last_log_line(self) -> str:
        """The last line of the server's log, the likely reason of a failed start."""
        with open(self.log, "rb") as file:
            file.seek(max(0, self.log.stat().st_size - 8192))
            lines = file.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "its log is empty"


def _read_note(note: Path) -> Path:
    """The folder of the socket according to the note.

    The name is checked, because a note written by another user could name any folder of root's.
    """
    text = note.read_text()
    if not re.fullmatch(rf"/tmp/{_SOCKET_DIR_PREFIX}\w+", text, re.ASCII):
        raise EmbeddedError(f"{note} does not name a folder of ClinCore. Remove it")
    return Path(text)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def find_place(data_dir: Path) -> Place:
    """The place for the data of `data_dir`, a folder that is created if missing. All processes get the same answer.

    Raises:
        EmbeddedError: PostgreSQL cannot run here, or the data is of another major version.
    """
    if not IS_POSIX:
        raise EmbeddedError("the embedded PostgreSQL does not run on Windows. Set DATABASE_URL to a PostgreSQL server")
    data_dir = data_dir.resolve()
    if os.geteuid() != 0:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _checked(data_dir, None)
    user = find_user()
    moved = SYSTEM_DIR.resolve() / f"data-{_digest(data_dir)}"
    if (moved / f"postgresql-{MAJOR}").is_dir():
        return _checked(moved, user)
    make_public(data_dir, 0o711)
    place = _checked(data_dir, user)
    if _can_enter(place):
        return place
    if place.cluster.is_dir():
        raise EmbeddedError(
            f"{data_dir} has a database, but PostgreSQL's user {user.pw_name} can no longer enter it. Let that user"
            " enter all folders above it, or move the data and set CLINCORE_DATA_DIR to its new folder"
        )
    make_public(SYSTEM_DIR, 0o755)
    make_public(moved, 0o711)
    if not _can_enter(place := _checked(moved, user)):
        raise EmbeddedError(
            f"PostgreSQL's user {user.pw_name} can enter neither {data_dir} nor {moved}. Set CLINCORE_DATA_DIR to a"
            " folder that it can enter"
        )
    with contextlib.suppress(FileExistsError), open(data_dir / "MOVED", "x") as note:
        note.write(
            f"ClinCore's data is in {moved}.\n"
            f"Under root, PostgreSQL runs as the user {user.pw_name}, who cannot enter this folder.\n"
            "To store the data elsewhere, set CLINCORE_DATA_DIR to a folder that this user can enter.\n"
        )
    return place


USER = "clincore-postgres"
"""Created for PostgreSQL alone, if there is no user `postgres`."""
_MAKE_USER = shlex.split(f"useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin {USER}")
_MAKE_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


def find_user() -> "pwd.struct_passwd":
    """The user that PostgreSQL runs as under root: `USER`, else `postgres`, else `USER` after creating it.

    Never an account that other daemons share, because the socket lets this user in as the superuser.

    Raises:
        EmbeddedError: there is no such user, and it cannot be created.
    """
    for name in (USER, "postgres"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    deadline = time.monotonic() + 10
    while True:
        try:
            done = subprocess.run(_MAKE_USER, capture_output=True, text=True, env=_MAKE_ENVIRONMENT)
            why = done.stderr.strip().rpartition("\n")[2] or f"exit code {done.returncode}"
        except OSError as error:
            why = error.strerror or str(error)
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(USER)
        # Another process may hold the lock of the user database to create the same user.
        if "lock" not in why or time.monotonic() > deadline:
            raise EmbeddedError(
                "PostgreSQL does not run as root, and there is no user for it. Run ClinCore as an ordinary user, or"
                f" create the user: {shlex.join(_MAKE_USER)} (which failed: {why})"
            )
        time.sleep(0.1)


def _checked(state: Path, user: "pwd.struct_passwd | None") -> Place:
    """The place, run as the owner of an existing cluster. Raises EmbeddedError for data of another version."""
    place = Place(state, user)
    version_file = place.cluster / "PG_VERSION"
    if not version_file.exists():
        others = (state / "PG_VERSION", *state.glob("postgresql-[0-9]*/PG_VERSION"))
        version_file = next((other for other in others if other.exists()), version_file)
    if version_file.exists() and (version_file.parent != place.cluster or version_file.read_text().strip() != MAJOR):
        raise EmbeddedError(
            f"{version_file.parent} holds data of PostgreSQL {version_file.read_text().strip()}, but the embedded"
            f" version is {MAJOR}. Dump and restore the data (pg_dump), or set CLINCORE_DATA_DIR to another folder"
        )
    # Run as the owner of the data: a user `postgres` that was created later could not read it.
    if user and place.cluster.is_dir() and (uid := place.cluster.lstat().st_uid) not in (0, user.pw_uid):
        with contextlib.suppress(KeyError):
            owner = pwd.getpwuid(uid)
            if owner.pw_name == SHARED_ACCOUNT:
                paths = shlex.join(str(path) for path in (place.cluster, state / "run") if path.exists())
                raise EmbeddedError(
                    f"the data in {state} belongs to {SHARED_ACCOUNT}, an account that other daemons share. Stop the"
                    f" commands that use it, then run: chown -R {user.pw_name}: {paths}"
                )
            return Place(state, owner)
    return place


def make_public(path: Path, mode: int) -> None:
    """Create a folder of root's that PostgreSQL's user can enter. An existing folder is not changed."""
    # With a strict umask, another process could find the folder closed for a moment, and choose another one.
    umask = os.umask(0o022)
    try:
        path.mkdir(mode, parents=True, exist_ok=True)
    finally:
        os.umask(umask)


def make_private(path: Path, place: Place) -> None:
    """Create a folder for PostgreSQL's user alone. Raises EmbeddedError when another user's folder exists there."""
    uid = place.user.pw_uid if place.user else os.geteuid()
    with contextlib.suppress(FileExistsError):
        path.mkdir(0o700)
    info = path.lstat()
    mine = stat.S_ISDIR(info.st_mode) and info.st_mode & 0o777 == 0o700 and info.st_uid in (uid, os.geteuid())
    if not mine:
        raise EmbeddedError(
            f"{path} must be a folder of mode 0700 that belongs to user {uid}. Remove it, or set"
            " CLINCORE_DATA_DIR to another folder"
        )
    if place.user and info.st_uid != uid:
        os.chown(path, uid, place.user.pw_gid, follow_symlinks=False)


def _can_enter(place: Place) -> bool:
    # Tested by entering it: mode bits do not show access control lists.
    command: list[str | Path] = ["/bin/sh", "-c", 'cd -- "$1"', "sh", place.state]
    return subprocess.run(command, stderr=subprocess.DEVNULL, **place.as_user).returncode == 0
