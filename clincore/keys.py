"""API keys: `clin_<22 base62: tenant id>_<43 base62: 256 random bits><6 base62: CRC-32>`.

A key contains its tenant's id, so it can be looked up with that tenant set. With the checksum, typing errors are
refused without the database, and scanners for leaked secrets can verify a find.
"""

import hashlib
import re
import secrets
import string
import zlib
from uuid import UUID

PATTERN = re.compile(r"clin_([0-9A-Za-z]{22})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})", re.ASCII)

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}


def generate(tenant_id: UUID) -> str:
    """A new key of the tenant."""
    body = f"clin_{_encode(tenant_id.int, 22)}_{_encode(secrets.randbits(256), 43)}"
    return body + _encode(zlib.crc32(body.encode()), 6)


def tenant_of(key: str) -> UUID | None:
    """The tenant that the key names; None when it is not a ClinCore key. Only its hash tells whether it is valid."""
    match = PATTERN.fullmatch(key)
    if match is None or _encode(zlib.crc32(key[:-6].encode()), 6) != match[3]:
        return None
    number = 0
    for digit in match[1]:
        number = number * 62 + _VALUES[digit]
    # 22 digits can exceed 128 bits.
    return UUID(int=number) if number < 1 << 128 else None


def hash_of(key: str) -> str:
    """The stored form of a key: its SHA-256 in lower-case hex. With 256 random bits, a key needs no salt."""
    return hashlib.sha256(key.encode()).hexdigest()


def last_four(key: str) -> str:
    """The last four characters, which are stored and shown so that people recognize a key.

    They are part of the checksum. Four base-62 digits reveal less than 24 of the 256 random bits.
    """
    return key[-4:]


def _encode(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, value = divmod(number, 62)
        digits = _DIGITS[value] + digits
    return digits
