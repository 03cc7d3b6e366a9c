"""Clinical cases and their drafts."""

import unicodedata
from collections.abc import Mapping
from uuid import UUID, uuid4

import orjson

from clincore import runtime
from clincore.db import tenant_session
from clincore.db.queries import access_log, api_keys, case_lists, cases, changes
from clincore.handlers.case_document import FHIR_JSON, document_of
from clincore.handlers.case_json import (
    DEFAULT_TYPE,
    Answer,
    Json,
    case_as_draft,
    case_as_shown,
    case_with,
    content_shown,
)
from clincore.handlers.case_rules import lock_case, require_case, require_rules, require_transition
from clincore.handlers.etags import etag, refuse_unless_matched
from clincore.handlers.paging import feed_position, page_of, position, seq_of, time
from clincore.openapi import component
from clincore.problems import CaseFinalized, CaseInvalid, ExternalIdTaken, NotFound, ValidationFailed
from clincore.records import content_rules
from clincore.records.lifecycle import State
from clincore.records.merge_patch import merge
from clincore.records.revision import erased_names
from clincore.security import Caller, require_rights

_NEW_CASE = component("CaseInput")
CASE_BYTES_MAX = 1024 * 1024
"""The contract's `x-body-bytes-max` of `POST /cases`."""
LIMIT_DEFAULT = 50
"""`default` of the contract's `PageLimit`."""
EXTERNAL_ID_MAX = 128
"""`maxLength` of the contract's `ExternalId`."""
# Filters without personal data. For others the access log has only the name.
_PLAIN_FILTERS = {"status", "type", "created_since", "created_before", "updated_since", "updated_before"}


async def create_case(body: Json, user: Caller) -> Answer:
    content = {"type": DEFAULT_TYPE, **body}
    external_id = content.pop("external_id", None)
    if external_id is not None:
        external_id = _to_store(external_id)
    if errors := content_rules.reference_errors(content):
        raise CaseInvalid(errors)
    await require_rules(content, user)
    try:
        async with tenant_session(user.tenant_id) as session:
            case = await cases.insert(
                session,
                uuid4(),
                user.access,
                external_id=external_id,
                content=content,
                billing_status=user.billing_status,
                required_scope=user.required_scope,
            )
            if case is None:
                # Inside, so that the session gives its connection back before the next one takes one.
                raise _external_id_taken()
    except ExternalIdTaken:
        async with tenant_session(user.tenant_id) as session:
            rights = api_keys.rights(session, user.key_id)
        require_rights(user, rights.rows)
        raise
    return case_with(case, case.draft), 201, {"Location": f"/cases/{case.id}", "ETag": etag(case.version)}


async def get_case(case_id: str, user: Caller, media_type: str) -> Answer | tuple[bytes, int, dict[str, str]]:
    if media_type == FHIR_JSON:
        return await document_of(UUID(case_id), user, media_type)
    async with tenant_session(user.tenant_id) as session:
        case = require_case(await cases.read(session, UUID(case_id), user.access))
    return case_as_shown(case), 200, {"ETag": etag(case.version)}


async def get_draft(case_id: str, user: Caller) -> Answer:
    async with tenant_session(user.tenant_id) as session:
        case = await cases.read_draft(session, UUID(case_id), user.access)
    if case is None:
        raise NotFound("The tenant has no such case, or the case has no draft.")
    return case_as_draft(case), 200, {"ETag": etag(case.version)}


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
    changed_after: str | None = None,
) -> Json:
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
    if changed_after is not None:
        if others := [name for name, value in {**asked, "cursor": cursor}.items() if value is not None]:
            raise ValidationFailed([(name, "cannot be combined with changed_after") for name in others])
        return await _list_changes(user, changed_after, limit)
    return await _page(user, asked, limit, cursor)


async def search_cases(body: Json, user: Caller) -> Json:
    asked = {name: value for name, value in body.items() if name not in ("limit", "cursor")}
    # JSON Schema takes 50.0 for an integer.
    limit = int(body.get("limit", LIMIT_DEFAULT))
    return await _page(user, asked, limit, body.get("cursor"), has_body=True)


async def _page(
    user: Caller, asked: Mapping[str, str | None], limit: int, cursor: str | None, *, has_body: bool = False
) -> Json:
    """A page of cases. `asked`: values of the contract's filters, by their names.

    `has_body`: the key can have lost its rights while the body was sent.
    """
    given = {name: value for name, value in asked.items() if value is not None}
    subject_system, subject_value = _token(given.get("subject"))
    type_system, type_code = _token(given.get("type"))
    filters = {
        "status": given.get("status"),
        "external_id": _normalized(given["external_id"]) if "external_id" in given else None,
        "subject_system": subject_system,
        "subject_value": subject_value,
        "tag": given.get("tag"),
        "type_system": type_system,
        "type_code": type_code,
        **{name: time(text) for name, text in given.items() if name.endswith(("since", "before"))},
    }
    recorded = {name: value if name in _PLAIN_FILTERS else True for name, value in given.items()}
    async with tenant_session(user.tenant_id) as session:
        rights = api_keys.rights(session, user.key_id) if has_body else None
        rows = await case_lists.page(
            session,
            user.access,
            filters=filters,
            recorded=recorded,
            after=position(cursor),
            size=limit + 1,
            require=None if rights is None else lambda: require_rights(user, rights.rows),
        )
    return page_of(rows, limit)


