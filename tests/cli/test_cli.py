"""`clincore serve` and `uvicorn`: wrong settings, signals, lost connections; and `clincore psql`."""

import os
import pty
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from clincore import settings
from clincore.cli.serve import _reached_at
from support.commands import environment, run, start
from support.database import Database
from support.paths import make_folder
from support.service import BOOTSTRAP_TOKEN, Service, checked_client, free_port, serve, start_uvicorn, wait_for
from support.tenants import bootstrap
from support.waiting import eventually
from support.workers import worker_processes


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        pytest.param({"DATABASE_URL": "mysql://a@b/c"}, "psycopg", id="another-database"),
        pytest.param({"DATABASE_URL": "postgresql+asyncpg://a@b/c"}, "psycopg", id="another-driver"),
        pytest.param({"DATABASE_URL": "nonsense"}, "is not a URL", id="no-url"),
        pytest.param({"DATABASE_URL": "postgresql+psycopg://a@b"}, "names no database", id="no-database"),
        pytest.param({"DATABASE_URL": "postgresql+psycopg://a@b/c?foo=1"}, "'foo'", id="unknown-parameter"),
        pytest.param({"DATABASE_URL": "postgresql+psycopg://a:geheim@127.0.0.1:1/c"}, "refused", id="unreachable"),
        pytest.param({"DATABASE_URL": "postgresql://a@127.0.0.1:1/c?password=geheim"}, "refused", id="in-the-query"),
        pytest.param({"MIGRATION_DATABASE_URL": "postgresql+psycopg://a@b/c"}, "needs DATABASE_URL", id="owner-alone"),
        pytest.param({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL must be 'DEBUG', ", id="log-level"),
        pytest.param({"CLINCORE_CORS_ORIGINS": "https://geheim.example/"}, "CLINCORE_CORS_ORIGINS", id="origin"),
        pytest.param({"BOOTSTRAP_TOKEN": "geheim\u00fc"}, "BOOTSTRAP_TOKEN", id="token-not-ascii"),
        pytest.param({"BOOTSTRAP_TOKEN": "geheim " * 9}, "an HTTP header cannot carry", id="token-with-spaces"),
        pytest.param({"BOOTSTRAP_TOKEN": "geheim" * 5 + "x"}, "make one with `openssl rand -hex 32`", id="token-short"),
        pytest.param({"CLINCORE_DATA_DIR": "/proc/none"}, "CLINCORE_DATA_DIR", id="folder-that-cannot-be-made"),
        pytest.param({"CLINCORE_TRUSTED_PROXIES": "geheim"}, "CLINCORE_TRUSTED_PROXIES", id="proxies"),
    ],
)
def test_wrong_settings_end_with_a_clear_error_and_exit_code_2(variables: dict[str, str], expected: str) -> None:
    with make_folder() as folder:
        ended = run("clincore", "serve", "--port", str(free_port()), cwd=folder, **variables)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert expected in ended.stderr
    assert "geheim" not in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) <= 2


def test_a_trailing_newline_in_a_setting_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "DATABASE_URL": "postgresql+psycopg://a@b/c",
        "BOOTSTRAP_TOKEN": BOOTSTRAP_TOKEN,
        "CLINCORE_SIGNING_KEY": "/key.pem",
        "CLINCORE_DATA_DIR": "/data",
        "LOG_LEVEL": "ERROR",
        "CLINCORE_TRUSTED_PROXIES": "10.0.0.1",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    expected = settings.load()
    for end in ("\n", "\r\n"):
        for name, value in given.items():
            monkeypatch.setenv(name, value + end)
        assert settings.load() == expected
    assert expected.bootstrap_token is not None
    assert expected.bootstrap_token.get_secret_value() == BOOTSTRAP_TOKEN


def test_a_password_may_contain_any_character(database: Database, folder: Path) -> None:
    password = "p@ss w/or%d+:#?&='\"\\"
    name = make_url(database.url).username
    with database.as_superuser() as superuser:
        superuser.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(str(name)), sql.Literal(password)))
    url = make_url(database.url).set(password=password).render_as_string(hide_password=False)

    migrated = run("clincore", "migrate", cwd=folder, DATABASE_URL=url)

    assert migrated.returncode == 0, migrated.stderr


def test_serve_reports_a_port_in_use(service: Service, database: Database) -> None:
    ended = run("clincore", "serve", "--port", service.url.rpartition(":")[2], DATABASE_URL=database.url)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Choose another --port" in ended.stderr


@pytest.mark.parametrize("host", ["192.0.2.1", "clin.invalid", "a" * 64])
@pytest.mark.parametrize("option", ["--host", "--metrics-host"])
def test_serve_says_which_address_it_cannot_listen_on(database: Database, option: str, host: str) -> None:
    ports = ("--port", str(free_port()), "--metrics-port", str(free_port()))
    ended = run("clincore", "serve", *ports, option, host, DATABASE_URL=database.url)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines()[-1].startswith("clincore: cannot listen on ")
    assert f"Choose another {option}" in ended.stderr and "Traceback" not in ended.stderr


