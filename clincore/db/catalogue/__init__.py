"""What PostgreSQL's catalogue must say so that tenants are kept apart.

Each check yields its faults: who is to blame, what is wrong, and a line that helps. The service asks the checks of
`STARTUP` before it serves; `clincore prove-isolation` asks all of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import psycopg

Connection = psycopg.Connection[Any]

ROLE = "clincore_app"

# Why these may be without row security. Every other table is a tenant's.
EXEMPT = {
    "public.alembic_version": "the schema's revision, which the service cannot reach",
    "public.signing_keys": "public keys, the same for everybody",
}
# Unique indexes that need not be led by the tenant, and why.
UNIQUE_AMONG_ALL = {"uq_tenants_name": "an operator tells tenants apart by their names"}

_SETTING = "current_setting('app.tenant_id'::text, true)"
_OPERATOR_FORM = f"(COALESCE({_SETTING}, ''::text) = ''::text)"

# Holes in row security itself, with the first minor version of each major that has the fix. Majors that are not named
# never had the hole. https://www.postgresql.org/support/security/
_FIXES: tuple[tuple[str, str, dict[int, int]], ...] = (
    ("CVE-2023-2455", "a plan may be used with another role's policies", {15: 3}),
    ("CVE-2023-39418", "MERGE does not ask the policies of UPDATE and SELECT", {15: 4}),
    ("CVE-2024-10976", "a plan with sub-queries may be used with another role's policies", {15: 9, 16: 5, 17: 1}),
    ("CVE-2024-10978", "a role that was set may be reset to a wrong one", {15: 9, 16: 5, 17: 1}),
    ("CVE-2025-8713", "statistics show values of hidden rows", {15: 14, 16: 10, 17: 6}),
)
# Needs a row of one's own that collides with the hidden one on a unique index. Where the tenant is in every unique
# index there is no such row; what remains are the names of tenants.
_CONFLICT_FIX = ("CVE-2026-120154", {15: 20, 16: 16, 17: 12, 18: 7})


@dataclass(frozen=True)
class Fault:
    """Something that parts tenants less than it should."""

    culprit: str
    text: str
    remedy: str = ""
    severity: Literal["finding", "advice"] = "finding"


class Table(NamedTuple):
    """A table that is not PostgreSQL's own nor an extension's."""

    oid: int
    schema: str
    name: str
    quoted: str
    """Schema and name as SQL has them."""
    kind: str
    """`r`: a table, `p`: a partitioned one, `f`: a foreign one."""
    parent: str | None
    enabled: bool
    forced: bool
    owner: str
    key: str | None
    """The column that names the tenant; None: there is none."""
    reachable: bool
    """The service has a right on it or on a column."""

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def is_a_tenants(self) -> bool:
        return self.key is not None


@dataclass(frozen=True)
class Catalogue:
    """The catalogue of one database, seen from a transaction that has `search_path = pg_catalog`."""

    connection: Connection
    login: str
    """Who the service logs in as."""
    tables: Sequence[Table]

    def rows(self, query: Any, *parameters: Any) -> list[Any]:
        return self.connection.execute(query, parameters or None).fetchall()

    @property
    def owner(self) -> str | None:
        """Who the tables belong to; None: there are no tables of ClinCore."""
        return next((table.owner for table in self.tables if table.full_name == "public.tenants"), None)


def read(connection: Connection, login: str | None = None) -> Catalogue:
    """The catalogue, as the transaction that the connection is in sees it. `login`: None is the connection's own."""
    # Names that policies and messages show must not depend on what a role has set.
    connection.execute("SET LOCAL search_path = pg_catalog")
    if login is None:
        row = connection.execute("SELECT session_user").fetchone()
        assert row is not None
        login = str(row[0])
    found = connection.execute(
        """
        SELECT c.oid::bigint, n.nspname, c.relname, format('%%I.%%I', n.nspname, c.relname), c.relkind::text,
               (SELECT i.inhparent::regclass::text FROM pg_inherits i WHERE i.inhrelid = c.oid LIMIT 1),
               c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner),
               CASE WHEN n.nspname = 'public' AND c.relname = 'tenants' THEN 'id'
                    WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'
                                 AND NOT a.attisdropped) THEN 'tenant_id' END,
               EXISTS (SELECT FROM pg_roles r WHERE r.rolname = %(role)s AND has_schema_privilege(r.oid, n.oid, 'USAGE')
                       AND (has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES')
                            OR has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')))
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
           AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                           AND d.deptype = 'e')
         ORDER BY 2, 3
        """,
        {"role": ROLE},
    )
    return Catalogue(connection, login, [Table(*row) for row in found])


