"""A tenant with a row in every table."""

from typing import Any
from uuid import uuid4

import httpx
import psycopg
from psycopg import sql

from support.cases import CONSULTATION, SIGNING
from support.tenants import Tenant


def populate(client: httpx.Client, tenant: Tenant, marker: str, *, amendments: int = 0) -> str:
    """Create a row of the tenant in every table, with the marker in text columns. A new table needs a line here.

    Returns the id of a signed case with this number of amendments.
    """

    def post(path: str, body: Any) -> dict[str, Any]:
        headers = tenant.key | {"If-Match": "*", "Idempotency-Key": str(uuid4())}
        response = client.post(path, json=body, headers=headers)
        response.raise_for_status()
        return dict(response.json())

    key = post("/admin/api-keys", {"label": marker, "rate_limit_per_minute": 1000, "scopes": ["read"]})
    client.get("/cases", headers={"X-API-Key": key["api_key"]}).raise_for_status()
    body = CONSULTATION | {"title": marker, "reason": marker, "tags": [marker]}
    for external_id in (marker, f"{marker}-2"):
        case_id = post("/cases", body | {"external_id": external_id})["id"]
    post(f"/cases/{case_id}/finalize", SIGNING)
    for _ in range(amendments):
        post(f"/cases/{case_id}/amend", {"reason": marker})
        post(f"/cases/{case_id}/finalize", SIGNING)
        post(f"/cases/{case_id}/attest", SIGNING | {"meaning": "review"})
    # One field stays undisclosed without amendments, for tests that insert a new row.
    post(f"/cases/{case_id}/erase-subject", {"sections": ["plan", *(["history"] if not amendments else [])]})
    return str(case_id)


def total_up(superuser: psycopg.Connection[Any], tenant: Tenant, day: str) -> None:
    """Insert usage totals and outcomes of a day: the service itself writes them minutes later."""
    for table, column in (("usage_hourly", "hour"), ("usage_daily", "day")):
        superuser.execute(
            sql.SQL(
                "INSERT INTO {} (tenant_id, {}, endpoint, api_key_id, calls) VALUES (%s, %s, '/cases', %s, 1)"
            ).format(sql.Identifier(table), sql.Identifier(column)),
            [tenant.id, day, tenant.key_id],
        )
    superuser.execute(
        "INSERT INTO usage_outcomes (tenant_id, hour, outcome, calls) VALUES (%s, %s, '2xx', 1)", [tenant.id, day]
    )
    superuser.execute(
        "INSERT INTO usage_watermarks (tenant_id, closed_before) VALUES (%s, '2026-03-03') ON CONFLICT DO NOTHING",
        [tenant.id],
    )
