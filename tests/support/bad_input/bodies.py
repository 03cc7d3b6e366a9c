"""Bodies: invalid text, numbers and dates, excessive structure and size, and unusual valid bodies."""

import json
from collections.abc import Callable, Iterator
from functools import cache

from support.bad_input.good import Good
from support.bad_input.wire import FINE, REFUSED, Input, Wire

DAY = "2024-02-29"


def _everywhere(text: bytes) -> Callable[[Good], Iterator[Wire]]:
    """Replace each string of the body with the JSON, one at a time."""
    return lambda good: (good.with_value(path, text) for path in good.strings())


def _somewhere(text: bytes) -> Callable[[Good], Iterator[Wire]]:
    """Replace the body's first plain value with the JSON, for errors that the parser finds at any place."""
    return lambda good: (good.with_value(path, text) for path, _ in good.leaves[:1])


def _as_key(text: bytes) -> Callable[[Good], Iterator[Wire]]:
    """Add a member with this key to each object."""
    return lambda good: (good.with_member(path, text, b'"x"') for path, _ in good.objects)


def _as_unknown_key(text: bytes) -> Callable[[Good], Iterator[Wire]]:
    """Like `_as_key`, for each object whose schema lists its properties."""
    return lambda good: (
        good.with_member(path, text, b'"x"') for path, schema in good.objects if "properties" in schema
    )


def _too_long(text: bytes, length: int) -> Callable[[Good], Iterator[Wire]]:
    """Replace each string that must be shorter."""
    return lambda good: (
        good.with_value(path, text)
        for path, schema in good.leaves
        if schema["type"] == "string" and schema.get("maxLength", 0) < length
    )


def _beyond_its_bounds(good: Good) -> Iterator[Wire]:
    for path, schema in good.leaves:
        if "maximum" in schema:
            yield good.with_value(path, b"%d" % (schema["maximum"] + 1))


def _as_number(text: bytes) -> Callable[[Good], Iterator[Wire]]:
    """Replace each number, the first plain value, and the whole body with the JSON."""

    def spoil(good: Good) -> Iterator[Wire]:
        numbers = [
            path
            for path, schema in good.leaves
            if schema["type"] in ("integer", "number") and not (text == b"-1" and schema.get("minimum", 0) < 0)
        ]
        for path in {*numbers, *(path for path, _ in good.leaves[:1])}:
            yield good.with_value(path, text)
        yield from good.with_body(text)

    return spoil


def _as_time(*values: str) -> Callable[[Good], Iterator[Wire]]:
    """Replace each date and time of the body and the query with each value."""

    def spoil(good: Good) -> Iterator[Wire]:
        for value in values:
            for path, schema in good.leaves:
                if schema.get("format") in ("date", "date-time"):
                    yield good.with_value(path, json.dumps(value).encode())
            quoted = "".join(f"%{byte:02x}" for byte in value.encode()).encode()
            for parameter in (*good.query(format_="date"), *good.query(format_="date-time")):
                yield good.wire.asking(parameter["name"].encode() + b"=" + quoted)

    return spoil


def _day(day: str) -> Callable[[Good], Iterator[Wire]]:
    return _as_time(day, f"{day}T12:00:00+02:00")


def _whole(*bodies: bytes) -> Callable[[Good], Iterator[Wire]]:
    return lambda good: good.with_body(*bodies)


def _encoded(change: Callable[[bytes], bytes]) -> Callable[[Good], Iterator[Wire]]:
    """Change the bytes of the valid body."""

    def spoil(good: Good) -> Iterator[Wire]:
        if good.schema is not None:
            yield good.wire.with_body(change(good.body()))

    return spoil


def _unknown_field(name: str, value: bytes) -> Callable[[Good], Iterator[Wire]]:
    """Add a member to each object whose schema lists its properties."""
    key = json.dumps(name).encode()
    return lambda good: (
        good.with_member(path, key, value)
        for path, schema in good.objects
        if "properties" in schema and name not in schema["properties"]
    )


