"""The schema on its way up and down, what refuses to start on which database, and a backup that comes back."""

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from clincore.db import migrations as schema
from clincore.db.session import libpq
from clincore.errors import StartupError
from clincore.postgres import embedded
from support.cases import make_case
from support.commands import environment, run
from support.database import SHARED_CLUSTER, Database, make_database
from support.paths import ROOT, make_folder
from support.service import free_port, serve
from support.tenants import bootstrap

HEAD = "b1c2d3e4f505 (head)\n"
# What env.py holds while it migrates.
MIGRATION_LOCK = 0x436C696E436F7265

NewDatabase = Callable[[], Database]


def alembic(database: Database, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return run("alembic", *words, **{"DATABASE_URL": database.url} | variables)


def schema_of(database: Database) -> list[tuple[str, str]]:
    """All that the migrations make, as text, without the owner's name."""
    queries = [
        "SELECT 'column', format('%s.%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod),"
        " attnotnull, attacl) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
        " WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped AND relkind <> 'i'",
        "SELECT 'relation', format('%s %s %s %s %s', relname, relkind, relrowsecurity, relforcerowsecurity, relacl)"
        " FROM pg_class WHERE relnamespace = 'public'::regnamespace",
        "SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT 'constraint', conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
        "SELECT 'policy', format('%s %s %s %s %s %s %s', tablename, policyname, permissive, roles, cmd, qual,"
        " with_check) FROM pg_policies",
        "SELECT 'function', oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        "SELECT 'type', typname FROM pg_type WHERE typnamespace = 'public'::regnamespace",
        "SELECT 'right', format('%s %s', has_schema_privilege(oid, 'public', 'USAGE'),"
        " has_database_privilege(oid, current_database(), 'TEMP')) FROM pg_roles WHERE rolname = 'clincore_app'",
    ]
    with database.as_superuser() as connection:
        found = connection.execute(" UNION ALL ".join(queries) + " ORDER BY 1, 2").fetchall()
        return [(kind, entry.replace(connection.info.dbname, "<owner>")) for kind, entry in found]


# For changes that are the whole cluster's.
UNSHARED = pytest.mark.skipif(SHARED_CLUSTER, reason="other tests are at work with the same roles; pytest -n 0 runs it")


@contextmanager
def login(database: Database, attributes: str) -> Iterator[str]:
    """The URL of another login for the database."""
    name = f"clincore_test_{uuid4().hex[:12]}"
    with database.as_superuser() as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN {attributes} PASSWORD '{name}'")
        try:
            yield make_url(database.url).set(username=name, password=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP OWNED BY {name}")
            connection.execute(f"DROP ROLE {name}")


@contextmanager
def changed(database: Database, change: str, back: str) -> Iterator[None]:
    """A change by a superuser, taken back at the end whatever came between."""
    with database.as_superuser() as connection:
        connection.execute(change)
        try:
            yield
        finally:
            connection.execute(back)


def name_of(database: Database) -> str:
    return str(make_url(database.url).database)


def plain(database: Database) -> str:
    """The URL as libpq's tools know it."""
    return database.url.replace("postgresql+psycopg:", "postgresql:")


@pytest.fixture(scope="module")
def altered(migrated_database: NewDatabase) -> Database:
    """A database for changes that are taken back."""
    return migrated_database()


def test_alembic_prints_what_the_runbook_says(database: Database) -> None:
    printed = [alembic(database, command).stdout for command in ("heads", "current", "check")]

    assert printed == [HEAD, HEAD, "No new upgrade operations detected.\n"]


def test_down_leaves_nothing_but_the_role_and_up_again_makes_the_same(
    altered: Database, new_database: NewDatabase
) -> None:
    """`altered` has made the role, so that both times without tables are with the role."""
    database = new_database()
    empty = schema_of(database)
    first = alembic(database, "upgrade", "head")
    made = schema_of(database)

    down = alembic(database, "downgrade", "base")
    left = [entry for entry in schema_of(database) if "alembic_version" not in entry[1]]
    up = alembic(database, "upgrade", "head")

    assert [step.returncode for step in (first, down, up)] == [0, 0, 0], down.stderr + up.stderr
    assert left == empty
    assert len(made) > 50
    assert schema_of(database) == made
    with database.as_superuser() as connection:
        assert connection.execute("SELECT FROM pg_roles WHERE rolname = 'clincore_app'").rowcount == 1


@pytest.mark.parametrize("attributes", ["SUPERUSER", "BYPASSRLS CREATEROLE"])
def test_migrations_refuse_a_login_that_row_security_spares(new_database: NewDatabase, attributes: str) -> None:
    database = new_database()
    read_only = f"ALTER DATABASE {name_of(database)} SET default_transaction_read_only = "
    with login(database, attributes) as url, changed(database, read_only + "on", read_only + "off"):
        refused = alembic(database, "upgrade", "head", DATABASE_URL=url)

    # In a database that is read-only the first statement that changes anything would have had another error.
    assert refused.returncode != 0
    assert "CREATE ROLE clincore_owner LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD" in refused.stderr
    assert "CREATE DATABASE clincore OWNER clincore_owner;" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not [entry for entry in schema_of(database) if entry[0] == "relation"]


@pytest.mark.parametrize("holder", [pytest.param("ROLE", marks=UNSHARED), "DATABASE"])
def test_migrations_refuse_a_default_tenant(database: Database, holder: str) -> None:
    # The owner and its database have the same name here.
    setting = f"ALTER {holder} {name_of(database)} %s app.tenant_id"
    with changed(database, setting % "SET" + f" = '{uuid4()}'", setting % "RESET"):
        refused = alembic(database, "upgrade", "head")

    assert refused.returncode != 0
    assert setting % "RESET" in refused.stderr or (
        holder == "DATABASE" and "ALTER DATABASE ... RESET" in refused.stderr
    )
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("is_made", ["before this one looks", "after"])
def test_two_databases_of_one_cluster_may_make_the_role_at_once(is_made: str) -> None:
    """The other has not yet committed when this migration looks for the role and finds none."""
    make = "CREATE ROLE clincore_app LOGIN"
    with make_folder() as place:
        cluster = embedded.start(place / "data", options={"fsync": "off"})
        try:
            with (
                make_database(cluster.superuser_url) as database,
                psycopg.connect(libpq(cluster.superuser_url)) as other,
                ThreadPoolExecutor() as threads,
            ):
                # The lock lets this one look and not make.
                other.execute(make if is_made == "before this one looks" else "LOCK TABLE pg_authid IN SHARE MODE")
                migration = threads.submit(alembic, database, "upgrade", "head")
                waits = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'CREATE ROLE%'"
                deadline = time.monotonic() + 20
                with database.as_superuser() as watcher:
                    while not watcher.execute(waits).rowcount:
                        assert time.monotonic() < deadline
                        time.sleep(0.02)
                if is_made == "after":
                    other.execute(make)
                other.commit()
                refused = migration.result()
        finally:
            cluster.close(wait=20)
    # Since PostgreSQL 16 only whoever made a role, or a superuser, can grant it.
    assert "Traceback" not in refused.stderr
    assert f"GRANT clincore_app TO {name_of(database)} WITH" in refused.stderr


def test_an_owner_that_may_not_grant_the_role_gets_the_lines_that_help(
    database: Database, new_database: NewDatabase
) -> None:
    """The shared database has made the role already, as another ClinCore on the same cluster would have."""
    other = new_database()
    with login(other, "NOCREATEROLE") as url:
        owner = str(make_url(url).username)
        with other.as_superuser() as connection:
            connection.execute(f"ALTER DATABASE {name_of(other)} OWNER TO {owner}")
            refused = alembic(other, "upgrade", "head", DATABASE_URL=url)
            lines = [line.strip() for line in refused.stderr.splitlines() if line.startswith("  ")]

            assert refused.returncode != 0
            assert "Traceback" not in refused.stderr
            assert lines[0].startswith("CREATE ROLE clincore_app LOGIN NOSUPERUSER NOBYPASSRLS")
            assert lines[1].startswith(f"GRANT clincore_app TO {owner}")
            # The first is for a cluster without the role.
            connection.execute(lines[1])
            assert alembic(other, "upgrade", "head", DATABASE_URL=url).returncode == 0
            connection.execute(f"ALTER DATABASE {name_of(other)} OWNER TO {name_of(other)}")


def test_two_upgrades_at_once_both_succeed(new_database: NewDatabase) -> None:
    database = new_database()
    command, settings = ["alembic", "upgrade", "head"], environment(DATABASE_URL=database.url)
    with database.as_superuser() as connection:
        # Both are made to wait, so that they begin at the same moment.
        connection.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        both = [subprocess.Popen(command, cwd=ROOT, env=settings, stderr=subprocess.PIPE) for _ in range(2)]
        waiting, deadline = 0, time.monotonic() + 20
        while waiting < 2 and time.monotonic() < deadline and not any(process.poll() for process in both):
            time.sleep(0.05)
            found = connection.execute(
                "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            waiting = found.rowcount
    errors = [process.communicate(timeout=60)[1] for process in both]

    assert waiting == 2
    assert [process.returncode for process in both] == [0, 0], errors
    assert alembic(database, "current").stdout == HEAD


DATA_MIGRATION = """\
from alembic import op

revision, down_revision, branch_labels, depends_on = "b1c2d3e4f506", "b1c2d3e4f505", None, None


def upgrade():
    op.execute("UPDATE cases SET title = title || ' (moved)'")
"""


def two_tenants_with_a_case(database: Database) -> None:
    with database.as_owner() as operator:
        operator.execute("INSERT INTO tenants (id, name) VALUES (gen_random_uuid(), 'a'), (gen_random_uuid(), 'b')")
        operator.execute(
            "INSERT INTO api_keys (tenant_id, id, key_hash, label)"
            " SELECT id, gen_random_uuid(), repeat('0', 64), 'x' FROM tenants"
        )
        operator.execute(
            "INSERT INTO cases (tenant_id, id, title, content, created_by)"
            " SELECT tenant_id, gen_random_uuid(), 'x', '{}', id FROM api_keys"
        )


def test_a_migration_of_data_reaches_the_rows_of_every_tenant(migrated_database: NewDatabase, folder: Path) -> None:
    database, checkout = migrated_database(), folder / "checkout"
    shutil.copytree(ROOT / "alembic", checkout / "alembic", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "alembic.ini", checkout)
    (checkout / "alembic" / "versions" / "next.py").write_text(DATA_MIGRATION)
    two_tenants_with_a_case(database)

    upgraded = run("alembic", "upgrade", "head", cwd=checkout, DATABASE_URL=database.url)

    assert upgraded.returncode == 0, upgraded.stderr
    with database.as_superuser() as connection:
        titles = connection.execute("SELECT title, count(DISTINCT tenant_id) FROM cases GROUP BY 1").fetchall()
    assert titles == [("x (moved)", 2)]


def test_a_foreign_key_that_the_owner_adds_is_checked_against_the_rows_of_every_tenant(altered: Database) -> None:
    two_tenants_with_a_case(altered)

    with altered.as_owner() as owner, pytest.raises(psycopg.errors.ForeignKeyViolation):
        owner.execute("ALTER TABLE cases ADD FOREIGN KEY (tenant_id, id) REFERENCES api_keys (tenant_id, id)")


DRIFTS = {
    "cases.finalized_at": (
        "ALTER TABLE cases DROP COLUMN finalized_at",
        "ALTER TABLE cases ADD COLUMN finalized_at timestamptz",
    ),
    "cases.mine": ("ALTER TABLE cases ADD COLUMN mine text", "ALTER TABLE cases DROP COLUMN mine"),
    "cases.title": (
        "ALTER TABLE cases ALTER COLUMN title DROP NOT NULL",
        "ALTER TABLE cases ALTER COLUMN title SET NOT NULL",
    ),
    "mine_key": (
        "ALTER TABLE cases RENAME CONSTRAINT uq_cases_tenant_id_external_id TO mine_key",
        "ALTER TABLE cases RENAME CONSTRAINT mine_key TO uq_cases_tenant_id_external_id",
    ),
    "ix_cases_tenant_id_updated_at": (
        "DROP INDEX ix_cases_tenant_id_updated_at",
        "CREATE INDEX ix_cases_tenant_id_updated_at ON cases (tenant_id, updated_at)",
    ),
}


@pytest.mark.parametrize("named", DRIFTS)
def test_a_database_with_another_schema_is_refused_by_the_name_of_the_difference(altered: Database, named: str) -> None:
    with changed(altered, *DRIFTS[named]), pytest.raises(StartupError) as refused:
        schema.check(altered.url)

    assert named in str(refused.value)
    schema.check(altered.url)


FORCE = "ALTER TABLE cases %s ROW LEVEL SECURITY"
UNSAFE = {
    "not-enabled": (FORCE % "DISABLE", FORCE % "ENABLE"),
    "not-forced": (FORCE % "NO FORCE", FORCE % "FORCE"),
    "app-bypasses": ("ALTER ROLE clincore_app BYPASSRLS", "ALTER ROLE clincore_app NOBYPASSRLS"),
    "app-owns-a-table": ("CREATE TABLE mine (); ALTER TABLE mine OWNER TO clincore_app", "DROP TABLE IF EXISTS mine"),
    "default-of-database": ("ALTER DATABASE {0} SET app.x = '1'", "ALTER DATABASE {0} RESET app.x"),
    "default-of-role": ("ALTER ROLE {0} SET app.x = '1'", "ALTER ROLE {0} RESET app.x"),
    "default-of-role-in-database": (
        "ALTER ROLE {0} IN DATABASE {0} SET app.x = '1'",
        "ALTER ROLE {0} IN DATABASE {0} RESET app.x",
    ),
    "default-of-all-roles": ("ALTER ROLE ALL SET app.x = '1'", "ALTER ROLE ALL RESET app.x"),
    "not-a-member": ("REVOKE clincore_app FROM {0}", "GRANT clincore_app TO {0}"),
}
OF_THE_CLUSTER = {"app-bypasses", "default-of-role", "default-of-all-roles"}


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, marks=UNSHARED if fault in OF_THE_CLUSTER else ()) for fault in UNSAFE]
)
def test_a_database_that_does_not_part_tenants_is_refused_with_the_line_that_helps(
    altered: Database, fault: str
) -> None:
    name = name_of(altered)
    with changed(altered, *(statement.format(name) for statement in UNSAFE[fault])):
        with pytest.raises(StartupError) as refused:
            schema.check(altered.url)
        remedy = re.search(r"Run[^:]*: ((?:ALTER|GRANT) .*)", str(refused.value))
        assert remedy, refused.value
        with altered.as_superuser() as connection:
            connection.execute(remedy[1].replace("<owner>", name))
            # What is nobody's table any more is a table too many.
            connection.execute("DROP TABLE IF EXISTS mine")
            schema.check(altered.url)


