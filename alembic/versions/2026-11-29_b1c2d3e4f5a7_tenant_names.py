"""Move the unique names of tenants to their own table; drop defaults of columns that the service may not write.

On Citus `tenants` is distributed by its id, so a unique index on the name could not cover all nodes. `tenant_names` is
a reference table there. The foreign key requires a name for each tenant: services of version 0.1.0 that still run
cannot create tenants.

Citus writes defaults into an INSERT, and the service would then need the right to write those columns. So columns that
it may not write have no default: a tenant without a billing status is free, and null means no pruned calls.

Revision ID: b1c2d3e4f5a7
Revises: b1c2d3e4f5a6
"""

import sqlalchemy as sa
from alembic import op

revision = "b1c2d3e4f5a7"
down_revision = "b1c2d3e4f5a6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tenant_names",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name", name="pk_tenant_names"),
        sa.UniqueConstraint("name", name="uq_tenant_names_name"),
    )
    op.isolate_tenants("tenant_names", "SELECT, INSERT")
    # The foreign key takes the same lock, but later: a tenant created between the copy and the key would have no name.
    # Reads continue; only the statements after the key need a stronger lock, for a moment.
    op.execute("LOCK TABLE tenants IN SHARE ROW EXCLUSIVE MODE")
    op.execute("INSERT INTO tenant_names (tenant_id, name) SELECT id, name FROM tenants")
    # squawk warns of statements that take long on a large table, but there are few tenants. It also warns of changes
    # that break running services of 0.1.0; see above.
    op.execute("""
        -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
        ALTER TABLE tenants ADD CONSTRAINT fk_tenants_id_name_tenant_names
            FOREIGN KEY (id, name) REFERENCES tenant_names (tenant_id, name)
    """)
    op.execute("""
        -- squawk-ignore ban-drop-constraint
        ALTER TABLE tenants DROP CONSTRAINT uq_tenants_name
    """)
    op.execute("""
        -- squawk-ignore ban-drop-not-null, ban-drop-default
        ALTER TABLE tenants ALTER billing_status DROP NOT NULL, ALTER billing_status DROP DEFAULT
    """)
    op.execute("GRANT INSERT (created_at) ON tenants TO clincore_app")
    op.execute("""
        -- squawk-ignore ban-drop-not-null, ban-drop-default
        ALTER TABLE usage_watermarks ALTER pruned_calls DROP NOT NULL, ALTER pruned_calls DROP DEFAULT
    """)


def downgrade() -> None:
    op.execute("UPDATE usage_watermarks SET pruned_calls = 0 WHERE pruned_calls IS NULL")
    op.alter_column("usage_watermarks", "pruned_calls", server_default="0", nullable=False)
    op.execute("REVOKE INSERT (created_at) ON tenants FROM clincore_app")
    op.execute("UPDATE tenants SET billing_status = 'free' WHERE billing_status IS NULL")
    op.alter_column("tenants", "billing_status", server_default="free", nullable=False)
    op.create_unique_constraint("uq_tenants_name", "tenants", ["name"])
    op.drop_constraint("fk_tenants_id_name_tenant_names", "tenants")
    op.drop_table("tenant_names")
