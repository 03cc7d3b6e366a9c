"""`clincore prove-isolation --url` attacks a running service and finds one that leaks across tenants."""

import contextlib
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import threading
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg import sql
from sqlalchemy import make_url

from clincore.isolation import prove
from support.cli import another_program
from support.commands import environment, run
from support.copies import copy_of
from support.database import Database
from support.feed import wait_until_numbered
from support.http_proxy import reverse_proxy
from support.service import Service, serve
from support.tenants import MakeTenant


def test_what_stops_the_command_is_said_before_anything_is_tried(database: Database, tmp_path: Path) -> None:
    owner = make_url(database.url)
    gone = owner.set(database="none").render_as_string(hide_password=False)
    nowhere = ("--report", str(tmp_path / "none" / "report.json"))
    app = owner.set(username="clincore_app", password=None).render_as_string()

    for words, said in ((nowhere, "cannot write"), ((), 'database "none" does not exist')):
        ended = run("clincore", "prove-isolation", *words, DATABASE_URL=app, MIGRATION_DATABASE_URL=gone)
        assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
        assert said in ended.stderr


def test_a_running_service_is_attacked_through_every_operation_with_an_id(
    service: Service, database: Database, client: httpx.Client, make_tenant: MakeTenant, tmp_path: Path
) -> None:
    bystander = make_tenant()
    client.post("/cases", json={"title": "x"}, headers=bystander.key).raise_for_status()
    with database.as_owner() as operator:
        wait_until_numbered(operator, bystander.id)
    before = everything_of(database, bystander.id)
    file = tmp_path / "report.json"

    done = run("clincore", "prove-isolation", "--url", service.url, "--report", str(file), DATABASE_URL=database.url)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    report = json.loads(file.read_text())
    assert report["proven"] is True
    assert done.stdout.splitlines()[-1] == report["claim"]
    # The service's login owns the tables.
    assert report["claim"].startswith("PROVEN for the service's own statements; ")
    entries = {entry["name"]: entry for entry in report["entries"] if entry["part"] == "http"}
    contract = httpx.get(f"{service.url}/openapi.json").json()
    with_ids = {
        definition["operationId"]
        for path, item in contract["paths"].items()
        if "_id}" in path
        for method, definition in item.items()
        if method != "parameters" and definition.get("security") != []
    }
    assert {"get_case", "revoke_api_key"} <= with_ids <= set(entries)
    assert all(entries[name]["tried"] >= 1 and entries[name]["outcome"] == "passed" for name in with_ids)
    assert "GET /cases?cursor" in entries["list_cases"]["on"]
    assert "GET /cases?external_id" in entries["list_cases"]["on"]
    assert "GET /cases?changed_after" in entries["list_cases"]["on"]
    positions = {f"GET /admin/export/cases.ndjson?{name}" for name in ("after", "changed_after")}
    assert positions <= set(entries["export_cases"]["on"])
    assert {"export_subject_cases", "erase_subject_cases"} <= set(entries)
    assert {"query external_id", "query cursor"} <= set(entries["stacked on list_cases"]["on"])
    assert {"/title", "/external_id", "/tags/0"} <= set(entries["stacked on create_case"]["on"])
    assert {"/reason"} <= set(entries["stacked on amend_case"]["on"])
    assert report["counts"]["failed"] == report["counts"]["not proven"] == 0
    assert everything_of(database, bystander.id) == before
    with database.as_owner() as operator:
        tenants = [report["facts"][f"Tenant {name}"] for name in "AB"]
        assert operator.execute("SELECT FROM tenants WHERE id = ANY (%s::uuid[])", [tenants]).rowcount == 0


def everything_of(database: Database, tenant: str) -> list[Any]:
    with database.as_owner() as operator:
        return [
            operator.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE {key} = '{tenant}' ORDER BY 1").fetchall()  # type: ignore[arg-type]
            for table, key in (("tenants", "id"), ("api_keys", "tenant_id"), ("cases", "tenant_id"))
        ]


def tampering(service: Service, how: str) -> AbstractContextManager[str]:
    """A proxy in front of the service that leaks, in the given way, whether a resource belongs to another tenant."""
    ids = re.compile(r"/(?:cases|revoke)/([0-9a-f-]{36})")

    def change(path: str, body: bytes, status: int, content: bytes) -> tuple[int, bytes]:
        asked = ids.search(path)
        if asked and status == 404:
            with service.database.as_owner() as operator:
                table = "cases" if "/cases/" in path else "api_keys"
                found = operator.execute(
                    sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE id = %s").format(sql.Identifier(table)), [asked[1]]
                ).fetchone()
                if found and how == "forbids":
                    return 403, content
                if found and how == "says":
                    return status, json.dumps(json.loads(content) | {"detail": "Not yours."}).encode()
                if found and how == "shows":
                    return 200, json.dumps(found[0]).encode()
                if found and how == "obeys" and table == "api_keys":
                    operator.execute("UPDATE api_keys SET revoked_at = now() WHERE id = %s", [asked[1]])
        if how == "stacks" and b";SELECT 1/0--" in body:
            return 500, content
        if how == "runs" and (update := re.search(rb"UPDATE public.*?(?=;COMMIT)", body)):
            with service.database.as_owner() as operator:
                operator.execute(update[0])
        return status, content

    return reverse_proxy(service.url, change=change)


