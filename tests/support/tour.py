"""Calls of every operation of the contract, in the order of a case's lifecycle."""

import json
import re
from typing import Any
from uuid import uuid4

import httpx

from support.cases import CONSULTATION, SIGNING
from support.contract import CONTRACT
from support.fhir_in import bundle
from support.lifecycle import REASON, REVIEW
from support.service import BOOTSTRAP_TOKEN


class Caller:
    """A tenant's admin. Each answer is checked against the contract."""

    def __init__(self, client: httpx.AsyncClient, api_key: str) -> None:
        self._client = client
        self.api_key = api_key

    async def request(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Send a request; its answer, with any status."""
        operation = CONTRACT.find(method, path.partition("?")[0])
        assert operation is not None
        if operation.needs_key:
            headers.setdefault("X_API_Key", self.api_key)
        elif operation.security:
            headers.setdefault("Authorization", f"Bearer {BOOTSTRAP_TOKEN}")
        if body is not None:
            headers["Content_Type"] = CONTRACT.media_type(operation)[0]
        response = await self._client.request(
            method,
            path,
            content=None if body is None else json.dumps(body),
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        CONTRACT.check(response)
        return response

    async def ask(
        self, method: str, path: str, body: Any = None, *, status: int = 200, special: str = "", **headers: str
    ) -> httpx.Response:
        """Like `request`, but expect this status. `special`: a name that distinguishes requests to one operation."""
        response = await self.request(method, path, body, **headers)
        assert response.status_code == status, f"{method} {path} {special}: {response.status_code} {response.text}"
        return response


async def tour(caller: Caller) -> str:
    """Send a valid request to each operation, and one in each state where the work depends on the case's state.

    Returns the id of a case that was amended and then voided. The caller's key is rotated at the end.
    """
    ask = caller.ask
    for path in (
        "/health",
        "/ready",
        "/docs/swagger-ui.css",
        "/openapi.yaml",
        "/openapi.json",
        "/problems",
        "/problems/not-found",
        "/fhir/metadata",
    ):
        await ask("GET", path)
    await ask("GET", "/", Accept="text/html")
    console = await ask("GET", "/console/")
    await ask("GET", "/console/" + re.findall(r'"([0-9a-f]+/main.js)"', console.text)[0])
    page = await ask("GET", "/docs")
    await ask("GET", "/" + re.findall(r'"(docs/[0-9a-f]+/[^"]+)"', page.text)[0])
    await ask("POST", "/bootstrap", {"tenant_name": uuid4().hex}, status=201)
    await ask("GET", "/auth/whoami")

    taken, tag = uuid4().hex, uuid4().hex
    case = await ask("POST", "/cases", CONSULTATION | {"external_id": taken, "tags": [tag]}, status=201)
    await ask("POST", "/cases", CONSULTATION | {"external_id": taken}, status=409, special="external_id is taken")
    other = await ask("POST", "/cases", CONSULTATION, status=201, special="no external_id")
    path, other_path = (f"/cases/{created.json()['id']}" for created in (case, other))
    await ask("GET", path)
    await ask("GET", path, status=304, special="known", If_None_Match="*")
    await ask("GET", f"/cases/{uuid4()}", status=404, special="unknown")
    await ask("GET", f"{path}/draft")
    await ask("GET", "/cases")
    await ask("GET", f"/cases?tag={tag}&status=draft&external_id={taken}", special="filtered")
    await ask("GET", "/cases?changed_after=start", special="changed")
    await ask("POST", "/cases/search", {"tag": tag, "status": "draft", "external_id": taken})
    await ask("PATCH", path, {"plan": "Rest."}, If_Match="*")
    await ask("PATCH", path, {"tags": ["a", "b", "c"], "title": "Migraine"}, special="tags", If_Match="*")
    changed = await ask("PATCH", path, {"external_id": uuid4().hex}, special="external_id", If_Match="*")
    taken = changed.json()["external_id"]
    await ask("PATCH", other_path, {"external_id": taken}, status=409, special="external_id is taken", If_Match="*")
    await ask("PATCH", other_path, {"plan": "Rest."}, status=412, special="changed meanwhile", If_Match='"0"')
    await ask("DELETE", other_path, If_Match="*")

    await ask("POST", f"{path}/finalize", SIGNING, If_Match="*")
    await ask("POST", f"{path}/finalize", SIGNING, special="repeated", If_Match="*")
    await ask("POST", f"{path}/attest", REVIEW)
    await ask("POST", f"{path}/amend", REASON)
    await ask("PATCH", path, {"plan": "More rest.", "tags": ["d"]}, special="an amendment", If_Match="*")
    await ask("DELETE", path, special="an amendment", If_Match="*")
    await ask("POST", f"{path}/amend", REASON)
    await ask("POST", f"{path}/finalize", SIGNING, special="an amendment", If_Match="*")
    await ask("POST", f"{path}/verify-replay")
    await ask("GET", f"{path}/revisions")
    revision = await ask("GET", f"{path}/revisions/2")
    await ask("GET", f"{path}/document")
    await ask("GET", f"{path}/access-log")
    await ask("POST", f"{path}/erase-subject", {"sections": ["history", "plan"]})
    await ask("POST", f"{path}/void", REASON | SIGNING)
    await ask("GET", "/.well-known/jwks.json")
    await ask("POST", "/verify", revision.json())
    imported = bundle(identifier={"system": "urn:ietf:rfc3986", "value": f"urn:uuid:{uuid4()}"})
    await ask("POST", "/fhir/Bundle/preview", imported)
    await ask("POST", "/fhir/Bundle", imported, status=201)
    await ask("POST", "/fhir/Bundle", imported, status=409, special="imported before")

    made = (await ask("POST", "/admin/api-keys", {"label": "other"}, status=201)).json()
    await ask("GET", "/admin/api-keys")
    await ask("PATCH", f"/admin/api-keys/{made['id']}", {"label": "another"})
    await ask("POST", f"/admin/api-keys/revoke/{made['id']}")
    await ask("GET", "/usage")
    await ask("GET", "/admin/access-log")
    await ask("GET", f"/admin/access-log?key_id={made['id']}&since=2026-01-01T00:00:00Z", special="filtered")
    await ask("GET", "/admin/usage")
    during = "from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z"
    await ask("GET", f"/admin/usage/timeseries?{during}&bucket=day&group_by=none", special="days")
    await ask("GET", f"/admin/usage/timeseries?{during}&bucket=hour&group_by=none")
    await ask("GET", f"/admin/usage/outcomes?{during}")
    await ask("GET", f"/admin/usage/events.ndjson?{during}")
    await ask("GET", "/admin/export/cases.ndjson")
    await ask("GET", "/admin/export/cases.ndjson?changed_after=start", special="changed")
    await ask("GET", "/admin/export/cases.ndjson", special="FHIR", Accept="application/fhir+ndjson")
    of_subject = {"identifier": CONSULTATION["subject"]["identifiers"][0]}
    await ask("POST", "/admin/subjects/export", of_subject)
    await ask("POST", "/admin/subjects/erase", of_subject | {"sections": ["plan"]})
    await ask("POST", "/admin/subjects/erase", of_subject, special="nothing left")
    rotated = await ask("POST", "/auth/api-keys/rotate", {"grace_seconds": 60}, status=201)
    caller.api_key = rotated.json()["api_key"]
    return str(case.json()["id"])
