"""`GET /cases/{case_id}/document` in every status of a case."""

import base64
from typing import Any

import httpx

from support.cases import CONSULTATION, SIGNING, make_case
from support.fhir import assert_document, read, resources
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
