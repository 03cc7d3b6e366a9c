"""`clincore prove-isolation` proves itself: whatever opens a tenant's rows to another must be found, and named.

Each mutant is a migrated database with one thing wrong. The command must fail on it and name who is to blame, and must
pass on a database with nothing wrong.
"""

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from clincore.db.catalogue import checks, citus
from clincore.db.catalogue.reader import read_catalogue
from clincore.db.catalogue.versions import holes_of
from clincore.db.session import OperatorError, libpq, operator_session
from clincore.isolation import prove
from clincore.isolation.report import Report
from support.commands import run
from support.database import SHARED_CLUSTER, Database
from support.service import Service
from support.tenants import MakeTenant

A_TENANT = "0b9b6583-314b-4cd0-ab1c-9ee8b8f3a277"
SETTING = "current_setting('app.tenant_id', true)"
OWN = f"tenant_id = NULLIF({SETTING}, '')::uuid"

# What is wrong, and who must be named. {owner} and {database} are the mutant's.
SCHEMA: dict[str, tuple[str, str]] = {
    # Policies
    "policy-dropped": ("DROP POLICY tenant_isolation ON cases", "policy tenant_isolation on public.cases"),
    "policy-of-tenants-dropped": (
        "DROP POLICY tenant_isolation ON tenants",
        "policy tenant_isolation on public.tenants",
    ),
    "operator-policy-dropped": ("DROP POLICY operator ON api_keys", "policy operator on public.api_keys"),
    "with-check-true": (
        "ALTER POLICY tenant_isolation ON cases WITH CHECK (true)",
        "policy tenant_isolation on public.cases",
    ),
    "using-true": ("ALTER POLICY tenant_isolation ON usage_events USING (true)", "table public.usage_events"),
    "using-true-on-tenants": ("ALTER POLICY tenant_isolation ON tenants USING (true)", "table public.tenants"),
    "second-permissive-policy": (
        "CREATE POLICY support ON cases TO clincore_app USING (true)",
        "policy support on public.cases",
    ),
    "second-policy-for-reading": (
        "CREATE POLICY reading ON cases FOR SELECT TO PUBLIC USING (true)",
        "policy reading on public.cases",
    ),
    "second-policy-for-writing": (
        "CREATE POLICY importing ON usage_events FOR INSERT TO clincore_app WITH CHECK (true)",
        "policy importing on public.usage_events",
    ),
    "policy-for-everybody": (
        "ALTER POLICY tenant_isolation ON cases TO PUBLIC",
        "policy tenant_isolation on public.cases",
    ),
    "policy-for-select-only": (
        "DROP POLICY tenant_isolation ON cases;"
        f" CREATE POLICY tenant_isolation ON cases FOR SELECT TO clincore_app USING ({OWN});"
        " ALTER TABLE cases DISABLE ROW LEVEL SECURITY",
        "policy tenant_isolation on public.cases",
    ),
    "restrictive-policy": (
        "DROP POLICY tenant_isolation ON cases;"
        f" CREATE POLICY tenant_isolation ON cases AS RESTRICTIVE TO clincore_app USING ({OWN})",
        "policy tenant_isolation on public.cases",
    ),
    "policy-open-when-unset": (
        f"ALTER POLICY tenant_isolation ON cases USING (coalesce({SETTING}, '') = '' OR {OWN})",
        "table public.cases",
    ),
    "policy-with-a-default-tenant": (
        f"ALTER POLICY tenant_isolation ON cases USING (tenant_id = coalesce(NULLIF({SETTING}, ''),"
        f" '{A_TENANT}')::uuid)",
        "policy tenant_isolation on public.cases",
    ),
    "policy-on-another-setting": (
        "ALTER POLICY tenant_isolation ON cases"
        " USING (tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid)",
        "policy tenant_isolation on public.cases",
    ),
    "policy-with-a-bare-cast": (
        f"ALTER POLICY tenant_isolation ON cases USING (tenant_id = {SETTING}::uuid)",
        "policy tenant_isolation on public.cases",
    ),
    "policy-of-drafts-only": (
        f"ALTER POLICY tenant_isolation ON cases USING ({OWN} OR status = 'draft')",
        "table public.cases",
    ),
    "operator-policy-always": ("ALTER POLICY operator ON cases USING (true)", "policy operator on public.cases"),
    "operator-policy-for-everybody": ("ALTER POLICY operator ON cases TO PUBLIC", "policy operator on public.cases"),
    "operator-policy-for-the-service": (
        "ALTER POLICY operator ON cases TO clincore_app",
        "policy operator on public.cases",
    ),
    "immutable-helper": (
        f"CREATE FUNCTION tenant() RETURNS uuid IMMUTABLE LANGUAGE plpgsql AS"
        f" 'BEGIN RETURN NULLIF({SETTING.replace(chr(39), chr(39) * 2)}, '''')::uuid; END';"
        " ALTER POLICY tenant_isolation ON cases USING (tenant_id = tenant())",
        "function public.tenant()",
    ),
    "immutable-helper-leaks-by-generic-plans": (
        f"CREATE FUNCTION tenant() RETURNS uuid IMMUTABLE LANGUAGE plpgsql AS"
        f" 'BEGIN RETURN NULLIF({SETTING.replace(chr(39), chr(39) * 2)}, '''')::uuid; END';"
        " ALTER POLICY tenant_isolation ON cases USING (tenant_id = tenant())",
        "table public.cases",
    ),
    "stable-helper": (
        f"CREATE FUNCTION tenant() RETURNS uuid STABLE LANGUAGE sql AS"
        f" 'SELECT NULLIF({SETTING.replace(chr(39), chr(39) * 2)}, '''')::uuid';"
        " ALTER POLICY tenant_isolation ON cases USING (tenant_id = tenant())",
        "function public.tenant()",
    ),
    "immutable-current_setting": (
        "ALTER FUNCTION pg_catalog.current_setting(text, boolean) IMMUTABLE",
        "function pg_catalog.current_setting(text,boolean)",
    ),
    "replaced-current_setting": (
        "CREATE OR REPLACE FUNCTION pg_catalog.current_setting(text, boolean) RETURNS text STABLE LANGUAGE sql"
        f" AS 'SELECT pg_catalog.coalesce_of(pg_catalog.current_setting($1), ''{A_TENANT}'')'".replace(
            "pg_catalog.coalesce_of", "coalesce"
        ),
        "function pg_catalog.current_setting(text,boolean)",
    ),
    # Row security of tables
    "not-enabled": ("ALTER TABLE cases DISABLE ROW LEVEL SECURITY", "table public.cases"),
    "not-forced": ("ALTER TABLE cases NO FORCE ROW LEVEL SECURITY", "table public.cases"),
    "new-table-without-row-security": (
        "CREATE TABLE notes (tenant_id uuid NOT NULL REFERENCES tenants, id uuid NOT NULL, body text,"
        " PRIMARY KEY (tenant_id, id)); ALTER TABLE notes OWNER TO {owner};"
        " GRANT SELECT, INSERT ON notes TO clincore_app",
        "table public.notes",
    ),
    "new-table-without-policies": (
        "CREATE TABLE notes (tenant_id uuid NOT NULL REFERENCES tenants, id uuid PRIMARY KEY);"
        " ALTER TABLE notes OWNER TO {owner}; ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "policy tenant_isolation on public.notes",
    ),
    "new-table-without-tenant": (
        "CREATE TABLE notes (id uuid PRIMARY KEY, body text); ALTER TABLE notes OWNER TO {owner};"
        " GRANT SELECT, INSERT ON notes TO clincore_app",
        "table public.notes",
    ),
    "new-table-in-another-schema": (
        "CREATE SCHEMA reports AUTHORIZATION {owner}; GRANT USAGE ON SCHEMA reports TO clincore_app;"
        " CREATE TABLE reports.notes (tenant_id uuid NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id));"
        " ALTER TABLE reports.notes OWNER TO {owner}; GRANT SELECT, INSERT ON reports.notes TO clincore_app",
        "table reports.notes",
    ),
    "partition-without-policy": (
        "CREATE TABLE events (tenant_id uuid NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id))"
        " PARTITION BY HASH (tenant_id); ALTER TABLE events OWNER TO {owner};"
        " CREATE TABLE events_0 PARTITION OF events FOR VALUES WITH (MODULUS 1, REMAINDER 0);"
        " ALTER TABLE events_0 OWNER TO {owner}; GRANT SELECT, INSERT ON events, events_0 TO clincore_app;"
        " ALTER TABLE events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
        f" CREATE POLICY tenant_isolation ON events TO clincore_app USING ({OWN}) WITH CHECK ({OWN});"
        f" CREATE POLICY operator ON events TO {{owner}} USING (coalesce({SETTING}, '') = '')"
        f" WITH CHECK (coalesce({SETTING}, '') = '')",
        "table public.events_0",
    ),
    "child-by-inheritance": (
        "CREATE TABLE old_cases () INHERITS (cases); ALTER TABLE old_cases OWNER TO {owner}",
        "table public.old_cases",
    ),
    # Keys
    "unique-without-tenant": (
        "CREATE UNIQUE INDEX mine ON cases (external_id)",
        "index mine on public.cases",
    ),
    "unique-on-an-expression": (
        "CREATE UNIQUE INDEX mine ON cases (lower(external_id))",
        "index mine on public.cases",
    ),
    "partial-unique-without-tenant": (
        "CREATE UNIQUE INDEX mine ON api_keys (key_hash) WHERE revoked_at IS NULL",
        "index mine on public.api_keys",
    ),
    "exclusion-without-tenant": (
        "ALTER TABLE cases ADD CONSTRAINT mine EXCLUDE (external_id WITH =)",
        "index mine on public.cases",
    ),
    "primary-key-without-tenant": (
        "ALTER TABLE usage_events DROP CONSTRAINT pk_usage_events; ALTER TABLE usage_events"
        " ADD CONSTRAINT pk_usage_events PRIMARY KEY (id)",
        "index pk_usage_events on public.usage_events",
    ),
    "no-primary-key": (
        "ALTER TABLE usage_events DROP CONSTRAINT pk_usage_events",
        "table public.usage_events",
    ),
    "foreign-key-without-tenant": (
        "CREATE UNIQUE INDEX mine ON api_keys (id); ALTER TABLE usage_events ADD CONSTRAINT whose"
        " FOREIGN KEY (api_key_id) REFERENCES api_keys (id)",
        "foreign key whose on public.usage_events",
    ),
    "nullable-tenant": (
        "ALTER TABLE usage_events DROP CONSTRAINT pk_usage_events;"
        " ALTER TABLE usage_events ALTER tenant_id DROP NOT NULL",
        "table public.usage_events",
    ),
    "tenant-column-with-a-default": (
        f"ALTER TABLE cases ALTER tenant_id SET DEFAULT '{A_TENANT}'",
        "table public.cases",
    ),
    # What reads with other rights
    "definers-view": (
        "CREATE VIEW everything AS SELECT * FROM cases; GRANT SELECT ON everything TO clincore_app",
        "view public.everything",
    ),
    "materialised-view": (
        "CREATE MATERIALIZED VIEW everything AS SELECT * FROM cases",
        "materialized view public.everything",
    ),
    "definers-function": (
        "CREATE FUNCTION everything() RETURNS SETOF cases SECURITY DEFINER LANGUAGE sql AS 'SELECT * FROM cases'",
        "function public.everything()",
    ),
    "leakproof-function": (
        "CREATE FUNCTION shown(text) RETURNS boolean LEAKPROOF LANGUAGE sql AS 'SELECT true'",
        "function public.shown(text)",
    ),
    "function-with-a-tenant": (
        "CREATE FUNCTION theirs() RETURNS SETOF cases LANGUAGE sql AS 'SELECT * FROM cases';"
        f" ALTER FUNCTION theirs() SET app.tenant_id = '{A_TENANT}'",
        "function public.theirs()",
    ),
    # Only the attacks find the next three: the catalogue does not read what a function does.
    "function-that-switches-tenants": (
        "CREATE FUNCTION cases_of(tenant uuid) RETURNS SETOF cases LANGUAGE plpgsql AS 'BEGIN"
        " EXECUTE format(''SET LOCAL app.tenant_id = %L'', tenant); RETURN QUERY SELECT * FROM public.cases; END';"
        " ALTER FUNCTION cases_of(uuid) OWNER TO {owner}",
        "function cases_of(uuid)",
    ),
    "function-that-gives-away": (
        "CREATE FUNCTION cases_of(tenant uuid) RETURNS SETOF cases LANGUAGE plpgsql AS 'DECLARE mine text :="
        " current_setting(''app.tenant_id''); BEGIN EXECUTE format(''SET LOCAL app.tenant_id = %L'', tenant);"
        " RETURN QUERY SELECT * FROM public.cases; EXECUTE format(''SET LOCAL app.tenant_id = %L'', mine); END';"
        " ALTER FUNCTION cases_of(uuid) OWNER TO {owner}",
        "function cases_of(uuid)",
    ),
    "admit-leaves-a-tenant": (
        "DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('admit'::regproc), 'SET LOCAL app.tenant_id = '''';', '');"
        " END $do$",
        "function admit(uuid[],text[],uuid[],text[],text[],boolean[],integer,boolean)",
    ),
    "trigger": (
        "CREATE FUNCTION copied() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        " CREATE TRIGGER copying AFTER INSERT ON cases FOR EACH ROW EXECUTE FUNCTION copied()",
        "trigger copying on public.cases",
    ),
    "rule": (
        "CREATE RULE copying AS ON INSERT TO cases DO ALSO NOTIFY cases",
        "rule copying on public.cases",
    ),
    # Rights
    "truncate": ("GRANT TRUNCATE ON cases TO clincore_app", "table public.cases"),
    "truncate-by-public": ("GRANT TRUNCATE ON usage_events TO PUBLIC", "table public.usage_events"),
    "references": ("GRANT REFERENCES ON api_keys TO clincore_app", "table public.api_keys"),
    "references-on-a-column": ("GRANT REFERENCES (id) ON api_keys TO clincore_app", "table public.api_keys"),
    "trigger-right": ("GRANT TRIGGER ON cases TO clincore_app", "table public.cases"),
    "create-on-the-schema": ("GRANT CREATE ON SCHEMA public TO clincore_app", "schema public"),
    "create-on-the-schema-by-public": ("GRANT CREATE ON SCHEMA public TO PUBLIC", "schema public"),
    "create-on-the-database": ("GRANT CREATE ON DATABASE {database} TO clincore_app", "database {database}"),
    "temporary-tables": ("GRANT TEMPORARY ON DATABASE {database} TO PUBLIC", "database {database}"),
    "temporary-tables-are-tried": (
        "GRANT TEMPORARY ON DATABASE {database} TO clincore_app",
        "TEMPORARY on the database",
    ),
    "statistics": ("GRANT SELECT ON pg_catalog.pg_statistic TO PUBLIC", "table pg_catalog.pg_statistic"),
    "passwords": ("GRANT SELECT ON pg_catalog.pg_authid TO clincore_app", "table pg_catalog.pg_authid"),
    "files": ("GRANT EXECUTE ON FUNCTION pg_read_file(text) TO clincore_app", "function pg_read_file(text)"),
    "schemas-revision": ("GRANT UPDATE ON alembic_version TO clincore_app", "table public.alembic_version"),
    "default-privileges": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT ALL ON TABLES TO clincore_app",
        "default privileges of {owner}",
    ),
    "large-object": (
        "SELECT lo_create(4711); GRANT SELECT ON LARGE OBJECT 4711 TO PUBLIC",
        "large object 4711",
    ),
    "sequence": (
        "CREATE SEQUENCE numbers; GRANT USAGE ON SEQUENCE numbers TO clincore_app",
        "sequence public.numbers",
    ),
    # Ownership
    "table-of-the-service": ("ALTER TABLE usage_events OWNER TO clincore_app", "TABLE public.usage_events"),
    "function-of-the-service": (
        "ALTER FUNCTION admit OWNER TO clincore_app",
        "FUNCTION public.admit(uuid[],text[],uuid[],text[],text[],boolean[],integer,boolean)",
    ),
    "schema-of-the-service": ("CREATE SCHEMA mine AUTHORIZATION clincore_app", "SCHEMA mine"),
    "table-of-somebody-else": ("ALTER TABLE cases OWNER TO CURRENT_USER", "table public.cases"),
    # Defaults, publications
    "default-of-the-database": (
        f"ALTER DATABASE {{database}} SET app.tenant_id = '{A_TENANT}'",
        "setting app.tenant_id of database {database}",
    ),
    "default-of-the-role": (
        f"ALTER ROLE clincore_app IN DATABASE {{database}} SET app.tenant_id = '{A_TENANT}'",
        "setting app.tenant_id of role clincore_app in {database}",
    ),
    "default-of-the-owner": (
        f"ALTER ROLE {{owner}} IN DATABASE {{database}} SET app.tenant_id = '{A_TENANT}'",
        "setting app.tenant_id of role {owner} in {database}",
    ),
    "publication": ("CREATE PUBLICATION feed FOR TABLE cases", "publication feed"),
    "publication-of-everything": ("CREATE PUBLICATION feed FOR ALL TABLES", "publication feed"),
}

