"""Checks of policies, and of the setting that names the tenant."""

from collections.abc import Iterator
from typing import Any

from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import Catalogue
from clincore.db.statements import ROLE

_SETTING = "current_setting('app.tenant_id'::text, true)"
_OPERATOR_FORM = f"(COALESCE({_SETTING}, ''::text) = ''::text)"
_RECREATE = "Recreate the policy as the migrations define it."


def policies(catalogue: Catalogue) -> Iterator[Fault]:
    """Each table of tenants has exactly ClinCore's two policies."""
    found: dict[int, dict[str, Any]] = {}
    for oid, name, permissive, command, roles, using, check in catalogue.rows(
        "SELECT polrelid::bigint, polname, polpermissive, polcmd::text,"
        " ARRAY(SELECT CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r) END FROM unnest(polroles) r ORDER BY 1),"
        " pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) FROM pg_policy"
    ):
        found.setdefault(oid, {})[name] = (permissive, command, roles, using, check)
    for table in catalogue.tables:
        if not table.is_tenant_table or table.kind == "f":
            continue
        tenant = f"({table.key} = (NULLIF({_SETTING}, ''::text))::uuid)"
        expected = {
            "tenant_isolation": (ROLE, tenant),
            "operator": (table.owner, _OPERATOR_FORM),
        }
        for name, (role_name, form) in expected.items():
            culprit = f"policy {name} on {table.quoted}"
            if name not in found.get(table.oid, {}):
                yield Fault(culprit, f"The table {table.quoted} has no policy {name}.", _RECREATE)
                continue
            permissive, command, roles, using, check = found[table.oid][name]
            wrong = [
                text
                for text, is_wrong in (
                    ("is RESTRICTIVE, which Citus changes to permissive on its workers", not permissive),
                    ("is not for ALL commands", command != "*"),
                    (f"is for {', '.join(roles)} and not for {role_name}", roles != [role_name]),
                    (f"has USING {using}", using != form),
                    (f"has WITH CHECK {check}", (check or using) != form),
                )
                if is_wrong
            ]
            if wrong:
                yield Fault(
                    culprit,
                    f"The policy {name} on {table.quoted} {'; '.join(wrong)}. Its condition must be {form}, for USING"
                    " and for WITH CHECK.",
                    _RECREATE,
                )


def operator_policies(catalogue: Catalogue) -> Iterator[Fault]:
    """The operator's policies are for the owner of the tables."""
    # After a restore under another owner, operators' SQL would have no effect.
    for name, owner in catalogue.rows(
        "SELECT quote_ident(p.tablename), quote_ident(tableowner) FROM pg_policies p"
        " JOIN pg_tables t USING (schemaname, tablename)"
        " WHERE schemaname = 'public' AND policyname = 'operator' AND NOT tableowner = ANY (roles) ORDER BY 1"
    ):
        yield Fault(
            f"policy operator on public.{name}",
            f"The operator's policy on {name} is not for the table's owner {owner}, so operators' SQL has no effect.",
            f"Run as the owner, on each such table: ALTER POLICY operator ON {name} TO {owner}",
        )


def foreign_policies(catalogue: Catalogue) -> Iterator[Fault]:
    """Tables that the service can reach have no other policies than ClinCore's two."""
    # Permissive policies are combined with OR: an additional one shows rows that the others hide.
    for policy, table in catalogue.rows(
        "SELECT quote_ident(policyname), CASE schemaname WHEN 'public' THEN quote_ident(tablename)"
        " ELSE format('%%I.%%I', schemaname, tablename) END FROM pg_policies WHERE format('%%I.%%I', schemaname,"
        " tablename) = ANY (%s) AND policyname NOT IN ('tenant_isolation', 'operator') ORDER BY 1",
        [table.quoted for table in catalogue.tables if table.is_tenant_table and table.reachable],
    ):
        yield Fault(
            f"policy {policy} on {table if '.' in table else 'public.' + table}",
            f"The policy {policy} on {table} is not ClinCore's and can show rows to other tenants.",
            f"Run as its owner: DROP POLICY {policy} ON {table}",
        )


def policy_functions(catalogue: Catalogue) -> Iterator[Fault]:
    """Policies call only PostgreSQL's own functions, with the right volatility."""
    for function, volatility, policy, table in catalogue.rows(
        "SELECT p.oid::regprocedure::text, CASE provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE'"
        " ELSE 'VOLATILE' END, quote_ident(polname), polrelid::regclass::text FROM pg_policy l JOIN pg_depend d"
        " ON d.classid = 'pg_policy'::regclass AND d.objid = l.oid AND d.refclassid = 'pg_proc'::regclass"
        " JOIN pg_proc p ON p.oid = d.refobjid WHERE p.oid >= 16384 ORDER BY 1"
    ):
        yield Fault(
            f"function {function}",
            f"The policy {policy} on {table} calls {function}, which is {volatility}: a change of the function changes"
            " the policy, and a plan may keep the result of an IMMUTABLE function for another tenant.",
            _RECREATE,
        )
    for function, volatility, source in catalogue.rows(
        "SELECT oid::regprocedure::text, provolatile::text, prosrc FROM pg_proc"
        " WHERE oid = 'pg_catalog.current_setting(text, boolean)'::regprocedure"
        " AND (provolatile <> 's' OR prolang <> (SELECT oid FROM pg_language WHERE lanname = 'internal'))"
    ):
        yield Fault(
            f"function pg_catalog.{function}",
            f"PostgreSQL's own {function} was changed (volatility {volatility!r}, source {source[:40]!r}), and every"
            " policy uses it.",
            "Restore the function's original definition.",
        )


def defaults(catalogue: Catalogue) -> Iterator[Fault]:
    """No `app.` setting has a default, so a session without a tenant reaches no row."""
    for setting, role_name, database in catalogue.rows(
        "SELECT split_part(c, '=', 1), quote_ident(rolname), quote_ident(datname) FROM pg_db_role_setting"
        " LEFT JOIN pg_roles r ON r.oid = setrole LEFT JOIN pg_database d ON d.oid = setdatabase, unnest(setconfig) c"
        " WHERE (datname IS NULL OR datname = current_database()) AND c LIKE 'app.%'"
    ):
        whose = f"ROLE {role_name or 'ALL'}" + (f" IN DATABASE {database}" if database else "")
        whose = f"DATABASE {database}" if role_name is None and database else whose
        yield Fault(
            f"setting {setting} of {whose.lower().replace(' in database', ' in')}",
            f"{setting} has a default, so a session that sets no tenant would have one.",
            f"Run: ALTER {whose} RESET {setting}",
        )
