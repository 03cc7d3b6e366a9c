"""Keys and usage of the tenant."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from clincore import keys
from clincore.db import api_keys, tenant_session, tenants, usage
from clincore.handlers.paging import page_of, position
from clincore.problems import KeyAlreadyRotated, LastAdminKey, NotFound
from clincore.security import Caller


async def create_api_key(body: dict[str, Any], user: Caller) -> tuple[dict[str, Any], int]:
    key, key_id = keys.generate(user.tenant_id), uuid4()
    label, role = body["label"], body.get("role", "user")
    expires_at = _time(body["expires_at"]) if "expires_at" in body else None
    async with tenant_session(user.tenant_id) as session:
        stored = await api_keys.insert(
            session,
            user.tenant_id,
            key_id,
            key_hash=keys.hash_of(key),
            label=label,
            role=role,
            expires_at=expires_at,
        )
    return {
        "id": key_id,
        "api_key": key,
        "label": label,
        "role": role,
        "created_at": stored.created_at,
        "expires_at": stored.expires_at,
    }, 201


async def list_api_keys(user: Caller, limit: int, cursor: str | None = None) -> dict[str, Any]:
    async with tenant_session(user.tenant_id) as session:
        rows = await api_keys.page(session, user.tenant_id, after=position(cursor), size=limit + 1)
    return page_of(rows, limit)


async def update_api_key(key_id: str, body: dict[str, Any], user: Caller) -> dict[str, Any]:
    changes, changed = dict(body), UUID(key_id)
    if changes.get("expires_at") is not None:
        changes["expires_at"] = _time(changes["expires_at"])
    async with tenant_session(user.tenant_id) as session:
        # Ended and revoked at the same time, by two admins, two keys must not both go.
        await tenants.lock(session, user.tenant_id)
        was_last_admin = await api_keys.is_last_admin(session, user.tenant_id, changed)
        key = await api_keys.change(session, user.tenant_id, changed, changes)
        if key is None:
            if await api_keys.is_revoked(session, user.tenant_id, changed) is None:
                raise NotFound("No such key.")
            raise KeyAlreadyRotated("This key has a successor and ends with its grace, not later.")
        if was_last_admin and not await api_keys.is_last_admin(session, user.tenant_id, changed):
            raise LastAdminKey("This is the tenant's last live admin key. Create another admin key first.")
    return dict(key._mapping)


async def revoke_api_key(key_id: str, user: Caller) -> dict[str, Any]:
    async with tenant_session(user.tenant_id) as session:
        # Two admins that revoke each other at the same time must not both succeed.
        await tenants.lock(session, user.tenant_id)
        if await api_keys.is_last_admin(session, user.tenant_id, UUID(key_id)):
            raise LastAdminKey("This is the tenant's last live admin key. Create another admin key first.")
        key = await api_keys.revoke(session, user.tenant_id, UUID(key_id))
    if key is None:
        raise NotFound("No such key.")
    return dict(key._mapping)


async def get_usage(user: Caller) -> dict[str, Any]:
    async with tenant_session(user.tenant_id) as session:
        by_endpoint = await usage.calls_by_endpoint(session, user.tenant_id)
        last_24h_count = await usage.last_24h(session, user.tenant_id)
    return {
        "total_calls": sum(by_endpoint.values()),
        "calls_by_endpoint": by_endpoint,
        "last_24h_count": last_24h_count,
    }


def _time(text: str) -> datetime:
    # PostgreSQL knows no offset of 16 hours or more, which RFC 3339 allows.
    return datetime.fromisoformat(text).astimezone(UTC)
