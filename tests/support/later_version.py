"""A copy of the project with one migration more, as a later version would have it."""

import shutil
from pathlib import Path
from uuid import uuid4

from clincore.db.schema_version import HEAD, last_migration
from support.paths import ROOT

LAST = "b1c2d3e4f5fe"
"""The id of the last migration of the later version."""

# What a release may do while the one before it still serves (docs/upgrading.md): a new column, a new table, changed
# rows, an index. Each in a migration of its own, as the rules ask.
_STEPS = {
    "b1c2d3e4f5fb": """
op.add_column("cases", sa.Column("later", sa.Text(), nullable=True))
op.execute("GRANT INSERT (later), UPDATE (later) ON cases TO clincore_app")
""",
    "b1c2d3e4f5fc": """
op.create_table(
    "later_notes",
    sa.Column("tenant_id", sa.Uuid(), nullable=False),
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_later_notes"),
    sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_later_notes_tenant_id_tenants"),
)
op.isolate_tenants("later_notes", "SELECT, INSERT")
""",
    "b1c2d3e4f5fd": """
op.update_in_slices(
    "UPDATE cases SET later = 'old' WHERE (tenant_id, id) IN"
    " (SELECT tenant_id, id FROM cases WHERE later IS NULL LIMIT 1000)"
)
""",
    LAST: """
op.create_index_concurrently("ix_cases_tenant_id_later", "cases", ["tenant_id", "later"])
""",
}
_COLUMN = "    external_id: Mapped[str | None]\n"


def make_later_version(folder: Path) -> Path:
    """The folder of the copy. With it as PYTHONPATH, commands are those of the later version."""
    copy = folder / f"later-{uuid4().hex[:12]}"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("clincore", "alembic"):
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    for name in ("openapi.yaml", "alembic.ini"):
        shutil.copy(ROOT / name, copy)
    before = last_migration()
    for revision, upgrade in _STEPS.items():
        body = upgrade.strip().replace("\n", "\n    ")
        (copy / "alembic" / "versions" / f"later_{revision}.py").write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n\n"
            f"revision, down_revision, branch_labels, depends_on = {revision!r}, {before!r}, None, None\n\n\n"
            f"def upgrade():\n    {body}\n"
        )
        before = revision
    (head,) = (copy / "alembic" / "versions").glob(f"*_{HEAD}_head.py")
    text = head.read_text()
    assert text.count(f'down_revision = "{last_migration()}"') == 1
    head.write_text(text.replace(f'down_revision = "{last_migration()}"', f'down_revision = "{LAST}"'))
    models = copy / "clincore" / "db" / "models.py"
    text = models.read_text()
    assert text.count(_COLUMN) == 1
    models.write_text(text.replace(_COLUMN, f"{_COLUMN}    later: Mapped[str | None]\n"))
    return copy
