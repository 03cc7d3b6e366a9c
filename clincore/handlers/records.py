"""Signed revisions of cases, their history and their verification."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

import orjson

from clincore import runtime
from clincore.db import tenant_session
from clincore.db.queries import access_log, api_keys, cases, changes, idempotency_keys, revisions, signing_keys
from clincore.db.queries.cases import CaseRow
from clincore.db.session import Pending, Session
from clincore.handlers.case_document import document_of
from clincore.handlers.case_json import (
    Answer,
    Json,
    case_as_draft,
    case_as_shown,
    case_with,
    content_shown,
    revision_summary,
    stored_revision,
)
from clincore.handlers.case_rules import lock_case, require_case, require_transition
from clincore.handlers.case_verification import public_jwks, verify_case, verify_export
from clincore.handlers.etags import etag, refuse_unless_matched
from clincore.handlers.paging import page_of, position
from clincore.openapi import BODY_BYTES_MAX
from clincore.problems import CaseInvalid, InvalidTransition, NotFound, SigningUnavailable
from clincore.records import content_rules, drafts, export, signing_key
from clincore.records import revision as records
from clincore.records.fhir.document import Profile
from clincore.records.lifecycle import State
from clincore.records.signature import SigningKey
from clincore.security import Caller, require_rights

SIGNATURES_MAX = 1000
"""Of one revision: `maxItems` of `signatures` in the contract's `Revision`."""


async def finalize_case(case_id: str, body: Json, user: Caller, if_match: str) -> Answer:
    _key_of_file()
    finalized = UUID(case_id)
    async with tenant_session(user.tenant_id) as session:
        in_use = signing_keys.in_use(session)
        case = await lock_case(session, finalized, user)
        if case.state is State.SIGNED and await _is_signed_as_requested(session, case, body):
            # A repeated request: the case is already signed in this way.
            access_log.record(session, finalized, user.access)
            return case_as_shown(case), 200, {"ETag": etag(case.version)}
        require_transition(case, "finalize_case")
        refuse_unless_matched(case.version, if_match)
        erased = _erased_digests(case)
        draft = case.draft
        if unfit := [*_missing_fields(draft, erased), *_broken_rules(draft)]:
            raise CaseInvalid(unfit)
        key = await _signing_key(session, in_use)
        if case.state is State.AMENDING:
            cases.set_tags(session, finalized, draft.get("tags", ()))
        status = "amended" if case.state is State.AMENDING else "final"
        reason = case.amendment_reason
        stored, content, gone = await _sign(session, user, case, draft, erased, status, reason, body, key)
    return case_with(stored, content, gone), 200, {"ETag": etag(stored.version)}


async def amend_case(case_id: str, body: Json, user: Caller, if_match: str | None = None) -> Answer:
    amended = UUID(case_id)
    async with tenant_session(user.tenant_id) as session:
        case = await lock_case(session, amended, user)
        require_transition(case, "amend_case")
        refuse_unless_matched(case.version, if_match)
        access_log.record(session, amended, user.access)
        stored = await cases.begin_amendment(session, amended, drafts.without(*content_shown(case)), body["reason"])
    return case_as_draft(stored), 200, {"ETag": etag(stored.version)}


async def void_case(case_id: str, body: Json, user: Caller, if_match: str | None = None) -> Answer:
    _key_of_file()
    voided = UUID(case_id)
    async with tenant_session(user.tenant_id) as session:
        in_use = signing_keys.in_use(session)
        case = await lock_case(session, voided, user)
        if case.state is State.ENTERED_IN_ERROR and await _is_signed_as_requested(session, case, body):
            access_log.record(session, voided, user.access)
            return case_as_shown(case), 200, {"ETag": etag(case.version)}
        require_transition(case, "void_case")
        refuse_unless_matched(case.version, if_match)
        key = await _signing_key(session, in_use)
        content = records.tombstone_of(content_shown(case)[0])
        erased = records.tombstone_of(_erased_digests(case))
        status = "entered_in_error"
        reason = body["reason"]
        stored, content, gone = await _sign(session, user, case, content, erased, status, reason, body, key)
    return case_with(stored, content, gone), 200, {"ETag": etag(stored.version)}


