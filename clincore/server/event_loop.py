"""An event loop that spreads new connections over several workers, and loses none when a worker stops.

`clincore serve` uses it. With uvicorn's own command, pass `--loop clincore.server.event_loop:EventLoop`.
"""

import asyncio
import errno
from collections.abc import Callable
from multiprocessing import parent_process
from socket import socket
from typing import Any

from clincore import drain
from clincore.system import drop_new_connections

ACCEPT_RETRY_SECONDS = 1.0
"""Pause after a connection could not be accepted for lack of descriptors or memory."""
_OUT_OF_RESOURCES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class EventLoop(asyncio.SelectorEventLoop):
    """asyncio's event loop with its own servers."""

    async def create_server(  # type: ignore[override]
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        *arguments: Any,
        backlog: int = 100,
        ssl: Any = None,
        **keywords: Any,
    ) -> "Server":
        """Bind as asyncio does, and accept by `Server`."""
        bound = await super().create_server(protocol_factory, *arguments, start_serving=False, **keywords)
        return Server(self, bound, protocol_factory, ssl, backlog)


class Server:
    """A listening server with the part of `asyncio.Server` that uvicorn uses.

    It accepts one connection at a time. asyncio accepts all waiting connections at once; when several workers share a
    socket, the first to wake would get every connection of a client that opens many.

    `close` serves the connections that wait to be accepted. asyncio drops them, and those that it accepted in the same
    iteration of the loop; the client may already have sent a request.
    """

    def __init__(
        self,
        loop: EventLoop,
        bound: asyncio.Server,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        ssl: Any,
        backlog: int,
    ) -> None:
        self._loop = loop
        self._bound = bound
        self._factory = protocol_factory
        self._ssl = ssl
        # asyncio's object for a socket cannot accept.
        self._listening = [listening.dup() for listening in bound.sockets]
        self._tasks = set[asyncio.Task[Any]]()
        for listening in self._listening:
            listening.setblocking(False)
            listening.listen(backlog)
            loop.add_reader(listening, self._accept, listening)

    @property
    def sockets(self) -> Any:
        return self._bound.sockets

    def is_serving(self) -> bool:
        return bool(self._listening)

    def close(self) -> None:
        """Stop listening. Other processes may go on accepting from the same socket."""
        if not self._listening:
            return
        drain.begin()
        closing, self._listening = self._listening, []
        for listening in closing:
            self._loop.remove_reader(listening)
            # Otherwise a connection could arrive between the last `accept` and `close`, and would be reset. Only the
            # process that does not share the socket with other workers may do this.
            if parent_process() is None:
                drop_new_connections(listening)
            while self._accept(listening):
                pass
            listening.close()
        self._bound.close()

    async def wait_closed(self) -> None:
        await self._bound.wait_closed()

    def _accept(self, listening: socket) -> bool:
        """Accept one connection; False: none was waiting, or it could not be accepted."""
        try:
            connection, _ = listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return False
        except OSError as error:
            if error.errno not in _OUT_OF_RESOURCES:
                raise
            self._loop.call_exception_handler(
                {"message": "socket.accept() out of system resource", "exception": error, "socket": listening}
            )
            # The connection still waits, so the loop would call this again at once.
            self._loop.remove_reader(listening)
            self._loop.call_later(ACCEPT_RETRY_SECONDS, self._resume, listening)
            return False
        connection.setblocking(False)
        task = self._loop.create_task(self._loop.connect_accepted_socket(self._factory, connection, ssl=self._ssl))
        self._tasks.add(task)
        task.add_done_callback(self._connected)
        return True

    def _resume(self, listening: socket) -> None:
        if listening in self._listening:
            self._loop.add_reader(listening, self._accept, listening)

    def _connected(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # The client left, or failed the TLS handshake. Read, so that asyncio does not log it.
            task.exception()