@pytest.mark.parametrize(
    ("how", "culprit"),
    [
        ("shows", "operation get_case"),
        pytest.param("obeys", "table public.api_keys", marks=pytest.mark.slow),
        pytest.param("stacks", "operation create_case", marks=pytest.mark.slow),
        pytest.param("runs", "table public.api_keys", marks=pytest.mark.slow),
        pytest.param("forbids", "operation get_case", marks=pytest.mark.slow),
        pytest.param("says", "operation get_case", marks=pytest.mark.slow),
    ],
)
def test_a_service_that_leaks_across_tenants_is_found(service: Service, how: str, culprit: str) -> None:
    with tampering(service, how) as url:
        report = prove(service.database.url, service.database.url, url)

    assert not report.passed
    assert culprit in report.culprits, report.as_text()


def test_background_work_that_is_late_does_not_look_like_an_attack(service: Service) -> None:
    """The numbering of A's changes, and the outcomes of A's calls."""
    with service.database.as_owner() as operator, service.database.as_owner() as counting:
        operator.autocommit = False
        timers: list[threading.Timer] = []

        def delay_work(title: str) -> None:
            if title.startswith("The service accepts the keys"):
                operator.execute("LOCK TABLE change_feeds IN SHARE MODE")
            elif title.endswith(("with A's ids", "with B's key")):
                counting.execute("UPDATE usage_outcomes SET calls = calls + 1 WHERE outcome LIKE 'isolation-%'")
                for timer in timers:
                    timer.cancel()
                # B's first request ends the delay, and so do two seconds before it: the proof may wait for the numbers.
                timers.append(threading.Timer(2 * title.endswith("A's ids"), operator.rollback))
                timers[-1].start()

        report = prove(service.database.url, service.database.url, service.url, progress=delay_work)

    assert report.passed, report.as_text()


def test_a_service_on_another_database_proves_nothing(pristine: Database, service: Service) -> None:
    with copy_of(pristine) as database:
        report = prove(database.url, database.url, service.url)
        nowhere = prove(database.url, database.url, "http://127.0.0.1:9")

    assert not report.passed and not nowhere.passed
    assert any("Does it use another database?" in why for entry in report.entries for why in entry.not_proven)
    assert any("does not answer as expected" in why for entry in nowhere.entries for why in entry.not_proven)
    assert report.culprits == nowhere.culprits == []


def test_a_missing_setting_is_reported_at_once_and_progress_is_shown(
    database: Database, client: httpx.Client, folder: Path
) -> None:
    """Progress goes to a terminal of 80 columns, the report to a pipe."""
    with serve(database, folder, CLINCORE_SIGNING_KEY="") as keyless:
        log = keyless.log.read_text()
        terminal, stderr = pty.openpty()
        fcntl.ioctl(stderr, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        started = time.monotonic()
        with subprocess.Popen(
            ["clincore", "prove-isolation", "--url", keyless.url],
            env=environment(DATABASE_URL=database.url),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process:
            os.close(stderr)
            shown = read_all(terminal)
            assert process.stdout is not None
            report = process.stdout.read()
        seconds = time.monotonic() - started

    assert process.returncode == 1
    assert report.splitlines()[-1] == "NOT PROVEN"
    assert (
        "lacks a setting: No signing key is configured. The operator sets CLINCORE_SIGNING_KEY and restarts." in report
    )
    # Without the early exit it took 635 seconds: each call was tried four times.
    assert seconds < 200
    lines = shown.replace("\x1b[K", "").split("\r")
    assert len(lines) > 50 and max(map(len, lines)) <= 79
    assert any("SELECT as the service" in line for line in lines)
    assert shown.endswith("\r\x1b[K")
    assert log.count("No signing key is configured, so revisions cannot be signed.") == 1


def read_all(terminal: int) -> str:
    """Everything written to a terminal until its other end is closed."""
    content = b""
    with contextlib.suppress(OSError):
        while received := os.read(terminal, 65536):
            content += received
    os.close(terminal)
    return content.decode()


def test_a_service_without_a_published_key_is_reported_at_the_start(pristine: Database) -> None:
    answer = b'{"paths": {"/.well-known/jwks.json": {}}, "keys": []}'
    with copy_of(pristine) as database, another_program(200, answer) as url:
        report = prove(database.url, database.url, url)

    (entry,) = [entry for entry in report.entries if entry.part == "http"]
    assert report.entries[0] is entry and not report.passed
    assert "has no signing key. Set CLINCORE_SIGNING_KEY to a key file" in entry.not_proven[0]
