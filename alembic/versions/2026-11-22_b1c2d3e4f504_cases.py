"""Cases.

`content` holds the draft that is being edited, with the contract's field names; a field that was not given is absent.
It is null when no draft is being edited: finalized content is in `case_revisions`, and `revision` names the one that is
shown. Lists show and search `external_id`, `title`, `type_*` and `subject_*`. An operator lifts the free cap with
`UPDATE cases SET billing_status = 'paid' WHERE tenant_id = '<uuid>'`: one paid case makes its tenant paid, and new
cases get the tenant's status.

Revision ID: b1c2d3e4f504
Revises: b1c2d3e4f503
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b1c2d3e4f504"
down_revision = "b1c2d3e4f503"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=True),
        sa.Column("amendment_reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("type_system", sa.Text(), server_default="http://loinc.org", nullable=False),
        sa.Column("type_code", sa.Text(), server_default="34133-9", nullable=False),
        sa.Column("subject_system", sa.Text(), nullable=True),
        sa.Column("subject_value", sa.Text(), nullable=True),
        sa.Column("billing_status", sa.Text(), server_default="free", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("finalized_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_cases"),
        sa.UniqueConstraint("tenant_id", "external_id", name="uq_cases_tenant_id_external_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_cases_tenant_id_tenants"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by"],
            ["api_keys.tenant_id", "api_keys.id"],
            name="fk_cases_tenant_id_created_by_api_keys",
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'final', 'amended', 'cancelled', 'entered_in_error')", name="ck_cases_status"
        ),
        sa.CheckConstraint("version >= 1", name="ck_cases_version"),
        sa.CheckConstraint("billing_status IN ('free', 'paid')", name="ck_cases_billing_status"),
    )
    op.create_index("ix_cases_tenant_id_created_at_id", "cases", ["tenant_id", "created_at", "id"])
    op.create_index("ix_cases_tenant_id_updated_at", "cases", ["tenant_id", "updated_at"])
    for column in ("type_code", "subject_value"):
        op.create_index(
            f"ix_cases_tenant_id_{column}_created_at_id", "cases", ["tenant_id", column, "created_at", "id"]
        )
    op.create_index(
        "ix_cases_tenant_id_paid", "cases", ["tenant_id"], postgresql_where=sa.text("billing_status = 'paid'")
    )
    op.execute("ALTER TABLE cases ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute("""
        CREATE POLICY tenant_isolation ON cases TO clincore_app
            USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
            WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    """)
    op.execute("""
        CREATE POLICY operator ON cases TO CURRENT_USER
            USING (coalesce(current_setting('app.tenant_id', true), '') = '')
            WITH CHECK (coalesce(current_setting('app.tenant_id', true), '') = '')
    """)
    # No UPDATE of the columns for owner, creation and billing. Signed bytes are in another table.
    op.execute(
        "GRANT SELECT, INSERT, UPDATE (external_id, status, version, title, content, amendment_reason, revision,"
        " type_system, type_code, subject_system, subject_value, updated_at, finalized_at) ON cases TO clincore_app"
    )


def downgrade() -> None:
    op.drop_table("cases")
