"""What is signed of a case: the canonical JSON of a revision, with digests for what may be erased.

The subject and the free-text sections enter the signed text as salted digests. What a digest stands for is a Disclosure
in the form of RFC 9901 (SD-JWT): base64url of the JSON array `[salt, name, value]`; the digest is base64url of its
SHA-256. Without the Disclosure, salt included, the value cannot be found by trying.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import rfc8785

ERASABLE = ("subject", "reason", "history", "assessment", "plan")
"""The fields of a case that are signed as digests, in the contract's order."""

REVISION = "urn:clincore:revision:1"
ATTESTATION = "urn:clincore:attestation:1"
"""The first word of what is signed says what it is, so that one kind can never pass for another."""

_CLEAR = (
    "title",
    "type",
    "author",
    "period",
    "conditions",
    "observations",
    "medications",
    "allergies",
    "tags",
    "metadata",
)
_CLINICAL = ("reason", "history", "assessment", "plan", "conditions", "observations", "medications", "allergies")
_SALT_BYTES = 16
# From U+E000 on, UTF-8 and UTF-16, by which RFC 8785 sorts, have different orders.
_SORTED_OTHERWISE = re.compile(rb"[\xee-\xff]")
# Numbers that RFC 8785 writes otherwise or not at all: none is in what this service signs.
_WRITTEN_OTHERWISE = re.compile(rb'(?:^|":|[\[,])-?(?:[0-9]{16}|[0-9]+[.eE])')


def compose(
    *,
    tenant_id: UUID,
    case_id: UUID,
    external_id: str | None,
    revision: int,
    status: str,
    previous_sha256: str | None,
    change_reason: str | None,
    created_at: datetime,
    content: Mapping[str, Any],
    erased: Mapping[str, str],
    signer: Mapping[str, Any],
    meaning: str,
    signed_at: datetime,
) -> tuple[str, dict[str, str]]:
    """The text that the first signature of a revision signs (RFC 8785), and its Disclosures by field.

    `content`: the case's fields as the contract names them. `erased`: digests by field, of what was erased from the
    revision before; a field that `content` has replaces its digest. `previous_sha256`: lower-case hex, of the revision
    before.
    """
    disclosures = {name: _disclose(name, content[name]) for name in ERASABLE if content.get(name) is not None}
    signed = {
        "profile": REVISION,
        "tenant_id": str(tenant_id),
        "case_id": str(case_id),
        "external_id": external_id,
        "revision": revision,
        "status": status,
        "previous_sha256": previous_sha256,
        "change_reason": change_reason,
        "created_at": _time(created_at),
        **{name: content[name] for name in _CLEAR if name in content},
        "disclosure_digests": {
            **erased,
            **{name: digest_of(disclosure) for name, disclosure in disclosures.items()},
        },
        "signer": signer,
        "meaning": meaning,
        "signed_at": _time(signed_at),
    }
    return rfc8785.dumps(signed).decode(), disclosures


def attest(
    *,
    tenant_id: UUID,
    case_id: UUID,
    revision: int,
    revision_sha256: str,
    number: int,
    previous_jws: str,
    signer: Mapping[str, Any],
    meaning: str,
    signed_at: datetime,
) -> str:
    """The text that a further signature of a revision signs (RFC 8785); it names the signature before by its hash."""
    return rfc8785.dumps(
        {
            "profile": ATTESTATION,
            "tenant_id": str(tenant_id),
            "case_id": str(case_id),
            "revision": revision,
            "revision_sha256": revision_sha256,
            "number": number,
            "previous_jws_sha256": sha256_of(previous_jws),
            "signer": signer,
            "meaning": meaning,
            "signed_at": _time(signed_at),
        }
    ).decode()


def content_of(signed: str, disclosures: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The case's fields that a revision has, and the names of those that were erased."""
    document = orjson.loads(signed)
    content = {name: document[name] for name in _CLEAR if name in document}
    erased = []
    for name in ERASABLE:
        if name in document["disclosure_digests"]:
            if name in disclosures:
                content[name] = read(disclosures[name])[2]
            else:
                erased.append(name)
    return content, erased


def erased_digests(signed: str, disclosures: Mapping[str, str]) -> dict[str, str]:
    """By field, the digests of a revision that nothing is left for."""
    digests: dict[str, str] = orjson.loads(signed)["disclosure_digests"]
    return {name: digest for name, digest in digests.items() if name not in disclosures}


def tombstone_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of a case that was entered in error: whose it was and what it was called, nothing clinical.

    `content`: its fields, or anything else by the names of fields.
    """
    return {name: value for name, value in content.items() if name not in _CLINICAL}


def read(disclosure: str) -> list[Any]:
    """`[salt, name, value]`.

    Raises:
        ValueError: it is no Disclosure.
    """
    array = orjson.loads(base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))
    if not isinstance(array, list) or len(array) != 3:
        raise ValueError("not a Disclosure")
    return array


def digest_of(disclosure: str) -> str:
    """Base64url, without padding, of the SHA-256 of the Disclosure's characters (RFC 9901, section 4.2.3)."""
    return _base64url(hashlib.sha256(disclosure.encode()).digest())


def sha256_of(text: str) -> str:
    """Lower-case hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_canonical(text: str) -> bool:
    """Whether the text is what RFC 8785 makes of the JSON that it is."""
    content = text.encode()
    try:
        value = orjson.loads(content)
        if _SORTED_OTHERWISE.search(content) or _WRITTEN_OTHERWISE.search(content):
            return bool(rfc8785.dumps(value) == content)
        # Without what it sorts or writes otherwise orjson does the same, in a hundredth of the time.
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) == content
    except (ValueError, TypeError, RecursionError, rfc8785.CanonicalizationError):
        return False


def _disclose(name: str, value: Any) -> str:
    salt = _base64url(secrets.token_bytes(_SALT_BYTES))
    return _base64url(rfc8785.dumps([salt, name, value]))


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
