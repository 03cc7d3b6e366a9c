"""An event loop that spreads new connections over several workers.

`clincore serve` uses it. With uvicorn's own command, pass `--loop clincore.server.event_loop:EventLoop`.
"""

import asyncio
from typing import Any


class EventLoop(asyncio.SelectorEventLoop):
    """asyncio's event loop, with servers that accept one new connection at a time.

    asyncio accepts all waiting connections at once. When several workers share a socket, the first to wake would get
    every connection of a client that opens many.
    """

    async def create_server(self, *arguments: Any, backlog: int = 100, **keywords: Any) -> asyncio.Server:
        # asyncio takes `backlog` also as the number to accept at once, so the queue's length is set afterwards.
        server = await super().create_server(*arguments, backlog=1, **keywords)
        for listening in server.sockets:
            with listening.dup() as same:
                same.listen(backlog)
        return server
