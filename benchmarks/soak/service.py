"""The service under test: `clincore serve` with two workers behind a proxy to its database, and its processes."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.checkout import HERE
from benchmarks.harness import START_SECONDS, TOKEN, answers
from clincore.postgres import embedded
from clincore.records import signing_key as signing

WORKERS = 2
STOP_SECONDS = 30


class Size(NamedTuple):
    """Of one worker with its helper processes: resident memory in bytes, and open descriptors of the worker itself."""

    rss: int
    descriptors: int


@dataclass
class Service:
    """The running service."""

    url: str
    pid: int
    log: Path
    variables: dict[str, str]
    """For commands of the operator, which do not use the proxy."""
    oldest: psutil.Process = field(init=False)
    """A worker that is never killed, so that its size shows the whole run."""
    seen: set[int] = field(default_factory=set)
    """All workers so far."""
    exit_code: int | None = None

    def __post_init__(self) -> None:
        self.oldest = self.workers()[0]

    def workers(self) -> list[psutil.Process]:
        """The worker processes, oldest first. uvicorn has one more child, which tracks resources."""
        found = []
        for child in psutil.Process(self.pid).children():
            # A killed worker may not have been reaped yet.
            with suppress(psutil.NoSuchProcess):
                if "spawn_main" in " ".join(child.cmdline()):
                    found.append(child)
        self.seen |= {worker.pid for worker in found}
        return sorted(found, key=lambda worker: worker.create_time())

    def size(self) -> Size:
        """Of the oldest worker.

        Raises:
            psutil.NoSuchProcess: it has ended.
        """
        rss = self.oldest.memory_info().rss
        for child in self.oldest.children():
            with suppress(psutil.NoSuchProcess):
                rss += child.memory_info().rss
        return Size(rss, self.oldest.num_fds())

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `clincore` as the operator."""
        return subprocess.run(
            HERE.python("clincore", *arguments),
            cwd=HERE.folder,
            env=HERE.environment(self.variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@contextmanager
def serve(server: embedded.Embedded, proxied_url: str, folder: Path) -> Iterator[Service]:
    """Run the service, which reaches its database at `proxied_url`, until the end of the block."""
    key = folder / signing.NAME
    signing.make(key)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    variables = {
        "DATABASE_URL": server.url,
        "MIGRATION_DATABASE_URL": server.owner_url,
        "BOOTSTRAP_TOKEN": TOKEN,
        "CLINCORE_SIGNING_KEY": str(key),
        "LOG_LEVEL": "INFO",
    }
    log = folder / "log"
    with log.open("ab") as stderr:
        process = subprocess.Popen(
            HERE.python("clincore", "serve", "--port", str(port), "--workers", str(WORKERS)),
            cwd=HERE.folder,
            env=HERE.environment(variables | {"DATABASE_URL": proxied_url}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )
    try:
        _wait_until_started(process, port, log)
        service = Service(f"http://127.0.0.1:{port}", process.pid, log, variables)
        yield service
        process.terminate()
        service.exit_code = process.wait(STOP_SECONDS)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _wait_until_started(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        # Both workers, so that the oldest one is known.
        if len(psutil.Process(process.pid).children()) > WORKERS and answers(port):
            return
        time.sleep(0.1)
    raise SystemExit(f"clincore serve did not start: {log.read_text()[-2000:]}")
