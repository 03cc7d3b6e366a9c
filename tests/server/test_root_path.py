"""The service behind a path prefix that a proxy strips or keeps, and paths that match no operation."""

import asyncio
import gc
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any
from urllib.parse import unquote, urljoin
from uuid import uuid4

import httpx
import pytest
import yaml

from clincore.openapi import CompiledOperations, Request
from clincore.openapi.operations import CompiledOperation
from clincore.operations import compile_operations, translate
from support.cases import make_case
from support.commands import run
from support.contract import CONTRACT
from support.database import Database
from support.http_proxy import reverse_proxy
from support.nginx import PREFIX, nginx
from support.service import BOOTSTRAP_TOKEN, Service, serve
from support.tenants import Tenant, bootstrap


def small_proxy(service: Service, *, strips: bool) -> AbstractContextManager[str]:
    """A reverse proxy that serves the service under the prefix and passes paths on with or without it."""

    def path_of(path: str) -> str:
        assert path.startswith(f"{PREFIX}/")
        return path.removeprefix(PREFIX)

    return reverse_proxy(service.url, path_of=path_of if strips else str)


class Prefixed:
    """A client of the service through a proxy."""

    def __init__(self, origin: str, service: Service, client: httpx.Client) -> None:
        self.origin, self.service, self.client = origin, service, client
        self.url = origin + PREFIX

    def follow(self, path: str, **options: Any) -> httpx.Response:
        """GET a path as a browser would: from the root of the origin."""
        assert path.startswith("/")
        return self.client.get(self.origin + path, **options)


@pytest.fixture(scope="module")
def proxies(prefixed: Service) -> Iterator[Callable[[str], Prefixed]]:
    """Starts each proxy once."""
    started: dict[str, Prefixed] = {}
    with ExitStack() as stack:

        def start(name: str) -> Prefixed:
            if name not in started:
                make = nginx if "nginx" in name else small_proxy
                origin = stack.enter_context(make(prefixed, strips="strips" in name))
                client = stack.enter_context(httpx.Client(base_url=origin + PREFIX, timeout=30))
                started[name] = Prefixed(origin, prefixed, client)
            return started[name]

        yield start


@pytest.fixture(params=["proxy-that-strips", "proxy-that-keeps", "nginx-that-strips", "nginx-that-keeps"])
def behind(request: pytest.FixtureRequest, proxies: Callable[[str], Prefixed]) -> Prefixed:
    return proxies(request.param)


@pytest.fixture
def customer(behind: Prefixed) -> Tenant:
    return bootstrap(behind.client)


def test_a_tenant_can_use_its_first_key_to_create_and_read_a_case(behind: Prefixed, customer: Tenant) -> None:
    client = behind.client

    assert client.get("/auth/whoami", headers=customer.key).json()["tenant_id"] == customer.id
    created = client.post("/cases", json={"title": "Migraine"}, headers=customer.key)
    assert created.status_code == 201
    assert created.headers["Location"] == f"{PREFIX}/cases/{created.json()['id']}"
    shown = behind.follow(created.headers["Location"], headers=customer.key)
    assert (shown.status_code, shown.json()) == (200, created.json())
    assert '"path":"/cases/{case_id}"' in behind.service.line_of(shown)


def test_problem_documents_name_the_path_that_the_client_requested(behind: Prefixed, customer: Tenant) -> None:
    client = behind.client

    unknown = client.get("/nothing/here")
    no_method = client.put("/cases")
    no_key = client.get("/cases")
    no_case = client.get(f"/cases/{uuid4()}", headers=customer.key)

    for response, status, path in (
        (unknown, 404, "/nothing/here"),
        (no_method, 405, "/cases"),
        (no_key, 401, "/cases"),
        (no_case, 404, no_case.request.url.path.removeprefix(PREFIX)),
    ):
        problem = response.json()
        assert (response.status_code, problem["instance"]) == (status, PREFIX + path)
        assert response.headers["Content-Type"] == "application/problem+json"
        assert problem["request_id"] == response.headers["X-Request-Id"]
        assert problem["type"].startswith("/problems/")
    assert f"GET {PREFIX}/openapi.yaml" in unknown.json()["detail"]
    assert f"Did you mean {PREFIX}/cases? " in client.get("/cases/").json()["detail"]
    assert no_method.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert no_key.headers["WWW-Authenticate"] == 'ApiKey realm="clincore", Bearer realm="clincore"'


def test_the_docs_page_loads_its_assets_and_the_contract(behind: Prefixed) -> None:
    page = behind.client.get("/docs")
    base = str(page.request.url)

    assets = [urljoin(base, name) for name in re.findall(r'(?:src|href)="([^"]+)"', page.text)]
    assert len(assets) == 4
    for asset in assets:
        assert behind.client.get(asset).status_code == 200
    initializer = behind.client.get(urljoin(base, "docs/initializer.js")).text
    (contract,) = re.findall(r'\burl: "([^"]+)"', initializer)
    assert behind.client.get(urljoin(base, contract)).json()["info"]["title"] == "ClinCore"


