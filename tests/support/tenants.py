"""Tenants and their first keys."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from support.service import BOOTSTRAP_TOKEN


@dataclass(frozen=True)
class Tenant:
    """A tenant with its first key."""

    id: str
    name: str
    api_key: str = field(repr=False)
    key_id: str = ""

    @property
    def key(self) -> dict[str, str]:
        return {"X-API-Key": self.api_key}


MakeTenant = Callable[..., Tenant]


def bootstrap(client: httpx.Client, role: str = "admin", name: str | None = None) -> Tenant:
    name = name or f"tenant-{uuid4().hex}"
    response = client.post(
        "/bootstrap",
        json={"tenant_name": name, "role": role},
        headers={"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"},
    )
    assert response.status_code == 201, response.text
    answer = response.json()
    return Tenant(answer["tenant_id"], name, answer["api_key"])
