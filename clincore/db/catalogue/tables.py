"""Checks of tables: row security, the tenant's column, keys and foreign keys."""

from collections.abc import Iterator

from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import Catalogue

# Why these may be without row security. Every other table is a tenant's.
EXEMPT = {
    "public.alembic_version": "the schema's revision, which the service cannot reach",
    "public.signing_keys": "public keys, the same for everybody",
}
# Unique indexes that need not be led by the tenant, and why.
UNIQUE_AMONG_ALL = {"uq_tenant_names_name": "an operator tells tenants apart by their names"}


def row_security(catalogue: Catalogue) -> Iterator[Fault]:
    """Row security is enabled and forced on every table of tenants."""
    for table in catalogue.tables:
        if table.is_a_tenants and not (table.enabled and table.forced) and table.kind != "f":
            lacks = "FORCE" if table.enabled else "ENABLE"
            whose = f", a partition of {table.parent}," if table.parent else ""
            yield Fault(
                f"table {table.quoted}",
                f"The table {table.quoted}{whose} is open to other tenants' keys.",
                f"Run as its owner: ALTER TABLE {table.quoted} {lacks} ROW LEVEL SECURITY",
            )


def tenant_columns(catalogue: Catalogue) -> Iterator[Fault]:
    """Every table has its tenant: a uuid, never null, without a default."""
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
            if table.reachable or table.is_a_tenants:
                yield Fault(culprit, f"The foreign table {table.quoted} cannot have row security.")
        elif table.key is None:
            reach = "The service reaches it" if table.reachable else "The service has no right on it"
            yield Fault(
                culprit,
                f"The table {table.quoted} has no tenant_id, so that no policy can tell whose a row is. {reach}.",
                severity="finding" if table.reachable else "advice",
            )
        else:
            type_, not_null, default = known[table.oid]
            if type_ != "uuid" or not not_null:
                yield Fault(
                    culprit,
                    f"{table.quoted}.{table.key} is {type_}{'' if not_null else ' and may be null'}: foreign keys and"
                    " unique constraints do not hold for a row without a tenant.",
                    f"Run as its owner: ALTER TABLE {table.quoted} ALTER {table.key} SET NOT NULL",
                )
            if default is not None:
                yield Fault(
                    culprit,
                    f"{table.quoted}.{table.key} has the default {default}, which a row without a tenant gets.",
                    f"Run as its owner: ALTER TABLE {table.quoted} ALTER {table.key} DROP DEFAULT",
                )


def keys(catalogue: Catalogue) -> Iterator[Fault]:
    """The tenant leads every primary key, unique index and exclusion constraint."""
    rows = catalogue.rows(
        "SELECT i.indrelid::bigint, c.relname, i.indisprimary, a.attname FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_attribute a"
        " ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE i.indisunique OR i.indisexclusion ORDER BY 2"
    )
    by_oid = {table.oid: table for table in catalogue.tables if table.is_a_tenants}
    for table in by_oid.values():
        if table.kind != "f" and not any(primary for oid, _, primary, _ in rows if oid == table.oid):
            yield Fault(f"table {table.quoted}", f"The table {table.quoted} has no primary key led by its tenant.")
    for oid, index, _, first in rows:
        if oid in by_oid and first != by_oid[oid].key and index not in UNIQUE_AMONG_ALL:
            table = by_oid[oid]
            yield Fault(
                f"index {index} on {table.quoted}",
                f"The unique index {index} on {table.quoted} begins with {first or 'an expression'} and not with"
                f" {table.key}: a value that is taken tells that another tenant has it.",
            )


def foreign_keys(catalogue: Catalogue) -> Iterator[Fault]:
    """Every foreign key between tables of tenants pairs the tenants."""
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
                f"The foreign key {name} on {table.quoted} does not pair the tenant with that of {target.quoted}:"
                " its checks pass by row security, so that one tenant's row can point at another's.",
            )
