"""Validate the check of a key's last four characters; the table stays readable and writable meanwhile.

Revision ID: b1c2d3e4f5ac
Revises: b1c2d3e4f5ab
"""

from alembic import op

revision = "b1c2d3e4f5ac"
down_revision = "b1c2d3e4f5ab"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE api_keys VALIDATE CONSTRAINT ck_api_keys_last_four")


def downgrade() -> None:
    """A validated check and one that is not have the same effect."""
