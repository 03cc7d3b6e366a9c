"""The first page and a deep page of `GET /cases` for a tenant with a million cases, with each filter.

Times are measured by PostgreSQL for the service's statements (EXPLAIN ANALYZE, warm, median), as clincore_app under the
policies. For comparison: the same deep page with OFFSET.
"""

import statistics
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.harness import execute, postgresql
from clincore.db.queries import case_lists
from clincore.db.session import ON_CONNECT
from clincore.db.urls import libpq
from clincore.postgres import embedded

PAGE = 50
DEEP = 8000
REPEATS = 15
RATIO_MAX = 3.0
# Each filter finds one case of this many.
FILTERS: dict[str, tuple[dict[str, Any], int]] = {
    "none": ({}, 1),
    "status": ({"status": "final"}, 10),
    "subject": ({"subject_value": "P-7"}, 1000),
    "common tag": ({"tag": "common"}, 5),
    "rare tag": ({"tag": "rare"}, 1000),
    "common type": ({"type_code": "34133-9"}, 1),
    "rare type": ({"type_code": "11488-4"}, 500),
    "tag and status": ({"tag": "common", "status": "final"}, 10),
}


def main(size: int) -> None:
    """Measure and print. Exit code 1: the deep page of the plain list takes more than 3 times as long as the first."""
    console = Console(width=140)
    with postgresql() as server:
        tenant = _fill(server, size)
        console.print(f"{size:,} cases created")
        rows = _measure(server, tenant, size)
    table = Table(title=f"PostgreSQL's milliseconds for a page of {PAGE}")
    for column in ("filter", "first page", "deep page", "its number", "ratio"):
        table.add_column(column, justify="left" if column == "filter" else "right")
    for name, (first, deep, number) in rows.items():
        table.add_row(name, f"{first:.2f}", f"{deep:.2f}", f"{number:,}", f"{deep / first:.1f}")
    console.print(table)
    first, deep, _ = rows["none"]
    if deep > first * RATIO_MAX:
        raise SystemExit(1)


def _fill(server: embedded.Embedded, size: int) -> UUID:
    tenant, key = uuid4(), uuid4()
    with psycopg.connect(libpq(server.owner_url), autocommit=True) as owner:
        # Checking a million foreign keys takes a minute and is not part of the measurement.
        for table, name in (
            ("cases", "fk_cases_tenant_id_tenants"),
            ("cases", "fk_cases_tenant_id_created_by_api_keys"),
            ("case_tags", "fk_case_tags_tenant_id_case_id_cases"),
        ):
            owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        owner.execute("INSERT INTO tenant_names (tenant_id, name) VALUES (%s, 'benchmark')", [tenant])
        owner.execute("INSERT INTO tenants (id, name) VALUES (%s, 'benchmark')", [tenant])
        owner.execute(
            """
            INSERT INTO cases (tenant_id, id, title, content, status, type_code, subject_system, subject_value,
                created_by, created_at, updated_at)
            SELECT %(tenant)s, gen_random_uuid(), 'Case ' || n, '{}',
                CASE WHEN n %% 10 = 0 THEN 'final' ELSE 'draft' END,
                CASE WHEN n %% 500 = 0 THEN '11488-4' ELSE '34133-9' END, 'urn:oid:1.2.3', 'P-' || n %% 1000, %(key)s,
                now() - n * interval '30 seconds', now() - n * interval '30 seconds'
            FROM generate_series(1, %(size)s) AS n
            """,
            {"tenant": tenant, "key": key, "size": size},
        )
        owner.execute(
            "INSERT INTO case_tags (tenant_id, case_id, tag, created_at) SELECT tenant_id, id, tag, created_at FROM ("
            " SELECT *, row_number() OVER (ORDER BY created_at DESC) AS n FROM cases"
            ") AS c, (VALUES ('common', 5), ('rare', 1000)) AS t (tag, every) WHERE n %% every = 0".replace("%%", "%")
        )
    with psycopg.connect(libpq(server.superuser_url), autocommit=True) as superuser:
        superuser.execute("VACUUM ANALYZE")
    return tenant


def _measure(server: embedded.Embedded, tenant: UUID, size: int) -> dict[str, tuple[float, float, int]]:
    with psycopg.connect(libpq(server.url), autocommit=True) as connection:
        connection.execute("; ".join(ON_CONNECT))
        connection.execute("SET statement_timeout = 0")

        def in_session(query: str) -> list[Any]:
            connection.execute("BEGIN")
            connection.execute(f"SET LOCAL app.tenant_id = '{tenant}'")
            rows = connection.execute(query).fetchall()
            connection.execute("ROLLBACK")
            return list(rows)

        def time_of(query: str) -> float:
            times = []
            for _ in range(REPEATS):
                ((plan,),) = in_session(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) {query}")
                times.append(float(plan[0]["Execution Time"] + plan[0]["Planning Time"]))
            return statistics.median(times)

        def page(filters: dict[str, Any], after: tuple[datetime, UUID] | None) -> str:
            created_at, case_id = after or (None, None)
            given = filters | ({"after_id": case_id} if after else {})
            statement = case_lists.page_with(frozenset(given))
            return execute(connection, statement, tenant, **given, after_created_at=created_at, limit=PAGE + 1)

        found = {}
        for name, (filters, share) in FILTERS.items():
            number = min(DEEP, size // share // PAGE - 1)
            before = _place(filters, (number - 1) * PAGE - 1)
            ((created_at, case_id),) = in_session(before)
            found[name] = time_of(page(filters, None)), time_of(page(filters, (created_at, case_id))), number
        offset = "SELECT id, title, created_at FROM cases ORDER BY created_at DESC, id DESC LIMIT 51 OFFSET {}"
        number = min(DEEP, size // PAGE - 1)
        naive = time_of(offset.format(0)), time_of(offset.format((number - 1) * PAGE)), number
        return found | {"none, by OFFSET": naive}


def _place(filters: dict[str, Any], rows: int) -> str:
    """The query for the position of the last case before a page."""
    conditions = [f"c.{name} = '{value}'" for name, value in filters.items() if name != "tag"]
    if "tag" in filters:
        conditions.append(
            "EXISTS (SELECT FROM case_tags t WHERE t.tenant_id = c.tenant_id AND t.case_id = c.id"
            f" AND t.tag = '{filters['tag']}')"
        )
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT created_at, id FROM cases c {where} ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET {rows}"
