"""Rules for the schema, in the form of ClinCore's own checks of the catalogue, two of which are used as rules here."""

from collections.abc import Callable, Iterator

from clincore.db.catalogue import objects, tables
from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import Catalogue
from clincore.db.statements import ROLE

Rule = Callable[[Catalogue], Iterator[Fault]]

REFERENCE = {"public.tenant_names", "public.signing_keys"}
"""Citus's reference tables, copied to each node. All other tables are distributed by tenant."""


def leading_tenants(catalogue: Catalogue) -> Iterator[Fault]:
    """Each foreign key begins with the tenant on both sides, and no reference table has one."""
    by_oid = {table.oid: table for table in catalogue.tables}
    for name, oid, target_oid, column, target_column in catalogue.rows(
        "SELECT conname, conrelid::bigint, confrelid::bigint, a.attname, f.attname FROM pg_constraint"
        " JOIN pg_attribute a ON (a.attrelid, a.attnum) = (conrelid, conkey[1])"
        " JOIN pg_attribute f ON (f.attrelid, f.attnum) = (confrelid, confkey[1]) WHERE contype = 'f' ORDER BY 1"
    ):
        table, target = by_oid[oid], by_oid[target_oid]
        if table.full_name in REFERENCE:
            yield Fault(f"foreign key {name} on {table.quoted}", "A reference table must not have one.")
        elif column != table.key or target_column != target.key:
            yield Fault(f"foreign key {name} on {table.quoted}", f"It begins with {column} and {target_column}.")


def plain_policies(catalogue: Catalogue) -> Iterator[Fault]:
    """No policy is RESTRICTIVE, which Citus copies to the nodes as permissive, and none has a sub-select."""
    for name, table, permissive, has_select in catalogue.rows(
        "SELECT quote_ident(polname), polrelid::regclass::text, polpermissive,"
        " concat(polqual, polwithcheck) LIKE '%{SUBLINK%' FROM pg_policy ORDER BY 1, 2"
    ):
        if not permissive:
            yield Fault(f"policy {name} on {table}", "It is RESTRICTIVE.")
        if has_select:
            yield Fault(f"policy {name} on {table}", "It has a sub-select.")


def granted_defaults(catalogue: Catalogue) -> Iterator[Fault]:
    """The service may insert into each column with a default: Citus puts the default into the INSERT."""
    for table, column in catalogue.rows(
        "SELECT attrelid::regclass::text, quote_ident(attname) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
        " WHERE c.oid = ANY (%s::bigint[]::oid[]) AND attnum > 0 AND NOT attisdropped AND atthasdef"
        " AND has_any_column_privilege(%s, c.oid, 'INSERT')"
        " AND NOT has_column_privilege(%s, c.oid, attnum, 'INSERT') ORDER BY 1, 2",
        [table.oid for table in catalogue.tables],
        ROLE,
        ROLE,
    ):
        yield Fault(f"column {column} of {table}", f"It has a default, and {ROLE} may not write it.")


def no_sequences(catalogue: Catalogue) -> Iterator[Fault]:
    """There is no sequence and no identity column, which has a sequence."""
    for (name,) in catalogue.rows(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'S'"
        " AND nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
    ):
        yield Fault(f"sequence {name}", "Nodes do not share a sequence.")


RULES: tuple[Rule, ...] = (
    tables.keys,
    leading_tenants,
    objects.triggers,
    plain_policies,
    granted_defaults,
    no_sequences,
)
