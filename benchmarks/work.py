"""The workloads: a case of 1 KB, the requests with it, and the same work as a pgbench script."""

import hashlib
import json
import re
from typing import Any

import orjson

from benchmarks.harness import Request, Tenant
from clincore.db.queries import access_log, case_lists, cases
from clincore.db.statements import Statement
from clincore.handlers.case_json import DEFAULT_TYPE
from clincore.records import drafts

# 1 KB of JSON.
BODY: dict[str, Any] = {
    "title": "Consultation for migraine",
    "subject": {
        "identifiers": [{"system": "urn:oid:1.2.36.146.595.217.0.1", "value": "P-10082"}],
        "name": "Ada Example",
        "birth_date": "1984-03-12",
        "gender": "female",
    },
    "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist"},
    "period": {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T09:25:00Z"},
    "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.",
    "assessment": "Migraine with aura, no red flags. " + "Examined as usual. " * 7,
    "conditions": [
        {
            "code": {
                "coding": [{"system": "http://snomed.info/sct", "code": "4473006", "display": "Migraine with aura"}]
            },
            "clinical_status": "active",
        }
    ],
    "observations": [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"}]},
            "status": "final",
            "effective": {"date_time": "2026-03-02T09:05:00Z"},
            "value": {
                "quantity": {
                    "value": "72",
                    "unit": "beats/min",
                    "system": "http://unitsofmeasure.org",
                    "code": "/min",
                }
            },
        }
    ],
    "metadata": {"ward": "outpatients"},
}
CONTENT = {"type": DEFAULT_TYPE, **BODY}
GIVEN = {"content": orjson.dumps(drafts.to_store(CONTENT)).decode(), **cases.search_columns(CONTENT)._asdict()}
"""The parts of its body that a POST writes, as pgbench's variables."""


def request(tenant: Tenant, work: str) -> Request:
    """One request of a workload."""
    match work:
        case "health":
            return Request("/health")
        case "get":
            return Request(f"/cases/{tenant.case_id}", tenant.key)
        case "list":
            return Request("/cases?limit=50", tenant.key)
        case _:
            return Request("/cases", {**tenant.key, "Content-Type": "application/json"}, json.dumps(BODY))


def mixed(tenant: Tenant) -> list[Request]:
    """Requests of each kind: reads, a write, an invalid body, an unknown key, an unknown path."""
    typed = {**tenant.key, "Content-Type": "application/json"}
    return [
        Request(f"/cases/{tenant.case_id}", tenant.key),
        Request("/cases", typed, json.dumps(BODY)),
        Request("/cases?limit=20", tenant.key),
        Request("/cases", typed, '{"titel": 1}'),
        Request("/auth/whoami", {"X-API-Key": tenant.api_key[:-1]}),
        Request("/unknown"),
        Request("/health"),
    ]


def script(tenant: Tenant, work: str) -> str:
    """The same work as one pipelined transaction: what PostgreSQL can do without a service in front of it.

    The statements of the work are those of the service; key check, cap and event are what `admit()` does for each
    request. The service uses one transaction for the work, and one for all requests that are admitted together.
    """
    key_hash = hashlib.sha256(tenant.api_key.encode()).hexdigest()
    tenant_id, key_id, new = f"'{tenant.id}'", f"'{tenant.key_id}'", "gen_random_uuid()"
    # The id that both statements of a POST use, built from two random halves.
    halves = ("high", "low") if work == "post" else ()
    made = "(to_hex(:high::bigint) || to_hex(:low::bigint))::uuid"
    access = {"tenant_id": tenant_id, "id": new, "key_id": key_id, "key_label": "'benchmark'", "request_id": new}
    method, endpoint = "POST" if work == "post" else "GET", "/cases"
    if work == "get":
        endpoint, of_case = "/cases/{case_id}", f"'{tenant.case_id}'"
        statements = [
            _inlined(access_log.INSERT_FOR_CASE, case_id=of_case, operation="'get_case'", **access),
            _inlined(cases.FIND, tenant_id=tenant_id, case_id=of_case),
        ]
    elif work == "post":
        given = {"tenant_id": tenant_id, "case_id": made} | {name: f":{name}" for name in GIVEN}
        given |= {"external_id": "NULL", "source_sha256": "NULL", "required_scope": "'write'"}
        statements = [
            # The check of the free cap, which a paid tenant passes.
            f"SELECT FROM tenants WHERE id = {tenant_id} AND billing_status = 'paid';",
            _inlined(cases.INSERT, billing_status="'paid'", created_by=key_id, **given),
            _inlined(access_log.INSERT_FOR_CASE, case_id=made, operation="'create_case'", **access),
        ]
    else:
        statements = [
            _inlined(case_lists.page_with(frozenset()), tenant_id=tenant_id, limit="51"),
            _inlined(access_log.INSERT_FOR_LIST, operation="'list_cases'", filter="'{}'", count="50", **access),
        ]
    return "\n".join(
        [
            *(f"\\set {half} random(1152921504606846976, 9223372036854775807)" for half in halves),
            "\\startpipeline",
            "BEGIN;",
            f"SET LOCAL app.tenant_id = {tenant_id};",
            "SELECT id, label, role, expires_at, revoked_at FROM api_keys"
            f" WHERE tenant_id = {tenant_id} AND key_hash = '{key_hash}';",
            "INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint)"
            f" VALUES ({tenant_id}, {new}, {key_id}, '{method}', '{endpoint}')"
            " ON CONFLICT DO NOTHING;",
            *statements,
            "COMMIT;",
            "\\endpipeline",
        ]
    )


def _inlined(statement: Statement[Any], **parameters: str) -> str:
    """A statement of the service with SQL in place of its parameters, and with its constants."""
    constants = dict(zip(statement.parameters, statement.bind(None, dict.fromkeys(parameters)), strict=True))
    values = [parameters[name] if name in parameters else f"'{constants[name]}'" for name in statement.parameters]
    return re.sub(r"\$(\d+)", lambda found: values[int(found[1]) - 1], statement.text).replace("\n", " ") + ";"
