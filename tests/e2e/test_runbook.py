"""The commands of README.md and docs/, unchanged and in order, each group of pages in one shell.

Only the database, the address and the port of the metrics are replaced. A `# text` after a command is a text that its
output must contain.
"""

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex

import pytest
from sqlalchemy import make_url

from support.commands import environment, run
from support.database import Database
from support.pages import ON_EMBEDDED_POSTGRESQL, ON_OWN_POSTGRESQL, STARTS_SERVICE, commands, is_run, read, seen_by_git
from support.paths import ROOT, make_folder
from support.service import Service, free_port, wait_for
from support.shell import Shell

PLACES = re.compile(r"export (CLINCORE|(?:MIGRATION_)?DATABASE_URL|BOOTSTRAP_TOKEN)=.+")
METRICS_PORT = "9464"


def follow(
    shell: Shell, page: str, before: Mapping[str, Callable[[], None]] | None = None, metrics_port: str = METRICS_PORT
) -> str:
    """Run the commands of a page; their output. `before`: what to do first, by the command that needs it."""
    outputs = ""
    for command in commands(page):
        if before and command.text in before:
            before[command.text]()
        # The shell's environment already has these variables.
        if not is_run(command) or PLACES.fullmatch(command.text) or re.fullmatch(STARTS_SERVICE, command.text):
            continue
        output = shell(command.text.replace(METRICS_PORT, metrics_port))
        assert command.expected in output, f"{page}: {command.text}\nhas no {command.expected} in:\n{output}"
        outputs += output
    return outputs


@pytest.fixture
def own_folder() -> Iterator[Path]:
    with make_folder() as folder:
        for name in ("alembic.ini", "alembic", "examples"):
            (folder / name).symlink_to(ROOT / name)
        yield folder


@pytest.mark.slow
def test_the_commands_of_the_operators_pages_work(
    new_database: Callable[[], Database], own_folder: Path, bin_on_path: str
) -> None:
    """The operator's own PostgreSQL, with the service under uvicorn, up to backup, restore and upgrade."""
    database, port = new_database(), free_port()
    variables = {
        "PATH": bin_on_path,
        "CLINCORE": f"http://127.0.0.1:{port}",
        "DATABASE_URL": as_service(database.url),
        "MIGRATION_DATABASE_URL": database.url,
        "BOOTSTRAP_TOKEN": "bootstrap-token-of-the-runbook-test",
    }
    uvicorn = "uvicorn clincore.asgi:app --workers 2 --port 8000"
    with Shell(own_folder, **variables) as shell, ExitStack() as opened:

        def start_service() -> None:
            opened.enter_context(running(uvicorn.replace("8000", str(port)), own_folder, database, variables))

        def use_an_empty_database() -> None:
            url = opened.enter_context(empty_database(database))
            shell(f"export DATABASE_URL='{as_service(url)}' MIGRATION_DATABASE_URL='{url}'")

        before = {uvicorn: start_service, "clincore migrate --for-restore": use_an_empty_database}
        for page in ON_OWN_POSTGRESQL:
            follow(shell, page, before)
    # Keys and exports of tenants are among the files that the pages write.
    assert seen_by_git(own_folder) == {"service.log"}


@contextmanager
def running(command: str, folder: Path, database: Database, variables: dict[str, str]) -> Iterator[None]:
    log = folder / "service.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command.split(), env=environment(**variables), stdout=output, stderr=output)
    try:
        wait_for(Service(variables["CLINCORE"], log, process, database))
        yield
    finally:
        process.terminate()
        process.wait(30)


def as_service(owner_url: str) -> str:
    """The same database for the service's own login, which needs no password here."""
    return make_url(owner_url).set(username="clincore_app", password=None).render_as_string()


@contextmanager
def empty_database(database: Database) -> Iterator[str]:
    """Create an empty database with the same owner; its URL."""
    owner = make_url(database.url)
    name = f"{owner.database}_{token_hex(4)}"
    with database.as_superuser() as superuser:
        superuser.execute(f"CREATE DATABASE {name} OWNER {owner.username}")
        try:
            yield owner.set(database=name).render_as_string(hide_password=False)
        finally:
            superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_serve_in_an_empty_folder_prints_the_next_command_and_the_pages_work(
    own_folder: Path, bin_on_path: str
) -> None:
    """The embedded PostgreSQL, as the README starts it; then its first case and the pages that build on it."""
    port, metrics_port = str(free_port()), str(free_port())
    with (own_folder / "out").open("wb") as output:
        process = subprocess.Popen(
            ["clincore", "serve", "--port", port, "--metrics-port", metrics_port],
            cwd=own_folder,
            env=environment(),
            stdout=output,
            stderr=output,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(Service(url, own_folder / "out", process, Database("", "")))
        printed = (own_folder / "out").read_text()
        for line in (f"API      {url}", f"Docs     {url}/docs", f"Console  {url}/console/", "Data     "):
            assert line in printed
        next_commands = re.search(r"^  (export BOOTSTRAP_TOKEN=(\S+))\n  (clincore init .*)$", printed, re.MULTILINE)
        assert next_commands is not None
        with Shell(own_folder, PATH=bin_on_path) as shell:
            shell(next_commands[1])
            assert "Ready: the tenant my-clinic." in shell(next_commands[3])
        with Shell(own_folder, PATH=bin_on_path, CLINCORE=url, BOOTSTRAP_TOKEN=next_commands[2]) as shell:
            outputs = {page: follow(shell, page, metrics_port=metrics_port) for page in ON_EMBEDDED_POSTGRESQL}
            (shown,) = re.findall(r"^```text\n(.*?)^```$", read("docs/isolation.md"), re.MULTILINE | re.DOTALL)
            for outcome, title in re.findall(r"^  (\w+) +([^(\n]+)", shown, re.MULTILINE):
                line = rf"^  {outcome} +{re.escape(title.strip())}"
                assert re.search(line, outputs["docs/isolation.md"], re.MULTILINE), title
            assert seen_by_git(own_folder) == {"out"}
            # The private key is readable by the service's user only.
            (key,) = own_folder.rglob("signing-key.pem")
            assert key.stat().st_mode & 0o777 == 0o600
            # The operator's shell opens the same database: README.md has 21 cases, records.md one, fhir.md three.
            assert shell("clincore psql -At -c 'SELECT count(*) FROM cases'").strip() == "25"
        second = run("clincore", "serve", "--port", str(free_port()), cwd=own_folder)
        assert (second.returncode, second.stdout) == (2, "")
        assert f"already in use by `clincore serve` (pid {process.pid})" in second.stderr
        assert second.stderr.count("\n") == 1
    finally:
        process.terminate()
        assert process.wait(30) == 0
