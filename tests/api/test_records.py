"""The life of a case over HTTP: finalize, amend, void, attest, and what nobody can change any more."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import errors, sql

from support.cases import CONSULTATION, SIGNING, make_case
from support.contract import CONTRACT
from support.database import Database
from support.tenants import MakeTenant, Tenant

Json = dict[str, Any]

REVIEW = {"signer": {"name": "Prof. Karl Muster", "role": "Head of department"}, "meaning": "review"}
REASON = {"reason": "The laboratory corrected a value."}
CLINICAL = ("reason", "history", "assessment", "plan", "conditions", "observations", "medications", "allergies")
STATES = ("draft", "final", "amending", "amended", "cancelled", "entered_in_error")


class Case:
    """A case and what can be done with it, as its tenant's admin."""

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
        return self.do("POST", "/finalize", signing)

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
        """Lead the case from a draft to one of STATES."""
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


@pytest.fixture
def new_case(client: httpx.Client, tenant: Tenant) -> NewCase:
    return lambda **more: Case(client, tenant, **more)


@pytest.fixture
def case(new_case: NewCase) -> Case:
    return new_case()


@pytest.fixture
def as_tenant(database: Database, tenant: Tenant) -> Iterator[psycopg.Connection[Any]]:
    """What the service is to PostgreSQL, in a transaction of the tenant."""
    with database.as_app() as connection, connection.transaction(force_rollback=True):
        connection.execute(sql.SQL("SET LOCAL app.tenant_id = {}").format(tenant.id))
        yield connection


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("patch", "pointers"),
    [
        ({"subject": None}, ["/subject/identifier"]),
        ({"author": None}, ["/author"]),
        ({"author": None, "subject": None}, ["/subject/identifier", "/author"]),
    ],
)
def test_finalizing_names_what_lacks_and_signs_nothing(case: Case, patch: Json, pointers: list[str]) -> None:
    before = case.patch(**patch)

    refused = case.ask("POST", "/finalize", SIGNING)

    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/case-invalid")
    assert [error["pointer"] for error in refused.json()["errors"]] == pointers
    assert case.show() == before
    assert case.do("GET", "/revisions")["items"] == []


def test_finalizing_keeps_the_content_and_signs_it_with_signer_meaning_and_time(case: Case) -> None:
    draft = case.show()

    final = case.finalize()

    assert final == draft | {
        "status": "final",
        "revision": 1,
        "version": 2,
        "updated_at": final["updated_at"],
        "finalized_at": final["finalized_at"],
    }
    assert case.show() == final
    revision = case.revision(1)
    signed = json.loads(revision["signed"])
    clear = {name: value for name, value in CONSULTATION.items() if name not in revision["disclosures"]}
    assert {name: signed[name] for name in clear} == clear
    assert {name: signed[name] for name in SIGNING} == SIGNING
    assert (signed["case_id"], signed["tenant_id"], signed["previous_sha256"]) == (case.id, case.tenant.id, None)
    assert signed["signed_at"] == revision["signatures"][0]["signed_at"] == final["finalized_at"]
    assert sha256(revision["signed"]) == revision["sha256"]
    # Neither the subject nor free text is in what can never be deleted.
    for text in ("Ada", "P-10082", "1984", "Throbbing", "episodes", "red flags", "diary"):
        assert text not in revision["signed"]


def test_finalizing_ten_times_at_once_signs_once(case: Case, as_tenant: psycopg.Connection[Any]) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: case.ask("POST", "/finalize", SIGNING), range(10)))

    assert {(answer.status_code, answer.headers.get("ETag")) for answer in answers} == {(200, '"2"')}
    assert len({answer.content for answer in answers}) == 1
    for table in ("case_revisions", "signatures"):
        query = sql.SQL("SELECT count(*) FROM {} WHERE case_id = %s").format(sql.Identifier(table))
        assert as_tenant.execute(query, [case.id]).fetchone() == (1,)