# The same for what is the whole cluster's: statements, how to undo them, who must be named.
CLUSTER: dict[str, tuple[str, str, str]] = {
    "bypassrls": ("ALTER ROLE clincore_app BYPASSRLS", "ALTER ROLE clincore_app NOBYPASSRLS", "role clincore_app"),
    "superuser": ("ALTER ROLE clincore_app SUPERUSER", "ALTER ROLE clincore_app NOSUPERUSER", "role clincore_app"),
    "replication": (
        "ALTER ROLE clincore_app REPLICATION",
        "ALTER ROLE clincore_app NOREPLICATION",
        "role clincore_app",
    ),
    "createrole": ("ALTER ROLE clincore_app CREATEROLE", "ALTER ROLE clincore_app NOCREATEROLE", "role clincore_app"),
    "createdb": ("ALTER ROLE clincore_app CREATEDB", "ALTER ROLE clincore_app NOCREATEDB", "role clincore_app"),
    "member-of-the-owner": (
        "REVOKE clincore_app FROM {owner} CASCADE; GRANT {owner} TO clincore_app",
        "REVOKE {owner} FROM clincore_app; GRANT clincore_app TO {owner}{options}",
        "role {owner}",
    ),
    "member-of-pg_read_all_data": (
        "GRANT pg_read_all_data TO clincore_app",
        "REVOKE pg_read_all_data FROM clincore_app",
        "role pg_read_all_data",
    ),
    "member-of-pg_execute_server_program": (
        "GRANT pg_execute_server_program TO clincore_app",
        "REVOKE pg_execute_server_program FROM clincore_app",
        "role pg_execute_server_program",
    ),
    "member-of-one-who-bypasses": (
        "CREATE ROLE {database}_auditor BYPASSRLS; GRANT {database}_auditor TO clincore_app",
        "DROP ROLE {database}_auditor",
        "role {database}_auditor",
    ),
    "owner-bypasses": ("ALTER ROLE {owner} BYPASSRLS", "ALTER ROLE {owner} NOBYPASSRLS", "role {owner}"),
    "owner-is-superuser": ("ALTER ROLE {owner} SUPERUSER", "ALTER ROLE {owner} NOSUPERUSER", "role {owner}"),
    "protected-parameter": (
        "GRANT SET ON PARAMETER session_replication_role TO clincore_app",
        "REVOKE SET ON PARAMETER session_replication_role FROM clincore_app",
        "parameter session_replication_role",
    ),
}

