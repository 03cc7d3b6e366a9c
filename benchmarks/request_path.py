"""The request path against FastAPI + SQLAlchemy, Starlette + asyncpg and pgbench, side by side in one run.

One PostgreSQL, the same work for all: key check, tenant session, a committed usage event. Ratios are taken within a
round and their median over the rounds is shown, because the machine drifts.
"""

import hashlib
import json
import statistics
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.harness import (
    TOKEN,
    Load,
    Tenant,
    cpu_seconds,
    make_tenant,
    pgbench,
    postgresql,
    postmaster,
    serve,
    wrk,
)
from clincore.db import embedded
from clincore.db.session import libpq

# 1 KB of JSON.
BODY: dict[str, Any] = {
    "title": "Consultation for migraine",
    "subject": {
        "identifier": {"system": "urn:oid:1.2.36.146.595.217.0.1", "value": "P-10082"},
        "name": "Ada Example",
        "birth_date": "1984-03-12",
        "gender": "female",
    },
    "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist"},
    "period": {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T09:25:00Z"},
    "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.",
    "assessment": "Migraine with aura, no red flags. " + "Examined as usual. " * 6,
    "conditions": [
        {
            "code": {"system": "http://snomed.info/sct", "code": "4473006", "display": "Migraine with aura"},
            "clinical_status": "active",
        }
    ],
    "observations": [
        {
            "code": {"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"},
            "status": "final",
            "effective": "2026-03-02T09:05:00Z",
            "value_quantity": {"value": "72", "unit": "beats/min", "code": "/min"},
        }
    ],
    "tags": ["neurology"],
    "metadata": {"ward": "outpatients"},
}
LISTED = 10_000
WORKS = ("health", "get", "post", "list")
CANDIDATES = {
    "ClinCore": ("clincore.asgi:app", 8811),
    "FastAPI + SQLAlchemy": ("benchmarks.peers.fastapi_orm:app", 8812),
    "Starlette + asyncpg": ("benchmarks.peers.starlette_asyncpg:app", 8813),
}
PGBENCH = "pgbench"
MODES = {"one worker on a core of its own": (1, 1), "two workers": (2, None)}
TARGETS = {
    # (measure, work, peer): (at most or at least, now, stretch)
    ("cpu", "health", "FastAPI + SQLAlchemy"): "at most 0.4",
    ("cpu", "get", "FastAPI + SQLAlchemy"): "at most 0.3; 0.167 batched",
    ("cpu", "post", "FastAPI + SQLAlchemy"): "at most 0.3; 0.167 batched",
    ("cpu", "list", "FastAPI + SQLAlchemy"): "at most 0.35",
    ("cpu", "get", "Starlette + asyncpg"): "at most 2.0; 1.0 batched",
    ("cpu", "post", "Starlette + asyncpg"): "at most 2.0; 1.0 batched",
    ("rps", "get", "FastAPI + SQLAlchemy"): "at least 2.5; 4 batched",
    ("rps", "post", "FastAPI + SQLAlchemy"): "at least 2.5; 4 batched",
    ("rps", "get", "Starlette + asyncpg"): "at least 0.6; 1.0 batched",
    ("rps", "post", "Starlette + asyncpg"): "at least 0.6; 1.0 batched",
    ("rps", "get", PGBENCH): "at least 0.25; 0.40 batched",
    ("rps", "post", PGBENCH): "at least 0.25; 0.40 batched",
    ("rps", "list", PGBENCH): "at least 0.25",
}


@dataclass(frozen=True)
class Sample:
    """One candidate at one work in one round; CPU in microseconds per request."""

    load: Load
    server_cpu: float
    postgresql_cpu: float


def main(rounds: int, seconds: int, chart: Path, only: list[str]) -> None:
    """Measure, print the tables, draw the chart."""
    works = [work for work in WORKS if not only or work in only]
    samples: dict[tuple[str, str, str], list[Sample]] = defaultdict(list)
    console = Console(width=140)
    with postgresql() as server:
        tenant = _prepare(server)
        for mode, (workers, core) in MODES.items():
            with _candidates(server, workers, core) as pids:
                for number in range(rounds + 1):
                    # The first round only warms up.
                    for work in works:
                        for name in _turn([*pids, *([PGBENCH] if work != "health" else [])], number):
                            sample = _measure(server, tenant, name, pids.get(name), work, seconds if number else 2)
                            if number:
                                samples[mode, work, name].append(sample)
                    console.print(f"{mode}: round {number} of {rounds}")
    for mode in MODES:
        console.print(_table(mode, works, samples))
    console.print(_ratios(works, samples))
    _draw(chart, works, samples)
    console.print(f"Chart: {chart}")


