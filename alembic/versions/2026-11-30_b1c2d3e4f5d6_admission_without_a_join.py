"""Admission with two simple reads for each key instead of a join.

`admit_batch` locks the key while it reads it, and then the tenant, each in one table. Before, it read the key and then
locked both in a join. On Citus a node plans every join again, which was a quarter of the cost of an admission. The
results are the same.

Revision ID: b1c2d3e4f5d6
Revises: b1c2d3e4f5d4
"""

from alembic import op

revision = "b1c2d3e4f5d6"
down_revision = "b1c2d3e4f5d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _replace_function(
        """
                    -- The lock that the event's foreign key takes. A key that is locked or unknown is read again.
                    SELECT * INTO k FROM api_keys a WHERE a.tenant_id = tenant AND a.key_hash = key_hashes[i]
                        FOR KEY SHARE SKIP LOCKED;
                    is_locked := NOT FOUND;
                    IF is_locked THEN
                        SELECT * INTO k FROM api_keys a WHERE a.tenant_id = tenant AND a.key_hash = key_hashes[i];
                    END IF;
        """,
        """
                        SELECT t.suspended_at IS NOT NULL INTO is_suspended FROM tenants t
                            WHERE t.id = tenant FOR KEY SHARE SKIP LOCKED;
                        IF is_locked OR NOT FOUND THEN
        """,
    )


def downgrade() -> None:
    _replace_function(
        """
                    SELECT * INTO k FROM api_keys a WHERE a.tenant_id = tenant AND a.key_hash = key_hashes[i];
        """,
        """
                        -- The locks that the event's foreign keys take.
                        SELECT t.suspended_at IS NOT NULL INTO is_suspended
                            FROM api_keys a JOIN tenants t ON t.id = a.tenant_id
                            WHERE a.tenant_id = tenant AND a.id = k.id AND t.id = tenant FOR KEY SHARE SKIP LOCKED;
                        IF NOT FOUND THEN
        """,
    )


def _replace_function(read: str, lock: str) -> None:
    """`read`: the statements that read a key. `lock`: those that take the locks, up to the condition for `busy`."""
    # Migration b1c2d3e4f5a8 explains the function.
    op.execute(f"""
        CREATE OR REPLACE FUNCTION admit_batch(
            tenant_ids uuid[], key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[],
            free_calls_max integer, is_retry boolean
        )
        RETURNS TABLE (
            key_id uuid, label text, role text, expires_at timestamptz, key_state text, paid boolean,
            earlier_calls integer, lineage_id uuid, rate_limit_per_minute integer, scopes text[]
        )
        LANGUAGE plpgsql SECURITY INVOKER AS $$
        DECLARE
            tenant uuid;
            key_hash text;
            state_of_key text;
            is_suspended boolean;
            is_locked boolean;
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
                    {read}
                    key_id := k.id;
                    label := k.label;
                    role := k.role;
                    expires_at := k.expires_at;
                    lineage_id := coalesce(k.lineage_id, k.id);
                    rate_limit_per_minute := k.rate_limit_per_minute;
                    scopes := k.scopes;
                    state_of_key := CASE
                        WHEN k.revoked_at IS NOT NULL THEN 'revoked'
                        WHEN k.expires_at <= now() THEN 'expired'
                        WHEN k.id IS NOT NULL THEN 'live'
                    END;
                    IF state_of_key = 'live' THEN
                        {lock}
                            state_of_key := 'busy';
                        ELSIF is_suspended THEN
                            state_of_key := 'suspended';
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