# What changes the schema and opens nothing, and why.
HARMLESS: dict[str, tuple[str, str]] = {
    "view-of-the-invoker": (
        "CREATE VIEW mine WITH (security_invoker) AS SELECT * FROM cases; GRANT SELECT ON mine TO clincore_app",
        "it reads with the rights and under the policies of whoever asks",
    ),
    "index-without-tenant": (
        "CREATE INDEX by_title ON cases (title)",
        "an index that is not unique refuses nothing, so that it tells nothing",
    ),
    "further-column": ("ALTER TABLE cases ADD note text DEFAULT ''", "rows are told apart by their tenant, not by it"),
    "right-to-give-away": (
        "GRANT UPDATE (tenant_id) ON cases TO clincore_app",
        "WITH CHECK refuses a row of another tenant, as the attacks with every right show",
    ),
    "right-to-delete": (
        "GRANT DELETE ON cases TO clincore_app",
        "a tenant could delete its own rows; those of others its policy hides",
    ),
    "no-right-to-read": (
        "REVOKE SELECT ON usage_events FROM clincore_app",
        "the service breaks, and nobody sees more",
    ),
    "operators-own-table": (
        "CREATE TABLE backups (taken_at timestamptz PRIMARY KEY); ALTER TABLE backups OWNER TO {owner}",
        "the service has no right on it; the report advises to look at it",
    ),
    "view-that-nobody-may-read": (
        "ALTER TABLE cases CLUSTER ON pk_cases",
        "it orders the rows on the disk",
    ),
}

