"""The deadline of a request. Everything that a request waits for is cut off in time to answer it."""

from contextvars import ContextVar

REQUEST_SECONDS = 3.0
"""From the request's head to the response's head, not counting the time in which the client sends the body."""
LOCK_SECONDS = 1.5
"""Limit on all waits for locks of other transactions. A lock held longer will most likely not be released in time."""
ANSWERING_SECONDS = 0.2
"""Subtracted from both limits, so that the response leaves in time even when the event loop is busy."""


class Deadline:
    """The deadlines of a request, in the event loop's time: `at` for everything, `locks_at` for waits for locks."""

    __slots__ = ("at", "locks_at")

    def __init__(self, arrived_at: float) -> None:
        self.at = arrived_at + REQUEST_SECONDS - ANSWERING_SECONDS
        self.locks_at = arrived_at + LOCK_SECONDS - ANSWERING_SECONDS

    def extend(self, seconds: float) -> None:
        """Add time that was spent waiting for the client."""
        self.at += seconds
        self.locks_at += seconds

    def lift(self) -> None:
        """Remove the deadline: the rest of a stream may take as long as its client reads."""
        self.at = self.locks_at = float("inf")


CURRENT: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
"""The deadline of the current request; None outside a request, as in a background task."""
