"""Documents per second of `clincore import` with one job and with several, and its memory for large files."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.harness import TOKEN, make_tenant, postgresql, serve
from benchmarks.work import BODY

PORT = 8842
URL = f"http://127.0.0.1:{PORT}"
WORKERS = 2
OBSERVATIONS = 200
"""Of each patient in the large files."""
GROWTH_MAX = 32.0
"""MiB that the larger file may take more than the one of a tenth of its size."""


def main(documents: int, megabytes: int, jobs: int) -> None:
    """Measure and print. Exit code 1: the peak grows with the size of the file."""
    with tempfile.TemporaryDirectory() as folder:
        _rates(Path(folder), documents, jobs)
        if _memory(Path(folder), megabytes) > GROWTH_MAX:
            raise SystemExit(1)


def _rates(folder: Path, documents: int, jobs: int) -> None:
    table = Table("jobs", "documents", "seconds", "documents/s", "peak MiB", title=f"Imports by {WORKERS} workers")
    with postgresql() as server:
        variables = {"DATABASE_URL": server.url, "BOOTSTRAP_TOKEN": TOKEN}
        with serve("clincore.asgi:app", PORT, WORKERS, None, variables):
            source = make_tenant(URL, server, "the source", BODY)
            path = f"{URL}/cases/{source.case_id}/document"
            document = httpx.get(path, headers=source.key).raise_for_status().json()
            for number in range(documents):
                document["identifier"]["value"] = f"document-{number}"
                (folder / f"{number}.json").write_text(json.dumps(document))
            # The first import also loads code.
            for number, used in enumerate((1, 1, jobs, 1, jobs)):
                tenant = make_tenant(URL, server, f"import {number}", BODY)
                seconds, peak = _import(folder, "--url", URL, "--jobs", str(used), key=tenant.key["X-API-Key"])
                if number:
                    speed = f"{documents / seconds:.1f}"
                    table.add_row(str(used), f"{documents:,}", f"{seconds:.1f}", speed, f"{peak:.0f}")
    Console(width=100).print(table)


def _memory(folder: Path, megabytes: int) -> float:
    """Print the peaks of a file and of one with a tenth of its size. Returns the difference in MiB."""
    table = Table("file, MB", "seconds", "peak MiB", title="Resources of patients as NDJSON, --dry-run")
    peaks = []
    for size in (megabytes / 10, megabytes):
        file = folder / "resources.ndjson"
        _write(file, int(size * 1e6))
        seconds, peak = _import(file, "--dry-run", "--source", "benchmark")
        peaks.append(peak)
        table.add_row(f"{file.stat().st_size / 1e6:.0f}", f"{seconds:.0f}", f"{peak:.0f}")
    Console(width=100).print(table)
    return peaks[1] - peaks[0]


def _write(file: Path, size: int) -> None:
    """Patients with observations, until the file has `size` bytes."""
    observation: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"}]},
        "effectiveDateTime": "2026-03-02T08:30:00+01:00",
        "valueQuantity": {"value": 72, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"},
    }
    number = written = 0
    with file.open("w") as lines:
        while written < size:
            number += 1
            identifier = {"system": "urn:example:patients", "value": str(number)}
            patient = {"resourceType": "Patient", "id": f"p{number}", "identifier": [identifier]}
            written += lines.write(json.dumps(patient) + "\n")
            subject = {"reference": f"Patient/p{number}"}
            for place in range(OBSERVATIONS):
                own = observation | {"id": f"o{number}-{place}", "subject": subject}
                written += lines.write(json.dumps(own) + "\n")


def _import(path: Path, *options: str, key: str | None = None) -> tuple[float, float]:
    """Import a file or folder. Returns the seconds, and the peak of all its processes together in MiB."""
    began = time.monotonic()
    command = [sys.executable, "-m", "clincore", "import", str(path), *options]
    environment = os.environ | ({"CLINCORE_API_KEY": key} if key else {})
    # It writes progress and a table.
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _resident(process.pid))
            time.sleep(0.1)
        if process.returncode != 0:
            output.seek(0)
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{output.read()[-2000:]}")
    return time.monotonic() - began, peak / 2**20


def _resident(pid: int) -> int:
    total = 0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total