TEXTS = {name: text for name, (text, _) in SCHEMA.items()} | {name: text for name, (text, *_) in CLUSTER.items()}


@pytest.fixture(scope="module")
def pristine(migrated_database: Callable[[], Database]) -> Database:
    """A migrated database that nobody is connected to, to be copied."""
    return migrated_database()


@contextmanager
def copy_of(pristine: Database) -> Iterator[Database]:
    """A database like it, with the same owner."""
    owner = make_url(pristine.url)
    name = f"clincore_mutant_{uuid4().hex[:12]}"
    with psycopg.connect(libpq(pristine.superuser_url), dbname="postgres", autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                *map(sql.Identifier, (name, str(owner.database), str(owner.username)))
            )
        )
        try:
            # Rights on the database itself are not copied.
            connection.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
            urls = (make_url(url).set(database=name) for url in (pristine.url, pristine.superuser_url))
            yield Database(*(url.render_as_string(hide_password=False) for url in urls))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def names_of(database: Database) -> dict[str, str]:
    url = make_url(database.url)
    with database.as_superuser() as connection:
        options = " WITH INHERIT FALSE, SET TRUE" if connection.info.server_version >= 160000 else ""
    return {"owner": str(url.username), "database": str(url.database), "options": options}


def apply(database: Database, statements: str) -> None:
    filled = statements
    for name, value in names_of(database).items():
        filled = filled.replace(f"{{{name}}}", value)
    with database.as_superuser() as connection:
        connection.execute(filled, prepare=False)  # type: ignore[call-overload]


