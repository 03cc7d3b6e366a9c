"""API keys: `clin_<22 base62: tenant id>_<43 base62: 256 random bits><6 base62: CRC-32>`.

The tenant is in the key, so that authentication runs in that tenant's own session. The checksum lets a typing error be
refused without the database, and a scanner for leaked secrets be sure of what it found.
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
    # 22 digits reach further than 128 bits.
    return UUID(int=number) if number < 1 << 128 else None


def hash_of(key: str) -> str:
    """What is stored of a key: SHA-256 of the whole, lower-case hex. It has 256 random bits, so no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


def last_four(key: str) -> str:
    """The last characters, which are stored and shown so that a person can find the row of a key.

    They are the end of the checksum, not of the random part: four digits in base 62 tell less than 24 bits about the
    256 that an attacker has to guess.
    """
    return key[-4:]


def _encode(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, value = divmod(number, 62)
        digits = _DIGITS[value] + digits
    return digits
