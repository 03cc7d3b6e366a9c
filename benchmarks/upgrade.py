"""Upgrade a large database of version 0.1.0: how long it takes, and how long writers wait meanwhile.

Writers are probes that repeatedly take the lock of a write on each table. They wait for locks that migrations hold, and
behind a migration that waits for a lock itself.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table

from benchmarks.harness import another_database, postgresql
from clincore.db.migrations import migrate
from clincore.db.schema_version import HEAD, LAST_OF_0_1_0
from clincore.db.urls import libpq
from clincore.postgres import embedded

TENANTS = 1000
WAIT_SECONDS_MAX = 1.0


def main(cases: int, events: int) -> None:
    """Fill, upgrade and print. Exit code 1: a writer waited longer than a second."""
    console = Console(width=140)
    with postgresql() as server:
        old = another_database(server, "version_0_1_0")
        migrate(old.owner_url, LAST_OF_0_1_0)
        _fill(old, cases, events)
        console.print(f"filled: {TENANTS} tenants, {cases} cases, {events} events")
        waits: dict[str, float] = {}
        with _writers(old, waits):
            began = time.monotonic()
            migrate(old.owner_url)
            seconds = time.monotonic() - began
    table = Table(title=f"Upgrade in {seconds:.2f} s; longest wait of a writer, by table")
    table.add_column("table")
    table.add_column("seconds", justify="right")
    for name, waited in sorted(waits.items(), key=lambda item: -item[1]):
        table.add_row(name, f"{waited:.3f}")
    console.print(table)
    if max(waits.values()) > WAIT_SECONDS_MAX:
        raise SystemExit(1)


def _fill(server: embedded.Embedded, cases: int, events: int) -> None:
    with psycopg.connect(libpq(server.superuser_url), autocommit=True) as superuser:
        # Checking foreign keys takes minutes and is not part of the measurement.
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(
            "INSERT INTO tenants (id, name) SELECT gen_random_uuid(), 'tenant ' || n FROM generate_series(1, %s) n",
            [TENANTS],
        )
        superuser.execute(
            "INSERT INTO api_keys (tenant_id, id, key_hash, label)"
            " SELECT id, gen_random_uuid(), encode(sha256(id::text::bytea), 'hex'), 'key' FROM tenants"
        )
        superuser.execute("CREATE TEMPORARY TABLE numbered AS SELECT *, row_number() OVER () AS n FROM api_keys")
        superuser.execute(
            "INSERT INTO cases (tenant_id, id, title, content, created_by)"
            " SELECT tenant_id, gen_random_uuid(), 'Case', '{\"title\": \"Case\"}', k.id"
            " FROM generate_series(1, %s) i JOIN numbered k ON k.n = 1 + i %% %s",
            [cases, TENANTS],
        )
        superuser.execute(
            "INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint)"
            " SELECT tenant_id, gen_random_uuid(), k.id, 'GET', '/cases'"
            " FROM generate_series(1, %s) i JOIN numbered k ON k.n = 1 + i %% %s",
            [events, TENANTS],
        )
        superuser.execute("INSERT INTO usage_watermarks (tenant_id, closed_before) SELECT id, 'epoch' FROM tenants")
        # As version 0.1.0 left it: at the head, without a comment.
        superuser.execute("UPDATE alembic_version SET version_num = %s", [HEAD])
        superuser.execute("VACUUM ANALYZE")


@contextmanager
def _writers(server: embedded.Embedded, waits: dict[str, float]) -> Iterator[None]:
    """Run one writer per table until the end of the block. `waits`: the longest wait of each, in seconds."""
    with psycopg.connect(libpq(server.superuser_url)) as superuser:
        names = [name for (name,) in superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    end = threading.Event()

    def write(name: str) -> None:
        lock = sql.SQL("LOCK TABLE {} IN ROW EXCLUSIVE MODE").format(sql.Identifier(name))
        with psycopg.connect(libpq(server.superuser_url)) as writer:
            while not end.wait(0.005):
                began = time.monotonic()
                writer.execute(lock)
                waits[name] = max(waits.get(name, 0.0), time.monotonic() - began)
                writer.rollback()

    names.remove("alembic_version")
    with ThreadPoolExecutor(len(names)) as threads:
        writing = [threads.submit(write, name) for name in names]
        time.sleep(1)
        try:
            yield
        finally:
            end.set()
        for writer in writing:
            writer.result()
