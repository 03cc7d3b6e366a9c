"""What all commands have in common: help, JSON, errors, terminals, questions, the stored key and `doctor`."""

import json
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from subprocess import CompletedProcess
from threading import Thread
from typing import Any

import httpx
import pytest
from typer.core import TyperCommand
from typer.testing import CliRunner

from clincore.cli.app import all_commands, app
from support.cases import make_case
from support.commands import environment, run
from support.database import Database
from support.paths import ROOT, make_folder
from support.service import BOOTSTRAP_TOKEN, Service, free_port
from support.tenants import MakeTenant, Tenant
from support.terminal import run_in_terminal

COMMANDS = dict(all_commands())
# They pass all arguments on to PostgreSQL's programs.
TOOLS = {"clincore psql", "clincore pg_dump", "clincore pg_restore"}
ESCAPE = "\x1b"


def options_of(command: TyperCommand) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}


@pytest.fixture
def own_folder() -> Iterator[Path]:
    with make_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def admin(client: httpx.Client, make_tenant: MakeTenant) -> Tenant:
    """A tenant with a signed case, a draft, and a case with a long title."""
    tenant = make_tenant()
    make_case(client, tenant.key, is_signed=True)
    for body in (
        {"title": "Draft", "external_id": "draft-1"},
        {"title": "A long title " * 12, "external_id": "long-1"},
    ):
        assert client.post("/cases", json=body, headers=tenant.key).status_code == 201
    return tenant


def as_tenant(service: Service, tenant: Tenant) -> dict[str, str]:
    return {"CLINCORE": service.url, "CLINCORE_API_KEY": tenant.api_key}


def store_key(folder: Path, url: str) -> Path:
    """Store a key that no service accepts in the folder; the path of its file."""
    stored = folder / ".clincore"
    stored.mkdir()
    (stored / "url").write_text(f"{url}\n")
    (stored / "key").touch(0o600)
    (stored / "key").write_text("clin_secret\n")
    return stored / "key"


