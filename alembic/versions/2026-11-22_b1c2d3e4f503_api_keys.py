"""API keys, as SHA-256 hashes.

An operator gives a key the role admin with `UPDATE api_keys SET role = 'admin' WHERE id = '<key-uuid>'`, from the key's
next request on.

Revision ID: b1c2d3e4f503
Revises: b1c2d3e4f502
"""

import sqlalchemy as sa
from alembic import op

revision = "b1c2d3e4f503"
down_revision = "b1c2d3e4f502"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), server_default="user", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_api_keys"),
        sa.UniqueConstraint("tenant_id", "key_hash", name="uq_api_keys_tenant_id_key_hash"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_api_keys_tenant_id_tenants"),
        sa.CheckConstraint("role IN ('user', 'admin')", name="ck_api_keys_role"),
        sa.CheckConstraint("key_hash ~ '^[0-9a-f]{64}$'", name="ck_api_keys_key_hash"),
    )
    op.create_index("ix_api_keys_tenant_id_created_at_id", "api_keys", ["tenant_id", "created_at", "id"])
    op.execute("ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute("""
        CREATE POLICY tenant_isolation ON api_keys TO clincore_app
            USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
            WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    """)
    op.execute("""
        CREATE POLICY operator ON api_keys TO CURRENT_USER
            USING (coalesce(current_setting('app.tenant_id', true), '') = '')
            WITH CHECK (coalesce(current_setting('app.tenant_id', true), '') = '')
    """)
    # Only an operator changes a role, never the service.
    op.execute("GRANT SELECT, INSERT, UPDATE (label, expires_at, rotated_at, revoked_at) ON api_keys TO clincore_app")


def downgrade() -> None:
    op.drop_table("api_keys")
