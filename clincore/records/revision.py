"""The signed text of a revision: canonical JSON, with digests in place of what can be erased.

The signed text holds salted digests of the subject, of every clinical field and of the signer's name. The value itself
is in a Disclosure of RFC 9901 (SD-JWT): base64url of the JSON array `[salt, name, value]`. The digest is base64url of
its SHA-256. Once the Disclosure and its salt are erased, the value cannot be found by guessing.

Texts in format 1 have digests of the subject and of free text only; everything else, the signer included, is in plain
text. They are read and verified, and never written.
"""

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import rfc8785

from clincore.records import model_1

ERASABLE = (
    "subject",
    "author",
    "custodian",
    "encounter",
    "reason",
    "history",
    "assessment",
    "plan",
    "conditions",
    "observations",
    "medications",
    "allergies",
    "procedures",
    "immunizations",
    "diagnostic_reports",
    "documents",
    "other_sections",
)
"""The fields of a case that can be erased, in the order of the contract."""
SIGNERS = "signers"
"""Stands for all signers, where fields to erase are named."""
SIGNER_PREFIX = "signer_"
"""Begins the name under which a signer's Disclosure is stored, and no field's."""

REVISION = "urn:clincore:revision:2"
ATTESTATION = "urn:clincore:attestation:2"
"""The `profile` of each kind of signed text. It prevents a signature of one kind from passing for the other."""
REVISION_1 = "urn:clincore:revision:1"
ATTESTATION_1 = "urn:clincore:attestation:1"
"""The profiles of format 1."""

_CLEAR = ("title", "type", "period", "tags", "metadata")
# By profile.
_IN_PLAIN_TEXT = {
    REVISION: _CLEAR,
    REVISION_1: (*_CLEAR, "author", "conditions", "observations", "medications", "allergies"),
}
_KEPT_WHEN_VOID = (*_CLEAR, "subject", "author", "custodian")
_SIGNER = "signer"
_SALT_BYTES = 16
_FROM_URLSAFE = bytes.maketrans(b"-_", b"+/")
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
    """The text that the first signature of a revision signs (RFC 8785), and its Disclosures by the name to store.

    `content`: the case's fields as the contract names them; all except a few are signed as digests. `erased`: digests
    by field, of the fields erased from the previous revision; a field in `content` replaces its digest.
    `previous_sha256`: of the previous revision, lower-case hex. `signer`: the person, the key's `key_label`, and its
    `key_id`, which is signed in plain text.
    """
    disclosures = {
        name: _disclose(name, value) for name, value in content.items() if name not in _CLEAR and value is not None
    }
    signed_by, disclosed_signer = _signer(signer)
    signed = {
        "profile": REVISION,
        "tenant_id": str(tenant_id),
        "case_id": str(case_id),
        "external_id": external_id,
        "revision": revision,
        "status": status,
        "previous_sha256": previous_sha256,
        "change_reason": change_reason,
        "created_at": written(created_at),
        **{name: content[name] for name in _CLEAR if name in content},
        "disclosure_digests": {
            **erased,
            **{name: digest_of(disclosure) for name, disclosure in disclosures.items()},
        },
        "signer": signed_by,
        "meaning": meaning,
        "signed_at": written(signed_at),
    }
    return rfc8785.dumps(signed).decode(), {**disclosures, signer_name(1): disclosed_signer}


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
) -> tuple[str, str]:
    """The text that a further signature of a revision signs (RFC 8785), and the Disclosure of its signer.

    The text names the previous signature by its hash. `signer`: as in `compose`.
    """
    signed_by, disclosed_signer = _signer(signer)
    statement = rfc8785.dumps(
        {
            "profile": ATTESTATION,
            "tenant_id": str(tenant_id),
            "case_id": str(case_id),
            "revision": revision,
            "revision_sha256": revision_sha256,
            "number": number,
            "previous_jws_sha256": sha256_of(previous_jws),
            "signer": signed_by,
            "meaning": meaning,
            "signed_at": written(signed_at),
        }
    )
    return statement.decode(), disclosed_signer