def test_the_pages_of_problem_types_lead_to_each_other(behind: Prefixed) -> None:
    index = behind.client.get("/problems")
    (link,) = re.findall(r'href="([^"]+/not-found)"', index.text)
    page = behind.client.get(urljoin(str(index.request.url), link))

    assert page.status_code == 200
    links = [urljoin(str(page.request.url), name) for name in re.findall(r'href="([^"]+)"', page.text)]
    assert f"{behind.url}/problems" in links
    browser = {"Accept": "text/html, */*"}
    assert [behind.client.get(link, headers=browser).status_code for link in links] == [200] * 5


def test_the_served_contract_names_the_prefix(behind: Prefixed, client: httpx.Client) -> None:
    as_json, as_yaml = (behind.client.get(f"/openapi.{ending}") for ending in ("json", "yaml"))

    (server,) = as_json.json()["servers"]
    assert server["url"] == PREFIX
    assert as_json.json() == yaml.safe_load(as_yaml.text)
    assert as_json.json() | {"servers": CONTRACT.document["servers"]} == CONTRACT.document
    assert behind.follow(f"{server['url']}/health").status_code == 200
    for response in (as_json, as_yaml):
        path, etag = response.request.url.path, response.headers["ETag"]
        assert client.get(path.removeprefix(PREFIX)).headers["ETag"] != etag
        assert behind.follow(path, headers={"If-None-Match": etag}).status_code == 304


def test_requests_are_validated_and_metered_once(behind: Prefixed, customer: Tenant) -> None:
    client, key = behind.client, customer.key

    def total() -> int:
        calls: int = client.get("/admin/usage", headers=key).json()["total_calls"]
        return calls

    before = total()
    case_id = make_case(client, key)
    refused = client.post("/cases", json={"title": "x", "unknown": 1}, headers=key)
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/validation-failed")
    assert client.get(f"/cases/{case_id}", headers=key).status_code == 200
    assert client.get("/cases?limit=x", headers=key).status_code == 400
    assert client.get("/cases/", headers=key).status_code == 404

    # Four requests reached an operation, and the last call of `total` counts itself.
    assert total() == before + 4 + 1


@pytest.mark.slow
def test_prove_isolation_succeeds_through_a_proxy(proxies: Callable[[str], Prefixed], database: Database) -> None:
    url = proxies("proxy-that-strips").url

    done = run("clincore", "prove-isolation", "--url", url, DATABASE_URL=database.url)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.splitlines()[-1].startswith("PROVEN")
    assert "GET /cases/{case_id}" in done.stdout or "get_case" in done.stdout


def test_uvicorns_own_root_path_bootstraps_a_tenant_once(database: Database, folder: Path) -> None:
    name = f"tenant-{uuid4().hex}"
    program = ("uvicorn", "clincore.asgi:app")
    with (
        serve(database, folder, program=program, UVICORN_ROOT_PATH=PREFIX) as service,
        httpx.Client(base_url=service.url, timeout=30) as client,
    ):
        tenant = bootstrap(client, name=name)
        again = client.post(
            "/bootstrap", json={"tenant_name": name}, headers={"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}
        )

        assert client.get("/auth/whoami", headers=tenant.key).json()["tenant_id"] == tenant.id
        assert (again.status_code, again.json()["type"]) == (409, "/problems/tenant-name-taken")
        # Only `whoami` was metered: the other calls had no tenant's key.
        assert client.get("/usage", headers=tenant.key).json()["used"] == 1


def test_a_prefix_without_a_root_path_is_an_unknown_path(client: httpx.Client, tenant: Tenant) -> None:
    for path in (f"{PREFIX}/cases", f"{PREFIX}/health", PREFIX):
        response = client.get(path, headers=tenant.key)
        assert (response.status_code, response.json()["instance"]) == (404, path)


# One operation, without a server


async def show_thing(thing_id: str, root_path: str) -> Any:
    return {"thing_id": thing_id, "root_path": root_path}, 200, {"Location": f"/things/{thing_id}"}


DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/things/{thing_id}": {
            "get": {
                "operationId": "show_thing",
                "x-openapi-router-controller": __name__,
                "parameters": [{"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "ok", "content": {"application/json": {}}}},
            }
        }
    },
}


def ask(path: str, root_path: str = "", method: str = "GET", headers: Any = ()) -> tuple[int, Any, dict[str, str], int]:
    """Status, JSON, headers and the number of log lines of one request to the operation."""
    logged: list[Request] = []
    sent: list[Any] = []
    app = CompiledOperations(
        yaml.safe_load(yaml.safe_dump(DOCUMENT)), translate=translate, log=lambda request, *_: logged.append(request)
    )
    scope = {
        "type": "http",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": root_path,
        "query_string": b"",
        "headers": list(headers),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    start, body = sent
    got = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], httpx.Response(200, content=body["body"]).json(), got, len(logged)


