"""A write that is repeated with the same `Idempotency-Key` is done once."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg import sql

from support import errors
from support.cases import CONSULTATION, SIGNING
from support.contract import CONTRACT, Operation
from support.database import Database
from support.feed import wait_until_numbered
from support.lifecycle import REASON, REVIEW, NewCase
from support.operations import IDEMPOTENCY_KEY, WRITES, make_world, request_to
from support.service import BOOTSTRAP_TOKEN, Service
from support.tables import key_of
from support.tenants import MakeTenant, Tenant

# These change nothing.
CHECKS = {"verify_revision", "verify_replay", "export_subject_cases", "search_cases", "preview_document"}
# Every request adds rows to these.
OF_EACH_REQUEST = {"usage_events", "access_log"}

BODY_MAX = 1024 * 1024

each_write = pytest.mark.parametrize("operation", WRITES, ids=lambda operation: operation.id)
Rows = dict[str, list[Any]]


def rows_of(connection: psycopg.Connection[Any], tenant_id: str) -> Rows:
    """The tenant's rows by table, as text."""
    wait_until_numbered(connection, tenant_id)
    tables = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    ).fetchall()
    shared = {"signing_keys", "alembic_version"} | OF_EACH_REQUEST
    return {
        table: connection.execute(
            sql.SQL("SELECT t::text FROM {} AS t WHERE {} = %s ORDER BY 1").format(
                sql.Identifier(table), sql.Identifier(key_of(table))
            ),
            [tenant_id],
        ).fetchall()
        for (table,) in tables
        if table not in shared
    }


def value() -> dict[str, str]:
    return {IDEMPOTENCY_KEY: f'"{uuid4()}"'}


def code_of(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, errors.code_of(response)


def test_every_write_takes_the_header() -> None:
    writing = {one.id for one in CONTRACT.operations if one.method in ("POST", "PATCH", "PUT", "DELETE")}

    assert {operation.id for operation in WRITES} == writing - CHECKS


@pytest.fixture
def send(client: httpx.Client, tenant: Tenant) -> Callable[..., httpx.Response]:
    """Sends the same valid request to an operation, with more headers."""
    world = make_world(client, tenant)
    made: dict[str, dict[str, Any]] = {}

    def send_to(operation: Operation, **headers: str) -> httpx.Response:
        request = made.setdefault(operation.id, request_to(operation, world.ids))
        own = tenant.key if operation.needs_key else {"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}
        return client.request(**request | {"headers": request["headers"] | own | headers})

    return send_to


@each_write
def test_a_repeated_write_is_done_once_and_gets_the_same_answer(
    send: Callable[..., httpx.Response], operator: psycopg.Connection[Any], tenant: Tenant, operation: Operation
) -> None:
    header = value()
    first = send(operation, **header)
    assert first.is_success, first.text
    rows = rows_of(operator, tenant.id)
    again = send(operation, **header)

    assert rows_of(operator, tenant.id) == rows
    assert "Idempotent-Replayed" not in first.headers
    if operation.definition.get("x-answer-has-secret"):
        assert code_of(again) == (409, "secret-not-replayable")
        name = "tenant_id" if operation.id == "bootstrap_tenant" else "id"
        assert again.json()[name] == first.json()[name]
        assert first.json()["api_key"] not in str(rows)
    else:
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["Idempotent-Replayed"] == "true"
        for name in ("ETag", "Location", "Content-Type", "Cache-Control"):
            assert again.headers.get(name) == first.headers.get(name)
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]


@each_write
def test_a_value_cannot_be_used_for_another_request(
    send: Callable[..., httpx.Response], operator: psycopg.Connection[Any], tenant: Tenant, operation: Operation
) -> None:
    header = value()
    assert send(operation, **header).is_success
    rows = rows_of(operator, tenant.id)
    other = send(operation, **header, **{"If-Match": '"7"'})

    assert code_of(other) == (422, "idempotency-key-reused")
    assert errors.places_of(other) == [IDEMPOTENCY_KEY]
    assert "was used for another request. Send a new value." in other.text
    assert rows_of(operator, tenant.id) == rows


def test_each_part_of_the_request_counts(client: httpx.Client, tenant: Tenant) -> None:
    headers = tenant.key | value()
    assert client.post("/cases", json={"title": "x"}, headers=headers).status_code == 201
    others: list[dict[str, Any]] = [
        {"json": {"title": "y"}},
        {"content": b'{"title": "x" }', "headers": {"Content-Type": "application/json"}},
        {"json": {"title": "x"}, "headers": {"Content-Type": "application/json; charset=utf-8"}},
        {"json": {"title": "x"}, "headers": {"If-Match": "*"}},
        {"json": {"label": "x"}, "url": "/admin/api-keys"},
    ]
    for other in others:
        request = {"method": "POST", "url": "/cases"} | other | {"headers": headers | other.get("headers", {})}
        assert code_of(client.request(**request)) == (422, "idempotency-key-reused"), other


def test_a_value_can_be_bare_or_in_quotation_marks(client: httpx.Client, tenant: Tenant) -> None:
    plain = str(uuid4())
    answers = [
        client.post("/cases", json={"title": "x"}, headers=tenant.key | {IDEMPOTENCY_KEY: text})
        for text in (plain, f'"{plain}"', plain)
    ]

    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}