def test_migrate_with_a_login_that_may_not_is_one_line_that_says_what_to_do(database: Database, folder: Path) -> None:
    app = make_url(database.url).set(username="clincore_app").render_as_string(hide_password=False)
    expected = {
        database.superuser_url: "set MIGRATION_DATABASE_URL to that of clincore_owner.",
        app: "Set MIGRATION_DATABASE_URL to the owner's login.",
        "postgresql://a@127.0.0.1:1/c": "Check that the server is running and the URL is correct.",
    }
    for url, text in expected.items():
        ended = run("clincore", "migrate", cwd=folder, DATABASE_URL=url)

        assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
        assert ended.stderr.endswith(f"{text}\n") and "\\n" not in ended.stderr


def test_migrate_says_that_a_table_is_in_its_way(new_database: Callable[[], Database], folder: Path) -> None:
    made = new_database()
    with made.as_owner() as owner:
        owner.execute("CREATE TABLE tenants (id uuid)")

    ended = run("clincore", "migrate", cwd=folder, DATABASE_URL=made.url)

    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
    assert 'relation "tenants" already exists' in ended.stderr and "into an empty database." in ended.stderr


@pytest.mark.parametrize("words", ["psql -c TABLE", "prove-isolation", "migrate --dry-run", "verify revision.json"])
def test_a_command_that_needs_a_database_does_not_create_one(words: str) -> None:
    with make_folder() as folder, make_folder() as elsewhere:
        (elsewhere / "revision.json").write_text("{}")
        ended = run("clincore", *words.replace("revision", f"{elsewhere}/revision").split(), cwd=folder)

        assert ended.returncode == 2
        assert words[:6] != "verify" or "give the public keys with --jwks" in ended.stderr
        assert "no data under" in ended.stderr
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize("option", ["--dry-run", "--json"])
def test_migrate_for_restore_refuses_options_that_it_does_not_have(option: str) -> None:
    ended = run("clincore", "migrate", "--for-restore", option)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "clincore: --for-restore has neither --dry-run nor --json. Leave them out.\n"


def test_plain_uvicorn_logs_no_urls(database: Database, folder: Path) -> None:
    service = start_uvicorn(folder, 1, DATABASE_URL=database.url)
    process = service.process
    try:
        wait_for(service)
        with checked_client(service.url) as client:
            service.line_of(client.get("/cases", params={"external_id": "Jane-Doe"}))
    finally:
        process.terminate()
        process.wait(30)

    assert "Jane-Doe" not in service.log.read_text()


def test_workers_end_and_free_the_port_when_their_parent_is_killed(database: Database, folder: Path) -> None:
    service = start_uvicorn(folder, 2, DATABASE_URL=database.url)
    process = service.process
    wait_for(service)

    process.kill()
    process.wait(10)

    def answers() -> bool:
        try:
            return httpx.get(f"{service.url}/health").status_code == 200
        except httpx.TransportError:
            return False

    deadline = time.monotonic() + 10
    while answers() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not answers()


@pytest.mark.slow
def test_a_restarted_worker_checks_the_database_again(migrated_database: Callable[[], Database], folder: Path) -> None:
    with serve(migrated_database(), folder, program=("clincore", "serve", "--workers", "2")) as service:
        with service.database.as_owner() as operator:
            operator.execute("ALTER TABLE cases NO FORCE ROW LEVEL SECURITY")
        for worker in psutil.Process(service.process.pid).children():
            worker.kill()

        service.process.wait(60)

    assert "ALTER TABLE public.cases FORCE ROW LEVEL SECURITY" in service.log.read_text()


def test_a_worker_that_dies_during_a_health_check_is_replaced_at_once(
    migrated_database: Callable[[], Database], folder: Path
) -> None:
    with serve(migrated_database(), folder, program=("clincore", "serve", "--workers", "2")) as service:
        worker, _ = worker_processes(psutil.Process(service.process.pid))
        worker.suspend()
        time.sleep(2)  # The parent checks twice a second and waits up to 30 s for the answer.

        worker.kill()

        worker.wait(10)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_service_with_exit_code_0(database: Database, folder: Path, number: int) -> None:
    port = free_port()
    with (folder / f"signal-{number}.log").open("wb") as output:
        process = start(
            ["clincore", "serve", "--port", str(port)], stdout=output, stderr=output, DATABASE_URL=database.url
        )
    wait_for(Service(f"http://127.0.0.1:{port}", folder / f"signal-{number}.log", process, database))

    process.send_signal(number)

    assert process.wait(30) == 0


