"""The README's commands, word for word, in its order, in one shell.

Replaced are only the lines that say where: which database, which address. Behind a command, `# text` is what its output
must contain.
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import make_url

from support.commands import environment, run
from support.database import Database
from support.paths import ROOT, make_folder
from support.service import Service, free_port, wait_for

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
# These name the place of whoever reads it.
PLACES = re.compile(r"^export (CLINCORE|(?:MIGRATION_)?DATABASE_URL|BOOTSTRAP_TOKEN)=.+$", re.MULTILINE)
INSTALL = "pip install -e .\n"
START = "pip install -e . && clincore serve\n"
TESTS = "pip install -e '.[test]' && pytest -q\n"
UVICORN = "uvicorn clincore.asgi:app --workers 2 --port 8000\n"


def blocks(section: str) -> list[str]:
    """The commands of a `##` section."""
    text = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert text is not None
    return re.findall(r"^```sh\n(.*?)^```$", text[1], re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[tuple[str, str]]:
    """Pairs of a command, which may go over several lines, and what its output must contain."""
    found, command = [], ""
    for line in block.splitlines():
        command += line + "\n"
        if line.endswith("\\") or command.count("'") % 2:
            continue
        text, _, expected = command.partition("  # ")
        found.append((text.strip(), expected.strip()))
        command = ""
    assert not command
    return found


class Shell:
    """One bash, so that what is exported stays exported."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self._bash = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env=environment(**variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __call__(self, command: str) -> str:
        """The command's output; fails when it fails."""
        assert self._bash.stdin and self._bash.stdout
        self._bash.stdin.write(f'{command}\necho "=== $?"\n')
        self._bash.stdin.flush()
        output = ""
        for line in self._bash.stdout:
            head, mark, code = line.partition("=== ")
            output += head
            if mark:
                assert code.strip() == "0", f"{command}\n{output}"
                return output
        raise AssertionError(f"the shell ended:\n{command}\n{output}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bash.kill()
        self._bash.communicate()


def test_the_readme_has_the_two_commands() -> None:
    assert BLOCKS[0] == START
    assert BLOCKS[1] == TESTS


@pytest.fixture
def own_folder() -> Iterator[Path]:
    with make_folder() as folder:
        yield folder


def follow(shell: Shell, section: list[str]) -> None:
    for block in section:
        # The package is installed, or these tests would not run; the server is started beside the shell.
        if block in (START, TESTS, INSTALL, UVICORN):
            continue
        for command, expected in commands(PLACES.sub("true", block)):
            output = shell(command)
            assert expected in output, f"{command}\nhas no {expected} in:\n{output}"


def test_the_runbook_is_true_to_the_letter(
    new_database: Callable[[], Database], own_folder: Path, bin_on_path: str
) -> None:
    """The operator's own PostgreSQL: migrations, `uvicorn`, bootstrap, roles, billing, keys, backup, restore."""
    database, port = new_database(), free_port()
    for name in ("alembic.ini", "alembic"):
        (own_folder / name).symlink_to(ROOT / name)
    variables = {
        "PATH": bin_on_path,
        "CLINCORE": f"http://127.0.0.1:{port}",
        "DATABASE_URL": as_service(database.url),
        "MIGRATION_DATABASE_URL": database.url,
        "BOOTSTRAP_TOKEN": "bootstrap-token-of-the-runbook-test",
    }
    section = blocks("Runbook")
    starts = section.index(UVICORN)
    restores = next(
        number for number, block in enumerate(section) if block.startswith("clincore migrate --for-restore")
    )
    log = own_folder / "service.log"
    with Shell(own_folder, **variables) as shell:
        follow(shell, section[:starts])
        with log.open("wb") as output:
            process = subprocess.Popen(
                UVICORN.replace("8000", str(port)).split(), env=environment(**variables), stdout=output, stderr=output
            )
        try:
            wait_for(Service(variables["CLINCORE"], log, process, database))
            follow(shell, section[starts:restores])
            with empty_database_beside(database) as url:
                shell(f"export DATABASE_URL='{as_service(url)}' MIGRATION_DATABASE_URL='{url}'")
                follow(shell, section[restores:])
        finally:
            process.terminate()
            process.wait(30)


def as_service(owner_url: str) -> str:
    """The same database for the service's own login, which needs no password here."""
    return make_url(owner_url).set(username="clincore_app", password=None).render_as_string()


@contextmanager
def empty_database_beside(database: Database) -> Iterator[str]:
    """The URL of an empty database with the same owner."""
    owner = make_url(database.url)
    name = f"{owner.database}_restored"
    with database.as_superuser() as superuser:
        superuser.execute(f"CREATE DATABASE {name} OWNER {owner.username}")  # type: ignore[call-overload]
        try:
            yield owner.set(database=name).render_as_string(hide_password=False)
        finally:
            superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def test_serve_in_an_empty_folder_prints_the_next_command_and_it_works(own_folder: Path, bin_on_path: str) -> None:
    """The embedded PostgreSQL, as the README starts; then its first case, word for word."""
    port = free_port()
    with (own_folder / "out").open("wb") as output:
        process = subprocess.Popen(
            ["clincore", "serve", "--port", str(port)], cwd=own_folder, env=environment(), stdout=output, stderr=output
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(Service(url, own_folder / "out", process, Database("", "")))
        printed = (own_folder / "out").read_text()
        for line in (f"API   {url}", f"Docs  {url}/docs", "Data  "):
            assert line in printed
        next_command = re.search(r"^  (curl .*\\\n.*)$", printed, re.MULTILINE)
        assert next_command is not None
        token = re.search(r"Bearer (\S+)'", next_command[1])
        assert token is not None
        with Shell(own_folder, PATH=bin_on_path, CLINCORE=url, BOOTSTRAP_TOKEN=token[1]) as shell:
            answer = json.loads(shell(next_command[1].replace("your-org-name", "another-name")))
            assert answer["message"] == "Tenant 'another-name' provisioned."
            follow(shell, blocks("A first case"))
            follow(shell, blocks("Sign, verify, amend, erase"))
            follow(shell, blocks("Prove it"))
            report = shell(f"clincore prove-isolation --url {url}")
            shown = re.search(r"^## Prove it\n.*?^```text\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
            assert shown is not None
            for outcome, title in re.findall(r"^  (\w+) +([^(\n]+)", shown[1], re.MULTILINE):
                assert re.search(rf"^  {outcome} +{re.escape(title.strip())}", report, re.MULTILINE), title
            # What signs is for the eyes of whoever runs the service.
            (key,) = own_folder.rglob("signing-key.pem")
            assert key.stat().st_mode & 0o777 == 0o600
            # The operator's shell finds the same database.
            assert shell("clincore psql -At -c 'SELECT count(*) FROM cases'").strip() == "1"
        second = run("clincore", "serve", "--port", str(free_port()), cwd=own_folder)
        assert (second.returncode, second.stdout) == (2, "")
        assert f"already in use by `clincore serve` (pid {process.pid})" in second.stderr
        assert second.stderr.count("\n") == 1
    finally:
        process.terminate()
        assert process.wait(30) == 0
