"""The request path against FastAPI + SQLAlchemy, Starlette + asyncpg and pgbench, side by side in one run.

One PostgreSQL, the same work for all: key check, tenant session, a committed usage event, and in the transaction of the
work a row of the access log. A case is read with the signed revision that it would show. Ratios are taken within a
round and their median over the rounds is shown, because the machine drifts.
"""

import hashlib
import json
import re
import statistics
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table

from benchmarks.harness import (
    CONNECTIONS,
    TOKEN,
    Load,
    Request,
    Tenant,
    cpu_seconds,
    make_tenant,
    pgbench,
    postgresql,
    postmaster,
    serve,
    wrk,
)
from clincore.db.queries import access_log, cases
from clincore.db.session import libpq
from clincore.db.statements import Statement
from clincore.handlers.case_json import DEFAULT_TYPE
from clincore.postgres import embedded

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
    "assessment": "Migraine with aura, no red flags. " + "Examined as usual. " * 7,
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
    "metadata": {"ward": "outpatients"},
}
CONTENT = {"type": DEFAULT_TYPE, **BODY}
GIVEN = {"content": orjson.dumps(CONTENT).decode(), **cases.search_columns(CONTENT)._asdict()}
"""What a POST writes of its body; pgbench's variables."""
LISTED = 10_000
TENANTS = 200

OURS = "ClinCore"
UNBATCHED = "ClinCore, not batched"
FASTAPI = "FastAPI + SQLAlchemy"
SILENT = "FastAPI, no log"
STARLETTE = "Starlette + asyncpg"
PGBENCH = "pgbench"
CANDIDATES = {
    OURS: ("clincore.asgi:app", 8811),
    FASTAPI: ("benchmarks.peers.fastapi_orm:app", 8812),
    STARLETTE: ("benchmarks.peers.starlette_asyncpg:app", 8813),
    UNBATCHED: ("benchmarks.peers.unbatched:app", 8814),
    SILENT: ("benchmarks.peers.fastapi_orm:app", 8815),
}
# ClinCore logs a line for each request. So does FastAPI as uvicorn runs it; the tuned peer has its log switched off.
LOGGING = {FASTAPI}
PEERS = (OURS, FASTAPI, STARLETTE, PGBENCH)


@dataclass(frozen=True)
class Mode:
    """How the candidates run, and what they are asked for."""

    name: str
    workers: int
    core: int | None
    """The one that all workers are pinned to."""
    works: tuple[str, ...] = ("health", "get", "post", "list")
    candidates: tuple[str, ...] = PEERS
    tenants: int = 1
    connections: int = CONNECTIONS


ONE = Mode("one worker on a core of its own", 1, 1)
TWO = Mode("two workers", 2, None)
ONE_OF_MANY = Mode("one worker, 200 tenants in turn", 1, 1, ("get", "post"), tenants=TENANTS)
TWO_OF_MANY = Mode("two workers, 200 tenants in turn", 2, None, ("get", "post"), tenants=TENANTS)
WITHOUT_LOG = Mode("one worker, FastAPI's log off", 1, 1, ("health",), (OURS, SILENT))
IDLE = Mode("one worker, one connection", 1, 1, ("get", "post"), (OURS, UNBATCHED, STARLETTE), connections=1)
MODES = (ONE, WITHOUT_LOG, TWO, ONE_OF_MANY, TWO_OF_MANY, IDLE)