def test_an_amendment_that_is_finalized_ten_times_at_once_becomes_one_revision(new_case: NewCase) -> None:
    case = new_case().reach("amending")

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: case.ask("POST", "/finalize", REVIEW), range(10)))

    assert {(answer.status_code, answer.json().get("revision")) for answer in answers} == {(200, 2)}
    assert case.replay()["valid"]


def test_whatever_is_done_to_a_case_at_once_leaves_a_chain_that_holds(new_case: NewCase) -> None:
    calls = [
        ("POST", "/finalize", REVIEW),
        ("POST", "/void", REASON | SIGNING),
        ("POST", "/attest", REVIEW),
        ("POST", "/amend", REASON),
        ("PATCH", "", {"plan": "Rest."}),
        ("DELETE", "", None),
        ("POST", "/finalize", SIGNING),
        ("POST", "/verify-replay", None),
        ("GET", "/document", None),
        ("POST", "/erase-subject", None),
    ]
    for _ in range(5):
        case = new_case().reach("amending")

        with ThreadPoolExecutor(len(calls)) as pool:
            answers = list(pool.map(lambda call, case=case: case.ask(*call, If_Match="*"), calls))

        assert {answer.status_code for answer in answers} <= {200, 409, 422}, [a.text for a in answers]
        replayed = case.replay()
        assert replayed["valid"], replayed
        assert len(replayed["revisions"]) == case.show()["revision"]


def test_the_same_finalizing_again_is_answered_the_same_and_another_one_is_refused(case: Case) -> None:
    first = case.ask("POST", "/finalize", SIGNING)
    again = case.ask("POST", "/finalize", SIGNING)

    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["ETag"] == first.headers["ETag"]
    for other in (REVIEW, SIGNING | {"meaning": "approval"}, {**SIGNING, "signer": {"name": "Dr. Grete Beispiel Jr."}}):
        refused = case.ask("POST", "/finalize", other)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/case-finalized")
    assert case.show() == first.json()


@pytest.mark.parametrize(
    ("state", "path", "body"),
    [
        ("draft", "/finalize", SIGNING),
        ("final", "/amend", REASON),
        ("final", "/void", REASON | SIGNING),
        ("final", "/attest", REVIEW),
        ("amending", "/finalize", SIGNING),
    ],
)
def test_a_signature_can_ask_for_the_version_that_was_read(
    new_case: NewCase, state: str, path: str, body: Json
) -> None:
    case = new_case().reach(state)
    before = case.show()

    for stale in ('"77"', f'W/"{before["version"]}"'):
        refused = case.ask("POST", path, body, If_Match=stale)
        assert (refused.status_code, refused.headers["ETag"]) == (412, f'"{before["version"]}"')
    assert case.show() == before
    assert case.ask("POST", path, body, If_Match=f'"{before["version"]}"').status_code == 200


