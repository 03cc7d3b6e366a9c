"""HEAD for every GET, and OPTIONS for every path (RFC 9110, sections 9.1, 9.3.2 and 9.3.7)."""

from typing import Any

import httpx
import psycopg
import pytest

from support.contract import CONTRACT, Operation
from support.operations import World, make_world, request_to
from support.tenants import MakeTenant

READS = [pytest.param(operation, id=operation.id) for operation in CONTRACT.operations if operation.method == "GET"]
PATHS = sorted({operation.path for operation in CONTRACT.operations})
# Headers of the single request, and the length of content that changes between calls or is not known in advance.
DIFFERING = {"date", "x-request-id", "ratelimit", "content-length", "transfer-encoding", "next-changed-after"}


@pytest.fixture(scope="module")
def world(client: httpx.Client, make_tenant: MakeTenant) -> World:
    return make_world(client, make_tenant())


def ask(client: httpx.Client, operation: Operation, world: World, method: str, key: dict[str, str]) -> httpx.Response:
    request = request_to(operation, world.ids) | {"method": method}
    return client.request(**request | {"headers": request["headers"] | key})


@pytest.mark.parametrize("operation", READS)
def test_head_has_the_status_and_the_headers_of_get_and_no_content(
    client: httpx.Client, world: World, operation: Operation
) -> None:
    for key in (world.tenant.key, world.user.key, {}):
        get, head = (ask(client, operation, world, method, key) for method in ("GET", "HEAD"))

        assert (head.status_code, head.content) == (get.status_code, b"")
        assert {name for name, _ in get.headers.items() ^ head.headers.items()} <= DIFFERING


@pytest.mark.parametrize("operation", [param for param in READS if param.values[0].needs_key])
def test_head_is_metered_as_head(
    client: httpx.Client, world: World, operator: psycopg.Connection[Any], operation: Operation
) -> None:
    def count() -> dict[str, int]:
        query = "SELECT method, count(*) FROM usage_events WHERE tenant_id = %s AND endpoint = %s GROUP BY method"
        return dict(operator.execute(query, [world.tenant.id, operation.path]).fetchall())

    before = count()
    ask(client, operation, world, "HEAD", world.tenant.key)

    assert count() == before | {"HEAD": before.get("HEAD", 0) + 1}


@pytest.mark.parametrize("path", PATHS)
def test_options_lists_the_methods_of_a_path_and_needs_no_key(client: httpx.Client, path: str) -> None:
    has = {operation.method for operation in CONTRACT.operations if operation.path == path}

    response = client.options(path.replace("{", "").replace("}", ""))

    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Allow"] == ", ".join(sorted(has | {"OPTIONS"} | ({"HEAD"} if "GET" in has else set())))
    # RFC 5789, section 3.1.
    patches = [CONTRACT.media_type(one)[0] for one in CONTRACT.operations if (one.path, one.method) == (path, "PATCH")]
    assert response.headers.get("Accept-Patch") == (patches[0] if patches else None)
    assert "Content-Length" not in response.headers


def test_options_of_an_unknown_path_is_404(client: httpx.Client) -> None:
    assert client.options("/unknown").status_code == 404