@pytest.mark.parametrize(
    "text",
    ["", '""', "a b", '"a b"', '"a', 'a"', '"a""', "a,b", "x" * 256, f'"{"x" * 256}"', "\u00e4", "a\tb"],
    ids=ascii,
)
def test_a_value_that_is_not_visible_ascii_is_refused(client: httpx.Client, tenant: Tenant, text: str) -> None:
    answer = client.post("/cases", json={"title": "x"}, headers=tenant.key | {IDEMPOTENCY_KEY: text.encode("latin-1")})  # type: ignore[dict-item]

    assert code_of(answer) == (400, "validation-failed")
    assert answer.json()["errors"][0]["pointer"] == IDEMPOTENCY_KEY


def test_the_longest_value_is_accepted(client: httpx.Client, tenant: Tenant) -> None:
    for text in ("x" * 255, f'"{"y" * 255}"'):
        assert (
            client.post("/cases", json={"title": "x"}, headers=tenant.key | {IDEMPOTENCY_KEY: text}).status_code == 201
        )


def test_the_largest_body_is_done_once_however_it_is_framed(
    service: Service, client: httpx.Client, tenant: Tenant
) -> None:
    headers = tenant.key | value() | {"Content-Type": "application/json"}
    text = json.dumps({"title": "x"}).encode()
    content = text + b" " * (BODY_MAX - len(text))

    def in_chunks(content: bytes) -> Iterator[bytes]:
        for start in range(0, len(content), 5000):
            yield content[start : start + 5000]

    first = client.post("/cases", content=content, headers=headers)
    again = client.post("/cases", content=in_chunks(content), headers=headers)
    other = client.post("/cases", content=in_chunks(content[:-1]), headers=headers)
    larger = client.post("/cases", content=content + b" ", headers=headers)

    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (code_of(other), code_of(larger)) == ((422, "idempotency-key-reused"), (413, "payload-too-large"))


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reads_ignore_the_header(client: httpx.Client, tenant: Tenant, method: str) -> None:
    headers = tenant.key | value()
    answers = [client.request(method, "/cases", headers=headers) for _ in range(2)]

    assert {answer.status_code for answer in answers} <= {200, 204}
    assert not any("Idempotent-Replayed" in answer.headers for answer in answers)
    assert client.post("/cases", json={"title": "x"}, headers=headers).status_code == 201


def test_a_repeated_change_with_an_old_etag_gets_its_success(new_case: NewCase) -> None:
    case, header = new_case(), {"Idempotency_Key": f'"{uuid4()}"'}
    first = case.ask("PATCH", body={"plan": "Rest."}, If_Match='"1"', **header)
    case.patch(plan="More rest.")
    again = case.ask("PATCH", body={"plan": "Rest."}, If_Match='"1"', **header)

    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert case.show()["plan"] == "More rest."


