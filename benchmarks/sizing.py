"""The figures of docs/sizing.md: load and memory of one and of two workers, and what cases leave in the database.

A case's life is a fixed list of requests, so that the growth of a year can be computed from it. pgbench does the same
transactions as the service's reads and writes without a service, in the same rounds: its requests per second say what
this machine's PostgreSQL can do, so the shares of it can be compared with those of another machine.
"""

import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any

import httpx
import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks import work
from benchmarks.checkout import HERE
from benchmarks.harness import (
    CONNECTIONS,
    TOKEN,
    Load,
    Tenant,
    add_tenant,
    cpu_seconds,
    make_tenant,
    memory,
    pgbench,
    postgresql,
    postmaster,
    serve,
    set_sizes,
    worker_processes,
    wrk,
)
from clincore.db.urls import libpq
from clincore.postgres import embedded
from clincore.records import signing_key as signing

WORKERS = (1, 2)
WORKS = {"get": "GET a case", "list": "GET 50 cases", "post": "POST a case"}
PGBENCH = 0
"""In place of a number of workers."""
CLIENTS = 8
CASES_PER_DAY = (1, 100, 10_000)
EVENTS = 500_000
LIFE = (
    "POST /cases",
    "PATCH /cases/{id}",
    "POST /cases/{id}/finalize",
    "GET /cases/{id}",
    "GET /cases/{id}",
    "GET /cases/{id}",
    "GET /cases/{id}/document",
    "GET /cases?limit=20",
)
LARGE_OBSERVATIONS = 200
LARGE_SHARE = 10
"""One large case for so many typical ones: they take longer, and vary less."""
METERING = ("usage_events", "usage_hourly", "usage_daily", "usage_outcomes", "usage_watermarks")


@dataclass(frozen=True)
class Left:
    """What the lives of a number of cases left behind."""

    cases: int
    tables: dict[str, float]
    """Bytes of each table with its indexes, per case."""
    wal: float
    """Bytes of write-ahead log per case."""
    service_cpu: float
    database_cpu: float
    """Seconds of CPU per case."""
    kib: float
    """KiB of the case's body as JSON."""


def main(rounds: int, seconds: int, cases: int) -> None:
    """Measure and print."""
    console = Console(width=120)
    console.print(f"{os.cpu_count()} cores, load average before the run {os.getloadavg()[0]:.1f}")
    with postgresql() as server:
        console.print(*_load(server, rounds, seconds), sep="\n")
    with postgresql() as server:
        left = _lives(server, cases)
    with postgresql() as server:
        pruned = _prune(server)
    console.print(_space(left), _growth(left["typical"]), sep="\n")
    typical = left["typical"]
    console.print(
        f"A life of {len(LIFE)} requests: CPU of the service {typical.service_cpu * 1e3:.1f} ms, of PostgreSQL"
        f" {typical.database_cpu * 1e3:.1f} ms. So a core of PostgreSQL does {86400 / typical.database_cpu / 1e6:.1f}"
        f" million lives in a day, a core of the service {86400 / typical.service_cpu / 1e6:.1f} million."
    )
    console.print(", ".join(f"{what}: {seconds:.0f} s per million events" for what, seconds in pruned.items()))


