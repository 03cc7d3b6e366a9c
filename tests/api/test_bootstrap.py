"""Creating a tenant with its first key."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from support.database import Database
from support.service import BOOTSTRAP_TOKEN, Service, checked_client, serve

AUTHORIZED = {"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}


def provision(client: httpx.Client, name: str, **fields: str) -> httpx.Response:
    return client.post("/bootstrap", json={"tenant_name": name} | fields, headers=AUTHORIZED)


def test_bootstrap_answers_as_in_the_runbook(client: httpx.Client) -> None:
    name = f"org-{uuid4()}"

    response = provision(client, name)

    assert response.status_code == 201
    assert response.json()["message"] == f"Tenant '{name}' provisioned."
    caller = client.get("/auth/whoami", headers={"X-API-Key": response.json()["api_key"]}).json()
    assert caller["tenant_id"] == response.json()["tenant_id"]
    assert (caller["tenant_name"], caller["label"], caller["role"]) == (name, f"bootstrap-{name}", "user")


def test_bootstrap_creates_an_admin_key_on_request(client: httpx.Client) -> None:
    key = provision(client, f"org-{uuid4()}", role="admin").json()["api_key"]

    assert client.get("/admin/usage", headers={"X-API-Key": key}).status_code == 200


def test_twenty_concurrent_bootstraps_of_one_name_create_one_tenant(
    client: httpx.Client, operator: psycopg.Connection[Any]
) -> None:
    name = f"org-{uuid4()}"

    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(lambda _: provision(client, name).status_code, range(20)))

    assert statuses == [201] + [409] * 19
    assert operator.execute("SELECT count(*) FROM tenants WHERE name = %s", [name]).fetchone() == (1,)


def test_names_that_differ_only_in_unicode_form_are_one_name(client: httpx.Client) -> None:
    tail = uuid4().hex
    composed, decomposed = f"Caf\u00e9 \u212b \ud55c {tail}", f"Cafe\u0301 A\u030a \u1112\u1161\u11ab {tail}"

    first, second = provision(client, decomposed), provision(client, composed)

    assert (first.status_code, second.status_code) == (201, 409)
    shown = client.get("/auth/whoami", headers={"X-API-Key": first.json()["api_key"]}).json()
    assert shown["tenant_name"] == unicodedata.normalize("NFC", decomposed)


@pytest.mark.parametrize("name", ["", " a", "a ", "a\u0000b", "a\u200bb", "\u202eabc", "a\nb", "\ufeffa", "x" * 201])
def test_bootstrap_refuses_empty_overlong_and_deceptive_names(client: httpx.Client, name: str) -> None:
    assert provision(client, name).status_code == 400


@pytest.mark.parametrize("name", ["a\U000e0041", "\u0958" * 101])
def test_bootstrap_refuses_names_that_match_the_schema_but_are_invalid_in_nfc(client: httpx.Client, name: str) -> None:
    refused = provision(client, name)

    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/tenant-name-invalid")


def test_bootstrap_is_disabled_without_a_token(database: Database, folder: Any) -> None:
    with serve(database, folder, BOOTSTRAP_TOKEN="") as service, checked_client(service.url) as client:
        response = provision(client, f"org-{uuid4()}")

    assert response.status_code == 503
    assert response.json()["type"] == "/problems/bootstrap-disabled"


def test_bootstrap_reveals_nothing_to_a_wrong_token(service: Service, client: httpx.Client) -> None:
    for token in ("wrong", BOOTSTRAP_TOKEN + "x", "ü"):
        headers = {"Authorization": f"Bearer {token}".encode()}
        response = client.post("/bootstrap", json={"tenant_name": "a"}, headers=headers)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert BOOTSTRAP_TOKEN not in response.text
