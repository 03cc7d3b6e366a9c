"""Schema changes and statements that Citus would refuse or not route to one node, and the rule that must find each."""

NOTES = "CREATE TABLE notes (tenant_id uuid NOT NULL, id uuid NOT NULL, body text, {}); "
OWN = "tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid"
# The change, the rule, and the object that the rule must name.
SCHEMA: dict[str, tuple[str, str, str]] = {
    "primary-key": (NOTES.format("PRIMARY KEY (id, tenant_id)"), "keys", "index notes_pkey on public.notes"),
    "no-primary-key": (NOTES.format("CHECK (true)"), "keys", "table public.notes"),
    "unique-constraint": (
        "ALTER TABLE cases ADD CONSTRAINT uq_cases_title UNIQUE (title, tenant_id)",
        "keys",
        "index uq_cases_title on public.cases",
    ),
    "unique-index": (
        "CREATE UNIQUE INDEX ux ON api_keys (key_hash)",
        "keys",
        "index ux on public.api_keys",
    ),
    "unique-expression": (
        "CREATE UNIQUE INDEX ux ON cases (lower(title), tenant_id)",
        "keys",
        "index ux on public.cases",
    ),
    "foreign-key-led-by-another": (
        NOTES.format("PRIMARY KEY (tenant_id, id)")
        + "CREATE UNIQUE INDEX ux ON cases (id, tenant_id); ALTER TABLE notes ADD CONSTRAINT fk"
        " FOREIGN KEY (id, tenant_id) REFERENCES cases (id, tenant_id)",
        "leading_tenants",
        "foreign key fk on public.notes",
    ),
    "foreign-key-without-a-tenant": (
        "ALTER TABLE cases ADD COLUMN kid text, ADD CONSTRAINT fk FOREIGN KEY (kid) REFERENCES signing_keys",
        "leading_tenants",
        "foreign key fk on public.cases",
    ),
    "foreign-key-of-a-reference-table": (
        "ALTER TABLE tenant_names ADD CONSTRAINT fk FOREIGN KEY (tenant_id) REFERENCES tenants NOT VALID",
        "leading_tenants",
        "foreign key fk on public.tenant_names",
    ),
    "trigger": (
        "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        " CREATE TRIGGER note AFTER INSERT ON cases FOR EACH ROW EXECUTE FUNCTION noted()",
        "triggers",
        "trigger note on public.cases",
    ),
    "rule": (
        "CREATE RULE noted AS ON DELETE TO case_tags DO INSTEAD NOTHING",
        "triggers",
        "rule noted on public.case_tags",
    ),
    "restrictive-policy": (
        f"CREATE POLICY only_own ON cases AS RESTRICTIVE TO clincore_app USING ({OWN})",
        "plain_policies",
        "policy only_own on public.cases",
    ),
    "policy-with-a-sub-select": (
        f"ALTER POLICY tenant_isolation ON cases USING ({OWN} AND EXISTS (SELECT FROM public.tenants))",
        "plain_policies",
        "policy tenant_isolation on public.cases",
    ),
    "policy-that-checks-with-a-sub-select": (
        f"ALTER POLICY tenant_isolation ON cases WITH CHECK ({OWN} AND title IN (SELECT name FROM public.tenants))",
        "plain_policies",
        "policy tenant_isolation on public.cases",
    ),
    "default-without-a-right": (
        "ALTER TABLE usage_watermarks ALTER pruned_calls SET DEFAULT 0",
        "granted_defaults",
        "column pruned_calls of public.usage_watermarks",
    ),
    "new-column-with-a-default": (
        "ALTER TABLE tenants ADD COLUMN plan text DEFAULT 'a'",
        "granted_defaults",
        "column plan of public.tenants",
    ),
    "right-revoked": (
        "REVOKE INSERT (created_at) ON tenants FROM clincore_app",
        "granted_defaults",
        "column created_at of public.tenants",
    ),
    "sequence": ("CREATE SEQUENCE numbers", "no_sequences", "sequence public.numbers"),
    "identity": (
        "ALTER TABLE access_log ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY",
        "no_sequences",
        "sequence public.access_log_number_seq",
    ),
    "serial": (
        "ALTER TABLE signing_keys ADD COLUMN number serial",
        "no_sequences",
        "sequence public.signing_keys_number_seq",
    ),
}

