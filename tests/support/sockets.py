"""What tests ask of a connection of their own."""

import socket

CLOSE_SECONDS = 3.0
"""What the service closes on its own account it closes at once, well before it would close an idle connection."""


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side ends the connection within CLOSE_SECONDS."""
    connection.settimeout(CLOSE_SECONDS)
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