CPU, THROUGHPUT, LATENCY = "server CPU", "requests/s", "p50"
TARGETS = [
    (ONE, CPU, "health", FASTAPI, "at most 0.4"),
    *((ONE, CPU, work, FASTAPI, "at most 0.3; 0.167 batched") for work in ("get", "post")),
    (ONE, CPU, "list", FASTAPI, "at most 0.35"),
    (WITHOUT_LOG, CPU, "health", SILENT, "at most 0.4"),
    *((ONE, CPU, work, STARLETTE, "at most 2.0; 1.0 batched") for work in ("get", "post")),
    *((TWO, THROUGHPUT, work, FASTAPI, "at least 2.5; 4 batched") for work in ("get", "post")),
    *((TWO, THROUGHPUT, work, STARLETTE, "at least 0.6; 1.0 batched") for work in ("get", "post")),
    *((TWO, THROUGHPUT, work, PGBENCH, "at least 0.25; 0.40 batched") for work in ("get", "post")),
    (TWO, THROUGHPUT, "list", PGBENCH, "at least 0.25"),
    *((ONE_OF_MANY, CPU, work, FASTAPI, "at most 0.167") for work in ("get", "post")),
    *((ONE_OF_MANY, CPU, work, STARLETTE, "at most 1.0") for work in ("get", "post")),
    *((TWO_OF_MANY, THROUGHPUT, work, PGBENCH, "at least 0.40") for work in ("get", "post")),
    *((IDLE, LATENCY, work, UNBATCHED, "at most 1.0") for work in ("get", "post")),
]


@dataclass(frozen=True)
class Sample:
    """One candidate at one work in one round; CPU in microseconds per request."""

    load: Load
    server_cpu: float
    postgresql_cpu: float


Samples = dict[tuple[Mode, str, str], list[Sample]]


def main(rounds: int, seconds: int, chart: Path, only: list[str]) -> None:
    """Measure, print the tables, draw the chart."""
    samples: Samples = defaultdict(list)
    console = Console(width=140)
    with postgresql() as server:
        tenants = _prepare(server)
        for mode in MODES:
            works = [work for work in mode.works if not only or work in only]
            with _candidates(server, mode) as pids:
                for number in range(rounds + 1):
                    # The first round only warms up.
                    for work in works:
                        names = [name for name in mode.candidates if name != PGBENCH or work != "health"]
                        for name in _turn(names, number):
                            duration = seconds if number else 2
                            sample = _measure(
                                server, tenants[: mode.tenants], mode, name, pids.get(name), work, duration
                            )
                            if number:
                                samples[mode, work, name].append(sample)
                    console.print(f"{mode.name}: round {number} of {rounds}")
            console.print(_table(mode, samples))
    console.print(_ratios(samples))
    _draw(chart, samples)
    console.print(f"Chart: {chart}")


def _prepare(server: embedded.Embedded) -> list[Tenant]:
    """Paid tenants with a case each, and the first with a list of them."""
    variables = {"DATABASE_URL": server.owner_url, "BOOTSTRAP_TOKEN": TOKEN, "LOG_LEVEL": "INFO"}
    with serve("clincore.asgi:app", 8811, 1, None, variables):
        tenants = [make_tenant("http://127.0.0.1:8811", server, f"benchmark-{n}", BODY) for n in range(TENANTS)]
    with psycopg.connect(libpq(server.owner_url), autocommit=True) as operator:
        operator.execute(
            "INSERT INTO cases (tenant_id, id, title, content, created_by, billing_status, created_at)"
            " SELECT tenant_id, gen_random_uuid(), title, content, created_by, 'paid', now() - n * interval '1 minute'"
            " FROM cases, generate_series(1, %s) AS n WHERE tenant_id = %s",
            [LISTED, tenants[0].id],
        )
    with psycopg.connect(libpq(server.superuser_url), autocommit=True) as superuser:
        superuser.execute("VACUUM ANALYZE")
    return tenants


@contextmanager
def _candidates(server: embedded.Embedded, mode: Mode) -> Iterator[dict[str, int]]:
    """All servers at once, idle until it is their turn."""
    peer = server.owner_url.replace("+psycopg", "+asyncpg")
    variables = {
        "DATABASE_URL": server.url,
        "MIGRATION_DATABASE_URL": server.owner_url,
        "PEER_DATABASE_URL": peer,
        "BOOTSTRAP_TOKEN": TOKEN,
    }
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(
                serve(
                    *CANDIDATES[name],
                    mode.workers,
                    mode.core,
                    variables,
                    access_log=name in LOGGING,
                )
            )
            for name in mode.candidates
            if name in CANDIDATES
        }


