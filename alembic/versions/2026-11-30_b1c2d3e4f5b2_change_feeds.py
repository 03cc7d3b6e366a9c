"""Number the changes of cases, for the change feed (`GET /cases?changed_after=...`).

`change_seq` is the number of a case's last change in its tenant's feed, and `numbered_version` the `version` that got
this number. A write does not touch them: it raises `version`, so the row counts as unnumbered until the service's
background task gives it the next number. Changes by services that started before this migration are found in the same
way. Existing cases are unnumbered, too; the service numbers those of a tenant in slices when the tenant next writes or
asks for its feed.

`change_feeds.last_seq` is the last number that a tenant's feed has used. The background task locks this row, so that
numbers become visible in their order. The number is not a sequence, which would know no tenant and could not be
distributed.

Revision ID: b1c2d3e4f5b2
Revises: b1c2d3e4f5b0
"""

import sqlalchemy as sa
from alembic import op

revision = "b1c2d3e4f5b2"
down_revision = "b1c2d3e4f5b0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nullable and without a default: no row is rewritten.
    op.add_column("cases", sa.Column("change_seq", sa.BigInteger(), nullable=True))
    # squawk warns of small numbers. It has the type of `version`.
    op.execute("""
        -- squawk-ignore prefer-bigint-over-int
        ALTER TABLE cases ADD COLUMN numbered_version integer
    """)
    op.execute("GRANT UPDATE (change_seq, numbered_version) ON cases TO clincore_app")
    op.create_table(
        "change_feeds",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_change_feeds"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_change_feeds_tenant_id_tenants"),
    )
    op.isolate_tenants("change_feeds", "SELECT, INSERT, UPDATE (last_seq)")


def downgrade() -> None:
    op.drop_table("change_feeds")
    op.drop_column("cases", "numbered_version")
    op.drop_column("cases", "change_seq")
