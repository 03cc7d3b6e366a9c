"""The FHIR document of a case."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson

from clincore.db import tenant_session
from clincore.db.queries import access_log, cases, revisions
from clincore.db.queries.cases import CaseRow
from clincore.handlers.case_json import Json, case_as_shown, stored_revision
from clincore.handlers.case_rules import require_case
from clincore.handlers.etags import etag_of
from clincore.handlers.separate_process import in_process
from clincore.records.export import StoredSignature, signature_json
from clincore.records.fhir import document as fhir
from clincore.records.revision import signer_name
from clincore.security import Caller

FHIR_JSON = "application/fhir+json"
IDENTIFIER_SYSTEM = "urn:clincore:revision"
HERE_BYTES_MAX = 64 * 1024
HERE_MEMBERS_MAX = 500
"""Size of a case, and number of its values, up to which its document is made here. Each value takes up to 25 us; more
of them would hold the event loop for too long."""


async def document_of(
    case_id: UUID, user: Caller, media_type: str, profile: fhir.Profile | None = None
) -> tuple[bytes, int, dict[str, str]]:
    """The document of what the case shows.

    Raises:
        NotFound: the tenant has no such case.
        Unavailable: the process that makes large documents did not answer.
    """
    async with tenant_session(user.tenant_id, snapshot=True) as session:
        case = require_case(await cases.find(session, case_id))
        stored = await revisions.whole(session, case_id, case.revision) if case.revision else []
        access_log.record(session, case_id, user.access)
    signed_at, signatures = None, []
    if stored:
        signed_at, disclosures = stored[0].row.created_at, stored[0].disclosures
        signatures = [(one, disclosures.get(signer_name(one.number))) for one in stored_revision(stored[0]).signatures]
    document = await fhir_document(user.tenant_id, case, signed_at, signatures, profile)
    return document, 200, {"ETag": etag_of(case.version, media_type, document), "Content-Type": media_type}


async def fhir_document(
    tenant_id: UUID,
    case: CaseRow,
    signed_at: datetime | None,
    signatures: Sequence[tuple[StoredSignature, str | None]],
    profile: fhir.Profile | None = None,
) -> bytes:
    """What the case shows, as a FHIR document.

    `signed_at`, `signatures`: of the revision that the case shows; None and empty if it was never signed. Each
    signature has the Disclosure of its signer, if there is one.

    Raises:
        Unavailable: the process that makes large documents did not answer.
    """
    shown = case_as_shown(case)
    listed: list[Json] = []
    if signed_at is not None and case.signed is not None:
        # The document shows the case as it was signed, without what happened to it since.
        shown["updated_at"] = signed_at
        document = orjson.loads(case.signed)
        listed = [
            signature_json(one, document if one.statement is None else orjson.loads(one.statement), disclosure)
            for one, disclosure in signatures
        ]
    content = orjson.dumps([shown, listed], option=orjson.OPT_UTC_Z)
    if len(content) <= HERE_BYTES_MAX and content.count(b'":') <= HERE_MEMBERS_MAX:
        made = fhir.document(shown, identifier_system=IDENTIFIER_SYSTEM, signatures=listed, profile=profile)
        return fhir.as_json(made)
    interrupted = "Making the document was interrupted. Try again."
    arguments = orjson.Fragment(content), IDENTIFIER_SYSTEM, profile
    text: str = await in_process(tenant_id, "document", *arguments, otherwise=interrupted)
    return text.encode()
