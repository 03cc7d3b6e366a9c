"""Responses of unknown length over HTTP/1.0, which has no chunked coding (RFC 9112, section 6.1)."""

import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

# SO_LINGER on, with a timeout of 0: closing sends a reset.
_NO_LINGER = struct.pack("ii", 1, 0)


def unchunked(app: Any, cycle: RequestResponseCycle) -> Any:
    """Wrap the ASGI application for one HTTP/1.0 request: the end of the connection ends the response.

    A response that is cut off ends with a reset, which tells the client that it is incomplete.
    """

    async def run(scope: Any, receive: Any, send: Any) -> None:
        # With None uvicorn would add the chunked coding. With False it checks that the body has the expected length, so
        # that length is set for each chunk.
        cycle.chunked_encoding = False

        async def send_unchunked(message: Any) -> None:
            if message["type"] == "http.response.body":
                cycle.expected_content_length = len(message.get("body", b""))
            await send(message)

        try:
            await app(scope, receive, send_unchunked)
        except BaseException:
            if cycle.response_started:
                cycle.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                cycle.transport.abort()
            raise

    return run
