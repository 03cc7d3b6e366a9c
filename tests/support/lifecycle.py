"""A case and its operations over HTTP."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import httpx

from support.cases import CONSULTATION, SIGNING
from support.tenants import Tenant

Json = dict[str, Any]

REVIEW = {"signer": {"name": "Prof. Karl Muster", "role": "Head of department"}, "meaning": "review"}
REASON = {"reason": "The laboratory corrected a value."}
STATES = ("draft", "final", "amending", "amended", "cancelled", "entered_in_error")


class Case:
    """A case and its operations, called as its tenant's admin."""

    def __init__(self, client: httpx.Client, tenant: Tenant, **more: Any) -> None:
        self._client, self.tenant = client, tenant
        created = client.post("/cases", json=CONSULTATION | more, headers=tenant.key)
        assert created.status_code == 201, created.text
        self.id = str(created.json()["id"])

    def ask(self, method: str, path: str = "", body: Json | None = None, **headers: str) -> httpx.Response:
        given: Json = {} if body is None else {"content": json.dumps(body)}
        media_type = "application/merge-patch+json" if method == "PATCH" else "application/json"
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers |= self.tenant.key | ({"Content-Type": media_type} if given else {})
        return self._client.request(method, f"/cases/{self.id}{path}", headers=headers, **given)

    def do(self, method: str, path: str = "", body: Json | None = None, **headers: str) -> Json:
        response = self.ask(method, path, body, **headers)
        assert response.status_code == 200, response.text
        answer: Json = response.json()
        return answer

    def show(self) -> Json:
        return self.do("GET")

    def patch(self, **fields: Any) -> Json:
        return self.do("PATCH", body=fields, If_Match="*")

    def finalize(self, signing: Json = SIGNING) -> Json:
        return self.do("POST", "/finalize", signing, If_Match="*")

    def amend(self) -> Json:
        return self.do("POST", "/amend", REASON)

    def void(self, signing: Json = SIGNING) -> Json:
        return self.do("POST", "/void", REASON | signing)

    def attest(self, signing: Json = REVIEW) -> Json:
        return self.do("POST", "/attest", signing)

    def replay(self) -> Json:
        return self.do("POST", "/verify-replay")

    def revision(self, number: int) -> Json:
        return self.do("GET", f"/revisions/{number}")

    def reach(self, state: str) -> "Case":
        """Bring the case from a draft to one of STATES."""
        if state == "cancelled":
            self.do("DELETE", If_Match="*")
        elif state != "draft":
            self.finalize()
        if state in ("amending", "amended"):
            self.amend()
        if state == "amended":
            self.patch(plan="Rest.")
            self.finalize()
        if state == "entered_in_error":
            self.void()
        return self


NewCase = Callable[..., Case]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