def login(catalogue: Catalogue) -> Iterator[Fault]:
    """Row security holds for the login that the service uses."""
    for name, superuser, bypass in catalogue.rows(
        "SELECT quote_ident(rolname), rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", catalogue.login
    ):
        if superuser or bypass:
            yield Fault(
                f"role {name}",
                f"The login {name} {'is a superuser' if superuser else 'has BYPASSRLS'},"
                " so that row security would not hold.",
                "Name an ordinary owner or clincore_app in DATABASE_URL; the README shows how to create one.",
            )


def role(catalogue: Catalogue) -> Iterator[Fault]:
    """The role that the service works as exists, and row security holds for it."""
    found = catalogue.rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", ROLE)
    if not found:
        yield Fault(f"role {ROLE}", f"The role {ROLE} does not exist.", "Run: alembic upgrade head")
    elif any(found[0]):
        why = "is a superuser" if found[0][0] else "has BYPASSRLS"
        yield Fault(
            f"role {ROLE}",
            f"{ROLE} {why}, so that row security would not hold.",
            f"Run as a superuser: ALTER ROLE {ROLE} NOSUPERUSER NOBYPASSRLS",
        )


def switch(catalogue: Catalogue) -> Iterator[Fault]:
    """The login may become that role."""
    may = "SET" if catalogue.connection.info.server_version >= 160000 else "MEMBER"
    for name, allowed in catalogue.rows(
        "SELECT quote_ident(l.rolname), pg_has_role(l.oid, r.oid, %s) FROM pg_roles l, pg_roles r"
        " WHERE l.rolname = %s AND r.rolname = %s",
        may,
        catalogue.login,
        ROLE,
    ):
        if not allowed:
            yield Fault(
                f"role {name}",
                f"The login {name} may not work as {ROLE}.",
                f"Run as a superuser: GRANT {ROLE} TO {name}",
            )


def attributes(catalogue: Catalogue) -> Iterator[Fault]:
    """Neither the service's role nor the tables' owner has what leads past row security."""
    for held in catalogue.rows(
        "SELECT rolreplication, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s", ROLE
    ):
        for attribute, has in zip(("REPLICATION", "CREATEROLE", "CREATEDB"), held, strict=True):
            if has:
                yield Fault(
                    f"role {ROLE}",
                    f"{ROLE} has {attribute}, which its work does not need and which leads out of it.",
                    f"Run as a superuser: ALTER ROLE {ROLE} NO{attribute}",
                )
    for name, superuser, bypass in catalogue.rows(
        "SELECT quote_ident(rolname), rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", catalogue.owner
    ):
        if superuser or bypass:
            yield Fault(
                f"role {name}",
                f"The tables' owner {name} {'is a superuser' if superuser else 'has BYPASSRLS'}, so that FORCE ROW"
                " LEVEL SECURITY does not bind it.",
                f"Run as a superuser: ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS",
            )


