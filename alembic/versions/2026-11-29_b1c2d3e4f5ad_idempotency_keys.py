"""The answers of writes with an Idempotency-Key, and the lineage of API keys, to which these values belong.

The value itself is not stored: when a repeated request fails on the primary key, PostgreSQL's log shows the columns of
the key. There is no foreign key, for the same reason as in `access_log`. The service deletes the rows after a day.

Revision ID: b1c2d3e4f5ad
Revises: b1c2d3e4f5ac
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b1c2d3e4f5ad"
down_revision = "b1c2d3e4f5ac"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("lineage_id", sa.Uuid(), nullable=False),
        sa.Column("value_sha256", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("headers", postgresql.JSONB(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "lineage_id", "value_sha256", name="pk_idempotency_keys"),
        sa.CheckConstraint("value_sha256 ~ '^[0-9a-f]{64}$'", name="ck_idempotency_keys_value_sha256"),
        sa.CheckConstraint("fingerprint ~ '^[0-9a-f]{64}$'", name="ck_idempotency_keys_fingerprint"),
    )
    op.create_index("ix_idempotency_keys_tenant_id_created_at", "idempotency_keys", ["tenant_id", "created_at"])
    op.create_index("ix_idempotency_keys_tenant_id_case_id", "idempotency_keys", ["tenant_id", "case_id"])
    op.isolate_tenants("idempotency_keys", "SELECT, INSERT, UPDATE (case_id, status, headers, body), DELETE")
    op.add_column("api_keys", sa.Column("lineage_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("api_keys", "lineage_id")
    op.drop_table("idempotency_keys")
