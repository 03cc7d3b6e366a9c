"""Verification finds and names every change that a superuser makes directly in the database."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb

from support.cases import CONSULTATION, SIGNING
from support.database import Database
from support.forgeries import FORGERIES, Forger
from support.service import Service
from support.tenants import MakeTenant, Tenant

Json = dict[str, Any]

NOT_DISCLOSED = {"external_id", "title", "type", "period", "tags", "metadata", "plan"}
"""The fields that are signed in plain text, and the one that the tampered case lacks."""
APPROVAL = SIGNING | {"meaning": "approval"}
REVIEW = SIGNING | {"meaning": "review"}


@pytest.fixture(scope="module")
def tampered(
    client: httpx.Client, make_tenant: MakeTenant, database: Database
) -> Iterator[Callable[[], tuple[Tenant, Forger]]]:
    """Makes a case to tamper with. The public keys are restored at the end."""
    with database.as_superuser() as connection:
        keys = connection.execute("SELECT kid, jwk FROM signing_keys").fetchall()

        without_plan = {name: value for name, value in CONSULTATION.items() if name != "plan"}

        def act(tenant: Tenant, case_id: str, action: str, body: Json) -> None:
            answer = client.post(f"/cases/{case_id}/{action}", json=body, headers=tenant.key | {"If-Match": "*"})
            assert answer.status_code == 200, answer.text

        def make_final(tenant: Tenant) -> str:
            case_id = str(client.post("/cases", json=without_plan, headers=tenant.key).json()["id"])
            act(tenant, case_id, "finalize", SIGNING)
            return case_id

        other = make_final(make_tenant())

        def make() -> tuple[Tenant, Forger]:
            tenant = make_tenant()
            case_id = make_final(tenant)
            for signings in ((SIGNING, REVIEW, APPROVAL), (SIGNING,)):
                act(tenant, case_id, "amend", {"reason": "x"})
                act(tenant, case_id, "finalize", signings[0])
                for signing in signings[1:]:
                    act(tenant, case_id, "attest", signing)
            return tenant, Forger(connection, case_id, other)

        yield make
        restore_keys(connection, keys)


def restore_keys(connection: psycopg.Connection[Any], keys: list[Any]) -> None:
    for kid, jwk in keys:
        connection.execute(
            "INSERT INTO signing_keys (kid, jwk) VALUES (%s, %s) ON CONFLICT (kid) DO UPDATE SET jwk = excluded.jwk",
            [kid, Jsonb(jwk)],
        )


@pytest.fixture
def kept_keys(database: Database) -> Iterator[None]:
    """Restores the public keys after the test."""
    with database.as_superuser() as connection:
        keys = connection.execute("SELECT kid, jwk FROM signing_keys").fetchall()
        yield
        restore_keys(connection, keys)


def replay(client: httpx.Client, tenant: Tenant, case_id: str) -> Json:
    response = client.post(f"/cases/{case_id}/verify-replay", headers=tenant.key)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


def failed(checks: list[Json]) -> dict[str, str]:
    return {check["check"]: check["detail"] for check in checks if not check["passed"]}


def test_an_unchanged_case_is_valid(client: httpx.Client, tampered: Any) -> None:
    tenant, forger = tampered()

    answer = replay(client, tenant, forger.case_id)

    assert answer["valid"] and failed(answer["checks"]) == {}
    assert [one["revision"] for one in answer["revisions"]] == [1, 2, 3]
    assert {check["check"] for check in answer["revisions"][1]["checks"]} == {
        *("canonical", "sha256", "identity"),
        *(f"{what} {number}" for number in (1, 2, 3) for what in ("signature", "key life", "signer")),
        *(f"disclosure {name}" for name in CONSULTATION if name not in NOT_DISCLOSED),
    }


@pytest.mark.parametrize("forgery", FORGERIES)
def test_tampering_fails_the_check_that_names_it(
    client: httpx.Client, service: Service, tampered: Any, kept_keys: None, forgery: str
) -> None:
    forge, revision, check, word = FORGERIES[forgery]
    tenant, forger = tampered()

    forge(forger)

    answer = replay(client, tenant, forger.case_id)
    assert not answer["valid"]
    by_number = {one["revision"]: one for one in answer["revisions"]}
    checks = by_number[revision]["checks"] if revision else answer["checks"]
    assert check in failed(checks), failed(checks)
    assert word in failed(checks)[check], failed(checks)
    # The answer contains no clinical text.
    for text in ("Ada", "P-10082", "Throbbing"):
        assert text not in json.dumps(answer)
    # Verification without a key gives the same result.
    with httpx.Client(base_url=service.url) as other:
        for number in by_number:
            exported = other.get(f"/cases/{forger.case_id}/revisions/{number}", headers=tenant.key)
            if exported.status_code == 200:
                headers = {"Content-Type": "application/json"}
                verified = other.post("/verify", content=exported.content, headers=headers)
                if verified.status_code == 200:
                    assert verified.json() == {name: by_number[number][name] for name in ("valid", "checks", "erased")}
                else:
                    assert verified.status_code == 400 and not by_number[number]["valid"]


def test_verify_without_a_key_agrees_with_verify_replay(client: httpx.Client, tampered: Any) -> None:
    tenant, forger = tampered()
    replayed = replay(client, tenant, forger.case_id)["revisions"]

    for one in replayed:
        exported = client.get(f"/cases/{forger.case_id}/revisions/{one['revision']}", headers=tenant.key)
        answer = client.post("/verify", json=exported.json())
        assert answer.status_code == 200
        assert answer.json() == {name: one[name] for name in ("valid", "checks", "erased")}
        assert answer.json()["valid"]


def test_verify_accepts_times_cut_to_milliseconds(client: httpx.Client, tampered: Any) -> None:
    """A JavaScript Date keeps only milliseconds."""
    tenant, forger = tampered()
    exported = client.get(f"/cases/{forger.case_id}/revisions/2", headers=tenant.key).json()
    exported["created_at"] = exported["created_at"][:23] + "Z"
    for one in exported["signatures"]:
        one["signed_at"] = one["signed_at"][:23] + "Z"

    answer = client.post("/verify", json=exported)

    assert answer.json()["valid"], answer.text


def test_an_unsigned_draft_fails_verification(client: httpx.Client, tenant: Tenant) -> None:
    case_id = client.post("/cases", json={"title": "Migraine"}, headers=tenant.key).json()["id"]

    answer = replay(client, tenant, case_id)

    assert (answer["valid"], list(failed(answer["checks"])), answer["revisions"]) == (False, ["signed"], [])


def test_verification_misses_a_removed_last_signature_and_only_the_owner_can_remove_it(
    client: httpx.Client, tampered: Any, database: Database
) -> None:
    """docs/verify.md documents this limit."""
    tenant, forger = tampered()
    last = "DELETE FROM signatures WHERE case_id = %s AND revision = 2 AND number = 3"

    with database.as_app() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(last, [forger.case_id])
    with database.as_owner() as connection:
        assert connection.execute(last, [forger.case_id]).rowcount == 1
    signer = "DELETE FROM case_disclosures WHERE case_id = %s AND revision = 2 AND name = 'signer_3'"
    assert failed(replay(client, tenant, forger.case_id)["revisions"][1]["checks"]) == {
        "disclosure signer_3": "The signed text has no digest for it."
    }
    with database.as_owner() as connection:
        assert connection.execute(signer, [forger.case_id]).rowcount == 1

    answer = replay(client, tenant, forger.case_id)
    assert answer["valid"]
    assert "signature 3" not in {check["check"] for check in answer["revisions"][1]["checks"]}
