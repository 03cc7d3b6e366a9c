"""Ten tenants next to one that floods a worker, and throughput at ten times the load that fills the worker.

Each of the ten has two connections and sends without pause, so together they use all of the worker. The flood has 64
connections, all with one call: the most expensive valid ones of the interactive and of the bulk class. With and without
it alternate. Latencies are measured by wrk, in milliseconds; a figure of the ten is the median over them.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson
import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks import work
from benchmarks.checkout import HERE, Checkout
from benchmarks.harness import TOKEN, Load, Request, Tenant, loop_seconds, make_tenant, postgresql, serve, wrk
from clincore.db.operator_queries import signing_keys
from clincore.db.urls import libpq
from clincore.postgres import embedded
from clincore.records import signing_key as signing

PORT = 8841
TENANTS, CONNECTIONS, FLOOD_CONNECTIONS = 10, 2, 64
FULL_CONNECTIONS = 32
SIGNING = {"signer": {"name": "Dr. Grete Beispiel", "role": "Neurologist"}, "meaning": "authorship"}
P50_TARGET, JAIN_TARGET, GOODPUT_TARGET = 1.5, 0.95, 0.9


@dataclass(frozen=True)
class Round:
    """The ten tenants during a few seconds."""

    p50: float
    p99: float
    per_second: float
    jain: float
    refused: int


def main(rounds: int, seconds: int, against: Checkout | None) -> None:
    """Measure and print. `against`: measure this checkout of another commit instead."""
    checkout = against or HERE
    console = Console(width=150)
    with postgresql() as server, tempfile.TemporaryDirectory() as folder:
        variables = {"DATABASE_URL": server.url, "BOOTSTRAP_TOKEN": TOKEN, "LOG_LEVEL": "INFO"}
        variables |= {"MIGRATION_DATABASE_URL": server.owner_url}
        key = Path(folder) / signing.NAME
        signing_keys.publish(server.owner_url, signing.make(key).jwk)
        variables["CLINCORE_SIGNING_KEY"] = str(key)
        with serve("clincore.asgi:app", PORT, 1, 1, variables, checkout=checkout) as pid:
            url = f"http://127.0.0.1:{PORT}"
            tenants = [make_tenant(url, server, f"tenant-{number}", work.BODY) for number in range(TENANTS)]
            flooding = make_tenant(url, server, "flood", _large_body())
            calls = _calls(url, server, flooding)
            slices = {name: _milliseconds(pid, call) for name, call in calls.items()}
            console.print(_shares(tenants, calls, slices, rounds, seconds))
            console.print(_goodput(tenants, rounds, seconds))


def _shares(
    tenants: Sequence[Tenant], calls: dict[str, Request], slices: dict[str, float], rounds: int, seconds: int
) -> Table:
    table = Table(title=f"Ten tenants with a flood of {FLOOD_CONNECTIONS} connections; {rounds} rounds of {seconds} s")
    for column in (
        "flood",
        "its CPU ms",
        "p50 alone",
        "flooded",
        "ratio",
        "p99 alone",
        "flooded",
        "requests/s alone",
        "flooded",
        "Jain",
        "refused",
        "flood served/s",
        "refused/s",
    ):
        table.add_column(column, justify="left" if column == "flood" else "right")
    for name, call in calls.items():
        alone, flooded, floods = [], [], []
        for number in range(rounds + 1):
            without, _ = _ten(tenants, None, seconds)
            with_flood, flood = _ten(tenants, call, seconds)
            # The first round is a warm-up.
            if number:
                alone.append(without)
                flooded.append(with_flood)
                floods.append(flood)
        ratios = [more.p50 / less.p50 for more, less in zip(flooded, alone, strict=True)]
        served = [_good(flood) for flood in floods if flood]
        refused = [flood.per_second - _good(flood) for flood in floods if flood]
        table.add_row(
            name,
            f"{slices[name]:.1f}",
            _median(alone, lambda one: one.p50),
            _median(flooded, lambda one: one.p50),
            f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
            _median(alone, lambda one: one.p99),
            _median(flooded, lambda one: one.p99),
            _median(alone, lambda one: one.per_second),
            _median(flooded, lambda one: one.per_second),
            f"{min(one.jain for one in flooded):.3f}",
            str(sum(one.refused for one in (*alone, *flooded))),
            f"{statistics.median(served):.0f}",
            f"{statistics.median(refused):.0f}",
        )
    table.caption = f"Targets: ratio at most {P50_TARGET}, Jain at least {JAIN_TARGET}, none of the ten refused"
    return table


def _ten(tenants: Sequence[Tenant], flood: Request | None, seconds: int) -> tuple[Round, Load | None]:
    """Load of the ten tenants, with or without the flood, which begins a second earlier."""
    with ThreadPoolExecutor(len(tenants) + 1) as pool:
        flooding = pool.submit(wrk, PORT, seconds + 2, [flood], FLOOD_CONNECTIONS) if flood else None
        if flooding:
            time.sleep(1.0)
        loads = list(pool.map(lambda tenant: wrk(PORT, seconds, [work.request(tenant, "get")], CONNECTIONS), tenants))
        rates = [load.per_second for load in loads]
        measured = Round(
            statistics.median(load.p50 for load in loads),
            statistics.median(load.p99 for load in loads),
            sum(rates),
            sum(rates) ** 2 / (len(rates) * sum(rate * rate for rate in rates)),
            sum(load.errors for load in loads),
        )
        done = flooding.result() if flooding else None
    return measured, done


def _goodput(tenants: Sequence[Tenant], rounds: int, seconds: int) -> Table:
    table = Table("connections", "answers/s", "of them 2xx/s", "of the maximum", title="All ten tenants in turn")
    requests = [work.request(tenant, "get") for tenant in tenants]
    full, over = [], []
    for _ in range(rounds):
        full.append(wrk(PORT, seconds, requests, FULL_CONNECTIONS))
        over.append(wrk(PORT, seconds, requests, 10 * FULL_CONNECTIONS))
    ratios = [_good(more) / _good(less) for more, less in zip(over, full, strict=True)]
    for connections, loads, shown in (
        (FULL_CONNECTIONS, full, "1"),
        (10 * FULL_CONNECTIONS, over, f"{statistics.median(ratios):.2f}; at least {GOODPUT_TARGET}"),
    ):
        answers = statistics.median(load.per_second for load in loads)
        table.add_row(str(connections), f"{answers:.0f}", f"{statistics.median(map(_good, loads)):.0f}", shown)
    return table


def _median(rounds: Sequence[Round], figure: Callable[[Round], float]) -> str:
    return f"{statistics.median(map(figure, rounds)):.1f}"


def _good(load: Load) -> float:
    """2xx answers per second."""
    return load.per_second * (load.requests - load.errors) / max(load.requests, 1)


def _calls(url: str, server: embedded.Embedded, tenant: Tenant) -> dict[str, Request]:
    """The most expensive valid calls of each class, after storing what they read."""
    json_type = {"Content-Type": "application/json"}
    with httpx.Client(base_url=url, headers=tenant.key, timeout=60) as client:
        path = f"/cases/{tenant.case_id}"
        assert client.post(f"{path}/finalize", json=SIGNING, headers={"If-Match": "*"}).is_success
        exported = client.get(f"{path}/revisions/1").text
    with psycopg.connect(libpq(server.owner_url), autocommit=True) as operator:
        operator.execute(
            "INSERT INTO usage_hourly (tenant_id, hour, api_key_id, endpoint, calls)"
            " SELECT %s, date_trunc('hour', now()) - n * interval '1 hour', %s, '/endpoint/' || e, 1"
            " FROM generate_series(24, 365 * 24) AS n, generate_series(1, 5) AS e",
            [tenant.id, tenant.key_id],
        )
        operator.execute(
            "INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint, created_at)"
            " SELECT %s, gen_random_uuid(), %s, 'GET', '/cases', now() - n * interval '1 second'"
            " FROM generate_series(1, 5000) AS n",
            [tenant.id, tenant.key_id],
        )
        row = operator.execute("SELECT now() - interval '360 days', now() + interval '1 day'").fetchone()
    assert row is not None
    start, end = (moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in row)
    return {
        "GET a large case": Request(path, tenant.key),
        "GET its FHIR document": Request(f"{path}/document", tenant.key),
        "POST a large case": Request("/cases", tenant.key | json_type, orjson.dumps(_large_body()).decode()),
        "hourly usage of a year": Request(
            f"/admin/usage/timeseries?from={start}&to={end}&bucket=hour&group_by=endpoint", tenant.key
        ),
        "export of 5000 events": Request(f"/admin/usage/events.ndjson?from={start}&to={end}", tenant.key),
        "verify, without a key": Request("/verify", json_type, exported),
    }


def _large_body() -> dict[str, Any]:
    """A case of almost 100 KB, with everything that it may have."""
    texts = {name: "Throbbing headache, " * 1000 for name in ("reason", "history", "assessment")}
    body: dict[str, Any] = {**work.BODY, **texts}
    body["observations"] = work.BODY["observations"] * 200
    return body


def _milliseconds(pid: int, request: Request) -> float:
    """CPU of the event loop per call."""
    calls = 10
    method = "POST" if request.body else "GET"
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", headers=dict(request.headers), timeout=60) as client:
        for measured in (False, True):
            before = loop_seconds(pid)
            for _ in range(calls):
                answer = client.request(method, request.path, content=request.body)
                assert answer.is_success, answer.text
            if measured:
                return (loop_seconds(pid) - before) / calls * 1e3
    raise AssertionError