@pytest.mark.parametrize("table", ["case_revisions", "signatures"])
def test_the_service_cannot_change_or_delete_what_was_signed(
    new_case: NewCase, as_tenant: psycopg.Connection[Any], table: str
) -> None:
    case = new_case().reach("amended")
    name = sql.Identifier(table)
    columns = as_tenant.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped", [table]
    ).fetchall()
    assert len(columns) >= 7
    statements = [
        sql.SQL("UPDATE {} SET {} = {}").format(name, sql.Identifier(column), sql.Identifier(column))
        for (column,) in columns
    ]
    statements += [sql.SQL("DELETE FROM {}").format(name), sql.SQL("TRUNCATE {}").format(name)]
    columns_ = sql.SQL(", ").join(sql.Identifier(column) for (column,) in columns)
    statements.append(
        sql.SQL("INSERT INTO {0} SELECT * FROM {0} ON CONFLICT ({1}) DO UPDATE SET created_at = now()").format(
            name, sql.SQL("tenant_id, case_id, revision" + (", number" if table == "signatures" else ""))
        )
    )
    for statement in statements:
        with pytest.raises(errors.InsufficientPrivilege), as_tenant.transaction():
            as_tenant.execute(statement)
    # It may add, and what is there stays in its place.
    with pytest.raises(errors.UniqueViolation), as_tenant.transaction():
        as_tenant.execute(sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM {0}").format(name, columns_))
    assert case.replay()["valid"]


def test_an_operator_bills_finalized_cases_and_nothing_else_of_them_changes(
    new_case: NewCase, operator: psycopg.Connection[Any]
) -> None:
    case = new_case().reach("final")
    before = case.show()

    changed = operator.execute("UPDATE cases SET billing_status = 'paid' WHERE tenant_id = %s", [case.tenant.id])

    assert changed.rowcount == 1
    assert case.show() == before
    assert case.replay()["valid"]


def shown_bytes(case: Case) -> bytes:
    """What GET answers, but for what tells that an amendment is being written."""
    content = case.ask("GET").content
    return re.sub(rb'"(version|updated_at|amendment_reason)":("[^"]*"|null|\d+)', b"", content)


def test_an_amendment_is_seen_by_nobody_until_it_is_signed(client: httpx.Client, new_case: NewCase) -> None:
    case = new_case(external_id="e-1").reach("final")
    shown = shown_bytes(case)

    def titles(**parameters: str) -> list[str]:
        response = client.get("/cases", params=parameters, headers=case.tenant.key)
        return [item["title"] for item in response.json()["items"]]

    draft = case.amend()
    assert (draft["status"], draft["revision"], draft["amendment_reason"]) == ("draft", None, REASON["reason"])
    assert {name: draft[name] for name in CONSULTATION} == CONSULTATION
    assert shown_bytes(case) == shown
    case.patch(title="Cluster headache", tags=["amended"], plan="Oxygen.", type={"code": "34133-9"})
    other = {"identifier": {"system": "urn:other:1", "value": "P-2"}}
    edited = case.patch(subject=other)

    assert shown_bytes(case) == shown
    assert case.show()["amendment_reason"] == REASON["reason"]
    assert case.do("GET", "/draft") == edited
    assert (edited["title"], edited["plan"]) == ("Cluster headache", "Oxygen.")
    assert titles(tag="neurology", subject="P-10082", type="11488-4") == ["Consultation for migraine"]
    assert titles(tag="amended") == titles(subject="P-2") == titles(type="34133-9") == []
    assert case.replay()["valid"]

    amended = case.finalize(REVIEW)

    assert (amended["status"], amended["revision"], amended["amendment_reason"]) == ("amended", 2, None)
    assert amended["external_id"] == "e-1"
    assert case.show() == amended
    assert titles(tag="amended", subject="P-2", type="34133-9") == ["Cluster headache"]
    assert titles(tag="neurology") == titles(subject="P-10082") == titles(type="11488-4") == []
    first, second = (case.revision(number) for number in (1, 2))
    document = json.loads(second["signed"])
    assert document["previous_sha256"] == sha256(first["signed"])
    assert (document["change_reason"], document["status"]) == (REASON["reason"], "amended")
    assert json.loads(first["signed"])["title"] == "Consultation for migraine"
    assert case.replay()["valid"]
    # When the case was finalized first stays.
    assert amended["finalized_at"] == json.loads(first["signed"])["signed_at"]


def test_deleting_discards_an_amendment_alone(new_case: NewCase) -> None:
    case = new_case().reach("final")
    shown = case.show()
    case.amend()
    case.patch(title="Cluster headache", tags=["amended"])

    answer = case.do("DELETE", If_Match="*")

    assert answer == shown | {"version": shown["version"] + 3, "updated_at": answer["updated_at"]}
    assert case.show() == answer
    assert case.ask("GET", "/draft").status_code == 404
    assert case.ask("PATCH", body={"plan": "x"}, If_Match="*").status_code == 409
    assert len(case.do("GET", "/revisions")["items"]) == 1
    # The next one begins from what was signed.
    assert case.amend()["title"] == CONSULTATION["title"]


def test_a_signed_case_keeps_no_second_copy_of_its_content(
    new_case: NewCase, operator: psycopg.Connection[Any]
) -> None:
    for state in ("final", "amended", "entered_in_error"):
        case = new_case().reach(state)
        row = operator.execute("SELECT content IS NULL FROM cases WHERE id = %s", [case.id]).fetchone()
        assert row == (True,), state


def test_an_amendment_may_not_lose_what_finalizing_needs(new_case: NewCase) -> None:
    case = new_case().reach("amending")
    case.patch(author=None)

    assert case.ask("POST", "/finalize", SIGNING).status_code == 422
    assert case.show()["revision"] == 1


@pytest.mark.parametrize("state", ["final", "amending", "amended"])
def test_a_voided_case_is_a_signed_tombstone_without_anything_clinical(new_case: NewCase, state: str) -> None:
    case = new_case().reach(state)
    before = case.show()

    voided = case.void()

    assert (voided["status"], voided["revision"]) == ("entered_in_error", before["revision"] + 1)
    empty = {name: None if isinstance(CONSULTATION[name], str) else [] for name in CLINICAL}
    kept = {name: before[name] for name in ("title", "type", "subject", "author", "period", "tags", "metadata")}
    assert voided == voided | empty | kept
    assert case.show() == voided
    assert case.ask("GET", "/draft").status_code == 404
    revision = case.revision(voided["revision"])
    document = json.loads(revision["signed"])
    assert set(document).isdisjoint(CLINICAL) and list(document["disclosure_digests"]) == ["subject"]
    assert document["change_reason"] == REASON["reason"]
    assert document["previous_sha256"] == case.revision(before["revision"])["sha256"]
    # What was signed before stays readable.
    assert case.revision(1)["disclosures"]["plan"] is not None
    assert case.replay()["valid"]


def test_voiding_twice_signs_once(new_case: NewCase) -> None:
    case = new_case().reach("final")
    first = case.ask("POST", "/void", REASON | SIGNING)

    with ThreadPoolExecutor(5) as pool:
        again = list(pool.map(lambda _: case.ask("POST", "/void", REASON | SIGNING), range(5)))

    assert {(answer.status_code, answer.content) for answer in again} == {(200, first.content)}
    for other in ({"reason": "another"} | SIGNING, REASON | REVIEW):
        assert case.ask("POST", "/void", other).status_code == 409
    assert case.show()["revision"] == 2


def test_a_voided_case_is_not_answered_as_if_it_had_been_finalized(new_case: NewCase) -> None:
    case = new_case().reach("entered_in_error")

    refused = case.ask("POST", "/finalize", SIGNING)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/invalid-transition")


def test_attesting_adds_a_signature_over_the_revision_and_the_signature_before(new_case: NewCase) -> None:
    case = new_case().reach("final")
    before, first = case.show(), case.revision(1)

    attested = case.attest()
    third = case.attest(REVIEW | {"meaning": "approval"})

    assert case.show() == before
    assert third["signatures"][:2] == attested["signatures"]
    assert attested["signatures"][:1] == first["signatures"]
    for number, one in enumerate(third["signatures"][1:], start=2):
        statement = json.loads(one["statement"])
        assert statement == statement | {
            "case_id": case.id,
            "tenant_id": case.tenant.id,
            "revision": 1,
            "revision_sha256": sha256(first["signed"]),
            "number": number,
            "previous_jws_sha256": sha256(third["signatures"][number - 2]["jws"]),
            "signer": REVIEW["signer"],
        }
        assert (one["number"], one["signer"], one["meaning"]) == (number, REVIEW["signer"], statement["meaning"])
    assert case.revision(1) == third
    assert {name: third[name] for name in first if name != "signatures"} == {
        name: first[name] for name in first if name != "signatures"
    }
    assert case.replay()["valid"]


def test_attesting_the_same_ten_times_at_once_adds_one_signature(new_case: NewCase) -> None:
    case = new_case().reach("amended")

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: case.ask("POST", "/attest", REVIEW), range(10)))

    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert len(case.revision(2)["signatures"]) == 2
    # What the first signature says already needs no second one.
    assert len(case.attest(SIGNING)["signatures"]) == 2


