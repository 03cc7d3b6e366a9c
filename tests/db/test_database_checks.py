"""Databases and settings with which the service and commands refuse to start, and the remedies in their messages."""

import json
import re
import socket
import time

import pytest
from sqlalchemy import make_url

from clincore.db import migrations as schema
from clincore.errors import RetryableStartupError, StartupError
from support.commands import run
from support.database import Database
from support.schema import UNSHARED, NewDatabase, changed, login
from support.service import Service, free_port
from support.sockets import silent_port

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
        "ALTER TABLE tenant_names ADD CONSTRAINT mine_key UNIQUE (name, tenant_id)",
        "ALTER TABLE tenant_names DROP CONSTRAINT mine_key",
    ),
    "ix_cases_tenant_id_updated_at": (
        "DROP INDEX ix_cases_tenant_id_updated_at",
        "CREATE INDEX ix_cases_tenant_id_updated_at ON cases (tenant_id, updated_at)",
    ),
}


@pytest.mark.parametrize("named", DRIFTS)
def test_the_refusal_of_another_schema_names_the_difference(altered: Database, named: str) -> None:
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
CLUSTER_WIDE = {"app-bypasses", "default-of-role", "default-of-all-roles"}


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, marks=UNSHARED if fault in CLUSTER_WIDE else ()) for fault in UNSAFE]
)
def test_the_refusal_of_an_unsafe_database_gives_the_statement_that_repairs_it(altered: Database, fault: str) -> None:
    name = altered.name
    with changed(altered, *(statement.format(name) for statement in UNSAFE[fault])):
        with pytest.raises(StartupError) as refused:
            schema.check(altered.url)
        remedy = re.search(r"Run[^:]*: ((?:ALTER|GRANT) .*)", str(refused.value))
        assert remedy, refused.value
        with altered.as_superuser() as connection:
            connection.execute(remedy[1].replace("<owner>", name))
            # Even with another owner, the schema does not have the table `mine`.
            connection.execute("DROP TABLE IF EXISTS mine")
            schema.check(altered.url)


def refusal(*command: str, **variables: str) -> str:
    """The first line of a command that does not start: what is wrong. A second line may say what to do."""
    done = run(*command, **variables)
    lines = done.stderr.strip().splitlines()
    assert (done.returncode, done.stdout) == (2, ""), done.stdout + done.stderr
    assert len(lines) in (1, 2) and lines[0].startswith("clincore: "), done.stderr
    return lines[0]


def uvicorn_refusal(**variables: str) -> str:
    """The same line from uvicorn, which logs it and ends with its own exit code for a failed start."""
    done = run("uvicorn", "clincore.asgi:app", **variables)
    (line,) = [line for line in done.stderr.splitlines() if "clincore: " in line]
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (3, "", False), done.stderr
    return str(json.loads(line)["event"])


SERVE = ("clincore", "serve", "--port")


def test_a_failed_database_check_at_start_is_reported_in_one_line(altered: Database) -> None:
    with changed(altered, *DRIFTS["cases.finalized_at"]):
        assert "cases.finalized_at" in refusal(*SERVE, str(free_port()), DATABASE_URL=altered.url)
    with changed(altered, *UNSAFE["not-forced"]):
        assert "FORCE ROW LEVEL SECURITY" in uvicorn_refusal(DATABASE_URL=altered.url)


@pytest.mark.parametrize(("attributes", "fault"), [("SUPERUSER", "is a superuser"), ("BYPASSRLS", "has BYPASSRLS")])
def test_the_service_does_not_start_with_a_login_that_bypasses_row_security(
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

    assert line.endswith("Run: clincore migrate")


def test_the_refusal_of_a_setting_names_what_is_wrong(altered: Database) -> None:
    url = make_url(altered.url)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy, free = taken.getsockname()[1], free_port()
        nowhere = url.set(host="127.0.0.1", port=free, query={}).render_as_string(hide_password=False)
        other_driver = url.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
        wrong = {
            "psycopg 3": refusal(*SERVE, str(free), DATABASE_URL=other_driver),
            "Connection refused": refusal(*SERVE, str(free), DATABASE_URL=nowhere),
            "LOG_LEVEL": refusal(*SERVE, str(free), DATABASE_URL=altered.url, LOG_LEVEL="LOUD"),
            f"127.0.0.1:{busy}": refusal(*SERVE, str(busy), DATABASE_URL=altered.url),
        }

    for named, line in wrong.items():
        assert named in line
        assert str(url.password) not in line


def test_a_server_that_does_not_answer_is_given_up_when_its_schema_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "CONNECT_SECONDS", 2)
    began = time.monotonic()
    with silent_port() as port, pytest.raises(RetryableStartupError, match="cannot be used"):
        schema.schema_age(f"postgresql+psycopg://a@127.0.0.1:{port}/a")

    # psycopg itself would wait for 130 seconds.
    assert time.monotonic() - began < 60


def test_the_service_warns_at_start_when_its_login_could_leave_its_role(altered: Database, service: Service) -> None:
    app = make_url(altered.url).set(username="clincore_app", password=None).render_as_string()
    logged = [json.loads(line) for line in service.log.read_text().splitlines() if "could leave the role" in line]

    assert schema.check(app).advice == []
    (advice,) = schema.check(altered.url).advice
    assert "owns the tables" in advice and "MIGRATION_DATABASE_URL" in advice
    (line,) = logged
    assert line["level"] == "warning" and "Use two logins" in line["event"]


def test_a_login_that_can_create_roles_or_become_the_owner_is_reported(altered: Database) -> None:
    for attributes, advice in (("CREATEROLE", 1), (f"IN ROLE {altered.name}", 1), ("INHERIT", 0)):
        with login(altered, attributes) as url:
            with altered.as_superuser() as connection:
                connection.execute(f"GRANT clincore_app TO {make_url(url).username}")  # type: ignore[call-overload]

            assert len(schema.check(url).advice) == advice, attributes


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        pytest.param({"log_statement": "mod"}, "log_statement = mod", id="statements"),
        pytest.param({"log_min_duration_statement": "200"}, "log_min_duration_statement = 200", id="slow"),
        pytest.param(
            {"log_min_duration_sample": "0", "log_statement_sample_rate": "0.1"}, "log_min_duration_sample", id="sample"
        ),
        pytest.param({"log_transaction_sample_rate": "0.1"}, "log_transaction_sample_rate = 0.1", id="transactions"),
        pytest.param({"log_parameter_max_length_on_error": "-1"}, "log_parameter_max_length_on_error = -1", id="error"),
        pytest.param({"log_statement": "ddl"}, None, id="ddl-only"),
        pytest.param({"log_min_duration_sample": "0", "log_statement_sample_rate": "0"}, None, id="no-sample"),
        pytest.param({"log_statement": "all", "log_parameter_max_length": "0"}, None, id="without-values"),
    ],
)
def test_settings_that_log_values_are_reported_at_start(
    altered: Database, settings: dict[str, str], named: str | None
) -> None:
    database = altered.name
    app = make_url(altered.url).set(username="clincore_app", password=None).render_as_string()
    # PostgreSQL's default; the embedded server has 0.
    settings = {"log_parameter_max_length": "-1", **settings}
    change = "; ".join(f"ALTER DATABASE {database} SET {name} = '{value}'" for name, value in settings.items())
    back = "; ".join(f"ALTER DATABASE {database} RESET {name}" for name in settings)
    with changed(altered, change, back):
        advice = schema.check(app).advice

    assert len(advice) == (1 if named else 0)
    assert all(f"With {named}" in line and "Set, as a superuser: log_parameter_max_length" in line for line in advice)