async def attest_case(case_id: str, body: Json, user: Caller, if_match: str | None = None) -> Json:
    _key_of_file()
    attested = UUID(case_id)
    async with tenant_session(user.tenant_id) as session:
        in_use = signing_keys.in_use(session)
        case = await lock_case(session, attested, user)
        require_transition(case, "attest_case")
        refuse_unless_matched(case.version, if_match)
        (stored,) = await revisions.whole(session, attested, case.revision or 0)
        exported = export.revision_json(case_id, stored_revision(stored))
        listed = exported["signatures"]
        if not any(_is_signed_by(one, body) for one in listed):
            if len(listed) >= SIGNATURES_MAX:
                raise InvalidTransition(f"The revision already has {SIGNATURES_MAX} signatures, the maximum.")
            key = await _signing_key(session, in_use)
            number, signed_at = len(listed) + 1, datetime.now(UTC)
            statement, disclosure = records.attest(
                tenant_id=user.tenant_id,
                case_id=attested,
                revision=stored.row.revision,
                revision_sha256=stored.row.sha256,
                number=number,
                previous_jws=listed[-1]["jws"],
                signer=_signer(user, body),
                meaning=body["meaning"],
                signed_at=signed_at,
            )
            jws = key.sign(statement)
            revisions.add_signature(
                session, attested, stored.row.revision, number, statement=statement, jws=jws, created_at=signed_at
            )
            # An attestation leaves the case's version.
            changes.announce(session, attested)
            revisions.add_disclosures(session, attested, stored.row.revision, {records.signer_name(number): disclosure})
            added = export.StoredSignature(number, statement, jws)
            listed.append(export.signature_json(added, orjson.loads(statement), disclosure))
        access_log.record(session, attested, user.access)
    return exported


async def erase_subject(case_id: str, user: Caller, body: Json | None = None) -> Answer:
    erased = UUID(case_id)
    names = ["subject", *(body or {}).get("sections", ())]
    async with tenant_session(user.tenant_id) as session:
        # Erasing cannot be undone, so the key must stay an admin's until the commit.
        rights = api_keys.rights(session, user.key_id, locks=True)
        cases.lock(session, erased)
        case = await cases.find(session, erased)
        require_rights(user, rights.rows)
        case = require_case(case)
        changed = await revisions.erase(session, erased, names)
        draft = None if case.content is None else case.draft
        content = draft and drafts.without(draft, names)
        if changed or content != draft:
            cases.erase(session, erased, content)
        idempotency_keys.erase(session, erased)
        access_log.record(session, erased, user.access)
        case = require_case(await cases.find(session, erased))
    return case_as_shown(case), 200, {"ETag": etag(case.version)}


async def list_revisions(case_id: str, user: Caller, limit: int, cursor: str | None = None) -> Json:
    async with tenant_session(user.tenant_id, snapshot=True) as session:
        if not await cases.exists(session, UUID(case_id)):
            raise NotFound("The tenant has no case with this id.")
        access_log.record(session, UUID(case_id), user.access)
        rows = await revisions.page(session, UUID(case_id), after=position(cursor), size=limit + 1)
    return page_of(rows, limit) | {"items": [revision_summary(row) for row in rows[:limit]]}


async def get_revision(case_id: str, revision: int, user: Caller) -> Json:
    async with tenant_session(user.tenant_id, snapshot=True) as session:
        stored = await revisions.whole(session, UUID(case_id), revision)
        if not stored:
            raise NotFound("The tenant has no such case, or the case has no revision with this number.")
        access_log.record(session, UUID(case_id), user.access)
    return export.revision_json(case_id, stored_revision(stored[0]))


async def verify_replay(case_id: str, user: Caller, after: int | None = None) -> Json:
    return await verify_case(UUID(case_id), user, after or 0)


async def get_document(
    case_id: str, user: Caller, media_type: str, profile: Profile | None = None
) -> tuple[bytes, int, dict[str, str]]:
    return await document_of(UUID(case_id), user, media_type, profile)


async def list_case_accesses(case_id: str, user: Caller, limit: int, cursor: str | None = None) -> Json:
    async with tenant_session(user.tenant_id) as session:
        if not await cases.exists(session, UUID(case_id)):
            raise NotFound("The tenant has no case with this id.")
        rows = await access_log.page(session, {"case_id": UUID(case_id)}, after=position(cursor), size=limit + 1)
    return page_of(rows, limit)


