"""Framing: requests that two parsers could read differently, and bytes that are not a request."""

from collections.abc import Callable, Iterator

from support.bad_input.good import Good
from support.bad_input.wire import FINE, NO_ANSWER, REFUSED, Input, Wire

Spoil = Callable[[Good], Iterator[Wire | bytes]]


def _of(change: Callable[[Wire], Wire | bytes]) -> Spoil:
    """Change the valid request, which is sent without `Connection: close`."""
    return lambda good: (change(good.wire.kept_open()) for _ in "1")


def _put(name: bytes, *values: bytes) -> Spoil:
    """Send all values at once, each in a separate header."""
    return _of(lambda wire: wire.put(name, *values))


def _length(text: bytes) -> Spoil:
    return _of(lambda wire: wire.put(b"Content-Length", text).with_body(wire.body or b""))


def _chunks(body: bytes) -> Spoil:
    """Send these bytes as a chunked body."""
    return _of(lambda wire: wire.put(b"Transfer-Encoding", b"chunked").with_body(body))


def _line(text: bytes) -> Spoil:
    """Replace the request line; {method} and {target} are filled in."""
    return _of(
        lambda wire: (
            wire.head(text.replace(b"{method}", wire.method).replace(b"{target}", wire.target)) + (wire.body or b"")
        )
    )


def _bytes(sent: bytes) -> Spoil:
    """Send the same bytes for each operation."""
    return lambda good: iter([sent])


def _framing(name: str, spoil: Spoil, right: frozenset[int] = REFUSED) -> Input:
    return Input(name, right, spoil, closes=True)


def _short(good: Good) -> Iterator[Wire]:
    if good.schema is not None:
        wire = good.wire.kept_open()
        yield wire.put(b"Content-Length", b"%d" % (len(wire.body or b"") + 10))


def _short_chunk(good: Good) -> Iterator[Wire]:
    if good.schema is not None:
        wire = good.wire.kept_open().put(b"Transfer-Encoding", b"chunked")
        yield wire.with_body(b"%x\r\n%s" % (len(wire.body or b"") + 10, wire.body))


def _both(wire: Wire) -> Wire:
    length = b"%d" % len(wire.body or b"")
    return wire.chunked(wire.body or b"").put(b"Content-Length", length)


def _lf_only(wire: Wire) -> bytes:
    return wire.head(end=b"\n") + (wire.body or b"")


def _fold(wire: Wire) -> bytes:
    return wire.put(b"X-Folded", b"a\r\n b").head() + (wire.body or b"")


def _space_before_colon(wire: Wire) -> bytes:
    return bytes(wire).replace(b"Host:", b"Host :", 1)


def _space_before_first(wire: Wire) -> bytes:
    return bytes(wire).replace(b"Host:", b" Host:", 1)


def _no_colon(wire: Wire) -> bytes:
    return bytes(wire).replace(b"Host:", b"X-Nothing\r\nHost:", 1)


def _cr_only(wire: Wire) -> bytes:
    return wire.head(end=b"\r") + (wire.body or b"")


