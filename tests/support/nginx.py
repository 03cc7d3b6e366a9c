"""Debian's nginx in front of a service, with or without a path prefix."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from support.paths import make_folder
from support.service import Service, free_port
from support.waiting import eventually

PREFIX = "/clin"
# Debian installs it into /usr/sbin, which only root has on its PATH.
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def nginx(service: Service, *, strips: bool, prefix: str = PREFIX) -> Iterator[str]:
    """Run nginx with the configuration that its documentation shows for a prefix; its origin.

    `strips`: paths are passed on without the prefix.
    """
    port = free_port()
    with run_nginx(
        f"""
        server {{
            listen 127.0.0.1:{port};
            location {prefix}/ {{ proxy_pass {service.url}{"/" if strips else ""}; }}
        }}
        """,
        port,
    ):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def run_nginx(http: str, port: int) -> Iterator[None]:
    """Run nginx with this content of its `http` block, which listens on the port of 127.0.0.1."""
    if NGINX is None:
        pytest.skip("SKIPPED: nginx is not installed, so the service is not tested behind a real proxy")
    with make_folder() as folder:
        temporary = "\n".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        configuration = folder / "nginx.conf"
        configuration.write_text(
            f"""
            {"user root;" if os.geteuid() == 0 else ""}
            daemon off;
            worker_processes 1;
            pid {folder}/nginx.pid;
            error_log stderr;
            events {{ worker_connections 256; }}
            http {{
                access_log off;
                {temporary}
                {http}
            }}
            """
        )
        process = subprocess.Popen([NGINX, "-p", folder, "-e", "stderr", "-c", configuration])
        try:
            wait_for_port(port)
            yield
        finally:
            process.terminate()
            process.wait(10)


def wait_for_port(port: int) -> None:
    """Wait until a proxy listens on the port of 127.0.0.1."""

    def is_open() -> bool:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True

    eventually(is_open, 10, ignored=(ConnectionRefusedError,))
