"""`GET /cases/{case_id}/document` in every status of a case, in each form and size."""

import asyncio
import base64
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.bundle import Bundle

from clincore.handlers.case_document import HERE_BYTES_MAX, HERE_MEMBERS_MAX, IDENTIFIER_SYSTEM
from clincore.records.fhir import document as fhir
from clincore.verifier import NoAnswer, Verifier
from support.application import application
from support.cases import CONSULTATION, SIGNING, make_case
from support.fhir import assert_document, read, resources, violations
from support.service import Service
from support.tenants import Tenant

Json = dict[str, Any]

REVIEW = {"signer": {"name": "Prof. Karl Muster"}, "meaning": "review"}


def document(client: httpx.Client, tenant: Tenant, case_id: str) -> httpx.Response:
    response = client.get(f"/cases/{case_id}/document", headers=tenant.key)
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "application/fhir+json"
    return response


def shown(client: httpx.Client, tenant: Tenant, path: str) -> Json:
    answer: Json = client.get(f"/cases/{path}", headers=tenant.key).json()
    return answer


def act(client: httpx.Client, tenant: Tenant, case_id: str, action: str, body: Json | None = None) -> None:
    given: Json = {} if body is None else {"json": body}
    answer = client.post(f"/cases/{case_id}/{action}", headers=tenant.key | {"If-Match": "*"}, **given)
    assert answer.status_code == 200, answer.text


def jws_of(signature: Json) -> str:
    return base64.b64decode(signature["data"]).decode()


def test_the_document_shows_the_signed_revision_with_all_signatures(client: httpx.Client, tenant: Tenant) -> None:
    case_id = make_case(client, tenant.key, is_signed=True)
    before = document(client, tenant, case_id).content
    headers = tenant.key | {"If-Match": "*", "Content-Type": "application/merge-patch+json"}
    act(client, tenant, case_id, "amend", {"reason": "x"})
    assert client.patch(f"/cases/{case_id}", json={"title": "Cluster"}, headers=headers).status_code == 200

    # The document does not show an unsigned amendment.
    assert document(client, tenant, case_id).content == before

    act(client, tenant, case_id, "finalize", SIGNING)
    act(client, tenant, case_id, "attest", REVIEW)
    amended = document(client, tenant, case_id)
    assert_document(amended.content, shown(client, tenant, case_id))
    bundle = read(amended.content)
    composition = bundle["entry"][0]["resource"]
    assert (composition["title"], composition["status"]) == ("Cluster", "amended")
    listed = shown(client, tenant, f"{case_id}/revisions/2")["signatures"]
    found = [bundle["signature"], *(one["signature"][0] for one in resources(bundle, "Provenance"))]
    assert [jws_of(signature) for signature in found] == [one["jws"] for one in listed]
    assert document(client, tenant, case_id).content == amended.content


def test_the_document_is_valid_in_every_status(client: httpx.Client, tenant: Tenant) -> None:
    smallest = client.post("/cases", json={"title": "x"}, headers=tenant.key).json()["id"]
    words = ("P-10082", "Ada Example", "1984-03-12", CONSULTATION["plan"])
    cancelled, erased, void = (make_case(client, tenant.key, is_signed=number > 0) for number in range(3))
    wildcard = tenant.key | {"If-Match": "*"}
    assert client.delete(f"/cases/{cancelled}", headers=wildcard).status_code == 200
    for case_id in (erased, void):
        assert all(word in document(client, tenant, case_id).text for word in words)
    act(client, tenant, erased, "erase-subject", {"sections": ["plan", "history"]})
    act(client, tenant, void, "void", {"reason": "x"} | SIGNING)
    act(client, tenant, void, "erase-subject")

    statuses = {}
    for name, case_id in (("smallest", smallest), ("cancelled", cancelled), ("erased", erased), ("void", void)):
        answer = document(client, tenant, case_id)
        assert_document(answer.content, shown(client, tenant, case_id))
        statuses[name] = read(answer.content)["entry"][0]["resource"]["status"]
        if name in ("erased", "void"):
            assert not any(word in answer.text for word in words)
    assert statuses == {
        "smallest": "preliminary",
        "cancelled": "entered-in-error",
        "erased": "final",
        "void": "entered-in-error",
    }


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_case_is_served_as_its_document_to_clients_of_fhir(
    client: httpx.Client, tenant: Tenant, is_signed: bool
) -> None:
    case_id = make_case(client, tenant.key, is_signed=is_signed)
    one = document(client, tenant, case_id)

    fhir_key = tenant.key | {"Accept": "application/fhir+json"}
    other = client.get(f"/cases/{case_id}", headers=fhir_key)

    assert other.headers["Content-Type"] == "application/fhir+json"
    assert (other.content, other.headers["ETag"]) == (one.content, one.headers["ETag"])
    known = client.get(f"/cases/{case_id}", headers=fhir_key | {"If-None-Match": one.headers["ETag"]})
    assert known.status_code == 304
    assert client.get(f"/cases/{case_id}", headers=tenant.key).headers["Content-Type"] == "application/json"


