"""The life of a case after its draft: signed revisions, their history and their verification."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from clincore import runtime
from clincore.db import tenant_session
from clincore.db.queries import access_log, cases, revisions, signing_keys
from clincore.handlers.cases import (
    Answer,
    access_of,
    as_draft,
    as_json,
    as_shown,
    found,
    is_open,
    refuse_unless_open,
    shown_content,
)
from clincore.handlers.etags import etag, refuse_unless_matched
from clincore.handlers.paging import page_of, position
from clincore.problems import CaseInvalid, InvalidTransition, NotFound, SigningUnavailable
from clincore.records import revision as records
from clincore.records import signature as signatures
from clincore.records import signing_key as signing
from clincore.records import verification
from clincore.records.fhir import document as fhir
from clincore.records.signature import SigningKey
from clincore.security import Caller

IDENTIFIER_SYSTEM = "urn:clincore:revision"
SIGNATURES_MAX = 1000
"""Of a revision, as the contract's `Revision` has it."""

Json = dict[str, Any]

# Keys that were seen among the public ones; they never leave those.
_published: set[str] = set()


async def finalize_case(case_id: str, body: Json, user: Caller, if_match: str | None = None) -> Answer:
    key, finalized = await _signing_key(), UUID(case_id)
    async with tenant_session(user.tenant_id) as session:
        case = found(await cases.lock(session, user.tenant_id, finalized))
        if not is_open(case) and case.status in ("final", "amended") and _is_signed_so(case, body):
            # Asked for a second time: what was asked for is done.
            await access_log.add(session, user.tenant_id, finalized, access_of(user))
            return as_shown(case), 200, {"ETag": etag(case.version)}
        refuse_unless_open(case)
        refuse_unless_matched(case.version, if_match)
        if lacking := _lacking(case.content):
            raise CaseInvalid(lacking)
        status = "final" if case.revision is None else "amended"
        stored, disclosed = await _sign(session, user, case, case.content, status, case.amendment_reason, body, key)
        if case.revision is not None:
            tags = case.content.get("tags", ())
            await cases.set_tags(session, user.tenant_id, finalized, case.created_at, tags)
    return as_json(stored, disclosed), 200, {"ETag": etag(stored.version)}


async def amend_case(case_id: str, body: Json, user: Caller, if_match: str | None = None) -> Answer:
    amended = UUID(case_id)
    async with tenant_session(user.tenant_id) as session:
        case = found(await cases.lock(session, user.tenant_id, amended))
        _refuse_unless_signed(case)
        if is_open(case):
            raise InvalidTransition("An amendment is being edited already: GET /cases/{case_id}/draft shows it.")
        refuse_unless_matched(case.version, if_match)
        content, _ = shown_content(case)
        stored = await cases.change(session, user.tenant_id, amended, content=content, amendment_reason=body["reason"])
        await access_log.add(session, user.tenant_id, amended, access_of(user))
    return as_draft(stored), 200, {"ETag": etag(stored.version)}


async def void_case(case_id: str, body: Json, user: Caller, if_match: str | None = None) -> Answer:
    key, voided = await _signing_key(), UUID(case_id)
    async with tenant_session(user.tenant_id) as session:
        case = found(await cases.lock(session, user.tenant_id, voided))
        if case.status == "entered_in_error" and _is_signed_so(case, body):
            await access_log.add(session, user.tenant_id, voided, access_of(user))
            return as_shown(case), 200, {"ETag": etag(case.version)}
        _refuse_unless_signed(case)
        refuse_unless_matched(case.version, if_match)
        content = records.tombstone_of(shown_content(case)[0])
        stored, disclosed = await _sign(session, user, case, content, "entered_in_error", body["reason"], body, key)
    return as_json(stored, disclosed), 200, {"ETag": etag(stored.version)}


