"""A TCP proxy that breaks connections on command, between HTTP clients and servers or in front of PostgreSQL.

    with Proxy("http://127.0.0.1:8000") as proxy:
        httpx.get(f"{proxy.url}/health")
        proxy.cut(at=b"POST /cases")            # deliver the next such request, and lose its answer
        proxy.black_hole()                      # lose all packets, until ...
        proxy.forward()

It knows no protocol. Every fault is a plain method call, so a test or a script can change it at any moment.
"""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

from sqlalchemy import make_url

CHUNK = 65536
Side = Literal["request", "answer"]


@dataclass
class Cut:
    """Where to close a connection. `done` is set when it has been closed."""

    at: bytes
    side: Side
    keep: int
    reset: bool
    done: threading.Event = field(default_factory=threading.Event)


class Proxy:
    """Forwards each connection to `upstream`. Clients use `url`, which is upstream's with the proxy's host and port.

    Faults last until `forward`, except `cut` and `close_connections`, which are single events.
    """

    def __init__(self, upstream: str) -> None:
        """`upstream`: the URL of an HTTP server or of a database; its host may be the folder of a Unix socket."""
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self._listener.getsockname()[1]
        self.url = _replaced(upstream, self.port)
        self._lock = threading.Lock()
        self._connections: set[_Connection] = set()
        self._cuts: list[Cut] = []
        self._is_refusing = self._holds_new = self._is_closed = False
        self.delay_seconds = 0.0
        """How much later the bytes of both directions are forwarded."""
        self.change: Callable[[bytes], bytes] = bytes
        """What becomes of the bytes of answers."""
        self.redirect(upstream)
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and close all connections."""
        self._is_closed = True
        # Closing alone would not wake a thread that is in accept().
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.close_connections()

    def redirect(self, upstream: str) -> None:
        """Connect new connections to another server, as after a failover. Existing ones are unaffected."""
        self._upstream = _address(upstream)

    def forward(self) -> None:
        """End all faults. Bytes that were held are delivered, as TCP does once a network works again."""
        with self._lock:
            self._is_refusing = self._holds_new = False
            self.delay_seconds = 0.0
            self.change = bytes
            self._cuts.clear()
            for connection in self._connections:
                connection.is_forwarding.set()

    def black_hole(self, *, old: bool = True, new: bool = True) -> None:
        """Deliver no more bytes: on existing connections, on new ones, or on both. Connections stay open."""
        with self._lock:
            self._holds_new = new
            for connection in self._connections if old else ():
                connection.is_forwarding.clear()

    def refuse(self) -> None:
        """Reset new connections at once. Existing ones are unaffected."""
        self._is_refusing = True

    def delay(self, seconds: float) -> None:
        """Forward all bytes of both directions that much later."""
        self.delay_seconds = seconds

    def cut(self, at: bytes = b"", *, side: Side = "answer", keep: int = 0, reset: bool = False) -> Cut:
        """Close one connection: the next on which the client sends the bytes `at`, or any bytes.

        `side`: what is lost. Of the answer, or of the request from `at` on, the first `keep` bytes are delivered.
        `reset`: the client gets a reset, and not the end of the stream. Several cuts apply one after another.
        """
        cut = Cut(at, side, keep, reset)
        with self._lock:
            self._cuts.append(cut)
        return cut

    def half_close(self) -> None:
        """Send the end of the stream to the clients of existing connections, and go on forwarding what they send."""
        for connection in self._existing():
            with suppress(OSError):
                connection.client.shutdown(socket.SHUT_WR)

    def close_connections(self, *, reset: bool = False) -> None:
        """Close all existing connections on both sides."""
        for connection in self._existing():
            connection.close(reset=reset)

    def count(self) -> int:
        """The number of open connections."""
        return len(self._existing())

    def _existing(self) -> "list[_Connection]":
        with self._lock:
            return list(self._connections)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                if self._is_closed:
                    return
                continue
            if self._is_refusing:
                _close(client, reset=True)
            else:
                connection = _Connection(self, client)
                with self._lock:
                    if not self._holds_new:
                        connection.is_forwarding.set()
                    self._connections.add(connection)
                threading.Thread(target=connection.run, args=(self._upstream,), daemon=True).start()

    def take_cut(self, received: bytes, new: int) -> tuple[Cut, int] | None:
        """The first cut whose pattern ends in the last `new` bytes, and where it begins. It is not triggered again."""
        with self._lock:
            for cut in self._cuts:
                begin = received.find(cut.at, max(0, len(received) - new - max(0, len(cut.at) - 1)))
                if begin >= 0:
                    self._cuts.remove(cut)
                    return cut, begin
        return None

    def has(self, connection: "_Connection") -> bool:
        """Whether the connection is open."""
        with self._lock:
            return connection in self._connections

    def remove(self, connection: "_Connection") -> bool:
        """Whether the connection was open."""
        with self._lock:
            is_open = connection in self._connections
            self._connections.discard(connection)
            return is_open


class _Connection:
    def __init__(self, proxy: Proxy, client: socket.socket) -> None:
        self.client = client
        self.is_forwarding = threading.Event()
        self._proxy = proxy
        self._server: socket.socket | None = None
        self._cut: Cut | None = None

    def run(self, upstream: str | tuple[str, int]) -> None:
        """Connect to the server, then forward both directions until both have ended."""
        # A network that loses packets also loses those that open a connection.
        self.is_forwarding.wait()
        with socket.socket(socket.AF_UNIX if isinstance(upstream, str) else socket.AF_INET) as server:
            try:
                server.connect(upstream)
            except OSError:
                self.close(reset=True)
                return
            self._server = server
            if not self._proxy.has(self):
                # It was closed meanwhile.
                return
            answers = threading.Thread(target=self._forward, args=(server, self.client, False), daemon=True)
            answers.start()
            self._forward(self.client, server, True)
            answers.join()
        self.close()

    def close(self, *, reset: bool = False) -> None:
        if not self._proxy.remove(self):
            # The other direction has closed it, in its own way.
            return
        _close(self.client, reset=reset)
        if self._server is not None:
            _close(self._server)
        self.is_forwarding.set()

    def _forward(self, source: socket.socket, target: socket.socket, is_request: bool) -> None:
        kept = b""
        answered = 0
        try:
            while data := source.recv(CHUNK):
                self.is_forwarding.wait()
                if self._proxy.delay_seconds:
                    time.sleep(self._proxy.delay_seconds)
                if not is_request:
                    data = self._proxy.change(data)
                if is_request and self._cut is None:
                    # A pattern may be spread over two chunks.
                    found = self._proxy.take_cut(kept + data, len(data))
                    if found is not None:
                        self._cut, begin = found
                        if self._cut.side == "request":
                            target.sendall(data[: max(0, begin - len(kept) + self._cut.keep)])
                            return self._end_with(self._cut)
                    kept = data[-CHUNK:]
                elif not is_request and self._cut is not None and self._cut.side == "answer":
                    data = data[: self._cut.keep - answered]
                    answered += len(data)
                    target.sendall(data)
                    if answered >= self._cut.keep:
                        return self._end_with(self._cut)
                    continue
                target.sendall(data)
            # The other direction may have more to say.
            target.shutdown(socket.SHUT_WR)
        except ConnectionResetError:
            # The other end learns it, too.
            self.close(reset=True)
        except OSError:
            # This direction was closed by `half_close` or by the other thread.
            pass
        return None

    def _end_with(self, cut: Cut) -> None:
        self.close(reset=cut.reset)
        cut.done.set()


def _close(connection: socket.socket, *, reset: bool = False) -> None:
    with suppress(OSError):
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Wake a thread that is in recv(): it would keep the connection open.
        connection.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)
    connection.close()


def _address(url: str) -> str | tuple[str, int]:
    """The address of a socket: a path, or host and port."""
    if url.startswith("postgresql"):
        parsed = make_url(url)
        host, port = str(parsed.host or parsed.query["host"]), parsed.port or int(str(parsed.query.get("port", 5432)))
        return f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 80)


def _replaced(url: str, port: int) -> str:
    if url.startswith("postgresql"):
        return make_url(url).set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
    return urlsplit(url)._replace(netloc=f"127.0.0.1:{port}").geturl()
