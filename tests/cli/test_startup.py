"""What a process does, and must not do, before it serves."""

import asyncio
import gc
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url
from typer.main import get_command
from typer.testing import CliRunner

from clincore import runtime
from clincore.app import Application
from clincore.cli.app import app
from clincore.db.urls import libpq
from clincore.errors import StartupError
from clincore.runtime import Runtime
from clincore.startup import Prepared
from support.commands import environment, run
from support.database import Database
from support.paths import ROOT, make_folder
from support.service import free_port, start_uvicorn, wait_for
from support.sockets import silent_port

AUDIT = """
import sys

MODULES = (".py", ".pyc", ".so")

def hook(event, arguments):
    if event == "open":
        path, caller = str(arguments[0]), sys._getframe(1).f_code.co_filename
        if not path.endswith(MODULES) and not caller.startswith("<frozen importlib"):
            print(event, path, caller)
    elif event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "_thread.start_new")):
        print(event, arguments)

sys.addaudithook(hook)
import clincore.asgi
"""


def test_importing_the_application_does_no_io() -> None:
    imported = run(sys.executable, "-c", AUDIT, DATABASE_URL="nonsense")

    assert (imported.returncode, imported.stdout, imported.stderr) == (0, "", "")


@pytest.mark.parametrize("words", ["", "tenants", "serve"])
def test_help_imports_no_slow_library(words: str) -> None:
    code = f"""
import sys
from clincore.cli.app import app
try:
    app([*{words.split()}, "--help"])
except SystemExit as ended:
    assert ended.code == 0
slow = ("sqlalchemy", "psycopg", "connexion", "rich", "alembic", "structlog", "uvicorn", "pydantic", "asyncio")
print("imported:", sorted(set(slow) & set(sys.modules)))
"""

    shown = run(sys.executable, "-c", code)

    assert shown.stdout.startswith("Usage: "), shown.stderr
    assert shown.stdout.endswith("imported: []\n")


def commands(group: Any, *words: str) -> Iterator[list[str]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *words, name)
        elif command.context_settings.get("help_option_names") != []:
            yield [*words, name]


@pytest.mark.parametrize("words", list(commands(get_command(app))), ids=" ".join)
def test_help_fits_80_columns_and_shows_no_python_types(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    shown = CliRunner().invoke(app, [*words, "--help"]).stdout

    assert shown.startswith("Usage: ")
    assert max(map(len, shown.splitlines())) <= 80
    assert not re.search(r"<\w|list\[|^Usage.*\{", shown)


class Lifespan:
    """The server's side of an application's lifespan."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._sent: asyncio.Queue[Any] = asyncio.Queue()

    async def start(self) -> Any:
        """Send `lifespan.startup`; returns the application's reply."""
        self._task = asyncio.create_task(self._application({"type": "lifespan"}, self._messages.get, self._sent.put))
        await self._messages.put({"type": "lifespan.startup"})
        return await self._sent.get()

    async def stop(self) -> Any:
        await self._messages.put({"type": "lifespan.shutdown"})
        await self._task
        return await self._sent.get()


async def get_health(application: Application) -> int:
    scope = {"type": "http", "method": "GET", "path": "/health", "raw_path": b"/health", "query_string": b""}
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        statuses.append(message.get("status"))

    await application(scope | {"headers": [], "root_path": ""}, receive, send)
    return statuses[0]


def test_an_application_serves_only_within_its_lifespan(database: Database) -> None:
    application = Application(lambda: nullcontext(Prepared(database.url, "secret", None, False)))

    async def live() -> None:
        with pytest.raises(RuntimeError, match="must run the lifespan"):
            await get_health(application)
        with pytest.raises(RuntimeError):
            runtime.current()
        lifespan = Lifespan(application)
        assert await lifespan.start() == {"type": "lifespan.startup.complete"}
        # Garbage of requests is collected, without looking through what the start has made.
        assert gc.isenabled() and gc.get_freeze_count() > 0
        assert await get_health(application) == 200
        assert runtime.current().bootstrap_token == "secret"
        assert await lifespan.stop() == {"type": "lifespan.shutdown.complete"}
        with pytest.raises(RuntimeError):
            runtime.current()
        with pytest.raises(RuntimeError, match="must run the lifespan"):
            await get_health(application)

    asyncio.run(live())


def test_a_failed_start_says_what_to_do_and_hides_the_text_of_other_exceptions() -> None:
    @contextmanager
    def fail(error: Exception) -> Iterator[Prepared]:
        raise error
        yield

    def start(error: Exception) -> str:
        prepare: Any = lambda: fail(error)  # noqa: E731
        answer = asyncio.run(Lifespan(Application(prepare)).start())
        assert answer["type"] == "lifespan.startup.failed"
        return str(answer["message"])

    assert start(StartupError("do this.")) == "clincore: do this."
    fault = start(ValueError("Jane Doe"))
    assert fault.startswith("clincore: start-up failed with ValueError at ") and __file__ in fault
    assert "Jane Doe" not in fault


def test_a_process_has_only_one_runtime_at_a_time(database: Database) -> None:
    async def open_two() -> None:
        async with Runtime(database.url) as first:
            assert runtime.current() is first
            with pytest.raises(RuntimeError, match="already"):
                async with Runtime(database.url):
                    pass
            assert runtime.current() is first
        async with Runtime(database.url):
            pass

    asyncio.run(open_two())


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        pytest.param({"DATABASE_URL": "nonsense"}, "clincore: DATABASE_URL is not a URL", id="settings"),
        pytest.param(
            {"DATABASE_URL": "postgresql+psycopg://a:geheim@127.0.0.1:1/c"},
            "clincore: PostgreSQL at postgresql://a:***@127.0.0.1:1/c cannot be used",
            id="database",
        ),
    ],
)
def test_plain_uvicorn_ends_with_a_clear_error(variables: dict[str, str], expected: str, workers: int) -> None:
    with make_folder() as folder:
        service = start_uvicorn(folder, workers, **variables)
        try:
            code = service.process.wait(60)
        finally:
            service.process.kill()
            service.process.wait()
        log = service.log.read_text()

    # The parent of several workers always ends with 0.
    assert code == (3 if workers == 1 else 0)
    assert log.count("clincore: ") in range(1, workers + 1)
    assert expected in log
    assert "Traceback" not in log and "geheim" not in log