def _twice(escape: bool, change: bool) -> Callable[[Good], Iterator[Wire]]:
    """Repeat a key in each object: as it is or escaped, with its value or another."""

    def spoil(good: Good) -> Iterator[Wire]:
        for path, _ in good.objects:
            value = good.value
            for part in path:
                value = value[part]
            key, value = next(iter(value.items()))
            text = f'"\\u{ord(key[0]):04x}{key[1:]}"' if escape else f'"{key}"'
            yield good.with_member(path, text.encode(), b'"other"' if change else json.dumps(value).encode())

    return spoil


def _tenant_name(*names: str) -> Callable[[Good], Iterator[Wire]]:
    return lambda good: (
        good.with_value(path, json.dumps(name).encode())
        for path, _ in good.leaves
        if path == ("tenant_name",)
        for name in names
    )


def _too_large_declared(good: Good) -> Iterator[Wire]:
    yield from good.with_body(good.body() + b" " * good.bytes_max)


def _too_large_announced(good: Good) -> Iterator[Wire]:
    if good.schema is not None:
        for length in (good.bytes_max + 1, 100_000_000, 10**18):
            yield good.wire.put(b"Content-Length", b"%d" % length).with_body(b"{")


def _too_large_streamed(good: Good) -> Iterator[Wire]:
    if good.schema is not None:
        parts = good.bytes_max // 65536
        yield good.wire.chunked(good.body(), *[b" " * 65536] * parts)
        yield good.wire.chunked(*[b" " * 65536] * 2 * parts)


def _largest(good: Good) -> Iterator[Wire]:
    yield from good.with_body(good.body().ljust(good.bytes_max))


def _text(text: bytes) -> Callable[[Good], Iterator[Wire]]:
    """Replace all free text at once with the JSON."""
    return lambda good: (good.with_values(places, text) for places in [good.texts()] if places)


def _integral(text: bytes) -> Callable[[Good], Iterator[Wire]]:
    return lambda good: (good.with_value(path, text) for path, schema in good.leaves if schema["type"] == "integer")


def _first_and_last(good: Good) -> Iterator[Wire]:
    times = ("1000-01-01T00:00:00+23:59", "2999-12-31T23:59:59.999999999-23:59")
    for day, time in (("1000-01-01", times[0]), ("2999-12-31", times[1])):
        for path, schema in good.leaves:
            # A period must not end before it starts, nor a key before now.
            if path[-1] in (("end", "expires_at") if day == "1000-01-01" else ("start",)):
                continue
            if schema.get("format") in ("date", "date-time"):
                yield good.with_value(path, json.dumps(day if schema["format"] == "date" else time).encode())


def _empty(good: Good) -> Iterator[Wire]:
    if good.needs_body:
        yield from good.with_body(b"")


@cache
def _keys(count: int) -> bytes:
    return json.dumps({f"k{number}": "x" for number in range(count)}).encode()


