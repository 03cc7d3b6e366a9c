"""The service under the system-call filter of deploy/systemd/clincore.service."""

import ctypes.util
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from support import sandbox
from support.cases import make_case, replay
from support.database import Database
from support.paths import ROOT
from support.service import checked_client, serve
from support.tenants import bootstrap

UNIT = ROOT / "deploy" / "systemd" / "clincore.service"
SANDBOX = (sys.executable, sandbox.__file__, str(UNIT))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("systemd-analyze") is None or ctypes.util.find_library("seccomp") is None,
        reason="SKIPPED: the unit's filter needs systemd-analyze and libseccomp",
    ),
]


def test_the_service_works_under_the_filter(database: Database, folder: Path) -> None:
    with serve(database, folder, program=(*SANDBOX, "clincore", "serve", "--workers", "2")) as service:
        with checked_client(service.url) as client:
            tenant = bootstrap(client)
            path = f"/cases/{make_case(client, tenant.key, is_signed=True)}"
            assert replay(client, path, tenant.key)["valid"] is True
            assert client.get(f"{path}/document", headers=tenant.key).status_code == 200
            assert client.get("/ready").json() == {"status": "ok"}
        children = psutil.Process(service.process.pid).children(recursive=True)
        states = [Path(f"/proc/{process.pid}/status").read_text() for process in children]
        assert len(states) >= 2 and all("\nSeccomp:\t2\n" in state for state in states)
        log = service.log.read_text()
    # As an error of the operating system, such as of setrlimit.
    assert "not permitted" not in log


@pytest.mark.parametrize("call", ["os.chroot('/')", "os.setuid(10001)", "os.nice(-1)"])
def test_the_filter_refuses_what_the_service_does_not_need(call: str) -> None:
    done = subprocess.run([*SANDBOX, sys.executable, "-c", f"import os; {call}"], capture_output=True, text=True)

    assert "PermissionError: [Errno 1]" in done.stderr