def filled(text: str, database: Database) -> str:
    return text.format(**names_of(database))


def left_of(report: Report, database: Database) -> list[str]:
    """Tables in which rows of the run's two tenants are left."""
    with database.as_superuser() as connection, connection.transaction():
        tables = [table for table in read_catalogue(connection).tables if table.is_a_tenants and table.kind != "f"]
        tenants = [UUID(report.facts[f"Tenant {name}"]) for name in "AB"]
        return [
            table.full_name
            for table in tables
            if connection.execute(
                sql.SQL("SELECT FROM {} WHERE {} = ANY (%s)").format(
                    sql.Identifier(table.schema, table.name), sql.Identifier(str(table.key))
                ),
                [tenants],
            ).rowcount
        ]


def test_there_are_enough_mutants() -> None:
    assert len(SCHEMA) + len(CLUSTER) >= 40
    assert not set(SCHEMA) & set(CLUSTER)


def halved(names: Iterable[str]) -> list[Any]:
    """Every second one is for who has more time."""
    marks = (), (pytest.mark.slow,)
    return [pytest.param(name, marks=marks[number % 2]) for number, name in enumerate(names)]


@pytest.mark.parametrize("mutant", halved(SCHEMA))
def test_a_mutant_of_the_schema_is_found_by_name(pristine: Database, mutant: str) -> None:
    with copy_of(pristine) as database:
        apply(database, SCHEMA[mutant][0])

        report = prove(database.url, database.url)

        assert not report.passed
        assert filled(SCHEMA[mutant][1], database) in report.culprits, report.as_text()


@pytest.mark.parametrize("mutant", CLUSTER)
def test_a_mutant_of_the_cluster_is_found_by_name(pristine: Database, mutant: str) -> None:
    statements, undo, culprit = CLUSTER[mutant]
    with copy_of(pristine) as database, ExitStack() as undone:
        if SHARED_CLUSTER:
            # Other tests are at work with the same role: nobody but this transaction sees the mutant.
            connection = undone.enter_context(database.as_superuser())
            undone.enter_context(connection.transaction(force_rollback=True))
            connection.execute(filled(statements, database), prepare=False)  # type: ignore[call-overload]
            catalogue = read_catalogue(connection, login=names_of(database)["owner"])
            culprits = [fault.culprit for check in checks.ALL for fault in check.ask(catalogue)]
        else:
            undone.callback(apply, database, undo)
            apply(database, statements)
            report = prove(database.url, database.url)
            assert not report.passed
            culprits = report.culprits

        assert filled(culprit, database) in culprits


@pytest.mark.parametrize("mutant", halved(HARMLESS))
def test_a_mutant_that_opens_nothing_is_no_false_alarm(pristine: Database, mutant: str) -> None:
    with copy_of(pristine) as database:
        apply(database, HARMLESS[mutant][0])

        report = prove(database.url, database.url)

        assert report.passed, report.as_text()
        assert left_of(report, database) == []


ATTACKED = {"SELECT", "COPY", "INSERT", "UPDATE", "DELETE", "MERGE", "ON CONFLICT", "giving rows away"}


