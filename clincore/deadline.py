"""How long a request may take, from its arrival on. Every wait for it ends in time for an answer."""

from contextvars import ContextVar

REQUEST_SECONDS = 3.0
"""From the head of the request to the head of the answer, without the time in which the client sends its body."""
LOCK_SECONDS = 1.5
"""All waits for locks of other transactions together: what is still locked then will most likely stay so."""


class Deadline:
    """The end of a request's time; both are times of the event loop."""

    __slots__ = ("at", "locks_at")

    def __init__(self, arrived_at: float) -> None:
        self.at = arrived_at + REQUEST_SECONDS
        self.locks_at = arrived_at + LOCK_SECONDS

    def extend(self, seconds: float) -> None:
        """Leave out time that was the client's."""
        self.at += seconds
        self.locks_at += seconds

    def lift(self) -> None:
        """Let the rest of a stream take as long as its client reads."""
        self.at = self.locks_at = float("inf")


CURRENT: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
"""That of the request under way; None: none is, as in a background task."""
