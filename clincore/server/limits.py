"""What one client, and all clients together, may take of a worker."""

from clincore.system import allow_open_files, open_files_max

RECEIVE_SECONDS = 15.0
"""From the first byte of a request, or from the start of a connection, to the last byte of the body."""
HEAD_BYTES_MAX = 64 * 1024
CONNECTIONS_MAX = 4096
CROWDED = 0.75
"""Of the connections that a worker can hold: above it idle ones are closed early."""
IDLE_SECONDS_WHEN_CROWDED = 5.0
RETRY_SECONDS = 5
"""When an address that holds all it may is told to try again."""
# Files, the database's connections and whatever else a worker has open.
_OTHER_DESCRIPTORS = 128


def allow_connections() -> None:
    """Let this process and its workers open as many files as the system allows; the usual default is 1024."""
    allow_open_files(CONNECTIONS_MAX + _OTHER_DESCRIPTORS)


def connections_max() -> int:
    """How many connections this process can hold: `CONNECTIONS_MAX`, or what its limit of open files leaves."""
    most = open_files_max()
    return CONNECTIONS_MAX if most is None else min(CONNECTIONS_MAX, most - _OTHER_DESCRIPTORS)
