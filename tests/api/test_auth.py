"""The caller's own key: rotation."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from support.tenants import MakeTenant, Tenant


def rotate(client: httpx.Client, key: str, grace_seconds: int | None = None) -> httpx.Response:
    headers = {"X-API-Key": key}
    if grace_seconds is None:
        return client.post("/auth/api-keys/rotate", headers=headers)
    return client.post("/auth/api-keys/rotate", headers=headers, json={"grace_seconds": grace_seconds})


def status(client: httpx.Client, key: str) -> int:
    return client.get("/auth/whoami", headers={"X-API-Key": key}).status_code


def test_rotation_ends_the_old_key_and_keeps_label_role_and_expiry(client: httpx.Client, tenant: Tenant) -> None:
    body = {"label": "job", "role": "user", "expires_at": "2999-01-01T00:00:00Z"}
    old = client.post("/admin/api-keys", json=body, headers=tenant.key).json()

    new = rotate(client, old["api_key"]).json()

    assert {name: new[name] for name in body} == body
    assert (status(client, old["api_key"]), status(client, new["api_key"])) == (401, 200)


@pytest.mark.parametrize("body", [b"null", b"{}"], ids=["null", "empty"])
def test_null_and_an_empty_object_mean_no_body(client: httpx.Client, tenant: Tenant, body: bytes) -> None:
    """Generated clients in Go and Java send null for an omitted optional body."""
    headers = tenant.key | {"Content-Type": "application/json"}

    answer = client.post("/auth/api-keys/rotate", headers=headers, content=body)

    assert answer.status_code == 201
    assert status(client, tenant.api_key) == 401


def test_ten_rotations_at_once_make_one_successor(client: httpx.Client, make_tenant: MakeTenant) -> None:
    tenant = make_tenant("user")

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: rotate(client, tenant.api_key), range(10)))

    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 9
    assert {answer.json()["type"] for answer in answers if answer.status_code == 401} == {"/problems/key-revoked"}


def test_a_key_in_its_grace_period_works_but_cannot_be_rotated_again(client: httpx.Client, tenant: Tenant) -> None:
    successor = rotate(client, tenant.api_key, 2)

    assert successor.status_code == 201
    assert status(client, tenant.api_key) == 200
    again = rotate(client, tenant.api_key, 600)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/key-already-rotated")
    time.sleep(2.1)
    assert client.get("/auth/whoami", headers=tenant.key).json()["type"] == "/problems/key-expired"


def test_the_grace_period_never_outlives_the_keys_expiry(client: httpx.Client, tenant: Tenant) -> None:
    ends = datetime.now(UTC) + timedelta(seconds=2)
    body = {"label": "short", "expires_at": ends.isoformat()}
    key = client.post("/admin/api-keys", json=body, headers=tenant.key).json()["api_key"]

    assert rotate(client, key, 604_800).status_code == 201

    time.sleep(2.1)
    assert status(client, key) == 401


def test_rotation_refuses_a_negative_grace_period_and_one_over_a_week(client: httpx.Client, tenant: Tenant) -> None:
    for grace_seconds in (-1, 604_801):
        assert rotate(client, tenant.api_key, grace_seconds).status_code == 400
    assert status(client, tenant.api_key) == 200
