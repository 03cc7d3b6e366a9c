"""`clincore init`, and where the key that it stores is used."""

import json
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from support.cli import as_tenant, store_key
from support.commands import run
from support.database import Database
from support.service import BOOTSTRAP_TOKEN, Service
from support.tenants import Tenant


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

    def test_init_refuses_another_database_that_publishes_the_same_signing_keys(
        self, service: Service, database: Database, migrated_database: Callable[[], Database], own_folder: Path
    ) -> None:
        other = migrated_database()
        with database.as_owner() as owner, other.as_owner() as copied:
            for (row,) in owner.execute("SELECT row_to_json(k)::text FROM signing_keys k"):
                copied.execute(
                    "INSERT INTO signing_keys SELECT * FROM json_populate_record(NULL::signing_keys, %s)", [row]
                )

        ended = self.init(other, own_folder, CLINCORE=service.url)

        assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
        assert "uses another database" in ended.stderr
        assert list(own_folder.iterdir()) == []
        with other.as_owner() as owner:
            assert owner.execute(
                "SELECT (SELECT count(*) FROM tenants), (SELECT count(*) FROM tenant_names),"
                " (SELECT count(*) FROM api_keys)"
            ).fetchone() == (0, 0, 0)

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
        assert "\x1b" not in ended.stderr

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

        assert run("clincore", "open", cwd=own_folder, BROWSER="true").stdout == "http://127.0.0.1:8000/console/\n"
        opened = run("clincore", "open", "docs", cwd=own_folder, BROWSER="true")
        assert (opened.stdout, opened.stderr) == ("http://127.0.0.1:8000/docs\n", "")

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
        if shutil.which("git") is None:
            pytest.skip("git is not installed")
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
