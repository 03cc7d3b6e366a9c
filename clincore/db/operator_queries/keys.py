"""Operators' queries of API keys. The connection is that of an `operator_session`, which sees every tenant.

Where the service has the same query for one tenant, its statement is reused.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, select, update

from clincore.db.models import ApiKey
from clincore.db.operator_queries.run import Connection, Row, counts, execute_of_tenant, rows, rows_of_tenant
from clincore.db.queries import api_keys, tenants
from clincore.db.queries.api_keys import KeyRow, Role
from clincore.db.queries.conditions import TENANT
from clincore.db.statements import NoRow, Statement

_SET_ROLE = Statement(
    update(ApiKey).where(ApiKey.tenant_id == TENANT, ApiKey.id == bindparam("key_id")).values(role=bindparam("role")),
    NoRow,
)


def list_keys(connection: Connection, tenant_id: UUID, size: int) -> list[Row]:
    """The tenant's keys in the API's form, newest first."""
    return [KeyRow(**row).shown() for row in rows_of_tenant(connection, api_keys.NEWEST, tenant_id, limit=size)]


def count_keys(connection: Connection, tenant_id: UUID) -> int:
    """The number of the tenant's keys, live or not."""
    return counts(connection, ApiKey.tenant_id, ApiKey.tenant_id == tenant_id).get(tenant_id, 0)


def insert_key(
    connection: Connection,
    tenant_id: UUID,
    key_id: UUID,
    *,
    key_hash: str,
    last_four: str,
    label: str,
    role: Role,
    rate_limit_per_minute: int | None,
    scopes: Collection[str] | None,
) -> Row:
    """Store a new key as `api_keys.insert` does. Returns the columns of `StoredKey`."""
    values = {"key_hash": key_hash, "last_four": last_four, "label": label, "role": role, "expires_at": None}
    (row,) = rows_of_tenant(
        connection,
        api_keys.INSERT,
        tenant_id,
        key_id=key_id,
        lineage_id=None,
        rate_limit_per_minute=rate_limit_per_minute,
        scopes=api_keys.as_array(scopes),
        **values,
    )
    return row


def find_key(connection: Connection, key_id: UUID) -> UUID | None:
    """The tenant of the key."""
    found = rows(connection, select(ApiKey.tenant_id).where(ApiKey.id == key_id))
    return found[0]["tenant_id"] if found else None


def set_role(connection: Connection, tenant_id: UUID, key_id: UUID, role: Role) -> Row:
    """Set the key's role. Returns the key in the API's form."""
    execute_of_tenant(connection, _SET_ROLE, tenant_id, key_id=key_id, role=role)
    return _show_key(connection, tenant_id, key_id)


def revoke_key(connection: Connection, tenant_id: UUID, key_id: UUID, *, may_be_last: bool) -> Row | None:
    """Revoke the key as `api_keys.revoke` does. None: it is the last live admin key and was not revoked."""
    # The lock prevents two operators, or an operator and an admin, from revoking the last two at the same time.
    rows_of_tenant(connection, tenants.LOCK, tenant_id)
    (last,) = rows_of_tenant(connection, api_keys.IS_LAST_ADMIN, tenant_id, key_id=key_id)
    if last["is_last_admin"] and not may_be_last:
        return None
    execute_of_tenant(connection, api_keys.REVOKE, tenant_id, key_id=key_id)
    return _show_key(connection, tenant_id, key_id)


def _show_key(connection: Connection, tenant_id: UUID, key_id: UUID) -> Row:
    (row,) = rows_of_tenant(connection, api_keys.FIND, tenant_id, key_id=key_id)
    return KeyRow(**row).shown()