NOT_TEXT = [
    Input("nul-in-text", REFUSED, _everywhere(rb'"a\u0000b"')),
    Input("nul-alone-as-text", REFUSED, _everywhere(rb'"\u0000"')),
    Input("nul-byte-in-text", REFUSED, _somewhere(b'"a\0b"')),
    Input("nul-after-an-escaped-backslash", REFUSED, _somewhere(rb'"\\\u0000"')),
    Input("nul-in-a-key", REFUSED, _as_key(rb'"a\u0000b"')),
    Input("nul-byte-in-a-key", REFUSED, _as_key(b'"a\0b"')),
    Input("nul-byte-after-the-body", REFUSED, _encoded(lambda body: body + b"\0")),
    Input("lone-high-surrogate", REFUSED, _everywhere(rb'"\ud800"')),
    Input("lone-low-surrogate", REFUSED, _everywhere(rb'"a\udc00b"')),
    Input("surrogates-the-wrong-way-round", REFUSED, _somewhere(rb'"\udc00\ud800"')),
    Input("lone-surrogate-in-a-key", REFUSED, _as_key(rb'"\ud800"')),
    Input("surrogate-as-utf-8", REFUSED, _somewhere(b'"\xed\xa0\x80"')),
    Input("invalid-utf-8", REFUSED, _somewhere(b'"\xff"')),
    Input("invalid-utf-8-in-a-key", REFUSED, _as_key(b'"\xff"')),
    Input("cut-off-utf-8", REFUSED, _somewhere(b'"\xe2\x82"')),
    Input("latin-1", REFUSED, _somewhere(b'"caf\xe9"')),
    Input("overlong-nul", REFUSED, _somewhere(b'"\xc0\x80"')),
    Input("overlong-slash", REFUSED, _somewhere(b'"\xe0\x80\xaf"')),
    Input("beyond-unicode", REFUSED, _somewhere(b'"\xf4\x90\x80\x80"')),
    Input("control-character-unescaped", REFUSED, _somewhere(b'"a\nb"')),
    Input("bom", REFUSED, _encoded(lambda body: b"\xef\xbb\xbf" + body)),
    Input("utf-16", REFUSED, _encoded(lambda body: body.decode().encode("utf-16"))),
    Input("utf-16-without-bom", REFUSED, _encoded(lambda body: body.decode().encode("utf-16-le"))),
    Input("utf-32", REFUSED, _encoded(lambda body: body.decode().encode("utf-32"))),
    Input("100-000-characters", REFUSED, lambda good: _too_long(b'"' + b"Zebra" * 20_000 + b'"', 100_000)(good)),
]

NOT_NUMBERS = [
    Input(f"number-{name}", REFUSED, _as_number(text))
    for name, text in {
        "nan": b"NaN",
        "infinity": b"Infinity",
        "minus-infinity": b"-Infinity",
        "1e400": b"1e400",
        "minus-1e400": b"-1e400",
        "1e999999999": b"1e999999999",
        "negative": b"-1",
        "2-to-63": b"9223372036854775808",
        "2-to-64": b"18446744073709551616",
        "minus-2-to-63-and-1": b"-9223372036854775809",
        "of-5000-digits": b"9" * 5000,
        "of-minus-5000-digits": b"-" + b"9" * 5000,
        "of-5000-zeros": b"1" + b"0" * 5000,
        "fraction": b"1.5",
        "of-5000-decimals": b"0." + b"3" * 5000,
        "hexadecimal": b"0x10",
        "leading-zero": b"01",
        "plus": b"+1",
        "underscore": b"1_0",
        "full-width": "\uff11".encode(),
        "true": b"true",
    }.items()
]
NOT_NUMBERS.append(Input("number-beyond-its-bounds", REFUSED, _beyond_its_bounds))
NOT_NUMBERS.append(Input("number-as-a-string", REFUSED, _integral(b'"10"')))