T = "tenant_id = CAST(:tenant_id AS uuid)"
# The rule and the statement. Columns may be missing from the schema: nothing is executed.
STATEMENTS: dict[str, tuple[str, str]] = {
    "two-statements": ("one_statement", f"SELECT 1 FROM cases WHERE {T}; SELECT 1"),
    "setting-before-a-statement": (
        "one_statement",
        f"SET LOCAL lock_timeout = '1s'; SELECT 1 FROM cases WHERE {T}",
    ),
    "setting-after-a-statement": ("one_statement", f"SELECT 1 FROM cases WHERE {T}; SET LOCAL ROLE clincore_app"),
    "truncate": ("known_kind", "TRUNCATE cases"),
    "merge": (
        "known_kind",
        f"MERGE INTO cases USING (SELECT 1) AS s ON {T} WHEN MATCHED THEN DELETE",
    ),
    "call": ("known_kind", "CALL clean()"),
    "no-condition": ("tenant_condition", "SELECT id FROM cases WHERE id = :id"),
    "no-condition-on-tenants": ("tenant_condition", f"SELECT name FROM tenants AS t, cases WHERE {T}"),
    "tenants-by-a-column-that-it-lacks": ("tenant_condition", f"SELECT name FROM tenants WHERE {T}"),
    "condition-with-or": ("tenant_condition", f"SELECT id FROM cases WHERE {T} OR id = :id"),
    "condition-negated": ("tenant_condition", f"SELECT id FROM cases WHERE NOT {T}"),
    "condition-with-any": ("tenant_condition", "SELECT id FROM cases WHERE tenant_id = ANY (:tenant_id)"),
    "condition-with-a-constant": (
        "tenant_condition",
        "SELECT id FROM cases WHERE tenant_id = '0b9b6583-314b-4cd0-ab1c-9ee8b8f3a277'",
    ),
    "condition-with-an-expression": (
        "tenant_condition",
        "SELECT id FROM cases WHERE tenant_id = coalesce(:tenant_id, :other)",
    ),
    "condition-in-the-list": ("tenant_condition", f"SELECT {T} FROM cases"),
    "joined-by-equal-columns": (
        "tenant_condition",
        "SELECT c.id FROM cases AS c JOIN case_tags AS t ON t.tenant_id = c.tenant_id AND t.case_id = c.id"
        " WHERE c.tenant_id = :tenant_id",
    ),
    "joined-by-using": (
        "tenant_condition",
        "SELECT c.id FROM cases AS c JOIN case_tags AS t USING (tenant_id) WHERE c.tenant_id = :tenant_id",
    ),
    "condition-of-another-alias": (
        "tenant_condition",
        "SELECT c.id FROM cases AS c, cases AS d WHERE c.tenant_id = :tenant_id",
    ),
    "condition-of-an-unnamed-side": (
        "tenant_condition",
        f"SELECT c.id FROM cases AS c, case_tags AS t WHERE {T}",
    ),
    "left-join-that-limits-the-other-side": (
        "tenant_condition",
        "SELECT c.id FROM cases AS c LEFT JOIN case_tags AS t ON c.tenant_id = :tenant_id AND t.tenant_id = :tenant_id",
    ),
    "right-join-that-limits-the-other-side": (
        "tenant_condition",
        "SELECT c.id FROM cases AS c RIGHT JOIN case_tags AS t"
        " ON c.tenant_id = :tenant_id AND t.tenant_id = :tenant_id",
    ),
    "full-join": (
        "tenant_condition",
        "SELECT c.id FROM cases AS c FULL JOIN case_tags AS t ON c.tenant_id = :tenant_id AND t.tenant_id = :tenant_id",
    ),
    "sub-select": (
        "tenant_condition",
        f"SELECT (SELECT count(*) FROM signatures AS s WHERE s.case_id = cases.id) FROM cases WHERE {T}",
    ),
    "sub-select-of-a-condition": (
        "tenant_condition",
        f"SELECT id FROM cases WHERE {T} AND id IN (SELECT case_id FROM case_tags WHERE tag = :tag)",
    ),
    "sub-select-limited-outside": ("tenant_condition", f"SELECT id FROM (SELECT * FROM cases) AS c WHERE {T}"),
    "lateral": (
        "tenant_condition",
        "SELECT 1 FROM cases AS c, LATERAL (SELECT FROM case_tags AS t WHERE t.case_id = c.id) AS x"
        " WHERE c.tenant_id = :tenant_id",
    ),
    "union": ("tenant_condition", f"SELECT id FROM cases WHERE {T} UNION ALL SELECT id FROM cases"),
    "cte": ("tenant_condition", f"WITH c AS (SELECT * FROM cases) SELECT id FROM c WHERE {T}"),
    "cte-that-hides-the-table": (
        "tenant_condition",
        f"WITH cases AS (SELECT * FROM cases) SELECT id FROM cases WHERE {T}",
    ),
    "changing-cte": (
        "tenant_condition",
        f"WITH gone AS (DELETE FROM case_tags WHERE tag = :tag RETURNING case_id) SELECT id FROM cases WHERE {T}",
    ),
    "update": ("tenant_condition", "UPDATE cases SET title = :title WHERE id = :id"),
    "update-from": (
        "tenant_condition",
        "UPDATE cases SET title = t.tag FROM case_tags AS t"
        " WHERE cases.tenant_id = :tenant_id AND t.case_id = cases.id",
    ),
    "delete": ("tenant_condition", "DELETE FROM case_tags WHERE case_id = :id"),
    "delete-using": (
        "tenant_condition",
        "DELETE FROM case_tags USING cases WHERE case_tags.tenant_id = :tenant_id AND cases.id = case_tags.case_id",
    ),
    "insert-from-select": (
        "tenant_condition",
        "INSERT INTO case_tags (tenant_id, case_id, tag) SELECT tenant_id, id, title FROM cases WHERE id = :id",
    ),
    "on-conflict-with-a-sub-select": (
        "tenant_condition",
        "INSERT INTO usage_daily (tenant_id, day, calls) VALUES (:tenant_id, :day, 1) ON CONFLICT (tenant_id, day)"
        " DO UPDATE SET calls = (SELECT count(*) FROM usage_events)",
    ),
    "capital-letters": ("tenant_condition", "SELECT id FROM Cases WHERE id = :id"),
    "schema-and-quotes": ("tenant_condition", 'SELECT id FROM public."cases" WHERE id = :id'),
    "two-parameters": (
        "one_tenant",
        "SELECT c.id FROM cases AS c JOIN case_tags AS t ON t.tenant_id = :other WHERE c.tenant_id = :tenant_id",
    ),
    "a-callers-parameter": ("one_tenant", "SELECT id FROM cases WHERE tenant_id = :tenant"),
    "a-callers-parameter-inserted": (
        "one_tenant",
        "INSERT INTO case_tags (tenant_id, case_id, tag) VALUES (:tenant, :id, :tag)",
    ),
    "insert-without-a-tenant": ("inserted_tenant", "INSERT INTO case_tags (case_id, tag) VALUES (:id, :tag)"),
    "insert-without-columns": ("inserted_tenant", "INSERT INTO case_tags VALUES (:tenant_id, :id, :tag)"),
    "insert-of-a-constant": (
        "inserted_tenant",
        "INSERT INTO case_tags (tenant_id, tag) VALUES ('0b9b6583-314b-4cd0-ab1c-9ee8b8f3a277', :tag)",
    ),
    "insert-of-a-second-row": (
        "inserted_tenant",
        "INSERT INTO case_tags (tenant_id, tag) VALUES (:tenant_id, :tag), (gen_random_uuid(), :tag)",
    ),
    "insert-of-another-column": (
        "inserted_tenant",
        f"INSERT INTO case_tags (tenant_id, tag) SELECT id, title FROM cases WHERE {T}",
    ),
    "insert-of-a-union": (
        "inserted_tenant",
        f"INSERT INTO case_tags (tenant_id, tag) SELECT tenant_id, title FROM cases WHERE {T}"
        f" UNION ALL SELECT id, title FROM cases WHERE {T}",
    ),
    "insert-into-tenants": ("inserted_tenant", "INSERT INTO tenants (id, name) VALUES (gen_random_uuid(), :name)"),
    "tenant-updated": ("kept_tenant", f"UPDATE cases SET tenant_id = :tenant_id WHERE {T}"),
    "tenant-updated-on-conflict": (
        "kept_tenant",
        "INSERT INTO case_tags (tenant_id, tag) VALUES (:tenant_id, :tag) ON CONFLICT (tenant_id, tag)"
        " DO UPDATE SET tenant_id = excluded.tenant_id",
    ),
    "conflict-without-the-tenant": (
        "kept_tenant",
        "INSERT INTO tenant_names (tenant_id, name) VALUES (:tenant_id, :name) ON CONFLICT (name) DO NOTHING",
    ),
    "copied-table-with-a-conflict": (
        "plain_copies",
        "INSERT INTO tenant_names (tenant_id, name) VALUES (:tenant_id, :name) ON CONFLICT DO NOTHING",
    ),
    "copied-table-updated": ("plain_copies", f"UPDATE tenant_names SET name = :name WHERE {T}"),
    "copied-table-deleted-from": ("plain_copies", "DELETE FROM signing_keys WHERE kid = :kid"),
    "coalesce": ("constant_alternatives", f"UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE {T}"),
    "coalesce-around-more": (
        "constant_alternatives",
        f"SELECT coalesce(a, lower(random()::text)) FROM cases WHERE {T}",
    ),
    "least": (
        "constant_alternatives",
        f"UPDATE api_keys SET expires_at = least(expires_at, current_timestamp) WHERE {T}",
    ),
    "greatest": ("constant_alternatives", f"SELECT greatest(created_at, clock_timestamp()) FROM cases WHERE {T}"),
    "case": ("constant_alternatives", f"UPDATE cases SET a = CASE WHEN a IS NULL THEN gen_random_uuid() END WHERE {T}"),
    "case-condition": ("constant_alternatives", f"SELECT CASE WHEN now() > created_at THEN 1 END FROM cases WHERE {T}"),
    "coalesce-in-a-condition": (
        "constant_alternatives",
        f"UPDATE api_keys SET role = 'user' WHERE {T} AND coalesce(expires_at, now()) > :expires_at",
    ),
    "a-user-defined-function": ("constant_alternatives", f"SELECT coalesce(a, our_own()) FROM cases WHERE {T}"),
    "next-to-a-column": (
        "constant_changes",
        f"UPDATE cases SET updated_at = updated_at + (now() - created_at) WHERE {T}",
    ),
    "given-a-column": ("constant_changes", f"UPDATE cases SET updated_at = date_trunc('hour', created_at) WHERE {T}"),
    "next-to-a-column-on-conflict": (
        "constant_changes",
        "INSERT INTO usage_daily (tenant_id, calls) VALUES (:tenant_id, 1) ON CONFLICT (tenant_id)"
        " DO UPDATE SET calls = usage_daily.calls + random()",
    ),
    "column-given-in-a-condition": (
        "constant_changes",
        f"DELETE FROM usage_events WHERE {T} AND date_trunc('day', created_at) = :day",
    ),
    "function-returned": ("plain_returning", f"UPDATE cases SET title = :title WHERE {T} RETURNING lower(title)"),
    "coalesce-returned": ("plain_returning", f"UPDATE cases SET title = :title WHERE {T} RETURNING coalesce(a, b)"),
    "time-returned": ("plain_returning", f"DELETE FROM case_tags WHERE {T} RETURNING tag, current_timestamp"),
    "sub-select-returned": (
        "plain_returning",
        f"UPDATE cases SET title = :title WHERE {T} RETURNING (SELECT 1 FROM cases AS c WHERE c.{T})",
    ),
}

