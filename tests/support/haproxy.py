"""Debian's HAProxy in front of services."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from support.nginx import wait_for_port
from support.paths import make_folder

# Debian installs it into /usr/sbin, which only root has on its PATH.
HAPROXY = shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def run_haproxy(configuration: str, port: int) -> Iterator[None]:
    """Run HAProxy with this configuration, which listens on the port of 127.0.0.1."""
    if HAPROXY is None:
        pytest.skip("SKIPPED: HAProxy is not installed, so the service is not tested behind it")
    with make_folder() as folder:
        file = folder / "haproxy.cfg"
        file.write_text(configuration)
        process = subprocess.Popen([HAPROXY, "-f", file])
        try:
            wait_for_port(port)
            yield
        finally:
            process.terminate()
            process.wait(10)