NOT_DAYS = [
    Input(f"day-{day.strip()}", REFUSED, _day(day))
    for day in (
        "0000-01-01",
        "0001-01-01",
        "2023-02-29",
        "2024-02-30",
        "2024-13-01",
        "2024-00-10",
        "2024-04-31",
        "9999-12-31",
        "10000-01-01",
        "-2024-01-01",
        "infinity",
        "-infinity",
        "today",
        "now",
        "epoch",
        "20240101",
        "2024-W01-1",
        "2024-060",
        "2024-1-1",
        "01.02.2024",
        "1709164800",
        "\uff12\uff10\uff12\uff14-01-01",
        "2024-01-01 BC",
    )
] + [
    Input(f"time-{name}", REFUSED, _as_time(*times))
    for name, times in {
        "of-year-1": ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z"),
        "of-year-9999": ("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999999999Z"),
        "24-o-clock": (f"{DAY}T24:00:00Z",),
        "25-o-clock": (f"{DAY}T25:00:00Z",),
        "leap-second": (f"{DAY}T23:59:60Z", f"{DAY}T12:00:60Z"),
        "minute-60": (f"{DAY}T23:60:00Z",),
        "without-offset": (f"{DAY}T12:00:00",),
        "offset-of-a-day": (f"{DAY}T12:00:00+24:00", f"{DAY}T12:00:00-29:00"),
        "offset-of-60-minutes": (f"{DAY}T12:00:00+01:60",),
        "offset-without-colon": (f"{DAY}T12:00:00+0100",),
        "ten-decimals": (f"{DAY}T12:00:00.1234567890Z",),
        "5000-decimals": (f"{DAY}T12:00:00.{'1' * 5000}Z",),
        "comma": (f"{DAY}T12:00:00,5Z",),
        "space-for-t": (f"{DAY} 12:00:00Z",),
        "zone-name": (f"{DAY}T12:00:00 Europe/Berlin", f"{DAY}T12:00:00Z[UTC]"),
        "line-feed-after-it": (f"{DAY}\n", f"{DAY}T12:00:00Z\n"),
        "space-around-it": (f" {DAY}", f"{DAY}T12:00:00Z ", f" {DAY}T12:00:00Z"),
        "empty": ("",),
        "arabic-digits": ("\u0662024-02-29", f"{DAY}T1\u0662:00:00Z"),
    }.items()
]

STRUCTURE = [
    Input("nesting-65", REFUSED, _whole(b"[" * 65 + b"]" * 65, b'{"a":' * 65 + b"1" + b"}" * 65)),
    Input(
        "nesting-65-in-a-field",
        REFUSED,
        lambda good: (good.with_value(path, b"[" * 64 + b"]" * 64) for path, _ in good.leaves),
    ),
    Input("nesting-100-000", REFUSED, _whole(b"[" * 100_000 + b"]" * 100_000, b"[" * 100_000)),
    Input("nesting-40-000-objects", REFUSED, _whole(b'{"a":' * 40_000 + b"1" + b"}" * 40_000)),
    # So many different keys take more than 256 KiB.
    Input("100-000-keys", frozenset({400, 413}), lambda good: _whole(_keys(100_000))(good)),
    Input("15-000-keys", REFUSED, lambda good: _whole(_keys(15_000))(good)),
    Input(
        "2000-keys-in-each-object",
        REFUSED,
        lambda good: (good.with_value(path, _keys(2000)) for path, _ in good.objects[1:]),
    ),
    Input("key-twice", REFUSED, _twice(escape=False, change=True)),
    Input("key-twice-with-the-same-value", REFUSED, _twice(escape=False, change=False)),
    Input("key-twice-once-escaped", REFUSED, _twice(escape=True, change=True)),
    Input("key-with-100-000-characters", REFUSED, lambda good: _as_unknown_key(b'"' + b"Zebra" * 20_000 + b'"')(good)),
    Input("empty-key", REFUSED, _as_unknown_key(b'""')),
    *(
        Input(f"unknown-field-{name}", REFUSED, _unknown_field(name, value))
        for name, value in {
            "tenant_id": b'"00000000-0000-4000-8000-000000000000"',
            "role": b'"admin"',
            "billing_status": b'"paid"',
            "id": b'"00000000-0000-4000-8000-000000000000"',
            "created_by": b'"00000000-0000-4000-8000-000000000000"',
            "__proto__": b"{}",
        }.items()
    ),
    Input(
        "null-in-each-place",
        REFUSED,
        lambda good: (good.with_value(path, b"null") for path, schema in good.leaves if not schema.get("nullable")),
    ),
    Input(
        "object-in-each-place",
        REFUSED,
        lambda good: (good.with_value(path, b'{"$ne":1}') for path, _ in good.leaves),
    ),
    Input("another-root", REFUSED, _whole(b"[]", b'"x"', b"1", b"true", b"[{}]")),
    Input("null-as-root", REFUSED, lambda good: () if good.is_nullable else good.with_body(b"null")),
    Input("blank-body", REFUSED, _whole(b" ", b"\r\n")),
    Input("empty-body", REFUSED, _empty),
    Input("cut-off-body", REFUSED, _encoded(lambda body: body[:-1])),
    Input("two-documents", REFUSED, _encoded(lambda body: body + b"\n" + body)),
    Input("comment", REFUSED, _encoded(lambda body: b"/**/" + body)),
    Input("trailing-comma", REFUSED, _encoded(lambda body: body[:-1] + b",}")),
    Input("single-quotes", REFUSED, _encoded(lambda body: body.replace(b'"', b"'"))),
    Input("form", REFUSED, _whole(b"title=x&role=admin")),
    Input("random-bytes", REFUSED, _whole(bytes(range(256)) * 8)),
]

