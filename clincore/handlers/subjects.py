"""All cases of a subject: their export, and their erasure."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from clincore.db import tenant_session
from clincore.db.queries import api_keys, exports, subjects
from clincore.handlers.streams import FHIR_NDJSON, Stream, export_slot, lines_of
from clincore.records.revision import ERASABLE, SIGNERS
from clincore.security import Caller, require_rights

Json = dict[str, Any]


async def export_subject_cases(body: Json, user: Caller, media_type: str) -> Stream:
    return _export(body["identifier"], user, media_type), 200, {"Content-Type": media_type}


async def _export(identifier: dict[str, str], user: Caller, media_type: str) -> AsyncGenerator[bytes, None]:
    after_id = exports.FIRST
    async with export_slot(user):
        while True:
            # A transaction per page, committed before its lines are sent, so that no case leaves without an entry.
            async with tenant_session(user.tenant_id, snapshot=True) as session:
                require_rights(user, await api_keys.find_rights(session, user.key_id))
                rows = await subjects.page(
                    session, user.access, identifier, after_id=after_id, with_signatures=media_type == FHIR_NDJSON
                )
            async for chunk in lines_of(rows, media_type, user.tenant_id):
                yield chunk
            if len(rows) < subjects.CASES_AT_ONCE:
                return
            after_id = rows[-1].case.id


async def erase_subject_cases(body: Json, user: Caller) -> Json:
    identifier, names = body["identifier"], ["subject", *body.get("sections", ())]
    async with tenant_session(user.tenant_id) as session:
        # Erasing cannot be undone, so the key must stay an admin's until the commit.
        rights = api_keys.rights(session, user.key_id, locks=True)
        ids = await subjects.lock(session, identifier)
        require_rights(user, rights.rows)
        erased = await subjects.erase(session, user.access, identifier, ids, names)
    return {
        "done": erased.remaining == 0,
        "remaining": erased.remaining,
        "cases": erased.cases,
        "revisions": erased.revisions,
        "texts": [{"field": name, "count": erased.texts[name]} for name in (*ERASABLE, SIGNERS) if erased.texts[name]],
        "erased_at": datetime.now(UTC),
        "request_id": user.access.request_id,
    }