def test_ten_who_attest_at_once_sign_one_after_the_other(new_case: NewCase) -> None:
    case = new_case().reach("final")
    signings = [{"signer": {"name": f"Dr. {number}"}, "meaning": "review"} for number in range(10)]

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda signing: case.ask("POST", "/attest", signing), signings))

    assert {answer.status_code for answer in answers} == {200}
    listed = case.revision(1)["signatures"]
    assert [one["number"] for one in listed] == list(range(1, 12))
    assert {one["signer"]["name"] for one in listed[1:]} == {signing["signer"]["name"] for signing in signings}
    assert case.replay()["valid"]


def test_a_revision_takes_as_many_signatures_as_it_can_show(new_case: NewCase, database: Database) -> None:
    case = new_case().reach("final")
    case.attest()
    most = CONTRACT.document["components"]["schemas"]["Revision"]["properties"]["signatures"]["maxItems"]
    with database.as_superuser() as connection:
        connection.execute(
            "INSERT INTO signatures (tenant_id, case_id, revision, number, statement, jws)"
            " SELECT tenant_id, case_id, revision, n, statement, jws FROM signatures, generate_series(3, %s) AS n"
            " WHERE case_id = %s AND number = 2",
            [most - 1, case.id],
        )

    last = case.attest(REVIEW | {"meaning": "approval"})
    refused = case.ask("POST", "/attest", REVIEW | {"signer": {"name": "One too many"}})

    assert len(last["signatures"]) == most
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/invalid-transition")
    assert case.attest() == case.revision(1) == last


