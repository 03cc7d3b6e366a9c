"""Checks of objects other than tables: views, functions, triggers, large objects, sequences, publications."""

from collections.abc import Iterator

from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import Catalogue
from clincore.db.statements import ROLE


def views(catalogue: Catalogue) -> Iterator[Fault]:
    """No view reads with its owner's rights, and no materialized view keeps a copy of rows."""
    for name, kind, invoker in catalogue.rows(
        "SELECT c.oid::regclass::text, relkind::text, EXISTS (SELECT FROM pg_options_to_table(reloptions)"
        "  WHERE option_name = 'security_invoker' AND option_value::boolean)"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('v', 'm')"
        " AND c.oid >= 16384 AND nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend d"
        "  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') ORDER BY 1"
    ):
        if kind == "m":
            yield Fault(
                f"materialized view {name}",
                f"The materialized view {name} stores rows without row-level security.",
                f"Run as its owner: DROP MATERIALIZED VIEW {name}",
            )
        elif not invoker:
            yield Fault(
                f"view {name}",
                f"The view {name} reads with its owner's rights and policies.",
                f"Run as its owner: ALTER VIEW {name} SET (security_invoker = true)",
            )


def functions(catalogue: Catalogue) -> Iterator[Fault]:
    """No function has more rights than its caller, is leakproof, or sets a tenant."""
    for name, definer, leakproof, configured in catalogue.rows(
        "SELECT p.oid::regprocedure::text, prosecdef, proleakproof,"
        " (SELECT c FROM unnest(proconfig) c WHERE c ~ '^app\\.' AND c !~ '=(\"\")?$' LIMIT 1)"
        " FROM pg_proc p WHERE p.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend d"
        "  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') ORDER BY 1"
    ):
        if definer:
            yield Fault(
                f"function {name}",
                f"The function {name} is SECURITY DEFINER: it reads with its owner's rights and policies.",
                f"Run as its owner: ALTER FUNCTION {name} SECURITY INVOKER",
            )
        if leakproof:
            yield Fault(
                f"function {name}",
                f"The function {name} is LEAKPROOF: PostgreSQL may pass it rows before it applies the policy.",
                f"Run as a superuser: ALTER FUNCTION {name} NOT LEAKPROOF",
            )
        if configured:
            yield Fault(
                f"function {name}",
                f"The function {name} sets {configured}: it runs as that tenant for every caller.",
                f"Run as its owner: ALTER FUNCTION {name} RESET ALL",
            )


def triggers(catalogue: Catalogue) -> Iterator[Fault]:
    """No table has triggers or rules."""
    for kind, name, table in catalogue.rows(
        "SELECT 'trigger', quote_ident(tgname), tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        " AND tgrelid = ANY (%s::bigint[]::oid[]) UNION ALL SELECT 'rule', quote_ident(rulename),"
        " ev_class::regclass::text FROM pg_rewrite WHERE ev_class = ANY (%s::bigint[]::oid[]) ORDER BY 1, 2",
        [table.oid for table in catalogue.tables],
        [table.oid for table in catalogue.tables],
    ):
        yield Fault(
            f"{kind} {name} on {table}",
            f"The {kind} {name} on {table} runs with statements on that table and can copy rows elsewhere.",
            f"Run as its owner: DROP {kind.upper()} {name} ON {table}",
        )


def large_objects(catalogue: Catalogue) -> Iterator[Fault]:
    """The service cannot read large objects, which belong to no tenant."""
    for oid, readable in catalogue.rows(
        "SELECT l.oid::bigint, EXISTS (SELECT FROM aclexplode(lomacl) a WHERE a.grantee = 0 OR a.grantee ="
        " (SELECT oid FROM pg_roles WHERE rolname = 'clincore_app')) OR lomowner ="
        " (SELECT oid FROM pg_roles WHERE rolname = 'clincore_app') FROM pg_largeobject_metadata l ORDER BY 1"
    ):
        if readable:
            yield Fault(
                f"large object {oid}",
                f"{ROLE} can read the large object {oid}, whichever tenant is set.",
                f"Run as its owner: SELECT lo_unlink({oid})",
            )


def sequences(catalogue: Catalogue) -> Iterator[Fault]:
    """The service cannot read sequences, which all tenants share."""
    for (name,) in catalogue.rows(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid >= 16384"
        " AND CASE relkind WHEN 'S' THEN has_sequence_privilege('clincore_app', c.oid, 'SELECT, USAGE, UPDATE') END"
        " AND has_schema_privilege('clincore_app', n.oid, 'USAGE') ORDER BY 1"
    ):
        yield Fault(
            f"sequence {name}",
            f"{ROLE} can read the sequence {name}, which shows how much the other tenants write.",
            f"Run as its owner: REVOKE ALL ON SEQUENCE {name} FROM {ROLE}, PUBLIC",
        )


def publications(catalogue: Catalogue) -> Iterator[Fault]:
    """No publication sends rows to where no policy applies."""
    for name, everything, tables in catalogue.rows(
        "SELECT quote_ident(pubname), puballtables, (SELECT string_agg(format('%I.%I', schemaname, tablename), ', ')"
        " FROM pg_publication_tables t WHERE t.pubname = p.pubname) FROM pg_publication p ORDER BY 1"
    ):
        yield Fault(
            f"publication {name}",
            f"The publication {name} sends every tenant's rows of {'all tables' if everything else tables or 'nothing'}"
            " to its subscribers, without row-level security.",
            f"Run as its owner: DROP PUBLICATION {name}",
        )
