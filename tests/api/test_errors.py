"""Headers of every response, and error responses."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx import Response

from support.contract import CONTRACT
from support.database import Database
from support.errors import code_of, places_of
from support.raw_http import exchange
from support.service import BOOTSTRAP_TOKEN, Service, checked_client, serve
from support.tenants import Tenant, bootstrap

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def request(client: httpx.Client, tenant: Tenant, operation_id: str, **changes: Any) -> Response:
    """Send the simplest valid request of an operation; `changes` replace arguments of httpx's `request`."""
    operation = next(operation for operation in CONTRACT.operations if operation.id == operation_id)
    path = re.sub(r"\{\w+_id\}", "00000000-0000-4000-8000-000000000000", operation.path)
    headers = tenant.key | ({} if operation.needs_key else {"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"})
    if operation.body and "content" not in changes:
        media_type, definition = CONTRACT.media_type(operation)
        changes["json"] = CONTRACT.resolve(definition["schema"])["example"]
        headers["Content-Type"] = media_type
    for parameter in map(CONTRACT.resolve, operation.definition.get("parameters", ())):
        if parameter["in"] == "header" and parameter.get("required"):
            headers[parameter["name"]] = parameter["schema"]["example"]
    changes["headers"] = headers | changes.get("headers", {})
    path = path.replace("{asset}", "swagger-ui.css").replace("{revision}", "1")
    return client.request(operation.method, path, **changes)


OPERATIONS = [operation.id for operation in CONTRACT.operations]
WITH_BODY = [operation.id for operation in CONTRACT.operations if "requestBody" in operation.definition]
# The readiness probe uses no table; it is tested without a database.
USES_TABLES = [
    operation.id for operation in CONTRACT.operations if 503 in operation.statuses and operation.id != "get_readiness"
]


@pytest.mark.parametrize("path", ["/", "/unknown", "/cases/", "/Cases", "/cases/a/b", "/docs/index.html/x/y"])
def test_an_unknown_path_is_answered_with_a_problem_document(client: httpx.Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem == {
        "type": "/problems/not-found",
        "title": "Not found",
        "status": 404,
        "detail": problem["detail"],
        "instance": path,
        "request_id": response.headers["X-Request-Id"],
    }


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/cases/", "/cases"),
        ("//cases", "/cases"),
        ("/Cases", "/cases"),
        ("/case", "/cases"),
        ("/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11/", "/cases/{case_id}"),
        ("/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11/documents", "/cases/{case_id}/document"),
        ("/auth/whoami/", "/auth/whoami"),
        ("/console", "/console/"),
        ("/admin/api_keys", "/admin/api-keys"),
        ("/openapi.yml", "/openapi.yaml"),
        ("/favicon.ico", None),
        ("/cases/a/b/c/d", None),
        ("/" + "cases/" * 100, None),
    ],
)
def test_an_unknown_path_names_a_similar_one(service: Service, path: str, meant: str | None) -> None:
    # Not with an httpx client and a base URL, which would correct the path.
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    detail = json.loads(exchange(service.url, head.encode()).body)["detail"]

    hint = f"Did you mean {meant}? " if meant else ""
    assert detail == f"This path does not exist. {hint}GET /openapi.yaml lists all paths."


@pytest.mark.parametrize("path", sorted({operation.path for operation in CONTRACT.operations}))
def test_an_unsupported_method_is_answered_with_those_of_the_path(client: httpx.Client, path: str) -> None:
    has = {operation.method for operation in CONTRACT.operations if operation.path == path}
    has |= {"OPTIONS", "HEAD"} if "GET" in has else {"OPTIONS"}
    concrete = path.replace("{asset}", "initializer.js").replace("{case_id}", "1").replace("{key_id}", "1")

    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"} - has:
        response = client.request(method, concrete)
        assert response.status_code == 405
        assert response.headers["Allow"] == ", ".join(sorted(has))
        assert UUID.fullmatch(response.headers["X-Request-Id"])


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_response_has_a_request_id_and_forbids_content_sniffing(
    client: httpx.Client, tenant: Tenant, operation_id: str
) -> None:
    response = request(client, tenant, operation_id)

    assert UUID.fullmatch(response.headers["X-Request-Id"])
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("operation_id", [name for name in OPERATIONS if name != "get_home"])
def test_an_accept_header_without_a_served_media_type_is_refused(
    client: httpx.Client, tenant: Tenant, operation_id: str
) -> None:
    response = request(client, tenant, operation_id, headers={"Accept": "video/mp4, text/csv;q=0.5"})

    assert (response.status_code, code_of(response)) == (406, "not-acceptable")


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_an_unknown_query_parameter_is_named(client: httpx.Client, tenant: Tenant, operation_id: str) -> None:
    response = request(client, tenant, operation_id, params={"unknwon": "1"})

    assert (response.status_code, places_of(response)) == (400, ["unknwon"])