def refusal(*command: str, **variables: str) -> str:
    """What a command that does not start says: a line of what is wrong, and perhaps one of what to do."""
    done = run(*command, **variables)
    lines = done.stderr.strip().splitlines()
    assert (done.returncode, done.stdout) == (2, ""), done.stdout + done.stderr
    assert len(lines) in (1, 2) and lines[0].startswith("clincore: "), done.stderr
    return lines[0]


def uvicorn_refusal(**variables: str) -> str:
    """The same from uvicorn on its own, which logs it and ends with its own code for a failed start."""
    done = run("uvicorn", "clincore.asgi:app", **variables)
    (line,) = [line for line in done.stderr.splitlines() if "clincore: " in line]
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (3, "", False), done.stderr
    return str(json.loads(line)["event"])


SERVE = ("clincore", "serve", "--port")


def test_whatever_is_wrong_with_the_database_is_said_with_exit_code_2(altered: Database) -> None:
    with changed(altered, *DRIFTS["cases.finalized_at"]):
        assert "cases.finalized_at" in refusal(*SERVE, str(free_port()), DATABASE_URL=altered.url)
    with changed(altered, *UNSAFE["not-forced"]):
        assert "FORCE ROW LEVEL SECURITY" in uvicorn_refusal(DATABASE_URL=altered.url)


