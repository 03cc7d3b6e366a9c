"""Differences between operating systems. No other module imports `fcntl`, `pwd` or `resource`.

On Windows the embedded PostgreSQL and the metrics refuse to start; everything else works. The modules of the embedded
PostgreSQL import `os` and `signal` from here, so a type checker on Windows accepts names that only POSIX has.
"""

import selectors
import struct
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from socket import SOL_SOCKET, socket
from typing import Any, Protocol

__all__ = [
    "IS_POSIX",
    "allow_open_files",
    "drop_new_connections",
    "fcntl",
    "is_readable",
    "limit_memory",
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

# The most sockets that Python's select() accepts on Windows.
_WINDOWS_SOCKETS_MAX = 512

IS_POSIX = resource is not None


def allow_open_files(wanted: int) -> None:
    """Raise the limit of open files of this process and its children to `wanted`, or to the hard limit if lower."""
    if IS_POSIX:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if soft != resource.RLIM_INFINITY and soft < allowed:
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def limit_memory(process_id: int, limit: int) -> None:
    """Limit the address space of a process, in bytes. Only Linux can do it from outside."""
    if IS_POSIX and sys.platform == "linux":
        # It may have ended already.
        with suppress(ProcessLookupError):
            resource.prlimit(process_id, resource.RLIMIT_AS, (limit, limit))


def open_files_max() -> int | None:
    """How many files this process can have open and wait for in an event loop; None: unlimited."""
    if not IS_POSIX:
        return _WINDOWS_SOCKETS_MAX
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else int(soft)


# asm-generic/socket.h
_SO_ATTACH_FILTER = 26
# linux/filter.h: load the byte with the TCP flags; drop the segment if SYN is set, otherwise keep all of it.
_DROP_SYN = ((0x30, 0, 0, 13), (0x45, 0, 1, 0x02), (0x06, 0, 0, 0), (0x06, 0, 0, 0x40000))


def drop_new_connections(listening: socket) -> None:
    """Make the kernel complete no more connections on this socket, in all processes that share it. Only on Linux.

    It drops their first segment. The client sends it again after a second, and is refused if the socket is closed by
    then. Connections that wait to be accepted stay.
    """
    if sys.platform != "linux":
        return
    import ctypes

    code = b"".join(struct.pack("HBBI", *instruction) for instruction in _DROP_SYN)
    content = ctypes.create_string_buffer(code)
    # A sandbox may forbid it.
    with suppress(OSError):
        listening.setsockopt(
            SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HP", len(_DROP_SYN), ctypes.addressof(content))
        )


class _HasFileno(Protocol):
    def fileno(self) -> int: ...


def is_readable(connection: _HasFileno) -> bool:
    """Whether the socket has data, or its end, to read now."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        return bool(selector.select(0))


@contextmanager
def sigint_blocked() -> Iterator[None]:
    """Block SIGINT in child processes started in the block until they call `unblock_signals`. No effect on Windows."""
    if not IS_POSIX:
        yield
        return
    from multiprocessing import resource_tracker

    # The first child process would start the resource tracker, which unblocks SIGINT in this process.
    resource_tracker.ensure_running()
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)


def unblock_signals(*numbers: int) -> None:
    """Unblock signals that the parent process blocked."""
    if IS_POSIX:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)


def run(main: Coroutine[Any, Any, None]) -> None:
    """`asyncio.run` with a selector event loop: the default loop on Windows cannot wait for database sockets."""
    import asyncio

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(main)
