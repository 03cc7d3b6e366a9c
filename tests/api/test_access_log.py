"""The access log: one row for each read or change of a case, in the same transaction, without the case's content."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg import errors, sql

from support.cases import CONSULTATION, SIGNING, make_case
from support.contract import CONTRACT
from support.database import Database
from support.feed import wait_until_numbered
from support.paths import make_folder
from support.service import Service, checked_client, serve
from support.tenants import MakeTenant, Tenant, bootstrap

Json = dict[str, Any]
Entries = Callable[[Tenant], list[Json]]

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}
REVIEW = SIGNING | {"meaning": "review"}


@pytest.fixture(scope="module")
def entries(operator: psycopg.Connection[Any]) -> Entries:
    """A tenant's rows, oldest first."""

    def read(tenant: Tenant) -> list[Json]:
        query = "SELECT row_to_json(a) FROM access_log AS a WHERE tenant_id = %s ORDER BY created_at, id"
        return [row for (row,) in operator.execute(query, [tenant.id])]

    return read


def ask(
    client: httpx.Client, key: Json, method: str, path: str, body: Json | None = None, **more: str
) -> httpx.Response:
    headers = key | {name.replace("_", "-"): value for name, value in more.items()}
    if body is not None:
        headers |= MERGE_PATCH if method == "PATCH" else {"Content-Type": "application/json"}
    return client.request(method, path, headers=headers, content=None if body is None else json.dumps(body))


# The operations on a case, in an order in which all succeed: operationId, method, path, body.
LIFE: list[tuple[str, str, str, Json | None]] = [
    ("get_case", "GET", "", None),
    ("get_draft", "GET", "/draft", None),
    ("update_case", "PATCH", "", {"plan": "Rest."}),
    ("finalize_case", "POST", "/finalize", SIGNING),
    ("finalize_case", "POST", "/finalize", SIGNING),
    ("list_revisions", "GET", "/revisions", None),
    ("get_revision", "GET", "/revisions/1", None),
    ("get_document", "GET", "/document", None),
    ("attest_case", "POST", "/attest", REVIEW),
    ("attest_case", "POST", "/attest", REVIEW),
    ("amend_case", "POST", "/amend", {"reason": "x"}),
    ("cancel_case", "DELETE", "", None),
    ("erase_subject", "POST", "/erase-subject", None),
    ("erase_subject", "POST", "/erase-subject", None),
    ("verify_replay", "POST", "/verify-replay", None),
    ("void_case", "POST", "/void", {"reason": "x"} | SIGNING),
    ("void_case", "POST", "/void", {"reason": "x"} | SIGNING),
]


def test_each_operation_on_a_case_is_logged_once_with_key_and_request_id(
    client: httpx.Client, tenant: Tenant, entries: Entries
) -> None:
    made = client.post("/cases", json=CONSULTATION, headers=tenant.key)
    case_id = made.json()["id"]
    key_id, label = tenant.key_id, f"bootstrap-{tenant.name}"
    expected = [("create_case", case_id, key_id, label, made.headers["X-Request-Id"], None, None)]
    for operation, method, path, body in LIFE:
        more = {"If_Match": "*"} if method in ("PATCH", "DELETE") or path == "/finalize" else {}
        answer = ask(client, tenant.key, method, f"/cases/{case_id}{path}", body, **more)
        assert answer.status_code == 200, (operation, answer.text)
        expected.append((operation, case_id, key_id, label, answer.headers["X-Request-Id"], None, None))

    columns = ("operation", "case_id", "key_id", "key_label", "request_id", "filter", "count")
    assert [tuple(row[column] for column in columns) for row in entries(tenant)] == expected
    known = {operation.id for operation in CONTRACT.operations if operation.path.startswith("/cases/{case_id}")}
    # Reading the log is not logged, so the log does not grow while a client pages through it.
    assert known - {operation for operation, *_ in LIFE} == {"list_case_accesses"}
    assert client.get(f"/cases/{case_id}/access-log", headers=tenant.key).status_code == 200
    assert len(entries(tenant)) == len(expected)


def test_the_log_names_the_key_that_was_used(client: httpx.Client, tenant: Tenant, entries: Entries) -> None:
    case_id = make_case(client, tenant.key)
    body = {"label": "ward 7", "role": "user"}
    key = client.post("/admin/api-keys", json=body, headers=tenant.key).json()

    client.get(f"/cases/{case_id}", headers={"X-API-Key": key["api_key"]})

    last = entries(tenant)[-1]
    assert (last["key_id"], last["key_label"], last["operation"]) == (key["id"], "ward 7", "get_case")


