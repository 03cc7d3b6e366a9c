"""The SQL of migrations, printed without a database: it equals an upgrade, and squawk finds no fault in it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from clincore.db.schema_version import HEAD, LAST_OF_0_1_0
from support.commands import environment, run
from support.database import Database
from support.paths import ROOT
from support.schema import NewDatabase, alembic, checkout_with, schema_of

SQUAWK = shutil.which("squawk", path=environment()["PATH"])
NEEDS_SQUAWK = pytest.mark.skipif(SQUAWK is None, reason="needs squawk: pip install -e '.[lint]'")


def printed(steps: str, cwd: Path = ROOT, command: str = "upgrade") -> str:
    """The printed SQL. There is no database at the address."""
    ended = run("alembic", command, steps, "--sql", cwd=cwd, DATABASE_URL="postgresql+psycopg://127.0.0.1:1/none")
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def findings(sql: str, cwd: Path = ROOT) -> set[str]:
    """The rules of squawk that the SQL violates."""
    assert SQUAWK is not None
    ended = subprocess.run(
        [SQUAWK, "--reporter", "gcc"], input=sql, cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )
    found = {line.split()[2] for line in ended.stdout.splitlines()}
    assert ended.returncode == bool(found), ended.stdout + ended.stderr
    return found


@pytest.mark.parametrize("version", [LAST_OF_0_1_0, HEAD], ids=["half-way", "as 0.1.0 left it"])
def test_the_printed_sql_has_the_same_result_as_an_upgrade(
    database: Database, new_database: NewDatabase, folder: Path, bin_on_path: str, version: str
) -> None:
    upgraded = new_database()
    assert alembic(upgraded, "upgrade", LAST_OF_0_1_0).returncode == 0
    with upgraded.as_owner() as owner:
        # Version 0.1.0 gave the id of the head to its last migration.
        owner.execute("UPDATE alembic_version SET version_num = %s", [version])
    file = folder / "upgrade.sql"
    file.write_text(printed(f"{LAST_OF_0_1_0}:head"))

    psql = ("clincore", "psql", "--set=ON_ERROR_STOP=1", "-f", str(file))
    ended = run(*psql, DATABASE_URL=upgraded.url, PATH=bin_on_path)
    repeated = run(*psql, DATABASE_URL=upgraded.url, PATH=bin_on_path)

    assert ended.returncode == 0, ended.stderr
    # It changes nothing: the database stays at the head.
    assert "already exists" in repeated.stderr
    assert schema_of(upgraded) == schema_of(database)
    assert alembic(upgraded, "current").stdout == f"{HEAD} (head)\n"
    assert alembic(upgraded, "check").stdout == "No new upgrade operations detected.\n"


def test_the_printed_sql_contains_the_exact_bodies_of_the_functions(database: Database) -> None:
    with database.as_owner() as owner:
        bodies = owner.execute(
            "SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND proname IN ('admit_batch', 'admit_of')"
        ).fetchall()
    sql = printed(f"{LAST_OF_0_1_0}:head")

    assert len(bodies) == 2
    assert all(body in sql for (body,) in bodies)


@NEEDS_SQUAWK
def test_squawk_finds_nothing_in_the_migrations() -> None:
    assert findings(printed(f"{LAST_OF_0_1_0}:head")) == set()


MISTAKES = {
    "index": ("CREATE INDEX ix ON cases (title)", "require-concurrent-index-creation"),
    "index-in-a-transaction": (
        "CREATE INDEX CONCURRENTLY ix ON cases (title)",
        "ban-concurrent-index-creation-in-transaction",
    ),
    "foreign-key": (
        "ALTER TABLE signatures ADD CONSTRAINT fk FOREIGN KEY (tenant_id) REFERENCES tenants",
        "adding-foreign-key-constraint",
    ),
    "foreign-key-validated-at-once": (
        "ALTER TABLE signatures ADD CONSTRAINT fk FOREIGN KEY (tenant_id) REFERENCES tenants NOT VALID;"
        " ALTER TABLE signatures VALIDATE CONSTRAINT fk",
        "constraint-missing-not-valid",
    ),
    "check": ("ALTER TABLE cases ADD CONSTRAINT ck CHECK (version > 0)", "constraint-missing-not-valid"),
    "unique": ("ALTER TABLE cases ADD CONSTRAINT uq UNIQUE (tenant_id, title)", "disallowed-unique-constraint"),
    "not-null": ("ALTER TABLE cases ALTER content SET NOT NULL", "adding-not-nullable-field"),
    "new-column-not-null": ("ALTER TABLE cases ADD COLUMN later text NOT NULL", "adding-required-field"),
    "type": ("ALTER TABLE cases ALTER version TYPE bigint", "changing-column-type"),
    "column-dropped": ("ALTER TABLE cases DROP COLUMN title", "ban-drop-column"),
    "column-renamed": ("ALTER TABLE cases RENAME COLUMN title TO name", "renaming-column"),
    "table-dropped": ("DROP TABLE case_tags", "ban-drop-table"),
    "table-renamed": ("ALTER TABLE cases RENAME TO records", "renaming-table"),
    "not-null-dropped": ("ALTER TABLE cases ALTER title DROP NOT NULL", "ban-drop-not-null"),
    "default-dropped": ("ALTER TABLE cases ALTER version DROP DEFAULT", "ban-drop-default"),
}


@NEEDS_SQUAWK
@pytest.mark.parametrize("name", MISTAKES)
def test_squawk_finds_statements_that_would_block_a_running_service(name: str) -> None:
    statement, rule = MISTAKES[name]
    limited = f"SET lock_timeout = '500ms'; BEGIN; {statement}; COMMIT;"

    assert rule in findings(limited)


MISTAKEN = """\
op.add_column("cases", sa.Column("later", sa.Text()))
op.update_in_slices("UPDATE cases SET later = '' WHERE id IN (SELECT id FROM cases WHERE later IS NULL LIMIT 1000)")
op.create_index("ix", "cases", ["title"])
op.create_foreign_key("fk", "signatures", "cases", ["tenant_id", "case_id"], ["tenant_id", "id"])
op.alter_column("cases", "content", nullable=False)
"""


@NEEDS_SQUAWK
def test_squawk_finds_mistakes_in_printed_migrations(folder: Path) -> None:
    checkout = checkout_with(MISTAKEN, folder)

    assert findings(printed("b1c2d3e4f505:head", checkout), checkout) == {
        # When the slices are interrupted and the migration is run again, the new column already exists.
        "prefer-robust-stmts",
        "require-concurrent-index-creation",
        "adding-foreign-key-constraint",
        "constraint-missing-not-valid",
        "adding-not-nullable-field",
    }


SOUND = """\
op.create_index_concurrently("ix", "cases", ["tenant_id", "title"])
op.update_in_slices("UPDATE cases SET title = '' WHERE id IN (SELECT id FROM cases WHERE title <> '' LIMIT 1000)")
op.execute("ALTER TABLE signatures ADD CONSTRAINT fk FOREIGN KEY (tenant_id) REFERENCES tenants NOT VALID")
op.add_column("cases", sa.Column("later", sa.Text()))
op.create_table("notes", sa.Column("tenant_id", sa.Uuid(), primary_key=True), sa.Column("body", sa.Text()))
op.isolate_tenants("notes", "SELECT, INSERT")
"""


@NEEDS_SQUAWK
def test_squawk_accepts_a_migration_that_follows_the_rules(folder: Path) -> None:
    checkout = checkout_with(SOUND, folder)

    assert findings(printed("b1c2d3e4f505:head", checkout), checkout) == set()


def test_downgrades_can_be_printed() -> None:
    assert "DROP TABLE tenant_names" in printed(f"head:{LAST_OF_0_1_0}", command="downgrade")


def test_migrations_of_0_1_0_need_a_database_and_cannot_be_printed() -> None:
    refused = run("alembic", "upgrade", "head", "--sql")

    assert refused.returncode != 0
    assert f"alembic upgrade {LAST_OF_0_1_0}:head --sql" in refused.stderr