def test_a_repeated_finalize_signs_no_amendment_that_was_begun_since(new_case: NewCase) -> None:
    case, header = new_case(), {"Idempotency_Key": f'"{uuid4()}"'}
    first = case.ask("POST", "/finalize", SIGNING, If_Match="*", **header)
    case.amend()
    again = case.ask("POST", "/finalize", SIGNING, If_Match="*", **header)

    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert [one["revision"] for one in case.do("GET", "/revisions")["items"]] == [1]
    assert case.ask("GET", "/draft").status_code == 200


def test_a_repeated_amendment_begins_no_second_one(new_case: NewCase) -> None:
    case, header = new_case().reach("final"), {"Idempotency_Key": f'"{uuid4()}"'}
    first = case.ask("POST", "/amend", REASON, **header)
    case.finalize()
    again = case.ask("POST", "/amend", REASON, **header)

    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert case.ask("GET", "/draft").status_code == 404


def test_a_repeated_attestation_adds_no_second_signature(new_case: NewCase) -> None:
    case, header = new_case().reach("final"), {"Idempotency_Key": f'"{uuid4()}"'}
    answers = [case.ask("POST", "/attest", REVIEW, **header) for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert len(case.revision(1)["signatures"]) == 2


def test_a_repeated_rotation_makes_no_second_successor(client: httpx.Client, tenant: Tenant) -> None:
    headers = tenant.key | value()
    first, again = (client.post("/auth/api-keys/rotate", json={"grace_seconds": 60}, headers=headers) for _ in range(2))

    assert (first.status_code, code_of(again)) == (201, (409, "secret-not-replayable"))
    assert again.json()["id"] == first.json()["id"]
    listed = client.get("/admin/api-keys", headers=tenant.key).json()["items"]
    assert {key["id"] for key in listed} == {tenant.key_id, first.json()["id"]}


def test_an_error_leaves_the_value_unused(new_case: NewCase) -> None:
    case, header = new_case(), {"Idempotency_Key": f'"{uuid4()}"'}
    case.patch(author=None)
    refused = case.ask("POST", "/finalize", SIGNING, If_Match="*", **header)
    case.patch(author={"name": "Dr. Grete Beispiel"})
    done = case.ask("POST", "/finalize", SIGNING, If_Match="*", **header)

    assert (refused.status_code, done.status_code) == (422, 200)
    assert "Idempotent-Replayed" not in done.headers


def test_a_taken_external_id_leaves_the_value_unused(client: httpx.Client, tenant: Tenant) -> None:
    taken, headers = uuid4().hex, tenant.key | value()
    made = client.post("/cases", json={"title": "x", "external_id": taken}, headers=tenant.key)
    body = {"title": "y", "external_id": taken}
    refused = client.post("/cases", json=body, headers=headers)
    client.delete(f"/cases/{made.json()['id']}", headers=tenant.key | {"If-Match": "*"})

    assert code_of(refused) == (409, "external-id-taken")
    assert client.post("/cases", json=body, headers=headers).status_code == 201


def test_of_twenty_requests_at_once_one_is_done(service: Service, tenant: Tenant) -> None:
    headers = tenant.key | value()

    async def main() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=service.url, timeout=30) as client:
            return await asyncio.gather(*(client.post("/cases", json=CONSULTATION, headers=headers) for _ in range(20)))

    answers = asyncio.run(main())
    done = [answer for answer in answers if answer.status_code == 201]
    others = [code_of(answer) for answer in answers if answer.status_code != 201]
    listed = httpx.get(f"{service.url}/cases", headers=tenant.key).json()["items"]
    assert len(listed) == 1
    assert len({answer.content for answer in done}) == 1 and done
    assert set(others) <= {(409, "idempotency-in-progress")}


