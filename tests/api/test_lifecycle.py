"""The lifecycle of a case: the response of each operation in each state, and concurrent operations."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from support.cases import SIGNING, make_case
from support.contract import CONTRACT
from support.lifecycle import REASON, REVIEW, STATES, NewCase
from support.tenants import MakeTenant

Json = dict[str, Any]


def test_concurrent_operations_on_a_case_leave_a_valid_chain(new_case: NewCase) -> None:
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
def test_lifecycle_operations_respect_if_match(new_case: NewCase, state: str, path: str, body: Json) -> None:
    case = new_case().reach(state)
    before = case.show()

    for stale in ('"77"', f'W/"{before["version"]}"'):
        refused = case.ask("POST", path, body, If_Match=stale)
        assert (refused.status_code, refused.headers["ETag"]) == (412, f'"{before["version"]}"')
    assert case.show() == before
    assert case.ask("POST", path, body, If_Match=f'"{before["version"]}"').status_code == 200


# The status that each operation answers in each state of a case, unless it repeats an earlier request.
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
NEEDS_IF_MATCH = {"update_case", "cancel_case", "finalize_case"}
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
def test_each_operation_answers_by_the_state_of_the_case(
    new_case: NewCase, state: str, operation: tuple[str, ...]
) -> None:
    case = new_case().reach(state)
    before = case.show()
    name, method, path = operation
    body = BODIES.get(name)
    headers = {"If_Match": "*"} if name in NEEDS_IF_MATCH else {}

    answer = case.ask(method, path, body, **headers)

    expected = TABLE[operation][state]
    assert answer.status_code == expected, answer.text
    if expected != 200:
        assert answer.json()["type"] in TYPES[expected]
        assert case.show() == before
    replayed = case.replay()
    assert replayed["valid"] == bool(replayed["revisions"])


def test_the_table_has_every_operation_on_a_case() -> None:
    of_cases = {operation.id for operation in CONTRACT.operations if operation.path.startswith("/cases/{case_id}")}
    assert of_cases == {name for name, _, _ in TABLE}


def test_every_operation_hides_another_tenants_case(client: httpx.Client, make_tenant: MakeTenant) -> None:
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
