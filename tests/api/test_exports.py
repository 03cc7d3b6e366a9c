"""Exports of cases: one line for each, from one snapshot, with the position from which the change feed continues."""

import json
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb

from clincore.db.queries.exports import CASES_AT_ONCE
from support.cases import make_case
from support.feed import wait_until_numbered
from support.lifecycle import REVIEW, STATES, NewCase
from support.rows import insert
from support.service import Service
from support.tenants import MakeTenant, Tenant
from support.waiting import eventually

Json = dict[str, Any]
PATH = "/admin/export/cases.ndjson"
FHIR = {"Accept": "application/fhir+ndjson"}


def lines(response: httpx.Response) -> list[Json]:
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.split("\n")[:-1]]


def insert_cases(operator: psycopg.Connection[Any], tenant: Tenant, count: int) -> None:
    content = {"title": "x", "type": {"system": "http://loinc.org", "code": "34133-9"}, "plan": "x" * 2000}
    case = {"tenant_id": tenant.id, "title": "x", "content": Jsonb(content), "created_by": tenant.key_id}
    insert(operator, "cases", ({"id": uuid4()} | case for _ in range(count)))


@pytest.fixture
def varied(client: httpx.Client, new_case: NewCase) -> tuple[Tenant, list[str]]:
    """A tenant with a case in each state, one of them erased. Returns the ids in order."""
    first = new_case()
    cases = [new_case().reach(state) for state in STATES]
    made = [first.reach("final"), *cases]
    made[0].ask("POST", "/attest", REVIEW).raise_for_status()
    made[0].ask("POST", "/erase-subject", {"sections": ["plan"]}).raise_for_status()
    return first.tenant, sorted(case.id for case in made)


def test_a_line_is_what_get_shows_in_every_state(client: httpx.Client, varied: tuple[Tenant, list[str]]) -> None:
    tenant, ids = varied

    exported = client.get(PATH, headers=tenant.key)

    assert exported.headers["Content-Type"] == "application/x-ndjson"
    assert lines(exported) == [client.get(f"/cases/{case_id}", headers=tenant.key).json() for case_id in ids]
    assert ["subject", "plan"] in [line["erased"] for line in lines(exported)]


def test_a_fhir_line_is_the_document_in_every_state(client: httpx.Client, varied: tuple[Tenant, list[str]]) -> None:
    tenant, ids = varied

    exported = client.get(PATH, headers=tenant.key | FHIR)

    assert exported.headers["Content-Type"] == "application/fhir+ndjson"
    documents = [client.get(f"/cases/{case_id}/document", headers=tenant.key).text for case_id in ids]
    assert exported.text == "".join(f"{document}\n" for document in documents)
    # The id to continue after.
    assert [line["entry"][0]["resource"]["id"] for line in lines(exported)] == ids


def test_an_export_of_a_tenant_without_cases_is_empty(client: httpx.Client, tenant: Tenant) -> None:
    exported = client.get(PATH, headers=tenant.key)

    assert (exported.status_code, exported.text) == (200, "")
    assert client.get(f"/cases?changed_after={exported.headers['Next-Changed-After']}", headers=tenant.key).is_success


def test_an_export_has_all_cases_of_the_tenant_and_of_no_other(
    client: httpx.Client, make_tenant: MakeTenant, operator: psycopg.Connection[Any]
) -> None:
    mine, theirs = make_tenant(), make_tenant()
    insert_cases(operator, mine, 2 * CASES_AT_ONCE)
    insert_cases(operator, theirs, 3)

    ids = [line["id"] for line in lines(client.get(PATH, headers=mine.key))]

    assert ids == sorted(set(ids))
    assert len(ids) == 2 * CASES_AT_ONCE
    stored = operator.execute("SELECT id::text FROM cases WHERE tenant_id = %s", [mine.id]).fetchall()
    assert {case_id for (case_id,) in stored} == set(ids)


