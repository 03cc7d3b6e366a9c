"""Twenty cases of an invented clinic, created through the API."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from clincore.cli.api import Service

CLINIC = Path(__file__).with_name("clinic.yaml")

Json = dict[str, Any]


def load(service: Service, show: Callable[[str], None]) -> Counter[str]:
    """Create the cases, unless the tenant has them. Returns how many of them have each status.

    After an interruption, it can be called again: each request has the `Idempotency-Key` that it had before.

    Raises what `Service.send` raises.
    """
    clinic = yaml.load(CLINIC.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    cases = clinic["cases"]

    def find_last() -> list[Json]:
        found: list[Json] = service.get("/cases", external_id=cases[-1]["content"]["external_id"])["items"]
        return found

    last = find_last()
    if not last:
        tenant_id = service.get("/auth/whoami")["tenant_id"]
        for number, one in enumerate(cases, start=1):
            show(f"case {number} of {len(cases)}")
            _Life(service, f"{tenant_id} {one['content']['external_id']}", clinic["staff"]).live(one)
        last = find_last()
    ids = {one["content"]["external_id"] for one in cases}
    # They were created one after another, and the tenant can have any number of newer cases.
    until = datetime.fromisoformat(last[0]["created_at"]) + timedelta(milliseconds=1) if last else None
    listed = service.get("/cases", created_before=until and until.isoformat(), limit=100)["items"]
    return Counter(one["status"] for one in listed if one["external_id"] in ids)


class _Life:
    """The requests of one case, in order."""

    def __init__(self, service: Service, name: str, staff: Mapping[str, Json]) -> None:
        """`name`: distinguishes the requests from those of other cases and tenants."""
        self._service = service
        self._name = name
        self._staff = staff
        self._requests = 0
        self._case_id: str | None = None
        self._etag = ""

    def live(self, one: Json) -> None:
        """Create, sign and amend the case as `one` says."""
        self._case_id = self._write("POST", "", one["content"])["id"]
        if one.get("cancelled"):
            self._write("DELETE", "")
        if "signed_by" in one:
            self._sign(one["signed_by"])
        if "reviewed_by" in one:
            self._write("POST", "/attest", self._signing(one["reviewed_by"], "review"))
        for amendment in one.get("amendments", ()):
            self._write("POST", "/amend", {"reason": amendment["reason"]})
            self._write("PATCH", "", amendment["change"])
            if "signed_by" in amendment:
                self._sign(amendment["signed_by"])
        if "voided" in one:
            self._write("POST", "/void", {"reason": one["voided"]} | self._signing(one["signed_by"], "authorship"))

    def _sign(self, name: str) -> None:
        self._write("POST", "/finalize", self._signing(name, "authorship"))

    def _signing(self, name: str, meaning: str) -> Json:
        return {"signer": self._staff[name], "meaning": meaning}

    def _write(self, method: str, path: str, body: Json | None = None) -> Json:
        self._requests += 1
        headers = {"Idempotency-Key": f'"{uuid5(NAMESPACE_URL, f"{self._name} {self._requests}")}"'}
        if method != "POST" or path == "/finalize":
            headers["If-Match"] = self._etag
        if body is not None:
            headers["Content-Type"] = "application/merge-patch+json" if method == "PATCH" else "application/json"
        place = "/cases" if self._case_id is None else f"/cases/{self._case_id}"
        content = None if body is None else json.dumps(body).encode()
        answer = self._service.send(method, f"{place}{path}", content=content, headers=headers)
        self._etag = answer.headers.get("ETag", self._etag)
        created: Json = answer.json()
        return created