def _turn(names: list[str], number: int) -> list[str]:
    """The candidates in an order that changes from round to round."""
    shift = number % len(names)
    return names[shift:] + names[:shift]


def _measure(
    server: embedded.Embedded, tenants: list[Tenant], mode: Mode, name: str, pid: int | None, work: str, seconds: int
) -> Sample:
    database = postmaster(server)
    events, accesses = _rows(server, "usage_events"), _rows(server, "access_log")
    before = (cpu_seconds(pid) if pid else 0.0), cpu_seconds(database)
    if pid is None:
        # One tenant in any mode: with a script for each of many it would measure how it prepares them.
        load = pgbench(server, _script(tenants[0], work), seconds, mode.connections, **GIVEN)
    else:
        load = wrk(CANDIDATES[name][1], seconds, [_request(tenant, work) for tenant in tenants], mode.connections)
    server_cpu, database_cpu = (cpu_seconds(pid) if pid else 0.0) - before[0], cpu_seconds(database) - before[1]
    if load.errors or not load.requests:
        raise SystemExit(f"{name} answered {load.errors} of {load.requests} requests of {work} with an error")
    for table, earlier in (("usage_events", events), ("access_log", accesses)):
        written = _rows(server, table) - earlier
        if work != "health" and written < load.requests:
            raise SystemExit(f"{name} wrote {written} {table} for {load.requests} requests of {work}: thrown out")
    return Sample(load, server_cpu / load.requests * 1e6, database_cpu / load.requests * 1e6)


def _request(tenant: Tenant, work: str) -> Request:
    match work:
        case "health":
            return Request("/health")
        case "get":
            return Request(f"/cases/{tenant.case_id}", tenant.key)
        case "list":
            return Request("/cases?limit=50", tenant.key)
        case _:
            return Request("/cases", {**tenant.key, "Content-Type": "application/json"}, json.dumps(BODY))


def _rows(server: embedded.Embedded, table: str) -> int:
    with psycopg.connect(libpq(server.owner_url)) as operator:
        row = operator.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    assert row is not None
    return int(row[0])


def _script(tenant: Tenant, work: str) -> str:
    """The same work as one pipelined transaction: what PostgreSQL can do when nothing stands before it.

    The statements of the work are the service's own; key check, cap and event are what its `admit()` does for each
    request. The service has a transaction for the work and one for all that are admitted together.
    """
    key_hash = hashlib.sha256(tenant.api_key.encode()).hexdigest()
    tenant_id, key_id, new = f"'{tenant.id}'", f"'{tenant.key_id}'", "gen_random_uuid()"
    # An id that both statements of a POST name, of two random halves.
    halves = ("high", "low") if work == "post" else ()
    made = "(to_hex(:high::bigint) || to_hex(:low::bigint))::uuid"
    access = {"tenant_id": tenant_id, "id": new, "key_id": key_id, "key_label": "'benchmark'", "request_id": new}
    method, endpoint = "POST" if work == "post" else "GET", "/cases"
    if work == "get":
        endpoint, of_case = "/cases/{case_id}", f"'{tenant.case_id}'"
        statements = [
            _inlined(access_log.INSERT_FOR_CASE, case_id=of_case, operation="'get_case'", **access),
            _inlined(cases.FIND, tenant_id=tenant_id, case_id=of_case),
        ]
    elif work == "post":
        given = {"tenant_id": tenant_id, "case_id": made, "external_id": "NULL"} | {name: f":{name}" for name in GIVEN}
        statements = [
            # The cap, of which a paid tenant is free.
            f"SELECT FROM tenants WHERE id = {tenant_id} AND billing_status = 'paid';",
            _inlined(cases.INSERT, billing_status="'paid'", created_by=key_id, **given),
            _inlined(access_log.INSERT_FOR_CASE, case_id=made, operation="'create_case'", **access),
        ]
    else:
        statements = [
            _inlined(cases.page_with(frozenset()), tenant_id=tenant_id, limit="51"),
            _inlined(access_log.INSERT_FOR_LIST, operation="'list_cases'", filter="'{}'", count="50", **access),
        ]
    return "\n".join(
        [
            *(f"\\set {half} random(1152921504606846976, 9223372036854775807)" for half in halves),
            "\\startpipeline",
            "BEGIN;",
            f"SET LOCAL app.tenant_id = {tenant_id};",
            "SELECT id, label, role, expires_at, revoked_at FROM api_keys"
            f" WHERE tenant_id = {tenant_id} AND key_hash = '{key_hash}';",
            "INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint)"
            f" VALUES ({tenant_id}, {new}, {key_id}, '{method}', '{endpoint}')"
            " ON CONFLICT DO NOTHING;",
            *statements,
            "COMMIT;",
            "\\endpipeline",
        ]
    )


