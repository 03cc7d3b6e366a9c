"""The end of the chain, which changes nothing but the note of what comes before it.

`alembic heads` prints the same in every release. A new migration goes between the last one and this: it takes this
`down_revision`, and its own id takes its place here. alembic/env.py compares the note with it to know what a database
at the head lacks.

Revision ID: b1c2d3e4f505
Revises: b1c2d3e4f5ac
"""

from alembic import op

revision = "b1c2d3e4f505"
down_revision = "b1c2d3e4f5ac"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(f"COMMENT ON TABLE alembic_version IS '{down_revision}'")


def downgrade() -> None:
    op.execute("COMMENT ON TABLE alembic_version IS NULL")