SIZES = [
    Input("too-large-declared", frozenset({413}), _too_large_declared),
    Input("too-large-announced-and-not-sent", frozenset({413}), _too_large_announced),
    Input("too-large-streamed", frozenset({413}), _too_large_streamed),
]

NAMES = [
    # 422 for rules that no schema can express.
    Input(f"name-{name}", REFUSED | {422}, _tenant_name(*names))
    for name, names in {
        "zero-width": ("a\u200bb", "a\u200cb", "a\u200db", "a\ufeffb", "a\u2060b", "\u200b", "a\u00adb"),
        "control": ("a\u0001b", "a\tb", "a\nb", "a\u007fb", "a\u0085b", "a\u001bb", "a\n"),
        "line-separators": ("a\u2028b", "a\u2029b", "\u2028a", "a\u2029"),
        "bidirectional": ("a\u202eb", "a\u2066b", "a\u200fb", "\u061ca"),
        "tag-characters": ("a\U000e0041", "\U000e0001a", "a\U000e01efb"),
        "invisible-letters": ("a\u3164b", "a\u115fb", "a\u1160", "\uffa0", "a\u034fb", "a\u180eb", "a\u2800b"),
        "variation-selectors": ("a\ufe0f", "a\ufe00b"),
        "space-at-its-ends": (" a", "a ", "\u00a0a", "a\u3000", "\u2003", " "),
        "longer-than-200-once-normalized": ("\u0958" * 101, "\U0001d15e" * 101),
        "empty": ("",),
    }.items()
]

FINE_BODIES = [
    Input("fine-good-body", FINE, _encoded(lambda body: body)),
    Input("fine-emoji-and-combining-marks", FINE, _text('"\U0001f600 e\u0301"'.encode())),
    Input("fine-surrogate-pair", FINE, _text(rb'"\ud83d\ude00"')),
    Input("fine-noncharacters", FINE, _text('"\uffff\U0010ffff\ufdd0"'.encode())),
    Input("fine-escaped-backslash-before-u0000", FINE, _text(rb'"\\u0000"')),
    Input("fine-text-like-json", FINE, _text(rb'"{\"a\":[1,{\"a\":NaN}],\"a\":1}"')),
    Input("fine-text-like-sql", FINE, _text(b'"\'; DROP TABLE cases; --%s%(x)s:x"')),
    Input("fine-escaped-key", FINE, _encoded(lambda body: body[:2] + rb"\u%04x" % body[2] + body[3:])),
    Input("fine-blanks-around", FINE, _encoded(lambda body: b"\r\n\t " + body + b"\n\n")),
    Input("fine-largest", FINE, _largest),
    Input("fine-years-1000-and-2999", FINE, _first_and_last),
]
# JSON Schema accepts 10.0 as an integer; other validators do not.
EITHER = [
    Input("integral-fraction", FINE | REFUSED, _integral(b"10.0")),
    Input("minus-0", FINE | REFUSED, _integral(b"-0")),
]

INPUTS = [*NOT_TEXT, *NOT_NUMBERS, *NOT_DAYS, *STRUCTURE, *SIZES, *NAMES, *FINE_BODIES, *EITHER]
