"""API keys and usage of a tenant."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from support.tenants import MakeTenant, Tenant


def create(client: httpx.Client, tenant: Tenant, role: str = "user") -> dict[str, str]:
    response = client.post("/admin/api-keys", json={"label": "job", "role": role}, headers=tenant.key)
    assert response.status_code == 201
    key: dict[str, str] = response.json()
    return key


def revoke(client: httpx.Client, key_id: str, headers: dict[str, str]) -> httpx.Response:
    return client.post(f"/admin/api-keys/revoke/{key_id}", headers=headers)


def test_a_revoked_key_is_refused_on_the_next_request(client: httpx.Client, tenant: Tenant) -> None:
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


def test_an_admin_key_in_grace_does_not_replace_the_last_admin_key(client: httpx.Client, tenant: Tenant) -> None:
    successor = client.post("/auth/api-keys/rotate", json={"grace_seconds": 600}, headers=tenant.key).json()

    assert revoke(client, successor["id"], tenant.key).status_code == 409


def test_two_admins_who_revoke_each_other_leave_at_least_one(client: httpx.Client, make_tenant: MakeTenant) -> None:
    for _ in range(5):
        tenant = make_tenant()
        other = create(client, tenant, "admin")
        pairs = [(other["id"], tenant.key), (tenant.key_id, {"X-API-Key": other["api_key"]})]

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda pair: revoke(client, *pair), pairs))

        left = [client.get("/admin/usage", headers=headers).status_code for _, headers in pairs]
        assert 200 in left


def update(client: httpx.Client, key_id: str, headers: dict[str, str], **changes: str | None) -> httpx.Response:
    return client.patch(f"/admin/api-keys/{key_id}", json=changes, headers=headers)


def test_relabelling_a_key_changes_nothing_else(client: httpx.Client, tenant: Tenant) -> None:
    made = client.post(
        "/admin/api-keys", json={"label": "job", "expires_at": "2999-01-01T00:00:00Z"}, headers=tenant.key
    ).json()
    (before, *_) = client.get("/admin/api-keys", headers=tenant.key).json()["items"]

    answer = update(client, made["id"], tenant.key, label="nightly job").json()

    assert answer == before | {"label": "nightly job"}
    assert client.get("/admin/api-keys", headers=tenant.key).json()["items"][0] == answer
    assert client.get("/auth/whoami", headers={"X-API-Key": made["api_key"]}).json()["label"] == "nightly job"


def test_a_new_expiry_takes_effect_on_the_next_request_and_can_be_removed(client: httpx.Client, tenant: Tenant) -> None:
    key = create(client, tenant)
    soon = datetime.now(UTC) + timedelta(seconds=1)
    answers = []

    for expires_at in (soon.isoformat(), None, "2999-01-01T00:00:00+23:59"):
        shown = update(client, key["id"], tenant.key, expires_at=expires_at).json()["expires_at"]
        if expires_at == soon.isoformat():
            time.sleep(max(0, (soon - datetime.now(UTC)).total_seconds() + 0.1))
        response = client.get("/cases", headers={"X-API-Key": key["api_key"]})
        answers.append((shown, response.status_code, response.json().get("type")))

    assert answers == [
        (soon.isoformat().replace("+00:00", "Z"), 401, "/problems/key-expired"),
        (None, 200, None),
        ("2998-12-31T00:01:00Z", 200, None),
    ]


@pytest.mark.parametrize("expires_at", ["2020-01-01T00:00:00Z", "now"])
def test_an_expiry_in_the_past_is_refused(client: httpx.Client, tenant: Tenant, expires_at: str) -> None:
    key = create(client, tenant)
    body = {"label": "late", "expires_at": datetime.now(UTC).isoformat() if expires_at == "now" else expires_at}
    before = client.get("/admin/api-keys", headers=tenant.key).json()

    answers = [
        client.post("/admin/api-keys", json=body, headers=tenant.key),
        client.patch(f"/admin/api-keys/{key['id']}", json=body, headers=tenant.key),
    ]

    assert [(answer.status_code, answer.json()["errors"][0]["pointer"]) for answer in answers] == [
        (422, "/expires_at")
    ] * 2
    after = client.get("/admin/api-keys", headers=tenant.key).json()
    assert [key["expires_at"] for key in after["items"]] == [key["expires_at"] for key in before["items"]]


def test_changing_the_expiry_does_not_restore_a_revoked_key(client: httpx.Client, tenant: Tenant) -> None:
    key = create(client, tenant)
    revoked_at = revoke(client, key["id"], tenant.key).json()["revoked_at"]

    assert update(client, key["id"], tenant.key, expires_at=None).json()["revoked_at"] == revoked_at

    refused = client.get("/cases", headers={"X-API-Key": key["api_key"]})
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/key-revoked")


def test_a_rotated_key_can_end_before_its_grace_period_but_not_later(client: httpx.Client, tenant: Tenant) -> None:
    successor = client.post("/auth/api-keys/rotate", json={"grace_seconds": 600}, headers=tenant.key).json()
    headers = {"X-API-Key": successor["api_key"]}

    for expires_at in (None, "2999-01-01T00:00:00Z"):
        refused = update(client, tenant.key_id, headers, expires_at=expires_at)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/key-already-rotated")
    assert update(client, tenant.key_id, headers, label="old").status_code == 200
    assert client.get("/auth/whoami", headers=tenant.key).json()["label"] == "old"

    soon = datetime.now(UTC) + timedelta(seconds=1)
    assert update(client, tenant.key_id, headers, expires_at=soon.isoformat()).status_code == 200
    time.sleep(max(0, (soon - datetime.now(UTC)).total_seconds() + 0.1))
    assert client.get("/auth/whoami", headers=tenant.key).status_code == 401


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({}, "", id="empty"),
        pytest.param({"role": "admin"}, "/role", id="role"),
        pytest.param({"label": None}, "/label", id="null-label"),
        pytest.param({"label": ""}, "/label", id="empty-label"),
        pytest.param({"expires_at": "tomorrow"}, "/expires_at", id="not-a-time"),
        pytest.param({"expires_at": "2026-02-30T00:00:00Z"}, "/expires_at", id="no-such-day"),
    ],
)
def test_an_invalid_change_of_a_key_is_refused(
    client: httpx.Client, tenant: Tenant, body: dict[str, Any], pointer: str
) -> None:
    response = client.patch(f"/admin/api-keys/{tenant.key_id}", json=body, headers=tenant.key)

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, pointer)


def test_the_list_of_keys_shows_their_last_use_and_no_secret(client: httpx.Client, tenant: Tenant) -> None:
    unused = create(client, tenant)

    response = client.get("/admin/api-keys", headers=tenant.key)

    by_id = {key["id"]: key for key in response.json()["items"]}
    assert by_id[unused["id"]]["last_used_at"] is None
    assert by_id[tenant.key_id]["last_used_at"] is not None
    assert "clin_" not in response.text


def test_a_key_shows_its_state_and_its_last_four_characters(
    client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    made = {name: create(client, tenant) for name in ("grace", "replaced", "revoked", "expired", "old")}
    for name, grace_seconds in (("grace", 600), ("replaced", 0)):
        headers = {"X-API-Key": made[name]["api_key"]}
        rotated = client.post("/auth/api-keys/rotate", json={"grace_seconds": grace_seconds}, headers=headers)
        made[f"successor of {name}"] = rotated.json()
    answers = [revoke(client, made["revoked"]["id"], tenant.key)]
    operator.execute("UPDATE api_keys SET expires_at = now() WHERE id = %s", [made["expired"]["id"]])
    operator.execute("UPDATE api_keys SET last_four = NULL WHERE id = %s", [made["old"]["id"]])
    answers.append(update(client, made["old"]["id"], tenant.key, label="older than the column"))

    listed = {key["id"]: key for key in client.get("/admin/api-keys", headers=tenant.key).json()["items"]}

    assert [answer.json() for answer in answers] == [listed[made[name]["id"]] for name in ("revoked", "old")]
    shown = {name: (listed[key["id"]]["state"], listed[key["id"]]["last_four"]) for name, key in made.items()}
    states = {
        "grace": "grace",
        "replaced": "revoked",
        "revoked": "revoked",
        "expired": "expired",
        "successor of grace": "live",
        "successor of replaced": "live",
    }
    assert shown == {"old": ("live", None)} | {name: (states[name], made[name]["api_key"][-4:]) for name in states}
    assert (listed[tenant.key_id]["state"], listed[tenant.key_id]["last_four"]) == ("live", tenant.api_key[-4:])


@pytest.mark.parametrize("kept", ["5char", "abc", "ab-c", ""])
def test_only_four_characters_of_a_key_can_be_stored(
    tenant: Tenant, operator: psycopg.Connection[Any], kept: str
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        operator.execute("UPDATE api_keys SET last_four = %s WHERE id = %s", [kept, tenant.key_id])


def test_the_list_of_keys_is_paged_newest_first(client: httpx.Client, tenant: Tenant) -> None:
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


def test_usage_matches_the_responses_received(client: httpx.Client, tenant: Tenant) -> None:
    never = "00000000-0000-4000-8000-000000000000"
    answers = [
        client.get("/cases", headers=tenant.key),
        client.get("/cases?limit=0", headers=tenant.key),
        client.post("/cases", json={"title": "x"}, headers=tenant.key),
        client.post("/cases", json={}, headers=tenant.key),
        client.post("/cases", content=b"x", headers=tenant.key),
        client.post("/cases", content=b" " * 2**21, headers=tenant.key | {"Content-Type": "application/json"}),
        client.get(f"/cases/{never}", headers=tenant.key),
        client.get("/cases", headers=tenant.key | {"Accept": "text/html"}),
        revoke(client, never, tenant.key),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 201, 400, 415, 413, 404, 406, 404]
    # Not metered: a public operation, an unknown path, a method that the path does not have, a refused key.
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


def test_a_user_key_works_after_a_refused_admin_call(client: httpx.Client, make_tenant: MakeTenant) -> None:
    tenant = make_tenant("user")
    assert client.get("/admin/usage", headers=tenant.key).status_code == 403
    assert client.get("/auth/whoami", headers=tenant.key).status_code == 200

    for _ in range(2):
        client.post("/cases", json={"title": "x"}, headers=tenant.key)

    rows = client.get("/cases", headers=tenant.key).json()["items"]
    assert len(rows) == 2


def test_two_admins_who_change_each_others_key_at_once_both_succeed(
    client: httpx.Client, make_tenant: MakeTenant
) -> None:
    for _ in range(5):
        tenant = make_tenant()
        other = create(client, tenant, "admin")
        pairs = [(other["id"], tenant.key), (tenant.key_id, {"X-API-Key": other["api_key"]})]

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda pair: update(client, *pair, label="changed"), pairs))

        assert [answer.status_code for answer in answers] == [200, 200]
