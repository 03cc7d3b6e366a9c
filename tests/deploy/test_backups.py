"""docs/backups.md: its commands, with Debian's PostgreSQL and pgBackRest, from the first backup to the switch."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import httpx
import pytest

from clincore.records import signing_key as signing
from support.cases import SIGNING, make_case
from support.cluster import INSTALLED, IS_ROOT, Cluster, cluster
from support.commands import environment, run, start
from support.database import Database
from support.pages import STARTS_SERVICE, Command, commands, configuration
from support.paths import ROOT, make_folder
from support.service import BOOTSTRAP_TOKEN, Service, free_port, wait_for
from support.shell import Shell
from support.tenants import Tenant, bootstrap

PAGE = "docs/backups.md"
PASSWORDS = {"CLINCORE_OWNER_PASSWORD": "change-me", "CLINCORE_APP_PASSWORD": "change-me-too"}
PGBACKREST = shutil.which("pgbackrest")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        PGBACKREST is None or not INSTALLED, reason="SKIPPED: backups need Debian's PostgreSQL and pgBackRest"
    ),
]


def url(cluster_port: int, login: str) -> str:
    return f"postgresql+psycopg://{login}@127.0.0.1:{cluster_port}/clincore"


class Operator:
    """An operator who follows the page on a cluster in a temporary folder."""

    def __init__(self, folder: Path, postgresql: Cluster, held: ExitStack) -> None:
        self.folder, self.postgresql = folder, postgresql
        self._held = held
        self.restored_port, self.check_port = free_port(), free_port()
        data = postgresql.data
        # The page's paths and ports, and those of the test.
        self.places = {
            "/etc/postgresql/17/main/postgresql.conf": str(data / "postgresql.conf"),
            "/var/lib/postgresql/17/main": str(data),
            "/var/lib/postgresql/17/": f"{postgresql.folder}/",
            "/usr/lib/postgresql/17/bin": str(postgresql.bin),
            "/safe/signing-key.pem": str(folder / "signing-key.pem"),
            ":5432/": f":{postgresql.port}/",
            "5433": str(self.restored_port),
            "8001": str(self.check_port),
            "sudo -u postgres ": "setpriv --reuid=postgres --regid=postgres --clear-groups " if IS_ROOT else "",
        }
        self.variables = {
            "PATH": f"{postgresql.bin}:{environment()['PATH']}",
            "DATABASE_URL": url(postgresql.port, "clincore_app:change-me-too"),
            "MIGRATION_DATABASE_URL": url(postgresql.port, "clincore_owner:change-me"),
            "CLINCORE_SIGNING_KEY": str(folder / "signing-key.pem"),
            "BOOTSTRAP_TOKEN": BOOTSTRAP_TOKEN,
            "PGBACKREST_CONFIG": os.environ["PGBACKREST_CONFIG"],
        }
        self.shell = held.enter_context(Shell(folder, **self.variables))

    def here(self, text: str) -> str:
        for written, used in self.places.items():
            text = text.replace(written, used)
        return text

    def follow(self, page: list[Command], until: str) -> str:
        """Run the page's next commands up to the first one with this text in it; their output."""
        outputs = ""
        while page:
            command = page.pop(0)
            text = self.here(command.text)
            if re.fullmatch(STARTS_SERVICE, command.text):
                self.serve(self.check_port, self.restored_port)
            elif command.text.startswith("sudo pg_ctlcluster"):
                getattr(self.postgresql, text.split()[-1])()
            elif not command.text.startswith(("sudo systemctl", "export BEFORE=")):
                output = self.shell(text)
                assert command.expected in output, f"{text}\nhas no {command.expected} in:\n{output}"
                outputs += output
            if until in command.text:
                return outputs
        raise AssertionError(f"the page has no command with {until}")

    def serve(self, port: int, database_port: int) -> Service:
        """A service on a database, until the end of the test."""
        variables = self.variables | {
            "DATABASE_URL": url(database_port, "clincore_app:change-me-too"),
            "MIGRATION_DATABASE_URL": url(database_port, "clincore_owner:change-me"),
        }
        return self._held.enter_context(running(self.folder, port, variables))


