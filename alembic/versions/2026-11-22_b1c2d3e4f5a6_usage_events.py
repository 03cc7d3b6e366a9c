"""Usage events: one row for each request whose key was accepted.

The service chooses `id`, so a repeated write is counted once. The table is append-only for the service, which has
SELECT and INSERT. The function `admit` checks keys and writes their events.

Revision ID: b1c2d3e4f5a6
Revises: b1c2d3e4f5a5
"""

import sqlalchemy as sa
from alembic import op

revision = "b1c2d3e4f5a6"
down_revision = "b1c2d3e4f5a5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage_events",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_usage_events"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_usage_events_tenant_id_tenants"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "api_key_id"],
            ["api_keys.tenant_id", "api_keys.id"],
            name="fk_usage_events_tenant_id_api_key_id_api_keys",
        ),
    )
    op.create_index("ix_usage_events_tenant_id_created_at", "usage_events", ["tenant_id", "created_at"])
    op.create_index(
        "ix_usage_events_tenant_id_api_key_id_created_at", "usage_events", ["tenant_id", "api_key_id", "created_at"]
    )
    op.execute("ALTER TABLE usage_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute("""
        CREATE POLICY tenant_isolation ON usage_events TO clincore_app
            USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
            WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    """)
    op.execute("""
        CREATE POLICY operator ON usage_events TO CURRENT_USER
            USING (coalesce(current_setting('app.tenant_id', true), '') = '')
            WITH CHECK (coalesce(current_setting('app.tenant_id', true), '') = '')
    """)
    op.execute("GRANT SELECT, INSERT ON usage_events TO clincore_app")
    # Many requests in one statement, each under its own tenant's policy: the function has no more rights than its
    # caller. Its last statement unsets the tenant; otherwise later statements of the transaction would run as the last
    # tenant. (A SET clause of the function would also do so, but only a superuser may write one.)
    op.execute("""
        CREATE FUNCTION admit(
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
        BEGIN
            FOR i IN 1 .. cardinality(tenant_ids) LOOP
                IF tenant IS DISTINCT FROM tenant_ids[i] THEN
                    tenant := tenant_ids[i];
                    EXECUTE format('SET LOCAL app.tenant_id = %L', tenant);
                END IF;
                paid := false;
                earlier_calls := 0;
                SELECT k.id, k.label, k.role, k.expires_at,
                       CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked'
                            WHEN k.expires_at <= now() THEN 'expired'
                            ELSE 'live' END
                  INTO key_id, label, role, expires_at, key_state
                  FROM api_keys k WHERE k.tenant_id = tenant AND k.key_hash = key_hashes[i];
                IF key_state = 'live' THEN
                    IF capped[i] THEN
                        paid := EXISTS (SELECT FROM tenants t WHERE t.id = tenant AND t.billing_status = 'paid')
                             OR EXISTS (SELECT FROM cases c WHERE c.tenant_id = tenant AND c.billing_status = 'paid');
                        IF NOT paid THEN
                            -- Whoever counts holds the lock until its own event is committed, so that the next one
                            -- counts that too. FOR UPDATE would also block the foreign-key checks of other inserts.
                            PERFORM FROM tenants t WHERE t.id = tenant FOR NO KEY UPDATE;
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
    op.execute("REVOKE EXECUTE ON FUNCTION admit FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION admit TO clincore_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION admit")
    op.drop_table("usage_events")
