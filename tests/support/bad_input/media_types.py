"""Content-Type and Content-Encoding."""

import gzip
from collections.abc import Callable, Iterator

from support.bad_input.good import Good
from support.bad_input.wire import FINE, Input, Wire

NOT_SUPPORTED = frozenset({415})


def _content_type(*values: bytes) -> Callable[[Good], Iterator[Wire]]:
    """Send each of the values in turn, with the operation's own media type in place of `application/json`."""

    def spoil(good: Good) -> Iterator[Wire]:
        own = good.media_type.encode()
        for value in values if good.schema else ():
            for form in (bytes.lower, bytes.upper, bytes.title):
                value = value.replace(form(b"application/json"), form(own))
            yield good.wire.put(b"Content-Type", value)

    return spoil


def _headers(name: bytes, *values: bytes) -> Callable[[Good], Iterator[Wire]]:
    """Send all values at once, each in a separate header; without values: omit the header."""
    return lambda good: (good.wire.put(name, *values) for _ in "1" if good.schema)


def _gzip(good: Good) -> Iterator[Wire]:
    if good.schema is not None:
        yield good.wire.put(b"Content-Encoding", b"gzip").with_body(gzip.compress(good.body()))
        yield good.wire.put(b"Content-Encoding", b"GZIP")


def _bomb(good: Good) -> Iterator[Wire]:
    if good.schema is not None:
        yield good.wire.put(b"Content-Encoding", b"gzip").with_body(gzip.compress(b" " * 10_000_000))


def _chunked(size: int) -> Callable[[Good], Iterator[Wire]]:
    def spoil(good: Good) -> Iterator[Wire]:
        if good.schema is not None:
            body = good.body()
            yield good.wire.chunked(*(body[start : start + size] for start in range(0, len(body), size)))

    return spoil


INPUTS = [
    Input("no-content-type", NOT_SUPPORTED, _headers(b"Content-Type")),
    Input("empty-content-type", NOT_SUPPORTED, _content_type(b"", b" ", b";")),
    Input("another-media-type", NOT_SUPPORTED, _content_type(b"text/plain", b"application/xml", b"text/json", b"*/*")),
    Input(
        "form-media-type", NOT_SUPPORTED, _content_type(b"application/x-www-form-urlencoded", b"multipart/form-data")
    ),
    Input(
        "nearly-json", NOT_SUPPORTED, _content_type(b"application/jsonp", b"application/json5", b"application / json")
    ),
    Input("json-patch", NOT_SUPPORTED, _content_type(b"application/json-patch+json", b"application/problem+json")),
    Input("charset-utf-16", NOT_SUPPORTED, _content_type(b"application/json;charset=utf-16")),
    Input("charset-latin-1", NOT_SUPPORTED, _content_type(b"application/json; charset=iso-8859-1")),
    Input("charset-unknown", NOT_SUPPORTED, _content_type(b"application/json;charset=", b"application/json;charset=x")),
    Input("charset-twice", NOT_SUPPORTED, _content_type(b"application/json;charset=utf-8;charset=utf-16")),
    Input("non-ascii-content-type", NOT_SUPPORTED, _content_type(b"application/json\xff", "applicatiön/json".encode())),
    Input("content-type-of-10-000-bytes", NOT_SUPPORTED, _content_type(b"application/json;" + b"Zebra" * 2000)),
    Input("content-type-twice", NOT_SUPPORTED, _headers(b"Content-Type", b"application/json", b"application/json")),
    Input("two-content-types", NOT_SUPPORTED, _headers(b"Content-Type", b"application/json", b"text/plain")),
    Input("gzip", NOT_SUPPORTED, _gzip),
    Input("gzip-bomb", NOT_SUPPORTED, _bomb),
    Input("other-content-encodings", NOT_SUPPORTED, _headers(b"Content-Encoding", b"br", b"deflate")),
    Input("content-encoding-identity-and-gzip", NOT_SUPPORTED, _headers(b"Content-Encoding", b"identity, gzip")),
    Input("content-encoding-non-ascii", NOT_SUPPORTED, _headers(b"Content-Encoding", b"\xff")),
    Input("fine-upper-case-media-type", FINE, _content_type(b"APPLICATION/JSON", b"Application/Json;CHARSET=UTF-8")),
    Input("fine-space-before-charset", FINE, _content_type(b"application/json ;charset=utf-8")),
    Input("fine-quoted-charset", FINE, _content_type(b'application/json; charset="UTF-8"', b"application/json;")),
    Input("fine-content-encoding-identity", FINE, _headers(b"Content-Encoding", b"Identity")),
    Input("fine-chunked", FINE, _chunked(1000)),
    Input("fine-chunks-of-one-byte", FINE, _chunked(1)),
]
