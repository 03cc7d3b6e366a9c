"""A request as bytes, and what an input of the corpus is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.bad_input.good import Good

NO_ANSWER = 0
"""Stands for a connection that the service closed without an answer."""

FINE = frozenset({200, 201, 204})
REFUSED = frozenset({400})


@dataclass(frozen=True)
class Wire:
    """One HTTP/1.1 request; nothing in it is checked or mended."""

    method: bytes
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes | None = None
    """With its length declared, unless a header says something of it."""

    def put(self, name: bytes, *values: bytes) -> "Wire":
        """With these values of the header instead of its own; none: without the header."""
        others = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*others, *((name, value) for value in values)))

    def kept_open(self) -> "Wire":
        """Without the wish to be closed, so that a close is the service's own decision."""
        return self.put(b"Connection")

    def asking(self, query: bytes) -> "Wire":
        """With the query too, instead of what the target asks for by the same names."""
        path, _, own = self.target.partition(b"?")
        names = {pair.partition(b"=")[0] for pair in query.split(b"&")}
        kept = [pair for pair in own.split(b"&") if pair and pair.partition(b"=")[0] not in names]
        return replace(self, target=path + b"?" + b"&".join([*kept, query]))

    def with_body(self, body: bytes) -> "Wire":
        return replace(self, body=body)

    def chunked(self, *chunks: bytes) -> "Wire":
        """With a body in these chunks and the last, empty one."""
        body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))
        return replace(self.put(b"Content-Length").put(b"Transfer-Encoding", b"chunked"), body=body)

    def head(self, line: bytes | None = None, end: bytes = b"\r\n") -> bytes:
        """The head up to the empty line, that included; `line`: another request line."""
        names = {name.lower() for name, _ in self.headers}
        headers = list(self.headers)
        if self.body is not None and not names & {b"content-length", b"transfer-encoding"}:
            headers.append((b"Content-Length", b"%d" % len(self.body)))
        lines = [line or b"%s %s HTTP/1.1" % (self.method, self.target)]
        lines += [name + b": " + value for name, value in headers]
        return end.join([*lines, b"", b""])

    def __bytes__(self) -> bytes:
        return self.head() + (self.body or b"")


@dataclass(frozen=True)
class Input:
    """Something bad that a client sends."""

    name: str
    right: frozenset[int]
    """The statuses that are right; NO_ANSWER may be among them."""
    spoil: Callable[["Good"], Iterable[Wire | bytes]]
    """What is sent to an operation: several requests where there are several places, none where it cannot apply."""
    closes: bool = False
    """A refusal must end the connection: where the next request begins cannot be known."""
    half_close: bool = False
    """The client ends its side after the last byte."""
