"""New clusters of Debian's PostgreSQL: a superuser on the socket, passwords over TCP, as on an operator's server."""

import os
import pwd
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from support.service import free_port

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
IS_ROOT = os.geteuid() == 0


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL server of Debian's newest version here; its user is `postgres` if this process is root."""

    folder: Path
    bin: Path
    port: int

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command as PostgreSQL's user, with its programs on the PATH and the superuser's login."""
        done = subprocess.run(
            [*_as_user(), *command],
            cwd=self.folder,
            env=os.environ | {"PATH": f"{self.bin}:{os.environ['PATH']}"} | self.login,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done

    @property
    def login(self) -> dict[str, str]:
        """The superuser's login, by the socket, as variables of libpq."""
        return {"PGHOST": str(self.folder), "PGPORT": str(self.port), "PGUSER": "postgres"}

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A superuser's connection; each statement is committed."""
        return psycopg.connect(host=str(self.folder), port=self.port, user="postgres", dbname=database, autocommit=True)

    def start(self) -> None:
        self.run(
            "pg_ctl", "--pgdata", self.data, "--log", self.folder / "server.log", "--wait", "--timeout=60", "start"
        )

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "--pgdata", self.data, "--wait", f"--mode={mode}", "stop")


@contextmanager
def cluster(folder: Path, *options: str) -> Iterator[Cluster]:
    """A running new cluster in the folder with these settings (`name=value`). It is stopped at the end."""
    if not INSTALLED:
        pytest.skip("SKIPPED: Debian's PostgreSQL is not installed")
    if IS_ROOT:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
    made = Cluster(folder, INSTALLED[-1].parent, free_port())
    made.run(
        *("initdb", "--pgdata", made.data, "--username=postgres", "--encoding=UTF8", "--no-locale"),
        *("--auth-local=trust", "--auth-host=scram-sha-256"),
    )
    settings = [f"port={made.port}", f"unix_socket_directories='{folder}'", "listen_addresses='127.0.0.1'", *options]
    with (made.data / "postgresql.conf").open("a") as file:
        file.writelines(f"{setting}\n" for setting in settings)
    made.start()
    try:
        yield made
    finally:
        if (made.data / "postmaster.pid").exists():
            made.stop("immediate")


def _as_user() -> Sequence[str]:
    return ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") if IS_ROOT else ()
