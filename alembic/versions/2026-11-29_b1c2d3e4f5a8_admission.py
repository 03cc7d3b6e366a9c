"""Admission that skips locked keys and tenants, and admission of a single tenant.

`admit_batch` skips keys and tenants that another transaction has locked, and returns `busy` for them. `admit_of` does
the same for one tenant; on Citus it is delegated to that tenant's node.

The function `admit` of version 0.1.0 stays for services of that version that are still running.

Revision ID: b1c2d3e4f5a8
Revises: b1c2d3e4f5a7
"""

from alembic import op

revision = "b1c2d3e4f5a8"
down_revision = "b1c2d3e4f5a7"
branch_labels = None
depends_on = None

ARGUMENTS = "text[], uuid[], text[], text[], boolean[], integer, boolean"
FUNCTIONS = (f"admit_batch(uuid[], {ARGUMENTS})", f"admit_of(uuid, {ARGUMENTS})")


def upgrade() -> None:
    # The function has no more rights than its caller. Its last statement unsets the tenant; otherwise later statements
    # of the transaction would run as the last tenant. (A SET clause of the function would also unset it, but only a
    # superuser may create one.)
    op.execute("""
        CREATE FUNCTION admit_batch(
            tenant_ids uuid[], key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[],
            free_calls_max integer, is_retry boolean
        )
        RETURNS TABLE (
            key_id uuid, label text, role text, expires_at timestamptz, key_state text, paid boolean,
            earlier_calls integer
        )
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
    op.execute("""
        CREATE FUNCTION admit_of(
            tenant uuid, key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[],
            free_calls_max integer, is_retry boolean
        )
        RETURNS TABLE (
            key_id uuid, label text, role text, expires_at timestamptz, key_state text, paid boolean,
            earlier_calls integer
        )
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


def downgrade() -> None:
    for function in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {function}")
