"""Connections beyond a worker's limit. Only probes may use them, so that idle clients cannot make a probe fail."""

import logging
from time import monotonic
from typing import Protocol

from clincore.server.limits import CONNECTIONS_MAX, PROBE_CONNECTIONS, connections_max
from clincore.system import open_files_max

PROBES = (b"/health", b"/ready")
REPORT_SECONDS = 60.0

_logger = logging.getLogger(__name__)


class Reserved(Protocol):
    """A connection that can be refused."""

    def refuse_crowded(self) -> None:
        """Answer 503 and close."""


class Reserve:
    """The `PROBE_CONNECTIONS` connections beyond the limit of this process.

    A probe sends its request at once. When all are taken, the oldest that has sent no request is refused instead of the
    newest, so that clients that only connect cannot hold them.
    """

    def __init__(self) -> None:
        self.limit = connections_max()
        """Connections of this process without the reserve."""
        self._waiting: dict[Reserved, None] = {}
        self._reported_at = -REPORT_SECONDS

    def add(self, connection: Reserved, count: int) -> bool:
        """Reserve a place for a new connection; `count`: all open ones. False: all places serve probes."""
        is_full = count > self.limit + PROBE_CONNECTIONS
        if is_full:
            oldest = next(iter(self._waiting), None)
            if oldest is None:
                return False
            self.remove(oldest)
            oldest.refuse_crowded()
        self._waiting[connection] = None
        return True

    def remove(self, connection: Reserved) -> None:
        """The connection has sent a request, or has ended."""
        self._waiting.pop(connection, None)

    def report(self, count: int) -> None:
        """Log that a connection is refused, at most once a minute."""
        now = monotonic()
        if now < self._reported_at + REPORT_SECONDS:
            return
        self._reported_at = now
        why = "the most that a worker accepts"
        if self.limit < CONNECTIONS_MAX:
            why = f"the most with {open_files_max()} open files. Raise that limit, for example with ulimit -n"
        _logger.warning("Connections are refused: %d are open, %s.", count, why)


def is_probe(url: bytes, root_path: str) -> bool:
    """Whether a request's target is the path of a probe, with or without the prefix."""
    path = url.partition(b"?")[0]
    return path in PROBES or path.removeprefix(root_path.rstrip("/").encode()) in PROBES
