"""The first key of a tenant."""

import unicodedata
from typing import Any
from uuid import uuid4

from clincore import keys
from clincore.db import tenant_session
from clincore.db.queries import api_keys, tenants
from clincore.idempotency import tenant_id_for
from clincore.problems import IdempotencyKeyReused, TenantNameInvalid, TenantNameTaken


async def bootstrap_tenant(body: dict[str, Any], idempotency_key: str | None = None) -> tuple[dict[str, Any], int]:
    name, tenant_id = normalized(body["tenant_name"]), tenant_id_for(idempotency_key)
    key = keys.generate(tenant_id)
    async with tenant_session(tenant_id) as session:
        if idempotency_key is not None and await tenants.exists(session):
            # The value is no longer stored, but its tenant is.
            raise IdempotencyKeyReused
        if not await tenants.make(session, name):
            raise TenantNameTaken("A tenant with this name exists. Choose another name.")
        await api_keys.insert(
            session,
            uuid4(),
            key_hash=keys.hash_of(key),
            last_four=keys.last_four(key),
            label=first_label(name),
            role=body.get("role", "user"),
        )
    return {"tenant_id": tenant_id, "api_key": key, "message": f"Tenant '{name}' provisioned."}, 201


def normalized(name: str) -> str:
    """A tenant's name that matches its schema, in the form that is stored and compared (NFC).

    Raises:
        TenantNameInvalid: in this form it is too long, or it has invisible characters.
    """
    name = unicodedata.normalize("NFC", name)
    # The contract's pattern cannot check this: it applies before normalization, and some engines lack these planes.
    if len(name) > 200 or any("\U000e0000" <= character <= "\U000e0fff" for character in name):
        raise TenantNameInvalid([("/tenant_name", "is longer than 200 characters (NFC) or has invisible characters")])
    return name


def first_label(tenant_name: str) -> str:
    """The label of a tenant's first key."""
    return f"bootstrap-{tenant_name}"
