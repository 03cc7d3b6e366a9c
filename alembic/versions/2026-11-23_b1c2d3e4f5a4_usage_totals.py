"""Totals of usage events: reading usage takes the same time with ten million events.

Calls per hour and per day (UTC), endpoint and key, of all events older than the tenant's `closed_before`; newer events
are counted one by one. The service advances `closed_before`; when it does not, reading usage is slower but still
correct. `clincore usage prune` records what it removed in `pruned_before` and `pruned_calls`, which the service cannot
write.

Revision ID: b1c2d3e4f5a4
Revises: b1c2d3e4f504
"""

import sqlalchemy as sa
from alembic import op

revision = "b1c2d3e4f5a4"
down_revision = "b1c2d3e4f504"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column, kind in (
        ("usage_hourly", "hour", sa.DateTime(timezone=True)),
        ("usage_daily", "day", sa.Date()),
    ):
        op.create_table(
            table,
            sa.Column("tenant_id", sa.Uuid(), nullable=False),
            sa.Column(column, kind, nullable=False),
            sa.Column("endpoint", sa.Text(), nullable=False),
            sa.Column("api_key_id", sa.Uuid(), nullable=False),
            sa.Column("calls", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("tenant_id", column, "endpoint", "api_key_id", name=f"pk_{table}"),
            sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{table}_tenant_id_tenants"),
            sa.ForeignKeyConstraint(
                ["tenant_id", "api_key_id"],
                ["api_keys.tenant_id", "api_keys.id"],
                name=f"fk_{table}_tenant_id_api_key_id_api_keys",
            ),
            sa.CheckConstraint("calls > 0", name=f"ck_{table}_calls"),
        )
    op.create_table(
        "usage_watermarks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("closed_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pruned_before", sa.Date(), nullable=True),
        sa.Column("pruned_calls", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_usage_watermarks"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_usage_watermarks_tenant_id_tenants"),
        sa.CheckConstraint("pruned_calls >= 0", name="ck_usage_watermarks_pruned_calls"),
    )
    for table in ("usage_hourly", "usage_daily", "usage_watermarks"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"""
            CREATE POLICY tenant_isolation ON {table} TO clincore_app
                USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
                WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
        """)
        op.execute(f"""
            CREATE POLICY operator ON {table} TO CURRENT_USER
                USING (coalesce(current_setting('app.tenant_id', true), '') = '')
                WITH CHECK (coalesce(current_setting('app.tenant_id', true), '') = '')
        """)
    op.execute("GRANT SELECT, INSERT, UPDATE (calls) ON usage_hourly, usage_daily TO clincore_app")
    # Only an operator writes what was pruned, because the free cap counts it.
    op.execute(
        "GRANT SELECT, INSERT (tenant_id, closed_before), UPDATE (closed_before) ON usage_watermarks TO clincore_app"
    )


def downgrade() -> None:
    for table in ("usage_watermarks", "usage_daily", "usage_hourly"):
        op.drop_table(table)