def test_a_read_answered_304_is_logged(client: httpx.Client, tenant: Tenant, entries: Entries) -> None:
    case_id = make_case(client, tenant.key)

    answer = client.get(f"/cases/{case_id}", headers=tenant.key | {"If-None-Match": '"1"'})

    assert answer.status_code == 304
    assert entries(tenant)[-1]["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("state", "method", "path", "body", "if_match", "status"),
    [
        ("draft", "PATCH", "", {"plan": "x"}, '"9"', 412),
        ("draft", "PATCH", "", {"plan": "x"}, None, 400),
        ("draft", "PATCH", "", {"author": {"organization": {"name": None}}}, "*", 422),
        ("draft", "PATCH", "", {"external_id": "taken"}, "*", 409),
        ("draft", "DELETE", "", None, '"9"', 412),
        ("draft", "POST", "/finalize", SIGNING, '"9"', 412),
        ("draft", "POST", "/finalize", {}, "*", 400),
        ("draft", "POST", "/finalize", SIGNING, None, 400),
        ("draft", "POST", "/amend", {"reason": "x"}, None, 409),
        ("draft", "POST", "/void", {"reason": "x"} | SIGNING, None, 409),
        ("draft", "POST", "/attest", REVIEW, None, 409),
        ("draft", "GET", "/revisions/1", None, None, 404),
        ("final", "GET", "/draft", None, None, 404),
        ("final", "GET", "/revisions/2", None, None, 404),
        ("final", "PATCH", "", {"plan": "x"}, "*", 409),
        ("final", "DELETE", "", None, "*", 409),
        ("final", "POST", "/finalize", REVIEW, "*", 409),
        ("final", "POST", "/amend", {"reason": "x"}, '"9"', 412),
        ("final", "POST", "/void", {"reason": "x"} | SIGNING, '"9"', 412),
        ("final", "POST", "/attest", REVIEW, '"9"', 412),
    ],
)
def test_a_refused_request_is_not_logged(
    client: httpx.Client,
    tenant: Tenant,
    entries: Entries,
    state: str,
    method: str,
    path: str,
    body: Json | None,
    if_match: str | None,
    status: int,
) -> None:
    client.post("/cases", json={"title": "Other", "external_id": "taken"}, headers=tenant.key)
    case_id = make_case(client, tenant.key, is_signed=state == "final")
    before = entries(tenant)
    more = {"If_Match": if_match} if if_match else {}

    answer = ask(client, tenant.key, method, f"/cases/{case_id}{path}", body, **more)

    assert answer.status_code == status, answer.text
    assert entries(tenant) == before


def test_missing_cases_and_failed_creations_are_not_logged(
    client: httpx.Client, make_tenant: MakeTenant, entries: Entries
) -> None:
    mine, theirs = make_tenant(), make_tenant()
    case_id = make_case(client, theirs.key, is_signed=True)
    client.post("/cases", json={"title": "x", "external_id": "x"}, headers=mine.key)
    before = entries(mine), entries(theirs)

    for missing in (case_id, str(uuid4())):
        for _, method, path, body in LIFE:
            more = {"If_Match": "*"} if method in ("PATCH", "DELETE") or path == "/finalize" else {}
            assert ask(client, mine.key, method, f"/cases/{missing}{path}", body, **more).status_code == 404
    again = client.post("/cases", json={"title": "x", "external_id": "x"}, headers=mine.key)
    assert again.status_code == 409
    assert (entries(mine), entries(theirs)) == before


