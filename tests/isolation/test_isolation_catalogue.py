"""PostgreSQL enforces isolation: policies, keys and privileges of every table, read from the catalogue."""

from typing import Any

import psycopg

from support.tables import DELETABLE, SHARED_TABLE, UPDATABLE, key_of

Connection = psycopg.Connection[Any]

# Tenants' names are unique among all tenants, so that an operator can tell tenants apart. Only a caller with the
# bootstrap token can find out whether a name is taken.
WITHOUT_LEADING_TENANT = {"uq_tenant_names_name"}
SETTING = "current_setting('app.tenant_id'::text, true)"


def test_every_table_forces_row_security_on_its_owner(superuser: Connection, tables: list[str]) -> None:
    for table in tables:
        found = superuser.execute(
            "SELECT relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) = (SELECT pg_get_userbyid(datdba)"
            " FROM pg_database WHERE datname = current_database()) FROM pg_class WHERE oid = %s::regclass",
            [table],
        )
        assert found.fetchone() == (True, True, True), f"{table}: ENABLE, FORCE, belongs to the database's owner"


def test_every_table_has_exactly_the_two_policies(superuser: Connection, tables: list[str]) -> None:
    owner = superuser.info.dbname
    operator = f"(COALESCE({SETTING}, ''::text) = ''::text)"
    for table in tables:
        tenant = f"({key_of(table)} = (NULLIF({SETTING}, ''::text))::uuid)"
        found = superuser.execute(
            "SELECT policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies"
            " WHERE tablename = %s AND schemaname = 'public' ORDER BY 1",
            [table],
        )
        assert found.fetchall() == [
            ("operator", "PERMISSIVE", [owner], "ALL", operator, operator),
            ("tenant_isolation", "PERMISSIVE", ["clincore_app"], "ALL", tenant, tenant),
        ], table


def test_the_tenant_is_the_first_column_of_every_key(superuser: Connection, tables: list[str]) -> None:
    for table in tables:
        unique = superuser.execute(
            "SELECT i.indexrelid::regclass::text, i.indisprimary, a.attname FROM pg_index i LEFT JOIN pg_attribute a"
            " ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
            " WHERE i.indrelid = %s::regclass AND (i.indisunique OR i.indisexclusion)",
            [table],
        ).fetchall()
        foreign = superuser.execute(
            "SELECT conname, a.attname, confrelid::regclass::text, b.attname FROM pg_constraint"
            " JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]"
            " JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = confkey[1]"
            " WHERE contype = 'f' AND conrelid = %s::regclass",
            [table],
        ).fetchall()

        assert [primary for _, primary, _ in unique].count(True) == 1, table
        wrong = {name for name, _, column in unique if column != key_of(table)} - WITHOUT_LEADING_TENANT
        assert wrong == set(), table
        for name, column, target, target_column in foreign:
            assert (column, target_column) == (key_of(table), key_of(target)), name


def test_no_other_object_can_bypass_the_policies(superuser: Connection, tables: list[str]) -> None:
    ours = "NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
    # prove-isolation checks what the service may do with an extension's objects.
    no_extensions = (
        "NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '{}'::regclass AND d.objid = {} AND deptype = 'e')"
    )
    queries = {
        "relations": "SELECT n.nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        f" WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND nspname {ours} AND nspname NOT LIKE 'pg_temp%'"
        f" AND {no_extensions.format('pg_class', 'c.oid')}",
        "definer's functions": "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace"
        f" WHERE prosecdef AND nspname {ours}",
        # Citus has some on its own tables in pg_catalog, which only a superuser can change.
        "triggers": "SELECT tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
        " WHERE NOT tgisinternal AND relnamespace <> 'pg_catalog'::regnamespace",
        "rules": "SELECT rulename FROM pg_rules WHERE schemaname = 'public'",
        "large objects": "SELECT oid::text FROM pg_largeobject_metadata",
    }
    found = {what: {name for (name,) in superuser.execute(query)} for what, query in queries.items()}

    expected = {f"public.{table}" for table in [*tables, SHARED_TABLE, "alembic_version"]}
    assert found == {what: expected if what == "relations" else set() for what in queries}


def test_the_service_has_exactly_the_privileges_that_its_queries_need(superuser: Connection, tables: list[str]) -> None:
    for table in [*tables, SHARED_TABLE, "alembic_version"]:
        held = superuser.execute(
            "SELECT privilege FROM unnest(ARRAY['DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'UPDATE']) AS privilege"
            " WHERE has_table_privilege('clincore_app', %(table)s, privilege)"
            " OR privilege = 'REFERENCES' AND has_any_column_privilege('clincore_app', %(table)s, privilege)",
            {"table": table},
        ).fetchall()
        updatable = superuser.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %(table)s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND has_column_privilege('clincore_app', attrelid, attnum, 'UPDATE')",
            {"table": table},
        ).fetchall()
        assert held == ([("DELETE",)] if table in DELETABLE else []), table
        assert {column for (column,) in updatable} == UPDATABLE.get(table, set()), table
    query = "SELECT has_any_column_privilege('clincore_app', 'alembic_version', 'SELECT, INSERT, UPDATE')"
    assert superuser.execute(query).fetchone() == (False,)
    query = "SELECT has_any_column_privilege('clincore_app', 'signing_keys', 'INSERT, UPDATE')"
    assert superuser.execute(query).fetchone() == (False,)


def test_neither_the_service_nor_the_owner_can_bypass_row_security(superuser: Connection) -> None:
    roles = superuser.execute(
        "SELECT rolname, rolsuper OR rolbypassrls OR rolreplication FROM pg_roles"
        " WHERE rolname IN ('clincore_app', %s)",
        [superuser.info.dbname],
    )
    rights = superuser.execute(
        "SELECT has_schema_privilege('clincore_app', 'public', 'CREATE'),"
        " has_database_privilege('clincore_app', current_database(), 'TEMP'),"
        " has_database_privilege('clincore_app', current_database(), 'CREATE'),"
        " rolcreaterole OR rolcreatedb, EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid)"
        " FROM pg_roles WHERE rolname = 'clincore_app'"
    )
    assert dict(roles.fetchall()) == {"clincore_app": False, superuser.info.dbname: False}
    assert rights.fetchone() == (False,) * 5, "CREATE in schema, TEMP, CREATE in database, roles, memberships"
