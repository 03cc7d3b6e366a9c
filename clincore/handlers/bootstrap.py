"""The first key of a tenant."""

import unicodedata
from typing import Any

import psycopg

from clincore.db import tenant_session
from clincore.db.errors import failed_node
from clincore.db.queries import tenants
from clincore.handlers.new_keys import issue_key
from clincore.idempotency import tenant_id_for
from clincore.problems import IdempotencyKeyReused, TenantNameInvalid, TenantNameTaken, Unavailable


async def bootstrap_tenant(body: dict[str, Any], idempotency_key: str | None = None) -> tuple[dict[str, Any], int]:
    name, tenant_id = normalized(body["tenant_name"]), tenant_id_for(idempotency_key)
    try:
        async with tenant_session(tenant_id, on_every_node=True) as session:
            if idempotency_key is not None and await tenants.exists(session):
                # The value is no longer stored, but its tenant is.
                raise IdempotencyKeyReused
            if not await tenants.make(session, name):
                raise TenantNameTaken("A tenant with this name exists. Choose another name.")
            issued = await issue_key(session, tenant_id, label=first_label(name), role=body.get("role", "user"))
    except psycopg.Error as error:
        node = failed_node(error)
        if node is None:
            raise
        # The caller is the operator, who may know the node.
        detail = (
            f"The database node {node} does not answer. A new tenant needs all nodes, for its unique name. Try again."
        )
        raise Unavailable(detail) from error
    return {"tenant_id": tenant_id, "api_key": issued["api_key"], "message": f"Tenant '{name}' provisioned."}, 201


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