def test_a_list_is_logged_once_with_its_filters_and_count(
    client: httpx.Client, tenant: Tenant, entries: Entries
) -> None:
    for number in range(3):
        client.post("/cases", json=CONSULTATION | {"external_id": f"e-{number}"}, headers=tenant.key)
    asked = {
        "status": "draft",
        "type": "http://loinc.org|11488-4",
        "created_since": "2020-01-01T00:00:00Z",
        "created_before": "2999-01-01T00:00:00+01:00",
        "updated_since": "2020-01-01T00:00:00Z",
        "updated_before": "2999-01-01T00:00:00Z",
    }
    personal = {"subject": "P-10082", "tag": "neurology", "external_id": "e-1"}
    for parameters, filter_, count in (
        ({}, {}, 3),
        ({"limit": 2}, {}, 2),
        ({"status": "final"}, {"status": "final"}, 0),
        (asked | personal, asked | {name: True for name in personal}, 1),
    ):
        answer = client.get("/cases", params=parameters, headers=tenant.key)
        assert len(answer.json()["items"]) == count
        last = entries(tenant)[-1]
        assert (last["operation"], last["case_id"], last["filter"], last["count"]) == (
            "list_cases",
            None,
            filter_,
            count,
        )
        assert last["request_id"] == answer.headers["X-Request-Id"]
    assert len(entries(tenant)) == 3 + 4
    assert client.get("/cases?status=none", headers=tenant.key).status_code == 400
    assert len(entries(tenant)) == 3 + 4


def test_the_log_has_no_content_of_cases(client: httpx.Client, tenant: Tenant, entries: Entries) -> None:
    made = client.post("/cases", json=CONSULTATION | {"external_id": "encounter-77"}, headers=tenant.key).json()
    for _, method, path, body in LIFE:
        more = {"If_Match": "*"} if method in ("PATCH", "DELETE") or path == "/finalize" else {}
        ask(client, tenant.key, method, f"/cases/{made['id']}{path}", body, **more)
    client.get("/cases?subject=P-10082&tag=neurology&external_id=encounter-77", headers=tenant.key)

    text = json.dumps(entries(tenant))
    for word in ("Ada", "P-10082", "migraine", "Beispiel", "neurology", "encounter-77", "Throbbing", "outpatients"):
        assert word not in text


def test_the_service_cannot_change_the_log(client: httpx.Client, tenant: Tenant, database: Database) -> None:
    make_case(client, tenant.key)
    with database.as_app() as connection, connection.transaction(force_rollback=True):
        connection.execute(sql.SQL("SET LOCAL app.tenant_id = {}").format(tenant.id))
        columns = connection.execute("SELECT * FROM access_log").description or ()
        statements = [f"UPDATE access_log SET {column.name} = {column.name}" for column in columns]
        for statement in [*statements, "DELETE FROM access_log", "TRUNCATE access_log"]:
            with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)


def pages(client: httpx.Client, tenant: Tenant, path: str) -> list[Json]:
    found: list[Json] = []
    parameters: Json = {"limit": 3}
    while True:
        page = client.get(path, params=parameters, headers=tenant.key).json()
        found += page["items"]
        if "next_cursor" not in page:
            return found
        parameters["cursor"] = page["next_cursor"]


def test_admins_page_through_the_log_of_one_case_and_of_all_cases(
    client: httpx.Client, make_tenant: MakeTenant, entries: Entries
) -> None:
    tenant, other = make_tenant(), make_tenant()
    case_id, second = make_case(client, tenant.key, is_signed=True), make_case(client, tenant.key)
    make_case(client, other.key)
    for _ in range(4):
        client.get(f"/cases/{case_id}", headers=tenant.key)
        client.get("/cases", headers=tenant.key)

    of_all_cases = pages(client, tenant, "/admin/access-log")
    of_case = pages(client, tenant, f"/cases/{case_id}/access-log")

    assert [row["id"] for row in of_all_cases] == [row["id"] for row in entries(tenant)][::-1]
    assert of_case == [row for row in of_all_cases if row["case_id"] == case_id]
    assert [row["operation"] for row in of_case] == ["get_case"] * 4 + ["finalize_case", "create_case"]
    assert [row["case_id"] for row in pages(client, tenant, f"/cases/{second}/access-log")] == [second]
    assert client.get("/admin/access-log?limit=100", headers=tenant.key).json() == {"items": of_all_cases}
    assert client.get(f"/cases/{case_id}/access-log", headers=other.key).status_code == 404


