"""docs/command-line.md and the examples in the help of all commands, in a new folder with the embedded PostgreSQL."""

import json
import re
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.core import TyperCommand

from clincore.cli.app import all_commands
from support.commands import run, start
from support.database import Database
from support.fhir_in import bundle
from support.pages import commands
from support.paths import make_folder
from support.service import Service, free_port, wait_for

PAGE = "docs/command-line.md"


class Folder:
    """A folder in which `clincore serve` runs, and commands in it."""

    def __init__(self, path: Path, url: str, path_variable: str) -> None:
        self.path = path
        self.url = url
        self._variables = {"CLINCORE": url, "PATH": path_variable, "BROWSER": "true"}

    def __call__(self, *command: str) -> str:
        """The output of a command that must succeed."""
        ended = run(*command, cwd=self.path, **self._variables)
        assert ended.returncode == 0, f"{command}\n{ended.stdout}{ended.stderr}"
        return ended.stdout


@pytest.fixture(scope="module")
def new_folder(bin_on_path: str) -> Iterator[Folder]:
    with make_folder() as path:
        port = free_port()
        with (path / "log").open("wb") as log:
            process = start(["clincore", "serve", "--port", str(port)], stdout=log, stderr=log, cwd=path)
        service = Service(f"http://127.0.0.1:{port}", path / "log", process, Database("", ""))
        try:
            wait_for(service)
            yield Folder(path, service.url, bin_on_path)
        finally:
            process.terminate()
            process.wait(30)


def test_the_commands_of_the_page_lead_from_an_empty_folder_to_a_verified_case(new_folder: Folder) -> None:
    outputs = {}
    for command in commands(PAGE):
        output = outputs[command.text] = new_folder(*shlex.split(command.text))
        assert command.expected in output, f"{command.text}\nhas no {command.expected} in:\n{output}"

    # From no key to the verification, without a line of HTTP.
    assert next(iter(outputs)) == "clincore init --demo"
    statuses = "2 amended, 1 cancelled, 3 draft, 1 entered in error, 13 final"
    assert f"20 cases of an invented clinic: {statuses}." in outputs["clincore init --demo"]
    assert outputs["clincore cases list"].count("demo-") == 20
    assert stat.S_IMODE((new_folder.path / ".clincore" / "key").stat().st_mode) == 0o600


def test_init_with_demo_can_be_repeated_and_creates_nothing_twice(new_folder: Folder) -> None:
    new_folder("clincore", "init", "--demo")
    key = (new_folder.path / ".clincore" / "key").read_bytes()
    before = json.loads(new_folder("clincore", "cases", "list", "--limit", "1000", "--json"))

    new_folder("clincore", "init", "--demo")

    assert (new_folder.path / ".clincore" / "key").read_bytes() == key
    assert json.loads(new_folder("clincore", "cases", "list", "--limit", "1000", "--json")) == before


def test_all_signed_demo_cases_are_valid(new_folder: Folder) -> None:
    new_folder("clincore", "init", "--demo")
    cases = json.loads(new_folder("clincore", "cases", "list", "--json"))["items"]
    signed = [case["id"] for case in cases if case["finalized_at"] is not None]

    results = [json.loads(new_folder("clincore", "cases", "verify", case_id, "--json")) for case_id in signed[:6]]

    assert len(signed) == 16
    assert [result["valid"] for result in results] == [True] * 6


def test_init_with_demo_finds_its_cases_behind_a_hundred_newer_ones(new_folder: Folder) -> None:
    new_folder("clincore", "init", "--demo")
    key = {"X-API-Key": (new_folder.path / ".clincore" / "key").read_text().strip()}
    with httpx.Client(base_url=new_folder.url, headers=key) as client:
        for _ in range(100):
            client.post("/cases", json={"title": "Migraine"}).raise_for_status()

    assert "20 cases of an invented clinic: 2 amended" in new_folder("clincore", "init", "--demo")


def examples() -> list[str]:
    """The examples in the help of all commands, in the order of the help."""
    return [line for _, command in all_commands() for line in examples_of(command)]


def examples_of(command: TyperCommand) -> list[str]:
    return re.findall(r"^  (clincore .+)$", command.help or "", re.MULTILINE)


def test_every_command_has_an_example_with_arguments_that_exist() -> None:
    by_name = dict(all_commands())
    for name, command in by_name.items():
        assert any(example.startswith(name) for example in examples_of(command)), f"{name} has no example"
    for example in examples():
        words = shlex.split(example)
        name = next(name for name in (" ".join(words[:count]) for count in (3, 2)) if name in by_name)
        # It fails on an unknown option, and on a missing argument.
        by_name[name].make_context(name, words[len(name.split()) :])


# Examples that the test does not run, as regular expressions, with the reason.
NOT_RUN = {
    r"clincore serve.*": "It is the service that runs.",
    r"clincore init your-org-name": "The folder has the key of another tenant.",
    r"clincore prove-isolation.*": "tests/isolation runs it, for a minute.",
    r"clincore distribute --shards .*": "It needs a Citus cluster.",
    r"clincore (migrate --for-restore|pg_restore .*)": "It needs an empty database; the runbook runs it.",
}


@pytest.mark.slow
def test_every_example_works(new_folder: Folder) -> None:
    path = new_folder.path
    new_folder("clincore", "init", "--demo")
    (path / "export.json").write_text(json.dumps(bundle()))
    with httpx.Client(base_url=new_folder.url) as client:
        key = {"X-API-Key": (path / ".clincore" / "key").read_text().strip()}
        found = client.get("/cases", params={"external_id": "demo-01"}, headers=key).json()["items"]
        revision = client.get(f"/cases/{found[0]['id']}/revisions/1", headers=key)
        (path / "revision.json").write_bytes(revision.content)
        (path / "jwks.json").write_bytes(client.get("/.well-known/jwks.json").content)
    given = {"CASE": "demo-01", "export/": "export.json", "/backups/your-org-name": str(path / "exported")}
    # The tenant is imported again at the end, when it was deleted.
    last = "clincore tenants import /backups/your-org-name"
    for example in [*(one for one in examples() if one != last), last]:
        words = [given.get(word, word) for word in shlex.split(example)]
        match words[1:3]:
            case ["tenants", "delete"]:
                words = [*words[:-1], str(path / "deleted"), "--yes=your-org-name"]
            case ["keys", "set-role" | "revoke"]:
                made = json.loads(new_folder("clincore", "keys", "create", "your-org-name", "--json"))
                words[3] = made["id"]
            case ["tenants", "import"]:
                gone = str(path / "gone")
                new_folder("clincore", "tenants", "delete", "your-org-name", gone, "--no-export", "--yes=your-org-name")
            case ["signing", "revoke"]:
                words[3] = json.loads(new_folder("clincore", "signing", "list", "--json"))["items"][0]["kid"]
        if not any(re.fullmatch(pattern, example) for pattern in NOT_RUN):
            new_folder(*words)
        if words[1:3] == ["tenants", "delete"]:
            # The examples of `keys` need a tenant.
            new_folder("clincore", "tenants", "create", "your-org-name")
