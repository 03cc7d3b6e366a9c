"""`clincore distribute`: what it says without Citus and, on a cluster, that it moves everything or nothing."""

import asyncio
import json
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from support import citus
from support.cases import CONSULTATION, make_case
from support.commands import environment, run
from support.database import Database
from support.later_version import make_later_version
from support.load import Load, Request, end
from support.pages import commands
from support.paths import ROOT
from support.schema import NewDatabase, checkout_with
from support.service import serve
from support.shell import Shell
from support.tenants import bootstrap
from support.terminal import Terminal
from support.waiting import eventually

EVENTS = 100_000


def distribute(database: Database, *options: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return run("clincore", "distribute", *options, DATABASE_URL=database.url, **variables)


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.as_superuser() as superuser:
        return superuser.execute(query).fetchall()


class TestWithoutCitus:
    pytestmark = citus.not_on_a_cluster("the databases of these tests have no extension")

    def test_one_line_says_what_is_missing_and_where_to_read_on(self, database: Database) -> None:
        ended = distribute(database, "--yes")

        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr == "clincore: The database has no Citus extension. See: clincore distribute --plan\n"

    def test_the_plan_has_the_superusers_statements_and_every_table(self, database: Database) -> None:
        ended = distribute(database, "--plan")

        assert ended.returncode == 0, ended.stderr
        placed = {words[0]: words[1:3] for line in ended.stdout.splitlines() if len(words := line.split()) == 4}
        assert placed["tenant_names"] == placed["signing_keys"] == ["local", "reference"]
        assert placed["cases"] == ["local", "distributed"]
        assert "CREATE EXTENSION IF NOT EXISTS citus" in ended.stdout
        assert f'\\connect "{database.name}"' in ended.stdout
        assert ended.stdout.endswith("\nThen run: clincore distribute\n")

    def test_an_empty_database_has_a_plan_too(self, database: Database, new_database: NewDatabase) -> None:
        ended = distribute(new_database(), "--plan")

        assert ended.returncode == 0, ended.stderr
        assert "SELECT citus_add_node(" in ended.stdout
        assert ended.stdout.endswith("\nThen run: clincore migrate && clincore distribute\n")

    def test_an_empty_database_cannot_be_distributed(self, database: Database, new_database: NewDatabase) -> None:
        ended = distribute(new_database(), "--yes")

        assert (ended.returncode, ended.stdout) == (2, "")
        assert "run: clincore migrate" in ended.stderr and ended.stderr.count("\n") == 1

    def test_the_plan_as_json_says_what_is_missing(self, database: Database) -> None:
        document = json.loads(distribute(database, "--plan", "--json").stdout)

        assert (document["ready"], document["obstacle"]) == (False, "The database has no Citus extension.")
        assert {"table": "cases", "now": "local", "wanted": "distributed"}.items() <= {
            one["table"]: one for one in document["tables"]
        }["cases"].items()


@pytest.fixture
def prepared(database: Database, new_database: NewDatabase) -> Database:
    """A database of a cluster, migrated after the superuser's part. The shared one comes first: it has clincore_app."""
    made = new_database()
    citus.prepare(made.name, made.url)
    migrated = run("clincore", "migrate", DATABASE_URL=made.url)
    assert migrated.returncode == 0, migrated.stderr
    return made


@pytest.fixture
def filled(prepared: Database) -> Database:
    """Tenants with many usage events."""
    with prepared.as_superuser() as superuser:
        superuser.execute("INSERT INTO tenant_names SELECT gen_random_uuid(), 't' || n FROM generate_series(1, 50) n")
        superuser.execute("INSERT INTO tenants (id, name) SELECT tenant_id, name FROM tenant_names")
        superuser.execute(
            "INSERT INTO api_keys (tenant_id, id, key_hash, label)"
            " SELECT id, gen_random_uuid(), repeat('0', 64), 'x' FROM tenants"
        )
        superuser.execute(
            "INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint)"
            " SELECT tenant_id, gen_random_uuid(), id, 'GET', '/cases' FROM api_keys, generate_series(1, %s)",
            [EVENTS // 50],
        )
    return prepared


DISTRIBUTED = "SELECT count(*) FROM pg_dist_partition"
UNFORCED = (
    "SELECT relname FROM pg_class JOIN pg_attribute a ON attrelid = pg_class.oid AND attname = 'tenant_id'"
    " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relforcerowsecurity"
)
NUMBERS = "SELECT (SELECT count(*) FROM tenants), (SELECT count(*) FROM api_keys), (SELECT count(*) FROM usage_events)"
FILLED = [(50, 50, EVENTS)]
ON_WORKERS = "SELECT result FROM run_command_on_workers({}) ORDER BY 1"


def assert_nothing_is_distributed(database: Database) -> None:
    assert rows(database, DISTRIBUTED) == [(0,)]
    assert rows(database, UNFORCED) == []
    assert rows(database, NUMBERS) == FILLED


def assert_all_is_distributed(database: Database) -> None:
    again = distribute(database)
    assert (again.returncode, again.stdout) == (0, "Nothing to do: all tables are distributed.\n"), again.stderr
    plan = json.loads(distribute(database, "--plan", "--json").stdout)
    assert (plan["ready"], {one["now"] for one in plan["tables"]}) == (True, {"distributed", "reference"})
    assert rows(database, UNFORCED) == []
    # No copy stays on the coordinator.
    assert rows(database, "SELECT sum(pg_relation_size(logicalrelid)) FROM pg_dist_partition") == [(0,)]


@citus.needs_cluster
class TestOnACluster:
    def test_the_superusers_part_comes_before_the_first_migration(
        self, database: Database, new_database: NewDatabase
    ) -> None:
        empty = new_database()
        citus.prepare(empty.name, empty.url)

        planned = distribute(empty, "--plan")
        migrated = run("clincore", "migrate", DATABASE_URL=empty.url)
        done = distribute(empty)

        # A new worker needs the superuser's part, of a cluster that is ready too.
        assert "CREATE EXTENSION IF NOT EXISTS citus" in planned.stdout
        assert "SELECT nodeid, success, result FROM run_command_on_all_nodes(" in planned.stdout
        assert planned.stdout.endswith("\nThe cluster is ready. Run: clincore migrate && clincore distribute\n")
        assert (migrated.returncode, done.returncode) == (0, 0), migrated.stderr + done.stderr
        assert done.stdout.splitlines()[0].endswith(" tables were distributed.")
        assert_all_is_distributed(empty)

    def test_the_script_for_compose_makes_the_nodes_and_can_be_repeated(
        self, database: Database, new_database: NewDatabase
    ) -> None:
        made = new_database()
        name, first = made.name, make_url(made.superuser_url)
        # The roles of roles.sh.
        script = (ROOT / "deploy" / "postgres" / "citus.sh").read_text().replace("clincore_owner", name)
        script = re.sub(r"\bclincore\b", name, script)
        given = {
            "CITUS_COORDINATOR": f"{first.host}:{first.port}",
            "CITUS_WORKERS": " ".join(f"{host}:{port}" for host, port in citus.WORKERS),
            "PGPASSWORD": first.password or "none",
            "CLINCORE_OWNER_PASSWORD": make_url(made.url).password or "",
            "CLINCORE_APP_PASSWORD": "none",
        }
        for _ in range(2):
            ended = subprocess.run(
                ["sh"], input=script, env=environment(**given), capture_output=True, text=True, check=False
            )
            assert ended.returncode == 0, ended.stderr

        migrated = run("clincore", "migrate", DATABASE_URL=made.url)
        assert migrated.returncode == 0, migrated.stderr
        assert distribute(made).returncode == 0
        assert_all_is_distributed(made)

    def test_the_commands_of_the_page_make_a_cluster(
        self, database: Database, new_database: NewDatabase, own_folder: Path
    ) -> None:
        empty = new_database()
        citus.prepare(empty.name, empty.url)

        with Shell(own_folder, DATABASE_URL=empty.url) as shell:
            for command in commands("docs/citus.md"):
                # The plan of a cluster that is made says so.
                expected = "The cluster is ready." if "--plan" in command.text else command.expected
                assert expected in shell(command.text), command.text

    def test_rows_are_moved_and_progress_is_shown(self, filled: Database) -> None:
        terminal = Terminal(["clincore", "distribute", "--yes"], DATABASE_URL=filled.url)

        assert terminal.end() == 0, terminal.written
        assert "distributing usage_events" in terminal.written
        assert rows(filled, NUMBERS) == FILLED
        assert_all_is_distributed(filled)

    @pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "killed"])
    def test_an_interrupted_run_leaves_nothing_and_can_be_repeated(
        self, filled: Database, sent: signal.Signals
    ) -> None:
        process = subprocess.Popen(
            ["clincore", "distribute"], env=environment(DATABASE_URL=filled.url), stderr=subprocess.DEVNULL
        )
        copying = "SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%create_distributed_table%'"
        copying += (
            f" AND datname = '{filled.name}' AND now() - query_start > interval '20 ms' AND pid <> pg_backend_pid()"
        )
        eventually(lambda: rows(filled, copying))
        process.send_signal(sent)
        assert process.wait(60) != 0

        eventually(lambda: not rows(filled, copying))
        assert_nothing_is_distributed(filled)
        assert distribute(filled).returncode == 0
        assert rows(filled, NUMBERS) == FILLED
        assert_all_is_distributed(filled)

    def test_a_failed_step_leaves_row_security_forced_on_every_table(self, filled: Database) -> None:
        with filled.as_owner() as owner:
            # Citus refuses the unique constraint. The table comes last.
            owner.execute("CREATE TABLE zz (tenant_id uuid REFERENCES tenants, id uuid UNIQUE)")
            owner.execute("ALTER TABLE zz ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")

        ended = distribute(filled)

        assert ended.returncode != 0
        assert ended.stderr.startswith("clincore: ") and "zz" in ended.stderr
        assert_nothing_is_distributed(filled)

    def test_no_acknowledged_write_is_lost_while_tables_are_distributed(self, filled: Database, folder: Path) -> None:
        async def main(url: str, case: str, key: dict[str, str]) -> Load:
            requests = [Request("GET", f"/cases/{case}", 200, key), Request("POST", "/cases", 201, key, CONSULTATION)]
            load = Load(url, requests, pause=0.01)
            clients = load.start(2)
            await asyncio.sleep(1)
            ended = await asyncio.to_thread(distribute, filled)
            assert ended.returncode == 0, ended.stderr
            # Without a restart the service goes on.
            answered = load.answers["POST 201"]
            while load.answers["POST 201"] < answered + 20:
                await asyncio.sleep(0.1)
            await end(clients)
            return load

        with serve(filled, folder) as service:
            with httpx.Client(base_url=service.url, timeout=30) as client:
                tenant = bootstrap(client)
                set_paid = run("clincore", "tenants", "set-billing", tenant.name, "paid", DATABASE_URL=filled.url)
                assert set_paid.returncode == 0, set_paid.stderr
                case = make_case(client, tenant.key)
                before = rows(filled, f"SELECT count(*) FROM usage_events WHERE tenant_id = '{tenant.id}'")[0][0]
            load = asyncio.run(asyncio.wait_for(main(service.url, case, tenant.key), 120))

        assert load.answers.keys() <= {"GET 200", "POST 201", "GET 503", "POST 503"}
        assert all(": 503 " in failure for failure in load.failures), load.failures
        unanswered = load.unanswered
        cases = rows(filled, f"SELECT count(*) FROM cases WHERE tenant_id = '{tenant.id}'")[0][0]
        assert 0 <= cases - 1 - load.answers["POST 201"] <= unanswered["POST"] + load.answers["POST 503"]
        events = rows(filled, f"SELECT count(*) FROM usage_events WHERE tenant_id = '{tenant.id}'")[0][0] - before
        acknowledged = load.answers["GET 200"] + load.answers["POST 201"]
        refused = load.answers["GET 503"] + load.answers["POST 503"]
        assert 0 <= events - acknowledged <= refused + unanswered.total()
        assert_all_is_distributed(filled)