def test_a_migrated_database_is_proven_in_every_table_and_nothing_is_left(pristine: Database) -> None:
    with copy_of(pristine) as database:
        report = prove(database.url, database.url)
        with database.as_superuser() as connection, connection.transaction():
            tables = {table.full_name for table in read_catalogue(connection).tables if table.is_a_tenants}
        left = left_of(report, database)

    assert report.passed, report.as_text()
    assert left == []
    assert report.seconds < 30
    tried = {entry.name: set(entry.on) for entry in report.entries if entry.part == "attacks"}
    for who in ("the service", "the service with every right", "the owner"):
        for kind in ATTACKED:
            assert tried[f"{kind} as {who}"] == tables, (kind, who)
    for kind in ("setting unset", "setting empty", "setting random", "forged", "reused COMMIT", "reused ROLLBACK"):
        assert tried[kind] == tables, kind
    assert {"savepoints", "cursors", "new tables", "functions", "session"} <= set(tried)


NEW_TABLE = f"""
    CREATE DOMAIN severity AS text CHECK (VALUE IN ('mild', 'grave'));
    CREATE TYPE kind AS ENUM ('note', 'letter');
    CREATE TABLE notes (
        tenant_id uuid NOT NULL, id uuid NOT NULL, case_id uuid NOT NULL, number integer NOT NULL CHECK (number > 1),
        digest bytea NOT NULL CHECK (octet_length(digest) = 32), name varchar(12) NOT NULL, kind kind NOT NULL,
        severity severity NOT NULL, written_on date NOT NULL, document jsonb NOT NULL
        CHECK (jsonb_typeof(document) = 'array'), words text[] NOT NULL, total numeric(6, 2) NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'closed')), closed_at timestamptz,
        length integer GENERATED ALWAYS AS (number * 2) STORED, counter bigint GENERATED ALWAYS AS IDENTITY,
        CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
        PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, name), UNIQUE (tenant_id, number),
        FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
    );
    ALTER TABLE notes OWNER TO {{owner}};
    GRANT SELECT, INSERT, UPDATE (state) ON notes TO clincore_app;
    ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant_isolation ON notes TO clincore_app USING ({OWN}) WITH CHECK ({OWN});
    CREATE POLICY operator ON notes TO {{owner}} USING (coalesce({SETTING}, '') = '')
        WITH CHECK (coalesce({SETTING}, '') = '');
"""


def test_a_new_table_is_attacked_the_moment_it_exists(pristine: Database) -> None:
    with copy_of(pristine) as database:
        apply(database, NEW_TABLE)
        guarded = prove(database.url, database.url)
        left = left_of(guarded, database)
        apply(database, "ALTER POLICY tenant_isolation ON notes USING (true)")
        open_ = prove(database.url, database.url)

    assert guarded.passed, guarded.as_text()
    assert left == []
    assert "public.notes" in next(entry.on for entry in guarded.entries if entry.name == "MERGE as the service")
    reached = [entry.name for entry in open_.entries if any(f.culprit == "table public.notes" for f in entry.findings)]
    assert {"SELECT as the service", "COPY as the service", "DELETE as the service with every right"} <= set(reached)


def guarded(table: str, columns: str) -> str:
    """A table of tenants as it must be."""
    return (
        f"CREATE TABLE {table} (tenant_id uuid NOT NULL, id uuid NOT NULL, {columns}, PRIMARY KEY (tenant_id, id));"
        f" ALTER TABLE {table} OWNER TO {{owner}}; GRANT SELECT, INSERT ON {table} TO clincore_app;"
        f" ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
        f" CREATE POLICY tenant_isolation ON {table} TO clincore_app USING ({OWN}) WITH CHECK ({OWN});"
        f" CREATE POLICY operator ON {table} TO {{owner}} USING (coalesce({SETTING}, '') = '')"
        f" WITH CHECK (coalesce({SETTING}, '') = '');"
    )


CIRCLE = (
    guarded("a_revisions", "case_id uuid NOT NULL, n integer NOT NULL, kid text NOT NULL REFERENCES signing_keys")
    + guarded("b_cases", "head uuid")
    + "ALTER TABLE a_revisions ADD FOREIGN KEY (tenant_id, case_id) REFERENCES b_cases (tenant_id, id);"
    " ALTER TABLE b_cases ADD FOREIGN KEY (tenant_id, head) REFERENCES a_revisions (tenant_id, id);"
)


def test_tables_that_point_at_each_other_and_at_everybodys_are_attacked(pristine: Database) -> None:
    with copy_of(pristine) as database:
        apply(database, CIRCLE)
        without = prove(database.url, database.url)
        apply(database, "INSERT INTO signing_keys VALUES ('first', '{}')")
        report = prove(database.url, database.url)

        assert left_of(without, database) == left_of(report, database) == []
    open_ = [why for entry in without.entries for why in entry.not_proven]
    assert not without.passed and without.culprits == []
    assert any("public.a_revisions" in why and "a_revisions_kid_fkey" in why for why in open_)
    assert report.passed, report.as_text()
    attacked = next(entry.on for entry in report.entries if entry.name == "SELECT as the service")
    assert {"public.a_revisions", "public.b_cases"} <= set(attacked)


