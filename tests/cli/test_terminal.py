"""`clincore serve` on a terminal and elsewhere: what it shows of its start, of requests and of its end."""

import json
import re
import signal
from pathlib import Path

import httpx
import pytest

from clincore.log_text import render
from support.commands import run
from support.database import Database
from support.service import free_port, serve, start_service, wait_for
from support.terminal import terminal
from support.waiting import eventually

STAGES = ["database", "schema", "checks", "signing", "workers"]
LINE = re.compile(r"\d\d:\d\d:\d\d  (\d{3})  (\w+) +(\S+|\(unknown path\)) +\d+\.\d ms(?:  (\S+)  ([0-9a-f]{8}))?")


@pytest.mark.parametrize("workers", [1, 2])
def test_on_a_terminal_people_can_read_start_requests_and_end(database: Database, workers: int) -> None:
    port = str(free_port())
    command = ["clincore", "serve", "--port", port, "--workers", str(workers)]
    with terminal(command, DATABASE_URL=database.url, NO_COLOR="1") as shown:
        shown.wait_for("Ready after ")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            health = client.get("/health")
            missing = client.get("/cases/00000000-0000-4000-8000-000000000000")
        shown.wait_for(missing.headers["X-Request-Id"][:8])
        shown.process.send_signal(signal.SIGINT)
        assert shown.end() == 0

    lines = shown.lines
    staged = [re.fullmatch(r"  (\w+) +\S.* \d+\.\d s", line) for line in lines]
    assert [stage[1] for stage in staged if stage] == STAGES
    requests = [found.groups() for line in lines if (found := LINE.fullmatch(line))]
    assert health.status_code == 200 and requests == [
        ("200", "GET", "/health", None, None),
        ("401", "GET", "/cases/{case_id}", "unauthorized", missing.headers["X-Request-Id"][:8]),
    ]
    *_, stopping, stopped = lines
    assert stopping == "Stopping. Requests in progress are finished; Ctrl-C again ends them."
    assert stopped.startswith("Stopped after ") and "Data is kept in " in stopped
    assert "\x1b[3" not in shown.written
    # A warning and the database's URL are as long as they are.
    assert max(map(len, [line for line in lines if line[:10] in (f"  {name:<8}" for name in STAGES)])) <= 80


def test_statuses_have_colours_on_a_terminal(database: Database) -> None:
    port = str(free_port())
    with terminal(["clincore", "serve", "--port", port], DATABASE_URL=database.url) as shown:
        shown.wait_for("Ready after ")
        assert httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
        shown.wait_for("\x1b[32m200\x1b[0m")


def test_a_failed_stage_is_named_on_a_terminal() -> None:
    with terminal(["clincore", "serve"], DATABASE_URL="postgresql+psycopg://clincore@127.0.0.1:1/clincore") as shown:
        assert shown.end() == 2

    failed = [line for line in shown.lines if re.fullmatch(r"  schema +failed +\d+\.\d s", line)]
    assert len(failed) == 1
    assert shown.lines[shown.lines.index(failed[0]) + 1].startswith("clincore: PostgreSQL at ")


def test_elsewhere_every_line_is_json_and_one_has_the_stages(database: Database, folder: Path) -> None:
    with serve(database, folder, program=["clincore", "serve", "--workers", "2"]) as service:
        # One worker may serve before the other.
        eventually(lambda: '"event":"serving"' in service.log.read_text())

    lines = [json.loads(line) for line in service.log.read_text().splitlines() if line.startswith("{")]
    (serving,) = [line for line in lines if line["event"] == "serving"]
    assert list(serving["stages_ms"]) == STAGES
    assert sum(serving["stages_ms"].values()) <= serving["duration_ms"] + len(STAGES)
    assert [line["event"] for line in lines[-2:]] == ["stopping", "stopped"]
    others = [line for line in service.log.read_text().splitlines() if not line.startswith("{")]
    # What `_announce` prints on stdout, which the fixture writes to the same file.
    assert others[0].startswith("ClinCore ") and len(others) == 5, others


@pytest.mark.parametrize(
    ("command", "variables"),
    [
        pytest.param("exec clincore serve --port {port}", {"LOG_FORMAT": "json"}, id="variable"),
        pytest.param("exec clincore serve --port {port} --log-format json", {"LOG_FORMAT": "text"}, id="option"),
        pytest.param("SYSTEMD_EXEC_PID=$$ exec clincore serve --port {port}", {}, id="unit-of-systemd"),
    ],
)
def test_a_terminal_gets_json_when_no_person_reads_it(
    database: Database, command: str, variables: dict[str, str]
) -> None:
    command = command.format(port=free_port())
    with terminal(["sh", "-c", command], DATABASE_URL=database.url, **variables) as shown:
        shown.wait_for('"event":"serving"')


def test_text_can_be_forced_without_a_terminal(database: Database, folder: Path) -> None:
    service = start_service(database, folder, program=["clincore", "serve", "--log-format", "text"])
    wait_for(service)
    service.process.terminate()
    assert service.process.wait(60) == 0

    log = service.log.read_text()
    assert "Ready after " in log and "{" not in log
    # What is written over on a terminal would stay in a file.
    assert "\x1b" not in log and "starting ..." not in log


def test_an_unknown_format_is_refused() -> None:
    ended = run("clincore", "serve", "--log-format", "xml")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("clincore: LOG_FORMAT ")


def test_an_internal_error_has_its_frames_below_the_line() -> None:
    event = {
        "timestamp": "2026-11-30T10:00:00.000+00:00",
        "level": "error",
        "event": "request",
        "method": "POST",
        "path": "/cases",
        "status": 500,
        "duration_ms": 12.34,
        "request_id": "6f1c8c2e-5a0b-4e58-9d1d-1f7d2a9a3c55",
        "problem": "internal",
        "error": "ZeroDivisionError",
        "frames": ["a.py:1 f", "b.py:2 g"],
    }

    first, *rest = render(event, colours=False).splitlines()

    assert first[10:] == f"500  POST    {'/cases':<36}     12.3 ms  internal  6f1c8c2e  ZeroDivisionError"
    assert [line.strip() for line in rest] == ["a.py:1 f", "b.py:2 g"]
