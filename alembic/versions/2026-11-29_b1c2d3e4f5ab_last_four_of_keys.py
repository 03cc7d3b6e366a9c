"""Store the last four characters of each new API key, so that a person can find the row of a key.

Earlier keys have none, because only their hash is known. The check prevents storing more of a key.

Revision ID: b1c2d3e4f5ab
Revises: b1c2d3e4f5aa
"""

import sqlalchemy as sa
from alembic import op

revision = "b1c2d3e4f5ab"
down_revision = "b1c2d3e4f5aa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("last_four", sa.Text(), nullable=True))
    # The next migration validates it, without a lock that blocks others.
    op.execute("""
        ALTER TABLE api_keys
            ADD CONSTRAINT ck_api_keys_last_four CHECK (last_four ~ '^[0-9A-Za-z]{4}$') NOT VALID
    """)


def downgrade() -> None:
    op.drop_column("api_keys", "last_four")