def becomes(catalogue: Catalogue) -> Iterator[Fault]:
    """The service's role is no member of one whom row security spares."""
    for (name,) in catalogue.rows(
        "SELECT quote_ident(g.rolname) FROM pg_roles g, pg_roles r WHERE r.rolname = %s AND g.oid <> r.oid"
        " AND NOT r.rolsuper AND (g.rolsuper OR g.rolbypassrls) AND pg_has_role(r.oid, g.oid, 'MEMBER') ORDER BY 1",
        ROLE,
    ):
        yield Fault(
            f"role {name}",
            f"{ROLE} could become {name}, for whom row security does not hold.",
            f"Run as a superuser: REVOKE {name} FROM {ROLE}",
        )


def memberships(catalogue: Catalogue) -> Iterator[Fault]:
    """The service's role is a member of nothing: it would have that role's rights and policies too."""
    for (name,) in catalogue.rows(
        "SELECT quote_ident(g.rolname) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %s ORDER BY 1",
        ROLE,
    ):
        yield Fault(
            f"role {name}",
            f"{ROLE} is a member of {name}, and so has its rights and its policies.",
            f"Run as a superuser: REVOKE {name} FROM {ROLE}",
        )


def ownership(catalogue: Catalogue) -> Iterator[Fault]:
    """The service's role owns nothing: an owner lifts row security."""
    for thing, is_relation in catalogue.rows(
        """
        SELECT format('%s %I.%I', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
                      WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
                      nspname, relname), true
          FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace, pg_roles r
         WHERE r.rolname = 'clincore_app' AND NOT r.rolsuper AND pg_has_role(r.oid, relowner, 'MEMBER')
           AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND nspname NOT LIKE 'pg\\_%'
        UNION ALL
        SELECT format('FUNCTION %s', p.oid::regprocedure), false FROM pg_proc p, pg_roles r
         WHERE r.rolname = 'clincore_app' AND NOT r.rolsuper AND pg_has_role(r.oid, proowner, 'MEMBER')
        UNION ALL
        SELECT format('SCHEMA %I', nspname), false FROM pg_namespace, pg_roles r
         WHERE r.rolname = 'clincore_app' AND NOT r.rolsuper AND pg_has_role(r.oid, nspowner, 'MEMBER')
        UNION ALL
        SELECT format('DATABASE %I', datname), false FROM pg_database, pg_roles r WHERE r.rolname = 'clincore_app'
           AND NOT r.rolsuper AND pg_has_role(r.oid, datdba, 'MEMBER') AND datname = current_database()
        UNION ALL
        SELECT format('LARGE OBJECT %s', l.oid), false FROM pg_largeobject_metadata l, pg_roles r
         WHERE r.rolname = 'clincore_app' AND NOT r.rolsuper AND pg_has_role(r.oid, lomowner, 'MEMBER')
        ORDER BY 2 DESC, 1
        """
    ):
        what = "a table and could lift its row security" if is_relation else "what it must not be able to change"
        yield Fault(f"{thing}", f"{ROLE} owns {what}.", f"Run: ALTER {thing} OWNER TO <owner>")


def one_owner(catalogue: Catalogue) -> Iterator[Fault]:
    """All tables of tenants belong to one owner, to whom the operators' policies are."""
    for table in catalogue.tables:
        if table.is_a_tenants and table.owner not in (catalogue.owner, ROLE):
            yield Fault(
                f"table {table.quoted}",
                f"The table {table.quoted} belongs to {table.owner}, who can lift its row security, and not to"
                f" {catalogue.owner}.",
                f"Run as a superuser: ALTER TABLE {table.quoted} OWNER TO {catalogue.owner}",
            )


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
                    f"{table.quoted}.{table.key} is {type_}{'' if not_null else ' and may be null'}: a row of nobody"
                    " passes by foreign keys and unique constraints.",
                    f"Run as its owner: ALTER TABLE {table.quoted} ALTER {table.key} SET NOT NULL",
                )
            if default is not None:
                yield Fault(
                    culprit,
                    f"{table.quoted}.{table.key} has the default {default}: a row without a tenant becomes somebody's.",
                    f"Run as its owner: ALTER TABLE {table.quoted} ALTER {table.key} DROP DEFAULT",
                )


