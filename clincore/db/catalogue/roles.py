"""Checks of roles: the login, the service's role and the owner, their memberships and what they own."""

from collections.abc import Iterator

from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import Catalogue
from clincore.db.statements import ROLE


def login(catalogue: Catalogue) -> Iterator[Fault]:
    """Row-level security applies to the service's login."""
    for name, superuser, bypass in catalogue.rows(
        "SELECT quote_ident(rolname), rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", catalogue.login
    ):
        if superuser or bypass:
            yield Fault(
                f"role {name}",
                f"The login {name} {'is a superuser' if superuser else 'has BYPASSRLS'},"
                " so row-level security does not apply to it.",
                f"Use {ROLE}, or an owner without these rights, in DATABASE_URL; docs/operations.md shows how to create"
                " one.",
            )


def role(catalogue: Catalogue) -> Iterator[Fault]:
    """The service's role exists, and row-level security applies to it."""
    found = catalogue.rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", ROLE)
    if not found:
        yield Fault(f"role {ROLE}", f"The role {ROLE} does not exist.", "Run: clincore migrate")
    elif any(found[0]):
        why = "is a superuser" if found[0][0] else "has BYPASSRLS"
        yield Fault(
            f"role {ROLE}",
            f"The role {ROLE} {why}, so row-level security does not apply to it.",
            f"Run as a superuser: ALTER ROLE {ROLE} NOSUPERUSER NOBYPASSRLS",
        )


def switch(catalogue: Catalogue) -> Iterator[Fault]:
    """The login may switch to the service's role."""
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
                f"The login {name} may not switch to the role {ROLE}.",
                f"Run as a superuser: GRANT {ROLE} TO {name}",
            )


def separate_login(catalogue: Catalogue) -> Iterator[Fault]:
    """The login is the service's role, or cannot become a role that sees more."""
    for name, owns in catalogue.rows(
        "SELECT quote_ident(l.rolname), EXISTS (SELECT FROM pg_roles o WHERE o.rolname = %s"
        " AND pg_has_role(l.oid, o.oid, 'MEMBER')) FROM pg_roles l WHERE l.rolname = %s AND l.rolname <> %s"
        " AND (l.rolcreaterole OR EXISTS (SELECT FROM pg_roles g WHERE pg_has_role(l.oid, g.oid, 'MEMBER')"
        " AND (g.rolname = %s OR g.rolsuper OR g.rolbypassrls)))",
        catalogue.owner,
        catalogue.login,
        ROLE,
        catalogue.owner,
    ):
        what = "owns the tables" if owns else "can become a role that sees every tenant"
        yield Fault(
            f"login {name}",
            f"The login {name} {what}: injected SQL could leave the role {ROLE}.",
            f"Use two logins: {ROLE} in DATABASE_URL, the owner in MIGRATION_DATABASE_URL.",
            severity="advice",
        )


def attributes(catalogue: Catalogue) -> Iterator[Fault]:
    """Neither the service's role nor the tables' owner has attributes that bypass row-level security."""
    for held in catalogue.rows(
        "SELECT rolreplication, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s", ROLE
    ):
        for attribute, has in zip(("REPLICATION", "CREATEROLE", "CREATEDB"), held, strict=True):
            if has:
                yield Fault(
                    f"role {ROLE}",
                    f"{ROLE} has {attribute}, which the service does not need and which gives access outside its role.",
                    f"Run as a superuser: ALTER ROLE {ROLE} NO{attribute}",
                )
    for name, superuser, bypass in catalogue.rows(
        "SELECT quote_ident(rolname), rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", catalogue.owner
    ):
        if superuser or bypass:
            yield Fault(
                f"role {name}",
                f"The tables' owner {name} {'is a superuser' if superuser else 'has BYPASSRLS'}, so FORCE ROW LEVEL"
                " SECURITY has no effect on it.",
                f"Run as a superuser: ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS",
            )


def becomes(catalogue: Catalogue) -> Iterator[Fault]:
    """The service's role is not a member of a role that is exempt from row-level security."""
    for (name,) in catalogue.rows(
        "SELECT quote_ident(g.rolname) FROM pg_roles g, pg_roles r WHERE r.rolname = %s AND g.oid <> r.oid"
        " AND NOT r.rolsuper AND (g.rolsuper OR g.rolbypassrls) AND pg_has_role(r.oid, g.oid, 'MEMBER') ORDER BY 1",
        ROLE,
    ):
        yield Fault(
            f"role {name}",
            f"{ROLE} can become {name}, which is exempt from row-level security.",
            f"Run as a superuser: REVOKE {name} FROM {ROLE}",
        )


def memberships(catalogue: Catalogue) -> Iterator[Fault]:
    """The service's role is not a member of any other role."""
    for (name,) in catalogue.rows(
        "SELECT quote_ident(g.rolname) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %s ORDER BY 1",
        ROLE,
    ):
        yield Fault(
            f"role {name}",
            f"{ROLE} is a member of {name} and has its rights and its policies.",
            f"Run as a superuser: REVOKE {name} FROM {ROLE}",
        )


def ownership(catalogue: Catalogue) -> Iterator[Fault]:
    """The service's role owns nothing: an owner can turn off row-level security."""
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
        why = "and can turn off its row-level security" if is_relation else "and can change it"
        yield Fault(thing, f"{ROLE} owns the {thing} {why}.", f"Run: ALTER {thing} OWNER TO <owner>")


def one_owner(catalogue: Catalogue) -> Iterator[Fault]:
    """All tables of tenants belong to one owner, the role in the operator's policies."""
    for table in catalogue.tables:
        if table.is_tenant_table and table.owner not in (catalogue.owner, ROLE):
            yield Fault(
                f"table {table.quoted}",
                f"The table {table.quoted} belongs to {table.owner}, who can turn off its row-level security, instead"
                f" of {catalogue.owner}.",
                f"Run as a superuser: ALTER TABLE {table.quoted} OWNER TO {catalogue.owner}",
            )
