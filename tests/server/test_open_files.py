"""A low limit of open files: the service refuses to start, or says that it refuses connections and answers probes."""

import os
import resource
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from clincore.server.reserve import is_probe
from support.commands import environment
from support.database import Database
from support.service import Service, free_port, wait_for
from support.waiting import eventually


@contextmanager
def started(limit: int, log: Path, **variables: str) -> Iterator[Service]:
    """`clincore serve` in a new interpreter with this limit of open files."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["clincore", "serve", "--port", str(port)],
            env=environment(**variables),
            stdout=subprocess.DEVNULL,
            stderr=output,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
        )
    try:
        yield Service(f"http://127.0.0.1:{port}", log, process, Database("", ""))
    finally:
        process.terminate()
        process.wait(30)


def test_a_limit_that_is_too_low_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with started(64, tmp_path / "log", CLINCORE_DATA_DIR=str(tmp_path / "data")) as service:
        assert service.process.wait(60) == 2
    (line,) = service.log.read_text().splitlines()

    assert line.startswith("clincore: the limit of open files is 64, but a worker needs at least 176. Raise it")
    assert not os.path.exists(tmp_path / "data")


def test_idle_clients_that_hold_all_connections_do_not_make_probes_fail(database: Database, tmp_path: Path) -> None:
    with started(256, tmp_path / "log", DATABASE_URL=database.url) as service, ExitStack() as stack:
        wait_for(service)
        address = ("127.0.0.1", int(service.url.rpartition(":")[2]))
        for _ in range(150):
            stack.enter_context(socket.create_connection(address, timeout=30))
        for path in ("/health", "/ready", "/health"):
            with httpx.Client(base_url=service.url, timeout=30) as client:
                assert client.get(path).status_code == 200, path
        with httpx.Client(base_url=service.url, timeout=30) as client:
            refused = client.get("/problems")
        stack.close()
        eventually(lambda: httpx.get(f"{service.url}/problems").status_code == 200, 30)

    assert (refused.status_code, refused.headers["Retry-After"], refused.headers["Connection"]) == (503, "1", "close")
    # Once a minute at most, although many were refused.
    (line,) = [line for line in service.log.read_text().splitlines() if "Connections are refused" in line]
    assert "the most with 256 open files" in line


def test_probes_are_told_by_their_path() -> None:
    assert is_probe(b"/health", "") and is_probe(b"/ready?x=1", "")
    assert is_probe(b"/clin/health", "/clin/") and is_probe(b"/health", "/clin")
    assert (
        not is_probe(b"/healthy", "") and not is_probe(b"/cases/health", "") and not is_probe(b"/clin/cases", "/clin")
    )
