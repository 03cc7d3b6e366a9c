"""uvicorn's protocol as the peers use it: with TCP_NODELAY, as ClinCore's own sets it.

asyncio sets it only on sockets that say they are TCP, and those that uvicorn shares between workers do not: without it
head and body of an answer are 40 ms apart, and the comparison would be one of that.
"""

import asyncio
import socket

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Protocol(HttpToolsProtocol):
    """One connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