def content_of(signed: str, disclosures: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The case's fields in a revision, whichever format it has, and the names of the erased ones.

    The fields have the current version of the model. Texts in format 1 have version 1, and no others have it.

    Everything that shows or amends a signed case reads it here.
    """
    document = orjson.loads(signed)
    digests = document["disclosure_digests"]
    content = {name: document[name] for name in _IN_PLAIN_TEXT[document["profile"]] if name in document}
    content |= {name: read(disclosures[name])[2] for name in digests if name in disclosures}
    if document["profile"] == REVISION_1:
        content = model_1.to_version_2(content)
    return content, [name for name in ERASABLE if name in digests and name not in disclosures]


def signer_of(document: Mapping[str, Any], disclosure: str | None) -> dict[str, Any]:
    """The signer in a signed text, of any format.

    `disclosure`: the signer's; None: the text has format 1, or the name was erased and only the `key_id` is left.
    """
    signer: dict[str, Any] = document["signer"]
    if signer_digest(document) is None:
        return signer
    return {**(read(disclosure)[2] if disclosure else {}), "key_id": signer["key_id"]}


def signer_digest(document: Mapping[str, Any]) -> str | None:
    """The digest of the signer's Disclosure in a signed text; None: it has format 1."""
    if document["profile"] in (REVISION_1, ATTESTATION_1):
        return None
    digest: str = document["signer"]["disclosure_digest"]
    return digest


def signer_name(number: int) -> str:
    """The name under which the Disclosure of a revision's n-th signer is stored."""
    return f"{SIGNER_PREFIX}{number}"


def erased_names(digests: Mapping[str, str], kept: Collection[str]) -> list[str]:
    """The names of a revision's erased fields. `kept`: the fields whose Disclosure is stored."""
    return [name for name in ERASABLE if name in digests and name not in kept]


def erased_digests(signed: str, disclosures: Mapping[str, str]) -> dict[str, str]:
    """By field, the digests of a revision whose Disclosure was erased."""
    digests: dict[str, str] = orjson.loads(signed)["disclosure_digests"]
    return {name: digest for name, digest in digests.items() if name not in disclosures}


def tombstone_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a case that was entered in error: without clinical fields.

    `content`: the fields, or any other values keyed by field name.
    """
    return {name: value for name, value in content.items() if name in _KEPT_WHEN_VOID}


def fits(disclosure: str, digest: str, name: str = _SIGNER) -> bool:
    """Whether a Disclosure has this digest, and is that of this field or, by default, of a signer."""
    return digest_of(disclosure) == digest and read(disclosure)[1] == name


def read(disclosure: str) -> list[Any]:
    """The `[salt, name, value]` of a Disclosure.

    Raises:
        ValueError: the text is not a Disclosure.
    """
    # Half the time of `urlsafe_b64decode`. Padding beyond the end is ignored.
    array = orjson.loads(binascii.a2b_base64(disclosure.encode("ascii").translate(_FROM_URLSAFE) + b"=="))
    if not isinstance(array, list) or len(array) != 3:
        raise ValueError("not a Disclosure")
    return array


def digest_of(disclosure: str) -> str:
    """Base64url, without padding, of the SHA-256 of the Disclosure's characters (RFC 9901, section 4.2.3)."""
    return _base64url(hashlib.sha256(disclosure.encode()).digest())


def sha256_of(text: str) -> str:
    """SHA-256 of the text's UTF-8, as lower-case hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def written(moment: datetime) -> str:
    """A time as signed texts have it: RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


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


def _signer(signer: Mapping[str, Any]) -> tuple[dict[str, str], str]:
    """The signer as a signed text has it, and the Disclosure of everything else about the signer."""
    disclosure = _disclose(_SIGNER, {name: value for name, value in signer.items() if name != "key_id"})
    return {"key_id": signer["key_id"], "disclosure_digest": digest_of(disclosure)}, disclosure


def _disclose(name: str, value: Any) -> str:
    salt = _base64url(secrets.token_bytes(_SALT_BYTES))
    return _base64url(orjson.dumps([salt, name, value]))


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