def _inlined(statement: Statement[Any], **parameters: str) -> str:
    """A statement of the service with SQL for its parameters."""
    values = [parameters[name] for name in statement.parameters]
    return re.sub(r"\$(\d+)", lambda found: values[int(found[1]) - 1], statement.text).replace("\n", " ") + ";"


def _table(mode: Mode, samples: Samples) -> Table:
    table = Table(title=f"{mode.name}: medians over the rounds")
    for column in ("work", "candidate", "requests/s", "p50 ms", "p99 ms", "server CPU µs", "PostgreSQL CPU µs"):
        table.add_column(column, justify="left" if column in ("work", "candidate") else "right")
    for work in mode.works:
        for name in mode.candidates:
            taken = samples.get((mode, work, name))
            if taken:
                figures = [
                    statistics.median(value)
                    for value in zip(
                        *((s.load.per_second, s.load.p50, s.load.p99, s.server_cpu, s.postgresql_cpu) for s in taken),
                        strict=True,
                    )
                ]
                cells = [f"{figures[0]:.0f}", f"{figures[1]:.2f}", f"{figures[2]:.1f}"]
                table.add_row(work, name, *cells, f"{figures[3]:.0f}" if name != PGBENCH else "-", f"{figures[4]:.0f}")
        table.add_section()
    return table


def _figure(sample: Sample, measure: str) -> float:
    match measure:
        case "server CPU":
            return sample.server_cpu
        case "p50":
            return sample.load.p50
        case _:
            return sample.load.per_second


def _ratios(samples: Samples) -> Table:
    table = Table(title="ClinCore over the peer, within a round: median (least to greatest)")
    for column in ("mode", "measure", "work", "peer", "ratio", "target"):
        table.add_column(column)
    for mode, measure, work, peer, target in TARGETS:
        if samples.get((mode, work, peer)):
            pairs = zip(samples[mode, work, OURS], samples[mode, work, peer], strict=True)
            found = [_figure(ours, measure) / _figure(theirs, measure) for ours, theirs in pairs]
            shown = f"{statistics.median(found):.2f} ({min(found):.2f} to {max(found):.2f})"
            table.add_row(mode.name, measure, work, peer, shown, target)
    return table


def _draw(chart: Path, samples: Samples) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(12, 4.5), layout="constrained")
    for axis, mode, measure, title in (
        (axes[0], ONE, CPU, "Server CPU per request, one worker (µs, less is better)"),
        (axes[1], TWO, THROUGHPUT, "Requests per second, two workers (more is better)"),
    ):
        names = [name for name in PEERS if measure == THROUGHPUT or name != PGBENCH]
        for index, name in enumerate(names):
            values = [
                statistics.median(_figure(sample, measure) for sample in samples.get((mode, work, name)) or [])
                if samples.get((mode, work, name))
                else 0
                for work in mode.works
            ]
            places = [place + index * 0.8 / len(names) for place in range(len(values))]
            bars = axis.bar(places, values, 0.75 / len(names), label=name)
            axis.bar_label(bars, [f"{value:.0f}" if value else "" for value in values], fontsize=7)
        axis.set_xticks([place + 0.3 for place in range(len(mode.works))], mode.works)
        axis.set_title(title, fontsize=10)
        axis.legend(fontsize=8)
        axis.set_yscale("log")
    chart.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(chart, dpi=120)
