"""Checks of privileges: the service's role has none that bypass the policies."""

from collections.abc import Iterator

from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import Catalogue
from clincore.db.statements import ROLE


def rights(catalogue: Catalogue) -> Iterator[Fault]:
    """The service has no right that bypasses row-level security."""
    bypassing = ["TRUNCATE", "REFERENCES", "TRIGGER"]
    if catalogue.connection.info.server_version >= 170000:
        bypassing.append("MAINTAIN")
    for table, right in catalogue.rows(
        "SELECT c.oid::regclass::text, p FROM pg_class c, unnest(%s::text[]) p WHERE c.oid = ANY"
        " (%s::bigint[]::oid[]) AND (has_table_privilege('clincore_app', c.oid, p)"
        " OR p = 'REFERENCES' AND has_any_column_privilege('clincore_app', c.oid, p)) ORDER BY 1, 2",
        bypassing,
        [table.oid for table in catalogue.tables],
    ):
        yield Fault(
            f"table {table}",
            f"{ROLE} has {right} on {table}, which bypasses the policies.",
            f"Run as its owner: REVOKE {right} ON {table} FROM {ROLE}, PUBLIC",
        )
    for (schema,) in catalogue.rows(
        "SELECT quote_ident(nspname) FROM pg_namespace WHERE has_schema_privilege('clincore_app', oid, 'CREATE')"
        " AND nspname !~ '^pg_(toast_)?temp_' ORDER BY 1"
    ):
        yield Fault(
            f"schema {schema}",
            f"{ROLE} may create objects in the schema {schema}: tables without policies, or functions that other roles"
            " call.",
            f"Run as its owner: REVOKE CREATE ON SCHEMA {schema} FROM {ROLE}, PUBLIC",
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
    for (name,) in catalogue.rows(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname = 'public' AND relname = 'alembic_version'"
        " AND has_any_column_privilege('clincore_app', c.oid, 'INSERT, UPDATE')"
    ):
        yield Fault(
            f"table {name}",
            f"{ROLE} may change {name}, which all tenants share.",
            f"Run as its owner: REVOKE ALL ON {name} FROM {ROLE}, PUBLIC",
        )


def temporary(catalogue: Catalogue) -> Iterator[Fault]:
    """The service cannot create temporary tables, which outlive a tenant's session."""
    for (database,) in catalogue.rows(
        "SELECT quote_ident(current_database()) FROM pg_roles r WHERE r.rolname = 'clincore_app'"
        " AND has_database_privilege(r.oid, current_database(), 'TEMP')"
    ):
        yield Fault(
            f"database {database}",
            f"{ROLE} has TEMPORARY on the database {database}: temporary tables outlive a tenant's session.",
            f"Run as the owner: REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC",
        )


def system_rights(catalogue: Catalogue) -> Iterator[Fault]:
    """The service cannot reach files, statistics, passwords, other servers or protected parameters."""
    for (name,) in catalogue.rows(
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_init_privs i ON i.classoid = 'pg_proc'::regclass"
        " AND i.objoid = p.oid AND NOT EXISTS (SELECT FROM aclexplode(i.initprivs) a WHERE a.grantee = 0)"
        " WHERE has_function_privilege('clincore_app', p.oid, 'EXECUTE') ORDER BY 1"
    ):
        yield Fault(
            f"function {name}",
            f"{ROLE} may call {name}, which PostgreSQL reserves for superusers.",
            f"Run as a superuser: REVOKE EXECUTE ON FUNCTION {name} FROM {ROLE}, PUBLIC",
        )
    for (name,) in catalogue.rows(
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.oid = ANY (ARRAY['pg_statistic',"
        " 'pg_statistic_ext_data', 'pg_authid', 'pg_largeobject', 'pg_user_mapping', 'pg_hba_file_rules']::regclass[])"
        " AND has_any_column_privilege('clincore_app', c.oid, 'SELECT, UPDATE') ORDER BY 1"
    ):
        yield Fault(
            f"table pg_catalog.{name}",
            f"{ROLE} may read {name}, which contains passwords or values of every tenant's rows.",
            f"Run as a superuser: REVOKE ALL ON pg_catalog.{name} FROM {ROLE}, PUBLIC",
        )
    for (name,) in catalogue.rows(
        "SELECT quote_ident(srvname) FROM pg_foreign_server WHERE has_server_privilege('clincore_app', oid, 'USAGE')"
    ):
        yield Fault(
            f"foreign server {name}",
            f"{ROLE} may use the foreign server {name}, where these policies do not apply.",
            f"Run as its owner: REVOKE USAGE ON FOREIGN SERVER {name} FROM {ROLE}, PUBLIC",
        )
    for (name,) in catalogue.rows(
        "SELECT parname FROM pg_parameter_acl p, aclexplode(paracl) a WHERE a.grantee = 0"
        " OR a.grantee = (SELECT oid FROM pg_roles WHERE rolname = 'clincore_app') ORDER BY 1"
    ):
        yield Fault(
            f"parameter {name}",
            f"{ROLE} may set {name}, which PostgreSQL reserves for superusers.",
            f"Run as a superuser: REVOKE SET, ALTER SYSTEM ON PARAMETER {name} FROM {ROLE}, PUBLIC",
        )


def default_rights(catalogue: Catalogue) -> Iterator[Fault]:
    """Default privileges give new tables no right that bypasses row-level security."""
    for owner, right in catalogue.rows(
        "SELECT pg_get_userbyid(defaclrole), a.privilege_type FROM pg_default_acl d, aclexplode(defaclacl) a"
        " WHERE defaclobjtype = 'r' AND a.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')"
        " AND (a.grantee = 0 OR a.grantee = (SELECT oid FROM pg_roles WHERE rolname = 'clincore_app')) ORDER BY 1, 2"
    ):
        yield Fault(
            f"default privileges of {owner}",
            f"New tables of {owner} grant {right} to {ROLE}, which bypasses the policies.",
            f"Run as {owner}: ALTER DEFAULT PRIVILEGES REVOKE {right} ON TABLES FROM {ROLE}, PUBLIC",
        )


def set_config(catalogue: Catalogue) -> Iterator[Fault]:
    """SQL expressions cannot change the tenant."""
    for (executable,) in catalogue.rows(
        "SELECT has_function_privilege('clincore_app', 'pg_catalog.set_config(text, text, boolean)', 'EXECUTE')"
    ):
        if executable:
            yield Fault(
                "function pg_catalog.set_config(text, text, boolean)",
                f"{ROLE} may call set_config: an SQL injection could change the tenant within an expression.",
                "Run as a superuser, in this database: REVOKE EXECUTE ON FUNCTION set_config(text, text, boolean) FROM"
                f" PUBLIC; GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO {catalogue.owner or '<owner>'}",
                severity="advice",
            )
