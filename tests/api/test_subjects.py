"""All cases of a subject: their export, and their erasure in slices."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from clincore.db.queries.subjects import CASES_AT_ONCE
from clincore.records.drafts import to_store
from support.cases import CONSULTATION, SIGNING
from support.lifecycle import REASON, Case
from support.rows import insert
from support.tenants import MakeTenant, Tenant

Json = dict[str, Any]
EXPORT, ERASE = "/admin/subjects/export", "/admin/subjects/erase"
FHIR = {"Accept": "application/fhir+ndjson"}
SYSTEM = "urn:example:patients"


@pytest.fixture
def identifier() -> Json:
    return {"system": SYSTEM, "value": uuid4().hex}


def of(identifier: Json) -> Json:
    """A case of the subject."""
    return {"subject": {"identifiers": [identifier], "gender": "female", "name": "Ada Example"}}


def exported(client: httpx.Client, tenant: Tenant, identifier: Json, **headers: str) -> list[Json]:
    answer = client.post(EXPORT, json={"identifier": identifier}, headers=tenant.key | headers)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.split("\n")[:-1]]


def erase(client: httpx.Client, tenant: Tenant, identifier: Json, **more: Any) -> Json:
    answer = client.post(ERASE, json={"identifier": identifier} | more, headers=tenant.key)
    assert answer.status_code == 200, answer.text
    receipt: Json = answer.json()
    assert receipt["request_id"] == answer.headers["X-Request-Id"]
    assert receipt["done"] == (receipt["remaining"] == 0)
    return receipt


def insert_cases(operator: psycopg.Connection[Any], tenant: Tenant, identifier: Json, number: int) -> None:
    content = json.dumps(to_store(CONSULTATION | of(identifier)))
    case = {"tenant_id": tenant.id, "title": "x", "content": content, "created_by": tenant.key_id}
    subject = {"subject_system": identifier["system"], "subject_value": identifier["value"]}
    insert(operator, "cases", ({"id": uuid4()} | case | subject for _ in range(number)))


def test_an_export_has_all_cases_of_the_subject_and_no_other(
    client: httpx.Client, tenant: Tenant, identifier: Json, operator: psycopg.Connection[Any]
) -> None:
    insert_cases(operator, tenant, identifier, CASES_AT_ONCE + 3)
    signed = Case(client, tenant, **of(identifier)).reach("amending")
    for other in ({"value": identifier["value"], "system": "urn:example:others"}, identifier | {"value": "x"}):
        Case(client, tenant, **of(other))

    found = exported(client, tenant, identifier)

    assert len(found) == CASES_AT_ONCE + 4
    assert [case["id"] for case in found] == sorted({case["id"] for case in found})
    assert {case["subject"]["identifiers"][0]["value"] for case in found} == {identifier["value"]}
    assert signed.show() in found
    documents = exported(client, tenant, identifier, **FHIR)
    assert [document["entry"][0]["resource"]["id"] for document in documents] == [case["id"] for case in found]
    assert json.loads(signed.ask("GET", "/document").text) in documents


def test_an_export_leaves_an_entry_for_each_case(
    client: httpx.Client, tenant: Tenant, identifier: Json, operator: psycopg.Connection[Any]
) -> None:
    insert_cases(operator, tenant, identifier, 3)

    answer = client.post(EXPORT, json={"identifier": identifier}, headers=tenant.key)

    query = "SELECT case_id::text, operation, filter, request_id::text FROM access_log WHERE tenant_id = %s ORDER BY 1"
    ids = [json.loads(line)["id"] for line in answer.text.splitlines()]
    entry = ("export_subject_cases", None, answer.headers["X-Request-Id"])
    assert operator.execute(query, [tenant.id]).fetchall() == [(case_id, *entry) for case_id in ids]


def test_an_erasure_deletes_the_subject_and_the_sections_from_every_case_and_revision(
    client: httpx.Client, tenant: Tenant, identifier: Json, operator: psycopg.Connection[Any]
) -> None:
    cases = [Case(client, tenant, **of(identifier)).reach(state) for state in ("draft", "cancelled", "amended")]
    cases.append(Case(client, tenant, **of(identifier)).reach("amending"))
    other = Case(client, tenant, **of(identifier | {"value": "other"})).reach("final")
    before = other.show()

    receipt = erase(client, tenant, identifier, sections=["plan"])

    assert (receipt["done"], receipt["remaining"]) == (True, 0)
    assert sorted(receipt["cases"]) == sorted(case.id for case in cases)
    # The amended case has two revisions.
    assert receipt["revisions"] == 3
    assert receipt["texts"] == [{"field": "subject", "count": 3}, {"field": "plan", "count": 3}]
    for case in cases:
        shown = case.show()
        assert (shown["subject"], shown["plan"]) == (None, None)
        assert shown["history"] is not None
        assert shown["erased"] == (["subject", "plan"] if shown["revision"] else [])
    assert cases[2].replay()["valid"] and cases[3].replay()["valid"]
    assert cases[3].do("GET", "/draft")["subject"] is None
    assert other.show() == before
    kept = (
        "SELECT id::text FROM cases"
        " WHERE tenant_id = %(id)s AND (content::text LIKE %(text)s OR subject_value LIKE %(text)s)"
        " UNION ALL SELECT value_sha256 FROM idempotency_keys WHERE tenant_id = %(id)s AND body LIKE %(text)s"
    )
    assert operator.execute(kept, {"id": tenant.id, "text": f"%{identifier['value']}%"}).fetchall() == []
    assert exported(client, tenant, identifier) == []
    entries = "SELECT case_id::text FROM access_log WHERE tenant_id = %s AND request_id = %s AND operation = %s"
    logged = operator.execute(entries, [tenant.id, receipt["request_id"], "erase_subject_cases"]).fetchall()
    assert sorted(case_id for (case_id,) in logged) == sorted(receipt["cases"])


def test_an_erasure_goes_on_in_slices_and_a_repetition_changes_nothing(
    client: httpx.Client, tenant: Tenant, identifier: Json, operator: psycopg.Connection[Any]
) -> None:
    insert_cases(operator, tenant, identifier, 2 * CASES_AT_ONCE + 1)

    receipts = [erase(client, tenant, identifier) for _ in range(4)]

    assert [len(receipt["cases"]) for receipt in receipts] == [CASES_AT_ONCE, CASES_AT_ONCE, 1, 0]
    assert [receipt["remaining"] for receipt in receipts] == [CASES_AT_ONCE + 1, 1, 0, 0]
    assert len({case_id for receipt in receipts for case_id in receipt["cases"]}) == 2 * CASES_AT_ONCE + 1


def test_a_repeated_request_gets_its_receipt_again(client: httpx.Client, tenant: Tenant, identifier: Json) -> None:
    Case(client, tenant, **of(identifier))
    headers = tenant.key | {"Idempotency-Key": uuid4().hex}

    first, again = (client.post(ERASE, json={"identifier": identifier}, headers=headers) for _ in range(2))

    assert (len(first.json()["cases"]), again.json()) == (1, first.json())


def test_another_tenants_subject_is_like_one_that_never_existed(
    client: httpx.Client, make_tenant: MakeTenant, identifier: Json
) -> None:
    mine, theirs = make_tenant(), make_tenant()
    case = Case(client, theirs, **of(identifier))
    before = case.show()
    unknown = identifier | {"value": uuid4().hex}

    for name in (EXPORT, ERASE):
        answers = [client.post(name, json={"identifier": each}, headers=mine.key) for each in (identifier, unknown)]
        shown = [
            {key: value for key, value in answer.json().items() if key not in ("request_id", "erased_at")}
            if answer.content
            else None
            for answer in answers
        ]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert shown[0] == shown[1]
    assert case.show() == before
    assert client.get("/admin/access-log", headers=mine.key).json() == {"items": []}


def test_cases_that_are_created_or_amended_during_an_erasure_are_erased_or_reported(
    client: httpx.Client, tenant: Tenant, identifier: Json
) -> None:
    cases = [Case(client, tenant, **of(identifier)).reach("amending" if n % 2 else "draft") for n in range(12)]
    stopping = Event()
    made: list[Case] = []

    def create(number: int) -> None:
        while True:
            case = Case(client, tenant, **of(identifier))
            made.append(case)
            if number % 2:
                case.ask("POST", "/finalize", SIGNING, If_Match="*")
            if stopping.is_set():
                return

    def amend(number: int) -> None:
        for case in cases[number::2]:
            for method, path, body in (
                ("PATCH", "", {"plan": uuid4().hex}),
                ("POST", "/finalize", SIGNING),
                ("POST", "/amend", REASON),
            ):
                answer = case.ask(method, path, body, If_Match="*")
                assert answer.status_code in (200, 409, 422), answer.text

    with ThreadPoolExecutor(6) as pool:
        writers = [pool.submit(create, number) for number in range(2)]
        writers += [pool.submit(amend, number) for number in range(2)]
        receipts = [erase(client, tenant, identifier) for _ in range(20)]
        stopping.set()
        for writer in writers:
            writer.result()
    receipts.append(erase(client, tenant, identifier))
    while not receipts[-1]["done"]:
        receipts.append(erase(client, tenant, identifier))

    assert {case_id for receipt in receipts for case_id in receipt["cases"]} >= {case.id for case in (*cases, *made)}
    for case in (*cases, *made):
        shown = case.show()
        assert shown["subject"] is None
        assert not shown["revision"] or case.replay()["valid"]


def test_two_erasures_at_once_erase_each_case_once(
    client: httpx.Client, tenant: Tenant, identifier: Json, operator: psycopg.Connection[Any]
) -> None:
    insert_cases(operator, tenant, identifier, 3 * CASES_AT_ONCE)
    body = {"label": "other", "role": "admin"}
    made = [client.post("/admin/api-keys", json=body, headers=tenant.key).json()["api_key"] for _ in range(3)]
    keys = [tenant.key, *({"X-API-Key": api_key} for api_key in made)]

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(client.post, ERASE, json={"identifier": identifier}, headers=key) for key in keys]
        answers = [one.result() for one in asked]

    assert {answer.status_code for answer in answers} <= {200, 503}
    erased = [case_id for answer in answers if answer.is_success for case_id in answer.json()["cases"]]
    assert len(erased) == len(set(erased)) >= CASES_AT_ONCE


@pytest.mark.parametrize("path", [EXPORT, ERASE])
def test_both_operations_require_an_admin(
    client: httpx.Client, make_tenant: MakeTenant, identifier: Json, path: str
) -> None:
    refused = client.post(path, json={"identifier": identifier}, headers=make_tenant(role="user").key)

    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-required")
