"""The operations for migrations: `op.isolate_tenants`, `op.create_index_concurrently` and `op.update_in_slices`.

They are run, interrupted and continued, and printed as SQL.
"""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from clincore.db.catalogue import checks
from clincore.db.catalogue.reader import read_catalogue
from support.commands import environment, run
from support.database import Database
from support.rows import insert, insert_tenant
from support.schema import NewDatabase, alembic, checkout_with
from support.waiting import eventually

CASES = 20

NEW_TABLE = """\
op.create_table(
    "notes",
    sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True),
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("body", sa.Text()),
)
"""
ISOLATED = 'op.isolate_tenants("notes", "SELECT, INSERT")\n'
INDEX = (
    'op.create_index_concurrently("ix_later", "cases", ["tenant_id", "title"], where="status = \'draft\'")\n'
    "op.execute(\"COMMENT ON INDEX ix_later IS 'made'\")\n"
)
# In the order of the ids, so that the row that a test locks comes last.
SLICES = '''\
op.update_in_slices("""
    UPDATE cases SET version = version + 1, amendment_reason = '100 %' WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM cases WHERE amendment_reason IS NULL ORDER BY id LIMIT 3
    )
""")
'''

Upgrade = Callable[[Database, str], "subprocess.CompletedProcess[str]"]


@pytest.fixture(params=["run", "printed"])
def upgrade(request: pytest.FixtureRequest, folder: Path, bin_on_path: str) -> Upgrade:
    """Runs a migration, or prints it and runs the printed SQL with psql."""

    def run_it(database: Database, migration: str) -> subprocess.CompletedProcess[str]:
        checkout = checkout_with(migration, folder)
        if request.param == "run":
            return run("alembic", "upgrade", "head", cwd=checkout, DATABASE_URL=database.url)
        printed = run("alembic", "upgrade", "b1c2d3e4f505:head", "--sql", cwd=checkout)
        (checkout / "printed.sql").write_text(printed.stdout)
        psql = ("clincore", "psql", "--set=ON_ERROR_STOP=1", "-f", str(checkout / "printed.sql"))
        return run(*psql, DATABASE_URL=database.url, PATH=bin_on_path)

    return run_it


@pytest.fixture
def filled(database: Database, migrated_database: NewDatabase) -> Database:
    """A database with cases of two tenants. The shared database comes first: its owner creates clincore_app."""
    made = migrated_database()
    with made.as_owner() as owner:
        for name in ("a", "b"):
            insert_tenant(owner, name, CASES // 2)
    return made


def row_of(database: Database, query: str) -> tuple[Any, ...]:
    with database.as_owner() as owner:
        found = owner.execute(query).fetchone()
    assert found is not None
    return tuple(found)


def faults_of(database: Database) -> list[str]:
    """The culprits of all faults that the catalogue checks find in the table `notes`."""
    with database.as_superuser() as connection, connection.transaction():
        catalogue = read_catalogue(connection, login="clincore_app")
        return [
            fault.culprit for check in checks.ALL for fault in check.find_faults(catalogue) if "notes" in fault.culprit
        ]


class Interrupted:
    """A migration in a separate process, which can be killed."""

    def __init__(self, database: Database, migration: str, folder: Path) -> None:
        self.database, self.checkout = database, checkout_with(migration, folder)
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["alembic", "upgrade", "head"],
            cwd=self.checkout,
            env=environment(DATABASE_URL=self.database.url),
            stderr=subprocess.DEVNULL,
        )

    def wait_until(self, query: str) -> None:
        """Wait until the query has a row."""
        deadline = time.monotonic() + 60
        with self.database.as_owner() as owner:
            while not owner.execute(query).rowcount:
                assert time.monotonic() < deadline
                assert self.process.poll() is None
                time.sleep(0.02)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def run_again(self) -> int:
        return run("alembic", "upgrade", "head", cwd=self.checkout, DATABASE_URL=self.database.url).returncode