def test_ctrl_c_in_psql_cancels_the_statement_but_keeps_the_shell(database: Database, bin_on_path: str) -> None:
    variables = environment(DATABASE_URL=database.url, PAGER="cat", PATH=bin_on_path)
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe("clincore", ["clincore", "psql", "-X", "-q"], variables)
    os.write(terminal, b"SELECT pg_sleep(60);\n")
    with database.as_superuser() as superuser:
        statement = "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60);' AND state = 'active'"
        eventually(lambda: superuser.execute(statement).fetchone())
    os.write(terminal, b"\x03")
    os.write(terminal, b"SELECT 6 * 7 AS answer;\n\\q\n")
    output = b""
    while chunk := _read(terminal):
        output += chunk
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert b"canceling statement" in output
    assert b"42" in output


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_the_service_can_log_in_as_its_own_role(migrated_database: Callable[[], Database], folder: Path) -> None:
    database = migrated_database()
    password = uuid4().hex
    with database.as_superuser() as superuser:
        superuser.execute(sql.SQL("ALTER ROLE clincore_app PASSWORD {}").format(sql.Literal(password)))
    app = make_url(database.url).set(username="clincore_app", password=password)
    url = app.render_as_string(hide_password=False)

    with (
        serve(database, folder, DATABASE_URL=url, MIGRATION_DATABASE_URL=database.url) as service,
        checked_client(service.url) as client,
    ):
        tenant = bootstrap(client)
        assert client.get("/auth/whoami", headers=tenant.key).status_code == 200
    assert BOOTSTRAP_TOKEN not in service.log.read_text()
    refused = run("clincore", "psql", "-c", "SELECT 1", DATABASE_URL=url)
    assert (refused.returncode, "MIGRATION_DATABASE_URL" in refused.stderr) == (2, True)


def test_a_stalled_postgresql_is_answered_with_503_within_the_request_time(
    migrated_database: Callable[[], Database], folder: Path
) -> None:
    database = migrated_database()
    with serve(database, folder) as service, checked_client(service.url) as client:
        tenant = bootstrap(client)
        with database.as_superuser() as superuser:
            name = database.name
            pids = superuser.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND application_name = 'clincore'", [name]
            ).fetchall()
            assert pids
            if not all(_may_signal(pid) for (pid,) in pids):
                pytest.skip("PostgreSQL runs on another machine or as another user")
            for (pid,) in pids:
                os.kill(pid, signal.SIGSTOP)
            try:
                began = time.monotonic()
                response = client.get("/cases", headers=tenant.key)
                seconds = time.monotonic() - began
            finally:
                for (pid,) in pids:
                    os.kill(pid, signal.SIGCONT)
        assert response.status_code == 503
        # The limit is three seconds, and a busy machine adds some; without a limit the client gives up after 30.
        assert seconds < 20
        assert client.get("/cases", headers=tenant.key).status_code == 200


def _may_signal(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def test_killed_connections_are_answered_with_503_and_never_500(
    migrated_database: Callable[[], Database], folder: Path
) -> None:
    database = migrated_database()
    with serve(database, folder) as service, checked_client(service.url) as client:
        tenant = bootstrap(client)
        until = time.monotonic() + 4

        def call(_: int) -> set[int]:
            seen = set()
            while time.monotonic() < until:
                seen.add(client.get("/cases", headers=tenant.key).status_code)
            return seen

        def kill(connection: psycopg.Connection[object]) -> None:
            while time.monotonic() < until:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name = 'clincore'"
                )
                time.sleep(0.05)

        with database.as_owner() as owner, ThreadPoolExecutor(9) as pool:
            pool.submit(kill, owner)
            statuses = set().union(*pool.map(call, range(8)))

    assert statuses <= {200, 503}
    assert 200 in statuses


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("0:0::0", "[::1]"),
        ("::1", "[::1]"),
        ("2001:db8::1", "[2001:db8::1]"),
        ("clinic.example", "clinic.example"),
    ],
)
def test_the_announced_address_is_reachable(host: str, reached: str) -> None:
    assert _reached_at(host) == reached


def test_a_service_on_all_ipv6_addresses_answers_at_the_announced_url(database: Database, folder: Path) -> None:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            pass
    except OSError:
        pytest.skip("SKIPPED: this machine has no IPv6")
    command = ["clincore", "serve", "--host", "::", "--port", str(free_port())]
    variables = {"DATABASE_URL": database.url}
    log = folder / "ipv6.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, env=environment(**variables), stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        assert process.stdout is not None
        try:
            announced = next(line.split()[1].decode() for line in process.stdout if line.startswith(b"  API "))
            wait_for(Service(announced, log, process, database))
            assert httpx.get(f"{announced}/health").status_code == 200
        finally:
            process.terminate()
