"""Rules for cases that no schema can state: periods, metadata keys, external ids of active cases."""

import unicodedata
from typing import Any

import httpx
import pytest

from support.lifecycle import NewCase
from support.tenants import Tenant

Json = dict[str, Any]


def create(client: httpx.Client, tenant: Tenant, **more: Any) -> Json:
    response = client.post("/cases", json={"title": "Migraine", **more}, headers=tenant.key)
    assert response.status_code == 201, response.text
    case: Json = response.json()
    return case


def patch(client: httpx.Client, tenant: Tenant, case_id: str, body: Json) -> httpx.Response:
    headers = tenant.key | {"Content-Type": "application/merge-patch+json", "If-Match": "*"}
    return client.patch(f"/cases/{case_id}", json=body, headers=headers)


def ids(client: httpx.Client, tenant: Tenant, **filters: str) -> list[str]:
    response = client.get("/cases", params=filters, headers=tenant.key)
    assert response.status_code == 200, response.text
    return [case["id"] for case in response.json()["items"]]


def test_metadata_keys_can_be_any_text_without_nul(client: httpx.Client, tenant: Tenant) -> None:
    """OpenAPI 3.0 has no schema for keys, so there is no rule for them."""
    metadata = {"": "empty", "k" * 10_000: "long", "\n": "control", "\U0001f600": "beyond the BMP"}

    case = create(client, tenant, metadata=metadata)
    changed = patch(client, tenant, case["id"], {"metadata": {"": None, "\x7f": "x"}})

    assert case["metadata"] == metadata
    del metadata[""]
    assert changed.json()["metadata"] == metadata | {"\x7f": "x"}


BACKWARDS = {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T09:59:59+01:00"}


CODE = {"text": "x"}
MG = {"system": "http://unitsofmeasure.org", "code": "mg"}


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("period", BACKWARDS, "/period/end"),
        ("encounter", {"period": {"start": "2019", "end": "2018-12"}}, "/encounter/period/end"),
        (
            "subject",
            {"identifiers": [{"system": "a:b", "value": "1"}], "birth_date": "2019-02-30"},
            "/subject/birth_date",
        ),
        ("conditions", [{"code": CODE, "onset": {"date_time": "2019-02-30"}}], "/conditions/0/onset/date_time"),
        (
            "observations",
            [{"code": CODE, "value": {"quantity": {"value": "1", "code": "mg"}}}],
            "/observations/0/value/quantity/system",
        ),
        (
            "observations",
            [{"code": CODE, "value": {"quantity": {"value": "1", **MG, "code": "mg per day"}}}],
            "/observations/0/value/quantity/code",
        ),
        (
            "observations",
            [{"code": CODE, "value": {"boolean": True}, "data_absent_reason": CODE}],
            "/observations/0/data_absent_reason",
        ),
        ("observations", [{"code": CODE, "id": "a"}] * 2, "/observations/1/id"),
        ("medications", [{"kind": "request", "medication": CODE, "status": "intended"}], "/medications/0/status"),
        ("diagnostic_reports", [{"code": CODE, "results": ["a"]}], "/diagnostic_reports/0/results/0"),
    ],
)
def test_a_case_that_breaks_a_rule_is_refused_when_it_is_created_or_changed(
    client: httpx.Client, tenant: Tenant, field: str, value: Any, pointer: str
) -> None:
    case = create(client, tenant)

    refused = [
        client.post("/cases", json={"title": "x", field: value}, headers=tenant.key),
        patch(client, tenant, case["id"], {field: value}),
    ]

    for answer in refused:
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/case-invalid")
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert client.get(f"/cases/{case['id']}", headers=tenant.key).json() == case
    moment = {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T10:00:00+01:00"}
    assert patch(client, tenant, case["id"], {"period": moment}).status_code == 200


@pytest.mark.parametrize("state", ["cancelled", "entered_in_error"])
def test_an_external_id_is_free_again_when_its_case_is_cancelled_or_voided(
    client: httpx.Client, tenant: Tenant, new_case: NewCase, state: str
) -> None:
    ended = new_case(external_id="encounter-1").reach(state)
    key = ended.tenant.key

    again = client.post("/cases", json={"title": "x", "external_id": "encounter-1"}, headers=key)
    taken = client.post("/cases", json={"title": "x", "external_id": "encounter-1"}, headers=key)
    other = create(client, ended.tenant)

    assert (again.status_code, taken.status_code) == (201, 409)
    assert patch(client, ended.tenant, other["id"], {"external_id": "encounter-1"}).status_code == 409
    # The active case; the ended one only with its status.
    assert ids(client, ended.tenant, external_id="encounter-1") == [again.json()["id"]]
    assert ids(client, ended.tenant, external_id="encounter-1", status="draft") == [again.json()["id"]]
    assert ids(client, ended.tenant, external_id="encounter-1", status=state) == [ended.id]
    assert ended.show()["external_id"] == "encounter-1"


def test_a_draft_can_take_the_external_id_of_a_cancelled_case(client: httpx.Client, new_case: NewCase) -> None:
    ended = new_case(external_id="encounter-1").reach("cancelled")
    case = create(client, ended.tenant)

    changed = patch(client, ended.tenant, case["id"], {"external_id": "encounter-1"})

    assert (changed.status_code, changed.json()["external_id"]) == (200, "encounter-1")


def test_an_external_id_that_is_too_long_after_normalization_is_refused(client: httpx.Client, tenant: Tenant) -> None:
    too_long = {"external_id": "\u0958" * 100}
    other = create(client, tenant)

    refused = [
        client.post("/cases", json={"title": "x"} | too_long, headers=tenant.key),
        patch(client, tenant, other["id"], too_long),
    ]

    assert [(one.status_code, one.json()["errors"][0]["pointer"]) for one in refused] == [(422, "/external_id")] * 2


@pytest.mark.parametrize("state", ["final", "amending", "amended"])
def test_a_signed_case_keeps_its_external_id(client: httpx.Client, new_case: NewCase, state: str) -> None:
    case = new_case(external_id="encounter-1").reach(state)

    taken = client.post("/cases", json={"title": "x", "external_id": "encounter-1"}, headers=case.tenant.key)

    assert taken.status_code == 409


def test_external_ids_that_differ_only_in_unicode_form_are_equal(client: httpx.Client, tenant: Tenant) -> None:
    composed, decomposed = "Caf\u00e9 \u212b", "Cafe\u0301 A\u030a"
    normal = unicodedata.normalize("NFC", composed)

    case = create(client, tenant, external_id=decomposed)
    other = create(client, tenant)

    assert case["external_id"] == normal
    assert ids(client, tenant, external_id=composed) == ids(client, tenant, external_id=decomposed) == [case["id"]]
    taken = client.post("/cases", json={"title": "x", "external_id": composed}, headers=tenant.key)
    assert taken.status_code == 409
    assert patch(client, tenant, other["id"], {"external_id": composed}).status_code == 409
    # Sending the stored id is not a change, even of a signed case.
    assert patch(client, tenant, case["id"], {"external_id": decomposed}).json()["external_id"] == normal
