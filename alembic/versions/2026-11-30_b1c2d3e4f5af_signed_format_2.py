"""Signed format 2: any field of a case can be a Disclosure, and each signer.

Which names exist is decided by the signed text: verification refuses a Disclosure without a digest there. So the check
of the five names of format 1 is dropped, and a new field needs no migration.

Revision ID: b1c2d3e4f5af
Revises: b1c2d3e4f5ae
"""

from alembic import op

revision = "b1c2d3e4f5af"
down_revision = "b1c2d3e4f5ae"
branch_labels = None
depends_on = None


# As the naming convention made it.
NAME = "ck_case_disclosures_ck_case_disclosures_name"


def upgrade() -> None:
    # squawk warns because rows may now be stored that the check refused. That is the purpose.
    op.execute(f"""
        -- squawk-ignore ban-drop-constraint
        ALTER TABLE case_disclosures DROP CONSTRAINT {NAME}
    """)


def downgrade() -> None:
    op.execute(f"""
        ALTER TABLE case_disclosures
            ADD CONSTRAINT {NAME} CHECK (name IN ('subject', 'reason', 'history', 'assessment', 'plan'))
    """)
