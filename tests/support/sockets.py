"""Checks of raw connections."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

CLOSE_SECONDS = 8.0
"""Long enough for an immediate close by the service, and much shorter than its timeout for idle connections."""


def is_closed(connection: socket.socket) -> bool:
    """Whether the peer closes the connection within CLOSE_SECONDS."""
    connection.settimeout(CLOSE_SECONDS)
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


@contextmanager
def silent_port() -> Iterator[int]:
    """A port that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]
