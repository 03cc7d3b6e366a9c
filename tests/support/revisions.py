"""Exported signed revisions, made without a service."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from clincore.records import revision as records
from clincore.records import signature, verification
from support.cases import CONSULTATION, SIGNING

Json = dict[str, Any]

TENANT, CASE = UUID("8a4f7a52-9b7e-4a53-8a4e-0f6a2b8f1f10"), UUID("3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11")
MOMENT = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
KEY_ID = "0b8e6a7e-6d6a-4c0e-9a55-0d6c1f3c2a10"
SIGNER = SIGNING["signer"] | {"key_id": KEY_ID, "key_label": "Ward 3"}
REVIEWER = {"name": "Prof. Karl Müller", "role": "Head of department", "key_id": KEY_ID, "key_label": "Ward 3"}
# Its keys have a different order in UTF-16 and in UTF-8.
METADATA = {"\U0001f600": "astral", "\ue000": "private use", "é": "Latin"}
KEY = signature.generate()
JWKS = {KEY.kid: KEY.jwk}


def compose(number: int = 1, previous: str | None = None, **more: Any) -> tuple[str, dict[str, str]]:
    return records.compose(
        tenant_id=TENANT,
        case_id=CASE,
        external_id="encounter-4711",
        revision=number,
        status="final" if number == 1 else "amended",
        previous_sha256=previous,
        change_reason=None if number == 1 else "x",
        created_at=MOMENT,
        content=CONSULTATION | {"metadata": METADATA} | more,
        erased={},
        signer=SIGNER,
        meaning=SIGNING["meaning"],
        signed_at=MOMENT,
    )


def export(number: int = 1, previous: str | None = None, attestations: int = 2) -> Json:
    """A revision as the service exports it."""
    signed, disclosures = compose(number, previous)
    exported = {
        "case_id": str(CASE),
        "revision": number,
        "status": "final" if number == 1 else "amended",
        "created_at": "2026-03-02T09:30:00.123456Z",
        "sha256": records.sha256_of(signed),
        "signed": signed,
        "disclosures": {name: text for name, text in disclosures.items() if name != "signer_1"},
        "signatures": [_signature(1, signed, None, disclosures["signer_1"], KEY)],
    }
    for further in range(2, attestations + 2):
        statement, disclosure = attestation_of(exported, meaning="review" if further == 2 else "approval")
        exported = attested(exported, statement, disclosure, KEY)
    return exported


def attestation_of(exported: Json, *, signed_at: datetime = MOMENT, meaning: str = "review") -> tuple[str, str]:
    """The statement that a further signature of the revision signs, and the Disclosure of its signer."""
    return records.attest(
        tenant_id=TENANT,
        case_id=CASE,
        revision=exported["revision"],
        revision_sha256=exported["sha256"],
        number=len(exported["signatures"]) + 1,
        previous_jws=exported["signatures"][-1]["jws"],
        signer=REVIEWER,
        meaning=meaning,
        signed_at=signed_at,
    )


def attested(exported: Json, statement: str, disclosure: str, key: signature.SigningKey) -> Json:
    """The revision with a further signature over the statement."""
    listed = exported["signatures"]
    return exported | {"signatures": [*listed, _signature(len(listed) + 1, statement, statement, disclosure, key)]}


def _signature(number: int, text: str, statement: str | None, disclosure: str, key: signature.SigningKey) -> Json:
    said = json.loads(text)
    return {
        "number": number,
        "kid": key.kid,
        "signer": records.read(disclosure)[2] | {"key_id": said["signer"]["key_id"]},
        "meaning": said["meaning"],
        "signed_at": said["signed_at"],
        "statement": statement,
        "disclosure": disclosure,
        "jws": key.sign(text),
    }


def history(length: int = 3) -> list[Json]:
    found: list[Json] = []
    for number in range(1, length + 1):
        found.append(export(number, found[-1]["sha256"] if found else None, attestations=0))
    return found


def failed(checks: list[verification.Check]) -> dict[str, str]:
    return {check.check: check.detail for check in checks if not check.passed}