NEXT = """\
op.create_table(
    "notes",
    sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True),
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("case_id", sa.Uuid()),
    sa.ForeignKeyConstraint(["tenant_id", "case_id"], ["cases.tenant_id", "cases.id"]),
)
op.isolate_tenants("notes", "SELECT, INSERT")
op.create_index("ix_notes", "notes", ["tenant_id", "case_id"])
op.execute("CREATE FUNCTION later(uuid) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM notes WHERE id = $1'")
"""


@pytest.fixture
def distributed(database: Database, migrated_database: NewDatabase) -> Database:
    """A distributed database with cases of two tenants."""
    made = migrated_database()
    with made.as_superuser() as superuser:
        for place in (1, 2):
            tenant, key = (f"{kind}0000000-0000-4000-8000-00000000000{place}" for kind in "ab")
            superuser.execute("INSERT INTO tenant_names VALUES (%s, %s)", [tenant, f"t{place}"])
            superuser.execute("INSERT INTO tenants (id, name) VALUES (%s, %s)", [tenant, f"t{place}"])
            superuser.execute(
                "INSERT INTO api_keys (tenant_id, id, key_hash, label) VALUES (%s, %s, repeat('0', 64), 'x')",
                [tenant, key],
            )
            for _ in range(15):
                superuser.execute(
                    "INSERT INTO cases (tenant_id, id, title, content, created_by)"
                    " VALUES (%s, gen_random_uuid(), 'x', '{}', %s)",
                    [tenant, key],
                )
    return made


