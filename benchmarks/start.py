"""How long `clincore serve` takes to answer, and the memory of its workers, compared with another commit.

The data folder exists already; the start includes the embedded PostgreSQL. Each checkout has its own data, and they
alternate.
"""

import resource
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.checkout import HERE, Checkout
from benchmarks.harness import START_SECONDS, TOKEN, make_tenant, memory
from benchmarks.work import BODY, mixed
from clincore.postgres import embedded

PORT = 8831
URL = f"http://127.0.0.1:{PORT}"
REQUESTS = 2000
CLIENTS = 8
VERSIONS = 10
HEALTH, READY = "first 200 of /health, ms", "first 200 of /ready, ms"
START, VERSION = "CPU of the service until then, ms", "CPU of `clincore --version`, ms"

Found = dict[str, list[float]]
"""Values by name of the measurement."""


def main(rounds: int, against: Path | None) -> None:
    """Measure and print. `against`: a checkout of another commit."""
    checkouts = {"now": HERE} | ({"before": Checkout(against.resolve())} if against else {})
    found: dict[str, Found] = {name: defaultdict(list) for name in checkouts}
    with ExitStack() as stack:
        folders = {name: stack.enter_context(_folder()) for name in checkouts}
        for number in range(rounds + 1):
            for name, checkout in list(checkouts.items())[:: -1 if number % 2 else 1]:
                times = _start(checkout, folders[name])
                # The first round creates the data.
                if number:
                    for what, value in times.items():
                        found[name][what].append(value)
        for _ in range(VERSIONS):
            for name, checkout in checkouts.items():
                found[name][VERSION].append(_version(checkout))
        for workers in (1, 2):
            for name, checkout in checkouts.items():
                for what, value in _memory(checkout, folders[name], workers).items():
                    found[name][what].append(value)
    Console(width=140).print(_table(found))


def _table(found: dict[str, Found]) -> Table:
    table = Table(title="clincore serve: median (minimum to maximum)")
    for column in ("what", *found):
        table.add_column(column)
    for what in found["now"]:
        table.add_row(what, *(_shown(one[what]) for one in found.values()))
    return table


def _shown(values: list[float]) -> str:
    if len(values) == 1:
        return f"{values[0]:.1f}"
    return f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})"


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for data that PostgreSQL's user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="clincore-benchmark-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _serve(checkout: Checkout, folder: Path, workers: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    """Start `clincore serve`. At the end it and its PostgreSQL have stopped."""
    data = folder / "data"
    variables = {"CLINCORE_DATA_DIR": str(data), "BOOTSTRAP_TOKEN": TOKEN}
    with open(folder / "log", "ab") as log:
        process = subprocess.Popen(
            checkout.python("clincore", "serve", "--port", str(PORT), "--workers", str(workers)),
            cwd=checkout.folder,
            env=checkout.environment(variables),
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    while (data / "postgresql-18" / "postmaster.pid").exists():
        time.sleep(0.1)


def _start(checkout: Checkout, folder: Path) -> dict[str, float]:
    begun = time.perf_counter()
    with _serve(checkout, folder) as process:
        found = {}
        for what, path in ((HEALTH, "/health"), (READY, "/ready")):
            _wait_for(process, path, folder)
            found[what] = (time.perf_counter() - begun) * 1e3
        spent = psutil.Process(process.pid).cpu_times()
        found[START] = (spent.user + spent.system) * 1e3
    return found


def _wait_for(process: subprocess.Popen[bytes], path: str, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    with httpx.Client(base_url=URL) as client:
        while True:
            try:
                if client.get(path).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"clincore serve did not start: {(folder / 'log').read_text()[-2000:]}")
            time.sleep(0.005)


def _version(checkout: Checkout) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    checkout.run(["clincore", "--version"], {})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3


def _memory(checkout: Checkout, folder: Path, workers: int) -> dict[str, float]:
    """MiB per worker, on average."""
    with _serve(checkout, folder, workers) as process:
        _wait_for(process, "/ready", folder)
        if workers > 1:
            # The last worker may start after the first one answers.
            time.sleep(3)
        found = {
            f"{kind} of {_of(workers)} at start, MiB": value for kind, value in memory(process.pid, workers).items()
        }
        with embedded.start(folder / "data") as server:
            works = mixed(make_tenant(URL, server, f"memory-{workers}", BODY))
        # Several connections, so that each worker gets requests.
        with ExitStack() as stack:
            clients = [stack.enter_context(httpx.Client(base_url=URL)) for _ in range(CLIENTS)]
            for number in range(REQUESTS):
                asked = works[number % len(works)]
                method = "POST" if asked.body else "GET"
                clients[number % CLIENTS].request(method, asked.path, headers=dict(asked.headers), content=asked.body)
        return found | {
            f"{kind} of {_of(workers)} after {REQUESTS} requests, MiB": value
            for kind, value in memory(process.pid, workers).items()
        }


def _of(workers: int) -> str:
    return "the only worker" if workers == 1 else f"each of {workers} workers"
