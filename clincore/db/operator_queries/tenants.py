"""Operators' queries of tenants. The connection is that of an `operator_session`, which sees every tenant."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, func, literal, select, update

from clincore.db.models import ApiKey, Case, Tenant, TenantName
from clincore.db.operator_queries.run import (
    Connection,
    Row,
    as_uuid,
    counts,
    execute,
    execute_of_tenant,
    rows,
)
from clincore.db.queries import api_keys, tenants

Billing = Literal["free", "paid"]
CASES_AT_ONCE = 1000

_TENANT = (
    Tenant.id,
    Tenant.name,
    func.coalesce(Tenant.billing_status, "free").label("billing_status"),
    Tenant.created_at,
    Tenant.suspended_at,
)


class Standing(NamedTuple):
    """Whether a tenant is suspended or being deleted."""

    name: str
    suspended_at: datetime | None
    suspended_for: float
    """Seconds; 0: it is not suspended."""
    deletion: dict[str, Any] | None
    """What `mark_deletion` has stored; None: it is not being deleted."""


def find_tenant(connection: Connection, given: str) -> UUID | None:
    """The tenant with this id or, when there is none, with this name."""
    tenant_id = as_uuid(given)
    if tenant_id and rows(connection, select(Tenant.id).where(Tenant.id == tenant_id)):
        return tenant_id
    try:
        # NFC, as bootstrap stores names. Text from the shell that is not UTF-8 is not a tenant's name.
        name = unicodedata.normalize("NFC", given).encode().decode()
    except UnicodeEncodeError:
        return None
    found = rows(connection, select(TenantName.tenant_id).where(TenantName.name == name))
    return found[0]["tenant_id"] if found else None


def make_tenant(connection: Connection, tenant_id: UUID, name: str) -> bool:
    """Create the tenant as bootstrap does. `name` is in NFC.

    False: another tenant has the name, and the transaction can do nothing more.
    """
    try:
        execute_of_tenant(connection, tenants.TAKE_NAME, tenant_id, name=name)
    except psycopg.errors.UniqueViolation:
        return False
    execute_of_tenant(connection, tenants.INSERT, tenant_id, name=name)
    return True


def count_tenants(connection: Connection) -> int:
    """The number of tenants."""
    return int(rows(connection, select(func.count().label("n")).select_from(Tenant))[0]["n"])


def list_tenants(connection: Connection, size: int) -> list[Row]:
    """Tenants, newest first: id, name, billing_status, created_at, suspended_at, cases, keys.

    `billing_status` is the one that the service applies: paid when the tenant or any of its cases is. `keys` counts
    live keys.
    """
    statement = select(*_TENANT).order_by(Tenant.created_at.desc(), Tenant.id.desc()).limit(size)
    return _with_counts(connection, rows(connection, statement))


def show_tenant(connection: Connection, tenant_id: UUID) -> Row:
    """The tenant as in `list_tenants`, plus cases_by_status, admin_keys (live) and ended_keys."""
    (row,) = _with_counts(connection, rows(connection, select(*_TENANT).where(Tenant.id == tenant_id)))
    by_status = (
        select(Case.status, func.count().label("n"))
        .where(Case.tenant_id == tenant_id)
        .group_by(Case.status)
        .order_by(Case.status)
    )
    by_kind = select(
        func.count().filter(api_keys.IS_LIVE, ApiKey.role == "admin").label("admin_keys"),
        func.count().filter(~api_keys.IS_LIVE).label("ended_keys"),
    ).where(ApiKey.tenant_id == tenant_id)
    row["cases_by_status"] = {found["status"]: found["n"] for found in rows(connection, by_status)}
    return row | rows(connection, by_kind)[0]


def _with_counts(connection: Connection, found: list[Row]) -> list[Row]:
    """The tenants with their numbers of cases and live keys. Only these are counted; there may be many others."""
    ids = [tenant["id"] for tenant in found]
    cases = counts(connection, Case.tenant_id, _one_of(Case.tenant_id, ids))
    keys = counts(connection, ApiKey.tenant_id, _one_of(ApiKey.tenant_id, ids) & api_keys.IS_LIVE)
    paid_cases = _one_of(Case.tenant_id, ids) & (Case.billing_status == "paid")
    paid = {row["tenant_id"] for row in rows(connection, select(Case.tenant_id).where(paid_cases).distinct())}
    for tenant in found:
        tenant["cases"], tenant["keys"] = cases.get(tenant["id"], 0), keys.get(tenant["id"], 0)
        if tenant["id"] in paid:
            tenant["billing_status"] = "paid"
    return found


def _one_of(column: Any, ids: Sequence[UUID]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column == any_(literal(ids, ARRAY(Uuid)))
    return found


def standing(connection: Connection, tenant_id: UUID) -> Standing:
    """The tenant's standing. The tenant must exist."""
    with connection.cursor(row_factory=class_row(Standing)) as cursor:
        found = cursor.execute(
            "SELECT name, suspended_at,"
            " coalesce(extract(epoch FROM now() - suspended_at), 0)::double precision AS suspended_for, deletion"
            " FROM tenants WHERE id = %s",
            [tenant_id],
        ).fetchone()
    assert found is not None
    return found


def suspend(connection: Connection, tenant_id: UUID) -> None:
    """Refuse the tenant's keys from the commit on. The time of an earlier suspension is kept."""
    connection.execute("UPDATE tenants SET suspended_at = now() WHERE id = %s AND suspended_at IS NULL", [tenant_id])


def resume(connection: Connection, tenant_id: UUID) -> bool:
    """Accept the tenant's keys again. False: it is being deleted and stays suspended."""
    query = "UPDATE tenants SET suspended_at = NULL WHERE id = %s AND deletion IS NULL"
    return connection.execute(query, [tenant_id]).rowcount > 0


def lock(connection: Connection, tenant_id: UUID) -> None:
    """Until the transaction ends, no other one can change the tenant's row or add a row that refers to it."""
    connection.execute("SELECT FROM tenants WHERE id = %s FOR UPDATE", [tenant_id])


def mark_deletion(connection: Connection, tenant_id: UUID, deletion: Row) -> None:
    """Mark the tenant as one that is being deleted, and store what the receipt will say."""
    connection.execute("UPDATE tenants SET deletion = %s WHERE id = %s", [Jsonb(deletion), tenant_id])


def set_billing(connection: Connection, tenant_id: UUID, billing_status: Billing) -> None:
    """Set the tenant's own billing status, which new cases get."""
    execute(connection, update(Tenant).where(Tenant.id == tenant_id).values(billing_status=billing_status))


def set_billing_of_cases(
    connection: Connection, tenant_id: UUID, billing_status: Billing, after: UUID
) -> tuple[int, UUID | None]:
    """Set the billing status of the next `CASES_AT_ONCE` cases, in the order of their ids, after the id `after`.

    Returns the number of changed cases and the last id; None: there are no more. The number is limited because requests
    that change these cases wait until the transaction ends.
    """
    following = (
        select(Case.id).where(Case.tenant_id == tenant_id, Case.id > after).order_by(Case.id).limit(CASES_AT_ONCE)
    )
    ids = [row["id"] for row in rows(connection, following)]
    if not ids:
        return 0, None
    others = _one_of(Case.id, ids) & (Case.tenant_id == tenant_id) & (Case.billing_status != billing_status)
    return execute(connection, update(Case).where(others).values(billing_status=billing_status)).rowcount, ids[-1]