def test_a_table_that_no_row_can_be_made_for_is_not_proven(pristine: Database) -> None:
    with copy_of(pristine) as database:
        apply(database, NEW_TABLE + "ALTER TABLE notes ADD CHECK (name ~ '^z{5}$')")

        report = prove(database.url, database.url)

        open_ = [why for entry in report.entries for why in entry.not_proven]
        assert not report.passed
        assert any("public.notes" in why for why in open_), report.as_text()
        assert report.culprits == []
        assert left_of(report, database) == []


def test_without_an_operator_it_says_which_tenants_are_left(pristine: Database, superuser_url: str) -> None:
    with copy_of(pristine) as database:
        # The service's own login, as a stricter installation has it. Only this database lets it in without a password.
        url = make_url(database.url).set(username="clincore_app", password=f"isolation-{uuid4().hex}")
        with database.as_superuser() as connection:
            connection.execute(sql.SQL("ALTER ROLE clincore_app PASSWORD {}").format(sql.Literal(str(url.password))))
        done = run("clincore", "prove-isolation", DATABASE_URL=url.render_as_string(hide_password=False))
        report = prove(url.render_as_string(hide_password=False), url.render_as_string(hide_password=False))

        left = left_of(report, database)
        assert (done.returncode, done.stderr) == (1, "")
        assert "NOT PROVEN" in done.stdout and "Tenants that are left: " in done.stdout
        assert "not proven  All statements could be tried as the owner" in done.stdout
        assert report.facts["Tenant A"] in report.as_text().split("Tenants that are left: ")[1]
        assert set(left) >= {"public.tenants", "public.cases"}
        # With the owner's login in MIGRATION_DATABASE_URL all is removed.
        report = prove(url.render_as_string(hide_password=False), database.url)
        assert report.passed, report.as_text()
        assert left_of(report, database) == []


def test_an_old_minor_version_is_named_with_its_hole() -> None:
    def found(number: int) -> list[tuple[str, str]]:
        return [(fault.severity, fault.text) for fault in holes_of(number)]

    assert [severity for severity, text in found(150008)] == ["finding", "finding", "finding", "advice"]
    assert "CVE-2024-10976" in found(160004)[0][1]
    assert "CVE-2025-8713" in found(170005)[0][1]
    assert [severity for severity, _ in found(180004)] == ["advice"]
    for fixed in (150020, 160016, 170012, 180007, 190000):
        assert found(fixed) == []
    assert found(140030)[0][0] == "finding"


def test_a_running_service_is_attacked_through_every_operation_that_has_an_id(
    service: Service, database: Database, client: httpx.Client, make_tenant: MakeTenant, tmp_path: Path
) -> None:
    bystander = make_tenant()
    client.post("/cases", json={"title": "x"}, headers=bystander.key).raise_for_status()
    before = everything_of(database, bystander.id)
    file = tmp_path / "report.json"

    done = run("clincore", "prove-isolation", "--url", service.url, "--json", str(file), DATABASE_URL=database.url)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    report = json.loads(file.read_text())
    assert report["proven"] is True
    assert "PROVEN" in done.stdout.splitlines()
    entries = {entry["name"]: entry for entry in report["entries"] if entry["part"] == "http"}
    contract = httpx.get(f"{service.url}/openapi.json").json()
    with_ids = {
        definition["operationId"]
        for path, item in contract["paths"].items()
        if "_id}" in path
        for method, definition in item.items()
        if method != "parameters" and definition.get("security") != []
    }
    assert {"get_case", "revoke_api_key"} <= with_ids <= set(entries)
    assert all(entries[name]["tried"] >= 1 and entries[name]["outcome"] == "passed" for name in with_ids)
    assert "GET /cases?cursor" in entries["list_cases"]["on"]
    assert "GET /cases?external_id" in entries["list_cases"]["on"]
    assert report["counts"]["failed"] == report["counts"]["not proven"] == 0
    assert everything_of(database, bystander.id) == before
    with database.as_owner() as operator:
        tenants = [report["facts"][f"Tenant {name}"] for name in "AB"]
        assert operator.execute("SELECT FROM tenants WHERE id = ANY (%s::uuid[])", [tenants]).rowcount == 0


def everything_of(database: Database, tenant: str) -> list[Any]:
    with database.as_owner() as operator:
        return [
            operator.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE {key} = '{tenant}' ORDER BY 1").fetchall()  # type: ignore[arg-type]
            for table, key in (("tenants", "id"), ("api_keys", "tenant_id"), ("cases", "tenant_id"))
        ]


