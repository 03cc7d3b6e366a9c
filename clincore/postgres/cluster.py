"""The cluster and its server: initdb, settings, start, remains of an earlier server, roles and database."""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]
import psycopg

from clincore.postgres.errors import EmbeddedError
from clincore.postgres.place import PORT, Place, make_private
from clincore.system import signal

# Statements, parameters and even messages (`invalid input syntax for type uuid: "..."`) can contain clinical text. The
# level `log` leaves out ERROR and WARNING, which the client receives anyway, and logs only events of the server.
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


def make_cluster(place: Place, bin_dir: Path, settings: list[str]) -> None:
    """Create the cluster under a temporary name, then rename it, so that a kill leaves no incomplete cluster.

    Raises:
        EmbeddedError: initdb failed.
    """
    # Otherwise `git add .` in the folder above would publish the data and the signing key.
    with contextlib.suppress(FileExistsError), open(place.state / ".gitignore", "x", encoding="utf-8") as file:
        file.write("*\n")
    for leftover in place.state.glob(".initdb-clincore-*"):
        deadline = time.monotonic() + 3
        while leftover.exists() and time.monotonic() < deadline:
            # Repeated, because an initdb whose supervisor was killed may still write to the folder, or remove it.
            shutil.rmtree(leftover, ignore_errors=True)
            time.sleep(0.02)
    folder = Path(tempfile.mkdtemp(prefix=".initdb-clincore-", dir=place.state))
    make_private(folder, place)
    command: list[str | Path] = [bin_dir / "initdb", "--pgdata", folder, "--username=postgres", "--data-checksums"]
    # The builtin locale sorts and folds case identically on every system, and its lower() handles all letters.
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # `trust`, because the socket's folder has mode 0700, which keeps other users out.
    command += ["--auth=trust", *(["--no-sync"] if "fsync=off" in settings else [])]
    end_with_parent = _end_with_parent()
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=end_with_parent, **place.as_user)
    if done.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        errors = [line for line in done.stderr.splitlines() if "error" in line or "FATAL" in line]
        raise EmbeddedError(f"initdb failed with exit code {done.returncode}: {' '.join(errors)}")
    folder.rename(place.cluster)


def launch_server(place: Place, bin_dir: Path, settings: list[str]) -> subprocess.Popen[bytes]:
    """Start `postgres` on the cluster. `settings` are `name=value` and override `SETTINGS`."""
    defaults = [f"{name}={value}" for name, value in SETTINGS.items()]
    defaults.append(f"unix_socket_directories={place.socket_dir}")
    command: list[str | Path] = [bin_dir / "postgres", "-D", place.cluster]
    command += [word for setting in (*defaults, *settings) for word in ("-c", setting)]
    end_with_parent = _end_with_parent()
    return subprocess.Popen(command, start_new_session=True, preexec_fn=end_with_parent, **place.as_user)


def _end_with_parent() -> Callable[[], None] | None:
    """A function for a child to call so that it ends when this process is killed.

    The child calls it after it changes its user, which would undo it.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask_for_signal() -> None:
        prctl(1, signal.SIGINT)  # 1 is PR_SET_PDEATHSIG.
        if os.getppid() != parent:
            os._exit(1)

    return ask_for_signal


def stop_leftovers(place: Place) -> None:
    """Wait for processes of an earlier server, then stop them, and remove pid files that name an unrelated process."""
    for number, seconds in ((None, 3), (signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        left = _servers_on(place.cluster)
        for process in left:
            with contextlib.suppress(psutil.Error):
                if number is None:
                    break
                # A postmaster stops its children. In a child of a killed one, SIGINT would only cancel the query.
                orphan = process.cmdline()[0].startswith("postgres: ")
                if process.parent() not in left:
                    process.send_signal(signal.SIGTERM if orphan and number == signal.SIGINT else number)
        psutil.wait_procs(left, timeout=seconds)
    # When the pid in its file is dead, PostgreSQL checks that the shared memory named there is free, and starts. When
    # the pid is that of a live process, it refuses to start. No server is left here, so such a file is stale.
    for path in (place.cluster / "postmaster.pid", place.socket_dir / f".s.PGSQL.{PORT}.lock"):
        with contextlib.suppress(FileNotFoundError):
            pid = path.read_text(errors="replace").partition("\n")[0].strip()
            if not pid.isdecimal() or psutil.pid_exists(int(pid)):
                path.unlink()


def _servers_on(cluster: Path) -> list[psutil.Process]:
    """PostgreSQL's processes on this cluster: their working directory, or an argument of a starting postmaster."""
    found = []
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error):
            is_postgres = (process.info["name"] or "").startswith("postgres")
            if is_postgres and (process.cwd() == str(cluster) or str(cluster) in process.cmdline()):
                found.append(process)
    return found


def set_up(place: Place) -> bool:
    """Create role, database and grants where they are missing. False: the server does not answer."""
    set_config = "FUNCTION pg_catalog.set_config(text, text, boolean)"
    try:
        with contextlib.closing(place.connect("postgres", "postgres")) as connection:
            if connection.execute("SELECT FROM pg_roles WHERE rolname = 'clincore_owner'").fetchone() is None:
                connection.execute("CREATE ROLE clincore_owner")
            connection.execute("ALTER ROLE clincore_owner LOGIN NOSUPERUSER NOBYPASSRLS CREATEROLE NOCREATEDB")
            if connection.execute("SELECT FROM pg_database WHERE datname = 'clincore'").fetchone() is None:
                connection.execute("CREATE DATABASE clincore OWNER clincore_owner")
        with contextlib.closing(place.connect("postgres", "clincore")) as connection, connection.transaction():
            # Without set_config an SQL injection cannot change the tenant. The owner needs it for pg_dump.
            connection.execute(f"REVOKE EXECUTE ON {set_config} FROM PUBLIC")
            connection.execute(f"GRANT EXECUTE ON {set_config} TO clincore_owner")
    except psycopg.OperationalError as error:
        # No SQLSTATE: there is no server. Class 57: it starts or stops. Others, such as 53 (disk full), are errors.
        if error.sqlstate and not error.sqlstate.startswith("57"):
            raise
        return False
    return True
