"""Wait until a condition holds."""

import contextlib
import time
from collections.abc import Callable


def eventually(
    check: Callable[[], object], seconds: float = 30.0, *, ignored: tuple[type[Exception], ...] = ()
) -> None:
    """Wait until the check is true. `ignored`: exceptions of the check that mean "not yet"."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(*ignored):
            if check():
                return
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)
