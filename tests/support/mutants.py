"""Mutants: faults of a database, and the object that `clincore prove-isolation` must name for each."""

A_TENANT = "0b9b6583-314b-4cd0-ab1c-9ee8b8f3a277"
SETTING = "current_setting('app.tenant_id', true)"
OWN = f"tenant_id = NULLIF({SETTING}, '')::uuid"

# The change, and the object that must be named. {owner} and {database} are the mutant's.
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
    "second-policy-for-select": (
        "CREATE POLICY reading ON cases FOR SELECT TO PUBLIC USING (true)",
        "policy reading on public.cases",
    ),
    "second-policy-for-insert": (
        "CREATE POLICY importing ON usage_events FOR INSERT TO clincore_app WITH CHECK (true)",
        "policy importing on public.usage_events",
    ),
    "policy-for-public": (
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
    "operator-policy-for-public": ("ALTER POLICY operator ON cases TO PUBLIC", "policy operator on public.cases"),
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
    # Row-level security of tables
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
    # Objects that run with other privileges
    "security-definer-view": (
        "CREATE VIEW everything AS SELECT * FROM cases; GRANT SELECT ON everything TO clincore_app",
        "view public.everything",
    ),
    "materialised-view": (
        "CREATE MATERIALIZED VIEW everything AS SELECT * FROM cases",
        "materialized view public.everything",
    ),
    "security-definer-function": (
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
    # Only the attacks find the next three: the checks of the catalogue do not analyze the bodies of functions.
    "function-that-switches-tenants": (
        "CREATE FUNCTION cases_of(tenant uuid) RETURNS SETOF cases LANGUAGE plpgsql AS 'BEGIN"
        " EXECUTE format(''SET LOCAL app.tenant_id = %L'', tenant); RETURN QUERY SELECT * FROM public.cases; END';"
        " ALTER FUNCTION cases_of(uuid) OWNER TO {owner}",
        "function cases_of(uuid)",
    ),
    "function-that-switches-tenants-and-back": (
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
    # Privileges
    "truncate": ("GRANT TRUNCATE ON cases TO clincore_app", "table public.cases"),
    "truncate-by-public": ("GRANT TRUNCATE ON usage_events TO PUBLIC", "table public.usage_events"),
    "references": ("GRANT REFERENCES ON api_keys TO clincore_app", "table public.api_keys"),
    "references-on-a-column": ("GRANT REFERENCES (id) ON api_keys TO clincore_app", "table public.api_keys"),
    "trigger-privilege": ("GRANT TRIGGER ON cases TO clincore_app", "table public.cases"),
    "create-on-a-schema": (
        'CREATE SCHEMA "Of staff"; GRANT CREATE ON SCHEMA "Of staff" TO clincore_app',
        'schema "Of staff"',
    ),
    "create-on-the-schema-by-public": ("GRANT CREATE ON SCHEMA public TO PUBLIC", "schema public"),
    "create-on-the-database": ("GRANT CREATE ON DATABASE {database} TO clincore_app", "database {database}"),
    "temporary-tables": ("GRANT TEMPORARY ON DATABASE {database} TO PUBLIC", "database {database}"),
    "attack-with-temporary-tables": (
        "GRANT TEMPORARY ON DATABASE {database} TO clincore_app",
        "TEMPORARY on the database",
    ),
    "statistics": ("GRANT SELECT ON pg_catalog.pg_statistic TO PUBLIC", "table pg_catalog.pg_statistic"),
    "passwords": ("GRANT SELECT ON pg_catalog.pg_authid TO clincore_app", "table pg_catalog.pg_authid"),
    "files": ("GRANT EXECUTE ON FUNCTION pg_read_file(text) TO clincore_app", "function pg_read_file(text)"),
    "schema-version": ("GRANT UPDATE ON alembic_version TO clincore_app", "table public.alembic_version"),
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
        "ALTER FUNCTION admit_of OWNER TO clincore_app",
        "FUNCTION public.admit_of(uuid,text[],uuid[],text[],text[],boolean[],integer,boolean)",
    ),
    "schema-of-the-service": ("CREATE SCHEMA mine AUTHORIZATION clincore_app", "SCHEMA mine"),
    "table-of-another-owner": ("ALTER TABLE cases OWNER TO CURRENT_USER", "table public.cases"),
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

# The same for changes to the whole cluster: the change, how to undo it, and the object that must be named.
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
    "member-of-a-role-that-bypasses": (
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

# Changes of the schema that open nothing, and why.
HARMLESS: dict[str, tuple[str, str]] = {
    "view-of-the-invoker": (
        "CREATE VIEW mine WITH (security_invoker) AS SELECT * FROM cases; GRANT SELECT ON mine TO clincore_app",
        "it reads with the privileges and policies of the calling role",
    ),
    "index-without-tenant": (
        "CREATE INDEX by_title ON cases (title)",
        "an index that is not unique refuses no row, so it reveals nothing",
    ),
    "further-column": ("ALTER TABLE cases ADD note text DEFAULT ''", "policies do not depend on it"),
    "privilege-to-change-the-tenant": (
        "GRANT UPDATE (tenant_id) ON cases TO clincore_app",
        "WITH CHECK refuses a row of another tenant, as the attacks with all privileges show",
    ),
    "privilege-to-delete": (
        "GRANT DELETE ON cases TO clincore_app",
        "a tenant could delete its own rows only; the policy hides all others",
    ),
    "no-privilege-to-read": (
        "REVOKE SELECT ON usage_events FROM clincore_app",
        "the service fails, but no role sees more",
    ),
    "operators-own-table": (
        "CREATE TABLE backups (taken_at timestamptz PRIMARY KEY); ALTER TABLE backups OWNER TO {owner}",
        "the service has no privilege on it; the report recommends to check it",
    ),
    "clustered-table": (
        "ALTER TABLE cases CLUSTER ON pk_cases",
        "it only orders the rows on disk",
    ),
}