@pytest.mark.parametrize(("attributes", "fault"), [("SUPERUSER", "is a superuser"), ("BYPASSRLS", "has BYPASSRLS")])
def test_the_service_does_not_start_with_a_login_that_row_security_spares(
    altered: Database, attributes: str, fault: str
) -> None:
    with login(altered, attributes) as url:
        variables = {"DATABASE_URL": url, "MIGRATION_DATABASE_URL": altered.url}
        if attributes == "SUPERUSER":
            assert fault in refusal(*SERVE, str(free_port()), **variables)
        else:
            assert fault in uvicorn_refusal(**variables)


def test_uvicorn_does_not_start_on_a_database_without_tables(new_database: NewDatabase) -> None:
    line = uvicorn_refusal(DATABASE_URL=new_database().url)

    assert line.endswith("Run: alembic upgrade head")


def test_settings_that_cannot_be_used_are_refused_by_what_is_wrong(altered: Database) -> None:
    url = make_url(altered.url)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy, free = taken.getsockname()[1], free_port()
        nowhere = url.set(host="127.0.0.1", port=free, query={}).render_as_string(hide_password=False)
        wrong = {
            "psycopg 3": refusal(*SERVE, str(free), DATABASE_URL=plain(altered)),
            "Connection refused": refusal(*SERVE, str(free), DATABASE_URL=nowhere),
            "LOG_LEVEL": refusal(*SERVE, str(free), DATABASE_URL=altered.url, LOG_LEVEL="LOUD"),
            f"127.0.0.1:{busy}": refusal(*SERVE, str(busy), DATABASE_URL=altered.url),
        }

    for named, line in wrong.items():
        assert named in line
        assert str(url.password) not in line


