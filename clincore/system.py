"""What the operating systems do not have in common. No other module imports `fcntl`, `pwd` or `resource`.

On Windows the embedded PostgreSQL and the metrics refuse to start, and everything else works. The modules of the former
take `os` and `signal` from here: for a type checker on Windows they have the names that only POSIX systems have.
"""

import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = [
    "IS_POSIX",
    "allow_open_files",
    "fcntl",
    "open_files_max",
    "os",
    "pwd",
    "run",
    "sigint_blocked",
    "signal",
    "unblock_signals",
]

if sys.platform == "win32":
    import os as _os
    import signal as _signal

    os: Any = _os
    signal: Any = _signal
    fcntl: Any = None
    pwd: Any = None
    resource: Any = None
else:
    import fcntl
    import os
    import pwd
    import resource
    import signal

# Python's select() takes no more sockets there.
_WINDOWS_SOCKETS_MAX = 512

IS_POSIX = resource is not None


def allow_open_files(wanted: int) -> None:
    """Let this process and its children open `wanted` files, or as many as the system allows."""
    if IS_POSIX:
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def open_files_max() -> int | None:
    """How many files this process can have open, and wait for with an event loop; None: there is no limit."""
    if not IS_POSIX:
        return _WINDOWS_SOCKETS_MAX
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else int(soft)


@contextmanager
def sigint_blocked() -> Iterator[None]:
    """Start child processes that do not see SIGINT until they call `unblock_signals`. On Windows nothing is blocked."""
    if not IS_POSIX:
        yield
        return
    from multiprocessing import resource_tracker

    # The first child would start this process of the standard library, which unblocks SIGINT when it has started.
    resource_tracker.ensure_running()
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)


def unblock_signals(*numbers: int) -> None:
    """Let this process have the signals that its parent blocked."""
    if IS_POSIX:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)


def run(main: Coroutine[Any, Any, None]) -> None:
    """`asyncio.run`, with the event loop that waits for the database's sockets. The default on Windows cannot."""
    import asyncio

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(main)
