"""Upgrade and downgrade of the schema, and the databases that migrations refuse."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from clincore.db.schema_version import MIGRATION_LOCK
from clincore.db.urls import libpq
from clincore.postgres import embedded
from support.commands import environment, run
from support.database import Database, make_database
from support.paths import ROOT, make_folder
from support.rows import insert_tenant
from support.schema import UNSHARED, NewDatabase, alembic, changed, checkout_with, login, schema_of
from support.waiting import eventually

HEAD = "b1c2d3e4f505 (head)\n"


def test_alembic_prints_the_runbooks_output(database: Database) -> None:
    printed = [alembic(database, command).stdout for command in ("heads", "current", "check")]

    assert printed == [HEAD, HEAD, "No new upgrade operations detected.\n"]


def test_downgrade_leaves_only_the_role_and_a_new_upgrade_makes_the_same_schema(
    altered: Database, new_database: NewDatabase
) -> None:
    """`altered` has created the role, so it exists both before and after."""
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
def test_migrations_refuse_a_login_that_bypasses_row_security(new_database: NewDatabase, attributes: str) -> None:
    database = new_database()
    read_only = f"ALTER DATABASE {database.name} SET default_transaction_read_only = "
    with login(database, attributes) as url, changed(database, read_only + "on", read_only + "off"):
        refused = alembic(database, "upgrade", "head", DATABASE_URL=url)

    # In a read-only database the first statement that changes anything would fail with another error.
    assert refused.returncode != 0
    assert "Create the two logins of docs/operations.md" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not [entry for entry in schema_of(database) if entry[0] == "relation"]


@pytest.mark.parametrize("holder", [pytest.param("ROLE", marks=UNSHARED), "DATABASE"])
def test_migrations_refuse_a_default_tenant(database: Database, holder: str) -> None:
    # Here the owner and its database have the same name.
    setting = f"ALTER {holder} {database.name} %s app.tenant_id"
    with changed(database, setting % "SET" + f" = '{uuid4()}'", setting % "RESET"):
        refused = alembic(database, "upgrade", "head")

    assert refused.returncode != 0
    assert setting % "RESET" in refused.stderr or (
        holder == "DATABASE" and "ALTER DATABASE ... RESET" in refused.stderr
    )
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("is_made", ["before this one looks", "after"])
def test_two_databases_of_one_cluster_can_create_the_role_at_the_same_time(is_made: str) -> None:
    """The other one has not yet committed when this migration looks for the role."""
    make = "CREATE ROLE clincore_app LOGIN"
    with make_folder() as place:
        cluster = embedded.start(place / "data", options={"fsync": "off"})
        try:
            with (
                make_database(cluster.superuser_url) as database,
                psycopg.connect(libpq(cluster.superuser_url)) as other,
                ThreadPoolExecutor() as threads,
            ):
                # The lock allows this migration to look for the role, but not to create it.
                other.execute(make if is_made == "before this one looks" else "LOCK TABLE pg_authid IN SHARE MODE")
                migration = threads.submit(alembic, database, "upgrade", "head")
                waits = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'CREATE ROLE%'"
                with database.as_superuser() as watcher:
                    eventually(lambda: watcher.execute(waits).rowcount, 20)
                if is_made == "after":
                    other.execute(make)
                other.commit()
                refused = migration.result()
        finally:
            cluster.close(wait=20)
    # Since PostgreSQL 16 only the login that created a role, or a superuser, can grant it.
    assert "Traceback" not in refused.stderr
    assert f"GRANT clincore_app TO {database.name} WITH" in refused.stderr


def test_an_owner_that_may_not_grant_the_role_gets_the_statements_to_run(
    database: Database, new_database: NewDatabase
) -> None:
    """The shared database has created the role, as another ClinCore on the same cluster would."""
    other = new_database()
    with login(other, "NOCREATEROLE") as url:
        owner = str(make_url(url).username)
        with other.as_superuser() as connection:
            connection.execute(f"ALTER DATABASE {other.name} OWNER TO {owner}")
            refused = alembic(other, "upgrade", "head", DATABASE_URL=url)
            lines = [line.strip() for line in refused.stderr.splitlines() if line.startswith("  ")]

            assert refused.returncode != 0
            assert "Traceback" not in refused.stderr
            assert lines[0].startswith("CREATE ROLE clincore_app LOGIN NOSUPERUSER NOBYPASSRLS")
            assert lines[1].startswith(f"GRANT clincore_app TO {owner}")
            # The first statement is for a cluster without the role.
            connection.execute(lines[1])
            assert alembic(other, "upgrade", "head", DATABASE_URL=url).returncode == 0
            connection.execute(f"ALTER DATABASE {other.name} OWNER TO {other.name}")


def test_two_concurrent_upgrades_both_succeed(new_database: NewDatabase) -> None:
    database = new_database()
    command, settings = ["alembic", "upgrade", "head"], environment(DATABASE_URL=database.url)
    with database.as_superuser() as connection:
        # Both wait for the lock, so that they start at the same moment.
        connection.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        both = [subprocess.Popen(command, cwd=ROOT, env=settings, stderr=subprocess.PIPE) for _ in range(2)]
        others = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        eventually(lambda: connection.execute(others).rowcount == 2 or any(process.poll() for process in both), 20)
    errors = [process.communicate(timeout=60)[1] for process in both]

    assert [process.returncode for process in both] == [0, 0], errors
    assert alembic(database, "current").stdout == HEAD


def two_tenants_with_a_case(database: Database) -> None:
    with database.as_owner() as operator:
        for name in ("a", "b"):
            insert_tenant(operator, name, 1)


def test_a_data_migration_updates_the_rows_of_every_tenant(migrated_database: NewDatabase, folder: Path) -> None:
    database = migrated_database()
    checkout = checkout_with("op.execute(\"UPDATE cases SET title = title || ' (moved)'\")", folder)
    two_tenants_with_a_case(database)

    upgraded = run("alembic", "upgrade", "head", cwd=checkout, DATABASE_URL=database.url)

    assert upgraded.returncode == 0, upgraded.stderr
    with database.as_superuser() as connection:
        titles = connection.execute("SELECT title, count(DISTINCT tenant_id) FROM cases GROUP BY 1").fetchall()
    assert titles == [("x (moved)", 2)]


def test_a_foreign_key_that_the_owner_adds_is_checked_against_the_rows_of_every_tenant(altered: Database) -> None:
    two_tenants_with_a_case(altered)

    with altered.as_owner() as owner, pytest.raises(psycopg.errors.ForeignKeyViolation):
        # With a name: Citus 13.2 does not check existing rows for one without.
        owner.execute(
            "ALTER TABLE cases ADD CONSTRAINT fk_mine FOREIGN KEY (tenant_id, id) REFERENCES api_keys (tenant_id, id)"
        )