@contextmanager
def another_program(status: int, body: bytes) -> Iterator[str]:
    """The address of a program that is not ClinCore, and answers each request in the same way."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{other.server_port}"
        other.shutdown()


class TestHelp:
    def test_h_is_help_everywhere(self) -> None:
        for name in COMMANDS.keys() - TOOLS | {"clincore", "clincore keys"}:
            short, long = (CliRunner().invoke(app, [*name.split()[1:], option]) for option in ("-h", "--help"))
            assert (short.exit_code, short.output) == (0, long.output)

    def test_completion_imports_nothing_slow(self) -> None:
        code = (
            "import sys\nfrom clincore.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
            "print(sorted({'sqlalchemy', 'psycopg', 'httpx', 'rich', 'alembic'} & set(sys.modules)))"
        )
        completing = {"_CLINCORE_COMPLETE": "complete_bash", "COMP_WORDS": "clincore keys cr", "COMP_CWORD": "2"}

        assert run(sys.executable, "-c", code, **completing).stdout == "create\n[]\n"

    @pytest.mark.parametrize("name", ["pg_dump", "pg_restore"])
    def test_help_of_a_tool_is_clincores_and_then_the_tools(self, bin_on_path: str, name: str) -> None:
        with make_folder() as folder:
            ended = run("clincore", name, "--help", cwd=folder, PATH=bin_on_path)

            assert (ended.returncode, ended.stderr) == (0, "")
            own, _, theirs = ended.stdout.partition(f"\n\n{name} ")
            assert own.startswith(f"Usage: clincore {name}") and f"    clincore {name} --" in own
            assert "--no-owner" in theirs
            assert list(folder.iterdir()) == []

    def test_the_table_of_commands_is_that_of_their_help(self) -> None:
        ended = subprocess.run(
            [sys.executable, "tools/command_table.py", "--check"],
            cwd=ROOT,
            env=environment(PYTHONPATH=str(ROOT)),
            capture_output=True,
            text=True,
            check=False,
        )

        assert (ended.returncode, ended.stderr) == (0, "")

    def test_commands_that_destroy_have_yes_and_dry_run(self) -> None:
        with_both = {name for name, command in COMMANDS.items() if {"--yes", "--dry-run"} <= options_of(command)}

        assert with_both == {
            "clincore keys revoke",
            "clincore signing rotate",
            "clincore signing revoke",
            "clincore tenants delete",
            "clincore usage prune",
        }

    def test_json_is_a_flag_of_every_command_with_a_result(self) -> None:
        without = {name for name, command in COMMANDS.items() if "--json" not in options_of(command)}

        assert without == TOOLS | {"clincore serve", "clincore open"}

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_completion_is_installed_for_the_shell_that_asks(self, own_folder: Path, shell: str) -> None:
        program = shutil.which(shell)
        if program is None:
            pytest.skip(f"{shell} is not installed")
        # A second command, or the shell would be replaced by the first one.
        done = subprocess.run(
            [program, "-c", "clincore --install-completion; true"],
            env=environment(HOME=str(own_folder)),
            cwd=own_folder,
            capture_output=True,
            text=True,
            check=True,
        )

        assert f"{shell} completion installed in {own_folder}" in done.stdout

    def test_completion_in_bash_completes_commands_and_options(self) -> None:
        script = (
            'eval "$(clincore --show-completion)"; complete -p clincore >/dev/null || exit 1;'
            " for given in 'clincore ten' 'clincore keys cr' 'clincore keys create --r'; do"
            " COMP_WORDS=($given); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _clincore_completion clincore;"
            ' echo "${COMPREPLY[*]}"; done'
        )

        done = subprocess.run(["bash", "-c", script], env=environment(), capture_output=True, text=True, check=True)

        assert [sorted(line.split()) for line in done.stdout.splitlines()] == [
            ["tenants"],
            ["create"],
            ["--rate-limit-per-minute", "--role"],
        ]


class TestErrors:
    """One line on stderr that says what to do, nothing on stdout, and the documented exit code."""

    def error(self, ended: CompletedProcess[str], code: int) -> str:
        assert (ended.returncode, ended.stdout) == (code, ""), ended
        assert ended.stderr.startswith("clincore: ") and ended.stderr.count("\n") == 1
        return ended.stderr

    @pytest.mark.parametrize(
        "command", ["cases list", "cases show x", "cases verify x", "usage show --plot", "import x.json"]
    )
    def test_without_a_key(self, service: Service, own_folder: Path, command: str) -> None:
        (own_folder / "x.json").write_text("{}")

        ended = run("clincore", *command.split(), cwd=own_folder, CLINCORE=service.url)

        assert "Run `clincore init`" in self.error(ended, 2)

    def test_without_a_service(self, own_folder: Path) -> None:
        nowhere = {"CLINCORE": f"http://127.0.0.1:{free_port()}", "CLINCORE_API_KEY": "k"}

        for command in (["cases", "list"], ["init", "--demo"]):
            assert "Start the service" in self.error(run("clincore", *command, cwd=own_folder, **nowhere), 2)
        assert list(own_folder.iterdir()) == []

    def test_with_a_key_that_is_not_accepted(self, service: Service, tenant: Tenant) -> None:
        ended = run("clincore", "cases", "list", CLINCORE=service.url, CLINCORE_API_KEY=f"{tenant.api_key[:-1]}!")

        error = self.error(ended, 1)
        assert error.startswith("clincore: 401 ") and "clincore init" in error
        assert tenant.api_key[:-1] not in error

    def test_with_the_key_of_a_user_or_without_the_scope(self, service: Service, make_tenant: MakeTenant) -> None:
        user = make_tenant("user")

        ended = run("clincore", "usage", "show", "--plot", **as_tenant(service, user))

        assert "403 role-required" in self.error(ended, 1)

    def test_with_an_unknown_case_or_one_of_another_tenant(
        self, service: Service, admin: Tenant, tenant: Tenant, client: httpx.Client
    ) -> None:
        other = client.post("/cases", json={"title": "x", "external_id": "theirs"}, headers=tenant.key).json()["id"]

        for case in ("nothing", "theirs", other):
            ended = run("clincore", "cases", "show", case, **as_tenant(service, admin))
            error = self.error(ended, 1)
            assert "clincore cases list" in error or "404 not-found" in error

    def test_with_a_case_that_was_never_signed(self, service: Service, admin: Tenant) -> None:
        ended = run("clincore", "cases", "verify", "draft-1", **as_tenant(service, admin))

        assert "has no signed revision" in self.error(ended, 1)

    @pytest.mark.parametrize(
        ("command", "said"),
        [
            ("--foo", "no such option: --foo. See: clincore -h"),
            ("cases lst", "no such command 'lst'. Did you mean 'list'? See: clincore cases -h"),
            (
                "cases list --stat x",
                "no such option: --stat (Possible options: --status, --tag). See: clincore cases list -h",
            ),
            ("cases show", "missing argument 'CASE'. See: clincore cases show -h"),
            ("cases list --limit x", "invalid value for '--limit'"),
            ("keys create a --role boss", "invalid value for '--role'"),
        ],
    )
    def test_with_wrong_usage(self, command: str, said: str) -> None:
        assert said in self.error(run("clincore", *command.split()), 2)

    @pytest.mark.parametrize(
        "url",
        ["clinic", "ftp://clinic", "http:// clinic", "http://clinic/\x1b[2J", "http://me:word@clinic", "http://a?b"],
    )
    def test_with_an_address_that_is_none(self, url: str) -> None:
        for command in (("cases", "list"), ("open",)):
            error = self.error(run("clincore", *command, "--url", url, CLINCORE_API_KEY="k"), 2)
            assert "--url" in error and ESCAPE not in error

    @pytest.mark.parametrize(
        ("status", "body"),
        [
            pytest.param(200, b"<html>", id="a page for every path"),
            pytest.param(404, b"{}", id="no such path"),
            pytest.param(403, b'{"type": "/problems/\\u001b[2J", "detail": "\\u001b[2J"}', id="escape sequences"),
        ],
    )
    def test_with_another_program_at_the_address(self, status: int, body: bytes) -> None:
        with another_program(status, body) as url:
            variables = {"CLINCORE": url, "CLINCORE_API_KEY": "k"}
            for command in (["cases", "list"], ["cases", "verify", "x"], ["usage", "show", "--plot"]):
                error = self.error(run("clincore", *command, **variables), 1)
                assert url in error or "403 " in error
                assert ESCAPE not in error
            shown = run("clincore", "status", "--json", **variables)

        assert (shown.returncode, shown.stderr) == (1, "")
        assert json.loads(shown.stdout)["tenant"] is None


class TestCases:
    def test_lists_follow_pages_up_to_the_limit(self, service: Service, client: httpx.Client, tenant: Tenant) -> None:
        for number in range(105):
            client.post("/cases", json={"title": f"case {number}"}, headers=tenant.key)
        clincore = ("clincore", "cases", "list", "--json", "--limit")

        for limit, shown in ((104, 104), (1000, 105)):
            listed = json.loads(run(*clincore, str(limit), **as_tenant(service, tenant)).stdout)["items"]
            assert [one["title"] for one in listed] == [f"case {104 - number}" for number in range(shown)]

    def test_show_names_the_signers_and_the_content(self, service: Service, admin: Tenant) -> None:
        listed = json.loads(run("clincore", "cases", "list", "--json", **as_tenant(service, admin)).stdout)["items"]
        (signed,) = [case["id"] for case in listed if case["status"] == "final"]

        shown = run("clincore", "cases", "show", signed, **as_tenant(service, admin)).stdout
        as_json = json.loads(run("clincore", "cases", "show", signed, "--json", **as_tenant(service, admin)).stdout)

        assert as_json["id"] == signed
        assert as_json["title"] in shown and as_json["plan"] in shown
        assert re.search(r"revision 1 by .+ \(authorship\), 2", shown)

    def test_a_case_that_has_ended_is_found_by_its_external_id(
        self, service: Service, client: httpx.Client, tenant: Tenant
    ) -> None:
        def show() -> Any:
            return json.loads(run("clincore", "cases", "show", "e-1", "--json", **as_tenant(service, tenant)).stdout)

        body = {"title": "case", "external_id": "e-1"}
        ended = client.post("/cases", json=body, headers=tenant.key).json()["id"]
        client.delete(f"/cases/{ended}", headers=tenant.key | {"If-Match": "*"})
        shown_alone = show()["id"]
        living = client.post("/cases", json=body, headers=tenant.key).json()["id"]

        assert shown_alone == ended
        assert show()["id"] == living

    def test_show_neither_hides_statuses_nor_changes_texts(
        self, service: Service, client: httpx.Client, tenant: Tenant
    ) -> None:
        body = {
            "title": "case",
            "subject": {"identifiers": [{"system": "urn:example:patients", "value": "P_1"}], "name": "A"},
            "allergies": [{"code": {"text": "Penicillin"}, "verification_status": "refuted"}],
            "observations": [
                {"code": {"text": "Pregnant"}, "status": "entered_in_error", "value": {"boolean": False}, "note": "a_b"}
            ],
        }
        created = client.post("/cases", json=body, headers=tenant.key)
        assert created.status_code == 201, created.text

        shown = run("clincore", "cases", "show", created.json()["id"], **as_tenant(service, tenant)).stdout

        assert "A, P_1" in shown
        assert "- Penicillin, refuted\n" in shown
        assert "- Pregnant false, entered in error, a_b\n" in shown

    def test_verify_trusts_no_other_keys_than_those_in_the_given_file(
        self, service: Service, client: httpx.Client, admin: Tenant, own_folder: Path
    ) -> None:
        cases = client.get("/cases", params={"status": "final"}, headers=admin.key).json()["items"]
        (own_folder / "jwks.json").write_text('{"keys": []}')
        verify = ("clincore", "cases", "verify", cases[0]["id"])

        valid = run(*verify, **as_tenant(service, admin))
        untrusted = run(*verify, "--jwks", str(own_folder / "jwks.json"), **as_tenant(service, admin))

        assert (valid.returncode, valid.stdout.splitlines()[-1]) == (0, "VALID")
        assert (untrusted.returncode, untrusted.stdout.splitlines()[-1]) == (1, "NOT VALID")

    def test_verify_finds_a_revision_that_was_tampered_with(
        self, service: Service, client: httpx.Client, make_tenant: MakeTenant, operator: Any
    ) -> None:
        tenant = make_tenant()
        case_id = make_case(client, tenant.key, is_signed=True)
        operator.execute("UPDATE case_revisions SET sha256 = repeat('0', 64) WHERE case_id = %s", [case_id])

        ended = run("clincore", "cases", "verify", str(case_id), **as_tenant(service, tenant))

        assert ended.returncode == 1
        assert "FAILED  sha256" in ended.stdout


class TestStoredKey:
    def init(self, database: Database, folder: Path, *arguments: str, **variables: str) -> CompletedProcess[str]:
        return run("clincore", "init", *arguments, cwd=folder, **{"DATABASE_URL": database.url} | variables)

    def test_init_in_a_database_stores_a_key_that_only_its_owner_can_read(
        self, service: Service, database: Database, own_folder: Path
    ) -> None:
        made = self.init(database, own_folder, f"init-{own_folder.name}", "--json", CLINCORE=service.url)

        assert made.returncode == 0, made.stderr
        document, key = json.loads(made.stdout), own_folder / ".clincore" / "key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert key.read_text().strip() not in made.stdout + made.stderr
        assert document["key_file"] == ".clincore/key"
        # The address is stored with the key, so it need not be given again.
        listed = run("clincore", "cases", "list", "--json", cwd=own_folder)
        assert (listed.returncode, json.loads(listed.stdout)) == (0, {"items": []})

    def test_init_with_a_token_uses_the_service_alone(self, service: Service, own_folder: Path) -> None:
        variables = {"CLINCORE": service.url, "BOOTSTRAP_TOKEN": BOOTSTRAP_TOKEN}
        name = f"init-{own_folder.name}"

        made = run("clincore", "init", name, cwd=own_folder, **variables)
        taken = run("clincore", "init", name, cwd=own_folder, CLINCORE_DATA_DIR="other", **variables)

        assert made.returncode == 0, made.stderr
        assert sorted(path.name for path in own_folder.iterdir()) == [".clincore"]
        assert (taken.returncode, taken.stderr.count("\n")) == (1, 1)
        assert "tenant-name-taken" in taken.stderr and "another NAME" in taken.stderr

    def test_init_refuses_a_service_with_another_database(
        self, service: Service, migrated_database: Callable[[], Database], own_folder: Path
    ) -> None:
        other = migrated_database()

        ended = self.init(other, own_folder, CLINCORE=service.url)

        assert (ended.returncode, ended.stdout) == (2, "")
        assert "uses another database" in ended.stderr
        with other.as_owner() as owner:
            assert owner.execute("SELECT count(*) FROM tenants").fetchone() == (0,)

    def test_init_keeps_the_key_that_is_there(self, service: Service, database: Database, own_folder: Path) -> None:
        name = f"init-{own_folder.name}"
        self.init(database, own_folder, name, CLINCORE=service.url)
        key = (own_folder / ".clincore" / "key").read_bytes()

        again = self.init(database, own_folder, CLINCORE=service.url)
        other = self.init(database, own_folder, "another-name", CLINCORE=service.url)

        assert (again.returncode, other.returncode) == (0, 2)
        assert name in again.stdout and name in other.stderr
        assert (own_folder / ".clincore" / "key").read_bytes() == key

    def test_init_loads_its_cases_with_the_stored_key_even_if_another_is_set(
        self, service: Service, database: Database, own_folder: Path, admin: Tenant
    ) -> None:
        given = as_tenant(service, admin)

        made = self.init(database, own_folder, f"init-{own_folder.name}", "--demo", **given)

        assert made.returncode == 0 and "CLINCORE_API_KEY is set" in made.stdout, made.stderr
        own = json.loads(run("clincore", "cases", "list", "--json", cwd=own_folder).stdout)["items"]
        others = json.loads(run("clincore", "cases", "list", "--json", cwd=own_folder, **given).stdout)["items"]
        assert len(own) == 20
        assert not {one["id"] for one in own} & {one["id"] for one in others}

    def test_init_dry_run_creates_nothing(self, service: Service, database: Database, own_folder: Path) -> None:
        ended = self.init(database, own_folder, "--demo", "--dry-run", CLINCORE=service.url)

        assert ended.returncode == 0 and ended.stdout.startswith("Would create the tenant my-clinic")
        assert list(own_folder.iterdir()) == []

    def test_a_stored_key_is_not_sent_to_another_address(self, service: Service, own_folder: Path) -> None:
        store_key(own_folder, "https://clin.example\x1b[2J")

        ended = run("clincore", "cases", "list", cwd=own_folder, CLINCORE=service.url)

        assert (ended.returncode, ended.stdout) == (2, "")
        assert "is for https://clin.example" in ended.stderr and "clin_secret" not in ended.stderr
        assert ESCAPE not in ended.stderr

    def test_a_key_of_the_environment_is_not_sent_to_a_machine_that_only_the_folder_names(
        self, own_folder: Path
    ) -> None:
        store_key(own_folder, "http://clin.invalid")
        command = ("clincore", "cases", "list")

        (own_folder / "x.json").write_text("{}")
        by_import = ("clincore", "import", "x.json", "--key-env", "OTHER")

        refused = run(*command, cwd=own_folder, CLINCORE_API_KEY="clin_other")
        not_imported = run(*by_import, cwd=own_folder, OTHER="clin_other")
        wanted = run(*command, "--url", "http://clin.invalid", cwd=own_folder, CLINCORE_API_KEY="clin_other")

        assert refused.returncode == not_imported.returncode == wanted.returncode == 2
        assert "CLINCORE_API_KEY is not sent to http://clin.invalid" in refused.stderr
        assert "OTHER is not sent to http://clin.invalid" in not_imported.stderr
        assert "http://clin.invalid cannot be reached" in wanted.stderr

    def test_an_address_without_a_key_is_not_used(self, own_folder: Path) -> None:
        store_key(own_folder, "http://clin.invalid").unlink()

        assert run("clincore", "open", cwd=own_folder, BROWSER="true").stdout == "http://127.0.0.1:8000/docs\n"

    def test_a_key_that_others_may_have_written_or_read_is_not_used(self, service: Service, own_folder: Path) -> None:
        key = store_key(own_folder, service.url)
        (own_folder / "secret").write_text("of another program")
        (own_folder / "secret").chmod(0o600)
        said = []
        for change in (lambda: key.chmod(0o644), lambda: (key.unlink(), key.symlink_to("../secret"))):
            change()
            ended = run("clincore", "cases", "list", cwd=own_folder)
            assert ended.returncode == 2
            said.append(ended.stderr)

        assert "(mode 0644), and is not used. Run: chmod 600 .clincore/key" in said[0]
        assert "is a link to another folder, and is not used" in said[1]

    def test_init_writes_through_no_link(self, service: Service, own_folder: Path) -> None:
        (own_folder / ".clincore").mkdir()
        (own_folder / "mine").write_text("mine")
        (own_folder / ".clincore" / "url").symlink_to("../mine")
        variables = {"CLINCORE": service.url, "BOOTSTRAP_TOKEN": BOOTSTRAP_TOKEN}

        made = run("clincore", "init", f"init-{own_folder.name}", cwd=own_folder, **variables)

        assert made.returncode == 0, made.stderr
        assert (own_folder / "mine").read_text() == "mine"
        assert (own_folder / ".clincore" / "url").read_text() == f"{service.url}\n"

    def test_git_publishes_no_stored_key(self, service: Service, own_folder: Path) -> None:
        variables = {"CLINCORE": service.url, "BOOTSTRAP_TOKEN": BOOTSTRAP_TOKEN}
        subprocess.run(["git", "init", "-q", own_folder], check=True)

        made = run("clincore", "init", f"init-{own_folder.name}", cwd=own_folder, **variables)

        assert made.returncode == 0, made.stderr
        status = ["git", "-C", own_folder, "status", "--porcelain"]
        assert subprocess.run(status, capture_output=True, text=True, check=True).stdout == ""

    def test_init_stores_no_key_of_this_database_for_a_service_that_it_cannot_reach(
        self, database: Database, own_folder: Path
    ) -> None:
        ended = self.init(database, own_folder, f"init-{own_folder.name}", CLINCORE="http://clin.invalid")

        assert (ended.returncode, ended.stdout) == (2, "")
        assert "http://clin.invalid cannot be reached" in ended.stderr
        assert list(own_folder.iterdir()) == []


class TestTerminal:
    """A terminal of 80 columns."""

    def test_tables_fit_and_a_pipe_gets_all_columns(
        self, service: Service, admin: Tenant, database: Database, own_folder: Path
    ) -> None:
        tables = (["cases", "list"], ["tenants", "list"], ["keys", "list", admin.name], ["signing", "list"], ["status"])
        for table in (*tables, ["usage", "show", "--plot"], ["usage", "show"]):
            variables = {"DATABASE_URL": database.url, **as_tenant(service, admin)}
            shown = run_in_terminal("clincore", *table, cwd=own_folder, **variables, NO_COLOR="1")
            piped = run("clincore", *table, cwd=own_folder, **variables)

            assert shown.code == piped.returncode == 0, shown.text
            lines = re.sub(r"\r[^\n]*\x1b\[K", "", shown.text).splitlines()
            assert max(map(len, lines)) <= 80, shown.text
            assert len(piped.stdout.splitlines()[0]) >= len(lines[0])

    def test_colours_are_for_terminals_without_no_color(self, service: Service, admin: Tenant) -> None:
        command = ("clincore", "cases", "list")
        given = as_tenant(service, admin)

        assert f"{ESCAPE}[33mdraft" in run_in_terminal(*command, **given).text
        for shown in (
            run_in_terminal(*command, NO_COLOR="1", **given).text,
            run(*command, **given).stdout,
            run(*command, FORCE_COLOR="1", **given).stdout,
        ):
            assert re.search(r"\x1b\[\d", shown) is None
            assert "draft" in shown

    def test_questions_are_asked_and_no_is_no(self, database: Database, make_tenant: MakeTenant) -> None:
        tenant = make_tenant()
        revoke = ("clincore", "keys", "revoke", tenant.key_id, "--force")
        variables = {"DATABASE_URL": database.url}

        refused = run_in_terminal(*revoke, answer="\n", **variables)
        assert (refused.code, "[y/N]" in refused.text, "nothing was done" in refused.text) == (2, True, True)
        assert (
            json.loads(run("clincore", "keys", "list", tenant.id, "--json", **variables).stdout)["items"][0]["state"]
            == "live"
        )
        assert run_in_terminal(*revoke, answer="y\n", **variables).code == 0
        assert "[y/N]" not in run_in_terminal(*revoke, "--yes", **variables).text

    def test_dry_runs_change_nothing(
        self, migrated_database: Callable[[], Database], own_folder: Path, superuser_url: str
    ) -> None:
        database = migrated_database()
        key_file = own_folder / "key.pem"
        variables = {"DATABASE_URL": database.url, "CLINCORE_SIGNING_KEY": str(key_file)}
        made = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key_file], check=True)
        assert made.returncode == 0
        key_file.chmod(0o600)
        run("clincore", "migrate", **variables)
        run("clincore", "tenants", "create", "your-org-name", **variables)
        with database.as_owner() as owner:
            state = "SELECT (SELECT jsonb_agg(k) FROM api_keys k), (SELECT jsonb_agg(k) FROM signing_keys k)"
            before = owner.execute(state).fetchone()
            key_id = owner.execute("SELECT id::text FROM api_keys").fetchone()
            kid = owner.execute("SELECT kid FROM signing_keys").fetchone()
            assert key_id is not None and kid is not None
            for words, said in (
                (["keys", "revoke", key_id[0], "--force"], "would be revoked"),
                (["signing", "rotate"], f"Would be retired: {kid[0]}"),
                (["signing", "revoke", kid[0]], "Would no longer sign"),
                (["usage", "prune", "--before", "2026-06-01"], "0 events would be removed."),
                (["tenants", "delete", "your-org-name", str(own_folder / "gone")], "rows of your-org-name would be"),
                (["migrate"], "Nothing to do"),
            ):
                ended = run("clincore", *words, "--dry-run", **variables)
                assert (ended.returncode, ended.stderr) == (0, ""), ended
                assert said in ended.stdout
            assert owner.execute(state).fetchone() == before
        assert not (own_folder / "gone").exists()

    def test_migrate_dry_run_lists_the_migrations_and_runs_none(self, new_database: Callable[[], Database]) -> None:
        database = new_database()

        planned = json.loads(run("clincore", "migrate", "--dry-run", "--json", DATABASE_URL=database.url).stdout)

        with database.as_owner() as owner:
            assert owner.execute("SELECT to_regclass('tenants')").fetchone() == (None,)
        assert planned["pending"][0].startswith("b1c2d3e4f501: ")
        assert planned["pending"][-1].startswith("b1c2d3e4f505: ")


class TestDoctor:
    def doctor(self, database: Database, url: str, **variables: str) -> tuple[int, dict[str, dict[str, str]]]:
        ended = run("clincore", "doctor", "--json", "--url", url, **{"DATABASE_URL": database.url} | variables)
        document = json.loads(ended.stdout)
        assert document["ok"] == (ended.returncode == 0)
        return ended.returncode, {one["check"]: one for one in document["checks"]}

    def test_each_fault_has_a_cure_and_all_faults_are_shown(self, migrated_database: Callable[[], Database]) -> None:
        database = migrated_database()
        with database.as_owner() as owner:
            owner.execute("ALTER TABLE cases NO FORCE ROW LEVEL SECURITY")
            owner.execute("ALTER TABLE case_revisions NO FORCE ROW LEVEL SECURITY")
            owner.execute("CREATE POLICY other ON cases USING (true)")

        code, checks = self.doctor(database, f"http://127.0.0.1:{free_port()}")

        assert code == 1
        wrong = [one for one in checks.values() if one["state"] == "wrong"]
        assert {"Row security is enabled and forced on every table of tenants"} < {one["check"] for one in wrong}
        assert all(one["cure"] for one in wrong)

    def test_an_empty_database_and_wrong_settings_have_a_cure(self, new_database: Callable[[], Database]) -> None:
        nowhere = f"http://127.0.0.1:{free_port()}"

        empty = self.doctor(new_database(), nowhere)
        wrong = self.doctor(new_database(), nowhere, LOG_LEVEL="LOUD")
        gone = self.doctor(new_database(), nowhere, DATABASE_URL="postgresql://a@127.0.0.1:1/b")

        assert (empty[0], wrong[0], gone[0]) == (1, 1, 1)
        assert "clincore migrate" in str(empty[1])
        assert "LOG_LEVEL" in wrong[1]["The settings are valid"]["text"]
        assert "127.0.0.1:1" in gone[1]["PostgreSQL answers"]["text"]

    def test_a_service_that_runs_is_checked_too(self, service: Service, database: Database, folder: Path) -> None:
        key = str(folder / "signing-key.pem")

        code, checks = self.doctor(database, service.url, CLINCORE_SIGNING_KEY=key)

        assert code == 0, checks
        assert checks[f"The service at {service.url} is ready"]["state"] == "ok"
        assert checks["The signing key can be read, is published and signs"]["state"] == "ok"

    def test_the_stored_key_is_checked_even_if_another_is_set(
        self, service: Service, database: Database, own_folder: Path, admin: Tenant
    ) -> None:
        store_key(own_folder, service.url)
        variables = {"DATABASE_URL": database.url, **as_tenant(service, admin)}

        ended = run("clincore", "doctor", "--json", cwd=own_folder, **variables)

        checks = {one["check"]: one for one in json.loads(ended.stdout)["checks"]}
        assert checks["The key in .clincore/key is accepted"]["state"] == "wrong"

    def test_a_port_of_another_program_is_a_fault(self, database: Database) -> None:
        with another_program(404, b"") as url:
            code, checks = self.doctor(database, url)

        assert code == 1
        assert checks[f"The service at {url} is ready"]["text"] == f"Another program answers at {url}."

    def test_a_new_folder_stays_empty(self, own_folder: Path) -> None:
        ended = run("clincore", "doctor", cwd=own_folder, CLINCORE=f"http://127.0.0.1:{free_port()}")

        assert (ended.returncode, ended.stderr) == (0, "")
        assert "-> Run: clincore serve" in ended.stdout
        assert list(own_folder.iterdir()) == []


class TestStatus:
    def test_a_service_that_does_not_run_is_exit_code_1_and_nothing_is_started(self, own_folder: Path) -> None:
        ended = run("clincore", "status", "--json", cwd=own_folder, CLINCORE=f"http://127.0.0.1:{free_port()}")

        document = json.loads(ended.stdout)
        assert ended.returncode == 1
        assert document["service"]["state"] == "not running"
        assert document["database"]["state"] == "not created"
        assert list(own_folder.iterdir()) == []

    def test_a_running_service_shows_what_is_behind_it(
        self, service: Service, database: Database, folder: Path, admin: Tenant
    ) -> None:
        key = str(folder / "signing-key.pem")
        variables = {"DATABASE_URL": database.url, "CLINCORE_SIGNING_KEY": key, **as_tenant(service, admin)}

        ended = run("clincore", "status", "--json", **variables)

        document = json.loads(ended.stdout)
        assert ended.returncode == 0
        assert document["service"]["state"] == "ready"
        assert document["database"]["schema_state"] == "up to date"
        assert document["signing_key"]["state"] == "signs"
        assert document["tenant"]["tenant_name"] == admin.name

    def test_a_key_that_is_not_accepted_is_not_called_missing(self, service: Service, own_folder: Path) -> None:
        store_key(own_folder, service.url)

        ended = run("clincore", "status", cwd=own_folder)

        assert ended.stderr.startswith("No tenant: 401 ")


def test_a_dump_appears_when_it_is_complete(database: Database, bin_on_path: str, own_folder: Path) -> None:
    file = own_folder / "clincore.dump"
    file.write_bytes(b"the former dump")
    dump = ("clincore", "pg_dump", "--format=custom", f"--file={file}")
    variables = {"DATABASE_URL": database.url, "PATH": bin_on_path}

    failed = run(*dump, "--table=nothing", **variables)
    former = file.read_bytes()
    done = run(*dump, "--table=tenants", "--schema-only", **variables)

    assert failed.returncode == 1
    assert former == b"the former dump"
    assert (done.returncode, done.stderr) == (0, "")
    assert file.read_bytes().startswith(b"PGDMP")
    assert [path.name for path in own_folder.iterdir()] == ["clincore.dump"]


def test_a_dump_follows_a_link_and_replaces_no_folder_with_files(
    database: Database, bin_on_path: str, own_folder: Path
) -> None:
    (own_folder / "disk").mkdir()
    (own_folder / "link.dump").symlink_to("disk/clincore.dump")
    (own_folder / "disk" / "clincore.dump.partial").symlink_to("../elsewhere")
    variables = {"DATABASE_URL": database.url, "PATH": bin_on_path}
    dump = ("clincore", "pg_dump", "--table=tenants", "--schema-only")

    linked = run(*dump, "--format=custom", f"--file={own_folder / 'link.dump'}", **variables)
    taken = run(*dump, "--format=directory", f"--file={own_folder / 'disk'}", **variables)

    assert (linked.returncode, linked.stderr) == (0, "")
    assert sorted(path.name for path in own_folder.iterdir()) == ["disk", "link.dump"]
    assert (own_folder / "link.dump").is_symlink()
    assert [path.name for path in (own_folder / "disk").iterdir()] == ["clincore.dump"]
    assert (taken.returncode, taken.stderr.count("\n")) == (2, 1)
    assert "disk is not empty" in taken.stderr
