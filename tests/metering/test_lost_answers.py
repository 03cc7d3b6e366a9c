"""Connections that are lost after PostgreSQL has committed and before its answer arrives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from clincore.db.queries.admission import ADMIT
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
        cut = proxy.cut(at=ADMIT.encoded_name)
        response = client.post("/cases", json={"title": "Migraine"}, headers=tenant.key)

        assert response.status_code == 201
        assert cut.done.is_set()
        # The quota counts earlier calls only, not the event of the first attempt.
        assert response.headers["RateLimit"] == f'"free-calls";r={1000 - (number - 1)}'
        counted = operator.execute("SELECT FROM usage_events WHERE tenant_id = %s", [tenant.id]).rowcount
        assert counted == number