SOUND = [
    f"SELECT id FROM cases WHERE ({T} AND title = :title) AND id = :id",
    "SELECT id FROM cases WHERE :tenant_id = tenant_id",
    f"SELECT c.id FROM cases AS c LEFT JOIN case_tags AS t ON t.{T} AND t.case_id = c.id WHERE c.{T}",
    f"SELECT 1 FROM (cases AS c JOIN case_tags AS t ON t.case_id = c.id AND t.{T}) WHERE c.{T}",
    f"WITH cases AS (SELECT * FROM cases WHERE {T}) SELECT id FROM cases ORDER BY now()",
    f"SELECT id FROM cases WHERE {T} UNION SELECT id FROM case_revisions WHERE {T}",
    "INSERT INTO tenants (name, id) VALUES (:name, :tenant_id)",
    "INSERT INTO tenant_names (name, tenant_id) VALUES (:name, :tenant_id)",
    f"INSERT INTO case_tags (tag, tenant_id) SELECT c.title, c.tenant_id FROM cases AS c WHERE c.{T}",
    f"UPDATE api_keys SET revoked_at = now() + make_interval(secs => :seconds) WHERE {T} AND expires_at > now()",
    f"UPDATE cases SET title = lower(title) WHERE {T} RETURNING id, CAST(version AS text)",
    f"SELECT coalesce(sum(calls), 0), coalesce(max(hour), '-infinity') FROM usage_hourly WHERE {T}",
    "SELECT kid FROM signing_keys",
    "SET LOCAL lock_timeout = '1s'",
]
