"""The number of round trips to PostgreSQL of each operation."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg.pq.abc import PGresult

from clincore.db.driver.connection import Call, Connection
from clincore.deadline import CURRENT
from support.application import application
from support.contract import CONTRACT
from support.service import BOOTSTRAP_TOKEN, Service
from support.tenants import MakeTenant
from support.tour import Caller, tour

# For operations that need a key, one round trip is admission, which checks the key and counts the request. A request
# that is refused after its session has begun takes one more, for ROLLBACK.
TRIPS = {
    "get_health": 0,
    "get_readiness": 1,
    "get_docs": 0,
    "get_docs_asset": 0,
    "get_immutable_docs_asset": 0,
    "list_problem_types": 0,
    "get_problem_type": 0,
    "get_contract_yaml": 0,
    "get_contract_json": 0,
    "get_capabilities": 0,
    "get_home": 0,
    "get_console": 0,
    "get_console_asset": 0,
    "bootstrap_tenant": 2,
    "get_caller": 2,
    "create_case": 2,
    "create_case, external_id is taken": 3,
    "create_case, no external_id": 2,
    "get_case": 2,
    "get_case, known": 2,
    "get_case, unknown": 2,
    "get_draft": 2,
    "list_cases": 3,
    "list_cases, filtered": 3,
    "list_cases, changed": 3,
    "search_cases": 3,
    "update_case": 3,
    "update_case, tags": 3,
    "update_case, external_id": 4,
    "update_case, external_id is taken": 4,
    "update_case, changed meanwhile": 3,
    "cancel_case": 3,
    "finalize_case": 3,
    "finalize_case, repeated": 4,
    "attest_case": 4,
    "amend_case": 3,
    "update_case, an amendment": 3,
    "cancel_case, an amendment": 3,
    "finalize_case, an amendment": 3,
    "verify_replay": 5,
    "list_revisions": 3,
    "get_revision": 3,
    "get_document": 4,
    "list_case_accesses": 3,
    "erase_subject": 5,
    "void_case": 3,
    "get_jwks": 1,
    "verify_revision": 1,
    "preview_document": 2,
    "import_document": 2,
    "import_document, imported before": 3,
    "create_api_key": 3,
    "list_api_keys": 2,
    "update_api_key": 3,
    "revoke_api_key": 3,
    "get_quota": 2,
    "list_accesses": 2,
    "list_accesses, filtered": 2,
    "get_usage": 2,
    "get_usage_timeseries, days": 2,
    "get_usage_timeseries": 3,
    "get_usage_outcomes": 3,
    "export_usage_events": 4,
    "export_cases": 6,
    "export_cases, changed": 6,
    "export_cases, FHIR": 7,
    "export_subject_cases": 4,
    "erase_subject_cases": 5,
    "erase_subject_cases, nothing left": 4,
    "rotate_api_key": 3,
}


class CountedCaller(Caller):
    """Counts the round trips of each of its requests, by `operationId` and special case."""

    def __init__(self, client: httpx.AsyncClient, api_key: str, sent: list[Sequence[Call]]) -> None:
        """`sent`: the pipelines sent to PostgreSQL, cleared before each request."""
        super().__init__(client, api_key)
        self._sent = sent
        self.trips: dict[str, int] = {}

    async def ask(self, method: str, path: str, *args: Any, special: str = "", **more: Any) -> httpx.Response:
        operation = CONTRACT.find(method, path.partition("?")[0])
        assert operation is not None
        self._sent.clear()
        response = await super().ask(method, path, *args, special=special, **more)
        self.trips[f"{operation.id}, {special}" if special else operation.id] = len(self._sent)
        return response


@pytest.fixture(scope="module")
def trips(service: Service, folder: Path, make_tenant: MakeTenant) -> dict[str, int]:
    """The round trips of each operation, in a process that has already served it once."""
    sent: list[Sequence[Call]] = []
    run = Connection.run

    async def counted(self: Connection, calls: Sequence[Call]) -> list[PGresult]:
        # Only requests have a deadline; background tasks have none.
        if CURRENT.get() is not None:
            sent.append(calls)
        return await run(self, calls)

    async def main() -> dict[str, int]:
        settings = {"bootstrap_token": BOOTSTRAP_TOKEN, "signing_key": folder / "signing-key.pem"}
        async with application(service.database.url, **settings) as client:
            for _ in range(2):
                caller = CountedCaller(client, make_tenant().api_key, sent)
                await tour(caller)
        return caller.trips

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "run", counted)
        return asyncio.run(main())


def test_each_operation_takes_the_listed_number_of_round_trips(trips: dict[str, int]) -> None:
    assert trips == TRIPS


def test_every_operation_of_the_contract_is_listed() -> None:
    assert {name.partition(",")[0] for name in TRIPS} == {operation.id for operation in CONTRACT.operations}
