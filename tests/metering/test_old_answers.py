"""Stored answers of writes with an `Idempotency-Key` are removed after 24 hours."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg

from clincore.db import tenant_session
from clincore.db.queries import idempotency_keys
from clincore.metering import rollup
from support.commands import run
from support.database import Database
from support.operations import IDEMPOTENCY_KEY
from support.pool import run_with_pool
from support.rows import insert
from support.service import BOOTSTRAP_TOKEN
from support.tenants import Tenant


def value() -> dict[str, str]:
    return {IDEMPOTENCY_KEY: f'"{uuid4()}"'}


def expire(operator: psycopg.Connection[Any], tenant_id: str, values: int) -> None:
    """Store answers as if they had been sent a day ago."""
    digest, a_day_ago = "0" * 64, datetime.now(UTC) - timedelta(days=1)
    answer = {"value_sha256": digest, "fingerprint": digest, "status": 201, "body": "{}", "created_at": a_day_ago}
    insert(
        operator,
        "idempotency_keys",
        ({"tenant_id": tenant_id, "lineage_id": uuid4()} | answer for _ in range(values)),
    )


def test_old_answers_are_removed_in_slices_and_younger_ones_stay(
    client: httpx.Client, tenant: Tenant, database: Database, operator: psycopg.Connection[Any]
) -> None:
    kept = client.post("/cases", json={"title": "x"}, headers=tenant.key | value())
    expire(operator, tenant.id, 2 * idempotency_keys.REMOVED_AT_ONCE + 10)
    due: list[datetime] = []
    slices: list[int] = []

    async def main() -> None:
        async with tenant_session(UUID(tenant.id)) as session:
            slices.append(await idempotency_keys.remove_expired(session))
        due.append(await rollup.remove_expired(UUID(tenant.id)))

    run_with_pool(database.url, main)

    query = "SELECT body::json->>'id', created_at + interval '24 hours' FROM idempotency_keys WHERE tenant_id = %s"
    assert slices == [idempotency_keys.REMOVED_AT_ONCE]
    assert operator.execute(query, [tenant.id]).fetchall() == [(kept.json()["id"], due[0])]


def test_old_answers_that_another_transaction_holds_are_left_for_later(
    tenant: Tenant, database: Database, operator: psycopg.Connection[Any]
) -> None:
    # An erasure locks answers in another order. If each waited for the other, PostgreSQL would end one of them.
    expire(operator, tenant.id, 5)
    removed: list[int] = []

    async def main() -> None:
        async with tenant_session(UUID(tenant.id)) as session:
            removed.append(await idempotency_keys.remove_expired(session))

    with database.as_owner() as erasing, erasing.transaction():
        some = "SELECT lineage_id FROM idempotency_keys WHERE tenant_id = %(tenant)s LIMIT 2"
        erasing.execute(
            f"UPDATE idempotency_keys SET body = NULL WHERE tenant_id = %(tenant)s AND lineage_id IN ({some})",
            {"tenant": tenant.id},
        )
        run_with_pool(database.url, main)
    run_with_pool(database.url, main)

    assert removed == [3, 2]


def test_the_command_removes_old_answers_of_tenants_without_requests(
    client: httpx.Client, database: Database, operator: psycopg.Connection[Any]
) -> None:
    token = {"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}
    made = client.post("/bootstrap", json={"tenant_name": f"tenant-{uuid4().hex}"}, headers=token | value()).json()
    expire(operator, made["tenant_id"], 1)
    done = run("clincore", "usage", "rollup", DATABASE_URL=database.url)

    assert done.returncode == 0, done.stderr
    query = "SELECT FROM idempotency_keys WHERE tenant_id = %s"
    assert operator.execute(query, [made["tenant_id"]]).rowcount == 1
