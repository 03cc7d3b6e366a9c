"""Connections that end after PostgreSQL has committed and before its answer has come."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url

from clincore.db.queries.admission import ADMIT
from clincore.db.session import libpq
from support.database import Database
from support.service import checked_client, serve
from support.tenants import bootstrap


class Proxy:
    """Stands between the service and PostgreSQL; when told to, it swallows the answer to an admission and hangs up."""

    def __init__(self, url: str) -> None:
        upstream = conninfo_to_dict(libpq(url))
        self._host, self._port = str(upstream["host"]), int(upstream.get("port") or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = (
            make_url(url)
            .set(host="127.0.0.1", port=self._listener.getsockname()[1], query={})
            .render_as_string(hide_password=False)
        )
        self.is_armed = threading.Event()
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._host.startswith("/"):
                server = socket.socket(socket.AF_UNIX)
                server.connect(f"{self._host}/.s.PGSQL.{self._port}")
            else:
                server = socket.create_connection((self._host, self._port))
            is_cut = threading.Event()
            for pair in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._forward, args=(*pair, is_cut), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket, is_request: bool, cut: threading.Event) -> None:
        with source, suppress(OSError):
            while data := source.recv(65536):
                if is_request and self.is_armed.is_set() and ADMIT.encoded_name in data:
                    self.is_armed.clear()
                    cut.set()
                if not is_request and cut.is_set():
                    # PostgreSQL answers a statement that commits by itself when it has committed.
                    self.cuts += 1
                    break
                target.sendall(data)
        # The other direction then ends too, and closes the other end.
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxied(database: Database, folder: Path) -> Iterator[tuple[Proxy, httpx.Client]]:
    proxy = Proxy(database.url)
    with (
        serve(Database(proxy.url, database.superuser_url), folder, MIGRATION_DATABASE_URL=database.url) as service,
        checked_client(service.url) as client,
    ):
        yield proxy, client
    proxy.close()


def test_an_admission_whose_answer_was_lost_is_repeated_and_counted_once(
    proxied: tuple[Proxy, httpx.Client], operator: psycopg.Connection[Any]
) -> None:
    proxy, client = proxied
    tenant = bootstrap(client)

    for number in range(1, 11):
        proxy.is_armed.set()
        response = client.post("/cases", json={"title": "Migraine"}, headers=tenant.key)

        assert response.status_code == 201
        assert proxy.cuts == number
        # The cap counts what came before, and not what the first try has left.
        assert response.headers["RateLimit"] == f'"free-calls";r={1000 - (number - 1)}'
        counted = operator.execute("SELECT FROM usage_events WHERE tenant_id = %s", [tenant.id]).rowcount
        assert counted == number
