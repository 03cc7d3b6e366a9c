"""A request as bytes, and an input of the corpus."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.bad_input.good import Good

NO_ANSWER = 0
"""The status for a connection that the service closed without an answer."""

FINE = frozenset({200, 201, 204})
REFUSED = frozenset({400})


@dataclass(frozen=True)
class Wire:
    """One HTTP/1.1 request; nothing in it is checked or corrected."""

    method: bytes
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes | None = None
    """Sent with Content-Length, unless a header already sets the framing."""

    def put(self, name: bytes, *values: bytes) -> "Wire":
        """The request with these values of the header; without values: omit the header."""
        others = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*others, *((name, value) for value in values)))

    def kept_open(self) -> "Wire":
        """The request without `Connection: close`, so a close is the service's own decision."""
        return self.put(b"Connection")

    def asking(self, query: bytes) -> "Wire":
        """The request with this query; it replaces parameters of the same names."""
        path, _, own = self.target.partition(b"?")
        names = {pair.partition(b"=")[0] for pair in query.split(b"&")}
        kept = [pair for pair in own.split(b"&") if pair and pair.partition(b"=")[0] not in names]
        return replace(self, target=path + b"?" + b"&".join([*kept, query]))

    def with_body(self, body: bytes) -> "Wire":
        return replace(self, body=body)

    def chunked(self, *chunks: bytes) -> "Wire":
        """The request with a body in these chunks and the final empty one."""
        body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))
        return replace(self.put(b"Content-Length").put(b"Transfer-Encoding", b"chunked"), body=body)

    def head(self, line: bytes | None = None, end: bytes = b"\r\n") -> bytes:
        """The head including the empty line; `line`: another request line."""
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
    """A bad request that a client sends."""

    name: str
    right: frozenset[int]
    """The expected statuses; NO_ANSWER may be among them."""
    spoil: Callable[["Good"], Iterable[Wire | bytes]]
    """The requests to an operation: one per place to spoil, none where the input does not apply."""
    closes: bool = False
    """Whether a refusal must close the connection, because the start of the next request is unknown."""
    half_close: bool = False
    """Whether the client closes its sending side after the last byte."""
