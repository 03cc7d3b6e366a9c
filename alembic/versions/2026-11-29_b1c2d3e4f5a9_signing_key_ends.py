"""Signing keys can end: when a key was retired, and since when it counts as compromised.

Both are null for a key in use, and for every key after this migration. `clincore signing rotate` and `revoke` write
them, the service reads them. A signature dated at or after an end is not valid. A service of an earlier version keeps
signing with a retired key, so upgrade all services before retiring a key.

Revision ID: b1c2d3e4f5a9
Revises: b1c2d3e4f5a8
"""

import sqlalchemy as sa
from alembic import op

revision = "b1c2d3e4f5a9"
down_revision = "b1c2d3e4f5a8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("signing_keys", sa.Column("retired_at", sa.DateTime(timezone=True)))
    op.add_column("signing_keys", sa.Column("compromised_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("signing_keys", "compromised_at")
    op.drop_column("signing_keys", "retired_at")
