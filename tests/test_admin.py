"""Keys and usage of the tenant."""

from concurrent.futures import ThreadPoolExecutor

import httpx
from conftest import MakeTenant, Tenant


def create(client: httpx.Client, tenant: Tenant, role: str = "user") -> dict[str, str]:
    response = client.post("/admin/api-keys", json={"label": "job", "role": role}, headers=tenant.key)
    assert response.status_code == 201
    key: dict[str, str] = response.json()
    return key


def revoke(client: httpx.Client, key_id: str, headers: dict[str, str]) -> httpx.Response:
    return client.post(f"/admin/api-keys/revoke/{key_id}", headers=headers)


def test_a_revoked_key_is_refused_on_the_very_next_request(client: httpx.Client, tenant: Tenant) -> None:
    key = create(client, tenant)
    assert client.get("/cases", headers={"X-API-Key": key["api_key"]}).status_code == 200

    assert revoke(client, key["id"], tenant.key).json()["revoked_at"] is not None

    refused = client.get("/cases", headers={"X-API-Key": key["api_key"]})
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/key-revoked")


def test_revoking_twice_changes_nothing(client: httpx.Client, tenant: Tenant) -> None:
    key = create(client, tenant)

    first, second = (revoke(client, key["id"], tenant.key).json() for _ in range(2))

    assert first == second


def test_the_last_admin_key_cannot_be_revoked(client: httpx.Client, tenant: Tenant) -> None:
    create(client, tenant, "user")

    response = revoke(client, tenant.key_id, tenant.key)

    assert (response.status_code, response.json()["type"]) == (409, "/problems/last-admin-key")
    assert client.get("/admin/usage", headers=tenant.key).status_code == 200


def test_an_admin_key_in_its_grace_does_not_count_as_a_rest(client: httpx.Client, tenant: Tenant) -> None:
    successor = client.post("/auth/api-keys/rotate", json={"grace_seconds": 600}, headers=tenant.key).json()

    assert revoke(client, successor["id"], tenant.key).status_code == 409


def test_two_admins_that_revoke_each_other_leave_at_least_one(client: httpx.Client, make_tenant: MakeTenant) -> None:
    for _ in range(5):
        tenant = make_tenant()
        other = create(client, tenant, "admin")
        pairs = [(other["id"], tenant.key), (tenant.key_id, {"X-API-Key": other["api_key"]})]

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda pair: revoke(client, *pair), pairs))

        left = [client.get("/admin/usage", headers=headers).status_code for _, headers in pairs]
        assert 200 in left


def test_the_list_of_keys_tells_when_a_key_was_last_used_and_shows_no_secret(
    client: httpx.Client, tenant: Tenant
) -> None:
    unused = create(client, tenant)

    response = client.get("/admin/api-keys", headers=tenant.key)

    by_id = {key["id"]: key for key in response.json()["items"]}
    assert by_id[unused["id"]]["last_used_at"] is None
    assert by_id[tenant.key_id]["last_used_at"] is not None
    assert "clin_" not in response.text


def test_the_list_of_keys_pages(client: httpx.Client, tenant: Tenant) -> None:
    made = [tenant.key_id] + [create(client, tenant)["id"] for _ in range(4)]

    seen: list[str] = []
    parameters = {"limit": "2"}
    while True:
        page = client.get("/admin/api-keys", params=parameters, headers=tenant.key).json()
        seen += [key["id"] for key in page["items"]]
        if "next_cursor" not in page:
            break
        parameters["cursor"] = page["next_cursor"]

    assert seen == made[::-1]


def test_usage_agrees_with_the_answers_received(client: httpx.Client, tenant: Tenant) -> None:
    never = "00000000-0000-4000-8000-000000000000"
    answers = [
        client.get("/cases", headers=tenant.key),
        client.get("/cases?limit=0", headers=tenant.key),
        client.post("/cases", json={"title": "x"}, headers=tenant.key),
        client.post("/cases", json={}, headers=tenant.key),
        client.post("/cases", content=b"x", headers=tenant.key),
        client.post("/cases", content=b" " * 300_000, headers=tenant.key | {"Content-Type": "application/json"}),
        client.get(f"/cases/{never}", headers=tenant.key),
        client.get("/cases", headers=tenant.key | {"Accept": "text/html"}),
        revoke(client, never, tenant.key),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 201, 400, 415, 413, 404, 406, 404]
    # Nothing of these is metered: a public operation, an unknown path, a method that there is not, a refused key.
    client.get("/health", headers=tenant.key)
    client.get("/unknown", headers=tenant.key)
    client.put("/cases", headers=tenant.key)
    client.get("/cases", headers={"X-API-Key": tenant.api_key[:-1]})

    usage = client.get("/admin/usage", headers=tenant.key).json()

    assert usage == {
        "total_calls": len(answers) + 1,
        "calls_by_endpoint": {
            "/cases": 7,
            "/cases/{case_id}": 1,
            "/admin/api-keys/revoke/{key_id}": 1,
            "/admin/usage": 1,
        },
        "last_24h_count": len(answers) + 1,
    }


def test_a_call_without_the_role_is_counted(client: httpx.Client, make_tenant: MakeTenant) -> None:
    tenant = make_tenant("user")
    assert client.get("/admin/usage", headers=tenant.key).status_code == 403
    assert client.get("/auth/whoami", headers=tenant.key).status_code == 200

    for _ in range(2):
        client.post("/cases", json={"title": "x"}, headers=tenant.key)

    rows = client.get("/cases", headers=tenant.key).json()["items"]
    assert len(rows) == 2