@pytest.mark.parametrize("operation_id", WITH_BODY)
@pytest.mark.parametrize("media_type", [None, "text/plain", "application/json;charset=utf-16", "application/xml"])
def test_a_body_of_an_unsupported_media_type_is_refused(
    client: httpx.Client, tenant: Tenant, operation_id: str, media_type: str | None
) -> None:
    headers = {"Content-Type": media_type} if media_type else {}

    response = request(client, tenant, operation_id, content=b"{}", headers=headers)

    assert (response.status_code, code_of(response)) == (415, "unsupported-media-type")


@pytest.mark.parametrize("operation_id", WITH_BODY)
def test_a_body_that_is_too_large_is_refused(client: httpx.Client, tenant: Tenant, operation_id: str) -> None:
    (operation,) = [one for one in CONTRACT.operations if one.id == operation_id]
    limit = operation.definition.get("x-body-bytes-max", 256 * 1024)
    content, headers = b" " * (limit + 1), {"Content-Type": CONTRACT.media_type(operation)[0]}

    response = request(client, tenant, operation_id, content=content, headers=headers)

    assert (response.status_code, code_of(response)) == (413, "payload-too-large")
    assert str(limit) in response.text
    # One byte less is refused for another reason.
    assert request(client, tenant, operation_id, content=content[1:], headers=headers).status_code == 400


@pytest.mark.parametrize("accept", ["*/*", "application/*", "text/html, application/json;q=0.1", "application/json"])
def test_an_accept_header_with_a_served_media_type_is_answered(client: httpx.Client, accept: str) -> None:
    assert client.get("/health", headers={"Accept": accept}).status_code == 200


def test_errors_do_not_echo_long_input(client: httpx.Client, tenant: Tenant) -> None:
    secret = "Zebra" * 1000
    for body in ({"title": secret}, {"title": 1, secret: 1}, {"title": "x", "type": {"system": secret, "code": "1"}}):
        response = client.post("/cases", json=body, headers=tenant.key)
        assert response.status_code == 400
        assert len(response.content) < 2000
    assert "Zebra" * 50 not in client.get(f"/{secret}").text
    assert "Zebra" * 50 not in client.get(f"/cases?{secret}=1", headers=tenant.key).text


@pytest.mark.parametrize(("sent", "wrong"), [([], "The body is not of type object."), ({}, "The body is empty.")])
def test_an_error_of_the_whole_body_names_the_body(client: httpx.Client, tenant: Tenant, sent: Any, wrong: str) -> None:
    headers = {"Content-Type": "application/merge-patch+json"}
    problem = request(client, tenant, "update_case", content=json.dumps(sent), headers=headers).json()

    assert (problem["detail"], problem["errors"]) == (wrong, [{"pointer": "", "detail": wrong}])


def test_an_error_does_not_repeat_the_invalid_value(client: httpx.Client, tenant: Tenant) -> None:
    body = {"title": "x", "subject": {"identifiers": [{"system": "urn:x", "value": "\u0001secret"}]}}

    problem = client.post("/cases", json=body, headers=tenant.key).json()

    assert problem["errors"][0]["pointer"] == "/subject/identifiers/0/value"
    assert "secret" not in json.dumps(problem)


@dataclass(frozen=True)
class Breakable:
    """A service whose database can be broken without affecting other tests."""

    client: httpx.Client
    tenant: Tenant
    service: Service