@citus.needs_cluster
class TestMigrationsOfADistributedDatabase:
    def test_a_later_version_is_installed_and_everything_stays_distributed(
        self, distributed: Database, folder: Path
    ) -> None:
        later = str(make_later_version(folder))

        migrated = run("clincore", "migrate", DATABASE_URL=distributed.url, PYTHONPATH=later)

        assert migrated.returncode == 0, migrated.stderr
        assert rows(distributed, "SELECT count(*), count(later) FROM cases") == [(30, 30)]
        # It compares the workers, and the start of the service checks that every table is distributed.
        again = distribute(distributed, PYTHONPATH=later)
        assert (again.returncode, again.stdout) == (0, "Nothing to do: all tables are distributed.\n"), again.stderr

    @pytest.mark.parametrize("is_printed", [False, True], ids=["run", "printed"])
    def test_new_tables_and_functions_reach_every_node(
        self, distributed: Database, folder: Path, bin_on_path: str, is_printed: bool
    ) -> None:
        checkout = checkout_with(NEXT, folder)
        if is_printed:
            printed = run("alembic", "upgrade", "b1c2d3e4f505:head", "--sql", cwd=checkout)
            (checkout / "printed.sql").write_text(printed.stdout)
            psql = ("clincore", "psql", "--set=ON_ERROR_STOP=1", "-f", str(checkout / "printed.sql"))
            ended = run(*psql, DATABASE_URL=distributed.url, PATH=bin_on_path)
        else:
            ended = run("alembic", "upgrade", "head", cwd=checkout, DATABASE_URL=distributed.url)

        assert ended.returncode == 0, ended.stderr
        placed = rows(
            distributed,
            "SELECT n.colocationid = t.colocationid, n.partmethod::text FROM pg_dist_partition n, pg_dist_partition t"
            " WHERE n.logicalrelid = 'notes'::regclass AND t.logicalrelid = 'tenants'::regclass",
        )
        assert placed == [(True, "h")]
        for found, count in (
            ("pg_proc WHERE proname = 'later'", 1),
            ("pg_class WHERE relname = 'notes' AND relforcerowsecurity", 1),
            (r"pg_class WHERE relname ~ '^notes_\d+$' AND relforcerowsecurity", citus.SHARDS // len(citus.WORKERS)),
            (r"pg_policies WHERE tablename ~ '^notes_\d+$'", 2 * citus.SHARDS // len(citus.WORKERS)),
        ):
            counted = rows(distributed, ON_WORKERS.format(f"$$SELECT count(*) FROM {found}$$"))
            assert counted == [(str(count),)] * len(citus.WORKERS), found
        again = distribute(distributed)
        assert (again.returncode, again.stderr) == (0, "")

    def test_an_invalid_index_of_an_interrupted_run_is_replaced(self, distributed: Database, folder: Path) -> None:
        with distributed.as_owner() as owner, pytest.raises(psycopg.Error):
            owner.execute("CREATE UNIQUE INDEX CONCURRENTLY ix_later ON cases (tenant_id, title)")
        checkout = checkout_with('op.create_index_concurrently("ix_later", "cases", ["tenant_id", "title"])', folder)

        ended = run("alembic", "upgrade", "head", cwd=checkout, DATABASE_URL=distributed.url)

        assert ended.returncode == 0, ended.stderr
        valid = (
            "SELECT count(*) FROM pg_index JOIN pg_class ON oid = indexrelid WHERE relname ~ '^ix_later' AND indisvalid"
        )
        assert rows(distributed, valid) == [(1,)]
        counted = rows(distributed, ON_WORKERS.format(f"$${valid}$$"))
        # The shards on a worker, and its own empty table.
        assert counted == [(str(citus.SHARDS // len(citus.WORKERS) + 1),)] * len(citus.WORKERS)
