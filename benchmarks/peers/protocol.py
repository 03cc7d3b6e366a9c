"""uvicorn's protocol for the peers, with TCP_NODELAY as in ClinCore's protocol.

asyncio sets it only on sockets whose protocol is TCP, which is unknown for the sockets that uvicorn shares between
workers. Without it, head and body of a response are 40 ms apart, and the comparison would measure that.
"""

import asyncio
import socket

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Protocol(HttpToolsProtocol):
    """One connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
