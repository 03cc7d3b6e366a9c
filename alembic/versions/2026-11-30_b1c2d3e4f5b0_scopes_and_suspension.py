"""Limit API keys to scopes, and suspend and delete tenants.

`api_keys.scopes` lists what a key may be used for; null means everything that its role allows. While
`tenants.suspended_at` is set, the keys of the tenant are refused, and nothing of the tenant is written.
`tenants.deletion` is set while `clincore tenants delete` removes its rows: what the receipt will say. The service may
write neither.

The functions `admit_batch` and `admit_of` return the scopes, and the state `suspended`. Services that started before
this migration must be restarted.

Revision ID: b1c2d3e4f5b0
Revises: b1c2d3e4f5af
"""

from alembic import op

revision = "b1c2d3e4f5b0"
down_revision = "b1c2d3e4f5af"
branch_labels = None
depends_on = None

PARAMETERS = (
    "key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer,"
    " is_retry boolean"
)
RESULT = (
    "key_id uuid, label text, role text, expires_at timestamptz, key_state text, paid boolean, earlier_calls integer,"
    " lineage_id uuid, rate_limit_per_minute integer"
)
ARGUMENTS = "text[], uuid[], text[], text[], boolean[], integer, boolean"
FUNCTIONS = (f"admit_batch(uuid[], {ARGUMENTS})", f"admit_of(uuid, {ARGUMENTS})")


def upgrade() -> None:
    # squawk warns of checks of large tables. There are few keys.
    op.execute("ALTER TABLE api_keys ADD COLUMN scopes text[]")
    op.execute("""
        -- squawk-ignore constraint-missing-not-valid
        ALTER TABLE api_keys ADD CONSTRAINT ck_api_keys_scopes
            CHECK (scopes <@ ARRAY['read', 'write', 'import', 'sign', 'export'] AND cardinality(scopes) > 0)
    """)
    op.execute("GRANT UPDATE (scopes) ON api_keys TO clincore_app")
    op.execute("ALTER TABLE tenants ADD COLUMN suspended_at timestamptz, ADD COLUMN deletion jsonb")
    _drop_functions()
    _create_functions(
        f"{RESULT}, scopes text[]",
        "scopes := k.scopes;",
        "SELECT t.suspended_at IS NOT NULL INTO is_suspended",
        "ELSIF is_suspended THEN state_of_key := 'suspended';",
    )


def downgrade() -> None:
    _drop_functions()
    _create_functions(RESULT, "", "PERFORM", "")
    op.drop_column("tenants", "deletion")
    op.drop_column("tenants", "suspended_at")
    op.drop_column("api_keys", "scopes")


def _drop_functions() -> None:
    # squawk warns because services that run now call them; see above.
    for function in reversed(FUNCTIONS):
        op.execute(f"""
            -- squawk-ignore ban-drop-function
            DROP FUNCTION {function}
        """)


def _create_functions(result: str, scopes: str, select: str, else_: str) -> None:
    # Migration b1c2d3e4f5a8 explains the function; only its result differs. CREATE OR REPLACE cannot change that.
    op.execute(f"""
        CREATE FUNCTION admit_batch(tenant_ids uuid[], {PARAMETERS})
        RETURNS TABLE ({result})
        LANGUAGE plpgsql SECURITY INVOKER AS $$
        DECLARE
            tenant uuid;
            key_hash text;
            state_of_key text;
            is_suspended boolean;
            k api_keys%ROWTYPE;
        BEGIN
            FOR i IN 1 .. cardinality(tenant_ids) LOOP
                IF tenant IS DISTINCT FROM tenant_ids[i] THEN
                    tenant := tenant_ids[i];
                    key_hash := NULL;
                    EXECUTE format('SET LOCAL app.tenant_id = %L', tenant);
                END IF;
                IF key_hash IS DISTINCT FROM key_hashes[i] THEN
                    key_hash := key_hashes[i];
                    SELECT * INTO k FROM api_keys a WHERE a.tenant_id = tenant AND a.key_hash = key_hashes[i];
                    key_id := k.id;
                    label := k.label;
                    role := k.role;
                    expires_at := k.expires_at;
                    lineage_id := coalesce(k.lineage_id, k.id);
                    rate_limit_per_minute := k.rate_limit_per_minute;
                    {scopes}
                    state_of_key := CASE
                        WHEN k.revoked_at IS NOT NULL THEN 'revoked'
                        WHEN k.expires_at <= now() THEN 'expired'
                        WHEN k.id IS NOT NULL THEN 'live'
                    END;
                    IF state_of_key = 'live' THEN
                        -- The locks that the event's foreign keys take.
                        {select} FROM api_keys a JOIN tenants t ON t.id = a.tenant_id
                            WHERE a.tenant_id = tenant AND a.id = k.id AND t.id = tenant FOR KEY SHARE SKIP LOCKED;
                        IF NOT FOUND THEN
                            state_of_key := 'busy';
                        {else_}
                        END IF;
                    END IF;
                END IF;
                key_state := state_of_key;
                paid := false;
                earlier_calls := 0;
                IF key_state = 'live' AND capped[i] THEN
                    paid := EXISTS (SELECT FROM tenants t WHERE t.id = tenant AND t.billing_status = 'paid')
                         OR EXISTS (SELECT FROM cases c WHERE c.tenant_id = tenant AND c.billing_status = 'paid');
                    IF NOT paid THEN
                        -- The transaction that counts holds the lock until its own event is committed, so that the next
                        -- one counts that too. FOR UPDATE would also block the foreign-key checks of other inserts.
                        PERFORM FROM tenants t WHERE t.id = tenant FOR NO KEY UPDATE SKIP LOCKED;
                        IF NOT FOUND THEN
                            key_state := 'busy';
                        END IF;
                    END IF;
                END IF;
                IF key_state = 'live' THEN
                    IF capped[i] AND NOT paid THEN
                        -- One statement, so that what was pruned and what is left are of one moment.
                        SELECT least(
                            free_calls_max + 1,
                            coalesce((SELECT w.pruned_calls FROM usage_watermarks w WHERE w.tenant_id = tenant), 0)
                            + (SELECT count(*) FROM (
                                SELECT FROM usage_events e
                                WHERE e.tenant_id = tenant AND NOT (is_retry AND e.id = ANY (event_ids[i:]))
                                LIMIT free_calls_max + 1
                            ) AS counted)
                        ) INTO earlier_calls;
                    END IF;
                    INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint)
                    VALUES (tenant, event_ids[i], key_id, methods[i], endpoints[i])
                    ON CONFLICT DO NOTHING;
                END IF;
                RETURN NEXT;
            END LOOP;
            SET LOCAL app.tenant_id = '';
        END
        $$
    """)
    op.execute(f"""
        CREATE FUNCTION admit_of(tenant uuid, {PARAMETERS})
        RETURNS TABLE ({result})
        LANGUAGE plpgsql SECURITY INVOKER AS $$
        BEGIN
            RETURN QUERY SELECT * FROM admit_batch(
                array_fill(tenant, ARRAY[cardinality(key_hashes)]), key_hashes, event_ids, methods, endpoints, capped,
                free_calls_max, is_retry
            );
        END
        $$
    """)
    for function in FUNCTIONS:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO clincore_app")
