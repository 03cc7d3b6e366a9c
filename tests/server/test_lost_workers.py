"""A worker that cannot be replaced at once is replaced later; the others serve meanwhile."""

import resource
from pathlib import Path

import httpx
import psutil

from support.database import Database
from support.service import serve
from support.waiting import eventually
from support.workers import worker_processes


def test_a_worker_is_replaced_once_its_parent_can_open_files_again(database: Database, folder: Path) -> None:
    with serve(database, folder, program=("clincore", "serve", "--workers", "2")) as service:
        parent = psutil.Process(service.process.pid)
        lost, left = worker_processes(parent)
        limits = parent.rlimit(resource.RLIMIT_NOFILE)
        # A pipe to a new worker would be one too many.
        parent.rlimit(resource.RLIMIT_NOFILE, (parent.num_fds(), limits[1]))
        lost.kill()
        eventually(lambda: "A worker cannot be started" in service.log.read_text())
        assert service.process.poll() is None
        with httpx.Client(base_url=service.url, timeout=30) as client:
            assert client.get("/ready").status_code == 200
        parent.rlimit(resource.RLIMIT_NOFILE, limits)
        eventually(lambda: len(worker_processes(parent)) == 2)
        assert left in worker_processes(parent)
