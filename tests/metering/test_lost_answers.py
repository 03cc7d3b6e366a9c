"""Connections that are lost after PostgreSQL has committed and before its answer arrives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from clincore.db.queries import idempotency_keys
from clincore.db.queries.admission import ADMIT, ADMIT_OF
from support import citus
from support.database import Database
from support.proxy import Proxy
from support.service import checked_client, serve
from support.tenants import bootstrap


@pytest.fixture
def proxied(database: Database, folder: Path) -> Iterator[tuple[Proxy, httpx.Client]]:
    with (
        Proxy(database.url) as proxy,
        serve(Database(proxy.url, database.superuser_url), folder, MIGRATION_DATABASE_URL=database.url) as service,
        checked_client(service.url) as client,
    ):
        yield proxy, client


def test_an_admission_with_a_lost_answer_is_retried_and_counted_once(
    proxied: tuple[Proxy, httpx.Client], operator: psycopg.Connection[Any]
) -> None:
    proxy, client = proxied
    tenant = bootstrap(client)

    for number in range(1, 11):
        # PostgreSQL answers a statement with autocommit after the commit.
        cut = proxy.cut(at=(ADMIT if citus.COORDINATOR_URL is None else ADMIT_OF).encoded_name)
        response = client.post("/cases", json={"title": "Migraine"}, headers=tenant.key)

        assert response.status_code == 201
        assert cut.done.is_set()
        # The quota counts earlier calls only, not the event of the first attempt.
        assert response.headers["RateLimit"] == f'"free-calls";r={1000 - (number - 1)}'
        counted = operator.execute("SELECT FROM usage_events WHERE tenant_id = %s", [tenant.id]).rowcount
        assert counted == number


def test_a_write_whose_commit_has_a_lost_answer_is_done_once_when_it_is_repeated(
    proxied: tuple[Proxy, httpx.Client], operator: psycopg.Connection[Any]
) -> None:
    proxy, client = proxied
    tenant = bootstrap(client)

    for number in range(1, 6):
        headers = tenant.key | {"Idempotency-Key": f'"{uuid4()}"'}
        # COMMIT is sent together with this statement.
        cut = proxy.cut(at=idempotency_keys.STORE.encoded_name)
        lost = client.post("/cases", json={"title": "Migraine"}, headers=headers)
        newest = "SELECT id::text FROM cases WHERE tenant_id = %s ORDER BY created_at DESC LIMIT 1"
        made = operator.execute(newest, [tenant.id]).fetchone()
        again = client.post("/cases", json={"title": "Migraine"}, headers=headers)

        assert cut.done.is_set()
        assert (lost.status_code, "Retry-After" in lost.headers) == (503, True)
        assert (again.status_code, again.headers.get("Idempotent-Replayed")) == (201, "true")
        assert (again.json()["id"],) == made
        assert operator.execute("SELECT FROM cases WHERE tenant_id = %s", [tenant.id]).rowcount == number