def operator_policies(catalogue: Catalogue) -> Iterator[Fault]:
    """The operators' policies are for the owner."""
    # After a restore under another owner operators' SQL would have no effect.
    for name, owner in catalogue.rows(
        "SELECT quote_ident(p.tablename), quote_ident(tableowner) FROM pg_policies p"
        " JOIN pg_tables t USING (schemaname, tablename)"
        " WHERE schemaname = 'public' AND policyname = 'operator' AND NOT tableowner = ANY (roles) ORDER BY 1"
    ):
        yield Fault(
            f"policy operator on public.{name}",
            f"The operator's policy on {name} is for another owner, so that operators' SQL would change nothing.",
            f"Run as the owner, on each such table: ALTER POLICY operator ON {name} TO {owner}",
        )


def foreign_policies(catalogue: Catalogue) -> Iterator[Fault]:
    """There are no policies but ClinCore's own two on what the service reaches."""
    # Permissive policies are OR-ed: one too many opens what the others close.
    for policy, table in catalogue.rows(
        "SELECT quote_ident(policyname), CASE schemaname WHEN 'public' THEN quote_ident(tablename)"
        " ELSE format('%%I.%%I', schemaname, tablename) END FROM pg_policies WHERE format('%%I.%%I', schemaname,"
        " tablename) = ANY (%s) AND policyname NOT IN ('tenant_isolation', 'operator') ORDER BY 1",
        [table.quoted for table in catalogue.tables if table.is_a_tenants and table.reachable],
    ):
        yield Fault(
            f"policy {policy} on {table if '.' in table else 'public.' + table}",
            f"The policy {policy} on {table} is not ClinCore's and can open the table to other tenants' keys.",
            f"Run as its owner: DROP POLICY {policy} ON {table}",
        )


def policies(catalogue: Catalogue) -> Iterator[Fault]:
    """Each table of tenants has ClinCore's two policies, to the letter."""
    found: dict[int, dict[str, Any]] = {}
    for oid, name, permissive, command, roles, using, check in catalogue.rows(
        "SELECT polrelid::bigint, polname, polpermissive, polcmd::text,"
        " ARRAY(SELECT CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r) END FROM unnest(polroles) r ORDER BY 1),"
        " pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) FROM pg_policy"
    ):
        found.setdefault(oid, {})[name] = (permissive, command, roles, using, check)
    for table in catalogue.tables:
        if not table.is_a_tenants or table.kind == "f":
            continue
        tenant = f"({table.key} = (NULLIF({_SETTING}, ''::text))::uuid)"
        expected = {
            "tenant_isolation": (ROLE, tenant),
            "operator": (table.owner, _OPERATOR_FORM),
        }
        for name, (role_name, form) in expected.items():
            culprit = f"policy {name} on {table.quoted}"
            if name not in found.get(table.oid, {}):
                yield Fault(culprit, f"The table {table.quoted} has no policy {name}.", "Restore it as migrated.")
                continue
            permissive, command, roles, using, check = found[table.oid][name]
            wrong = [
                text
                for text, is_wrong in (
                    ("is RESTRICTIVE, which Citus makes permissive on its workers", not permissive),
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
                    f"The policy {name} on {table.quoted} {'; '.join(wrong)}. It must be {form}, for rows that are"
                    " read and for rows that are written.",
                    "Restore it as migrated.",
                )


def policy_functions(catalogue: Catalogue) -> Iterator[Fault]:
    """Policies call PostgreSQL's own functions only, and those are as volatile as they must be."""
    for function, volatility, policy, table in catalogue.rows(
        "SELECT p.oid::regprocedure::text, CASE provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE'"
        " ELSE 'VOLATILE' END, quote_ident(polname), polrelid::regclass::text FROM pg_policy l JOIN pg_depend d"
        " ON d.classid = 'pg_policy'::regclass AND d.objid = l.oid AND d.refclassid = 'pg_proc'::regclass"
        " JOIN pg_proc p ON p.oid = d.refobjid WHERE p.oid >= 16384 ORDER BY 1"
    ):
        yield Fault(
            f"function {function}",
            f"The policy {policy} on {table} calls {function}, which is {volatility}: whoever changes the function"
            " changes the policy, and a plan may keep what an IMMUTABLE one said for another tenant.",
            "Restore the policy as migrated.",
        )
    for function, volatility, source in catalogue.rows(
        "SELECT oid::regprocedure::text, provolatile::text, prosrc FROM pg_proc"
        " WHERE oid = 'pg_catalog.current_setting(text, boolean)'::regprocedure"
        " AND (provolatile <> 's' OR prolang <> (SELECT oid FROM pg_language WHERE lanname = 'internal'))"
    ):
        yield Fault(
            f"function pg_catalog.{function}",
            f"PostgreSQL's own {function} was changed (volatility {volatility!r}, source {source[:40]!r}): every policy"
            " rests on it.",
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


def views(catalogue: Catalogue) -> Iterator[Fault]:
    """No view reads with its owner's rights, and nothing keeps a copy of rows."""
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
                f"The materialised view {name} keeps rows without row security.",
                f"Run as its owner: DROP MATERIALIZED VIEW {name}",
            )
        elif not invoker:
            yield Fault(
                f"view {name}",
                f"The view {name} reads with its owner's rights and policies.",
                f"Run as its owner: ALTER VIEW {name} SET (security_invoker = true)",
            )


def functions(catalogue: Catalogue) -> Iterator[Fault]:
    """No function has more rights than its caller, tells what it is shown, or sets a tenant by itself."""
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
                f"The function {name} is LEAKPROOF: PostgreSQL shows it rows before the policy has decided.",
                f"Run as a superuser: ALTER FUNCTION {name} NOT LEAKPROOF",
            )
        if configured:
            yield Fault(
                f"function {name}",
                f"The function {name} sets {configured}: who calls it works as that tenant.",
                f"Run as its owner: ALTER FUNCTION {name} RESET ALL",
            )


