"""pgbouncer in front of a database, in transaction pooling mode."""

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from clincore.db.urls import libpq
from support.database import Database
from support.service import free_port

SERVER_CONNECTIONS = 2
# Debian installs it into /usr/sbin, which only root has on its PATH.
DEBIAN_PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@dataclass
class Pooler:
    """A running pgbouncer whose clients share two server connections."""

    url: URL
    """The login of clincore_app through pgbouncer."""
    _command: list[str]
    _as_user: dict[str, Any]
    _log: Path
    _process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, **self._as_user)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(psycopg.OperationalError):
                self.connect().close()
                return
            time.sleep(0.02)
        raise AssertionError(f"pgbouncer did not start:\n{self._log.read_text()}")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(10)

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(libpq(self.url.render_as_string(hide_password=False)), prepare_threshold=None)

    @contextmanager
    def server_connections(self) -> Iterator[list[psycopg.Connection[Any]]]:
        """Client connections that hold all server connections, each in a transaction."""
        connections = [self.connect() for _ in range(SERVER_CONNECTIONS)]
        try:
            pids = {connection.execute("SELECT pg_backend_pid()").fetchone() for connection in connections}
            assert len(pids) == SERVER_CONNECTIONS
            yield connections
        finally:
            for connection in connections:
                connection.close()


@contextmanager
def pool_transactions(binary: str, database: Database, folder: Path) -> Iterator[Pooler]:
    """Run pgbouncer on the database. `folder`: an existing folder that every user may enter."""
    owner, password = make_url(database.url), secrets.token_hex(16)
    with database.as_superuser() as connection:
        connection.execute(sql.SQL("ALTER ROLE clincore_app PASSWORD {}").format(password))
        host, server_port = connection.info.host, connection.info.port
    home = folder / f"pgbouncer-{secrets.token_hex(4)}"
    home.mkdir()
    as_user: dict[str, Any] = {}
    if os.getuid() == 0:
        # pgbouncer refuses to run as root, and only the embedded server's user can enter the folder of its socket.
        user = os.stat(host).st_uid if host.startswith("/") else 65534
        as_user = {"user": user, "group": user, "extra_groups": []}
        os.chown(home, user, user)
    port = free_port()
    (home / "users.txt").write_text(f'"clincore_app" "{password}"\n')
    (home / "pgbouncer.ini").write_text(
        f"""[databases]
{owner.database} = host={host} port={server_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {home}/users.txt
pool_mode = transaction
default_pool_size = {SERVER_CONNECTIONS}
"""
    )
    url = owner.set(username="clincore_app", password=password, host="127.0.0.1", port=port, query={})
    pooler = Pooler(url, [binary, str(home / "pgbouncer.ini")], as_user, folder / f"{home.name}.log")
    pooler.start()
    try:
        yield pooler
    finally:
        pooler.kill()
