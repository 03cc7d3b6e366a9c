"""ClinCore on a Citus cluster and on one PostgreSQL: requests per second, and CPU of each node per request.

`TEST_CITUS_URL` is a superuser's URL of the coordinator, `TEST_CITUS_WORKERS` the workers as `host:port,host:port`. All
nodes run on this machine, so rates say little, and are compared only with those of one PostgreSQL in the same rounds: a
database without the extension on the coordinator's server. The CPU of each node's processes per request says what nodes
on machines of their own could do.
"""

import os
import secrets
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table
from sqlalchemy import URL, make_url

from benchmarks import work
from benchmarks.harness import TOKEN, Load, Tenant, cpu_seconds, make_tenant, serve, wrk
from clincore.db.migrations import migrate
from clincore.db.operator_queries import distribution
from clincore.db.session import operator_session
from clincore.db.urls import libpq

TENANTS = 32
SHARDS = 32
WORKS = ("get", "post")
RATIO_MAX = {"get": 1.8, "post": 2.0}
"""Of the cluster's time per request to that of one PostgreSQL."""
FIRST_PORT = 8850


@dataclass(frozen=True)
class Layout:
    """Where the rows are."""

    name: str
    workers: int
    """0: one PostgreSQL without the extension."""


PLAIN = Layout("one PostgreSQL", 0)


@dataclass(frozen=True)
class Place:
    """A layout's database."""

    url: str
    owner_url: str
    nodes: Sequence[int]
    """The process ids of the servers: the coordinator, then the workers."""


@dataclass(frozen=True)
class Sample:
    """One layout with one workload in one round; CPU in microseconds per request."""

    load: Load
    service: float
    nodes: Sequence[float]


def main(rounds: int, seconds: int, connections: int) -> None:
    """Measure and print. Exit code 1: a target is missed."""
    coordinator, workers = _addresses()
    sizes = [size for size in (1, 2, 4) if size <= len(workers)]
    layouts = [
        PLAIN,
        *(Layout(f"{size} workers" if size > 1 else "1 worker", size) for size in sizes),
    ]
    samples: dict[tuple[str, str], list[Sample]] = defaultdict(list)
    with ExitStack() as held:
        running = []
        for port, layout in enumerate(layouts, FIRST_PORT):
            place = held.enter_context(_database(layout, coordinator, workers))
            variables = {"DATABASE_URL": place.url, "BOOTSTRAP_TOKEN": TOKEN}
            pid = held.enter_context(serve("clincore.asgi:app", port, 1, None, variables))
            made = [make_tenant(f"http://127.0.0.1:{port}", place, f"t{n}", work.BODY) for n in range(TENANTS)]
            running.append((layout, place, port, pid, made))
        for number in range(rounds + 1):
            for asked in WORKS:
                # The first round is a warm-up; the order changes with each round.
                for layout, place, port, pid, tenants in running[:: -1 if number % 2 else 1]:
                    sample = _measure(place, port, pid, tenants, asked, seconds if number else 2, connections)
                    if number:
                        samples[layout.name, asked].append(sample)
    missed = _print(samples, layouts)
    if missed:
        raise SystemExit(f"Missed: {', '.join(missed)}")


def _addresses() -> tuple[URL, list[tuple[str, int]]]:
    url, workers = os.environ.get("TEST_CITUS_URL"), os.environ.get("TEST_CITUS_WORKERS")
    if not url or not workers:
        raise SystemExit("Set TEST_CITUS_URL and TEST_CITUS_WORKERS to the nodes of a Citus cluster on this machine.")
    return make_url(url), [
        (host, int(port)) for host, _, port in (worker.rpartition(":") for worker in workers.split(","))
    ]


