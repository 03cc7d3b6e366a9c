"""Clinical cases: drafts, and what of them is shown."""

from typing import Any
from uuid import UUID, uuid4

import orjson
from sqlalchemy.exc import IntegrityError

from clincore.db import tenant_session
from clincore.db.queries import access_log, cases
from clincore.handlers.etags import etag, is_known, refuse_unless_matched
from clincore.handlers.paging import page_of, position, time
from clincore.openapi import BODY_BYTES_MAX, component
from clincore.problems import CaseFinalized, CaseInvalid, ExternalIdTaken, InvalidTransition, NotFound, ValidationFailed
from clincore.records import revision as revisions
from clincore.records.merge_patch import merge
from clincore.security import Caller

# LOINC's document type for what a case is when nobody says what it is.
DEFAULT_TYPE = {"system": "http://loinc.org", "code": "34133-9", "display": "Summary of episode note"}

# What the contract answers for a field that was not given, in its order.
_EMPTY: dict[str, Any] = {
    "type": DEFAULT_TYPE,
    "subject": None,
    "author": None,
    "period": None,
    "reason": None,
    "history": None,
    "assessment": None,
    "plan": None,
    "conditions": [],
    "observations": [],
    "medications": [],
    "allergies": [],
    "tags": [],
    "metadata": {},
}
_NEW_CASE = component("NewCase")
# Filters whose values are nobody's data; of the others the access log has only that they were used.
_PLAIN_FILTERS = {"status", "type", "created_since", "created_before", "updated_since", "updated_before"}

Answer = tuple[dict[str, Any], int, dict[str, str]]


async def create_case(body: dict[str, Any], user: Caller) -> Answer:
    if errors := _metadata_errors(body):
        raise ValidationFailed(errors)
    content = {"type": DEFAULT_TYPE, **body}
    external_id = content.pop("external_id", None)
    case = await cases.create(
        user.tenant_id,
        uuid4(),
        access_of(user),
        external_id=external_id,
        content=content,
        billing_status=user.billing_status,
    )
    if case is None:
        raise _external_id_taken()
    return as_json(case, case.content), 201, {"Location": f"/cases/{case.id}", "ETag": etag(case.version)}


async def get_case(case_id: str, user: Caller, if_none_match: str | None = None) -> tuple[Any, int, dict[str, str]]:
    case = found(await cases.find(user.tenant_id, UUID(case_id), access_of(user)))
    headers = {"ETag": etag(case.version)}
    if is_known(headers["ETag"], if_none_match):
        return None, 304, headers
    return as_shown(case), 200, headers


async def get_draft(case_id: str, user: Caller) -> Answer:
    case = await cases.find_draft(user.tenant_id, UUID(case_id), access_of(user))
    if case is None:
        raise NotFound("No such draft.")
    return as_draft(case), 200, {"ETag": etag(case.version)}


async def list_cases(
    user: Caller,
    limit: int,
    status: str | None = None,
    external_id: str | None = None,
    subject: str | None = None,
    tag: str | None = None,
    type: str | None = None,
    created_since: str | None = None,
    created_before: str | None = None,
    updated_since: str | None = None,
    updated_before: str | None = None,
    cursor: str | None = None,
) -> dict[str, Any]:
    asked = {
        "status": status,
        "external_id": external_id,
        "subject": subject,
        "tag": tag,
        "type": type,
        "created_since": created_since,
        "created_before": created_before,
        "updated_since": updated_since,
        "updated_before": updated_before,
    }
    subject_system, subject_value = _token(subject)
    type_system, type_code = _token(type)
    filters = {
        "status": status,
        "external_id": external_id,
        "subject_system": subject_system,
        "subject_value": subject_value,
        "tag": tag,
        "type_system": type_system,
        "type_code": type_code,
        **{
            name: time(asked[name] or "") if asked[name] else None
            for name in asked
            if name.endswith(("since", "before"))
        },
    }
    rows = await cases.page(
        user.tenant_id,
        access_of(user),
        filters=filters,
        recorded={
            name: value if name in _PLAIN_FILTERS else True for name, value in asked.items() if value is not None
        },
        after=position(cursor),
        size=limit + 1,
    )
    return page_of(rows, limit)