def _prepare(server: embedded.Embedded) -> Tenant:
    """A paid tenant with a list of cases."""
    variables = {"DATABASE_URL": server.owner_url, "BOOTSTRAP_TOKEN": TOKEN, "LOG_LEVEL": "INFO"}
    with serve("clincore.asgi:app", 8811, 1, None, **variables):
        tenant = make_tenant("http://127.0.0.1:8811", server, "benchmark", BODY)
    with psycopg.connect(libpq(server.owner_url), autocommit=True) as operator:
        operator.execute(
            "INSERT INTO cases (tenant_id, id, title, content, created_by, billing_status, created_at)"
            " SELECT tenant_id, gen_random_uuid(), title, content, created_by, 'paid', now() - n * interval '1 minute'"
            " FROM cases, generate_series(1, %s) AS n",
            [LISTED],
        )
    with psycopg.connect(libpq(server.superuser_url), autocommit=True) as superuser:
        superuser.execute("VACUUM ANALYZE")
    return tenant


@contextmanager
def _candidates(server: embedded.Embedded, workers: int, core: int | None) -> Iterator[dict[str, int]]:
    """All servers at once, idle until it is their turn."""
    peer = server.owner_url.replace("+psycopg", "+asyncpg")
    variables = {"DATABASE_URL": server.url, "MIGRATION_DATABASE_URL": server.owner_url, "PEER_DATABASE_URL": peer}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(serve(target, port, workers, core, BOOTSTRAP_TOKEN=TOKEN, **variables))
            for name, (target, port) in CANDIDATES.items()
        }


def _turn(names: list[str], number: int) -> list[str]:
    """The candidates in an order that changes from round to round."""
    shift = number % len(names)
    return names[shift:] + names[:shift]


def _measure(server: embedded.Embedded, tenant: Tenant, name: str, pid: int | None, work: str, seconds: int) -> Sample:
    database = postmaster(server)
    events = _events(server)
    # Once more when it begins: memory and caches of the one before are gone then.
    before = (cpu_seconds(pid) if pid else 0.0), cpu_seconds(database)
    if pid is None:
        load = pgbench(server, _script(tenant, work), seconds, content=json.dumps(BODY))
    else:
        port = CANDIDATES[name][1]
        path = {"health": "/health", "get": f"/cases/{tenant.case_id}", "post": "/cases", "list": "/cases?limit=50"}[
            work
        ]
        headers = {} if work == "health" else {"X-API-Key": tenant.api_key}
        body = json.dumps(BODY) if work == "post" else None
        if body:
            headers["Content-Type"] = "application/json"
        load = wrk(f"http://127.0.0.1:{port}{path}", seconds, headers, body)
    server_cpu, database_cpu = (cpu_seconds(pid) if pid else 0.0) - before[0], cpu_seconds(database) - before[1]
    if load.errors:
        raise SystemExit(f"{name} answered {load.errors} of {load.requests} requests of {work} with an error")
    if work != "health" and _events(server) - events < load.requests:
        raise SystemExit(f"{name} is out: it skipped the usage events of {work}")
    return Sample(load, server_cpu / load.requests * 1e6, database_cpu / load.requests * 1e6)


def _events(server: embedded.Embedded) -> int:
    with psycopg.connect(libpq(server.owner_url)) as operator:
        row = operator.execute("SELECT count(*) FROM usage_events").fetchone()
    assert row is not None
    return int(row[0])