@contextmanager
def _database(layout: Layout, coordinator: URL, workers: list[tuple[str, int]]) -> Iterator[Place]:
    """A migrated database with its owner, distributed over the layout's workers; dropped at the end."""
    name, password = f"clincore_benchmark_{uuid4().hex[:8]}", secrets.token_hex(16)
    used = [coordinator, *(coordinator.set(host=host, port=port) for host, port in workers[: layout.workers])]
    nodes = [_text(node.set(database=name)) for node in used]
    owner_url = _text(coordinator.set(database=name, username=name, password=password))
    app = sql.SQL("clincore_app")
    with psycopg.connect(libpq(_text(coordinator)), autocommit=True) as superuser:
        owner = sql.Identifier(name)
        superuser.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(owner, password)
        )
        if not superuser.execute("SELECT FROM pg_roles WHERE rolname = 'clincore_app'").rowcount:
            superuser.execute("CREATE ROLE clincore_app NOSUPERUSER NOBYPASSRLS")
        superuser.execute(sql.SQL("GRANT clincore_app TO {}").format(owner))
        superuser.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(owner, owner))
        # The role is of all databases on the server, with one password.
        superuser.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(app, TOKEN))
    try:
        if layout.workers:
            _make_nodes(name, used)
        migrate(owner_url)
        with psycopg.connect(libpq(nodes[0]), autocommit=True) as superuser:
            if layout.workers:
                superuser.execute(distribution.lockdown(name).encode())
                superuser.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(app, TOKEN))
            else:
                superuser.execute("REVOKE EXECUTE ON FUNCTION set_config FROM PUBLIC")
        if layout.workers:
            with operator_session(owner_url) as operator:
                distribution.distribute(operator, SHARDS, lambda _: None)
            with operator_session(owner_url) as operator:
                different = distribution.differences(operator)
            if different:
                raise SystemExit("\n".join(different))
        url = _text(coordinator.set(database=name, username="clincore_app", password=TOKEN))
        yield Place(url, owner_url, [_postmaster(node) for node in nodes])
    finally:
        for node in used:
            with psycopg.connect(libpq(_text(node)), autocommit=True) as superuser:
                superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        for node in used:
            with psycopg.connect(libpq(_text(node)), autocommit=True) as superuser:
                if superuser.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).rowcount:
                    superuser.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(name)))
                    superuser.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def _make_nodes(name: str, nodes: Sequence[URL]) -> None:
    """What a superuser does before the migrations."""
    database = sql.Identifier(name)
    for place, node in enumerate(nodes):
        with psycopg.connect(libpq(_text(node)), autocommit=True) as superuser:
            if place:
                superuser.execute(sql.SQL("CREATE DATABASE {}").format(database))
            superuser.execute(sql.SQL("ALTER DATABASE {} SET citus.propagate_set_commands = 'local'").format(database))
        with psycopg.connect(libpq(_text(node.set(database=name))), autocommit=True) as superuser:
            superuser.execute("CREATE EXTENSION citus")
    first, *others = nodes
    with psycopg.connect(libpq(_text(first.set(database=name))), autocommit=True) as superuser:
        superuser.execute("SELECT citus_set_coordinator_host(%s, %s)", [first.host, first.port or 5432])
        for node in others:
            superuser.execute("SELECT citus_add_node(%s, %s)", [node.host, node.port or 5432])


def _postmaster(superuser_url: str) -> int:
    with psycopg.connect(libpq(superuser_url)) as superuser:
        row = superuser.execute("SHOW data_directory").fetchone()
    assert row is not None
    return int((Path(row[0]) / "postmaster.pid").read_text().split()[0])


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _measure(
    place: Place, port: int, pid: int, tenants: Sequence[Tenant], asked: str, seconds: int, connections: int
) -> Sample:
    processes = [pid, *place.nodes]
    before = [cpu_seconds(process) for process in processes]
    load = wrk(port, seconds, [work.request(tenant, asked) for tenant in tenants], connections)
    used = [cpu_seconds(process) - earlier for process, earlier in zip(processes, before, strict=True)]
    if not load.requests or load.errors:
        raise SystemExit(f"{load.errors} of {load.requests} requests of {asked} got an error")
    service, *nodes = (seconds / load.requests * 1e6 for seconds in used)
    return Sample(load, service, nodes)


def _print(samples: dict[tuple[str, str], list[Sample]], layouts: Sequence[Layout]) -> list[str]:
    """Print the tables; the targets that were missed."""
    missed = []
    console = Console(width=140)
    for asked in WORKS:
        table = Table(
            title=f"{asked.upper()}: median of {len(samples[PLAIN.name, asked])} rounds; CPU in µs per request"
        )
        for column in ("", "requests/s", "time", "p50 ms", "service", "coordinator", "each worker", "nodes", "CPU"):
            table.add_column(column, justify="left" if not column else "right")
        plain = samples[PLAIN.name, asked]
        for layout in layouts:
            own = samples[layout.name, asked]
            # Of the same round, because the machine's speed changes.
            slower = statistics.median(
                one.load.per_second / other.load.per_second for one, other in zip(plain, own, strict=True)
            )
            dearer = statistics.median(sum(other.nodes) / sum(one.nodes) for one, other in zip(plain, own, strict=True))
            nodes = [statistics.median(column) for column in zip(*(one.nodes for one in own), strict=True)]
            table.add_row(
                layout.name,
                f"{statistics.median(one.load.per_second for one in own):.0f}",
                f"{slower:.2f}",
                f"{statistics.median(one.load.p50 for one in own):.1f}",
                f"{statistics.median(one.service for one in own):.0f}",
                f"{nodes[0]:.0f}",
                ", ".join(f"{one:.0f}" for one in nodes[1:]),
                f"{sum(nodes):.0f}",
                f"{dearer:.2f}",
            )
            if layout.workers and slower > RATIO_MAX[asked]:
                missed.append(f"{asked} with {layout.name}: {slower:.2f} times, at most {RATIO_MAX[asked]}")
        console.print(table)
    console.print("time and CPU: relative to one PostgreSQL, in the same round.")
    return missed