async def attest_case(case_id: str, body: Json, user: Caller, if_match: str | None = None) -> Json:
    key, attested = await _signing_key(), UUID(case_id)
    async with tenant_session(user.tenant_id) as session:
        case = found(await cases.lock(session, user.tenant_id, attested))
        _refuse_unless_signed(case)
        refuse_unless_matched(case.version, if_match)
        (stored,) = await revisions.whole(session, user.tenant_id, attested, case.revision)
        exported = _exported(attested, stored)
        listed = exported["signatures"]
        if not any(one["signer"] == body["signer"] and one["meaning"] == body["meaning"] for one in listed):
            if len(listed) >= SIGNATURES_MAX:
                raise InvalidTransition(f"The revision has {SIGNATURES_MAX} signatures, and takes no more.")
            signed_at = datetime.now(UTC)
            statement = records.attest(
                tenant_id=user.tenant_id,
                case_id=attested,
                revision=case.revision,
                revision_sha256=stored["sha256"],
                number=len(listed) + 1,
                previous_jws=listed[-1]["jws"],
                signer=body["signer"],
                meaning=body["meaning"],
                signed_at=signed_at,
            )
            jws = key.sign(statement)
            await revisions.add_signature(
                session,
                user.tenant_id,
                attested,
                case.revision,
                len(listed) + 1,
                statement=statement,
                jws=jws,
                created_at=signed_at,
            )
            listed.append(_listed_signature(len(listed) + 1, statement, jws, statement))
        await access_log.add(session, user.tenant_id, attested, access_of(user))
    return exported


async def erase_subject(case_id: str, user: Caller, body: Json | None = None) -> Answer:
    erased = UUID(case_id)
    names = ["subject", *(body or {}).get("sections", ())]
    async with tenant_session(user.tenant_id) as session:
        case = found(await cases.lock(session, user.tenant_id, erased))
        changed = await revisions.erase(session, user.tenant_id, erased, names)
        values: Json = {"subject_system": None, "subject_value": None}
        if case.content is not None:
            values["content"] = {name: value for name, value in case.content.items() if name not in names}
            changed = changed or values["content"] != case.content
        if changed:
            await cases.change(session, user.tenant_id, erased, **values)
            case = found(await cases.lock(session, user.tenant_id, erased))
        await access_log.add(session, user.tenant_id, erased, access_of(user))
    return as_shown(case), 200, {"ETag": etag(case.version)}


async def list_revisions(case_id: str, user: Caller, limit: int, cursor: str | None = None) -> Json:
    async with tenant_session(user.tenant_id) as session:
        if not await cases.exists(session, user.tenant_id, UUID(case_id)):
            raise NotFound("No such case.")
        rows = await revisions.page(session, user.tenant_id, UUID(case_id), after=position(cursor), size=limit + 1)
        await access_log.add(session, user.tenant_id, UUID(case_id), access_of(user))
    page = page_of(rows, limit)
    page["items"] = [_summary(row) for row in rows[:limit]]
    return page


async def get_revision(case_id: str, revision: int, user: Caller) -> Json:
    async with tenant_session(user.tenant_id) as session:
        stored = await revisions.whole(session, user.tenant_id, UUID(case_id), revision)
        if not stored:
            raise NotFound("No such revision.")
        await access_log.add(session, user.tenant_id, UUID(case_id), access_of(user))
    return _exported(UUID(case_id), stored[0])


async def verify_replay(case_id: str, user: Caller) -> Json:
    verified = UUID(case_id)
    async with tenant_session(user.tenant_id) as session:
        case = found(await cases.lock(session, user.tenant_id, verified))
        stored = await revisions.whole(session, user.tenant_id, verified)
        found_by = await cases.found_by(session, user.tenant_id, verified)
        await access_log.add(session, user.tenant_id, verified, access_of(user))
    jwks = await signing_keys.jwks()
    results = [_replayed(verified, one, jwks) for one in stored]
    checks = _case_checks(case, found_by, user.tenant_id, stored)
    return {
        "case_id": verified,
        "valid": all(check.passed for check in checks) and all(result["valid"] for result in results),
        "checks": [check._asdict() for check in checks],
        "revisions": results,
    }


