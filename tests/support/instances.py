"""Two instances of the service behind nginx or HAProxy, with the configurations of docs/operations.md."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from support.database import Database
from support.haproxy import run_haproxy
from support.nginx import run_nginx
from support.pages import configuration
from support.service import free_port, start_service, wait_for

# The time that the page names for the proxy to notice that an instance is back: four of HAProxy's checks.
PAUSE_SECONDS = 2.0


class Instance:
    """An instance that keeps its port over restarts."""

    def __init__(self, database: Database, folder: Path, workers: int) -> None:
        self.port = free_port()
        self._database = database
        self._folder = folder
        self._workers = workers
        self._start({})

    def _start(self, variables: dict[str, str]) -> None:
        program = ("clincore", "serve", "--workers", str(self._workers))
        self._service = start_service(self._database, self._folder, program=program, port=self.port, **variables)

    def wait(self) -> None:
        wait_for(self._service)
        assert httpx.get(f"{self._service.url}/ready").status_code == 200

    def checks(self) -> dict[str, str]:
        """The details of the checks at `/ready?verbose`, by name."""
        answer = httpx.get(f"{self._service.url}/ready?verbose").json()
        return {check["name"]: check["detail"] for check in answer["checks"]}

    def stop(self) -> None:
        self._service.process.terminate()
        code = self._service.process.wait(60)
        assert code == 0, self._service.log.read_text()

    def restart(self, **variables: str) -> None:
        """Stop it and start it with these environment variables."""
        self.stop()
        self._start(variables)
        self.wait()


@contextmanager
def proxy(language: str, ports: list[int]) -> Iterator[str]:
    """nginx or HAProxy with the configuration of the page, in front of two instances on these ports; its origin."""
    port = free_port()
    text = configuration("docs/operations.md", language)
    for place, instance in enumerate(ports, start=8001):
        assert f"127.0.0.1:{place}" in text
        text = text.replace(f"127.0.0.1:{place}", f"127.0.0.1:{instance}")
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("bind :8080", f"bind 127.0.0.1:{port}")
    if language == "nginx":
        # nginx logs each refused connection as an error.
        text = f"error_log stderr crit;\n{text}"
    run = run_nginx if language == "nginx" else run_haproxy
    with run(text, port):
        yield f"http://127.0.0.1:{port}"