INPUTS = [
    _framing("content-length-and-transfer-encoding", _of(_both)),
    _framing("two-content-lengths", _of(lambda w: w.put(b"Content-Length", b"5", b"6").with_body(w.body or b"12345"))),
    _framing(
        "content-length-twice",
        _of(lambda w: w.put(b"Content-Length", *[b"%d" % len(w.body or b"")] * 2).with_body(w.body or b"")),
    ),
    _framing("content-length-list", _length(b"5, 5")),
    _framing("content-length-negative", _length(b"-1")),
    _framing("content-length-plus", _length(b"+5")),
    _framing("content-length-not-a-number", _length(b"five")),
    _framing("content-length-hexadecimal", _length(b"0x5")),
    _framing("content-length-full-width", _length("\uff15".encode())),
    _framing("content-length-underscore", _length(b"1_0")),
    _framing("content-length-with-a-space", _length(b"1 0")),
    _framing("content-length-empty", _length(b"")),
    _framing("content-length-of-5000-digits", _length(b"9" * 5000)),
    _framing("content-length-2-to-64", _length(b"18446744073709551616")),
    _framing("chunk-size-not-a-number", _chunks(b"zz\r\n{}\r\n0\r\n\r\n")),
    _framing("chunk-size-negative", _chunks(b"-1\r\n{}\r\n0\r\n\r\n")),
    _framing("chunk-size-0x", _chunks(b"0x2\r\n{}\r\n0\r\n\r\n")),
    _framing("chunk-size-empty", _chunks(b"\r\n{}\r\n0\r\n\r\n")),
    _framing("chunk-size-2-to-64", _chunks(b"10000000000000002\r\n{}\r\n0\r\n\r\n")),
    _framing("chunk-size-and-space", _chunks(b"2 \r\n{}\r\n0\r\n\r\n")),
    _framing("chunk-longer-than-its-size", _chunks(b"1\r\n{}\r\n0\r\n\r\n")),
    _framing("chunk-with-lf-only", _chunks(b"2\n{}\n0\n\n")),
    _framing("chunk-extension-with-nul", _chunks(b"2;a=\0\r\n{}\r\n0\r\n\r\n")),
    _framing("trailer-without-colon", _chunks(b"2\r\n{}\r\n0\r\nX-Nothing\r\n\r\n")),
    _framing("transfer-encoding-unknown", _put(b"Transfer-Encoding", b"xchunked"), frozenset({400, 501})),
    _framing("transfer-encoding-not-chunked-last", _put(b"Transfer-Encoding", b"chunked, gzip"), frozenset({400, 501})),
    _framing("transfer-encoding-chunked-twice", _put(b"Transfer-Encoding", b"chunked, chunked"), frozenset({400, 501})),
    _framing("transfer-encoding-hidden-by-control", _put(b"Transfer-Encoding", b"\x0bchunked"), frozenset({400, 501})),
    _framing(
        "transfer-encoding-and-space",
        _of(lambda wire: bytes(wire).replace(b"Host:", b"Transfer-Encoding : chunked\r\nHost:")),
    ),
    _framing(
        "transfer-encoding-in-http-1.0",
        _of(
            lambda wire: (
                wire.chunked(b"{}").head(b"%s %s HTTP/1.0" % (wire.method, wire.target)) + b"2\r\n{}\r\n0\r\n\r\n"
            )
        ),
    ),
    _framing("lf-only", _of(_lf_only)),
    _framing("cr-only", _of(_cr_only)),
    _framing("no-host", _put(b"Host")),
    _framing(
        "no-host-and-upgrade", _of(lambda w: w.put(b"Host").put(b"Connection", b"Upgrade").put(b"Upgrade", b"h2c"))
    ),
    _framing(
        "http-2.0-and-upgrade",
        _of(
            lambda wire: (
                wire.put(b"Connection", b"Upgrade")
                .put(b"Upgrade", b"h2c")
                .head(b"%s %s HTTP/2.0" % (wire.method, wire.target))
                + (wire.body or b"")
            )
        ),
        frozenset({400, 505}),
    ),
    _framing("two-hosts", _put(b"Host", b"127.0.0.1", b"elsewhere")),
    _framing("host-twice", _put(b"Host", b"127.0.0.1", b"127.0.0.1")),
    _framing("obs-fold", _of(_fold)),
    _framing("space-before-colon", _of(_space_before_colon)),
    _framing("space-before-the-first-header", _of(_space_before_first)),
    _framing("header-without-colon", _of(_no_colon)),
    _framing("header-name-with-a-space", _put(b"X Other", b"1")),
    _framing("header-with-cr", _put(b"X-Other", b"a\rb")),
    _framing("garbage", _bytes(bytes(range(128, 256)) * 16)),
    _framing("zeros", _bytes(b"\0" * 1000)),
    _framing("tls", _bytes(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500))),
    _framing("http-0.9", _of(lambda wire: b"%s %s\r\n\r\n" % (wire.method, wire.target))),
    _framing("http-0.9-with-headers", _line(b"{method} {target}")),
    _framing("http-2-preface", _bytes(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")),
    _framing("http-2.0", _line(b"{method} {target} HTTP/2.0"), frozenset({400, 505})),
    _framing("http-9.9", _line(b"{method} {target} HTTP/9.9"), frozenset({400, 505})),
    _framing("http-1.1-in-lower-case", _line(b"{method} {target} http/1.1")),
    _framing("http-1.1-and-more", _line(b"{method} {target} HTTP/1.1 HTTP/1.1")),
    _framing("absurd-method", _line(b"PWN {target} HTTP/1.1"), frozenset({400, 405, 501})),
    _framing("method-of-10-000-characters", _line(b"Zebra" * 2000 + b" {target} HTTP/1.1")),
    _framing(
        "method-in-lower-case",
        _of(lambda wire: wire.head(b"%s %s HTTP/1.1" % (wire.method.lower(), wire.target)) + (wire.body or b"")),
    ),
    _framing("method-with-nul", _line(b"GE\0T {target} HTTP/1.1")),
    _framing("target-with-a-space", _line(b"{method} {target} {target} HTTP/1.1")),
    _framing("target-with-nul", _line(b"{method} {target}\0 HTTP/1.1")),
    _framing("target-with-ff", _line(b"{method} {target}\xff HTTP/1.1"), frozenset({400, 404})),
    _framing("target-without-slash", _line(b"{method} x{target} HTTP/1.1")),
    _framing(
        "target-of-100-kb", _line(b"{method} {target}/" + b"Zebra" * 20_000 + b" HTTP/1.1"), frozenset({400, 414, 431})
    ),
    _framing("target-with-an-impossible-port", _line(b"{method} http://127.0.0.1:99999{target} HTTP/1.1")),
    _framing("connect", _line(b"CONNECT 127.0.0.1:443 HTTP/1.1"), frozenset({400, 405})),
    _framing("asterisk", _line(b"OPTIONS * HTTP/1.1"), frozenset({400, 404, 405})),
    Input("body-shorter-than-its-length", frozenset({NO_ANSWER, 400, 408}), _short, half_close=True),
    Input("chunk-cut-off", frozenset({NO_ANSWER, 400, 408}), _short_chunk, half_close=True),
    Input("head-cut-off", frozenset({NO_ANSWER, 400, 408}), _of(lambda wire: wire.head()[:-3]), half_close=True),
    Input("nothing-at-all", frozenset({NO_ANSWER}), _bytes(b""), half_close=True),
    Input("garbage-after-the-request", FINE | REFUSED, _of(lambda wire: bytes(wire) + b"\0\xff garbage\r\n\r\n")),
    # The service supports no other protocol and may ignore Upgrade (RFC 9110, section 7.8).
    Input(
        "fine-upgrade-websocket", FINE, _of(lambda w: w.put(b"Connection", b"Upgrade").put(b"Upgrade", b"websocket"))
    ),
    Input("fine-upgrade-h2c", FINE, _of(lambda w: w.put(b"Connection", b"Upgrade").put(b"Upgrade", b"h2c"))),
    Input(
        "fine-http-1.0-without-host",
        FINE,
        _of(lambda wire: wire.put(b"Host").head(b"%s %s HTTP/1.0" % (wire.method, wire.target)) + (wire.body or b"")),
    ),
    Input("fine-absolute-target", FINE, _line(b"{method} http://127.0.0.1{target} HTTP/1.1")),
]
