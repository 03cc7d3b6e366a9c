"""The cap on calls of free tenants."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest

from support.contract import CONTRACT
from support.tenants import MakeTenant, Tenant

LogCalls = Callable[[Tenant, int], None]


@pytest.mark.parametrize(
    ("billing_status", "earlier_calls", "status"),
    [
        pytest.param("free", 1000, 201, id="free-at-the-cap"),
        pytest.param("free", 1001, 402, id="free-over-the-cap"),
        pytest.param("paid", 1001, 201, id="paid-over-the-cap"),
    ],
)
def test_create_case_asks_for_payment_only_over_the_free_cap(
    client: httpx.Client,
    make_tenant: MakeTenant,
    log_calls: LogCalls,
    billing_status: str,
    earlier_calls: int,
    status: int,
) -> None:
    tenant = make_tenant(billing_status=billing_status)
    log_calls(tenant, earlier_calls)

    response = client.post("/cases", json={"title": "Migraine"}, headers=tenant.key)

    assert response.status_code == status, response.text


def test_the_402_shows_the_quota_and_is_counted(client: httpx.Client, tenant: Tenant, log_calls: LogCalls) -> None:
    log_calls(tenant, 1001)

    problem = client.post("/cases", json={"title": "x"}, headers=tenant.key).json()

    assert problem["type"] == "/problems/billing-cap-reached"
    assert (problem["limit"], problem["used"], problem["billing_status"]) == (1000, 1001, "free")
    assert client.get("/admin/usage", headers=tenant.key).json()["total_calls"] == 1003


def test_concurrent_creates_succeed_only_up_to_the_cap(
    client: httpx.Client, make_tenant: MakeTenant, log_calls: LogCalls
) -> None:
    tenant = make_tenant()
    log_calls(tenant, 991)

    def create(_: int) -> int:
        return client.post("/cases", json={"title": "x"}, headers=tenant.key).status_code

    with ThreadPoolExecutor(40) as pool:
        statuses = list(pool.map(create, range(40)))

    assert sorted(statuses) == [201] * 10 + [402] * 30
    assert len(client.get("/cases?limit=100", headers=tenant.key).json()["items"]) == 10


def test_only_operations_that_document_a_402_are_capped(
    client: httpx.Client, tenant: Tenant, log_calls: LogCalls
) -> None:
    log_calls(tenant, 1001)

    capped = {operation.id for operation in CONTRACT.operations if 402 in operation.statuses}
    assert capped == {"create_case", "import_document"}
    for path in ("/cases", "/auth/whoami", "/admin/api-keys", "/admin/usage"):
        assert client.get(path, headers=tenant.key).status_code == 200
    assert client.post("/admin/api-keys", json={"label": "x"}, headers=tenant.key).status_code == 201


def test_setting_billing_status_on_cases_lifts_the_cap(
    client: httpx.Client, tenant: Tenant, log_calls: LogCalls, operator: psycopg.Connection[Any]
) -> None:
    assert client.post("/cases", json={"title": "x"}, headers=tenant.key).status_code == 201
    log_calls(tenant, 1001)
    assert client.post("/cases", json={"title": "x"}, headers=tenant.key).status_code == 402

    changed = operator.execute("UPDATE cases SET billing_status = 'paid' WHERE tenant_id = %s", [tenant.id])

    assert changed.rowcount == 1
    assert client.post("/cases", json={"title": "x"}, headers=tenant.key).status_code == 201
    stamped = operator.execute("SELECT DISTINCT billing_status FROM cases WHERE tenant_id = %s", [tenant.id])
    assert stamped.fetchall() == [("paid",)]
