"""Headers: invalid credentials, heads that are too large, and malformed headers."""

from collections.abc import Callable, Iterator

from support.bad_input.good import Good
from support.bad_input.wire import FINE, REFUSED, Input, Wire

UNAUTHORIZED = frozenset({400, 401})
# The size of the head is checked before the credentials in it (RFC 6585, section 5).
TOO_LARGE = frozenset({431})


def _credentials(change: Callable[[bytes], tuple[bytes, ...]]) -> Callable[[Good], Iterator[Wire]]:
    """Change the operation's credentials; send all values at once, each in a separate header."""

    def spoil(good: Good) -> Iterator[Wire]:
        if good.credentials:
            name, value = good.credentials
            yield good.wire.put(name, *change(value))

    return spoil


def _key(change: Callable[[bytes], bytes]) -> Callable[[Good], Iterator[Wire]]:
    """Change the tenant's key."""
    return lambda good: (
        good.wire.put(name, change(value))
        for name, value in [good.credentials or (b"", b"")]
        if good.operation.needs_key
    )


def _header(name: bytes, *values: bytes) -> Callable[[Good], Iterator[Wire]]:
    """Add a header with each of the values in turn, for every operation."""
    return lambda good: (good.wire.put(name, value) for value in values)


def _if_taken(name: bytes, *values: bytes) -> Callable[[Good], Iterator[Wire]]:
    return lambda good: (
        good.wire.put(name, value)
        for parameter in good.parameters
        if parameter["in"] == "header" and parameter["name"].encode() == name
        for value in values
    )


def _in_trailer(good: Good) -> Iterator[Wire]:
    """Send the credentials in a trailer, which must not count as a header (RFC 9110, section 6.5.1)."""
    if good.credentials:
        name, value = good.credentials
        wire = good.wire.put(name).chunked(*([good.body()] if good.schema else []))
        yield wire.with_body((wire.body or b"")[:-2] + name + b": " + value + b"\r\n\r\n")


INPUTS = [
    Input("no-credentials", UNAUTHORIZED, _credentials(lambda value: ())),
    Input("credentials-twice", UNAUTHORIZED, _credentials(lambda value: (value, value))),
    Input("credentials-and-others", UNAUTHORIZED, _credentials(lambda value: (value, b"clin_other"))),
    Input("others-and-credentials", UNAUTHORIZED, _credentials(lambda value: (b"", value))),
    Input("credentials-joined-by-comma", UNAUTHORIZED, _credentials(lambda value: (value + b", " + value,))),
    Input("empty-credentials", UNAUTHORIZED, _credentials(lambda value: (b"",))),
    Input("blank-credentials", UNAUTHORIZED, _credentials(lambda value: (b" \t ",))),
    Input("credentials-of-50-kb", UNAUTHORIZED, _credentials(lambda value: (value + b"Zebra" * 10_000,))),
    Input("credentials-of-100-kb", UNAUTHORIZED | TOO_LARGE, _credentials(lambda value: (value + b"Zebra" * 20_000,))),
    Input("credentials-with-nul", UNAUTHORIZED, _credentials(lambda value: (value + b"\0",))),
    Input("credentials-with-nul-first", UNAUTHORIZED, _credentials(lambda value: (b"\0" + value,))),
    Input("credentials-with-ff", UNAUTHORIZED, _credentials(lambda value: (value + b"\xff",))),
    Input("credentials-all-ff", UNAUTHORIZED, _credentials(lambda value: (b"\xff" * len(value),))),
    Input("credentials-in-utf-8", UNAUTHORIZED, _credentials(lambda value: (value[:-1] + "\uff41".encode(),))),
    Input("key-padded", UNAUTHORIZED, _key(lambda value: b"   " + value + b"   ")),
    Input("key-padded-with-tabs", UNAUTHORIZED, _key(lambda value: b"\t" + value + b"\t")),
    Input("credentials-padded-with-nbsp", UNAUTHORIZED, _credentials(lambda value: (b"\xa0" + value + b"\xa0",))),
    Input("credentials-padded-with-control", UNAUTHORIZED, _credentials(lambda value: (value + b"\x0b",))),
    Input("credentials-with-line-feed", UNAUTHORIZED, _credentials(lambda value: (value + b"\nX-Other: 1",))),
    Input("credentials-quoted", UNAUTHORIZED, _credentials(lambda value: (b'"' + value + b'"',))),
    Input("credentials-in-a-trailer", UNAUTHORIZED, _in_trailer),
    Input("head-of-100-kb", TOO_LARGE, _header(b"X-Other", b"Zebra" * 20_000)),
    Input("10-000-headers", TOO_LARGE, lambda good: [good.wire.put(b"X-Other", *[b"1"] * 10_000)]),
    Input("1000-headers", FINE, lambda good: [good.wire.put(b"X-Other", *[b"1"] * 1000)]),
    Input("header-with-nul", REFUSED, _header(b"X-Other", b"a\0b", b"\0")),
    Input("header-name-with-nul", REFUSED, _header(b"X-Oth\0er", b"1")),
    Input("header-name-empty", REFUSED, _header(b"", b"1")),
    Input("header-name-not-ascii", REFUSED, _header("X-Öther".encode(), b"1")),
    Input("fine-header-with-ff", FINE, _header(b"X-Other", b"\xff\xfe")),
    Input("accept-malformed", FINE | {404, 406}, _header(b"Accept", b"\xff", b"," * 10_000, b";q=", b"*/*;q=x", b"")),
    Input("if-none-match-of-2000-characters", REFUSED, _if_taken(b"If-None-Match", b'"' + b"a" * 2000 + b'"')),
    Input("if-none-match-malformed", FINE | {304, 400}, _if_taken(b"If-None-Match", b"\xff", b'"', b"W/", b",,,")),
]