def _load(server: embedded.Embedded, rounds: int, seconds: int) -> tuple[Table, Table]:
    """Requests per second and CPU, with connections and memory of the workers afterwards."""
    loads: dict[tuple[str, int], list[Load]] = defaultdict(list)
    cpus: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
    after = Table("workers", "PSS of a worker, MiB", "PSS of its verifier, MiB", title="After the load")
    with ExitStack() as stack:
        pids = {workers: stack.enter_context(_service(server, workers)) for workers in WORKERS}
        tenant = make_tenant(_url(1), server, "sizing", work.BODY)
        _fill(server, tenant)
        for number in range(rounds + 1):
            for asked in WORKS:
                for workers in (PGBENCH, *WORKERS)[:: -1 if number % 2 else 1]:
                    before = cpu_seconds(pids[workers]) if workers else 0.0, cpu_seconds(postmaster(server))
                    # The first round warms up.
                    load = _run(server, tenant, workers, asked, seconds if number else 1)
                    spent = cpu_seconds(pids[workers]) if workers else 0.0, cpu_seconds(postmaster(server))
                    if load.errors:
                        raise SystemExit(f"{load.errors} requests of {asked} failed with {workers} workers")
                    if number:
                        loads[asked, workers].append(load)
                        cpus[asked, workers].append(
                            ((spent[0] - before[0]) / load.requests, (spent[1] - before[1]) / load.requests)
                        )
        for workers in WORKERS:
            after.add_row(str(workers), *_held(tenant, workers, pids[workers]))
        after.caption = f"Connections to PostgreSQL of all {sum(WORKERS)} workers: {_connections(server)}"
    table = Table(
        *("request", "workers", "requests/s", "of pgbench's", "p50, ms", "p99, ms", "CPU, µs", "PostgreSQL's, µs"),
        title=f"Medians of {rounds} rounds (minimum to maximum), {CONNECTIONS} connections of clients",
    )
    for (asked, workers), found in sorted(loads.items(), key=lambda one: (list(WORKS).index(one[0][0]), one[0][1])):
        alone = loads[asked, PGBENCH]
        shares = [load.per_second / other.per_second for load, other in zip(found, alone, strict=True)]
        service, database = (statistics.median(one) * 1e6 for one in zip(*cpus[asked, workers], strict=True))
        rates = [load.per_second for load in found]
        table.add_row(
            WORKS[asked],
            str(workers) if workers else "pgbench",
            f"{statistics.median(rates):,.0f} ({min(rates):,.0f} to {max(rates):,.0f})",
            f"{statistics.median(shares):.2f} ({min(shares):.2f} to {max(shares):.2f})" if workers else "",
            f"{statistics.median(load.p50 for load in found):.1f}",
            f"{statistics.median(load.p99 for load in found):.1f}",
            f"{service:.0f}" if workers else "",
            f"{database:.0f}",
        )
    return table, after


def _url(workers: int) -> str:
    return f"http://127.0.0.1:{8850 + workers}"


@contextmanager
def _service(server: embedded.Embedded, workers: int) -> Iterator[int]:
    key = server.data_dir / signing.NAME
    signing.make(key)
    variables = {
        "DATABASE_URL": server.url,
        "MIGRATION_DATABASE_URL": server.owner_url,
        "BOOTSTRAP_TOKEN": TOKEN,
        "CLINCORE_SIGNING_KEY": str(key),
    }
    with serve("clincore.asgi:app", 8850 + workers, workers, None, variables) as pid:
        yield pid


def _fill(server: embedded.Embedded, tenant: Tenant) -> None:
    """Copy the tenant's case, so that lists are full."""
    with psycopg.connect(libpq(server.owner_url), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO cases (tenant_id, id, title, content, created_by, billing_status)"
            " SELECT tenant_id, gen_random_uuid(), title, content, created_by, 'paid'"
            " FROM cases, generate_series(1, 1000) WHERE tenant_id = %s",
            [tenant.id],
        )
    _vacuum(server)


def _run(server: embedded.Embedded, tenant: Tenant, workers: int, asked: str, seconds: int) -> Load:
    if workers == PGBENCH:
        return pgbench(server, work.script(tenant, asked), seconds, CONNECTIONS, **work.GIVEN)
    return wrk(8850 + workers, seconds, [work.request(tenant, asked)])


def _held(tenant: Tenant, workers: int, pid: int) -> tuple[str, str]:
    """The memory of the workers after the load, and of the processes that verify for them."""
    with ExitStack() as stack:
        # Several connections, so that each worker verifies.
        clients = [stack.enter_context(httpx.Client(base_url=_url(workers), timeout=30)) for _ in range(CLIENTS)]
        created = clients[0].post("/cases", json=work.BODY, headers=tenant.key).json()
        _sign(clients[0], tenant, created["id"])
        for client in clients:
            client.post(f"/cases/{created['id']}/verify-replay", headers=tenant.key).raise_for_status()
    verifiers = [
        set_sizes(child.pid)["PSS"]
        for worker in worker_processes(pid, workers)
        for child in worker.children()
        if "resource_tracker" not in " ".join(child.cmdline())
    ]
    return f"{memory(pid, workers)['PSS']:.0f}", f"{statistics.mean(verifiers):.0f}"