@pytest.fixture(scope="module")
def breakable(migrated_database: Callable[[], Database], folder: Path) -> Iterator[Breakable]:
    with serve(migrated_database(), folder) as service, checked_client(service.url) as client:
        yield Breakable(client, bootstrap(client), service)


@pytest.mark.parametrize("operation_id", USES_TABLES)
def test_an_unexpected_error_is_a_500_without_details(breakable: Breakable, operation_id: str) -> None:
    client, tenant = breakable.client, breakable.tenant
    with breakable.service.database.as_owner() as operator:
        for table in ("tenants", "api_keys"):
            operator.execute(f"REVOKE SELECT, INSERT ON {table} FROM clincore_app")
        operator.execute("REVOKE SELECT ON signing_keys FROM clincore_app")
        try:
            response = request(client, tenant, operation_id)
        finally:
            operator.execute("GRANT SELECT, INSERT (id, name) ON tenants TO clincore_app")
            operator.execute("GRANT SELECT, INSERT ON api_keys TO clincore_app")
            operator.execute("GRANT SELECT ON signing_keys TO clincore_app")

    assert (response.status_code, code_of(response)) == (500, "internal")
    assert "api_keys" not in response.text
    assert '"sqlstate":"42501"' in breakable.service.line_of(response)


@pytest.fixture(scope="module")
def while_locked(breakable: Breakable) -> dict[str, Response]:
    """The response of each operation, sent concurrently because each waits a second for the lock."""
    with breakable.service.database.as_owner() as operator, operator.transaction():
        operator.execute("LOCK TABLE tenants, api_keys, signing_keys")
        with ThreadPoolExecutor(12) as threads:
            asked = {name: threads.submit(request, breakable.client, breakable.tenant, name) for name in USES_TABLES}
    return {name: response.result() for name, response in asked.items()}


@pytest.mark.parametrize("operation_id", USES_TABLES)
def test_a_locked_table_is_a_503_with_retry_after(while_locked: dict[str, Response], operation_id: str) -> None:
    response = while_locked[operation_id]

    assert (response.status_code, code_of(response)) == (503, "unavailable")
    assert int(response.headers["Retry-After"]) >= 1


def test_without_its_database_the_service_is_healthy_but_not_ready(breakable: Breakable) -> None:
    client, tenant = breakable.client, breakable.tenant
    with breakable.service.database.as_superuser() as superuser:
        name = breakable.service.database.url.rpartition("/")[2].partition("?")[0]
        superuser.execute(f"UPDATE pg_database SET datallowconn = false WHERE datname = '{name}'")
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [name],
        )
        try:
            answers = {path: client.get(path, headers=tenant.key) for path in ("/health", "/ready", "/cases")}
        finally:
            superuser.execute(f"UPDATE pg_database SET datallowconn = true WHERE datname = '{name}'")

    assert [answer.status_code for answer in answers.values()] == [200, 503, 503]
    assert client.get("/cases", headers=tenant.key).status_code == 200


def test_a_closed_connection_is_replaced_without_an_error(breakable: Breakable) -> None:
    client, tenant = breakable.client, breakable.tenant
    with breakable.service.database.as_owner() as operator:
        operator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'clincore' AND pid <> pg_backend_pid()"
        )

    assert client.get("/cases", headers=tenant.key).status_code == 200


def test_chunked_bodies_are_accepted_and_endless_ones_are_refused(service: Service, tenant: Tenant) -> None:
    host, port = "127.0.0.1", int(service.url.rpartition(":")[2])
    head = (
        f"POST /cases HTTP/1.1\r\nHost: {host}\r\nX-API-Key: {tenant.api_key}\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    ).encode()

    def send(*chunks: bytes) -> bytes:
        with socket.create_connection((host, port), timeout=10) as connection:
            connection.sendall(head)
            try:
                for chunk in chunks:
                    connection.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            except (BrokenPipeError, ConnectionResetError):
                pass
            answer = b""
            try:
                while received := connection.recv(65536):
                    answer += received
            except ConnectionResetError:
                pass
            return answer

    assert b" 201 " in send(b'{"title":', b' "x"}', b"")
    assert b" 413 " in send(*[b" " * 65536] * 18)
