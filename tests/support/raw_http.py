"""Requests over a plain socket, and answers as they are on the wire: a client library would mend or hide things."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class RawAnswer:
    """A status, headers with lower-case names, and the bytes between the head and the end of the connection."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The values of a header, joined as RFC 9110 says (section 5.2); None when there is none."""
        values = [value for given, value in self.headers if given == name]
        return ", ".join(values) if values else None


def exchange(url: str, request: bytes, *, timeout: float = 30) -> RawAnswer:
    """Send a request that ends with the connection, and read until the server closes it."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=timeout) as connection:
        connection.sendall(request)
        received = b""
        while data := connection.recv(65536):
            received += data
    head, end, body = received.partition(b"\r\n\r\n")
    assert end, f"no whole head: {received[:200]!r}"
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return RawAnswer(int(first.split(" ")[1]), headers, body)