@contextmanager
def running(folder: Path, port: int, variables: dict[str, str]) -> Iterator[Service]:
    log = folder / f"{port}.log"
    with log.open("wb") as output:
        process = start(["clincore", "serve", "--port", str(port)], stdout=output, stderr=output, **variables)
    service = Service(f"http://127.0.0.1:{port}", log, process, Database("", ""))
    try:
        wait_for(service)
        yield service
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Operator]:
    """An operator with a PostgreSQL that archives as the page says, and with the roles of ClinCore."""
    with make_folder() as folder, make_folder() as data, ExitStack() as held:
        file, repository = folder / "pgbackrest.conf", data / "repository"
        text = configuration(PAGE, "ini").replace("/var/lib/postgresql/17/main", str(data / "data"))
        text = text.replace("/var/lib/pgbackrest", str(repository))
        places = "".join(f"{name}-path={data / name}\n" for name in ("lock", "spool"))
        # The socket and the port are Debian's default there.
        text = (
            text.replace("[global]\n", f"[global]\n{places}log-level-file=off\n").rstrip()
            + f"\npg1-socket-path={data}\npg1-user=postgres\n"
        )
        # pgBackRest reads it in each command and in the server's archive_command.
        monkeypatch.setenv("PGBACKREST_CONFIG", str(file))
        file.write_text(text)
        file.chmod(0o644)
        settings = configuration(PAGE, "conf").splitlines()
        postgresql = held.enter_context(cluster(data, *settings, "fsync=off"))
        file.write_text(text + f"pg1-port={postgresql.port}\n")
        subprocess.run(
            [ROOT / "deploy" / "postgres" / "roles.sh"],
            env=os.environ | {"PATH": f"{postgresql.bin}:{os.environ['PATH']}"} | postgresql.login | PASSWORDS,
            check=True,
        )
        signing.make(folder / "signing-key.pem")
        yield Operator(folder, postgresql, held)


def status_of(client: httpx.Client, tenant: Tenant, case_id: str) -> str:
    response = client.get(f"/cases/{case_id}", headers=tenant.key)
    return str(response.json()["status"]) if response.status_code == 200 else "none"


def test_the_page_restores_the_moment_before_an_accident(operator: Operator) -> None:
    page = commands(PAGE)
    assert run("clincore", "migrate", **operator.variables).returncode == 0
    service = operator.serve(free_port(), operator.postgresql.port)
    with httpx.Client(base_url=service.url, timeout=30) as client:
        tenant = bootstrap(client)
        in_backup = make_case(client, tenant.key, is_signed=True)
        operator.follow(page, until="info")
        in_archive = make_case(client, tenant.key, is_signed=True)
        draft = make_case(client, tenant.key)
        # pgBackRest compares whole seconds with the end of the backup.
        sleep(1)
        before = datetime.now(UTC).isoformat(sep=" ")
        sleep(0.1)
        # What the restore undoes: a signature, an erasure, a revoked key, and the accident.
        assert client.post(f"/cases/{draft}/finalize", json=SIGNING, headers=tenant.key | {"If-Match": "*"}).is_success
        erased = client.post(f"/cases/{in_backup}/erase-subject", headers=tenant.key)
        assert erased.is_success, erased.text
        key = client.post("/admin/api-keys", json={"label": "leaked"}, headers=tenant.key).json()
        assert client.post(f"/admin/api-keys/revoke/{key['id']}", headers=tenant.key).is_success
        rotated = client.post("/admin/api-keys", json={"label": "rotated"}, headers=tenant.key).json()
        grace = {"grace_seconds": 3600}
        assert client.post("/auth/api-keys/rotate", json=grace, headers={"X-API-Key": rotated["api_key"]}).is_success
        lost = make_case(client, tenant.key)
    with operator.postgresql.connect("clincore") as superuser:
        superuser.execute("DELETE FROM signatures")
    operator.shell(f"export BEFORE='{before}' TENANT_ID={tenant.id} CLINCORE_API_KEY={tenant.api_key}")

    verified = operator.follow(page, until="verify-replay")

    assert (verified.count('"valid":true'), verified.count('"valid":false')) == (2, 0)
    with httpx.Client(base_url=f"http://127.0.0.1:{operator.check_port}", timeout=30) as restored:
        found = {case_id: status_of(restored, tenant, case_id) for case_id in (in_backup, in_archive, draft, lost)}
        assert found == {in_backup: "final", in_archive: "final", draft: "draft", lost: "none"}
        # The restore brought the subject back; the page says so.
        assert restored.get(f"/cases/{in_backup}", headers=tenant.key).json()["subject"]["identifiers"]

    undone = operator.follow(page, until="operation LIKE")

    assert key["id"] in undone and rotated["id"] in undone and in_backup in undone and in_archive not in undone

    operator.follow(page, until="systemctl start")

    assert page == []
    with httpx.Client(base_url=operator.serve(free_port(), operator.postgresql.port).url, timeout=30) as client:
        assert status_of(client, tenant, in_archive) == "final"
        make_case(client, tenant.key, is_signed=True)