def _connections(server: embedded.Embedded) -> int:
    with psycopg.connect(libpq(server.superuser_url)) as superuser:
        row = superuser.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'clincore_app'").fetchone()
    assert row is not None
    return int(row[0])


def _sign(client: httpx.Client, tenant: Tenant, case_id: str) -> None:
    body = {"signer": {"name": "Dr. Grete Beispiel"}, "meaning": "authorship"}
    client.post(f"/cases/{case_id}/finalize", json=body, headers=tenant.key | {"If-Match": "*"}).raise_for_status()


def _lives(server: embedded.Embedded, cases: int) -> dict[str, Left]:
    """What a number of typical cases leave behind, and a tenth as many large ones."""
    large = work.BODY | {"observations": [_observation(number) for number in range(LARGE_OBSERVATIONS)]}
    with _service(server, 1) as pid:
        tenant = make_tenant(_url(1), server, "lives", work.BODY)
        # The first lives load code and fill caches.
        _live(server, pid, tenant, work.BODY, CLIENTS * 4)
        return {
            "typical": _live(server, pid, tenant, work.BODY, cases),
            "large": _live(server, pid, tenant, large, max(1, cases // LARGE_SHARE)),
        }


def _observation(number: int) -> dict[str, Any]:
    """One of many observations, with a code, a text, a time and a value of its own: equal ones would be compressed."""
    chance = Random(number)
    name = " ".join("".join(chance.choices("aeioulmnrst", k=chance.randint(4, 9))) for _ in range(3))
    code = {"system": "http://loinc.org", "code": f"{chance.randint(1000, 99999)}-{number % 10}", "display": name}
    quantity = {"value": str(chance.randint(1, 9999) / 10), "system": "http://unitsofmeasure.org", "code": "mg/dL"}
    (hour, minute, second) = (chance.randint(10, 23), chance.randint(0, 59), chance.randint(0, 59))
    return {
        "code": {"coding": [code]},
        "status": "final",
        "effective": {"date_time": f"2026-03-02T{hour}:{minute:02}:{second:02}Z"},
        "value": {"quantity": quantity},
    }


def _live(server: embedded.Embedded, pid: int, tenant: Tenant, body: dict[str, Any], cases: int) -> Left:
    """Let so many cases live, several at the same time."""
    size = len(httpx.Request("POST", _url(1), json=body).content)
    numbers = count()
    with psycopg.connect(libpq(server.superuser_url), autocommit=True) as superuser:
        superuser.execute("CHECKPOINT")
    before, lsn = _sizes(server), _lsn(server)
    began = cpu_seconds(pid), cpu_seconds(postmaster(server))

    def live(share: int) -> None:
        with httpx.Client(base_url=_url(1), headers=tenant.key, timeout=30) as client:
            for _ in range(share):
                identifier = {"system": "urn:oid:1.2.36.146.595.217.0.1", "value": f"P-{size}-{next(numbers)}"}
                subject = body["subject"] | {"identifiers": [identifier]}
                created = client.post("/cases", json=body | {"subject": subject}).raise_for_status()
                path, etag = f"/cases/{created.json()['id']}", {"If-Match": created.headers["ETag"]}
                patch = {"Content-Type": "application/merge-patch+json"} | etag
                client.patch(path, content=b'{"plan": "Sumatriptan 50 mg at onset."}', headers=patch).raise_for_status()
                _sign(client, tenant, created.json()["id"])
                for read in (path, path, path, f"{path}/document", "/cases?limit=20"):
                    client.get(read).raise_for_status()

    shares = [cases // CLIENTS + (number < cases % CLIENTS) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(live, shares))
    spent = cpu_seconds(pid), cpu_seconds(postmaster(server))
    wal = _lsn(server) - lsn
    _vacuum(server)
    after = _sizes(server)
    return Left(
        cases,
        {table: (after[table] - before[table]) / cases for table in after},
        wal / cases,
        (spent[0] - began[0]) / cases,
        (spent[1] - began[1]) / cases,
        size / 1024,
    )


def _vacuum(server: embedded.Embedded) -> None:
    with psycopg.connect(libpq(server.superuser_url), autocommit=True) as superuser:
        superuser.execute("VACUUM ANALYZE")


def _sizes(server: embedded.Embedded) -> dict[str, int]:
    """Bytes of each table, with its indexes and long values."""
    with psycopg.connect(libpq(server.superuser_url)) as superuser:
        rows = superuser.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        ).fetchall()
    return {name: int(size) for name, size in rows}


def _lsn(server: embedded.Embedded) -> int:
    with psycopg.connect(libpq(server.superuser_url)) as superuser:
        row = superuser.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint").fetchone()
    assert row is not None
    return int(row[0])


def _space(left: dict[str, Left]) -> Table:
    shown = " and ".join(f"{found.cases} {name} ones of {found.kib:.1f} KiB" for name, found in left.items())
    table = Table("table", *left, title=f"Bytes per case with its indexes: {shown}")
    for name in sorted(left["typical"].tables, key=lambda name: -left["typical"].tables[name]):
        if any(found.tables[name] >= 1 for found in left.values()):
            table.add_row(name, *(f"{found.tables[name]:,.0f}" for found in left.values()))
    table.add_row("all tables", *(f"{sum(found.tables.values()):,.0f}" for found in left.values()))
    table.add_row("write-ahead log", *(f"{found.wal:,.0f}" for found in left.values()))
    events = left["typical"].tables["usage_events"] / len(LIFE)
    accesses = left["typical"].tables["access_log"] / len(LIFE)
    table.caption = f"One usage event: {events:.0f} bytes. Access log per request: {accesses:.0f} bytes."
    return table


def _prune(server: embedded.Embedded) -> dict[str, float]:
    """Seconds of the operator's commands, per million events."""
    tenant_id, key_id = add_tenant(server)
    with psycopg.connect(libpq(server.owner_url), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint, created_at)"
            " SELECT %s, gen_random_uuid(), %s, 'GET', '/cases', now() - interval '3 days' - n * interval '10 seconds'"
            " FROM generate_series(1, %s) AS n",
            [tenant_id, key_id, EVENTS],
        )
    _vacuum(server)
    variables = {"DATABASE_URL": server.url, "MIGRATION_DATABASE_URL": server.owner_url}
    found = {}
    for command in (["rollup"], ["reconcile"], ["prune", "--before", f"{datetime.now(UTC):%Y-%m-%d}"]):
        began = time.monotonic()
        HERE.run(["clincore", "usage", *command], variables)
        found[f"clincore usage {command[0]}"] = (time.monotonic() - began) / EVENTS * 1e6
    return found


def _growth(typical: Left) -> Table:
    """Computed from the typical case's life."""
    events, accesses = (sum(typical.tables[name] for name in names) for names in (METERING, ("access_log",)))
    rest = sum(typical.tables.values()) - events - accesses
    table = Table(
        *("cases a day", "requests a day", "cases", "access log", "usage events", "write-ahead log of a day"),
        title=f"Growth in a year, with {len(LIFE)} requests per case",
    )
    for cases in CASES_PER_DAY:
        table.add_row(
            f"{cases:,}",
            f"{cases * len(LIFE):,}",
            *(_bytes(part * 365 * cases) for part in (rest, accesses, events)),
            _bytes(typical.wal * cases),
        )
    return table


def _bytes(size: float) -> str:
    """The size in decimal units, with two digits."""
    for unit in ("B", "kB", "MB"):
        if size < 995:
            return f"{_digits(size)} {unit}"
        size /= 1000
    return f"{_digits(size)} GB"


def _digits(size: float) -> str:
    return f"{size:.1f}" if size < 9.95 else f"{size:.0f}"