def triggers(catalogue: Catalogue) -> Iterator[Fault]:
    """No trigger and no rule does more than the statement says."""
    for kind, name, table in catalogue.rows(
        "SELECT 'trigger', quote_ident(tgname), tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        " AND tgrelid = ANY (%s::bigint[]::oid[]) UNION ALL SELECT 'rule', quote_ident(rulename),"
        " ev_class::regclass::text FROM pg_rewrite WHERE ev_class = ANY (%s::bigint[]::oid[]) ORDER BY 1, 2",
        [table.oid for table in catalogue.tables],
        [table.oid for table in catalogue.tables],
    ):
        yield Fault(
            f"{kind} {name} on {table}",
            f"The {kind} {name} on {table} runs with every statement on that table and can carry rows elsewhere.",
            f"Run as its owner: DROP {kind.upper()} {name} ON {table}",
        )


def rights(catalogue: Catalogue) -> Iterator[Fault]:
    """The service has no right that passes by row security."""
    passing = ["TRUNCATE", "REFERENCES", "TRIGGER"]
    if catalogue.connection.info.server_version >= 170000:
        passing.append("MAINTAIN")
    for table, right in catalogue.rows(
        "SELECT c.oid::regclass::text, p FROM pg_class c, unnest(%s::text[]) p WHERE c.oid = ANY"
        " (%s::bigint[]::oid[]) AND (has_table_privilege('clincore_app', c.oid, p)"
        " OR p = 'REFERENCES' AND has_any_column_privilege('clincore_app', c.oid, p)) ORDER BY 1, 2",
        passing,
        [table.oid for table in catalogue.tables],
    ):
        yield Fault(
            f"table {table}",
            f"{ROLE} has {right} on {table}, which no policy guards.",
            f"Run as its owner: REVOKE {right} ON {table} FROM {ROLE}, PUBLIC",
        )
    for schema, right in catalogue.rows(
        "SELECT nspname, 'CREATE' FROM pg_namespace WHERE has_schema_privilege('clincore_app', oid, 'CREATE')"
        " AND nspname !~ '^pg_(toast_)?temp_' ORDER BY 1"
    ):
        yield Fault(
            f"schema {schema}",
            f"{ROLE} may create things in the schema {schema}: tables without policies, functions that others call.",
            f"Run as its owner: REVOKE {right} ON SCHEMA {schema} FROM {ROLE}, PUBLIC",
        )
    for (database,) in catalogue.rows(
        "SELECT quote_ident(current_database()) WHERE has_database_privilege('clincore_app', current_database(),"
        " 'CREATE')"
    ):
        yield Fault(
            f"database {database}",
            f"{ROLE} may create schemas in the database {database}.",
            f"Run as its owner: REVOKE CREATE ON DATABASE {database} FROM {ROLE}, PUBLIC",
        )
    for relation in ("alembic_version",):
        for (name,) in catalogue.rows(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND relname = %s"
            " AND has_any_column_privilege('clincore_app', c.oid, 'INSERT, UPDATE')",
            relation,
        ):
            yield Fault(
                f"table {name}",
                f"{ROLE} may change {name}, which is everybody's.",
                f"Run as its owner: REVOKE ALL ON {name} FROM {ROLE}, PUBLIC",
            )


