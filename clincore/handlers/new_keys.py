"""New API keys, for the handlers that issue them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from clincore import keys
from clincore.db.queries import api_keys
from clincore.db.queries.api_keys import Role, Scope
from clincore.db.session import Session


async def issue_key(
    session: Session,
    tenant_id: UUID,
    *,
    label: str,
    role: Role,
    expires_at: datetime | None = None,
    lineage_id: UUID | None = None,
    rate_limit_per_minute: int | None = None,
    scopes: Collection[Scope] | None = None,
) -> dict[str, Any]:
    """Store a new key of the tenant and commit. Returns the contract's `IssuedApiKey`.

    `lineage_id`: for a successor.
    """
    key, key_id = keys.generate(tenant_id), uuid4()
    stored = await api_keys.insert(
        session,
        key_id,
        key_hash=keys.hash_of(key),
        last_four=keys.last_four(key),
        label=label,
        role=role,
        expires_at=expires_at,
        lineage_id=lineage_id,
        rate_limit_per_minute=rate_limit_per_minute,
        scopes=scopes,
    )
    return {"id": key_id, "api_key": key, "label": label, "role": role, **stored._asdict()}