def test_an_export_continues_after_the_last_line(
    client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    insert_cases(operator, tenant, 7)
    whole = client.get(PATH, headers=tenant.key).text.split("\n")[:-1]

    for number, line in enumerate(whole):
        last = json.loads(line)["id"]
        for after in (last, last.upper()):
            rest = client.get(PATH, params={"after": after}, headers=tenant.key)
            assert rest.text.split("\n")[:-1] == whole[number + 1 :]


def test_an_export_and_the_feed_after_it_miss_nothing(
    client: httpx.Client, service: Service, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    """The snapshot is taken before the first line: changes while the client reads come in the feed."""
    insert_cases(operator, tenant, 400)
    wait_until_numbered_by_reading(client, tenant, operator)
    seen: dict[str, int] = {}
    with httpx.stream("GET", service.url + PATH, headers=tenant.key, timeout=30) as export:
        parts = export.iter_lines()
        first = json.loads(next(parts))
        made = make_case(client, tenant.key)
        changed = client.patch(
            f"/cases/{first['id']}",
            content='{"title": "y"}',
            headers=tenant.key | {"If-Match": "*", "Content-Type": "application/merge-patch+json"},
        )
        assert changed.status_code == 200
        seen = {first["id"]: first["version"]} | {
            line["id"]: line["version"] for line in (json.loads(part) for part in parts)
        }
        position = export.headers["Next-Changed-After"]
    assert made not in seen and len(seen) == 400

    def fed() -> bool:
        page = client.get("/cases", params={"changed_after": position}, headers=tenant.key).json()
        return {item["id"] for item in page["items"]} == {made, first["id"]}

    eventually(fed)


def wait_until_numbered_by_reading(client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any]) -> None:
    """Wait until cases that no service has written are numbered; reading the feed begins it."""
    client.get("/cases?changed_after=start", headers=tenant.key).raise_for_status()
    wait_until_numbered(operator, tenant.id)


def test_an_export_of_changes_has_only_cases_that_changed_since(
    client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    cases = [make_case(client, tenant.key) for _ in range(3)]
    wait_until_numbered(operator, tenant.id)
    position = client.get(PATH, headers=tenant.key).headers["Next-Changed-After"]
    nothing = client.get(PATH, params={"changed_after": position}, headers=tenant.key)
    client.delete(f"/cases/{cases[1]}", headers=tenant.key | {"If-Match": "*"}).raise_for_status()
    wait_until_numbered(operator, tenant.id)

    changed = client.get(PATH, params={"changed_after": position}, headers=tenant.key)

    assert (nothing.text, nothing.headers["Next-Changed-After"]) == ("", position)
    assert [(line["id"], line["status"]) for line in lines(changed)] == [(cases[1], "cancelled")]
    assert len(lines(client.get(PATH, params={"changed_after": "start"}, headers=tenant.key))) == 3
    newest = changed.headers["Next-Changed-After"]
    assert client.get(PATH, params={"changed_after": newest}, headers=tenant.key).text == ""


def test_an_export_is_one_entry_of_the_access_log_even_when_its_client_leaves(
    client: httpx.Client, service: Service, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    insert_cases(operator, tenant, 2000)

    with httpx.stream("GET", service.url + PATH, headers=tenant.key | FHIR) as export:
        next(export.iter_raw())
    client.get(PATH, params={"after": str(uuid4()), "changed_after": "start"}, headers=tenant.key).raise_for_status()

    query = (
        "SELECT operation, case_id, filter, count, request_id FROM access_log WHERE tenant_id = %s ORDER BY created_at"
    )
    first, second = operator.execute(query, [tenant.id]).fetchall()
    assert first[:4] == ("export_cases", None, {"media_type": "application/fhir+ndjson"}, 2000)
    assert str(first[4]) == export.headers["X-Request-Id"]
    assert set(second[2]) == {"after", "changed_after", "media_type"}


def test_an_export_whose_client_leaves_gives_its_connection_back(
    service: Service, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    insert_cases(operator, tenant, 2000)
    # A parameter, so that this query does not find itself.
    exports = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND query LIKE %s"

    # More exports than there are slots, so the test fails if one is not released.
    for _ in range(10):
        with httpx.stream("GET", service.url + PATH, headers=tenant.key) as export:
            assert export.status_code == 200
            next(export.iter_raw())
        eventually(lambda: not operator.execute(exports, ["%case_revisions.signed%"]).rowcount)


def test_a_tenant_can_have_two_exports_in_progress(
    client: httpx.Client, service: Service, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    insert_cases(operator, tenant, 5000)
    begun = []
    try:
        with httpx.Client(base_url=service.url, timeout=30) as readers:
            for _ in range(2):
                begun.append(readers.send(readers.build_request("GET", PATH, headers=tenant.key), stream=True))
            refused = client.get(PATH, headers=tenant.key)

            assert [response.status_code for response in begun] == [200, 200]
            assert (refused.status_code, refused.json()["type"]) == (429, "/problems/rate-limited")
            assert client.get("/cases", headers=tenant.key).status_code == 200
    finally:
        for response in begun:
            response.close()


def test_head_of_an_export_reads_nothing(
    client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    answer = client.head(PATH, headers=tenant.key | FHIR)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/fhir+ndjson")
    assert operator.execute("SELECT FROM access_log WHERE tenant_id = %s", [tenant.id]).rowcount == 0


def test_an_export_requires_an_admin(client: httpx.Client, make_tenant: MakeTenant) -> None:
    refused = client.get(PATH, headers=make_tenant(role="user").key)

    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-required")
