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
REVIEWER = {"name": "Prof. Karl Müller", "role": "Head of department"}
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
        signer=SIGNING["signer"],
        meaning=SIGNING["meaning"],
        signed_at=MOMENT,
    )


def export(number: int = 1, previous: str | None = None, attestations: int = 2) -> Json:
    """A revision as the service exports it."""
    signed, disclosures = compose(number, previous)
    texts: list[str | None] = [None]
    all_jws = [KEY.sign(signed)]
    for further in range(2, attestations + 2):
        statement = records.attest(
            tenant_id=TENANT,
            case_id=CASE,
            revision=number,
            revision_sha256=records.sha256_of(signed),
            number=further,
            previous_jws=all_jws[-1],
            signer=REVIEWER,
            meaning="review" if further == 2 else "approval",
            signed_at=MOMENT,
        )
        texts.append(statement)
        all_jws.append(KEY.sign(statement))
    return {
        "case_id": str(CASE),
        "revision": number,
        "status": "final" if number == 1 else "amended",
        "created_at": "2026-03-02T09:30:00.123456Z",
        "sha256": records.sha256_of(signed),
        "signed": signed,
        "disclosures": disclosures,
        "signatures": [
            {
                "number": place,
                "kid": KEY.kid,
                **{name: json.loads(text or signed)[name] for name in ("signer", "meaning", "signed_at")},
                "statement": text,
                "jws": jws,
            }
            for place, (text, jws) in enumerate(zip(texts, all_jws, strict=True), start=1)
        ],
    }


def attestation_of(exported: Json, *, signed_at: datetime) -> str:
    """The statement that a second signature of the revision signs."""
    return records.attest(
        tenant_id=TENANT,
        case_id=CASE,
        revision=exported["revision"],
        revision_sha256=exported["sha256"],
        number=2,
        previous_jws=exported["signatures"][0]["jws"],
        signer=REVIEWER,
        meaning="review",
        signed_at=signed_at,
    )


def attested(exported: Json, statement: str, key: signature.SigningKey) -> Json:
    """The revision with a second signature over the statement."""
    said = {name: json.loads(statement)[name] for name in ("number", "signer", "meaning", "signed_at")}
    further = {**said, "kid": key.kid, "statement": statement, "jws": key.sign(statement)}
    return exported | {"signatures": [*exported["signatures"], further]}


def history(length: int = 3) -> list[Json]:
    found: list[Json] = []
    for number in range(1, length + 1):
        found.append(export(number, found[-1]["sha256"] if found else None, attestations=0))
    return found


def failed(checks: list[verification.Check]) -> dict[str, str]:
    return {check.check: check.detail for check in checks if not check.passed}
