"""Writes log lines to stderr in a thread, so that a reader that stalls does not stop the service."""

import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

BYTES_MAX = 4 * 2**20
"""Log lines that wait for a slow reader; more are dropped."""
EXIT_SECONDS = 1.0
"""How long the end of the process waits for the reader."""


class LogWriter:
    """A bounded queue of lines and the thread that writes them. The thread starts with the first line."""

    def __init__(self, report: Callable[[int], bytes]) -> None:
        """`report`: makes the line that says how many lines were dropped."""
        self.dropped = 0
        """Lines that were dropped since the start."""
        self._report = report
        self._reported = 0
        self._pending: deque[tuple[bytes, int]] = deque()
        self._size = 0
        self._condition = threading.Condition()
        self._thread: threading.Thread | None = None

    def write(self, content: bytes, lines: int = 1) -> None:
        """Queue complete lines. Never blocks: when the queue is full, they are counted and dropped."""
        with self._condition:
            if self._size + len(content) > BYTES_MAX:
                self.dropped += lines
                return
            self._pending.append((content, lines))
            self._size += len(content)
            if self._thread is None:
                # A daemon, because a reader that has stalled for good must not keep the process alive.
                thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
                # Without memory for a thread, the next line tries again.
                with suppress(RuntimeError):
                    thread.start()
                    self._thread = thread
            self._condition.notify_all()

    def drain(self) -> None:
        """Wait until all lines are written, at most `EXIT_SECONDS`."""
        with self._condition:
            self._condition.wait_for(lambda: not self._size, EXIT_SECONDS)

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._pending)
                content, lines = self._pending.popleft()
                new = self.dropped - self._reported
                self._reported += new
            if not _write(self._report(new) + content if new else content):
                with self._condition:
                    # The reader has closed the pipe.
                    self.dropped += lines
            with self._condition:
                self._size -= len(content)
                self._condition.notify_all()


def _write(content: bytes) -> bool:
    """Write to stderr, which may block. False: it has no reader."""
    try:
        # Not sys.stderr.write: a thread blocked in it would hold the lock that the interpreter needs to exit.
        descriptor = sys.stderr.fileno()
    except (AttributeError, OSError, ValueError):
        descriptor = 2
    rest = memoryview(content)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError:
        return False
    return True
