"""Signed revisions, their signatures, their erasable parts, and the access log.

`case_revisions` and `signatures` are append-only: the service has SELECT and INSERT, so nothing that it runs can change
signed bytes. `signed` of a revision is the exact text that its first signature signs (RFC 8785). It contains only
salted digests of the subject and the free-text sections. The originals are in `case_disclosures` and can be deleted
there; the signatures still verify.

`access_log` intentionally has no foreign keys: each read of a case would lock the rows that they refer to.
`signing_keys` has only public keys and belongs to no tenant. `clincore signing rotate` and the start of a service as
the owner write it; the service itself reads it. Keys are never removed, because old signatures need them.

Revision ID: b1c2d3e4f5a5
Revises: b1c2d3e4f5a4
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b1c2d3e4f5a5"
down_revision = "b1c2d3e4f5a4"
branch_labels = None
depends_on = None

GRANTS = {
    "case_tags": "SELECT, INSERT, DELETE",
    "case_revisions": "SELECT, INSERT",
    "signatures": "SELECT, INSERT",
    "case_disclosures": "SELECT, INSERT, DELETE",
    "access_log": "SELECT, INSERT",
}


def upgrade() -> None:
    op.create_table(
        "case_tags",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "case_id", "tag", name="pk_case_tags"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"], ["cases.tenant_id", "cases.id"], name="fk_case_tags_tenant_id_case_id_cases"
        ),
    )
    op.create_index(
        "ix_case_tags_tenant_id_tag_created_at_case_id", "case_tags", ["tenant_id", "tag", "created_at", "case_id"]
    )
    op.create_table(
        "case_revisions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("signed", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "case_id", "revision", name="pk_case_revisions"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"], ["cases.tenant_id", "cases.id"], name="fk_case_revisions_tenant_id_case_id_cases"
        ),
        sa.CheckConstraint("revision >= 1", name="ck_case_revisions_revision"),
        sa.CheckConstraint("status IN ('final', 'amended', 'entered_in_error')", name="ck_case_revisions_status"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="ck_case_revisions_sha256"),
    )
    for table, key, check in (
        (
            "signatures",
            (
                sa.Column("number", sa.Integer(), nullable=False),
                sa.Column("statement", sa.Text(), nullable=True),
                sa.Column("jws", sa.Text(), nullable=False),
                sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
            ),
            sa.CheckConstraint("number >= 1", name="ck_signatures_number"),
        ),
        (
            "case_disclosures",
            (
                sa.Column("name", sa.Text(), nullable=False),
                sa.Column("disclosure", sa.Text(), nullable=False),
            ),
            sa.CheckConstraint(
                "name IN ('subject', 'reason', 'history', 'assessment', 'plan')", name="ck_case_disclosures_name"
            ),
        ),
    ):
        op.create_table(
            table,
            sa.Column("tenant_id", sa.Uuid(), nullable=False),
            sa.Column("case_id", sa.Uuid(), nullable=False),
            sa.Column("revision", sa.Integer(), nullable=False),
            *key,
            sa.PrimaryKeyConstraint("tenant_id", "case_id", "revision", key[0].name, name=f"pk_{table}"),
            sa.ForeignKeyConstraint(
                ["tenant_id", "case_id", "revision"],
                ["case_revisions.tenant_id", "case_revisions.case_id", "case_revisions.revision"],
                name=f"fk_{table}_tenant_id_case_id_revision_case_revisions",
            ),
            check,
        )
    op.create_table(
        "access_log",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("key_label", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("filter", postgresql.JSONB(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "created_at", "id", name="pk_access_log"),
    )
    op.create_index(
        "ix_access_log_tenant_id_case_id_created_at_id", "access_log", ["tenant_id", "case_id", "created_at", "id"]
    )
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("jwk", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("kid", name="pk_signing_keys"),
    )
    for table, rights in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"""
            CREATE POLICY tenant_isolation ON {table} TO clincore_app
                USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
                WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
        """)
        op.execute(f"""
            CREATE POLICY operator ON {table} TO CURRENT_USER
                USING (coalesce(current_setting('app.tenant_id', true), '') = '')
                WITH CHECK (coalesce(current_setting('app.tenant_id', true), '') = '')
        """)
        op.execute(f"GRANT {rights} ON {table} TO clincore_app")
    op.execute("GRANT SELECT ON signing_keys TO clincore_app")


def downgrade() -> None:
    for table in ("signing_keys", "access_log", "case_disclosures", "signatures", "case_revisions", "case_tags"):
        op.drop_table(table)
