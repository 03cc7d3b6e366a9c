"""Whether this process is stopping. Until it ends, it answers what still arrives and then closes the connection."""

import asyncio

# A process that has stopped serving can serve again on another event loop, as tests do.
_stopping: asyncio.AbstractEventLoop | None = None


def begin() -> None:
    """Called by the server in the event loop that it serves on, when it stops accepting connections."""
    global _stopping
    _stopping = asyncio.get_running_loop()


def is_draining() -> bool:
    return _stopping is not None and _stopping is asyncio.get_running_loop()
