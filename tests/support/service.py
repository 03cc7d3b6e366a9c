"""A running `clincore serve`, and a client that checks answers against the contract."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx

from clincore.records import signing_key as signing
from support import warm
from support.commands import start
from support.contract import CONTRACT
from support.database import Database
from support.waiting import PATIENCE

BOOTSTRAP_TOKEN = "test-bootstrap-token-of-32-or-more"
BROWSER_ORIGIN = "https://app.example.org"
# The variable that names the folder of all services' logs, from which a whole run's answers are read.
LOGS = "CLINCORE_TEST_LOGS"


@dataclass
class Service:
    """A running `clincore serve`."""

    url: str
    log: Path
    process: warm.Process | subprocess.Popen[bytes]
    database: Database

    def line_of(self, response: httpx.Response) -> str:
        """The log line of the request, which may be written shortly after the answer."""
        for _ in range(100):
            for line in self.log.read_text().splitlines():
                if f'"request_id":"{response.headers["X-Request-Id"]}"' in line:
                    return line
            time.sleep(0.02)
        raise AssertionError("the request is not in the log")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_service(
    database: Database, folder: Path, *, program: Sequence[str] = ("clincore", "serve"), port: int = 0, **variables: str
) -> Service:
    """`clincore serve`, or another program that takes --port, on the database, just started. `port`: 0 for any."""
    port = port or free_port()
    log = Path(os.environ[LOGS]) / f"{uuid4()}.log"
    key = folder / "signing-key.pem"
    signing.make(key)
    settings = {"DATABASE_URL": database.url, "BOOTSTRAP_TOKEN": BOOTSTRAP_TOKEN, "CLINCORE_SIGNING_KEY": str(key)}
    settings |= variables
    with log.open("wb") as stderr:
        process = start([*program, "--port", str(port)], stdout=stderr, stderr=stderr, cwd=Path.cwd(), **settings)
    return Service(f"http://127.0.0.1:{port}", log, process, database)


@contextmanager
def serve(
    database: Database, folder: Path, *, program: Sequence[str] = ("clincore", "serve"), **variables: str
) -> Iterator[Service]:
    """Run `clincore serve`, or another program that takes --port, on the database until the end of the block."""
    service = start_service(database, folder, program=program, **variables)
    try:
        wait_for(service)
        yield service
    finally:
        service.process.terminate()
        service.process.wait(30)


def start_uvicorn(folder: Path, workers: int, **variables: str) -> Service:
    """uvicorn's own command with the application, just started."""
    port, log = free_port(), folder / f"uvicorn-{uuid4()}.log"
    command = ["uvicorn", "clincore.asgi:app", "--port", str(port), "--workers", str(workers)]
    with log.open("wb") as output:
        process = start(command, stdout=output, stderr=output, **variables)
    return Service(f"http://127.0.0.1:{port}", log, process, Database("", ""))


def wait_for(service: Service) -> None:
    deadline = time.monotonic() + PATIENCE
    # A single client, because creating one loads all certificates, which takes as long as several requests.
    with httpx.Client() as client:
        while time.monotonic() < deadline and service.process.poll() is None:
            try:
                if client.get(f"{service.url}/health").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
    last_lines = "\n".join(service.log.read_text().splitlines()[-40:])
    code = service.process.poll()
    raise AssertionError(f"the service does not answer; exit code {code}; its last lines:\n{last_lines}")


def checked_client(url: str) -> httpx.Client:
    """A client that checks each answer against the contract."""
    return httpx.Client(base_url=url, timeout=30, event_hooks={"response": [CONTRACT.check]})
