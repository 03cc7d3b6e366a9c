"""Request bodies: read within limits, and parsed as JSON that every parser understands in the same way."""

import re
from array import array
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import orjson

from clincore.gate import ClientLeft
from clincore.openapi.representations import names_other_fhir
from clincore.problems import PayloadTooLarge, UnsupportedMediaType, ValidationFailed

BODY_BYTES_MAX = 256 * 1024
"""Of a body, unless the operation has an `x-body-bytes-max`."""
DEPTH_MAX = 64
CONTAINERS_MAX = 16_384
"""Objects and lists in a body. A valid body of 256 KiB has fewer: each of its objects takes at least 18 bytes."""

_LONG_DIGITS = re.compile(rb"[0-9]{19}")
_LONG_INTEGER = re.compile(rb"(?<![0-9.eE+-])-?[0-9]{19,}(?![0-9.eE])")
# What a bracket adds to the depth, as a signed byte.
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_CHARSET = re.compile(r'charset="?utf-8"?')

Receive = Callable[[], Awaitable[Mapping[str, Any]]]


async def read(headers: Mapping[bytes, bytes], receive: Receive, bytes_max: int) -> bytes:
    """Read the body.

    Raises:
        PayloadTooLarge: it is longer than `bytes_max`, as declared or as sent. The rest is not read.
        ClientLeft: the client closed the connection.
    """
    declared = headers.get(b"content-length", b"0")
    # The HTTP parser has refused lengths that are not numbers.
    if len(declared) > 9 or int(declared) > bytes_max:
        raise _too_large(bytes_max)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > bytes_max:
            raise _too_large(bytes_max)
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


def parse(
    content: bytes, headers: Mapping[bytes, bytes], media_types: Sequence[str], containers_max: int = CONTAINERS_MAX
) -> Any:
    """Parse the body. The caller must call `refuse_ambiguous` too, after it has validated the value.

    Raises:
        UnsupportedMediaType: the headers do not declare one of `media_types` in UTF-8 without a content encoding.
        ValidationFailed: it is not JSON, has too many objects, or contains the character NUL.
    """
    _check_media_type(headers, media_types)
    # A nested list takes two bytes, but as much time as a hundred characters.
    containers = content.count(b"[") + content.count(b"{")
    if containers > containers_max:
        outside_strings = _without_strings(content)
        containers = outside_strings.count(b"[") + outside_strings.count(b"{")
    if containers > containers_max:
        raise ValidationFailed([("", f"The body has more than {containers_max} objects and lists.")])
    try:
        # orjson is stricter than the standard library about text and infinite numbers, at little cost.
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        if "memory" in error.msg:
            # orjson reports that its buffer cannot be allocated as an error of the text.
            raise MemoryError from None
        raise ValidationFailed([("", f"The body is not JSON: {error}"[:200])]) from None
    # An escaped backslash followed by u0000 is not an escaped NUL.
    if b"\\u0000" in content and b"\\u0000" in content.replace(b"\\\\", b""):
        raise ValidationFailed([("", "The body contains the character NUL (\\u0000), which cannot be stored.")])
    return value


def refuse_ambiguous(content: bytes, value: Any) -> None:
    """Refuse JSON that parsers understand differently (RFC 7493). `value`: the parsed body.

    Raises:
        ValidationFailed: there are repeated keys, integers of more than 64 bits, or more than 64 levels.
    """
    outside_strings = _without_strings(content)
    has_many_brackets = outside_strings.count(b"[") + outside_strings.count(b"{") > DEPTH_MAX
    if has_many_brackets and _depth(outside_strings) > DEPTH_MAX:
        raise ValidationFailed([("", f"The body is nested deeper than {DEPTH_MAX} levels.")])
    # Not in the whole content, where the search takes longer than everything else together.
    if _LONG_DIGITS.search(outside_strings) and _has_long_integer(outside_strings):
        raise ValidationFailed([("", "The body has an integer of more than 64 bits.")])
    # One colon for each member; the parsed value has one member for a key that is repeated.
    if outside_strings.count(b":") != _without_strings(orjson.dumps(value)).count(b":"):
        raise ValidationFailed([("", "The body has an object with a repeated key.")])


def _without_strings(content: bytes) -> bytes:
    """Well-formed JSON without its strings."""
    if b"\\" in content:
        content = content.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(content.split(b'"')[::2])


def _depth(outside_strings: bytes) -> int:
    steps = array("b", outside_strings.translate(_STEPS, _NO_BRACKETS))
    return max(accumulate(steps), default=0)


def _has_long_integer(outside_strings: bytes) -> bool:
    # int() refuses more than 4300 digits. 21 characters are enough to tell that a number is too long.
    found = (match[:21] for match in _LONG_INTEGER.findall(outside_strings))
    return any(not -(2**63) <= int(digits) < 2**64 for digits in found)


def _check_media_type(headers: Mapping[bytes, bytes], media_types: Sequence[str]) -> None:
    named = " or ".join(media_types)
    header = headers.get(b"content-type", b"").decode("latin-1")
    given, *parameters = (part.strip(" \t").lower() for part in header.split(";"))
    if given not in media_types:
        raise UnsupportedMediaType(f"Send the body with the header Content-Type: {named}.")
    for parameter in parameters:
        if given == "application/fhir+json" and parameter.startswith("fhirversion="):
            if names_other_fhir(parameter):
                raise UnsupportedMediaType("Send FHIR R4, with fhirVersion=4.0 or without fhirVersion.")
        elif parameter and not _CHARSET.fullmatch(parameter):
            raise UnsupportedMediaType(f"Send the body as UTF-8, with the header Content-Type: {named}.")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise UnsupportedMediaType("Send the body without Content-Encoding.", headers={"Accept-Encoding": "identity"})


def _too_large(bytes_max: int) -> PayloadTooLarge:
    return PayloadTooLarge(f"The body can have at most {bytes_max} bytes.")