def _script(tenant: Tenant, work: str) -> str:
    """The same SQL as one pipelined transaction: what PostgreSQL can do when nothing stands before it."""
    key_hash = hashlib.sha256(tenant.api_key.encode()).hexdigest()
    columns = "id, external_id, status, version, title, created_at, updated_at, finalized_at"
    statement = {
        "get": f"SELECT {columns}, content, created_by FROM cases"
        f" WHERE tenant_id = '{tenant.id}' AND id = '{tenant.case_id}'",
        "post": "INSERT INTO cases (tenant_id, id, title, content, billing_status, created_by)"
        f" VALUES ('{tenant.id}', gen_random_uuid(), 'Migraine', :content, 'paid', '{tenant.key_id}')"
        f" RETURNING {columns}, content, created_by",
        "list": f"SELECT {columns} FROM cases WHERE tenant_id = '{tenant.id}'"
        " ORDER BY created_at DESC, id DESC LIMIT 51",
    }[work]
    return "\n".join(
        [
            "\\startpipeline",
            "BEGIN;",
            "SET LOCAL ROLE clincore_app;",
            f"SET LOCAL app.tenant_id = '{tenant.id}';",
            "SELECT id, label, role, expires_at FROM api_keys"
            f" WHERE tenant_id = '{tenant.id}' AND key_hash = '{key_hash}' AND revoked_at IS NULL;",
            "INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint)"
            f" VALUES ('{tenant.id}', gen_random_uuid(), '{tenant.key_id}', 'GET', '/cases');",
            statement + ";",
            "COMMIT;",
            "\\endpipeline",
        ]
    )


def _table(mode: str, works: list[str], samples: dict[tuple[str, str, str], list[Sample]]) -> Table:
    table = Table(title=f"{mode}: medians over the rounds")
    for column in ("work", "candidate", "requests/s", "p50 ms", "p99 ms", "server CPU µs", "PostgreSQL CPU µs"):
        table.add_column(column, justify="left" if column in ("work", "candidate") else "right")
    for work in works:
        for name in (*CANDIDATES, PGBENCH):
            taken = samples.get((mode, work, name))
            if taken:
                figures = [
                    statistics.median(value)
                    for value in zip(
                        *((s.load.per_second, s.load.p50, s.load.p99, s.server_cpu, s.postgresql_cpu) for s in taken),
                        strict=True,
                    )
                ]
                cells = [f"{figures[0]:.0f}", f"{figures[1]:.1f}", f"{figures[2]:.1f}"]
                table.add_row(work, name, *cells, f"{figures[3]:.0f}" if name != PGBENCH else "-", f"{figures[4]:.0f}")
        table.add_section()
    return table


def ratio(
    samples: dict[tuple[str, str, str], list[Sample]], mode: str, work: str, peer: str, measure: str
) -> list[float]:
    """ClinCore's figure over the peer's, round by round."""

    def figure(sample: Sample) -> float:
        return sample.server_cpu if measure == "cpu" else sample.load.per_second

    pairs = zip(samples[mode, work, "ClinCore"], samples[mode, work, peer], strict=True)
    return [figure(ours) / figure(theirs) for ours, theirs in pairs]


def _ratios(works: list[str], samples: dict[tuple[str, str, str], list[Sample]]) -> Table:
    table = Table(title="ClinCore over the peer, within a round: median (least to greatest)")
    for column in ("measure", "work", "peer", "ratio", "target"):
        table.add_column(column)
    one, two = MODES
    for (measure, work, peer), target in TARGETS.items():
        if work in works:
            found = ratio(samples, one if measure == "cpu" else two, work, peer, measure)
            name = "server CPU, one worker" if measure == "cpu" else "requests/s, two workers"
            shown = f"{statistics.median(found):.2f} ({min(found):.2f} to {max(found):.2f})"
            table.add_row(name, work, peer, shown, target)
    return table


def _draw(chart: Path, works: list[str], samples: dict[tuple[str, str, str], list[Sample]]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    one, two = MODES
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(12, 4.5), layout="constrained")
    for axis, mode, title, names in (
        (left, one, "Server CPU per request, one worker (µs, less is better)", list(CANDIDATES)),
        (right, two, "Requests per second, two workers (more is better)", [*CANDIDATES, PGBENCH]),
    ):
        for index, name in enumerate(names):
            values = [
                statistics.median(
                    s.server_cpu if axis is left else s.load.per_second for s in samples[mode, work, name]
                )
                if samples.get((mode, work, name))
                else 0
                for work in works
            ]
            places = [place + index * 0.8 / len(names) for place in range(len(works))]
            bars = axis.bar(places, values, 0.75 / len(names), label=name)
            axis.bar_label(bars, [f"{value:.0f}" if value else "" for value in values], fontsize=7)
        axis.set_xticks([place + 0.3 for place in range(len(works))], works)
        axis.set_title(title, fontsize=10)
        axis.legend(fontsize=8)
    left.set_yscale("log")
    right.set_yscale("log")
    chart.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(chart, dpi=120)
