"""Limits on what one client, and all clients together, may use of a worker."""

from clincore.system import allow_open_files, open_files_max

RECEIVE_SECONDS = 15.0
"""From the first byte of a request, or from the start of a connection, to the last byte of the body."""
HEAD_BYTES_MAX = 64 * 1024
CONNECTIONS_MAX = 4096
CROWDED_FRACTION = 0.75
"""Fraction of a worker's connections above which idle ones are closed early."""
IDLE_SECONDS_WHEN_CROWDED = 5.0
RETRY_SECONDS = 5
"""Retry-After for an address that has reached its limit."""
# Files, database connections and everything else that a worker has open.
_OTHER_DESCRIPTORS = 128


def allow_connections() -> None:
    """Raise the limit of open files of this process and its workers, up to the hard limit; 1024 is a common default."""
    allow_open_files(CONNECTIONS_MAX + _OTHER_DESCRIPTORS)


def connections_max() -> int:
    """How many connections this process can hold: `CONNECTIONS_MAX`, or fewer when its limit of open files is lower."""
    most = open_files_max()
    return CONNECTIONS_MAX if most is None else min(CONNECTIONS_MAX, most - _OTHER_DESCRIPTORS)
