"""An index of the access log by key: what a key read and changed is found without reading the whole log.

Revision ID: b1c2d3e4f5d8
Revises: b1c2d3e4f5d6
"""

from alembic import op

revision = "b1c2d3e4f5d8"
down_revision = "b1c2d3e4f5d6"
branch_labels = None
depends_on = None

INDEX = "ix_access_log_tenant_id_key_id_created_at_id"


def upgrade() -> None:
    op.create_index_concurrently(INDEX, "access_log", ["tenant_id", "key_id", "created_at", "id"])


def downgrade() -> None:
    op.drop_index(INDEX)
