"""A transport that sends the head of a response together with its body."""

import asyncio
from typing import Any


class Transport:
    """A connection's transport that holds the head of a response back until something follows it.

    uvicorn writes head and body apart, and the extra system call costs more than the rest of a small response.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self._is_expecting_head = True
        self.is_closing = transport.is_closing
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading

    def write(self, data: bytes) -> None:
        # "100 Continue" is not the head of a response: the client waits for it.
        if self._is_expecting_head and not data.startswith(b"HTTP/1.1 100 "):
            self._is_expecting_head = False
            self._head = data
        elif self._head:
            data, self._head = self._head + data, b""
            self._transport.write(data)
        else:
            self._transport.write(data)

    def end_answer(self) -> None:
        """The next write is a head again."""
        self._is_expecting_head = True
        if self._head:
            # A response without a body.
            self._transport.write(self._head)
            self._head = b""

    def close(self) -> None:
        self.end_answer()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
