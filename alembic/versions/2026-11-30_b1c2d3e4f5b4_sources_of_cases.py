"""Know the document that a case was made of, so that one document does not become two cases.

`source_sha256` is the SHA-256 of the document's identifier, in hexadecimal. Cases that were not made of a document
have none.

Revision ID: b1c2d3e4f5b4
Revises: b1c2d3e4f5d2
"""

import sqlalchemy as sa
from alembic import op

revision = "b1c2d3e4f5b4"
down_revision = "b1c2d3e4f5d2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nullable and without a default: no row is rewritten.
    op.add_column("cases", sa.Column("source_sha256", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "source_sha256")