@pytest.mark.parametrize(
    ("root_path", "path", "prefix"),
    [
        pytest.param("", "/things/a", "", id="none"),
        pytest.param("/clin", "/clin/things/a", "/clin", id="stripped-by-the-proxy"),
        pytest.param("/clin", "/clin/clin/things/a", "/clin", id="kept-by-the-proxy"),
        pytest.param("/clin", "/things/a", "/clin", id="not-prepended-by-the-server"),
        pytest.param("/a/b", "/a/b/things/a", "/a/b", id="two-segments"),
        pytest.param("/things", "/things/things/a", "/things", id="equal-to-a-segment-of-the-path"),
        pytest.param("/clin/", "/clin//things/a", "/clin", id="slash-at-the-end"),
        pytest.param("/", "//things/a", "", id="slash-alone"),
    ],
)
def test_a_root_path_is_stripped_and_prepended_to_location(root_path: str, path: str, prefix: str) -> None:
    status, content, headers, lines = ask(path, root_path)

    assert (status, lines) == (200, 1)
    assert content == {"thing_id": "a", "root_path": prefix}
    assert headers["location"] == f"{prefix}/things/a"


@pytest.mark.parametrize(
    ("root_path", "path"),
    [
        ("", "/"),
        ("", "/things"),
        ("", "/things/a/"),
        ("", "//things/a"),
        ("", "/things//a"),
        ("", "/things/../things/a"),
        ("", "/things/a%2Fb"),
        ("", "/things%2Fa"),
        ("", "/THINGS/a"),
        ("", "/clin/things/a"),
        ("", "/openapi.json"),
        ("/clin", "/clin"),
        ("/clin", "/clin/"),
        ("/clin", "/clin/things/a/"),
        ("/clin", "/clin//things/a"),
        ("/clin", "/clin/things%2Fa"),
        ("/clin", "/clinic/things/a"),
        ("/clin", "/clin/clinic/things/a"),
        ("/clin", "/clin/clin/clin/things/a"),
        ("/clin", "/clin/openapi.json"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_only_an_exact_path_of_the_contract_reaches_a_handler(method: str, root_path: str, path: str) -> None:
    status, problem, headers, lines = ask(path, root_path, method)

    assert (status, problem["type"], lines) == (404, "/problems/not-found", 1)
    assert problem["request_id"] == headers["x-request-id"]
    assert problem["instance"].startswith(root_path)


def test_other_methods_of_a_path_reach_no_handler() -> None:
    for method in ("POST", "TRACE"):
        status, problem, headers, lines = ask("/things/a", method=method)
        assert (status, problem["type"], lines) == (405, "/problems/method-not-allowed", 1)
        assert headers["allow"] == "GET, HEAD, OPTIONS"


def test_repeated_headers_are_joined_into_one_value() -> None:
    accept = [(b"accept", b"text/html"), (b"x", b"1"), (b"accept", b"application/json")]

    assert ask("/things/a", headers=accept)[0] == 200
    assert ask("/things/a", headers=reversed(accept))[0] == 200
    assert ask("/things/a", headers=accept[:1] * 2)[0] == 406


@pytest.mark.parametrize("kind", ["websocket", "lifespan", "other"])
def test_scopes_other_than_http_are_refused(kind: str) -> None:
    app = CompiledOperations(yaml.safe_load(yaml.safe_dump(DOCUMENT)), translate=translate, log=lambda *_: None)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    if kind == "websocket":
        asyncio.run(app({"type": kind, "path": "/things/a"}, receive, send))
        # A server answers this with 403 (ASGI specification, "Close - send event").
        assert sent == [{"type": "websocket.close"}]
    else:
        with pytest.raises(ValueError, match=kind):
            asyncio.run(app({"type": kind}, receive, send))


def test_the_application_holds_no_object_of_another_framework() -> None:
    reached: dict[int, Any] = {}
    waiting: list[Any] = [compile_operations()]
    while waiting:
        one = waiting.pop()
        if id(one) not in reached and not isinstance(one, type | ModuleType):
            reached[id(one)] = one
            # Only the closure of a function: its globals are the whole module that defines it.
            waiting += [one.__closure__] if isinstance(one, FunctionType) else gc.get_referents(one)

    frameworks = {type(one).__module__.partition(".")[0] for one in reached.values()}
    reads = [operation for operation in CONTRACT.operations if operation.method == "GET"]
    # Each GET is also compiled for HEAD.
    compiled = sum(isinstance(one, CompiledOperation) for one in reached.values())
    assert compiled == len(CONTRACT.operations) + len(reads)
    assert not frameworks & {"connexion", "starlette"}