async def update_case(case_id: str, body: dict[str, Any], user: Caller, if_match: str) -> Answer:
    changed, patch = UUID(case_id), dict(body)
    if errors := _metadata_errors(patch):
        raise ValidationFailed(errors)
    external_id = patch.pop("external_id", None) if "external_id" in patch else ...
    async with tenant_session(user.tenant_id) as session:
        case = found(await cases.lock(session, user.tenant_id, changed))
        refuse_unless_open(case)
        refuse_unless_matched(case.version, if_match)
        content = {"type": DEFAULT_TYPE, **merge(case.content, patch)}
        _refuse_unfit(content)
        values: dict[str, Any] = {"content": content}
        if external_id is not ... and external_id != case.external_id:
            if case.revision is not None:
                raise CaseFinalized("The case was signed with its external_id, which stays.")
            values["external_id"] = external_id
        if case.revision is None:
            # Lists show and find a case that was signed by what was signed, until it is signed anew.
            values |= cases.searched(content)
            if content.get("tags") != case.content.get("tags"):
                await cases.set_tags(session, user.tenant_id, changed, case.created_at, content.get("tags", ()))
        try:
            stored = await cases.change(session, user.tenant_id, changed, **values)
        except IntegrityError:
            raise _external_id_taken() from None
        await access_log.add(session, user.tenant_id, changed, access_of(user))
    return as_draft(stored), 200, {"ETag": etag(stored.version)}


async def cancel_case(case_id: str, user: Caller, if_match: str) -> Answer:
    cancelled = UUID(case_id)
    async with tenant_session(user.tenant_id) as session:
        case = found(await cases.lock(session, user.tenant_id, cancelled))
        refuse_unless_open(case)
        refuse_unless_matched(case.version, if_match)
        ended: dict[str, Any] = {"content": None, "amendment_reason": None}
        values = {"status": "cancelled"} if case.revision is None else ended
        stored = await cases.change(session, user.tenant_id, cancelled, **values)
        await access_log.add(session, user.tenant_id, cancelled, access_of(user))
    content, erased = shown_content(case)
    return as_json(stored, content, erased), 200, {"ETag": etag(stored.version)}


def access_of(user: Caller) -> access_log.Access:
    """What the access log says of the request."""
    return access_log.Access(user.key_id, user.label, user.request_id, user.operation)


def found(case: Any | None) -> Any:
    """The case.

    Raises:
        NotFound: there is none.
    """
    if case is None:
        raise NotFound("No such case.")
    return case


def is_open(case: Any) -> bool:
    """Whether there is a draft that can be edited: of a case that was never signed, or an amendment."""
    return case.content is not None and case.status != "cancelled"


def refuse_unless_open(case: Any) -> None:
    """See that there is a draft that can be edited.

    Raises:
        CaseFinalized, InvalidTransition: there is none.
    """
    if is_open(case):
        return
    if case.status in ("final", "amended"):
        raise CaseFinalized("The case is finalized and does not change. POST /cases/{case_id}/amend begins a revision.")
    raise InvalidTransition(f"The case is {case.status.replace('_', ' ')} and stays so.")


def shown_content(case: Any) -> tuple[dict[str, Any], list[str]]:
    """The fields of a case as it is shown, and the names of those that were erased."""
    if case.revision is None:
        return case.content, []
    return revisions.content_of(case.signed, case.disclosures or {})


def as_shown(case: Any) -> dict[str, Any]:
    """`Case` of the contract: the signed revision, else the draft."""
    return as_json(case, *shown_content(case))


def as_draft(case: Any) -> dict[str, Any]:
    """`Case` of the contract: the draft, of an amendment too."""
    return as_json(case, case.content) | {"status": "draft", "revision": None}


def as_json(case: Any, content: dict[str, Any], erased: list[str] | None = None) -> dict[str, Any]:
    """`Case` of the contract with these fields."""
    return {
        "id": case.id,
        "external_id": case.external_id,
        "status": case.status,
        "version": case.version,
        "revision": case.revision,
        "amendment_reason": case.amendment_reason,
        "title": content["title"],
        **_EMPTY,
        **content,
        "erased": erased or [],
        "created_at": case.created_at,
        "updated_at": case.updated_at,
        "created_by": case.created_by,
        "finalized_at": case.finalized_at,
    }


def _refuse_unfit(content: dict[str, Any]) -> None:
    """See that a draft is one that `POST /cases` would have taken."""
    errors = _NEW_CASE.errors(content) or _metadata_errors(content)
    if not errors and len(orjson.dumps(content)) > BODY_BYTES_MAX:
        errors = [("", f"has more than {BODY_BYTES_MAX} bytes as JSON")]
    if errors:
        raise CaseInvalid(errors)


def _metadata_errors(content: dict[str, Any]) -> list[tuple[str, str]]:
    # OpenAPI 3.0 has no schema for keys.
    if any(not 1 <= len(key) <= 64 for key in content.get("metadata") or ()):
        return [("/metadata", "has a key that is empty or longer than 64 characters")]
    return []


def _token(text: str | None) -> tuple[str | None, str | None]:
    """System and code of FHIR's `system|code`; the system is None where there is none."""
    system, separator, code = (text or "").partition("|")
    return (system, code) if separator and ":" in system else (None, text)


def _external_id_taken() -> ExternalIdTaken:
    return ExternalIdTaken("The tenant has a case with this external_id. GET /cases?external_id=... finds it.")