def test_an_isolated_table_passes_every_check_of_the_catalogue(filled: Database, upgrade: Upgrade) -> None:
    ended = upgrade(filled, NEW_TABLE + ISOLATED)

    assert ended.returncode == 0, ended.stderr
    assert faults_of(filled) == []
    with filled.as_owner() as owner:
        owner.execute("INSERT INTO notes SELECT id, gen_random_uuid(), name FROM tenants")
    with filled.as_app() as app, app.transaction():
        assert app.execute("SELECT FROM notes").rowcount == 0
        tenant = str(row_of(filled, "SELECT id FROM tenants WHERE name = 'a'")[0])
        app.execute(f"SET LOCAL app.tenant_id = '{tenant}'")
        assert app.execute("SELECT body FROM notes").fetchall() == [("a",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("UPDATE notes SET body = 'b'")


def test_a_table_that_is_not_isolated_fails_the_checks(filled: Database, folder: Path) -> None:
    ended = run("alembic", "upgrade", "head", cwd=checkout_with(NEW_TABLE, folder), DATABASE_URL=filled.url)

    assert ended.returncode == 0, ended.stderr
    assert "table public.notes" in faults_of(filled)


INVALID = "SELECT FROM pg_index WHERE indexrelid = to_regclass('ix_later') AND NOT indisvalid"
MADE = "SELECT indisvalid, obj_description(indexrelid) FROM pg_index WHERE indexrelid = 'ix_later'::regclass"


def test_an_index_is_created_concurrently(filled: Database, upgrade: Upgrade) -> None:
    ended = upgrade(filled, INDEX)

    assert ended.returncode == 0, ended.stderr
    assert row_of(filled, MADE) == (True, "made")
    (definition,) = row_of(filled, "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_later'")
    assert definition.endswith("(tenant_id, title) WHERE (status = 'draft'::text)")


def test_an_invalid_index_of_an_interrupted_run_is_replaced(filled: Database, upgrade: Upgrade) -> None:
    with filled.as_owner() as owner, pytest.raises(psycopg.errors.UniqueViolation):
        owner.execute("CREATE UNIQUE INDEX CONCURRENTLY ix_later ON cases (tenant_id, title)")
    with filled.as_owner() as owner:
        assert owner.execute(INVALID).rowcount == 1

    ended = upgrade(filled, INDEX)

    assert ended.returncode == 0, ended.stderr
    assert row_of(filled, MADE) == (True, "made")


@pytest.mark.parametrize("is_killed", [True, False], ids=["killed", "not-killed"])
def test_an_index_waits_for_an_open_transaction_without_blocking_writers(
    filled: Database, folder: Path, is_killed: bool
) -> None:
    tenant_id, key_id = row_of(filled, "SELECT tenant_id, id FROM api_keys LIMIT 1")
    with filled.as_owner() as other, other.transaction():
        other.execute("UPDATE cases SET title = 'y' WHERE tenant_id = %s", [tenant_id])
        migration = Interrupted(filled, INDEX, folder)
        migration.wait_until(INVALID)
        # Writers do not queue behind it.
        with filled.as_owner() as writer:
            writer.execute("SET lock_timeout = '5s'")
            case = {"tenant_id": tenant_id, "id": uuid4(), "title": "z", "content": "{}", "created_by": key_id}
            insert(writer, "cases", [case])
        if is_killed:
            migration.kill()
            assert alembic(filled, "current").stdout == "b1c2d3e4f505 (head)\n"

    ended = migration.run_again() if is_killed else migration.process.wait(timeout=60)

    assert ended == 0
    assert row_of(filled, MADE) == (True, "made")


ONCE = (
    "SELECT count(*), count(*) FILTER (WHERE version = 2), count(*) FILTER (WHERE amendment_reason = '100 %')"
    " FROM cases"
)


def test_an_update_in_slices_changes_each_row_once(filled: Database, upgrade: Upgrade) -> None:
    ended = upgrade(filled, SLICES)

    assert ended.returncode == 0, ended.stderr
    assert row_of(filled, ONCE) == (CASES, CASES, CASES)


@pytest.mark.parametrize("is_killed", [True, False], ids=["killed", "not-killed"])
def test_an_interrupted_update_in_slices_continues_and_changes_each_row_once(
    filled: Database, folder: Path, is_killed: bool
) -> None:
    last = row_of(filled, "SELECT tenant_id, id FROM cases ORDER BY id DESC LIMIT 1")
    with filled.as_owner() as other, other.transaction():
        # Another transaction has locked the last row.
        other.execute("SELECT FROM cases WHERE tenant_id = %s AND id = %s FOR UPDATE", last)
        migration = Interrupted(filled, SLICES, folder)
        migration.wait_until("SELECT FROM cases WHERE version = 2")
        eventually(lambda: filled.count_waiting("%UPDATE%cases%"))
        half_way = row_of(filled, ONCE)
        if is_killed:
            migration.kill()

    ended = migration.run_again() if is_killed else migration.process.wait(timeout=60)

    assert half_way == (CASES, CASES - 2, CASES - 2)
    assert ended == 0
    assert row_of(filled, ONCE) == (CASES, CASES, CASES)
