"""Mechanisms written by hand for speed or strictness, compared with libraries for the same purpose: µs per call."""

import json
import logging
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pydantic_core
import structlog
from prometheus_client import Histogram, values
from rich.console import Console
from rich.table import Table
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from clincore import logs
from clincore.deadline import Deadline
from clincore.metrics import slots
from clincore.metrics.recording import Recorder
from clincore.openapi import body, representations
from clincore.openapi.operations import Request
from clincore.resources import read_contract

CALLS = 2000
CONTENT = orjson.dumps(read_contract()["components"]["examples"]["Consultation"]["value"])
HEADERS = {b"content-type": b"application/json"}
ACCEPT = "application/json, text/plain, */*"
FACTS: dict[str, Any] = {
    "method": "GET",
    "path": "/cases/{case_id}",
    "status": 200,
    "duration_ms": 1.23,
    "tenant_id": None,
    "key_id": None,
    "request_id": "3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11",
}


def main(rounds: int) -> None:
    """Measure and print the table."""
    table = Table("", "how", "µs per call", "by hand / this", title=f"Medians of {rounds} rounds (minimum to maximum)")
    for what, ways in _pairs().items():
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(rounds + 1):
            names = list(ways) if number % 2 else list(reversed(ways))
            for name in names:
                started = time.process_time()
                for _ in range(CALLS):
                    ways[name]()
                # The first round is a warm-up.
                if number:
                    taken[name].append((time.process_time() - started) / CALLS * 1e6)
        by_hand = next(iter(taken.values()))
        for name, times in taken.items():
            ratios = [ours / theirs for ours, theirs in zip(by_hand, times, strict=True)]
            ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
            table.add_row(what, name, f"{statistics.median(times):.1f}", ratio if times is not by_hand else "")
        table.add_section()
    Console(width=110).print(table)


def _pairs() -> dict[str, dict[str, Callable[[], Any]]]:
    """The alternatives by mechanism, the hand-written one first."""
    logs._write = _Sink().write
    request = Request(FACTS["request_id"], "GET", "/cases/1", "", {}, Deadline(0.0), b"", template=FACTS["path"])
    return {
        "a line of the request log": {
            "by hand, orjson": lambda: logs.request(request, 200, 0.00123),
            "structlog, orjson, BytesLogger": _structlog(),
            "logging": _logging(),
        },
        "a body of 1.5 KB": {
            "by hand, on orjson": _parse,
            "json alone": lambda: json.loads(CONTENT),
            "orjson alone": lambda: orjson.loads(CONTENT),
            "pydantic_core.from_json alone": lambda: pydantic_core.from_json(CONTENT, allow_inf_nan=False),
        },
        "a duration, in the files that workers share": _observations(),
        "Accept": {
            # Without the cache: a client's headers are mostly the same.
            "by hand": lambda: representations.choose.__wrapped__(ACCEPT.encode(), ("application/json",)),
            "werkzeug": lambda: parse_accept_header(ACCEPT, MIMEAccept).quality("application/json") > 0,
        },
    }


def _parse() -> None:
    body.refuse_ambiguous(CONTENT, body.parse(CONTENT, HEADERS, ("application/json",)))


class _Sink:
    """A sink for log lines: a file that discards them."""

    def write(self, line: bytes) -> None:
        pass


def _observations() -> dict[str, Callable[[], Any]]:
    folder = Path(tempfile.mkdtemp())
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
    library = Histogram("library", "", ("route", "method", "status"), registry=None).labels("/cases", "GET", "200")
    slots.record_in(folder)
    recorder = Recorder()
    return {
        "by hand": lambda: recorder.protocol_answer(200, ""),
        "prometheus_client": lambda: library.observe(0.003),
    }


def _structlog() -> Callable[[], Any]:
    processors: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event)),
    ]
    logger = structlog.wrap_logger(
        structlog.BytesLogger(BytesIO()),
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    ).bind()
    return lambda: logger.info("request", **FACTS)


def _logging() -> Callable[[], Any]:
    handler = logging.StreamHandler(open("/dev/null", "w"))  # noqa: SIM115
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event).decode()),
            ],
            foreign_pre_chain=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.add_log_level,
                structlog.stdlib.ExtraAdder(),
            ],
        )
    )
    logger = logging.getLogger("benchmarks.by_hand")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.INFO)
    return lambda: logger.info("request", extra=FACTS)
