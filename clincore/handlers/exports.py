"""Exports of cases."""

from collections.abc import AsyncGenerator
from uuid import UUID

from clincore import runtime
from clincore.db import tenant_session
from clincore.db.queries import access_log, api_keys, changes, exports
from clincore.handlers.paging import feed_position, seq_of
from clincore.handlers.streams import FHIR_NDJSON, Stream, export_slot, lines_of
from clincore.security import Caller, require_rights


async def export_cases(
    user: Caller, media_type: str, after: str | None = None, changed_after: str | None = None
) -> Stream:
    headers = {"Content-Type": media_type}
    return _export(user, media_type, after, changed_after, headers), 200, headers


async def _export(
    user: Caller, media_type: str, after: str | None, changed_after: str | None, headers: dict[str, str]
) -> AsyncGenerator[bytes, None]:
    after_id = UUID(after) if after is not None else exports.FIRST
    after_seq = seq_of(changed_after) if changed_after is not None else None
    given = {"after": after, "changed_after": changed_after, "media_type": media_type}
    recorded = {name: value for name, value in given.items() if value is not None}
    async with export_slot(user):
        # Committed before the first line is sent, so that no case leaves without an entry.
        async with tenant_session(user.tenant_id) as session:
            rights = api_keys.rights(session, user.key_id)
            count = await exports.count(session, after_id=after_id, after=after_seq)
            # The key may have ended during the wait for a slot.
            require_rights(user, rights.rows)
            access_log.record_list(session, user.access, recorded, count)
        runtime.wake_numberer(user.tenant_id)
        async with tenant_session(user.tenant_id, snapshot=True) as session:
            headers["Next-Changed-After"] = feed_position(await changes.last_seq(session))
            is_fhir = media_type == FHIR_NDJSON
            async for rows in exports.pages(session, after_id=after_id, after=after_seq, with_signatures=is_fhir):
                async for chunk in lines_of(rows, media_type, user.tenant_id):
                    yield chunk
