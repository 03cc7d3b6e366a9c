"""The caller's own key."""

from typing import Any

from clincore.db import tenant_session
from clincore.db.queries import api_keys, tenants
from clincore.handlers.new_keys import issue_key
from clincore.problems import KeyAlreadyRotated
from clincore.security import Caller, require_rights


async def get_caller(user: Caller) -> dict[str, Any]:
    async with tenant_session(user.tenant_id) as session:
        tenant_name = await tenants.find_name(session)
    return {
        "tenant_id": user.tenant_id,
        "tenant_name": tenant_name,
        "key_id": user.key_id,
        "label": user.label,
        "role": user.role,
        "scopes": user.scopes,
        "expires_at": user.expires_at,
        "rate_limit_per_minute": user.rate_limit_per_minute,
    }


async def rotate_api_key(user: Caller, body: dict[str, Any] | None = None) -> tuple[dict[str, Any], int]:
    grace_seconds = (body or {}).get("grace_seconds", 0)
    async with tenant_session(user.tenant_id) as session:
        found = api_keys.rights(session, user.key_id, locks=True)
        was_ended = await api_keys.end(session, user.key_id, grace_seconds)
        rights = require_rights(user, found.rows)
        if not was_ended:
            raise KeyAlreadyRotated("This API key was already rotated and is in its grace period. Use its successor.")
        issued = await issue_key(
            session,
            user.tenant_id,
            label=rights.label,
            role=rights.role,
            expires_at=rights.expires_at,
            lineage_id=rights.lineage_id,
            rate_limit_per_minute=rights.rate_limit_per_minute,
            scopes=rights.scopes,
        )
    return issued, 201
