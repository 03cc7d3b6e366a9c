"""Rules of cases that no schema can state: periods, and keys of metadata."""

from typing import Any

import httpx
import pytest

from support.cases import CONSULTATION
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


def test_any_text_without_nul_is_a_key_of_metadata(client: httpx.Client, tenant: Tenant) -> None:
    """OpenAPI 3.0 has no schema for keys, so that there is no rule for them either."""
    metadata = {"": "empty", "k" * 10_000: "long", "\n": "control", "\U0001f600": "beyond the BMP"}

    case = create(client, tenant, metadata=metadata)
    changed = patch(client, tenant, case["id"], {"metadata": {"": None, "\x7f": "x"}})

    assert case["metadata"] == metadata
    del metadata[""]
    assert changed.json()["metadata"] == metadata | {"\x7f": "x"}


BACKWARDS = {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T09:59:59+01:00"}


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("period", BACKWARDS, "/period/end"),
        (
            "medications",
            [{"medication": CONSULTATION["medications"][0]["medication"], "effective": BACKWARDS}],
            "/medications/0/effective/end",
        ),
    ],
)
def test_a_period_that_ends_before_it_starts_is_refused(
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
