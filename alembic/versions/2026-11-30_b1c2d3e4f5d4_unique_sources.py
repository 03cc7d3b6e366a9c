"""A document is the source of one case of a tenant at most. Cancelling or voiding the case frees it.

Revision ID: b1c2d3e4f5d4
Revises: b1c2d3e4f5b4
"""

from alembic import op

revision = "b1c2d3e4f5d4"
down_revision = "b1c2d3e4f5b4"
branch_labels = None
depends_on = None

INDEX = "ix_cases_tenant_id_source_sha256_living"
ONCE = "source_sha256 IS NOT NULL AND status NOT IN ('cancelled', 'entered_in_error')"


def upgrade() -> None:
    op.create_index_concurrently(INDEX, "cases", ["tenant_id", "source_sha256"], ONCE, unique=True)


def downgrade() -> None:
    op.drop_index(INDEX)
