"""Request bodies: read within limits, and parsed as JSON that every parser understands in the same way."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from clincore.problems import PayloadTooLarge, UnsupportedMediaType, ValidationFailed

BODY_BYTES_MAX = 256 * 1024
DEPTH_MAX = 64

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_LONG_DIGITS = re.compile(rb"[0-9]{19}")
_LONG_INTEGER = re.compile(rb"(?<![0-9.eE+-])-?[0-9]{19,}(?![0-9.eE])")
_SQUARE = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
# The escape \u0000, but not an escaped backslash followed by u0000.
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_CHARSET = re.compile(r'charset="?utf-8"?', re.IGNORECASE)

Receive = Callable[[], Awaitable[Mapping[str, Any]]]


class ClientLeft(Exception):
    """The client closed the connection before it had sent the whole body."""


async def read(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """Read the body.

    Raises:
        PayloadTooLarge: it is longer than 256 KiB, as declared or as sent. The rest is not read.
        ClientLeft: the client closed the connection.
    """
    declared = headers.get(b"content-length", b"0")
    # The HTTP parser has refused lengths that are not numbers.
    if len(declared) > 9 or int(declared) > BODY_BYTES_MAX:
        raise _too_large()
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > BODY_BYTES_MAX:
            raise _too_large()
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def skip(receive: Receive) -> None:
    """Wait for the end of a request whose operation takes no body, so that an incomplete request changes nothing.

    Raises:
        ValidationFailed: the body is longer than 256 KiB. A shorter one is ignored.
        ClientLeft: the client closed the connection.
    """
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        size += len(message.get("body", b""))
        if size > BODY_BYTES_MAX:
            raise ValidationFailed([("", "This operation takes no body.")])
        if not message.get("more_body", False):
            return


def parse(content: bytes, headers: Mapping[bytes, bytes], media_type: str) -> Any:
    """Parse the body.

    Raises:
        UnsupportedMediaType: the headers do not declare `media_type` in UTF-8 without a content encoding.
        ValidationFailed: it is not JSON, or JSON that parsers understand differently (RFC 7493).
    """
    _check_media_type(headers, media_type)
    try:
        # Stricter than the standard library about text and infinite numbers, and it costs little.
        orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise ValidationFailed([("", f"The body is not JSON: {error}"[:200])]) from None
    if content.count(b"[") + content.count(b"{") > DEPTH_MAX and _is_too_deep(content):
        raise ValidationFailed([("", f"The body is nested deeper than {DEPTH_MAX} levels.")])
    if b"\\u0000" in content and _ESCAPED_NUL.search(content):
        raise ValidationFailed([("", "The body has the NUL character (\\u0000), which PostgreSQL cannot store.")])
    if _has_long_integer(content):
        raise ValidationFailed([("", "The body has an integer of more than 64 bits.")])
    return _DECODER.decode(content.decode())


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValidationFailed([("", "The body has an object with a repeated key.")])
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_unique)


def _has_long_integer(content: bytes) -> bool:
    """Whether there is an integer of more than 64 bits."""
    # Not by a hook for each integer, which a body that is full of them would make expensive.
    if not _LONG_DIGITS.search(content):
        return False
    # int() refuses more than 4300 digits. 21 characters are enough to tell that a number is too long.
    found = (match[:21] for match in _LONG_INTEGER.findall(_STRING.sub(b"", content)))
    return any(not -(2**63) <= int(digits) < 2**64 for digits in found)


def _check_media_type(headers: Mapping[bytes, bytes], media_type: str) -> None:
    given, *parameters = headers.get(b"content-type", b"").decode("latin-1").split(";")
    if given.strip(" \t").lower() != media_type:
        raise UnsupportedMediaType(f"Send the body with the header Content-Type: {media_type}.")
    for parameter in parameters:
        if parameter.strip(" \t") and not _CHARSET.fullmatch(parameter.strip(" \t")):
            raise UnsupportedMediaType(f"Send the body as UTF-8, with the header Content-Type: {media_type}.")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise UnsupportedMediaType("Send the body without Content-Encoding.")


def _is_too_deep(content: bytes) -> bool:
    """Whether JSON that is well-formed is nested deeper than `DEPTH_MAX` levels."""
    brackets = _STRING.sub(b"", content).translate(_SQUARE, _NO_BRACKETS)
    for _ in range(DEPTH_MAX):
        # The innermost level.
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _too_large() -> PayloadTooLarge:
    return PayloadTooLarge(f"The body may have at most {BODY_BYTES_MAX} bytes.")
