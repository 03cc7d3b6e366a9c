"""The caller's own quota."""

from typing import Any

from clincore.db import tenant_session
from clincore.db.queries import usage
from clincore.quotas import free_calls, quota_headers
from clincore.security import Caller


async def get_quota(user: Caller) -> tuple[dict[str, Any], int, dict[str, str]]:
    async with tenant_session(user.tenant_id) as session:
        calls, is_paid = await usage.quota(session)
    # Without this call, whose event is already committed: the free cap counts earlier calls.
    used, limit = calls - 1, usage.FREE_CALLS_MAX
    if is_paid:
        return {"billing_status": "paid", "used": used, "limit": None, "remaining": None}, 200, {}
    quota = {"billing_status": "free", "used": used, "limit": limit, "remaining": max(0, limit - used)}
    return quota, 200, quota_headers(free_calls(limit, used))
