"""Cases over HTTP."""

import httpx
import pytest

from support.cases import CONSULTATION
from support.tenants import MakeTenant, Tenant


def test_create_case_needs_only_a_title_and_returns_what_get_returns(client: httpx.Client, tenant: Tenant) -> None:
    created = client.post("/cases", json={"title": "Migraine"}, headers=tenant.key)

    assert created.status_code == 201
    assert created.json() | {"title": "Migraine", "status": "draft", "version": 1} == created.json()
    shown = client.get(created.headers["Location"], headers=tenant.key)
    assert shown.json() == created.json()
    assert shown.headers["ETag"] == created.headers["ETag"] == '"1"'


def test_create_case_keeps_every_field_of_the_content_model(client: httpx.Client, tenant: Tenant) -> None:
    created = client.post("/cases", json=CONSULTATION | {"external_id": "encounter-1"}, headers=tenant.key).json()

    shown = client.get(f"/cases/{created['id']}", headers=tenant.key).json()
    assert {name: shown[name] for name in CONSULTATION} == CONSULTATION
    assert shown["external_id"] == "encounter-1"
    assert shown["created_by"] == tenant.key_id


@pytest.mark.parametrize("field", ["id", "status", "version", "tenant_id", "billing_status", "created_by", "role"])
def test_create_case_refuses_fields_that_the_server_sets(client: httpx.Client, tenant: Tenant, field: str) -> None:
    response = client.post("/cases", json={"title": "x", field: "1"}, headers=tenant.key)

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == f"/{field}"


def test_create_case_refuses_a_second_case_with_the_same_external_id(client: httpx.Client, tenant: Tenant) -> None:
    body = {"title": "x", "external_id": "encounter-1"}

    statuses = [client.post("/cases", json=body, headers=tenant.key).status_code for _ in range(2)]

    assert statuses == [201, 409]


def test_two_tenants_can_use_the_same_external_id(client: httpx.Client, make_tenant: MakeTenant) -> None:
    body = {"title": "x", "external_id": "encounter-1"}

    statuses = [client.post("/cases", json=body, headers=make_tenant().key).status_code for _ in range(2)]

    assert statuses == [201, 201]


def test_list_cases_shows_every_case_once_newest_first_while_cases_are_added(
    client: httpx.Client, tenant: Tenant
) -> None:
    made = [client.post("/cases", json={"title": str(n)}, headers=tenant.key).json()["id"] for n in range(7)]

    seen: list[str] = []
    parameters: dict[str, str] = {"limit": "3"}
    while True:
        page = client.get("/cases", params=parameters, headers=tenant.key).json()
        seen += [case["id"] for case in page["items"]]
        client.post("/cases", json={"title": "added meanwhile"}, headers=tenant.key)
        if "next_cursor" not in page:
            break
        parameters["cursor"] = page["next_cursor"]

    assert seen == made[::-1]


def test_list_cases_has_no_cursor_when_the_last_page_is_full(client: httpx.Client, tenant: Tenant) -> None:
    for title in "ab":
        client.post("/cases", json={"title": title}, headers=tenant.key)

    assert "next_cursor" not in client.get("/cases?limit=2", headers=tenant.key).json()


def test_list_cases_filters(client: httpx.Client, tenant: Tenant) -> None:
    first = client.post("/cases", json={"title": "a", "external_id": "é/+&"}, headers=tenant.key).json()
    second = client.post("/cases", json={"title": "b"}, headers=tenant.key).json()

    def ids(**parameters: str) -> list[str]:
        response = client.get("/cases", params=parameters, headers=tenant.key)
        return [case["id"] for case in response.json()["items"]]

    assert ids(external_id="é/+&") == [first["id"]]
    assert ids(status="draft") == [second["id"], first["id"]]
    assert ids(status="final") == []
    assert ids(updated_since=second["updated_at"]) == [second["id"]]
    assert ids(updated_since=second["updated_at"].replace("Z", "+00:00"), status="draft") == [second["id"]]
    assert ids(updated_since="2999-01-01T00:00:00+17:44") == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=1_0",
        "limit=%EF%BC%91",
        "limit=1&limit=2",
        "limit=",
        "cursor=AAAA",
        "status=Draft",
        "updated_since=2024-02-30T00:00:00Z",
        "updated_since=2024-01-01",
        "updated_since=infinity",
        "external_id=a%00",
        "external_id=%FF",
        "external_id=%zz",
        "unknown=1",
    ],
)
def test_list_cases_refuses_an_invalid_query(client: httpx.Client, tenant: Tenant, query: str) -> None:
    response = client.get(f"/cases?{query}", headers=tenant.key)

    assert response.status_code == 400
    assert response.json()["errors"]


@pytest.mark.parametrize(
    "case_id",
    [
        "1",
        "urn:uuid:3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11",
        "{3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11}",
        "3f0e1a527c844d0e9f570a4f4d1b8c11",
        "%00",
        "%ff",
        "a" * 10_000,
    ],
)
def test_get_case_accepts_only_ids_in_the_form_of_rfc_9562(client: httpx.Client, tenant: Tenant, case_id: str) -> None:
    assert client.get(f"/cases/{case_id}", headers=tenant.key).status_code == 400
