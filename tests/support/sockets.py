"""Checks of raw connections."""

import socket

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
