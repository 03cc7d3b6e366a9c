"""Verification of an exported revision, with nothing but public keys."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from clincore.records import revision as revisions
from clincore.records import signature as signatures

_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


class Check(NamedTuple):
    """The result of one check. `detail` says in words what was found; it never contains clinical text."""

    check: str
    passed: bool
    detail: str


def check_revision(exported: Mapping[str, Any], jwks: Mapping[str, Mapping[str, Any]]) -> list[Check]:
    """Check a revision as returned by `GET /cases/{case_id}/revisions/{revision}`.

    `jwks`: public keys by `kid`, with `retired_at` and `compromised_at`. Recomputes every value of the revision and
    trusts only the keys. A value that does not have the form of a revision gets one failed check.
    """
    try:
        return _check(exported, jwks)
    except _UNREADABLE:
        return [Check("form", False, "This is not a revision in the form that the service exports.")]


def verified(exported: Mapping[str, Any], jwks: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The contract's `Verification`. Arguments as for `check_revision`."""
    checks = check_revision(exported, jwks)
    is_read = not any(check.check == "form" for check in checks)
    return {
        "valid": all(check.passed for check in checks),
        "checks": [check._asdict() for check in checks],
        "erased": erased(exported) if is_read else [],
    }


def erased(exported: Mapping[str, Any]) -> list[str]:
    """The erased fields: the signed texts have their digests, but their Disclosures were deleted."""
    digests = _document(exported["signed"]).get("disclosure_digests", {})
    found = [name for name in revisions.ERASABLE if name in digests and not exported["disclosures"].get(name)]
    texts = (one["statement"] or exported["signed"] for one in exported["signatures"] if not one.get("disclosure"))
    if any(_has_signer_digest(text) for text in texts):
        found.append(revisions.SIGNERS)
    return found


def instant(time: datetime | str) -> datetime:
    """A stored or an exported time as `datetime`.

    Raises:
        ValueError: the text is not a time.
    """
    return time if isinstance(time, datetime) else datetime.fromisoformat(time)


def _has_signer_digest(text: str) -> bool:
    # The check of its signature reports a text that cannot be read.
    try:
        return revisions.signer_digest(_document(text)) is not None
    except _UNREADABLE:
        return False


def _check(exported: Mapping[str, Any], jwks: Mapping[str, Mapping[str, Any]]) -> list[Check]:
    signed = exported["signed"]
    document = _document(signed)
    sha256 = revisions.sha256_of(signed)
    checks = [
        _result("canonical", revisions.is_canonical(signed), "The signed text is canonical JSON (RFC 8785)."),
        _result("sha256", sha256 == exported["sha256"], "The SHA-256 of the signed text is the one that is stored."),
        _result(
            "identity",
            document.get("profile") in (revisions.REVISION, revisions.REVISION_1)
            and document.get("case_id") == _uuid(exported["case_id"])
            and all(document.get(name) == exported[name] for name in ("revision", "status"))
            and _is_time(exported["created_at"], document["signed_at"]),
            "Case, revision, status and time are those in the signed text.",
        ),
    ]
    listed = exported["signatures"]
    if not listed:
        checks.append(Check("signature", False, "There is no signature."))
    previous = ""
    for number, one in enumerate(listed, start=1):
        checks += _check_signature(exported, document, sha256, number, one, previous, jwks)
        previous = one["jws"]
    disclosures = {name: value for name, value in exported["disclosures"].items() if value is not None}
    digests: Mapping[str, str] = document.get("disclosure_digests", {})
    for name, digest in digests.items():
        if name not in disclosures:
            checks.append(Check(f"disclosure {name}", True, "Was erased; its digest stays in the signed text."))
            continue
        fits = revisions.fits(disclosures[name], digest, name)
        checks.append(_result(f"disclosure {name}", fits, "The value matches its digest in the signed text."))
    checks += [
        Check(f"disclosure {name}"[:64], False, "The signed text has no digest for it.")
        for name in disclosures
        if name not in digests
    ]
    return checks


