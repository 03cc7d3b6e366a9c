"""Paths: ids in other forms, and bytes that are not allowed in a path."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from support.bad_input.good import Good
from support.bad_input.wire import REFUSED, Input, Wire

ID = "3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11"


def _id(*values: str | bytes) -> Callable[[Good], Iterator[Wire]]:
    """Replace each id with each value."""
    as_bytes = [value if isinstance(value, bytes) else value.encode() for value in values]
    return lambda good: (wire for value in as_bytes for wire in good.in_path(value))


def _parameter(*values: bytes) -> Callable[[Good], Iterator[Wire]]:
    """Replace each parameter, id or not, with each value."""
    return lambda good: (wire for value in values for wire in good.in_path(value, ids_only=False))


def _target(change: Callable[[bytes], bytes]) -> Callable[[Good], Iterator[Wire]]:
    """Change the whole path, if that makes another one."""

    def spoil(good: Good) -> Iterator[Wire]:
        path, mark, query = good.wire.target.partition(b"?")
        if change(path) != path:
            yield replace(good.wire, target=change(path) + mark + query)

    return spoil


NOT_FOUND = frozenset({404})

INPUTS = [
    Input("id-urn", REFUSED, _id(f"urn:uuid:{ID}", f"uuid:{ID}")),
    Input("id-in-braces", REFUSED, _id(f"%7B{ID}%7D", f"{{{ID}}}", f"({ID})")),
    # A valid id (RFC 9562, section 4) of nothing that exists.
    Input("id-upper-case", NOT_FOUND, _id(ID.upper(), ID.replace("f", "F"))),
    Input("id-without-hyphens", REFUSED, _id(ID.replace("-", ""))),
    Input(
        "id-with-other-hyphens", REFUSED, _id("3f0e-1a52-7c84-4d0e-9f57-0a4f-4d1b-8c11", ID.replace("-", "%E2%80%90"))
    ),
    Input("id-too-short-or-long", REFUSED, _id(ID[:-1], ID + "0", "0")),
    Input("id-with-blanks", REFUSED, _id(f"%20{ID}", f"{ID}%20", f"{ID}%09", f"{ID}+")),
    Input("id-with-line-feed", REFUSED, _id(f"{ID}%0a", f"{ID}%0d%0a", f"%0a{ID}")),
    Input("id-full-width", REFUSED, _id(ID.replace("1", "%EF%BC%91"), ID.replace("0", "%D9%A0"))),
    Input("id-not-hexadecimal", REFUSED, _id(ID.replace("f", "g"), "x" * 36)),
    Input("id-like-sql", REFUSED, _id(f"{ID}'--", "1%20OR%201=1", "$(id)", "%25s")),
    Input("id-null", REFUSED, _id("null", "undefined", "None", "[object%20Object]", "0")),
    Input("id-twice-encoded", REFUSED, _id(ID.replace("-", "%252d"))),
    Input("parameter-10-000-characters", REFUSED, _parameter(b"Zebra" * 2000)),
    Input("parameter-ff", REFUSED, _parameter(b"%ff", b"%c0%af", b"%ed%a0%80")),
    Input("parameter-nul", REFUSED, _parameter(b"%00", ID.encode() + b"%00", b"%00" * 100)),
    Input("parameter-broken-percent", REFUSED, _parameter(b"%", b"%1", b"%zz", b"%u0031")),
    Input("parameter-dots", frozenset({400, 404}), _parameter(b"..", b"%2e%2e", b".")),
    # Decoded it would be a different path, which is not in the contract.
    Input("parameter-slash", frozenset({400, 404}), _parameter(b"%2F", ID.encode() + b"%2f", b"..%2f" + ID.encode())),
    Input("path-nul", REFUSED, _target(lambda path: path + b"%00")),
    Input("path-nul-in-the-middle", REFUSED, _target(lambda path: path[:2] + b"%00" + path[2:])),
    # `POST /cases/search%ff` is a method that the path of a case does not have.
    Input("path-ff", frozenset({400, 404, 405}), _target(lambda path: path + b"%ff")),
    Input("path-slash-at-its-end", NOT_FOUND, _target(lambda path: path + b"/")),
    Input("path-encoded-slash-at-its-end", NOT_FOUND, _target(lambda path: path + b"%2F")),
    Input("path-two-slashes", NOT_FOUND, _target(lambda path: b"/" + path)),
    Input("path-dots", NOT_FOUND, _target(lambda path: b"/x/.." + path)),
    Input("path-upper-case", NOT_FOUND, _target(lambda path: path.upper())),
    Input("path-10-000-characters", frozenset({400, 404, 405}), _target(lambda path: path + b"/" + b"Zebra" * 2000)),
    Input("path-semicolon", NOT_FOUND, _target(lambda path: path.replace(b"/", b"/;a=b", 1))),
]