def test_admins_filter_the_log_by_case_key_and_time(client: httpx.Client, make_tenant: MakeTenant) -> None:
    tenant, other = make_tenant(), make_tenant()
    made = client.post("/admin/api-keys", json={"label": "second"}, headers=tenant.key).json()
    second = {"X-API-Key": made["api_key"]}
    case_id, foreign = make_case(client, tenant.key), make_case(client, other.key)
    client.get(f"/cases/{case_id}", headers=second)
    client.get("/cases", headers=second)
    log = pages(client, tenant, "/admin/access-log")

    def filtered(**filters: str) -> list[Json]:
        answer = client.get("/admin/access-log", params=filters, headers=tenant.key)
        assert answer.status_code == 200, answer.text
        found: list[Json] = answer.json()["items"]
        return found

    assert [row["operation"] for row in filtered(key_id=made["id"])] == ["list_cases", "get_case"]
    assert filtered(case_id=case_id) == [row for row in log if row["case_id"] == case_id]
    assert [row["operation"] for row in filtered(case_id=case_id, key_id=made["id"])] == ["get_case"]
    middle = log[1]["created_at"]
    assert filtered(since=middle) == [row for row in log if row["created_at"] >= middle]
    assert filtered(before=middle) == [row for row in log if row["created_at"] < middle]
    assert filtered(since=middle, before=middle) == []
    assert filtered(case_id=foreign) == filtered(key_id=other.key_id) == []
    first = client.get("/admin/access-log", params={"key_id": made["id"], "limit": 1}, headers=tenant.key).json()
    assert filtered(key_id=made["id"], cursor=first["next_cursor"]) == filtered(key_id=made["id"])[1:]


def test_reading_the_log_requires_an_admin(client: httpx.Client, make_tenant: MakeTenant) -> None:
    tenant = make_tenant(role="user")
    case_id = make_case(client, tenant.key)

    for path in (f"/cases/{case_id}/access-log", "/admin/access-log"):
        refused = client.get(path, headers=tenant.key)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-required")


@pytest.fixture(scope="module")
def own_service(migrated_database: Callable[[], Database]) -> Iterator[Service]:
    with make_folder() as folder, serve(migrated_database(), folder) as running:
        yield running


def test_an_access_that_cannot_be_logged_fails(own_service: Service) -> None:
    tables = ("cases", "case_tags", "case_revisions", "signatures", "case_disclosures", "access_log")
    with checked_client(own_service.url) as client, own_service.database.as_owner() as owner:

        def rows() -> list[Any]:
            return [owner.execute(f"SELECT to_jsonb(t) FROM {table} AS t ORDER BY 1").fetchall() for table in tables]

        tenant = bootstrap(client)
        key = tenant.key
        draft, final = make_case(client, key), make_case(client, key, is_signed=True)
        amending = make_case(client, key, is_signed=True)
        assert ask(client, key, "POST", f"/cases/{amending}/amend", {"reason": "x"}).status_code == 200
        wait_until_numbered(owner, tenant.id)
        owner.execute("REVOKE INSERT ON access_log FROM clincore_app")
        before = rows()

        statuses = {}
        for operation, method, path, body in [
            ("create_case", "POST", "/cases", CONSULTATION),
            ("list_cases", "GET", "/cases", None),
            ("search_cases", "POST", "/cases/search", {}),
            ("get_case", "GET", f"/cases/{draft}", None),
            ("get_draft", "GET", f"/cases/{draft}/draft", None),
            ("update_case", "PATCH", f"/cases/{draft}", {"plan": "Rest.", "tags": ["x"]}),
            ("cancel_case", "DELETE", f"/cases/{draft}", None),
            ("finalize_case", "POST", f"/cases/{draft}/finalize", SIGNING),
            ("repeated finalize_case", "POST", f"/cases/{final}/finalize", SIGNING),
            ("finalize_case of an amendment", "POST", f"/cases/{amending}/finalize", SIGNING),
            ("amend_case", "POST", f"/cases/{final}/amend", {"reason": "x"}),
            ("void_case", "POST", f"/cases/{final}/void", {"reason": "x"} | SIGNING),
            ("attest_case", "POST", f"/cases/{final}/attest", REVIEW),
            ("erase_subject", "POST", f"/cases/{final}/erase-subject", None),
            ("verify_replay", "POST", f"/cases/{final}/verify-replay", None),
            ("list_revisions", "GET", f"/cases/{final}/revisions", None),
            ("get_revision", "GET", f"/cases/{final}/revisions/1", None),
            ("get_document", "GET", f"/cases/{final}/document", None),
        ]:
            more = {"If_Match": "*"} if method in ("PATCH", "DELETE") or path.endswith("/finalize") else {}
            statuses[operation] = ask(client, key, method, path, body, **more).status_code

        assert set(statuses.values()) == {500}, statuses
        assert rows() == before
        owner.execute("GRANT INSERT ON access_log TO clincore_app")
        assert client.get(f"/cases/{draft}", headers=key).status_code == 200
