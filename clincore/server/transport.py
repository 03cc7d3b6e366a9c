"""A transport that sends the head of a response together with the start of its body."""

import asyncio
from typing import Any


class Transport:
    """Wraps a connection's transport and holds back the head of a response until the body follows.

    uvicorn writes head and body separately. The extra system call costs more than the rest of a small response.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self._is_expecting_head = True
        self.is_closing = transport.is_closing
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading

    def write(self, data: bytes) -> None:
        # The client waits for "100 Continue", so that is sent at once.
        if self._is_expecting_head and not data.startswith(b"HTTP/1.1 100 "):
            self._is_expecting_head = False
            self._head = data
        elif self._head:
            data, self._head = self._head + data, b""
            self._transport.write(data)
        else:
            self._transport.write(data)

    def end_response(self) -> None:
        """Mark the end of a response: the next write is a head."""
        self._is_expecting_head = True
        if self._head:
            # The response has no body.
            self._transport.write(self._head)
            self._head = b""

    def close(self) -> None:
        self.end_response()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