def test_a_request_in_progress_gives_409(client: httpx.Client, database: Database, tenant: Tenant) -> None:
    plain, body = str(uuid4()), {"title": "x"}
    with database.as_app() as other, other.transaction(force_rollback=True):
        other.execute(sql.SQL("SET LOCAL app.tenant_id = {}").format(tenant.id))
        other.execute(
            "INSERT INTO idempotency_keys (tenant_id, lineage_id, value_sha256, fingerprint) VALUES (%s, %s, %s, %s)",
            [tenant.id, tenant.key_id, hashlib.sha256(plain.encode()).hexdigest(), "0" * 64],
        )
        waiting = client.post("/cases", json=body, headers=tenant.key | {IDEMPOTENCY_KEY: plain})
    done = client.post("/cases", json=body, headers=tenant.key | {IDEMPOTENCY_KEY: plain})

    assert code_of(waiting) == (409, "idempotency-in-progress")
    assert waiting.headers["Retry-After"] == "1"
    assert done.status_code == 201


def test_a_value_belongs_to_the_key_and_its_successors(
    client: httpx.Client, tenant: Tenant, make_tenant: MakeTenant
) -> None:
    header, body = value(), {"title": "x"}
    first = client.post("/cases", json=body, headers=tenant.key | header)
    other = client.post("/admin/api-keys", json={"label": "other"}, headers=tenant.key).json()["api_key"]
    successor = client.post("/auth/api-keys/rotate", json={"grace_seconds": 60}, headers=tenant.key).json()["api_key"]
    second = client.post("/auth/api-keys/rotate", headers={"X-API-Key": successor}).json()["api_key"]
    answers = {
        name: client.post("/cases", json=body, headers=key | header)
        for name, key in {
            "the key in its grace period": tenant.key,
            "the successor's successor": {"X-API-Key": second},
            "another key": {"X-API-Key": other},
            "another tenant": make_tenant().key,
        }.items()
    }

    replayed = {name for name, answer in answers.items() if answer.content == first.content}
    assert replayed == {"the key in its grace period", "the successor's successor"}
    assert {answer.status_code for answer in answers.values()} == {201}
    assert len({answer.json()["id"] for answer in answers.values()}) == 3


def test_a_revoked_key_reads_no_stored_answer(client: httpx.Client, tenant: Tenant) -> None:
    made = client.post("/admin/api-keys", json={"label": "other"}, headers=tenant.key).json()
    headers = {"X-API-Key": made["api_key"]} | value()
    assert client.post("/cases", json={"title": "x"}, headers=headers).status_code == 201
    client.post(f"/admin/api-keys/revoke/{made['id']}", headers=tenant.key)

    assert code_of(client.post("/cases", json={"title": "x"}, headers=headers)) == (401, "key-revoked")


