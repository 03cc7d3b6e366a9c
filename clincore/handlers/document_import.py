"""Cases from documents of other systems in FHIR R4."""

import asyncio
import hashlib
import re
import unicodedata
from collections import Counter
from uuid import uuid4

import orjson

from clincore.db import tenant_session
from clincore.db.queries import api_keys, cases
from clincore.handlers.case_document import FHIR_JSON
from clincore.handlers.case_json import DEFAULT_TYPE, Answer, Json, case_with
from clincore.handlers.etags import etag
from clincore.handlers.separate_process import in_process
from clincore.openapi import component
from clincore.problems import (
    DocumentImported,
    DocumentUnreadable,
    ExternalIdTaken,
    Problem,
    Unavailable,
    ValidationFailed,
)
from clincore.records.fhir.reading.fit import fit
from clincore.records.fhir.reading.in_process import CASE_BYTES_MAX
from clincore.records.fhir.reading.report import Reading, Row, Unreadable
from clincore.security import Caller, require_rights

_NEW_CASE = component("CaseInput")
_NOT_READ = "The document could not be read in time. Try again."
_STEP = re.compile(r"\.|\[|\]\.?")


class _NotStored(Exception):
    """A case has the source or the external id, or the key is not live."""


async def case_from(content: bytes, user: Caller, media_type: str) -> Answer:
    """Create a case from a document as it was sent; the contract's `ImportedCase`, or as FHIR an OperationOutcome.

    Raises:
        ValidationFailed: parsers understand it differently, or it has a number that cannot be held.
        DocumentUnreadable: no case can be created from it.
        DocumentImported, ExternalIdTaken: a case has its identifier or its external id.
        Unavailable: the separate process did not answer in time.
    """
    reading, identifier = await _read(content, user)
    made = {"type": DEFAULT_TYPE, **(reading.case or {})}
    external_id = made.pop("external_id", None)
    if external_id is not None:
        external_id = unicodedata.normalize("NFC", external_id)
    source = None if identifier is None else hashlib.sha256(identifier.encode()).hexdigest()
    try:
        async with tenant_session(user.tenant_id) as session:
            case = await cases.insert(
                session,
                uuid4(),
                user.access,
                external_id=external_id,
                content=made,
                billing_status=user.billing_status,
                source_sha256=source,
                required_scope=user.required_scope,
            )
            if case is None:
                # Inside, so that the session gives its connection back before the next one takes one.
                raise _NotStored
    except _NotStored:
        raise await _conflict(user, external_id, source) from None
    headers = {"Location": f"/cases/{case.id}", "ETag": etag(case.version), "Content-Type": media_type}
    return _report(reading, case_with(case, case.draft), media_type), 201, headers


async def preview_of(content: bytes, user: Caller, media_type: str) -> Answer:
    """What `case_from` would make of a document: the contract's `DocumentPreview`, or as FHIR an OperationOutcome.

    Raises:
        ValidationFailed, DocumentUnreadable, Unavailable: as `case_from`.
        Unauthorized, ScopeRequired: the key has lost its rights since admission.
    """
    reading, _ = await _read(content, user)
    async with tenant_session(user.tenant_id) as session:
        rights = api_keys.rights(session, user.key_id)
    require_rights(user, rights.rows)
    case = {"type": DEFAULT_TYPE, **(reading.case or {})}
    return _report(reading, case, media_type), 200, {"Content-Type": media_type}


def _report(reading: Reading, case: Json, media_type: str) -> Json:
    """The case, and a line for each resource; as FHIR only the lines."""
    if media_type == FHIR_JSON:
        return {"resourceType": "OperationOutcome", "issue": [row.issue() for row in reading.rows]}
    return {
        "case": case,
        "counts": {"kept": 0, "noted": 0, "refused": 0} | Counter(row.outcome for row in reading.rows),
        "report": [row.shown() for row in reading.rows],
    }


async def _read(content: bytes, user: Caller) -> tuple[Reading, str | None]:
    """The case and report of a document, and its identifier.

    Raises:
        ValidationFailed: parsers understand it differently, or it has a number that cannot be held.
        DocumentUnreadable: no case can be created from it.
        Unavailable: the separate process did not answer in time.
    """
    case, *rest = await in_process(user.tenant_id, "read_document", content.decode(), otherwise=_NOT_READ)
    if case is None:
        place, reason = rest
        if place is None:
            raise ValidationFailed([("", reason)])
        raise DocumentUnreadable([(_pointer(place), reason)])
    rows, identifier = rest
    reading = Reading(case, [Row(*row) for row in rows])
    try:
        if _NEW_CASE.errors(case):
            # Entry by entry, which takes a third of a second for the worst. The event loop gets its turns meanwhile.
            reading = await asyncio.to_thread(fit, reading, _NEW_CASE.errors)
    except Unreadable as error:
        raise DocumentUnreadable([("", error.reason)]) from None
    case, found = await in_process(user.tenant_id, "fit_to_rules", reading.case, reading.rows, otherwise=_NOT_READ)
    if case is None:
        raise DocumentUnreadable([("", found)])
    if len(orjson.dumps(case)) > CASE_BYTES_MAX:
        raise DocumentUnreadable([("", f"The case would have more than {CASE_BYTES_MAX} bytes as JSON.")])
    return Reading(case, [Row(*row) for row in found]), identifier


async def _conflict(user: Caller, external_id: str | None, source: str | None) -> Problem:
    """Why a case was not stored.

    Raises:
        Unauthorized, RoleRequired: the key has lost its rights since admission.
    """
    async with tenant_session(user.tenant_id) as session:
        rights = api_keys.rights(session, user.key_id)
        by_external_id, by_source = await cases.find_taken(session, external_id=external_id, source_sha256=source)
    require_rights(user, rights.rows)
    if by_source is not None:
        return DocumentImported(
            "A case was created from the document with this identifier. Location names it.",
            headers={"Location": f"/cases/{by_source}"},
        )
    if by_external_id is not None:
        return ExternalIdTaken(
            "The tenant has a case with the document's external_id. Location names it.",
            headers={"Location": f"/cases/{by_external_id}"},
        )
    # The case was cancelled meanwhile.
    return Unavailable()


def _pointer(path: str) -> str:
    """A JSON Pointer for a path of FHIRPath, such as `Bundle.entry[3].resource`."""
    _, *steps = [step for step in _STEP.split(path) if step] or [""]
    return "".join(f"/{step}" for step in steps)
