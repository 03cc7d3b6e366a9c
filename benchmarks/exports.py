"""Peak memory of a worker during an export, and its cases per second, for a thousand and for many cases."""

import time
from pathlib import Path

import httpx
import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.harness import TOKEN, Tenant, make_tenant, postgresql, serve
from benchmarks.work import BODY
from clincore.db.urls import libpq
from clincore.postgres import embedded

PORT = 8841
URL = f"http://127.0.0.1:{PORT}"
FEW = 1000
GROWTH_MAX = 8.0
"""MiB that the larger export may take more than the smaller one."""


def main(cases: int) -> None:
    """Measure and print. Exit code 1: the peak grows with the number of cases."""
    table = Table("format", "cases", "MB sent", "seconds", "cases/s", "peak MiB", title="Exports by one worker")
    grows = False
    with postgresql() as server:
        variables = {"DATABASE_URL": server.url, "BOOTSTRAP_TOKEN": TOKEN}
        with serve("clincore.asgi:app", PORT, 1, None, variables) as pid:
            tenants = {size: make_tenant(URL, server, f"with {size} cases", BODY) for size in (FEW, cases)}
            for size, tenant in tenants.items():
                _fill(server, tenant, size)
            for media_type in ("application/x-ndjson", "application/fhir+ndjson"):
                # The first export also loads code and fills caches.
                _export(pid, tenants[FEW], media_type)
                peaks = []
                for size, tenant in tenants.items():
                    sent, seconds, peak = _export(pid, tenant, media_type)
                    peaks.append(peak)
                    speed = f"{size / seconds:.0f}"
                    table.add_row(media_type, f"{size:,}", f"{sent / 1e6:.1f}", f"{seconds:.1f}", speed, f"{peak:.1f}")
                grows = grows or peaks[1] - peaks[0] > GROWTH_MAX
    Console(width=120).print(table)
    if grows:
        raise SystemExit(1)


def _fill(server: embedded.Embedded, tenant: Tenant, size: int) -> None:
    """Copy the tenant's case until it has `size` cases."""
    with psycopg.connect(libpq(server.owner_url), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO cases (tenant_id, id, title, content, created_by)"
            " SELECT c.tenant_id, gen_random_uuid(), c.title, c.content, c.created_by"
            " FROM cases AS c, generate_series(2, %s) WHERE c.tenant_id = %s AND c.id = %s",
            [size, tenant.id, tenant.case_id],
        )


def _export(pid: int, tenant: Tenant, media_type: str) -> tuple[int, float, float]:
    """Bytes received, seconds, and the worker's peak in MiB."""
    # Resets the peak (Linux, proc(5)).
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    sent, began = 0, time.monotonic()
    headers = tenant.key | {"Accept": media_type}
    with httpx.stream("GET", f"{URL}/admin/export/cases.ndjson", headers=headers, timeout=60) as response:
        response.raise_for_status()
        for chunk in response.iter_raw():
            sent += len(chunk)
    seconds = time.monotonic() - began
    status = Path(f"/proc/{pid}/status").read_text()
    (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return sent, seconds, int(peak) / 1024
