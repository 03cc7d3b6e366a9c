"""`clincore doctor` and `clincore status`."""

import json
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from support.cli import another_program, as_tenant, store_key
from support.commands import run
from support.database import Database
from support.paths import ROOT
from support.service import Service, free_port
from support.sockets import silent_port
from support.tenants import Tenant


class TestDoctor:
    def doctor(
        self, database: Database, url: str, cwd: Path = ROOT, **variables: str
    ) -> tuple[int, dict[str, dict[str, str]]]:
        variables = {"DATABASE_URL": database.url} | variables
        ended = run("clincore", "doctor", "--json", "--url", url, cwd=cwd, **variables)
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
        assert {"Row-level security is enabled and forced on every table of tenants"} < {one["check"] for one in wrong}
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

    def test_a_service_that_runs_is_checked_too(
        self, service: Service, database: Database, folder: Path, own_folder: Path
    ) -> None:
        key = str(folder / "signing-key.pem")

        # A checkout may have the stored key of another service.
        code, checks = self.doctor(database, service.url, own_folder, CLINCORE_SIGNING_KEY=key)

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
        assert ended.stdout.endswith("\nNothing is wrong. Skipped: 2.\n")
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

    def test_a_database_that_does_not_answer_is_said_within_a_minute(self, own_folder: Path) -> None:
        service = f"http://127.0.0.1:{free_port()}"
        with silent_port() as port:
            began = monotonic()
            url = f"postgresql://a:geheim@127.0.0.1:{port}/b"
            ended = run("clincore", "status", cwd=own_folder, DATABASE_URL=url, CLINCORE=service)

        assert ended.returncode == 1
        assert f"127.0.0.1:{port}/b cannot be used" in ended.stdout and "geheim" not in ended.stdout
        assert monotonic() - began < 60
