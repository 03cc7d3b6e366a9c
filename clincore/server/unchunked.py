"""Responses of unknown length to HTTP/1.0, which has no chunked coding (RFC 9112, section 6.1)."""

import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

# The connection ends at once, with a reset.
_NO_LINGER = struct.pack("ii", 1, 0)


def unchunked(app: Any, cycle: RequestResponseCycle) -> Any:
    """The ASGI application for one request of HTTP/1.0: its response ends with the connection.

    A response that is cut off ends with a reset, so that the client sees that it is not whole.
    """

    async def run(scope: Any, receive: Any, send: Any) -> None:
        # uvicorn adds the coding where this is None, and holds what is sent against the length otherwise.
        cycle.chunked_encoding = False

        async def send_as_it_is(message: Any) -> None:
            if message["type"] == "http.response.body":
                cycle.expected_content_length = len(message.get("body", b""))
            await send(message)

        try:
            await app(scope, receive, send_as_it_is)
        except BaseException:
            if cycle.response_started:
                cycle.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                cycle.transport.abort()
            raise

    return run
