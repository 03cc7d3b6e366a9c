"""Tenants.

The only table of tenants without a `tenant_id`: its `id` is the tenant. An operator lifts the free cap of a tenant with
`UPDATE tenants SET billing_status = 'paid' WHERE id = '<uuid>'`.

Revision ID: b1c2d3e4f502
Revises: b1c2d3e4f501
"""

import sqlalchemy as sa
from alembic import op

revision = "b1c2d3e4f502"
down_revision = "b1c2d3e4f501"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("billing_status", sa.Text(), server_default="free", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tenants"),
        sa.UniqueConstraint("name", name="uq_tenants_name"),
        sa.CheckConstraint("billing_status IN ('free', 'paid')", name="ck_tenants_billing_status"),
    )
    op.execute("ALTER TABLE tenants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    # NULLIF: after a SET LOCAL has ended, the setting is '' and not NULL, and casting '' would fail.
    op.execute("""
        CREATE POLICY tenant_isolation ON tenants TO clincore_app
            USING (id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
            WITH CHECK (id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    """)
    # Without this policy, FORCE would make an UPDATE that an operator types change 0 rows without an error.
    op.execute("""
        CREATE POLICY operator ON tenants TO CURRENT_USER
            USING (coalesce(current_setting('app.tenant_id', true), '') = '')
            WITH CHECK (coalesce(current_setting('app.tenant_id', true), '') = '')
    """)
    # A row lock needs UPDATE on some column. This one is harmless: it is neither the tenant's identity nor its billing.
    op.execute("GRANT SELECT, INSERT (id, name), UPDATE (created_at) ON tenants TO clincore_app")


def downgrade() -> None:
    op.drop_table("tenants")
