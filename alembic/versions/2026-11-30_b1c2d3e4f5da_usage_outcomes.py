"""The outcomes of calls, by hour (UTC) and class of status: how many of a tenant's calls failed.

A usage event is committed before its request has an outcome. So the service counts outcomes in memory, and adds them to
this table once a minute. Calls before this migration, and those that services of the previous version answer, have no
outcome here.

Revision ID: b1c2d3e4f5da
Revises: b1c2d3e4f5d8
"""

import sqlalchemy as sa
from alembic import op

revision = "b1c2d3e4f5da"
down_revision = "b1c2d3e4f5d8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage_outcomes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "hour", "outcome", name="pk_usage_outcomes"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_usage_outcomes_tenant_id_tenants"),
        sa.CheckConstraint("calls > 0", name="ck_usage_outcomes_calls"),
    )
    op.isolate_tenants("usage_outcomes", "SELECT, INSERT, UPDATE (calls)")


def downgrade() -> None:
    op.drop_table("usage_outcomes")
