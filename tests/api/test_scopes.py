"""Keys that are limited to scopes: how they are made, shown, changed and rotated."""

from typing import Any, get_args

import httpx
import pytest

from clincore import cli
from clincore.db.queries import api_keys
from support.contract import CONTRACT
from support.tenants import Tenant

SCOPES = ["read", "write", "import", "sign", "export"]


def make_key(client: httpx.Client, tenant: Tenant, **body: Any) -> Tenant:
    made = client.post("/admin/api-keys", json={"label": "job", "role": "admin", **body}, headers=tenant.key)
    assert made.status_code == 201, made.text
    return Tenant(tenant.id, tenant.name, made.json()["api_key"], made.json()["id"])


def scopes_of(client: httpx.Client, key: Tenant) -> Any:
    return client.get("/auth/whoami", headers=key.key).json()["scopes"]


def test_the_scopes_of_a_key_are_shown_and_kept_by_its_successor(client: httpx.Client, tenant: Tenant) -> None:
    key = make_key(client, tenant, scopes=["write", "read"])

    changed = client.patch(f"/admin/api-keys/{key.key_id}", json={"label": "other"}, headers=tenant.key).json()
    rotated = client.post("/auth/api-keys/rotate", headers=key.key).json()

    listed = {item["id"]: item for item in client.get("/admin/api-keys", headers=tenant.key).json()["items"]}
    shown = [changed, rotated, listed[key.key_id], listed[rotated["id"]]]
    # In the contract's order.
    assert [each["scopes"] for each in shown] == [["read", "write"]] * 4
    assert scopes_of(client, Tenant(tenant.id, tenant.name, rotated["api_key"])) == ["read", "write"]


def test_a_key_without_scopes_is_not_limited(client: httpx.Client, tenant: Tenant) -> None:
    assert [
        scopes_of(client, key) for key in (tenant, make_key(client, tenant), make_key(client, tenant, scopes=None))
    ] == [None] * 3


def test_new_scopes_apply_from_the_next_request(client: httpx.Client, tenant: Tenant) -> None:
    key = make_key(client, tenant, scopes=["sign"])
    statuses = []

    for scopes in (["sign"], ["read"], None, ["export"]):
        changed = client.patch(f"/admin/api-keys/{key.key_id}", json={"scopes": scopes}, headers=tenant.key)
        assert (changed.status_code, changed.json()["scopes"]) == (200, scopes)
        statuses.append(client.get("/cases", headers=key.key).status_code)

    assert statuses == [403, 200, 200, 403]


@pytest.mark.parametrize("scopes", [[], ["read", "read"], ["Read"], ["admin"], "read", [None]], ids=str)
def test_scopes_that_the_contract_does_not_know_are_refused(client: httpx.Client, tenant: Tenant, scopes: Any) -> None:
    made = client.post("/admin/api-keys", json={"label": "job", "scopes": scopes}, headers=tenant.key)
    changed = client.patch(f"/admin/api-keys/{tenant.key_id}", json={"scopes": scopes}, headers=tenant.key)

    assert (made.status_code, changed.status_code) == (400, 400)


def test_all_scopes_of_the_contract_can_be_given(client: httpx.Client, tenant: Tenant) -> None:
    assert CONTRACT.document["components"]["schemas"]["KeyScope"]["enum"] == SCOPES
    assert [*cli.keys.Scope] == [*get_args(api_keys.Scope)] == SCOPES
    assert scopes_of(client, make_key(client, tenant, scopes=SCOPES[::-1])) == SCOPES


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        pytest.param({"scopes": ["write"]}, None, id="fewer"),
        pytest.param({"scopes": ["read", "write"]}, None, id="the-same"),
        pytest.param({"scopes": ["write", "sign"]}, 403, id="another"),
        pytest.param({"scopes": None}, 403, id="no-limit"),
        pytest.param({}, 403, id="no-limit-by-default"),
    ],
)
def test_a_limited_key_gives_only_scopes_that_it_has(
    client: httpx.Client, tenant: Tenant, scopes: dict[str, Any], status: int | None
) -> None:
    limited, other = make_key(client, tenant, scopes=["read", "write"]), make_key(client, tenant, scopes=["export"])
    before = client.get("/admin/api-keys", headers=tenant.key).json()

    made = client.post("/admin/api-keys", json={"label": "job", **scopes}, headers=limited.key)
    own, others = (
        client.patch(f"/admin/api-keys/{key.key_id}", json={"label": "job", **scopes}, headers=limited.key)
        for key in (limited, other)
    )

    if status is None:
        assert (made.status_code, own.status_code, others.status_code) == (201, 200, 200)
        return
    # A change of the label alone gives no scopes.
    expected = [status] * 3 if scopes else [status, 200, 200]
    assert [answer.status_code for answer in (made, own, others)] == expected
    assert made.json()["type"] == "/problems/scope-required"
    now = client.get("/admin/api-keys", headers=tenant.key).json()
    assert [item["scopes"] for item in now["items"]] == [item["scopes"] for item in before["items"]]
