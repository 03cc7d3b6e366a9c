"""What all commands have in common: help, JSON, errors, terminals and questions."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import httpx
import pytest
from typer.core import TyperCommand
from typer.testing import CliRunner

from clincore.cli import api
from clincore.cli.app import all_commands, app
from clincore.records.signature import generate
from support.cli import another_program, as_tenant
from support.commands import environment, run
from support.database import Database
from support.paths import ROOT, make_folder
from support.service import Service, free_port
from support.tenants import MakeTenant, Tenant
from support.terminal import run_in_terminal

COMMANDS = dict(all_commands())
# They pass all arguments on to PostgreSQL's programs.
TOOLS = {"clincore psql", "clincore pg_dump", "clincore pg_restore"}
ESCAPE = "\x1b"


def options_of(command: TyperCommand) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}


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

    @pytest.mark.parametrize(("name", "option"), [("pg_dump", "--help"), ("pg_restore", "-h")])
    def test_help_of_a_tool_is_clincores_and_then_the_tools(self, bin_on_path: str, name: str, option: str) -> None:
        with make_folder() as folder:
            ended = run("clincore", name, option, cwd=folder, PATH=bin_on_path)

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
            ("cases list --limit 0", "'--limit': it must be greater than or equal to 1. See: clincore cases list -h"),
            ("keys create a --scope all", "'read', 'write', 'import', 'sign', 'export'"),
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

    def test_with_a_report_of_a_proof_that_cannot_be_written(self, own_folder: Path) -> None:
        nowhere = f"postgresql://a@127.0.0.1:{free_port()}/b"

        ended = run("clincore", "prove-isolation", "--report", "no/report.json", cwd=own_folder, DATABASE_URL=nowhere)

        assert "cannot write no/report.json" in self.error(ended, 2)

    def test_with_a_service_that_stays_unavailable(self) -> None:
        body = b'{"type": "/problems/unavailable", "detail": "PostgreSQL does not answer."}'
        with another_program(503, body) as url, pytest.raises(api.Unreachable) as raised:
            api.Service(url, attempts=1).ask("GET", "/cases")

        assert str(raised.value) == f"{url} answers 503: PostgreSQL does not answer. Try again later."

    def test_with_a_service_that_only_its_operator_can_mend(self) -> None:
        body = b'{"type": "/problems/signing-unavailable", "detail": "The signing key was retired. Rotate."}'
        with another_program(503, body) as url:
            error = self.error(run("clincore", "cases", "list", CLINCORE=url, CLINCORE_API_KEY="k"), 1)

        assert error == "clincore: 503 signing-unavailable: The signing key was retired. Rotate.\n"


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

    @pytest.mark.parametrize("words", ["tenants list", "prove-isolation", "verify {file}", "keys create a --limit x"])
    def test_errors_are_wrapped_at_words_and_are_one_line_elsewhere(self, own_folder: Path, words: str) -> None:
        (own_folder / "file").write_text("{}")
        command = ("clincore", *words.format(file=own_folder / "file").split())

        shown = run_in_terminal(*command, cwd=own_folder)
        piped = run(*command, cwd=own_folder)

        assert (shown.code, piped.returncode, piped.stdout, piped.stderr.count("\n")) == (2, 2, "", 1)
        assert max(map(len, shown.text.splitlines())) <= 80
        assert shown.text.split() == piped.stderr.split()
        assert [one.name for one in own_folder.iterdir()] == ["file"]

    def test_plans_and_questions_are_wrapped_too(
        self, database: Database, new_database: Callable[[], Database], own_folder: Path
    ) -> None:
        key = own_folder / "key.pem"
        key.write_bytes(generate().pem())
        key.chmod(0o600)
        plan = run_in_terminal("clincore", "migrate", "--dry-run", DATABASE_URL=new_database().url)
        variables = {"DATABASE_URL": database.url, "CLINCORE_SIGNING_KEY": str(key)}
        asked = run_in_terminal("clincore", "signing", "rotate", answer="n\n", **variables)

        assert (plan.code, asked.code) == (0, 2), plan.text + asked.text
        assert "Would run" in plan.text and "[y/N] " in asked.text
        lines = re.sub(r"\r[^\n]*\x1b\[K", "", plan.text + asked.text).splitlines()
        assert max(map(len, lines)) <= 80

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