@contextmanager
def tampering(service: Service, how: str) -> Iterator[str]:
    """A proxy in front of the service that gives away whether what was asked for is another tenant's."""
    ids = re.compile(r"/(?:cases|revoke)/([0-9a-f-]{36})")

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body go together, or each answer waits for an acknowledgement.
        wbufsize = 65536

        def log_message(self, *_: Any) -> None:
            pass

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            answer = client.request(self.command, self.path, headers=headers, content=body)
            status, content = answer.status_code, answer.content
            asked = ids.search(self.path)
            if asked and status == 404:
                with service.database.as_owner() as operator:
                    table = "cases" if "/cases/" in self.path else "api_keys"
                    found = operator.execute(
                        sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE id = %s").format(sql.Identifier(table)), [asked[1]]
                    ).fetchone()
                    if found and how == "forbids":
                        status = 403
                    elif found and how == "says":
                        content = content.replace(b"No such", b"Not your")
                    elif found and how == "shows":
                        status, content = 200, json.dumps(found[0]).encode()
                    elif found and how == "obeys" and table == "api_keys":
                        operator.execute("UPDATE api_keys SET revoked_at = now() WHERE id = %s", [asked[1]])
            self.send_response_only(status)
            for name, value in answer.headers.items():
                if name.lower() not in ("content-length", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = forward

    with httpx.Client(base_url=service.url) as client, ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{proxy.server_address[1]}"
        finally:
            proxy.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("how", "culprit"),
    [
        ("shows", "operation get_case"),
        ("obeys", "table public.api_keys"),
        pytest.param("forbids", "operation get_case", marks=pytest.mark.slow),
        pytest.param("says", "operation get_case", marks=pytest.mark.slow),
    ],
)
def test_a_service_that_tells_another_tenants_things_apart_is_found(service: Service, how: str, culprit: str) -> None:
    with tampering(service, how) as url:
        report = prove(service.database.url, service.database.url, url)

    assert not report.passed
    assert culprit in report.culprits, report.as_text()


def test_a_service_on_another_database_proves_nothing(pristine: Database, service: Service) -> None:
    with copy_of(pristine) as database:
        report = prove(database.url, database.url, service.url)
        nowhere = prove(database.url, database.url, "http://127.0.0.1:9")

    assert not report.passed and not nowhere.passed
    assert any("Does it run on another one?" in why for entry in report.entries for why in entry.not_proven)
    assert any("cannot be asked" in why for entry in nowhere.entries for why in entry.not_proven)
    assert report.culprits == nowhere.culprits == []


def test_workers_that_differ_from_the_coordinator_are_found(pristine: Database) -> None:
    """Two real catalogues stand for a coordinator and a worker with shards; Citus itself is not asked here."""

    def facts(database: Database) -> list[citus.Fact]:
        with database.as_owner() as connection:
            row = connection.execute(citus.FACTS).fetchone()
            assert row is not None
            return citus.facts_of(row[0])

    with copy_of(pristine) as coordinator, copy_of(pristine) as worker:
        assert list(citus.differences(facts(coordinator), facts(worker), ())) == []
        shard = (
            "CREATE TABLE cases_102008 (LIKE cases); ALTER TABLE cases_102008 OWNER TO {owner};"
            " ALTER TABLE cases_102008 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
            f" CREATE POLICY tenant_isolation ON cases_102008 TO clincore_app USING ({OWN}) WITH CHECK ({OWN});"
            f" CREATE POLICY operator ON cases_102008 TO {{owner}} USING (coalesce({SETTING}, '') = '')"
            f" WITH CHECK (coalesce({SETTING}, '') = '')"
        )
        apply(worker, shard)
        assert list(citus.differences(facts(coordinator), facts(worker), {102008})) == []
        # What Citus 13.2 does with a policy that is RESTRICTIVE on the coordinator.
        sealed = "CREATE POLICY sealed ON cases AS {kind} FOR UPDATE TO clincore_app USING (status = 'draft')"
        apply(coordinator, sealed.replace("{kind}", "RESTRICTIVE"))
        apply(worker, sealed.replace("{kind}", "PERMISSIVE"))
        apply(worker, "ALTER TABLE cases_102008 NO FORCE ROW LEVEL SECURITY; GRANT TRUNCATE ON cases TO clincore_app")
        found = dict(citus.differences(facts(coordinator), facts(worker), {102008}))

    assert set(found) == {
        "policy sealed on public.cases",
        "row security public.cases_102008",
        "right public.cases",
    }
    assert "RESTRICTIVE" in found["policy sealed on public.cases"]


@pytest.mark.parametrize("attributes", ["SUPERUSER", "BYPASSRLS"])
def test_an_operators_session_is_the_owners_and_nobody_elses(pristine: Database, attributes: str) -> None:
    with copy_of(pristine) as database:
        login, password = f"operator_{uuid4().hex[:12]}", uuid4().hex
        url = make_url(database.url).set(username=login, password=password).render_as_string(hide_password=False)
        with database.as_superuser() as connection:
            for options, reason in ((attributes, "spared by row security"), (f"NO{attributes}", "does not own")):
                create = f"CREATE ROLE {login} LOGIN {options} PASSWORD '{password}'"
                connection.execute(create)  # type: ignore[call-overload]
                try:
                    with pytest.raises(OperatorError, match=reason), operator_session(url):
                        raise AssertionError("it began")
                finally:
                    connection.execute(f"DROP ROLE {login}")  # type: ignore[call-overload]

        tenant = uuid4()
        with operator_session(database.url) as operator:
            operator.execute("INSERT INTO tenants (id, name) VALUES (%s, 'kept')", [tenant])
        with pytest.raises(ZeroDivisionError), operator_session(database.url) as operator:
            operator.execute("UPDATE tenants SET name = 'lost' WHERE id = %s", [tenant])
            raise ZeroDivisionError
        with operator_session(database.url) as operator:
            assert operator.execute("SELECT name FROM tenants").fetchall() == [("kept",)]
