"""Wait until a condition holds."""

import contextlib
import time
from collections.abc import Callable

PATIENCE = 120.0
"""Seconds until a test gives up on what takes a few: a busy machine takes ten times as long."""


def eventually(
    check: Callable[[], object], seconds: float = PATIENCE, *, ignored: tuple[type[Exception], ...] = ()
) -> None:
    """Wait until the check is true. `ignored`: exceptions of the check that mean "not yet"."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(*ignored):
            if check():
                return
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)
