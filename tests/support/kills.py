"""A service with two workers on a PostgreSQL of its own, whose processes tests kill."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import psycopg

from clincore.db.urls import libpq
from clincore.postgres import embedded
from support.commands import environment
from support.service import BOOTSTRAP_TOKEN, free_port
from support.waiting import eventually
from support.workers import worker_processes


@dataclass
class Running:
    """The service. Its supervisors start again what is killed."""

    url: str
    process: psutil.Process
    server: embedded.Embedded

    def wait_until_ready(self) -> None:
        eventually(
            lambda: httpx.get(f"{self.url}/ready", timeout=5).status_code == 200, ignored=(httpx.TransportError,)
        )

    def kill_worker(self, chance: random.Random) -> None:
        """kill -9 of one of the workers."""
        chance.choice(worker_processes(self.process)).kill()

    def kill_postmaster(self, _chance: random.Random | None = None) -> None:
        """kill -9 of PostgreSQL's first process."""
        pid_file = self.server.data_dir / "postgresql-18" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)

    def kill_backend(self, chance: random.Random) -> None:
        """kill -9 of a process that serves a connection of the service. PostgreSQL then ends all others, too."""
        with suppress(psycopg.OperationalError), psycopg.connect(libpq(self.server.superuser_url)) as superuser:
            backends = superuser.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'clincore_app'").fetchall()
            if backends:
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(backends)[0], signal.SIGKILL)

    def end_connections(self) -> None:
        """End the service's connections while PostgreSQL keeps running."""
        with suppress(psycopg.OperationalError), psycopg.connect(libpq(self.server.superuser_url)) as superuser:
            superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'clincore_app'")


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """The service and its PostgreSQL, which is as durable as in production, in a folder."""
    server = embedded.start(folder / "data")
    port = free_port()
    settings = {"CLINCORE_DATA_DIR": str(folder / "data"), "BOOTSTRAP_TOKEN": BOOTSTRAP_TOKEN}
    try:
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                ["clincore", "serve", "--port", str(port), "--workers", "2"],
                env=environment(**settings),
                stdout=log,
                stderr=log,
            )
        try:
            service = Running(f"http://127.0.0.1:{port}", psutil.Process(process.pid), server)
            service.wait_until_ready()
            yield service
        finally:
            process.terminate()
            process.wait(30)
    finally:
        server.close(wait=20)
