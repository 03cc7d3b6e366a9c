"""Whether this process is stopping. First `/ready` says so, then the server stops accepting connections.

Until the process ends, it answers what still arrives.
"""

import asyncio

# A process that has stopped serving can serve again on another event loop, as tests do.
_leaving: asyncio.AbstractEventLoop | None = None
_stopping: asyncio.AbstractEventLoop | None = None


def announce() -> None:
    """Called by the server in the event loop that it serves on: it will stop, and load balancers are to notice."""
    global _leaving
    _leaving = asyncio.get_running_loop()


def begin() -> None:
    """Called by the server in the event loop that it serves on, when it stops accepting connections.

    From then on, each answer closes its connection.
    """
    global _stopping
    announce()
    _stopping = asyncio.get_running_loop()


def is_leaving() -> bool:
    """Whether the service is to get no more requests."""
    return _leaving is not None and _leaving is asyncio.get_running_loop()


def is_draining() -> bool:
    """Whether the server has stopped accepting connections."""
    return _stopping is not None and _stopping is asyncio.get_running_loop()
