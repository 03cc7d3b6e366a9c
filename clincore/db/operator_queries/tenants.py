"""Queries of the operator's commands; the connection is that of an `operator_session`, which sees every tenant.

Where the service asks the same of a tenant, the statement is the service's own.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import ARRAY, ColumnElement, Executable, Uuid, any_, func, literal, select, update
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from clincore.db.models import ApiKey, Case, Tenant
from clincore.db.queries import api_keys
from clincore.db.queries import tenants as tenants_

Connection = psycopg.Connection[Any]
Row = dict[str, Any]
Billing = Literal["free", "paid"]
Role = Literal["user", "admin"]

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]
_TENANT = (Tenant.id, Tenant.name, Tenant.billing_status, Tenant.created_at)


def find_tenant(connection: Connection, given: str) -> UUID | None:
    """The tenant with this id or, when there is none, with this name."""
    tenant_id = as_uuid(given)
    if tenant_id and _rows(connection, select(Tenant.id).where(Tenant.id == tenant_id)):
        return tenant_id
    try:
        # The form in which bootstrap stores names. What is no UTF-8 came from the shell and is no tenant's name.
        name = unicodedata.normalize("NFC", given).encode().decode()
    except UnicodeEncodeError:
        return None
    found = _rows(connection, select(Tenant.id).where(Tenant.name == name))
    return found[0]["id"] if found else None


def as_uuid(given: str) -> UUID | None:
    """The UUID that is written there, if one is."""
    try:
        return UUID(given)
    except ValueError:
        return None


def count_tenants(connection: Connection) -> int:
    """Of all tenants."""
    return int(_rows(connection, select(func.count().label("n")).select_from(Tenant))[0]["n"])


def list_tenants(connection: Connection, size: int) -> list[Row]:
    """Tenants, newest first: id, name, billing_status, created_at, cases, keys.

    `billing_status` is what the service goes by: paid when the tenant or any of its cases is. `keys` are live.
    """
    statement = select(*_TENANT).order_by(Tenant.created_at.desc(), Tenant.id.desc()).limit(size)
    return _with_counts(connection, _rows(connection, statement))


def show_tenant(connection: Connection, tenant_id: UUID) -> Row:
    """The tenant as `list_tenants` has it, with cases_by_status, admin_keys (live) and ended_keys."""
    (row,) = _with_counts(connection, _rows(connection, select(*_TENANT).where(Tenant.id == tenant_id)))
    by_status = (
        select(Case.status, func.count().label("n"))
        .where(Case.tenant_id == tenant_id)
        .group_by(Case.status)
        .order_by(Case.status)
    )
    by_kind = select(
        func.count().filter(api_keys.LIVE, ApiKey.role == "admin").label("admin_keys"),
        func.count().filter(~api_keys.LIVE).label("ended_keys"),
    ).where(ApiKey.tenant_id == tenant_id)
    row["cases_by_status"] = {found["status"]: found["n"] for found in _rows(connection, by_status)}
    return row | _rows(connection, by_kind)[0]


def _with_counts(connection: Connection, tenants: list[Row]) -> list[Row]:
    """With the number of cases and live keys of these tenants alone: not of all, of whom there may be many."""
    ids = [tenant["id"] for tenant in tenants]
    cases = _counts(connection, Case.tenant_id, _one_of(Case.tenant_id, ids))
    keys = _counts(connection, ApiKey.tenant_id, _one_of(ApiKey.tenant_id, ids) & api_keys.LIVE)
    paid_cases = _one_of(Case.tenant_id, ids) & (Case.billing_status == "paid")
    paid = {row["tenant_id"] for row in _rows(connection, select(Case.tenant_id).where(paid_cases).distinct())}
    for tenant in tenants:
        tenant["cases"], tenant["keys"] = cases.get(tenant["id"], 0), keys.get(tenant["id"], 0)
        if tenant["id"] in paid:
            tenant["billing_status"] = "paid"
    return tenants


def _one_of(column: Any, ids: Sequence[UUID]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column == any_(literal(ids, ARRAY(Uuid)))
    return found


def _counts(connection: Connection, column: Any, condition: ColumnElement[bool]) -> dict[UUID, int]:
    statement = select(column, func.count().label("n")).where(condition).group_by(column)
    return {row["tenant_id"]: row["n"] for row in _rows(connection, statement)}


def set_billing(connection: Connection, tenant_id: UUID, billing_status: Billing) -> int:
    """Write the tenant's billing status and that of all its cases; how many of these had another."""
    tenant = update(Tenant).where(Tenant.id == tenant_id).values(billing_status=billing_status)
    _execute(connection, tenant)
    cases = update(Case).where(Case.tenant_id == tenant_id, Case.billing_status != billing_status)
    return _execute(connection, cases.values(billing_status=billing_status)).rowcount


def list_keys(connection: Connection, tenant_id: UUID, size: int) -> list[Row]:
    """The tenant's keys as `api_keys.page` has them."""
    return _rows(connection, api_keys.newest_first(tenant_id, size))


def count_keys(connection: Connection, tenant_id: UUID) -> int:
    """Of all the tenant's keys, live or not."""
    return _counts(connection, ApiKey.tenant_id, ApiKey.tenant_id == tenant_id).get(tenant_id, 0)


def find_key(connection: Connection, key_id: UUID) -> UUID | None:
    """The tenant of the key."""
    found = _rows(connection, select(ApiKey.tenant_id).where(ApiKey.id == key_id))
    return found[0]["tenant_id"] if found else None


def set_role(connection: Connection, tenant_id: UUID, key_id: UUID, role: Role) -> Row:
    """Give the key the role; the key as `api_keys.page` has it."""
    statement = update(ApiKey).where(ApiKey.tenant_id == tenant_id, ApiKey.id == key_id).values(role=role)
    (row,) = _rows(connection, statement.returning(*api_keys.SHOWN))
    return row


def revoke_key(connection: Connection, tenant_id: UUID, key_id: UUID, *, may_be_last: bool) -> Row | None:
    """Revoke the key as `api_keys.revoke` does; None, and nothing done, when it is the last live admin key."""
    # Two operators, or an operator and an admin, must not revoke the last two at the same time.
    _execute(connection, tenants_.locked(tenant_id))
    if not may_be_last and any(_rows(connection, api_keys.last_admin(tenant_id, key_id))[0].values()):
        return None
    (row,) = _rows(connection, api_keys.revocation(tenant_id, key_id))
    return row


def _rows(connection: Connection, statement: Executable) -> list[Row]:
    return _execute(connection, statement).fetchall()


def _execute(connection: Connection, statement: Executable) -> psycopg.Cursor[Row]:
    compiled = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
    return connection.cursor(row_factory=dict_row).execute(str(compiled), compiled.params)