def test_an_attestation_is_of_what_is_shown_while_an_amendment_is_written(new_case: NewCase) -> None:
    case = new_case().reach("amending")

    assert case.attest()["revision"] == 1
    assert (case.finalize()["revision"], len(case.revision(1)["signatures"])) == (2, 2)
    assert case.replay()["valid"]


# Which operation answers what at which point of a case's life, for somebody who was not there before.
READABLE = {state: 200 for state in STATES}
TABLE: dict[tuple[str, str, str], dict[str, int]] = {
    ("get_case", "GET", ""): READABLE,
    ("get_draft", "GET", "/draft"): {state: 404 for state in STATES} | {"draft": 200, "amending": 200},
    ("update_case", "PATCH", ""): {state: 409 for state in STATES} | {"draft": 200, "amending": 200},
    ("cancel_case", "DELETE", ""): {state: 409 for state in STATES} | {"draft": 200, "amending": 200},
    ("finalize_case", "POST", "/finalize"): {state: 409 for state in STATES} | {"draft": 200, "amending": 200},
    ("amend_case", "POST", "/amend"): {state: 409 for state in STATES} | {"final": 200, "amended": 200},
    ("void_case", "POST", "/void"): {state: 200 for state in STATES}
    | {"draft": 409, "cancelled": 409, "entered_in_error": 409},
    ("attest_case", "POST", "/attest"): {state: 200 for state in STATES}
    | {"draft": 409, "cancelled": 409, "entered_in_error": 409},
    ("erase_subject", "POST", "/erase-subject"): READABLE,
    ("verify_replay", "POST", "/verify-replay"): READABLE,
    ("list_revisions", "GET", "/revisions"): READABLE,
    ("get_revision", "GET", "/revisions/1"): READABLE | {"draft": 404, "cancelled": 404},
    ("get_document", "GET", "/document"): READABLE,
    ("list_case_accesses", "GET", "/access-log"): READABLE,
}
BODIES: dict[str, Json] = {
    "update_case": {"plan": "Rest."},
    "finalize_case": REVIEW,
    "amend_case": REASON,
    "void_case": {"reason": "another"} | REVIEW,
    "attest_case": REVIEW,
}
TYPES = {
    404: {"/problems/not-found"},
    409: {"/problems/case-finalized", "/problems/invalid-transition"},
}


