"""The signed text of a revision: canonical JSON, with digests in place of the fields that can be erased.

The signed text holds salted digests of the subject and the free-text sections. The value itself is in a Disclosure of
RFC 9901 (SD-JWT): base64url of the JSON array `[salt, name, value]`. The digest is base64url of its SHA-256. Once the
Disclosure and its salt are erased, the value cannot be found by guessing.
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
"""The fields of a case that are signed as digests, in the order of the contract."""

REVISION = "urn:clincore:revision:1"
ATTESTATION = "urn:clincore:attestation:1"
"""The `profile` of each kind of signed text. It prevents a signature of one kind from passing for the other."""

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
# RFC 8785 sorts by UTF-16, whose order differs from that of UTF-8 from U+E000 on.
_SORTED_DIFFERENTLY = re.compile(rb"[\xee-\xff]")
# Numbers that RFC 8785 writes differently or not at all. This service signs none.
_WRITTEN_DIFFERENTLY = re.compile(rb'(?:^|":|[\[,])-?(?:[0-9]{16}|[0-9]+[.eE])')


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

    `content`: the case's fields as the contract names them. `erased`: digests by field, of the fields erased from the
    previous revision; a field in `content` replaces its digest. `previous_sha256`: of the previous revision, lower-case
    hex.
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
    """The text that a further signature of a revision signs (RFC 8785). It names the previous signature by its hash."""
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
    """The case's fields in a revision, and the names of the erased ones."""
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
    """By field, the digests of a revision whose Disclosure was erased."""
    digests: dict[str, str] = orjson.loads(signed)["disclosure_digests"]
    return {name: digest for name, digest in digests.items() if name not in disclosures}


def tombstone_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a case that was entered in error: without clinical fields.

    `content`: the fields, or any other values keyed by field name.
    """
    return {name: value for name, value in content.items() if name not in _CLINICAL}


def read(disclosure: str) -> list[Any]:
    """The `[salt, name, value]` of a Disclosure.

    Raises:
        ValueError: the text is not a Disclosure.
    """
    array = orjson.loads(base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))
    if not isinstance(array, list) or len(array) != 3:
        raise ValueError("not a Disclosure")
    return array


def digest_of(disclosure: str) -> str:
    """Base64url, without padding, of the SHA-256 of the Disclosure's characters (RFC 9901, section 4.2.3)."""
    return _base64url(hashlib.sha256(disclosure.encode()).digest())


def sha256_of(text: str) -> str:
    """SHA-256 of the text's UTF-8, as lower-case hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_canonical(text: str) -> bool:
    """Whether the text is JSON in the canonical form of RFC 8785."""
    content = text.encode()
    try:
        value = orjson.loads(content)
        if _SORTED_DIFFERENTLY.search(content) or _WRITTEN_DIFFERENTLY.search(content):
            return bool(rfc8785.dumps(value) == content)
        # For all other texts orjson gives the same result in a hundredth of the time.
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
