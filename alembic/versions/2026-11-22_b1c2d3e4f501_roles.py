"""The role that the service works as.

Creates `clincore_app` if the cluster does not have it (roles are global, so another ClinCore database may have created
it), and lets the owner, who runs this, SET ROLE to it. Needs CREATEROLE, or a role that a superuser has created. The
role can log in, because Citus connects to its workers as the current role, and has no password: if the service is to
log in as this role, set one with `ALTER ROLE clincore_app PASSWORD '...'`.

Revision ID: b1c2d3e4f501
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import IntegrityError, ProgrammingError

revision = "b1c2d3e4f501"
down_revision = None
branch_labels = None
depends_on = None

CREATE = "CREATE ROLE clincore_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"


def create_role(bind: sa.Connection) -> None:
    """Create the role, unless the migration of another database in this cluster creates it at the same moment."""
    try:
        with bind.begin_nested():
            bind.execute(sa.text(CREATE))
    except (IntegrityError, ProgrammingError) as error:
        # Two databases share no lock. Either the catalogue's unique index decides, or PostgreSQL finds a role that was
        # created after the check. In both cases the other one has committed.
        if getattr(error.orig, "sqlstate", None) not in ("23505", "42710"):
            raise


def upgrade() -> None:
    bind = op.get_bind()
    owner = bind.scalar(sa.text("SELECT quote_ident(current_user)"))
    database = bind.scalar(sa.text("SELECT quote_ident(current_database())"))
    since_16 = bind.scalar(sa.text("SELECT current_setting('server_version_num')::int >= 160000"))
    # From PostgreSQL 16 on, a membership has options: the owner may switch to the role, but does not inherit its
    # rights.
    grant = f"GRANT clincore_app TO {owner}" + (" WITH INHERIT FALSE, SET TRUE" if since_16 else "")
    may_switch = f"SELECT pg_has_role(current_user, 'clincore_app', '{'SET' if since_16 else 'MEMBER'}')"
    try:
        if not bind.scalar(sa.text("SELECT true FROM pg_roles WHERE rolname = 'clincore_app'")):
            create_role(bind)
        if not bind.scalar(sa.text(may_switch)):
            op.execute(grant)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != "42501":
            raise
        raise SystemExit(
            f"The owner {owner} may not create or grant the role clincore_app. Ask a superuser to run, in this order:\n"
            f"  {CREATE};   -- if it does not exist yet\n"
            f"  {grant};\n"
            "then run the migrations again."
        ) from None
    op.execute("GRANT USAGE ON SCHEMA public TO clincore_app")
    # A temporary table outlives its transaction on a pooled connection, and would keep one tenant's rows there.
    op.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")


def downgrade() -> None:
    database = op.get_bind().scalar(sa.text("SELECT quote_ident(current_database())"))
    op.execute(f"GRANT TEMPORARY ON DATABASE {database} TO PUBLIC")
    # The role belongs to the cluster, and other databases may use it.
    op.execute("REVOKE USAGE ON SCHEMA public FROM clincore_app")
