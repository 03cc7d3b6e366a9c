"""The request path compared with FastAPI + SQLAlchemy, Starlette + asyncpg and pgbench, in the same run.

All use one PostgreSQL and do the same work: key check, tenant session, a committed usage event, and a row of the access
log in the transaction of the work. A case is read with the signed revision that it would show. Ratios are taken within
a round, and their median over the rounds is shown, because the machine's speed drifts. ClinCore at another commit has a
separate database, made by its own migrations and filled through its own API.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from rich.console import Console

from benchmarks import report, work
from benchmarks.checkout import HERE, Checkout
from benchmarks.harness import (
    TOKEN,
    Tenant,
    another_database,
    cpu_seconds,
    make_tenant,
    pgbench,
    postgresql,
    postmaster,
    serve,
    wrk,
)
from benchmarks.modes import (
    BEFORE,
    FASTAPI,
    MODES,
    OURS,
    PGBENCH,
    SILENT,
    STARLETTE,
    TENANTS,
    UNBATCHED,
    Mode,
    Sample,
    Samples,
)
from clincore.db.urls import libpq
from clincore.postgres import embedded

LISTED = 10_000

CANDIDATES = {
    OURS: ("clincore.asgi:app", 8811),
    FASTAPI: ("benchmarks.peers.fastapi_orm:app", 8812),
    STARLETTE: ("benchmarks.peers.starlette_asyncpg:app", 8813),
    UNBATCHED: ("benchmarks.peers.unbatched:app", 8814),
    SILENT: ("benchmarks.peers.fastapi_orm:app", 8815),
    BEFORE: ("clincore.asgi:app", 8816),
}
# ClinCore and FastAPI (through uvicorn) log a line per request; the log of the tuned peer is off.
LOGGING = {FASTAPI}


@dataclass(frozen=True)
class Place:
    """A database, the checkout of ClinCore that made it, and its tenants."""

    checkout: Checkout
    server: embedded.Embedded
    tenants: Sequence[Tenant]


def main(rounds: int, seconds: int, chart: Path, modes: list[str], works: list[str], against: Path | None) -> None:
    """Measure, print the tables and draw the chart. Empty lists mean all. `against`: a checkout of another commit."""
    unknown = set(modes) - set(MODES)
    if unknown:
        raise SystemExit(f"Unknown mode {', '.join(unknown)}. The modes are {', '.join(MODES)}.")
    samples: Samples = defaultdict(list)
    console = Console(width=140)
    with postgresql() as server:
        here, before = Place(HERE, server, _prepare(HERE, server)), None
        if against is not None:
            before = _before(Checkout(against.resolve()), server)
        for mode in [MODES[name] for name in modes or MODES]:
            asked = [name for name in mode.works if not works or name in works]
            if asked:
                _run(here, before, mode, asked, rounds, seconds, samples, console)
                console.print(report.figures(mode, samples))
    console.print(report.ratios(samples))
    if before is not None:
        for table in report.against_before(samples):
            console.print(table)
    report.draw(chart, samples)
    console.print(f"Chart: {chart}")


def _before(checkout: Checkout, server: embedded.Embedded) -> Place:
    database = another_database(server, "before")
    variables = {"DATABASE_URL": database.url, "MIGRATION_DATABASE_URL": database.owner_url}
    checkout.run(["alembic", "upgrade", "head"], variables)
    return Place(checkout, database, _prepare(checkout, database))


def _prepare(checkout: Checkout, server: embedded.Embedded) -> list[Tenant]:
    """Paid tenants with one case each, the first with a list of cases."""
    variables = {"DATABASE_URL": server.owner_url, "BOOTSTRAP_TOKEN": TOKEN, "LOG_LEVEL": "INFO"}
    with serve("clincore.asgi:app", 8811, 1, None, variables, checkout=checkout):
        tenants = [make_tenant("http://127.0.0.1:8811", server, f"benchmark-{n}", work.BODY) for n in range(TENANTS)]
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


def _run(
    here: Place,
    before: Place | None,
    mode: Mode,
    works: list[str],
    rounds: int,
    seconds: int,
    samples: Samples,
    console: Console,
) -> None:
    """All rounds of one mode."""
    # Before and now run one after the other, with as little time between them as possible.
    places = {OURS: here} | ({BEFORE: before} if before else {}) | dict.fromkeys(mode.candidates, here)
    with _servers(places, mode) as pids:
        for number in range(rounds + 1):
            # The first round is a warm-up.
            for asked in works:
                names = [name for name in places if name != PGBENCH or asked != "health"]
                for name in _turn(names, number):
                    duration = seconds if number else 2
                    sample = _measure(places[name], mode, name, pids.get(name), asked, duration)
                    if number:
                        samples[mode, asked, name].append(sample)
            console.print(f"{mode.name}: round {number} of {rounds}")


@contextmanager
def _servers(places: dict[str, Place], mode: Mode) -> Iterator[dict[str, int]]:
    """Run all servers at the same time, idle until it is their turn."""
    with ExitStack() as stack:
        pids = {}
        for name, place in places.items():
            if name in CANDIDATES:
                variables = {
                    "DATABASE_URL": place.server.url,
                    "MIGRATION_DATABASE_URL": place.server.owner_url,
                    "PEER_DATABASE_URL": place.server.owner_url.replace("+psycopg", "+asyncpg"),
                    "BOOTSTRAP_TOKEN": TOKEN,
                }
                target, port = CANDIDATES[name]
                served = serve(
                    target,
                    port,
                    mode.workers,
                    mode.core,
                    variables,
                    checkout=place.checkout,
                    access_log=name in LOGGING,
                )
                pids[name] = stack.enter_context(served)
        yield pids


def _turn(names: list[str], number: int) -> list[str]:
    """The candidates in an order that changes with each round; so does the order of before and now."""
    shift = number % len(names)
    turned = names[shift:] + names[:shift]
    return turned[::-1] if number % 2 else turned


def _measure(place: Place, mode: Mode, name: str, pid: int | None, asked: str, seconds: int) -> Sample:
    server, tenants = place.server, place.tenants[: mode.tenants]
    database = postmaster(server)
    events, accesses = _rows(server, "usage_events"), _rows(server, "access_log")
    before = (cpu_seconds(pid) if pid else 0.0), cpu_seconds(database)
    if pid is None:
        # One tenant in every mode: with a script per tenant, pgbench would measure preparing the scripts.
        load = pgbench(server, work.script(tenants[0], asked), seconds, mode.connections, **work.GIVEN)
    else:
        load = wrk(CANDIDATES[name][1], seconds, [work.request(tenant, asked) for tenant in tenants], mode.connections)
    server_cpu, database_cpu = (cpu_seconds(pid) if pid else 0.0) - before[0], cpu_seconds(database) - before[1]
    if not load.requests:
        raise SystemExit(f"{name} did not answer any request of {asked} in {seconds} s")
    if load.errors:
        raise SystemExit(f"{name} answered {load.errors} of {load.requests} requests of {asked} with an error")
    for table, earlier in (("usage_events", events), ("access_log", accesses)):
        written = _rows(server, table) - earlier
        if asked != "health" and written < load.requests:
            raise SystemExit(
                f"{name} wrote {written} {table} for {load.requests} requests of {asked}: result discarded"
            )
    return Sample(load, server_cpu / load.requests * 1e6, database_cpu / load.requests * 1e6)


def _rows(server: embedded.Embedded, table: str) -> int:
    with psycopg.connect(libpq(server.owner_url)) as operator:
        row = operator.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    assert row is not None
    return int(row[0])