ADOPT = (
    "SELECT format('ALTER POLICY operator ON %I TO CURRENT_USER', tablename) FROM pg_policies"
    " WHERE policyname = 'operator' \\gexec\n"
)


def test_a_backup_comes_back_with_its_keys_cases_and_policies(
    migrated_database: NewDatabase, new_database: NewDatabase, folder: Path, bin_on_path: str
) -> None:
    # One of its own: what other tests tamper with could not be restored.
    database, restored, file = migrated_database(), new_database(), str(folder / "clincore.dump")
    with serve(database, folder) as service, httpx.Client(base_url=service.url) as client:
        tenant = bootstrap(client)
        case_id = make_case(client, tenant.key, is_signed=True)
        case = client.get(f"/cases/{case_id}", headers=tenant.key).json()
        key_id = client.get("/auth/whoami", headers=tenant.key).json()["key_id"]
    dump = ("clincore", "pg_dump", "--format=custom", f"--file={file}")
    target = {"DATABASE_URL": restored.url, "PATH": bin_on_path}
    restore = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")

    refused = run("pg_dump", plain(database), PATH=bin_on_path)
    dumped = run(*dump, "--enable-row-security", DATABASE_URL=database.url, PATH=bin_on_path)
    assert refused.returncode != 0 and "row-level security" in refused.stderr
    assert (dumped.returncode, dumped.stderr) == (0, "")
    # The role, the owner's membership in it and the rights on the database are in no dump: the first revision has them.
    assert alembic(restored, "upgrade", "b1c2d3e4f501").returncode == 0
    done = run("clincore", "pg_restore", *restore, f"--dbname={name_of(restored)}", file, **target)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    # The dump names the owner that it was made by.
    adopted = subprocess.run(
        ["clincore", "psql", "--set=ON_ERROR_STOP=1"],
        input=ADOPT,
        env=environment(**target),
        capture_output=True,
        text=True,
    )
    assert adopted.returncode == 0, adopted.stderr

    assert schema_of(restored) == schema_of(database)
    with serve(restored, folder) as service, httpx.Client(base_url=service.url, headers=tenant.key) as again:
        assert again.get(f"/cases/{case['id']}").json() == case
        assert again.post(f"/cases/{case['id']}/verify-replay").json()["valid"] is True
        assert again.post("/cases", json={"title": "x"}).status_code == 201
    with restored.as_owner() as operator:
        found = operator.execute("UPDATE api_keys SET role = 'user' WHERE id = %s", [key_id])
        assert found.rowcount == 1
