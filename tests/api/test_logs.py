"""What the log contains, and what it never contains."""

import json
from typing import Any

import httpx
import psycopg

from support.service import BOOTSTRAP_TOKEN, Service
from support.tenants import MakeTenant, Tenant


def test_a_request_is_logged_in_one_line_without_its_content(
    service: Service, client: httpx.Client, tenant: Tenant
) -> None:
    response = client.get("/cases/00000000-0000-4000-8000-000000000000?", headers=tenant.key)

    line = json.loads(service.line_of(response))

    expected = {
        "event": "request",
        "level": "info",
        "method": "GET",
        "path": "/cases/{case_id}",
        "status": 404,
        "tenant_id": tenant.id,
        "key_id": tenant.key_id,
        "request_id": response.headers["X-Request-Id"],
        "problem": "not-found",
    }
    assert line == expected | {name: line[name] for name in ("duration_ms", "timestamp")}
    assert list(line)[:3] == ["timestamp", "level", "event"]


def test_neither_keys_nor_tokens_nor_clinical_text_are_logged_or_stored_elsewhere(
    service: Service, client: httpx.Client, make_tenant: MakeTenant, operator: psycopg.Connection[Any]
) -> None:
    tenant = make_tenant()
    text = "Rhabdomyolysis after the marathon"
    created = client.post("/cases", json={"title": text, "plan": text}, headers=tenant.key)
    wrong = [
        client.post("/cases", json={"title": text, "plan": 1, text: text}, headers=tenant.key),
        client.get("/cases", params={"external_id": text}, headers=tenant.key),
        client.get(f"/{text}", headers=tenant.key),
        client.get("/auth/whoami", headers={"X-API-Key": tenant.api_key[:-1] + "_"}),
    ]
    rotated = client.post("/auth/api-keys/rotate", headers=tenant.key).json()
    issued = client.post("/admin/api-keys", json={"label": "x"}, headers={"X-API-Key": rotated["api_key"]}).json()
    secrets = [tenant.api_key, rotated["api_key"], issued["api_key"]]

    assert created.status_code == 201
    service.line_of(wrong[-1])
    log = service.log.read_text()
    for secret in [*secrets, *(key.rpartition("_")[2] for key in secrets), BOOTSTRAP_TOKEN, text]:
        assert secret not in log
    assert all(secret not in response.text for response in wrong for secret in secrets)
    tables = operator.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    for (table,) in tables:
        rows = str(operator.execute(f"SELECT * FROM {table}").fetchall())  # type: ignore[call-overload]
        assert all(secret not in rows for secret in secrets)
        assert table == "cases" or text not in rows
