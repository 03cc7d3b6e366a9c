"""Requests and answers as bytes on a plain socket: a client library would correct or hide details."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class RawAnswer:
    """A status, headers with lower-case names, and all bytes after the head."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The values of a header, joined by commas (RFC 9110, section 5.2); None: the header is missing."""
        values = [value for given, value in self.headers if given == name]
        return ", ".join(values) if values else None


def exchange(url: str, request: bytes, *, timeout: float = 30) -> RawAnswer:
    """Send a request and read until the server closes the connection."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=timeout) as connection:
        connection.sendall(request)
        received = b""
        while data := connection.recv(65536):
            received += data
    head, end, body = received.partition(b"\r\n\r\n")
    assert end, f"incomplete head: {received[:200]!r}"
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return RawAnswer(int(first.split(" ")[1]), headers, body)
