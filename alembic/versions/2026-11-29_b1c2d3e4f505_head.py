"""The head: an empty migration that stays the last one, so that `alembic heads` prints the same in every release.

It writes the id of the migration before it into the comment of `alembic_version`. alembic/env.py compares that comment
with `down_revision` to find out which migrations a database at the head lacks. A new migration goes before this one: it
takes this file's `down_revision`, and its id becomes the new `down_revision` here
(docs/decisions/0010-an-empty-migration-is-the-head.md). Citus does not copy comments, so on a cluster each worker gets
its own.

Revision ID: b1c2d3e4f505
Revises: b1c2d3e4f5d6
"""

from alembic import op

revision = "b1c2d3e4f505"
down_revision = "b1c2d3e4f5d6"
branch_labels = None
depends_on = None


# The workers have the table when `clincore distribute` has run.
ON_WORKERS = """\
DO $workers$
BEGIN
    IF to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL THEN
        IF EXISTS (SELECT FROM pg_catalog.pg_dist_partition WHERE logicalrelid = 'alembic_version'::regclass) THEN
            PERFORM pg_catalog.run_command_on_workers($$COMMENT ON TABLE public.alembic_version IS {}$$);
        END IF;
    END IF;
END
$workers$"""


def upgrade() -> None:
    op.execute(f"COMMENT ON TABLE alembic_version IS '{down_revision}'")
    op.execute(ON_WORKERS.format(f"'{down_revision}'"))


def downgrade() -> None:
    op.execute("COMMENT ON TABLE alembic_version IS NULL")
    op.execute(ON_WORKERS.format("NULL"))