def test_a_patient_summary_is_another_document_of_the_same_case(client: httpx.Client, tenant: Tenant) -> None:
    case_id = make_case(client, tenant.key, is_signed=True)
    plain = document(client, tenant, case_id)
    summary = client.get(f"/cases/{case_id}/document", params={"profile": "ips"}, headers=tenant.key)

    assert summary.status_code == 200
    Bundle.model_validate_json(summary.content)
    assert list(violations(read(summary.content))) == []
    assert read(summary.content)["entry"][0]["resource"]["type"]["coding"][0]["code"] == "60591-5"
    assert read(summary.content)["identifier"] != read(plain.content)["identifier"]
    assert summary.headers["ETag"] != plain.headers["ETag"]
    unknown = client.get(f"/cases/{case_id}/document", params={"profile": "eps"}, headers=tenant.key)
    assert unknown.status_code == 400


LARGE = {**CONSULTATION, **dict.fromkeys(("reason", "history", "assessment", "plan"), "x" * 20_000)}


MANY = {**CONSULTATION, "observations": [{"id": f"o.{n}", "code": {"text": "x"}} for n in range(HERE_MEMBERS_MAX // 2)]}
MANY["diagnostic_reports"] = [{"code": {"text": "x"}, "results": ["o.0"]}]


@pytest.mark.parametrize(
    ("body", "is_signed"),
    [
        pytest.param(LARGE, False, id="long-texts"),
        pytest.param(LARGE, True, id="long-texts-signed"),
        pytest.param(MANY, False, id="many-values"),
    ],
)
def test_a_large_document_is_made_as_a_small_one_is(
    client: httpx.Client, tenant: Tenant, body: Json, is_signed: bool
) -> None:
    assert len(LARGE["plan"]) * 4 > HERE_BYTES_MAX
    created = client.post("/cases", json=body, headers=tenant.key)
    case_id = created.json()["id"]
    shown_case, signatures = created.json(), []
    if is_signed:
        act(client, tenant, case_id, "finalize", SIGNING)
        revision = shown(client, tenant, f"{case_id}/revisions/1")
        shown_case = shown(client, tenant, case_id) | {"updated_at": revision["created_at"]}
        signatures = revision["signatures"]
    content = document(client, tenant, case_id).content

    assert_document(content, shown_case)
    made = fhir.document(shown_case, identifier_system=IDENTIFIER_SYSTEM, signatures=signatures)
    assert content == fhir.as_json(made)


def test_an_interrupted_large_document_can_be_asked_for_again(
    client: httpx.Client, service: Service, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = client.post("/cases", json=LARGE, headers=tenant.key).json()["id"]

    async def call(*arguments: Any) -> Any:
        raise NoAnswer

    async def ask() -> list[httpx.Response]:
        async with application(service.database.url, key=tenant.key) as inner:
            with monkeypatch.context() as patched:
                patched.setattr(Verifier, "call", call)
                interrupted = await inner.get(f"/cases/{case_id}/document")
            return [interrupted, await inner.get(f"/cases/{case_id}/document")]

    interrupted, again = asyncio.run(ask())

    assert (interrupted.status_code, again.status_code) == (503, 200)
    assert interrupted.json()["detail"] == "Making the document was interrupted. Try again."
