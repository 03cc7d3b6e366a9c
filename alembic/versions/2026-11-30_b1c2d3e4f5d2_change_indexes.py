"""Indexes of the change feed: cases in the order of their changes, and cases whose last change has no number yet.

The first one is unique, so that no two changes of a tenant can get the same number.

Revision ID: b1c2d3e4f5d2
Revises: b1c2d3e4f5b2
"""

from alembic import op

revision = "b1c2d3e4f5d2"
down_revision = "b1c2d3e4f5b2"
branch_labels = None
depends_on = None

NUMBERED, UNNUMBERED = "ix_cases_tenant_id_change_seq", "ix_cases_tenant_id_unnumbered"


def upgrade() -> None:
    op.create_index_concurrently(NUMBERED, "cases", ["tenant_id", "change_seq"], "change_seq IS NOT NULL", unique=True)
    op.create_index_concurrently(UNNUMBERED, "cases", ["tenant_id"], "numbered_version IS DISTINCT FROM version")


def downgrade() -> None:
    op.drop_index(UNNUMBERED)
    op.drop_index(NUMBERED)
