"""An event loop with which several workers share new connections.

`clincore serve` uses it. With uvicorn's own command it is `--loop clincore.server.event_loop:EventLoop`.
"""

import asyncio
from typing import Any


class EventLoop(asyncio.SelectorEventLoop):
    """asyncio's, whose servers accept one new connection at a time.

    asyncio's own accept all that wait. Of several workers on one socket, the first to wake would then get every
    connection of a client that opens many.
    """

    async def create_server(self, *arguments: Any, backlog: int = 100, **keywords: Any) -> asyncio.Server:
        # asyncio accepts up to `backlog` at a time, so the length of the queue is set afterwards.
        server = await super().create_server(*arguments, backlog=1, **keywords)
        for listening in server.sockets:
            with listening.dup() as same:
                same.listen(backlog)
        return server
