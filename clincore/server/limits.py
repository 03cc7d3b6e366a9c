"""Limits on what one client, and all clients together, may use of a worker."""

from clincore.errors import StartupError
from clincore.system import allow_open_files, open_files_max

RECEIVE_SECONDS = 15.0
"""From the first byte of a request, or from the start of a connection, to the last byte of the body."""
HEAD_BYTES_MAX = 64 * 1024
CONNECTIONS_MAX = 4096
CROWDED_FRACTION = 0.75
"""Fraction of a worker's connections above which idle ones are closed early."""
IDLE_SECONDS_WHEN_CROWDED = 5.0
IDLE_SECONDS_WHEN_DRAINING = 0.5
"""While the service stops, for new connections too. A proxy that sends requests all the time has used each of its idle
connections by then, and was told to close it. A longer time would delay the stop of a quiet service."""
RETRY_SECONDS = 5
"""Retry-After for an address that has reached its limit."""
PROBE_CONNECTIONS = 16
"""Connections beyond the limit, for probes only."""
CONNECTIONS_MIN = 32
"""A worker that can hold fewer connections does not start."""
# Files, database connections and everything else that a worker has open.
_OTHER_DESCRIPTORS = 128
_OPEN_FILES_MIN = CONNECTIONS_MIN + PROBE_CONNECTIONS + _OTHER_DESCRIPTORS
_OPEN_FILES = CONNECTIONS_MAX + PROBE_CONNECTIONS + _OTHER_DESCRIPTORS


def allow_connections() -> None:
    """Raise the limit of open files of this process and its workers, up to the hard limit; 1024 is a common default.

    Raises:
        StartupError: it is too low to serve.
    """
    allow_open_files(_OPEN_FILES)
    most = open_files_max()
    if most is not None and most < _OPEN_FILES_MIN:
        raise StartupError(
            f"the limit of open files is {most}, but a worker needs at least {_OPEN_FILES_MIN}. Raise it, for example"
            f" with ulimit -n {_OPEN_FILES}, or LimitNOFILE={_OPEN_FILES} in a systemd unit."
        )


def connections_max() -> int:
    """How many connections this process can hold: `CONNECTIONS_MAX`, or fewer when its limit of open files is lower.

    Not counting those for probes.
    """
    most = open_files_max()
    return CONNECTIONS_MAX if most is None else min(CONNECTIONS_MAX, most - _OTHER_DESCRIPTORS - PROBE_CONNECTIONS)
