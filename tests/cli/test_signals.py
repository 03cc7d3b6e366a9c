"""A signal at any time during startup ends `clincore serve` with exit code 0 and leaves no process behind."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from clincore.db.migrations import migrate
from clincore.postgres import embedded
from support.commands import environment
from support.database import Database
from support.paths import make_folder
from support.service import Service, free_port, wait_for
from support.waiting import eventually

MOMENTS = 20
"""The startup is divided into so many."""
# SIGINT to one worker on an embedded server, SIGTERM to two on a database.
FEW = (7, 9)


@dataclass(frozen=True)
class Kind:
    """A way to start the service, with its own folder: only one service may use an embedded server."""

    folder: Path
    variables: dict[str, str]

    def start(self, moment: int, workers: int = 1) -> Service:
        """Start it, and return once it catches SIGTERM."""
        port, log = free_port(), self.folder / f"{moment}.log"
        command = ["clincore", "serve", "--port", str(port), "--workers", str(workers)]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment(**self.variables),
                stdout=output,
                stderr=output,
                # Its own session and process group, as in a terminal.
                start_new_session=True,
            )
        eventually(lambda: has_signal(process.pid, "SigCgt", signal.SIGTERM))
        return Service(f"http://127.0.0.1:{port}", log, process, Database("", ""))


def has_signal(pid: int, mask: str, number: int) -> bool:
    """Whether the signal is in a mask of the process: SigCgt (caught signals) or SigBlk (blocked signals)."""
    status = Path(f"/proc/{pid}/status").read_text()
    (bits,) = [line.split()[1] for line in status.splitlines() if line.startswith(mask)]
    return bool(int(bits, 16) >> (number - 1) & 1)


def session_of(pid: int) -> list[str]:
    """The command lines of the processes that still run in a session."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            if os.getsid(process.pid) == pid and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
    return found


def supervisors_of(folder: Path) -> list[int]:
    """The supervisors of the embedded server in the folder."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if any(word.startswith(str(folder)) for word in process.cmdline()):
                found.append(process.pid)
    return found


def end(service: Service, number: int) -> None:
    """Send the signal (SIGINT to the whole group, as Ctrl-C does) and check that every process ends."""
    process = service.process
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    try:
        code = process.wait(30)
        eventually(lambda: not session_of(process.pid))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    log = service.log.read_text()
    assert code == 0, log
    assert "Traceback" not in log and "Exception ignored" not in log, log


@pytest.fixture
def kinds(database: Database) -> Iterator[list[Kind]]:
    """Two starts on an embedded server with data, two on a database."""
    with make_folder() as first, make_folder() as second, make_folder() as third, make_folder() as fourth:
        with embedded.start(first / ".clincore", options={"fsync": "off"}) as server:
            migrate(server.owner_url)
        server.close(wait=20)
        subprocess.run(["cp", "-a", first / ".clincore", second / ".clincore"], check=True)
        url = {"DATABASE_URL": database.url}
        yield [Kind(first, {}), Kind(third, url), Kind(second, {}), Kind(fourth, url)]


@pytest.mark.parametrize(
    "chosen", [pytest.param(FEW, id="few"), pytest.param(range(MOMENTS), id="all", marks=pytest.mark.slow)]
)
def test_a_signal_at_any_time_during_startup_ends_everything_with_exit_code_0(
    kinds: list[Kind], chosen: Sequence[int]
) -> None:
    def measure(kind: Kind) -> float:
        service = kind.start(MOMENTS)
        started = time.monotonic()
        wait_for(service)
        seconds = time.monotonic() - started
        end(service, signal.SIGTERM)
        return seconds

    def interrupt(kind: Kind, moments: Sequence[int]) -> None:
        for moment in moments:
            workers = 2 if moment % 5 == 4 else 1
            service = kind.start(moment, workers)
            time.sleep(seconds * moment / MOMENTS * workers)
            end(service, signal.SIGINT if moment // 4 % 2 else signal.SIGTERM)

    with ThreadPoolExecutor(len(kinds)) as pool:
        # Run as many at once as can start without waiting for each other.
        seconds = max(pool.map(measure, kinds[:2]))
        moments = [chosen[first :: len(kinds)] for first in range(len(kinds))]
        list(pool.map(interrupt, kinds, moments))

    for kind in kinds:
        eventually(lambda folder=kind.folder: not supervisors_of(folder))  # type: ignore[misc]


def test_workers_block_ctrl_c_while_they_import(database: Database, folder: Path) -> None:
    service = Kind(folder, {"DATABASE_URL": database.url}).start(0, workers=2)
    parent = psutil.Process(service.process.pid)
    blocked: dict[int, bool] = {}

    def both_were_seen() -> bool:
        for child in parent.children():
            with suppress(psutil.Error, FileNotFoundError):
                if child.pid not in blocked and "spawn_main" in " ".join(child.cmdline()):
                    blocked[child.pid] = has_signal(child.pid, "SigBlk", signal.SIGINT)
        return len(blocked) == 2

    try:
        eventually(both_were_seen)
    finally:
        end(service, signal.SIGTERM)

    assert all(blocked.values())
