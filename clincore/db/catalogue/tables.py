"""Checks of tables: row-level security, the tenant's column, keys and foreign keys."""

from collections.abc import Iterator

from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import Catalogue
from clincore.db.statements import ROLE

# Tables that need no row-level security, and why. Every other table holds tenants' rows.
EXEMPT = {
    "public.alembic_version": "the schema's migration, which the service cannot reach",
    "public.signing_keys": "public keys, the same for all tenants",
}
# Unique indexes that need not start with the tenant, and why.
UNIQUE_AMONG_ALL = {"uq_tenant_names_name": "operators identify tenants by name"}


def row_security(catalogue: Catalogue) -> Iterator[Fault]:
    """Row-level security is enabled and forced on every table of tenants."""
    for table in catalogue.tables:
        if table.is_tenant_table and not (table.enabled and table.forced) and table.kind != "f":
            missing, action = ("forced", "FORCE") if table.enabled else ("enabled", "ENABLE")
            partition = f", a partition of {table.parent}" if table.parent else ""
            yield Fault(
                f"table {table.quoted}",
                f"Row-level security is not {missing} on {table.quoted}{partition}, so other tenants may reach its"
                " rows.",
                f"Run as its owner: ALTER TABLE {table.quoted} {action} ROW LEVEL SECURITY",
            )


def tenant_columns(catalogue: Catalogue) -> Iterator[Fault]:
    """Every table has a tenant column: a uuid, NOT NULL, without a default."""
    known = {
        oid: (type_, not_null, default)
        for oid, type_, not_null, default in catalogue.rows(
            "SELECT a.attrelid::bigint, format_type(atttypid, atttypmod), attnotnull,"
            " pg_get_expr(adbin, adrelid) FROM pg_attribute a LEFT JOIN pg_attrdef d ON (adrelid, adnum) ="
            " (attrelid, attnum) WHERE a.attrelid = ANY (%s::bigint[]::oid[]) AND NOT attisdropped AND attname ="
            " CASE WHEN attrelid::regclass::text = 'public.tenants' THEN 'id' ELSE 'tenant_id' END",
            [table.oid for table in catalogue.tables],
        )
    }
    for table in catalogue.tables:
        if table.full_name in EXEMPT:
            continue
        culprit = f"table {table.quoted}"
        if table.kind == "f":
            if table.reachable or table.is_tenant_table:
                yield Fault(
                    culprit,
                    f"The foreign table {table.quoted} cannot have row-level security.",
                    "Replace it with an ordinary table.",
                )
        elif table.key is None:
            reach = "can reach it" if table.reachable else "has no right on it"
            yield Fault(
                culprit,
                f"The table {table.quoted} has no tenant_id for a policy to check. The service {reach}.",
                f"Add a tenant_id and policies, or run as its owner: REVOKE ALL ON {table.quoted} FROM {ROLE}, PUBLIC"
                if table.reachable
                else "",
                severity="finding" if table.reachable else "advice",
            )
        else:
            type_, not_null, default = known[table.oid]
            if type_ != "uuid" or not not_null:
                yield Fault(
                    culprit,
                    f"{table.quoted}.{table.key} is {type_}{'' if not_null else ' and may be null'}: foreign keys and"
                    " unique constraints do not apply to a row without a tenant.",
                    f"Run as its owner: ALTER TABLE {table.quoted} ALTER {table.key} SET NOT NULL",
                )
            if default is not None:
                yield Fault(
                    culprit,
                    f"{table.quoted}.{table.key} has the default {default}, which a row written without a tenant gets.",
                    f"Run as its owner: ALTER TABLE {table.quoted} ALTER {table.key} DROP DEFAULT",
                )


def keys(catalogue: Catalogue) -> Iterator[Fault]:
    """Every primary key, unique index and exclusion constraint starts with the tenant."""
    rows = catalogue.rows(
        "SELECT i.indrelid::bigint, c.relname, i.indisprimary, a.attname FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_attribute a"
        " ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE i.indisunique OR i.indisexclusion ORDER BY 2"
    )
    by_oid = {table.oid: table for table in catalogue.tables if table.is_tenant_table}
    for table in by_oid.values():
        if table.kind != "f" and not any(primary for oid, _, primary, _ in rows if oid == table.oid):
            yield Fault(
                f"table {table.quoted}",
                f"The table {table.quoted} has no primary key.",
                f"Add a primary key that starts with {table.key}.",
            )
    for oid, index, _, first in rows:
        if oid in by_oid and first != by_oid[oid].key and index not in UNIQUE_AMONG_ALL:
            table = by_oid[oid]
            yield Fault(
                f"index {index} on {table.quoted}",
                f"The unique index {index} on {table.quoted} starts with {first or 'an expression'} instead of"
                f" {table.key}: a conflict shows a tenant that another tenant has the same value.",
                f"Recreate the index with {table.key} as its first column.",
            )


def foreign_keys(catalogue: Catalogue) -> Iterator[Fault]:
    """Every foreign key between tables of tenants includes the tenant."""
    by_oid = {table.oid: table for table in catalogue.tables}
    for name, oid, target_oid, columns, target_columns in catalogue.rows(
        "SELECT conname, conrelid::bigint, confrelid::bigint,"
        " ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k (n, i) JOIN pg_attribute"
        "  ON (attrelid, attnum) = (conrelid, n) ORDER BY i),"
        " ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY k (n, i) JOIN pg_attribute"
        "  ON (attrelid, attnum) = (confrelid, n) ORDER BY i)"
        " FROM pg_constraint WHERE contype = 'f' ORDER BY 1"
    ):
        table, target = by_oid.get(oid), by_oid.get(target_oid)
        if table is None or target is None or target.key is None:
            continue
        if (table.key, target.key) not in list(zip(columns, target_columns, strict=True)):
            yield Fault(
                f"foreign key {name} on {table.quoted}",
                f"The foreign key {name} on {table.quoted} does not include the tenant of {target.quoted}: its checks"
                " bypass row-level security, so one tenant's row can reference another's.",
                f"Recreate it with the tenant among its columns, referencing {target.quoted}.{target.key}.",
            )