async def get_jwks() -> Json:
    return {"keys": list((await public_jwks()).values())}


async def verify_revision(body: Json) -> Json:
    return await verify_export(body | {"case_id": body["case_id"].lower()})


def _key_of_file() -> SigningKey:
    try:
        return runtime.current().signing_key.current()
    except signing_key.NoSigningKey as error:
        raise SigningUnavailable(str(error)) from None


async def _signing_key(session: Session, in_use: Pending[signing_keys.KeyId]) -> SigningKey:
    """The key to sign with now. `in_use`: the keys that could sign when the session began.

    A key that was found in use stays usable for the rest of the request; `RETIRING_SECONDS` covers that time.
    """
    # Read the file again: a rotation replaces it before it retires the old key.
    key = _key_of_file()
    if any(row.kid == key.kid for row in in_use.rows):
        return key
    # Either a rotation has published it since, or it must not sign.
    found = await signing_keys.find(session, key.kid)
    if found is None:
        raise SigningUnavailable("The signing key is not published. The operator runs `clincore migrate` as the owner.")
    if not found.is_in_use:
        raise SigningUnavailable(
            "The signing key that this instance reads was retired. The operator restarts it with the new key, or runs"
            " `clincore signing rotate`."
        )
    return key


async def _sign(
    session: Session,
    user: Caller,
    case: CaseRow,
    content: Json,
    erased: dict[str, str],
    status: str,
    change_reason: str | None,
    attestation: Json,
    key: SigningKey,
) -> tuple[CaseRow, Json, list[str]]:
    """Store and show the next revision of a case, and commit. Returns the row, its fields, and names of erased ones.

    `erased`: digests by field; these fields stay erased unless `content` has them.
    """
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
        erased=erased,
        signer=_signer(user, attestation),
        meaning=attestation["meaning"],
        signed_at=signed_at,
    )
    revisions.add(
        session,
        case.id,
        revision,
        status=status,
        signed=signed,
        sha256=records.sha256_of(signed),
        jws=key.sign(signed),
        disclosures=disclosures,
        created_at=signed_at,
    )
    access_log.record(session, case.id, user.access)
    stored = await cases.show_revision(
        session,
        case.id,
        revision=revision,
        status=status,
        content=content,
        finalized_at=case.finalized_at or signed_at,
    )
    # From the signed text, as later reads show it.
    return stored, *records.content_of(signed, disclosures)


def _signer(user: Caller, attestation: Json) -> Json:
    """The signer as it is signed: the person in the request, and the key that the request is made with."""
    return {**attestation["signer"], "key_id": str(user.key_id), "key_label": user.label}


def _is_signed_by(signature: Json, attestation: Json) -> bool:
    """Whether a signature has the person and the meaning of the request, with any key."""
    person = {name: value for name, value in signature["signer"].items() if name not in ("key_id", "key_label")}
    return (person, signature["meaning"]) == (attestation["signer"], attestation["meaning"])


async def _is_signed_as_requested(session: Session, case: CaseRow, body: Json) -> bool:
    """Whether the shown revision has the signer and meaning of the request, and its reason if it gives one."""
    if case.signed is None or ("reason" in body and orjson.loads(case.signed)["change_reason"] != body["reason"]):
        return False
    (stored,) = await revisions.whole(session, case.id, case.revision or 0)
    first = export.revision_json(str(case.id), stored_revision(stored))["signatures"][:1]
    return any(_is_signed_by(one, body) for one in first)


def _erased_digests(case: CaseRow) -> dict[str, str]:
    """The digests of the fields that were erased from the shown revision, by field."""
    return records.erased_digests(case.signed, case.disclosures or {}) if case.signed else {}


def _broken_rules(draft: Json) -> list[tuple[str, str]]:
    """What a draft of ClinCore 0.1.0 can have. Others were checked when they were written, and can be much larger."""
    if len(orjson.dumps(draft)) > BODY_BYTES_MAX:
        return []
    return [*content_rules.check(draft).errors, *content_rules.reference_errors(draft)]


def _missing_fields(content: Json, erased: Collection[str]) -> list[tuple[str, str]]:
    needed = {"title": "/title", "subject": "/subject/identifiers", "author": "/author"}
    return [
        (pointer, "is required to finalize")
        for name, pointer in needed.items()
        if not content.get(name) and name not in erased
    ]