def temporary(catalogue: Catalogue) -> Iterator[Fault]:
    """The service makes no temporary tables: they outlive a tenant's session."""
    for (database,) in catalogue.rows(
        "SELECT quote_ident(current_database()) FROM pg_roles r WHERE r.rolname = 'clincore_app'"
        " AND has_database_privilege(r.oid, current_database(), 'TEMP')"
    ):
        yield Fault(
            f"database {database}",
            f"{ROLE} may make temporary tables, which outlive a tenant's session.",
            f"Run as the owner: REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC",
        )


def system_rights(catalogue: Catalogue) -> Iterator[Fault]:
    """PostgreSQL's own closed doors are closed: files, statistics, passwords, other servers, protected parameters."""
    for (name,) in catalogue.rows(
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_init_privs i ON i.classoid = 'pg_proc'::regclass"
        " AND i.objoid = p.oid AND NOT EXISTS (SELECT FROM aclexplode(i.initprivs) a WHERE a.grantee = 0)"
        " WHERE has_function_privilege('clincore_app', p.oid, 'EXECUTE') ORDER BY 1"
    ):
        yield Fault(
            f"function {name}",
            f"{ROLE} may call {name}, which PostgreSQL keeps for superusers.",
            f"Run as a superuser: REVOKE EXECUTE ON FUNCTION {name} FROM {ROLE}, PUBLIC",
        )
    for (name,) in catalogue.rows(
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.oid = ANY (ARRAY['pg_statistic',"
        " 'pg_statistic_ext_data', 'pg_authid', 'pg_largeobject', 'pg_user_mapping', 'pg_hba_file_rules']::regclass[])"
        " AND has_any_column_privilege('clincore_app', c.oid, 'SELECT, UPDATE') ORDER BY 1"
    ):
        yield Fault(
            f"table pg_catalog.{name}",
            f"{ROLE} may read {name}, where values of every tenant's rows or passwords stand.",
            f"Run as a superuser: REVOKE ALL ON pg_catalog.{name} FROM {ROLE}, PUBLIC",
        )
    for (name,) in catalogue.rows(
        "SELECT quote_ident(srvname) FROM pg_foreign_server WHERE has_server_privilege('clincore_app', oid, 'USAGE')"
    ):
        yield Fault(
            f"foreign server {name}",
            f"{ROLE} may use the foreign server {name}, where these policies do not hold.",
            f"Run as its owner: REVOKE USAGE ON FOREIGN SERVER {name} FROM {ROLE}, PUBLIC",
        )
    for (name,) in catalogue.rows(
        "SELECT parname FROM pg_parameter_acl p, aclexplode(paracl) a WHERE a.grantee = 0"
        " OR a.grantee = (SELECT oid FROM pg_roles WHERE rolname = 'clincore_app') ORDER BY 1"
    ):
        yield Fault(
            f"parameter {name}",
            f"{ROLE} may set {name}, which PostgreSQL keeps for superusers.",
            f"Run as a superuser: REVOKE SET, ALTER SYSTEM ON PARAMETER {name} FROM {ROLE}, PUBLIC",
        )


def default_rights(catalogue: Catalogue) -> Iterator[Fault]:
    """Tables that are made later do not come with rights that pass by row security."""
    for owner, right in catalogue.rows(
        "SELECT pg_get_userbyid(defaclrole), a.privilege_type FROM pg_default_acl d, aclexplode(defaclacl) a"
        " WHERE defaclobjtype = 'r' AND a.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')"
        " AND (a.grantee = 0 OR a.grantee = (SELECT oid FROM pg_roles WHERE rolname = 'clincore_app')) ORDER BY 1, 2"
    ):
        yield Fault(
            f"default privileges of {owner}",
            f"Tables that {owner} makes from now on grant {right} to {ROLE}, which no policy guards.",
            f"Run as {owner}: ALTER DEFAULT PRIVILEGES REVOKE {right} ON TABLES FROM {ROLE}, PUBLIC",
        )


def large_objects(catalogue: Catalogue) -> Iterator[Fault]:
    """No large object lies about: they know no tenant."""
    for oid, readable in catalogue.rows(
        "SELECT l.oid::bigint, EXISTS (SELECT FROM aclexplode(lomacl) a WHERE a.grantee = 0 OR a.grantee ="
        " (SELECT oid FROM pg_roles WHERE rolname = 'clincore_app')) OR lomowner ="
        " (SELECT oid FROM pg_roles WHERE rolname = 'clincore_app') FROM pg_largeobject_metadata l ORDER BY 1"
    ):
        if readable:
            yield Fault(
                f"large object {oid}",
                f"{ROLE} reaches the large object {oid} whichever tenant is set.",
                f"Run as its owner: SELECT lo_unlink({oid})",
            )


def sequences(catalogue: Catalogue) -> Iterator[Fault]:
    """No sequence counts for all tenants together."""
    for (name,) in catalogue.rows(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid >= 16384"
        " AND CASE relkind WHEN 'S' THEN has_sequence_privilege('clincore_app', c.oid, 'SELECT, USAGE, UPDATE') END"
        " AND has_schema_privilege('clincore_app', n.oid, 'USAGE') ORDER BY 1"
    ):
        yield Fault(
            f"sequence {name}",
            f"{ROLE} reads the sequence {name}, which tells how much the other tenants write.",
            f"Run as its owner: REVOKE ALL ON SEQUENCE {name} FROM {ROLE}, PUBLIC",
        )


def defaults(catalogue: Catalogue) -> Iterator[Fault]:
    """No `app.` setting has a default, so that a forgotten tenant is nobody."""
    for setting, role_name, database in catalogue.rows(
        "SELECT split_part(c, '=', 1), quote_ident(rolname), quote_ident(datname) FROM pg_db_role_setting"
        " LEFT JOIN pg_roles r ON r.oid = setrole LEFT JOIN pg_database d ON d.oid = setdatabase, unnest(setconfig) c"
        " WHERE (datname IS NULL OR datname = current_database()) AND c LIKE 'app.%'"
    ):
        whose = f"ROLE {role_name or 'ALL'}" + (f" IN DATABASE {database}" if database else "")
        whose = f"DATABASE {database}" if role_name is None and database else whose
        yield Fault(
            f"setting {setting} of {whose.lower().replace(' in database', ' in')}",
            f"{setting} has a default, so that a forgotten tenant would be somebody.",
            f"Run: ALTER {whose} RESET {setting}",
        )


def publications(catalogue: Catalogue) -> Iterator[Fault]:
    """No publication sends rows where no policy holds."""
    for name, everything, tables in catalogue.rows(
        "SELECT quote_ident(pubname), puballtables, (SELECT string_agg(format('%I.%I', schemaname, tablename), ', ')"
        " FROM pg_publication_tables t WHERE t.pubname = p.pubname) FROM pg_publication p ORDER BY 1"
    ):
        yield Fault(
            f"publication {name}",
            f"The publication {name} sends every tenant's rows of {'all tables' if everything else tables or 'nothing'}"
            " to its subscribers, and row security does not hold for it.",
            f"Run as its owner: DROP PUBLICATION {name}",
        )


def set_config(catalogue: Catalogue) -> Iterator[Fault]:
    """An expression cannot change the tenant."""
    for (executable,) in catalogue.rows(
        "SELECT has_function_privilege('clincore_app', 'pg_catalog.set_config(text, text, boolean)', 'EXECUTE')"
    ):
        if executable:
            yield Fault(
                "function pg_catalog.set_config(text, text, boolean)",
                f"{ROLE} may call set_config: where an SQL injection is, an expression can change the tenant.",
                "Run as a superuser, in this database: REVOKE EXECUTE ON FUNCTION set_config(text, text, boolean) FROM"
                f" PUBLIC; GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO {catalogue.owner or '<owner>'}",
                severity="advice",
            )


def minor_version(catalogue: Catalogue) -> Iterator[Fault]:
    """PostgreSQL has the fixes of its own holes in row security."""
    yield from holes_of(catalogue.connection.info.server_version)


def holes_of(number: int) -> Iterator[Fault]:
    """The known holes in the row security of a version of PostgreSQL, as `server_version_num` has it."""
    major, minor = divmod(number, 10000)
    culprit = f"PostgreSQL {major}.{minor}"
    if major < 15:
        yield Fault(culprit, f"{culprit} is not supported: ClinCore needs 15 or later.")
    for cve, what, fixed in _FIXES:
        if minor < fixed.get(major, 0):
            yield Fault(
                culprit,
                f"{culprit} has {cve}: {what}.",
                f"Update to the newest {major}, at least {major}.{fixed[major]}.",
            )
    cve, fixed = _CONFLICT_FIX
    if minor < fixed.get(major, 0):
        yield Fault(
            culprit,
            f"{culprit} has {cve}: ON CONFLICT DO UPDATE tells what a hidden row holds when a row of one's own collides"
            " with it. The tenant is in every unique index but that of tenants' names, so that whoever can run SQL as"
            " the service and knows a tenant's name could learn its id, billing status and age.",
            f"Update to the newest {major}, at least {major}.{fixed[major]}.",
            severity="advice",
        )


@dataclass(frozen=True)
class Check:
    """One question to the catalogue."""

    name: str
    ask: Callable[[Catalogue], Iterable[Fault]]

    @property
    def title(self) -> str:
        return (self.ask.__doc__ or "").splitlines()[0].rstrip(".")


# In this order: whom the service logs in as comes before what that role may do.
STARTUP_ROLES = tuple(Check(ask.__name__, ask) for ask in (login, role, switch, becomes, ownership))
STARTUP_TABLES = tuple(
    Check(ask.__name__, ask) for ask in (row_security, operator_policies, foreign_policies, defaults, temporary)
)
ALL = (
    *STARTUP_ROLES,
    *(Check(ask.__name__, ask) for ask in (attributes, memberships, one_owner)),
    *STARTUP_TABLES,
    *(
        Check(ask.__name__, ask)
        for ask in (
            policies,
            policy_functions,
            tenant_columns,
            keys,
            foreign_keys,
            views,
            functions,
            triggers,
            rights,
            system_rights,
            default_rights,
            large_objects,
            sequences,
            publications,
            set_config,
            minor_version,
        )
    ),
)
