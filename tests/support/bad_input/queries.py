"""Queries: unknown parameters, repeated parameters and invalid values."""

from collections.abc import Callable, Iterator

from support.bad_input.good import Good
from support.bad_input.wire import REFUSED, Input, Wire


def _query(*queries: bytes) -> Callable[[Good], Iterator[Wire]]:
    """Send each query to every operation."""
    return lambda good: (good.wire.asking(query) for query in queries)


def _value(
    *values: bytes, types: tuple[str, ...] = ("string", "integer", "boolean")
) -> Callable[[Good], Iterator[Wire]]:
    """Send each value for each parameter of the types."""
    return lambda good: (
        good.wire.asking(parameter["name"].encode() + b"=" + value)
        for parameter in good.query(*types)
        for value in values
        if value or not parameter.get("allowEmptyValue")
    )


def _integer(*values: bytes) -> Callable[[Good], Iterator[Wire]]:
    return _value(*values, types=("integer",))


def _each(query: Callable[[bytes, bytes], bytes]) -> Callable[[Good], Iterator[Wire]]:
    """Send a query made from each parameter's name and a valid value."""
    return lambda good: (
        good.wire.asking(query(parameter["name"].encode(), good.example(parameter).encode()))
        for parameter in good.query("string", "integer", "boolean")
    )


INPUTS = [
    Input("query-unknown", REFUSED, _query(b"unknown=1", b"unknown", b"=1", b"=")),
    Input("query-of-the-tenant", REFUSED, _query(b"tenant_id=00000000-0000-4000-8000-000000000000", b"role=admin")),
    Input("query-unknown-of-10-000-characters", REFUSED, _query(b"Zebra" * 2000 + b"=1")),
    Input("query-10-000-parameters", REFUSED, _query(b"&".join(b"p%d" % number for number in range(10_000)))),
    Input("query-nul-in-a-name", REFUSED, _query(b"%00=1", b"a%00b=1")),
    Input("query-nul-in-a-value", REFUSED, _value(b"%00", b"1%00", b"a%00b")),
    Input("query-invalid-utf-8", REFUSED, _query(b"%ff=1", b"a=%ff", b"%c0%80=1", b"%ed%a0%80=1")),
    Input("query-invalid-utf-8-in-a-value", REFUSED, _value(b"%ff", b"%c0%80", b"%ed%a0%80", b"%e2%82")),
    Input("query-raw-bytes", REFUSED, _query(b"\xff=1", b"\xe2\x82\xac=1")),
    Input("query-raw-bytes-in-a-value", REFUSED, _value(b"\xff", b"\xc0\x80")),
    Input("query-broken-percent", REFUSED, _query(b"%", b"a=%1", b"a=%zz", b"a=%u0031")),
    Input("query-broken-percent-in-a-value", REFUSED, _value(b"%", b"1%", b"%zz", b"%u0031")),
    Input("query-twice", REFUSED, _each(lambda name, value: name + b"=" + value + b"&" + name + b"=" + value)),
    Input("query-twice-once-encoded", REFUSED, _each(lambda n, v: n + b"=" + v + b"&%%%02x" % n[0] + n[1:] + b"=" + v)),
    Input("query-upper-case", REFUSED, _each(lambda name, value: name.upper() + b"=" + value)),
    Input("query-brackets", REFUSED, _each(lambda name, value: name + b"[]=" + value + b"&" + name + b"[a]=" + value)),
    Input("query-semicolon", REFUSED, _each(lambda name, value: b"x=1;" + name + b"=" + value)),
    Input("query-value-of-10-000-characters", REFUSED, _value(b"Zebra" * 2000)),
    Input("query-empty-value", REFUSED, _value(b"")),
    Input("query-integer-full-width", REFUSED, _integer(b"%EF%BC%91", "\uff11".encode(), b"%D9%A1", b"%C2%B2")),
    Input("query-integer-underscore", REFUSED, _integer(b"1_0")),
    Input("query-integer-sign", REFUSED, _integer(b"+1", b"%2B1", b"--1")),
    Input("query-integer-blank", REFUSED, _integer(b"%201", b"1%20", b"1%0a", b"1+")),
    Input(
        "query-integer-beyond-its-bounds", REFUSED, _integer(b"0", b"-1", b"-0", b"2147483648", b"9" * 30, b"9" * 5000)
    ),
    Input(
        "query-integer-in-another-form",
        REFUSED,
        _integer(b"1e1", b"1.0", b"0x10", b"01", b"0b1", b"NaN", b"true", b"1,2"),
    ),
]
