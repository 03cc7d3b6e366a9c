"""Limit the requests of an API key per minute.

`api_keys.rate_limit_per_minute` is the limit; null means none. `rate_limit_counters` counts what workers have leased of
it, in one row per lineage of limited keys that were used: a successor shares the counter of the keys before it. The
count is not in `api_keys`, because each admission locks the key's row. Rows are never removed: there are no more of
them than keys.

The functions `admit_batch` and `admit_of` return limit and lineage, too. Services that started before this migration
must be restarted.

Revision ID: b1c2d3e4f5ae
Revises: b1c2d3e4f5ad
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b1c2d3e4f5ae"
down_revision = "b1c2d3e4f5ad"
branch_labels = None
depends_on = None

PARAMETERS = (
    "key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer,"
    " is_retry boolean"
)
RESULT = (
    "key_id uuid, label text, role text, expires_at timestamptz, key_state text, paid boolean, earlier_calls integer"
)
ARGUMENTS = "text[], uuid[], text[], text[], boolean[], integer, boolean"
FUNCTIONS = (f"admit_batch(uuid[], {ARGUMENTS})", f"admit_of(uuid, {ARGUMENTS})")


def upgrade() -> None:
    # squawk warns of small numbers, and of checks of large tables. There are few keys.
    op.execute("""
        -- squawk-ignore prefer-bigint-over-int
        ALTER TABLE api_keys ADD COLUMN rate_limit_per_minute integer
    """)
    op.execute("""
        -- squawk-ignore constraint-missing-not-valid
        ALTER TABLE api_keys ADD CONSTRAINT ck_api_keys_rate_limit_per_minute
            CHECK (rate_limit_per_minute BETWEEN 1 AND 100000)
    """)
    op.execute("GRANT UPDATE (rate_limit_per_minute) ON api_keys TO clincore_app")
    op.create_table(
        "rate_limit_counters",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("lineage_id", sa.Uuid(), nullable=False),
        sa.Column("second", sa.BigInteger(), nullable=False),
        sa.Column("leased", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("granted", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "lineage_id", name="pk_rate_limit_counters"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "lineage_id"],
            ["api_keys.tenant_id", "api_keys.id"],
            name="fk_rate_limit_counters_tenant_id_lineage_id_api_keys",
        ),
    )
    op.isolate_tenants("rate_limit_counters", "SELECT, INSERT, UPDATE (second, leased, granted)")
    _drop_functions()
    _create_functions(
        f"{RESULT}, lineage_id uuid, rate_limit_per_minute integer",
        "lineage_id := coalesce(k.lineage_id, k.id); rate_limit_per_minute := k.rate_limit_per_minute;",
    )


def downgrade() -> None:
    _drop_functions()
    _create_functions(RESULT, "")
    op.drop_table("rate_limit_counters")
    op.drop_column("api_keys", "rate_limit_per_minute")


def _drop_functions() -> None:
    # squawk warns because services that run now call them; see above.
    for function in reversed(FUNCTIONS):
        op.execute(f"""
            -- squawk-ignore ban-drop-function
            DROP FUNCTION {function}
        """)


def _create_functions(result: str, limit: str) -> None:
    # Migration b1c2d3e4f5a8 explains the function; only its result differs. CREATE OR REPLACE cannot change that.
    op.execute(f"""
        CREATE FUNCTION admit_batch(tenant_ids uuid[], {PARAMETERS})
        RETURNS TABLE ({result})
        LANGUAGE plpgsql SECURITY INVOKER AS $$
        DECLARE
            tenant uuid;
            key_hash text;
            state_of_key text;
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
                    {limit}
                    state_of_key := CASE
                        WHEN k.revoked_at IS NOT NULL THEN 'revoked'
                        WHEN k.expires_at <= now() THEN 'expired'
                        WHEN k.id IS NOT NULL THEN 'live'
                    END;
                    IF state_of_key = 'live' THEN
                        -- The locks that the event's foreign keys take.
                        PERFORM FROM api_keys a JOIN tenants t ON t.id = a.tenant_id
                            WHERE a.tenant_id = tenant AND a.id = k.id AND t.id = tenant FOR KEY SHARE SKIP LOCKED;
                        IF NOT FOUND THEN
                            state_of_key := 'busy';
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
