"""A folder of its own, and a tenant with cases."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from support.cases import make_case
from support.paths import make_folder
from support.tenants import MakeTenant, Tenant


@pytest.fixture
def own_folder() -> Iterator[Path]:
    with make_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def admin(client: httpx.Client, make_tenant: MakeTenant) -> Tenant:
    """A tenant with a signed case, a draft, and a case with a long title."""
    tenant = make_tenant()
    make_case(client, tenant.key, is_signed=True)
    for body in (
        {"title": "Draft", "external_id": "draft-1"},
        {"title": "A long title " * 12, "external_id": "long-1"},
    ):
        assert client.post("/cases", json=body, headers=tenant.key).status_code == 201
    return tenant