def test_a_key_that_lost_its_role_reads_no_stored_answer(
    client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    headers = tenant.key | value()
    assert client.post("/admin/api-keys", json={"label": "x"}, headers=headers).status_code == 201
    operator.execute("UPDATE api_keys SET role = 'user' WHERE id = %s", [tenant.key_id])

    assert code_of(client.post("/admin/api-keys", json={"label": "x"}, headers=headers)) == (403, "role-required")


def test_erased_content_stays_erased(new_case: NewCase, operator: psycopg.Connection[Any]) -> None:
    case = new_case()
    headers = {name: {"Idempotency_Key": f'"{uuid4()}"'} for name in ("change", "erase")}
    case.ask("PATCH", body={"history": "Boathouse accident."}, If_Match="*", **headers["change"])
    erase = {"sections": ["history"]}
    first = case.ask("POST", "/erase-subject", erase, **headers["erase"])
    again = case.ask("PATCH", body={"history": "Boathouse accident."}, If_Match="*", **headers["change"])
    repeated = case.ask("POST", "/erase-subject", erase, **headers["erase"])

    assert code_of(again) == (409, "answer-erased")
    assert (first.status_code, repeated.status_code, repeated.content) == (200, 200, first.content)
    assert (case.show()["history"], case.show()["subject"]) == (None, None)
    stored = operator.execute("SELECT body FROM idempotency_keys WHERE case_id = %s", [case.id]).fetchall()
    assert sorted(body is None for (body,) in stored) == [False, True]
    assert "Boathouse" not in str(stored)


def test_an_erasure_empties_the_answer_of_an_earlier_one(new_case: NewCase) -> None:
    case, header = new_case(), {"Idempotency_Key": f'"{uuid4()}"'}
    case.ask("POST", "/erase-subject", {"sections": ["history"]}, **header)
    case.do("POST", "/erase-subject", {"sections": ["plan"]})

    assert code_of(case.ask("POST", "/erase-subject", {"sections": ["history"]}, **header)) == (409, "answer-erased")


def test_an_erasure_empties_the_answer_of_the_creation(
    client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    headers = tenant.key | value()
    case_id = client.post("/cases", json=CONSULTATION, headers=headers).json()["id"]
    client.post(f"/cases/{case_id}/erase-subject", headers=tenant.key)

    assert code_of(client.post("/cases", json=CONSULTATION, headers=headers)) == (409, "answer-erased")
    assert operator.execute("SELECT body FROM idempotency_keys WHERE tenant_id = %s", [tenant.id]).fetchall() == [
        (None,)
    ]


def test_a_repeated_request_is_metered_and_logged_as_an_access(
    client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    headers = tenant.key | value()
    answers = [client.post("/cases", json=CONSULTATION, headers=headers) for _ in range(3)]
    (events,) = operator.execute("SELECT count(*) FROM usage_events WHERE tenant_id = %s", [tenant.id]).fetchall()
    logged = operator.execute("SELECT request_id, operation FROM access_log WHERE tenant_id = %s", [tenant.id])

    assert events == (3,)
    assert {(str(request), operation) for request, operation in logged} == {
        (answer.headers["X-Request-Id"], "create_case") for answer in answers
    }
    # Every call counts.
    assert [answer.headers["RateLimit"] for answer in answers] == [
        f'"free-calls";r={left}' for left in (1000, 999, 998)
    ]


def test_after_24_hours_a_value_is_new(client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any]) -> None:
    headers = tenant.key | value()
    first, again = (client.post("/cases", json={"title": "x"}, headers=headers) for _ in range(2))
    operator.execute(
        "UPDATE idempotency_keys SET created_at = now() - interval '1 day' WHERE tenant_id = %s", [tenant.id]
    )
    later = client.post("/cases", json={"title": "x"}, headers=headers)

    assert again.content == first.content
    assert (later.status_code, "Idempotent-Replayed" in later.headers) == (201, False)
    assert later.json()["id"] != first.json()["id"]


def test_a_repeated_bootstrap_makes_one_tenant(client: httpx.Client, operator: psycopg.Connection[Any]) -> None:
    token, names = {"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}, [f"tenant-{uuid4().hex}" for _ in range(3)]
    headers = token | value()
    first = client.post("/bootstrap", json={"tenant_name": names[0]}, headers=headers)
    tenant_id = first.json()["tenant_id"]
    again = client.post("/bootstrap", json={"tenant_name": names[0]}, headers=headers)
    other = client.post("/bootstrap", json={"tenant_name": names[1]}, headers=headers)
    operator.execute(
        "UPDATE idempotency_keys SET created_at = now() - interval '1 day' WHERE tenant_id = %s", [tenant_id]
    )
    later = client.post("/bootstrap", json={"tenant_name": names[2]}, headers=headers)

    assert (first.status_code, code_of(again)) == (201, (409, "secret-not-replayable"))
    assert again.json()["tenant_id"] == tenant_id
    assert code_of(other) == code_of(later) == (422, "idempotency-key-reused")
    found = operator.execute("SELECT name FROM tenant_names WHERE name = ANY (%s)", [names]).fetchall()
    assert found == [(names[0],)]
    assert operator.execute("SELECT count(*) FROM api_keys WHERE tenant_id = %s", [tenant_id]).fetchone() == (1,)