async def get_document(case_id: str, user: Caller) -> tuple[bytes, int, dict[str, str]]:
    async with tenant_session(user.tenant_id) as session:
        case = found(await cases.lock(session, user.tenant_id, UUID(case_id)))
        stored = await revisions.whole(session, user.tenant_id, UUID(case_id), case.revision) if case.revision else []
        await access_log.add(session, user.tenant_id, UUID(case_id), access_of(user))
    shown = as_shown(case)
    listed = []
    if stored:
        # As it was signed: what happened to the case since then is not in the document.
        shown["updated_at"] = stored[0]["created_at"]
        listed = _exported(UUID(case_id), stored[0])["signatures"]
    document = fhir.document(shown, identifier_system=IDENTIFIER_SYSTEM, signatures=listed)
    return fhir.as_json(document), 200, {"ETag": etag(case.version)}


async def list_case_accesses(case_id: str, user: Caller, limit: int, cursor: str | None = None) -> Json:
    async with tenant_session(user.tenant_id) as session:
        if not await cases.exists(session, user.tenant_id, UUID(case_id)):
            raise NotFound("No such case.")
        rows = await access_log.page(session, user.tenant_id, UUID(case_id), after=position(cursor), size=limit + 1)
    return page_of(rows, limit)


async def get_jwks() -> Json:
    return {"keys": list((await signing_keys.jwks()).values())}


async def verify_revision(body: Json) -> Json:
    verified = _verified(body, await signing_keys.jwks())
    return {name: verified[name] for name in ("valid", "checks", "erased")}


async def _signing_key() -> SigningKey:
    try:
        key = runtime.current().signing_key.current()
    except signing.NoSigningKey as error:
        raise SigningUnavailable(str(error)) from None
    if key.kid not in _published:
        _published.update(await signing_keys.jwks())
        if key.kid not in _published:
            raise SigningUnavailable(
                "The signing key is not among the public ones. The operator runs `clincore migrate` as the owner."
            )
    return key


async def _sign(
    session: AsyncConnection,
    user: Caller,
    case: Any,
    content: Json,
    status: str,
    change_reason: str | None,
    signing_: Json,
    key: SigningKey,
) -> tuple[Any, Json]:
    """Store the next revision of a case, and show it; the row, and the fields that it has now."""
    revision, signed_at = (case.revision or 0) + 1, datetime.now(UTC)
    signed, disclosures = records.compose(
        tenant_id=user.tenant_id,
        case_id=case.id,
        external_id=case.external_id,
        revision=revision,
        status=status,
        previous_sha256=records.sha256_of(case.signed) if case.signed else None,
        change_reason=change_reason,
        created_at=case.created_at,
        content=content,
        signer=signing_["signer"],
        meaning=signing_["meaning"],
        signed_at=signed_at,
    )
    await revisions.add(
        session,
        user.tenant_id,
        case.id,
        revision,
        status=status,
        signed=signed,
        sha256=records.sha256_of(signed),
        jws=key.sign(signed),
        disclosures=disclosures,
        created_at=signed_at,
    )
    stored = await cases.change(
        session,
        user.tenant_id,
        case.id,
        status=status,
        revision=revision,
        content=None,
        amendment_reason=None,
        finalized_at=case.finalized_at or signed_at,
        **cases.searched(content),
    )
    await access_log.add(session, user.tenant_id, case.id, access_of(user))
    # From what was signed, as it is shown from now on.
    return stored, records.content_of(signed, disclosures)[0]


def _refuse_unless_signed(case: Any) -> None:
    if case.status == "draft":
        raise InvalidTransition("The case is a draft that nobody has signed. POST /cases/{case_id}/finalize signs it.")
    if case.status not in ("final", "amended"):
        raise InvalidTransition(f"The case is {case.status.replace('_', ' ')} and stays so.")


def _is_signed_so(case: Any, body: Json) -> bool:
    """Whether what is shown was signed by this signer in this meaning, and for this reason if one is given."""
    if case.signed is None:
        return False
    document = orjson.loads(case.signed)
    given = {"signer": body["signer"], "meaning": body["meaning"]}
    if "reason" in body:
        given["change_reason"] = body["reason"]
    return all(document[name] == value for name, value in given.items())


def _lacking(content: Json) -> list[tuple[str, str]]:
    needed = {"title": "/title", "subject": "/subject/identifier", "author": "/author"}
    return [(pointer, "is needed to finalize") for name, pointer in needed.items() if not content.get(name)]


