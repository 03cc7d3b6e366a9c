"""Usage queries on ten thousand and on ten million events: PostgreSQL's time, compared with a plain count of events.

Half of the events belong to one tenant, over a year; the others to 999 tenants. The service's roll-up makes the totals.
Times are measured by PostgreSQL for each statement (EXPLAIN ANALYZE, warm, median), as clincore_app under the policies.
"""

import asyncio
import statistics
from uuid import UUID, uuid4

import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.harness import execute, postgresql
from clincore.db.queries import usage
from clincore.db.session import ON_CONNECT, close_pool, open_pool
from clincore.db.urls import libpq
from clincore.metering import rollup
from clincore.postgres import embedded

TENANTS = 1000
REPEATS = 21
MILLISECONDS_MAX = 5.0
RATIO_MAX = 3.0
ENDPOINTS = (
    "/cases",
    "/cases/{case_id}",
    "/auth/whoami",
    "/auth/api-keys/rotate",
    "/admin/usage",
    "/admin/api-keys",
    "/admin/api-keys/revoke/{key_id}",
    "/usage",
)
NAIVE = {
    "GET /admin/usage, naive": (
        "SELECT endpoint, count(*) FROM usage_events WHERE tenant_id = '{tenant}' GROUP BY endpoint"
    ),
    "402 check, naive": "SELECT count(*) > 1000 FROM usage_events WHERE tenant_id = '{tenant}'",
}


def main(sizes: list[int]) -> None:
    """Measure each size in a separate database and print the table. Exit code 1: a target is missed."""
    console = Console(width=140)
    found: dict[str, list[float]] = {}
    for size in sizes:
        with postgresql() as server:
            tenant = _fill(server, size, console)
            for name, milliseconds in _measure(server, tenant).items():
                found.setdefault(name, []).append(milliseconds)
    table = Table(title="PostgreSQL's milliseconds; the measured tenant has half of the events")
    for column in ("what", *(f"{size:,} events" for size in sizes), "ratio"):
        table.add_column(column, justify="left" if column == "what" else "right")
    missed = []
    for name, times in found.items():
        ratio = times[-1] / times[0]
        table.add_row(name, *(f"{milliseconds:.2f}" for milliseconds in times), f"{ratio:.1f}")
        if "naive" not in name and (times[-1] > MILLISECONDS_MAX or ratio > RATIO_MAX):
            missed.append(name)
    console.print(table)
    targets = f"at most {MILLISECONDS_MAX} ms and {RATIO_MAX} times the first size"
    console.print(f"Targets: {targets}. Missed: {missed or 'none'}")
    if missed:
        raise SystemExit(1)


def _fill(server: embedded.Embedded, size: int, console: Console) -> UUID:
    """Create the tenants and their events, and roll them up. Returns the id of the tenant that has half of them."""
    tenants = [uuid4() for _ in range(TENANTS)]
    with psycopg.connect(libpq(server.owner_url), autocommit=True) as owner:
        # Checking ten million foreign keys takes minutes and is not part of the measurement.
        owner.execute("ALTER TABLE usage_events DROP CONSTRAINT fk_usage_events_tenant_id_tenants")
        owner.execute("ALTER TABLE usage_events DROP CONSTRAINT fk_usage_events_tenant_id_api_key_id_api_keys")
        owner.execute(
            "INSERT INTO tenant_names (tenant_id, name) SELECT id, id::text FROM unnest(%s::uuid[]) AS id", [tenants]
        )
        owner.execute("INSERT INTO tenants (id, name) SELECT tenant_id, name FROM tenant_names")
        owner.execute(
            "INSERT INTO api_keys (tenant_id, id, key_hash, label)"
            " SELECT id, gen_random_uuid(), encode(sha256((id::text || n)::bytea), 'hex'), 'key'"
            " FROM tenants, generate_series(1, 3) AS n"
        )
        for share, condition in ((size // 2, "="), (size - size // 2, "<>")):
            owner.execute(
                f"""
                INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint, created_at)
                SELECT k.tenant_id, gen_random_uuid(), k.ids[1 + n %% 3], 'GET', (%(endpoints)s::text[])[1 + n %% 8],
                    now() - interval '365 days' * n / %(share)s
                FROM generate_series(0, %(share)s - 1) AS n
                JOIN (
                    SELECT tenant_id, array_agg(id) AS ids, row_number() OVER () - 1 AS place, count(*) OVER () AS size
                    FROM api_keys WHERE tenant_id {condition} %(tenant)s GROUP BY tenant_id
                ) AS k ON k.place = n %% k.size
                """,
                {"share": share, "tenant": tenants[0], "endpoints": list(ENDPOINTS)},
            )
    with psycopg.connect(libpq(server.superuser_url), autocommit=True) as superuser:
        superuser.execute("VACUUM ANALYZE")
    console.print(f"{size:,} events created")
    asyncio.run(_roll_up(server, tenants[0]))
    with psycopg.connect(libpq(server.superuser_url), autocommit=True) as superuser:
        superuser.execute("VACUUM ANALYZE")
    return tenants[0]


async def _roll_up(server: embedded.Embedded, tenant: UUID) -> None:
    open_pool(server.url)
    try:
        await rollup.roll_up(tenant)
    finally:
        close_pool()


def _measure(server: embedded.Embedded, tenant: UUID) -> dict[str, float]:
    with psycopg.connect(libpq(server.url), autocommit=True) as connection:
        connection.execute("; ".join(ON_CONNECT))
        connection.execute("SET statement_timeout = 0")
        connection.execute("BEGIN")
        connection.execute(f"SET LOCAL app.tenant_id = '{tenant}'")
        key_hash = connection.execute("SELECT key_hash FROM api_keys LIMIT 1").fetchone()
        connection.execute("ROLLBACK")
        assert key_hash is not None

        def time_of(query: str) -> float:
            times = []
            for _ in range(REPEATS):
                connection.execute("BEGIN")
                connection.execute(f"SET LOCAL app.tenant_id = '{tenant}'")
                plan = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) {query}").fetchone()
                connection.execute("ROLLBACK")
                assert plan is not None
                times.append(float(plan[0][0]["Execution Time"] + plan[0][0]["Planning Time"]))
            return statistics.median(times)

        by_endpoint, last_24h, quota = (
            execute(connection, statement, tenant)
            for statement in (usage.CALLS_BY_ENDPOINT, usage.LAST_24H, usage.QUOTA)
        )
        admit = (
            f"SELECT * FROM admit_batch(ARRAY['{tenant}']::uuid[], ARRAY['{key_hash[0]}'], ARRAY[gen_random_uuid()],"
            f" ARRAY['POST'], ARRAY['/cases'], ARRAY[{{}}], {usage.FREE_CALLS_MAX}, false)"
        )
        figures = {
            "GET /admin/usage (both statements)": time_of(by_endpoint) + time_of(last_24h),
            "GET /usage": time_of(quota),
            "admission with the 402 check": time_of(admit.format("true")),
            "admission without it": time_of(admit.format("false")),
        }
        return figures | {name: time_of(query.format(tenant=tenant)) for name, query in NAIVE.items()}
