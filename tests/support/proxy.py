"""A proxy between the service and PostgreSQL that loses answers."""

import socket
import threading
from contextlib import suppress

from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url

from clincore.db.queries.admission import ADMIT
from clincore.db.session import libpq


class DatabaseProxy:
    """Forwards bytes between the service and PostgreSQL.

    `cuts_next`: drop the answer to the next admission and close the connection. `is_silent`: drop everything, like a
    network that loses packets; connections stay open.
    """

    def __init__(self, url: str) -> None:
        upstream = conninfo_to_dict(libpq(url))
        self._host, self._port = str(upstream["host"]), int(upstream.get("port") or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = (
            make_url(url)
            .set(host="127.0.0.1", port=self._listener.getsockname()[1], query={})
            .render_as_string(hide_password=False)
        )
        self.cuts_next = threading.Event()
        self.is_silent = threading.Event()
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
                if self.is_silent.is_set():
                    continue
                if is_request and self.cuts_next.is_set() and ADMIT.encoded_name in data:
                    self.cuts_next.clear()
                    cut.set()
                if not is_request and cut.is_set():
                    # PostgreSQL answers a statement with autocommit after the commit.
                    self.cuts += 1
                    break
                target.sendall(data)
        # This also ends the other direction, which closes the other end.
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