async def _list_changes(user: Caller, changed_after: str, limit: int) -> Json:
    async with tenant_session(user.tenant_id) as session:
        rows = await changes.page(
            session,
            user.access,
            after=seq_of(changed_after),
            recorded={"changed_after": changed_after},
            size=limit,
        )
    # A worker that was killed after a commit has not numbered the change.
    runtime.wake_numberer(user.tenant_id)
    return {
        "items": [
            {name: getattr(row, name) for name in case_lists.CaseSummary._fields}
            | {"erased": erased_names(row.digests or {}, row.kept or ())}
            for row in rows
        ],
        "next_changed_after": feed_position(rows[-1].change_seq) if rows else changed_after,
    }


async def update_case(case_id: str, body: Json, user: Caller, if_match: str) -> Answer:
    changed, patch = UUID(case_id), dict(body)
    await require_rules({name: patch[name] for name in content_rules.LISTS if patch.get(name)}, user)
    async with tenant_session(user.tenant_id) as session:
        case = await lock_case(session, changed, user)
        require_transition(case, "update_case")
        refuse_unless_matched(case.version, if_match)
        asked = patch.pop("external_id", case.external_id)
        external_id = asked if asked in (None, case.external_id) else _to_store(asked)
        content = {"type": DEFAULT_TYPE, **merge(case.draft, patch)}
        _refuse_unfit(content)
        if external_id != case.external_id:
            if case.state is State.AMENDING:
                raise CaseFinalized("The case is signed with its external_id, which cannot be changed.")
            # Check first, because a failed statement would end up in PostgreSQL's log.
            if external_id is not None and await cases.is_taken(session, external_id):
                raise _external_id_taken()
        access_log.record(session, changed, user.access)
        if case.state is State.AMENDING:
            stored = await cases.save_amendment(session, changed, content)
        else:
            if content.get("tags") != case.draft.get("tags"):
                cases.set_tags(session, changed, content.get("tags", ()))
            saved = await cases.save_draft(session, changed, external_id=external_id, content=content)
            if saved is None:
                raise _external_id_taken()
            stored = saved
    return case_as_draft(stored), 200, {"ETag": etag(stored.version)}


async def cancel_case(case_id: str, user: Caller, if_match: str) -> Answer:
    cancelled = UUID(case_id)
    async with tenant_session(user.tenant_id) as session:
        case = await lock_case(session, cancelled, user)
        require_transition(case, "cancel_case")
        refuse_unless_matched(case.version, if_match)
        access_log.record(session, cancelled, user.access)
        end = cases.cancel if case.state is State.DRAFT else cases.end_amendment
        stored = await end(session, cancelled)
    return case_with(stored, *content_shown(case)), 200, {"ETag": etag(stored.version)}


def _refuse_unfit(content: Json) -> None:
    """Raise CaseInvalid unless `POST /cases` would accept the content.

    Its lists are those of the draft and of the patch, which were checked already.
    """
    others = {name: value for name, value in content.items() if name not in content_rules.LISTS}
    errors = _NEW_CASE.errors(others) or content_rules.check(others).errors or content_rules.reference_errors(content)
    if not errors and len(orjson.dumps(content)) > CASE_BYTES_MAX:
        errors = [("", f"is larger than {CASE_BYTES_MAX} bytes as JSON")]
    if errors:
        raise CaseInvalid(errors)


def _token(text: str | None) -> tuple[str | None, str | None]:
    """System and code of FHIR's `system|code`. The system is None if the text has none."""
    system, separator, code = (text or "").partition("|")
    return (system, code) if separator and ":" in system else (None, text)


def _normalized(external_id: str) -> str:
    """In Unicode's form NFC, so that ids that look the same are the same."""
    return unicodedata.normalize("NFC", external_id)


def _to_store(external_id: str) -> str:
    """An external id in its stored form.

    Raises:
        CaseInvalid: in this form it is too long.
    """
    normalized = _normalized(external_id)
    if len(normalized) > EXTERNAL_ID_MAX:
        raise CaseInvalid([("/external_id", f"is longer than {EXTERNAL_ID_MAX} characters (NFC)")])
    return normalized


def _external_id_taken() -> ExternalIdTaken:
    return ExternalIdTaken("The tenant has a case with this external_id. GET /cases?external_id=... finds it.")