def _exported(case_id: UUID, stored: Json) -> Json:
    """`Revision` of the contract."""
    signed = stored["signed"]
    digests = orjson.loads(signed)["disclosure_digests"]
    return {
        "case_id": str(case_id),
        "revision": stored["revision"],
        "status": stored["status"],
        "created_at": stored["created_at"],
        "sha256": stored["sha256"],
        "signed": signed,
        "disclosures": {
            **{name: None for name in digests},
            **{name: stored["disclosures"][name] for name in records.ERASABLE if name in stored["disclosures"]},
        },
        "signatures": [
            _listed_signature(row.number, row.statement, row.jws, row.statement or signed)
            for row in stored["signatures"]
        ],
    }


def _listed_signature(number: int, statement: str | None, jws: str, text: str) -> Json:
    """`Signature` of the contract. `text`: what it signs."""
    document = orjson.loads(text)
    return {
        "number": number,
        "kid": signatures.kid_of(jws),
        "signer": document["signer"],
        "meaning": document["meaning"],
        "signed_at": document["signed_at"],
        "statement": statement,
        "jws": jws,
    }


def _summary(row: Any) -> Json:
    """`RevisionSummary` of the contract."""
    document = orjson.loads(row.signed)
    return {
        "revision": row.revision,
        "status": row.status,
        "created_at": row.created_at,
        "sha256": row.sha256,
        "change_reason": document["change_reason"],
        "signer": document["signer"],
        "meaning": document["meaning"],
        "signatures": row.signatures,
    }


def _verified(exported: Json, jwks: dict[str, Json]) -> Json:
    """`VerifiedRevision` of the contract."""
    checks = verification.check_revision(exported, jwks)
    is_read = not any(check.check == "form" for check in checks)
    return {
        "revision": exported["revision"],
        "valid": all(check.passed for check in checks),
        "checks": [check._asdict() for check in checks],
        "erased": verification.erased(exported) if is_read else [],
    }


def _replayed(case_id: UUID, stored: Json, jwks: dict[str, Json]) -> Json:
    """`VerifiedRevision` of what is stored, which may be anything once somebody has tampered with it."""
    try:
        return _verified(_exported(case_id, stored), jwks)
    except (KeyError, TypeError, ValueError, AttributeError):
        form = verification.Check("form", False, "What is stored is nothing that this service signs.")
        return {"revision": stored["revision"], "valid": False, "checks": [form._asdict()], "erased": []}


def _case_checks(case: Any, found_by: Json, tenant_id: UUID, stored: list[Json]) -> list[verification.Check]:
    """That the revisions are a chain, and that the case is shown and found as its last revision says."""
    if not stored and case.revision is None:
        return [verification.Check("signed", False, "Nothing of this case was signed yet.")]
    try:
        checks = verification.check_chain(stored, case.revision or 0)
        said = _said_of_case(stored) if stored else {}
    except (KeyError, TypeError, ValueError, AttributeError):
        return [verification.Check("chain", False, "A revision has a signed text that cannot be read.")]
    shown = {
        "tenant_id": str(tenant_id),
        "case_id": str(case.id),
        "status": case.status,
        "external_id": case.external_id,
        "created_at": case.created_at,
        "finalized_at": case.finalized_at,
        **found_by,
    }
    differing = [name for name, value in shown.items() if name not in said or said[name] != value]
    detail = f"The case's row differs from its last revision: {', '.join(differing)}."
    return [
        *checks,
        verification.Check("case", not differing, detail if differing else "The case's row is as it was signed."),
    ]


def _said_of_case(stored: list[Json]) -> Json:
    """What the signed texts say that the case's row has.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: they say nothing of the kind.
    """
    first, last = (orjson.loads(stored[index]["signed"]) for index in (0, -1))
    content, _ = records.content_of(stored[-1]["signed"], stored[-1]["disclosures"])
    return {
        **{name: last[name] for name in ("tenant_id", "case_id", "status", "external_id")},
        "created_at": verification.instant(last["created_at"]),
        "finalized_at": verification.instant(first["signed_at"]),
        "tags": sorted(content.get("tags", ())),
        **cases.searched(content),
    }
