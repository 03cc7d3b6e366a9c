"""Reads succeed while another transaction has locked every row of their tenant."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from psycopg import sql

from clincore.db.models import Base
from support.contract import CONTRACT, Operation
from support.database import Database
from support.lifecycle import Case
from support.operations import SIGNED, World, make_world, request_to
from support.tables import SHARED_TABLE, key_of
from support.tenants import MakeTenant

# All operations that change nothing, including POST operations.
READS = [
    operation
    for operation in CONTRACT.operations
    if operation.method == "GET"
    or operation.id in ("verify_replay", "verify_revision", "export_subject_cases", "search_cases", "preview_document")
]
# Usage events reference these tables, and the FOR KEY SHARE lock of a foreign-key check conflicts with FOR UPDATE. The
# service, too, locks such rows only FOR NO KEY UPDATE.
REFERENCED_BY_EVENTS = {"tenants", "api_keys"}


NOT_FOUND_WHEN = {"get_draft": "signed", "get_revision": "draft"}


@contextmanager
def all_rows_locked(database: Database, tenant_id: str) -> Iterator[set[str]]:
    """Another transaction locks every row of the tenant. Yields the tables that have such rows."""
    with database.as_owner() as connection, connection.transaction():
        yield {
            table
            for table in sorted(set(Base.metadata.tables) - {SHARED_TABLE})
            if connection.execute(
                sql.SQL("SELECT FROM {} WHERE {} = %s FOR {}").format(
                    sql.Identifier(table),
                    sql.Identifier(key_of(table)),
                    sql.SQL("NO KEY UPDATE" if table in REFERENCED_BY_EVENTS else "UPDATE"),
                ),
                [tenant_id],
            ).rowcount
        }


@pytest.fixture(scope="module")
def world(client: httpx.Client, make_tenant: MakeTenant) -> World:
    # A paid tenant: for a free one, the count for the free cap locks the tenant's row.
    return make_world(client, make_tenant(billing_status="paid"))


@pytest.fixture(scope="module")
def requests(client: httpx.Client, world: World) -> list[tuple[Operation, dict[str, Any]]]:
    """Valid requests to each read operation; with a case in the path, one for each state in which it succeeds."""
    cases = {
        "draft": world.ids["case_id"],
        "signed": world.ids[SIGNED],
        "amending": Case(client, world.tenant).reach("amending").id,
    }
    made = []
    for operation in READS:
        for state, case_id in cases.items() if "{case_id}" in operation.path else [("draft", cases["draft"])]:
            if NOT_FOUND_WHEN.get(operation.id) != state:
                made.append((operation, request_to(operation, {**world.ids, "case_id": case_id, SIGNED: case_id})))
    return made


def test_reads_succeed_while_every_row_of_their_tenant_is_locked(
    client: httpx.Client, database: Database, world: World, requests: list[tuple[Operation, dict[str, Any]]]
) -> None:
    def ask(operation: Operation, request: dict[str, Any]) -> tuple[str, int]:
        headers = request["headers"] | (world.tenant.key if operation.needs_key else {})
        return f"{operation.id} {request['url']}", client.request(**{**request, "headers": headers}).status_code

    with all_rows_locked(database, world.tenant.id) as tables, ThreadPoolExecutor(len(requests)) as threads:
        answers = dict(threads.map(lambda pair: ask(*pair), requests))

    assert {"tenants", "api_keys", "cases", "case_tags", "case_revisions", "signatures", "case_disclosures"} <= tables
    assert {name: status for name, status in answers.items() if status != 200} == {}


def test_a_write_waits_for_the_locked_row_and_times_out(client: httpx.Client, database: Database, world: World) -> None:
    """The lock of the test above does block requests that need it."""
    with all_rows_locked(database, world.tenant.id):
        response = client.patch(
            f"/cases/{world.ids['case_id']}",
            json={"plan": "Rest."},
            headers=world.tenant.key | {"If-Match": "*", "Content-Type": "application/merge-patch+json"},
        )

    assert response.status_code == 503