# Tells a worker that its parent has checked the database: the worker then waits for PostgreSQL.
CHECKED = {"CLINCORE_CHECKED": "1"}


@pytest.mark.parametrize(
    "silent", [pytest.param(False, id="refused", marks=pytest.mark.slow), pytest.param(True, id="no-answer")]
)
def test_a_worker_waiting_for_postgresql_ends_at_once_on_sigterm(folder: Path, silent: bool) -> None:
    ports: AbstractContextManager[int] = silent_port() if silent else nullcontext(1)
    with ports as port:
        service = start_uvicorn(folder, 2, DATABASE_URL=f"postgresql+psycopg://a@127.0.0.1:{port}/c", **CHECKED)
        try:
            deadline = time.monotonic() + 30
            while service.log.read_text().count("Waiting for application startup.") < 2:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            # The time that the imports take.
            time.sleep(4)
            assert service.process.poll() is None, service.log.read_text()

            began = time.monotonic()
            service.process.send_signal(signal.SIGTERM)
            service.process.wait(30)
            seconds = time.monotonic() - began
        finally:
            service.process.kill()

    # The parent checks every half second; a busy machine adds the rest.
    assert seconds < 10
    assert "Traceback" not in service.log.read_text()


class Proxy:
    """A port that forwards to PostgreSQL."""

    def __init__(self, database: Database, port: int) -> None:
        target = conninfo_to_dict(libpq(database.url))
        host, number = str(target["host"]), int(target.get("port") or 5432)
        self._is_local = host.startswith("/")
        self._target: Any = f"{host}/.s.PGSQL.{number}" if self._is_local else (host, number)
        self._listening = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX if self._is_local else socket.AF_INET)
            server.connect(self._target)
            threading.Thread(target=self._copy, args=(client, server), daemon=True).start()

    @staticmethod
    def _copy(client: socket.socket, server: socket.socket) -> None:
        with client, server, selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in selector.select():
                    data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    if not data:
                        return
                    key.data.sendall(data)

    def close(self) -> None:
        # shutdown() wakes accept(); close() does not.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


def test_a_restarted_worker_waits_for_postgresql_and_serves(database: Database, folder: Path) -> None:
    port = free_port()
    url = make_url(database.url).set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
    service = start_uvicorn(folder, 2, DATABASE_URL=url, **CHECKED)
    try:
        time.sleep(5)
        assert service.process.poll() is None, service.log.read_text()
        proxy = Proxy(database, port)
        wait_for(service)
        proxy.close()
    finally:
        service.process.terminate()
        service.process.wait(30)

    assert "Application startup failed" not in service.log.read_text()


def test_a_signal_ends_an_operators_command_without_a_traceback() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        with silent_port() as port:
            process = subprocess.Popen(
                ["clincore", "tenants", "list"],
                env=environment(DATABASE_URL=f"postgresql+psycopg://a@127.0.0.1:{port}/c"),
                stderr=subprocess.PIPE,
            )
            time.sleep(1)
            process.send_signal(number)
            _, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (-number, b"")


def test_a_signal_ends_pg_dump_and_sets_the_exit_code(database: Database, tmp_path: Path) -> None:
    tool = tmp_path / "pg_dump"
    tool.write_text("#!/bin/sh\necho $$\nexec sleep 60\n")
    tool.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{environment()['PATH']}"
    process = subprocess.Popen(
        ["clincore", "pg_dump", "--schema-only"],
        env=environment(DATABASE_URL=database.url, PATH=path),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    pid = int(process.stdout.readline())

    process.terminate()

    assert process.wait(30) == 128 + signal.SIGTERM
    process.stdout.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_package_is_marked_as_typed() -> None:
    assert (ROOT / "clincore" / "py.typed").exists()
