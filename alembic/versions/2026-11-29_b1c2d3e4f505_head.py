"""The head: an empty migration that stays the last one, so that `alembic heads` prints the same in every release.

It writes the id of the migration before it into the comment of `alembic_version`. alembic/env.py compares that comment
with `down_revision` to find out which migrations a database at the head lacks. A new migration goes before this one: it
takes this file's `down_revision`, and its id becomes the new `down_revision` here
(docs/decisions/0010-an-empty-migration-is-the-head.md).

Revision ID: b1c2d3e4f505
Revises: b1c2d3e4f5da
"""

from alembic import op

revision = "b1c2d3e4f505"
down_revision = "b1c2d3e4f5da"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(f"COMMENT ON TABLE alembic_version IS '{down_revision}'")


def downgrade() -> None:
    op.execute("COMMENT ON TABLE alembic_version IS NULL")
