"""A reader of stderr that stalls, such as a log collector that hangs, does not stop the service."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from clincore import log_writer
from clincore.log_writer import LogWriter
from support.commands import environment
from support.database import Database
from support.service import Service, free_port, wait_for

# A line takes more than 200 bytes, so these are more than the 64 KiB that a pipe holds.
REQUESTS = 600


def read_all(descriptor: int) -> list[bytes]:
    with os.fdopen(descriptor, "rb") as reader:
        return reader.read().splitlines()


def test_a_stalled_reader_of_the_log_delays_neither_requests_nor_the_end(database: Database) -> None:
    read, write = os.pipe()
    port = free_port()
    # A new interpreter: a forked one would treat the pipe as the file that its parent had.
    process = subprocess.Popen(
        ["clincore", "serve", "--port", str(port)],
        env=environment(DATABASE_URL=database.url),
        stdout=subprocess.DEVNULL,
        stderr=write,
    )
    os.close(write)
    try:
        wait_for(Service(f"http://127.0.0.1:{port}", Path(os.devnull), process, database))
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            ids = [client.get("/health").headers["X-Request-Id"] for _ in range(REQUESTS)]
    finally:
        process.terminate()
        code = process.wait(30)
    logged = [json.loads(line)["request_id"] for line in read_all(read)[:-1] if b"request_id" in line]

    assert code == 0
    # The rest did not fit into the pipe.
    assert 0 < len(logged) < len(ids)


def test_lines_beyond_the_queue_are_counted_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(fileno=lambda: write))
    monkeypatch.setattr(log_writer, "BYTES_MAX", 200_000)
    writer = LogWriter(lambda count: b"dropped %d\n" % count)
    for _ in range(1000):
        writer.write(b"x" * 999 + b"\n")
    assert writer.dropped >= 1000 - 200 - 66

    lines: list[bytes] = []
    reading = threading.Thread(target=lambda: lines.extend(read_all(read)))
    reading.start()
    writer.drain()
    writer.write(b"last\n")
    writer.drain()
    os.close(write)
    reading.join(30)

    # A line that was taken while others were being dropped reports those; the next one reports the rest.
    reports = [line for line in lines if line.startswith(b"dropped")]
    assert len(lines) - len(reports) == 1000 - writer.dropped + 1
    assert sum(int(line.split()[1]) for line in reports) == writer.dropped
    assert lines[-1] == b"last"


def test_a_closed_reader_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.close(read)
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(fileno=lambda: write))
    writer = LogWriter(lambda count: b"dropped %d\n" % count)
    writer.write(b"a\nb\n", 2)
    began = time.monotonic()
    writer.drain()
    os.close(write)
    assert writer.dropped == 2
    assert time.monotonic() - began < log_writer.EXIT_SECONDS