def _check_signature(
    exported: Mapping[str, Any],
    document: Mapping[str, Any],
    sha256: str,
    number: int,
    listed: Mapping[str, Any],
    previous_jws: str,
    jwks: Mapping[str, Mapping[str, Any]],
) -> list[Check]:
    """Check a signature: the first one signs the revision's text, each further one a statement that names it.

    A valid signature gets a second check: whether its key was in use when it was dated; and from format 2 on a third:
    whether its signer's Disclosure is the one that was signed.
    """
    name = f"signature {number}"
    statement = listed["statement"]
    if (number == 1) != (statement is None):
        return [Check(name, False, "The first signature has no statement, each further one has its own.")]
    text: str = exported["signed"] if statement is None else statement
    signed = document if statement is None else _document(text)
    wrong = signatures.check(listed["jws"], text, jwks)
    if not wrong and statement is not None:
        expected = {
            "tenant_id": document.get("tenant_id"),
            "case_id": _uuid(exported["case_id"]),
            "revision": exported["revision"],
            "revision_sha256": sha256,
            "number": number,
            "previous_jws_sha256": revisions.sha256_of(previous_jws),
        }
        if (
            not revisions.is_canonical(statement)
            or signed.get("profile") not in (revisions.ATTESTATION, revisions.ATTESTATION_1)
            or any(signed.get(key) != value for key, value in expected.items())
        ):
            wrong = "has a statement that does not match this revision and the previous signature"
    disclosure = listed.get("disclosure")
    if not wrong and (
        listed["number"] != number
        or listed["kid"] != signatures.kid_of(listed["jws"])
        or listed["signer"] != revisions.signer_of(signed, disclosure)
        or listed["meaning"] != signed.get("meaning")
        or not _is_time(listed["signed_at"], signed["signed_at"])
    ):
        wrong = "is listed with a number, key, signer, meaning or time that differs from the signed one"
    if wrong:
        return [Check(name, False, f"It {wrong}.")]
    return [
        Check(name, True, f"{signed['meaning']}, {signed['signed_at']}, by the key {listed['kid']}."),
        _check_key_life(number, signed["signed_at"], jwks[listed["kid"]]),
        *_check_signer(number, disclosure, revisions.signer_digest(signed)),
    ]


def _check_signer(number: int, disclosure: str | None, digest: str | None) -> list[Check]:
    """Check that the signer's Disclosure has the digest in the signed text. Format 1 has neither."""
    name = f"signer {number}"
    if disclosure is None:
        return [] if digest is None else [Check(name, True, "Was erased; its digest stays in the signed text.")]
    if digest is None:
        return [Check(name, False, "The signed text has no digest for it.")]
    return [_result(name, revisions.fits(disclosure, digest), "The signer matches the digest in the signed text.")]


def _check_key_life(number: int, signed_at: str, jwk: Mapping[str, Any]) -> Check:
    """Check that the signature is dated before its key was retired or compromised."""
    name = f"key life {number}"
    try:
        ends = {
            word: instant(jwk[member])
            for word, member in (("compromised", "compromised_at"), ("retired", "retired_at"))
            if jwk.get(member) is not None
        }
        for word, end in ends.items():
            if instant(signed_at) >= end:
                return Check(
                    name, False, f"It is dated {signed_at}, and the key was {word} at {revisions.written(end)}."
                )
    except (TypeError, ValueError):
        return Check(name, False, "The public key has an invalid time in retired_at or compromised_at.")
    until = "".join(f" It was {word} at {revisions.written(end)}." for word, end in ends.items())
    return Check(name, True, f"It is dated {signed_at}, when the key was in use.{until}")


def _is_time(listed: datetime | str, signed: str) -> bool:
    """Whether a time listed next to the signed text equals the one in it.

    A stored time must be exact. A client that parses an export and sends it back may write another offset and fewer
    digits: a JavaScript `Date` has milliseconds. Only the signed time is used.

    Raises:
        TypeError, ValueError: a value is not a time.
    """
    difference = instant(listed) - instant(signed)
    return not difference if isinstance(listed, datetime) else abs(difference) < timedelta(milliseconds=1)


def _uuid(listed: str) -> str:
    """The form that is signed. Clients may send upper case (RFC 9562, section 4)."""
    return listed.lower()


def _document(text: str) -> dict[str, Any]:
    value = orjson.loads(text)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _result(name: str, passed: bool, detail: str) -> Check:
    return Check(name, passed, detail if passed else f"Does not hold: {detail}")