@pytest.mark.parametrize("operation", TABLE, ids=lambda operation: operation[0])
@pytest.mark.parametrize("state", STATES)
def test_each_operation_answers_as_the_case_stands(new_case: NewCase, state: str, operation: tuple[str, ...]) -> None:
    case = new_case().reach(state)
    before = case.show()
    name, method, path = operation
    body = BODIES.get(name)
    headers = {"If_Match": "*"} if method in ("PATCH", "DELETE") else {}

    answer = case.ask(method, path, body, **headers)

    expected = TABLE[operation][state]
    assert answer.status_code == expected, answer.text
    if expected != 200:
        assert answer.json()["type"] in TYPES[expected]
        assert case.show() == before
    replayed = case.replay()
    assert replayed["valid"] == bool(replayed["revisions"])


def test_the_table_has_every_operation_on_one_case() -> None:

    of_cases = {operation.id for operation in CONTRACT.operations if operation.path.startswith("/cases/{case_id}")}
    assert of_cases == {name for name, _, _ in TABLE}


def test_revisions_are_listed_newest_first_in_pages(new_case: NewCase) -> None:
    case = new_case().reach("amended")
    case.attest()
    case.void(REVIEW)

    whole = case.do("GET", "/revisions")
    paged, query = [], "?limit=1"
    while True:
        page = case.do("GET", f"/revisions{query}")
        paged += page["items"]
        if "next_cursor" not in page:
            break
        query = f"?limit=1&cursor={page['next_cursor']}"

    assert paged == whole["items"]
    assert [(item["revision"], item["status"], item["signatures"]) for item in paged] == [
        (3, "entered_in_error", 1),
        (2, "amended", 2),
        (1, "final", 1),
    ]
    assert [item["change_reason"] for item in paged] == [REASON["reason"], REASON["reason"], None]
    for item in paged:
        assert item["sha256"] == case.revision(item["revision"])["sha256"]


def test_pages_of_revisions_do_not_depend_on_clocks(new_case: NewCase, database: Database) -> None:
    """Two machines sign; the clock of the second one is behind."""
    case = new_case().reach("amended")
    case.amend()
    case.finalize()
    with database.as_superuser() as connection:
        connection.execute(
            "UPDATE case_revisions SET created_at = created_at - interval '1 hour' WHERE case_id = %s AND revision = 2",
            [case.id],
        )
    seen, query = [], "?limit=1"
    while query:
        page = case.do("GET", f"/revisions{query}")
        seen += [item["revision"] for item in page["items"]]
        query = f"?limit=1&cursor={page['next_cursor']}" if "next_cursor" in page else ""

    assert seen == [3, 2, 1]


def test_another_tenants_case_has_no_life(client: httpx.Client, make_tenant: MakeTenant) -> None:
    mine, theirs = make_tenant(), make_tenant()
    case_id = make_case(client, theirs.key, is_signed=True)
    for name, method, path in TABLE:
        body = BODIES.get(name)
        headers = mine.key | {"If-Match": "*"}
        if body is not None:
            headers["Content-Type"] = "application/merge-patch+json" if method == "PATCH" else "application/json"
        if method == "GET" or "If-Match" not in headers:
            headers.pop("If-Match")
        given: Json = {} if body is None else {"content": json.dumps(body)}
        answer = client.request(method, f"/cases/{case_id}{path}", headers=headers, **given)
        assert answer.status_code == 404, name
