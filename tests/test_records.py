"""The life of a case: signed revisions that nothing changes, and that verify from what is stored."""

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest
from conftest import CONSULTATION, SIGNING, Database, MakeTenant, Tenant, make_case, run
from psycopg import sql

from clincore.db.session import libpq

Operator = psycopg.Connection[Any]
REVIEW = SIGNING | {"meaning": "review"}
PATCH = "application/merge-patch+json"


class Case:
    """A case of a tenant, over HTTP."""

    def __init__(self, client: httpx.Client, tenant: Tenant, *, is_signed: bool = False) -> None:
        self.client, self.tenant = client, tenant
        self.id = make_case(client, tenant.key, is_signed=is_signed)

    def get(self, path: str = "", **parameters: str) -> Any:
        response = self.client.get(f"/cases/{self.id}{path}", params=parameters, headers=self.tenant.key)
        assert response.status_code == 200, response.text
        return response.json()

    def ask(self, operation: str, body: Any = None, **headers: str) -> httpx.Response:
        """POST, or with PATCH or DELETE as the operation the method of that name on whatever version there is."""
        headers = self.tenant.key | {name.replace("_", "-"): value for name, value in headers.items()}
        if operation in ("PATCH", "DELETE"):
            content = None if body is None else json.dumps(body).encode()
            headers = {"If-Match": "*"} | headers | ({"Content-Type": PATCH} if content else {})
            return self.client.request(operation, f"/cases/{self.id}", content=content, headers=headers)
        return self.client.post(f"/cases/{self.id}/{operation}", json=body, headers=headers)

    def do(self, operation: str, body: Any = None) -> Any:
        response = self.ask(operation, body)
        assert response.status_code == 200, response.text
        return response.json()

    def failed(self) -> set[tuple[str, str]]:
        """What `verify-replay` says not to hold: the revision's number or "case", and the check."""
        result = self.do("verify-replay")
        checks = [("case", check) for check in result["checks"]]
        checks += [(str(one["revision"]), check) for one in result["revisions"] for check in one["checks"]]
        failed = {(place, check["check"]) for place, check in checks if not check["passed"]}
        assert result["valid"] == (not failed)
        return failed


@pytest.fixture
def draft(client: httpx.Client, tenant: Tenant) -> Case:
    return Case(client, tenant)


@pytest.fixture
def signed(client: httpx.Client, tenant: Tenant) -> Case:
    return Case(client, tenant, is_signed=True)


def count(operator: Operator, table: str, case: Case) -> int:
    row = operator.execute(
        sql.SQL("SELECT count(*) FROM {} WHERE case_id = %s").format(sql.Identifier(table)), [case.id]
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_finalize_names_what_lacks(client: httpx.Client, tenant: Tenant) -> None:
    created = client.post("/cases", json={"title": "x"}, headers=tenant.key).json()

    refused = client.post(f"/cases/{created['id']}/finalize", json=SIGNING, headers=tenant.key)

    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/case-invalid")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/subject/identifier", "/author"]
    assert client.get(f"/cases/{created['id']}", headers=tenant.key).json() == created


def test_ten_finalizes_at_once_sign_once(draft: Case, operator: Operator) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: draft.ask("finalize", SIGNING), range(10)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({(answer.headers["ETag"], answer.text) for answer in answers}) <= 2  # Members in another order.
    assert len({json.dumps(answer.json(), sort_keys=True) for answer in answers}) == 1
    assert (count(operator, "case_revisions", draft), count(operator, "signatures", draft)) == (1, 1)


def test_finalizing_again_signs_nothing_and_another_signer_is_refused(signed: Case, operator: Operator) -> None:
    shown = signed.get()

    assert signed.do("finalize", SIGNING) == shown
    for other in (REVIEW, SIGNING | {"signer": {"name": "Somebody else"}}):
        refused = signed.ask("finalize", other)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/case-finalized")
    assert count(operator, "signatures", signed) == 1


def test_what_is_finalized_is_what_was_read(draft: Case) -> None:
    draft.do("PATCH", {"plan": "another"})

    refused = draft.ask("finalize", SIGNING, If_Match='"1"')

    assert (refused.status_code, refused.headers["ETag"]) == (412, '"2"')
    assert draft.ask("finalize", SIGNING, If_Match='"2"').status_code == 200


@pytest.mark.parametrize("table", ["case_revisions", "signatures"])
def test_no_statement_of_the_service_changes_what_was_signed(database: Database, signed: Case, table: str) -> None:
    with database.as_app() as app, app.transaction():
        app.execute(sql.SQL("SET LOCAL app.tenant_id = {}").format(signed.tenant.id))
        columns = [column.name for column in app.execute(f"SELECT * FROM {table}").description or ()]
        statements = [f"UPDATE {table} SET {column} = {column}" for column in columns]
        statements += [f"DELETE FROM {table}", f"TRUNCATE {table}"]
        for statement in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
                app.execute(statement)
        with pytest.raises(psycopg.errors.UniqueViolation), app.transaction():
            app.execute(f"INSERT INTO {table} SELECT * FROM {table} WHERE case_id = '{signed.id}'")


def test_the_operators_update_takes_effect_on_a_finalized_case(signed: Case, operator: Operator) -> None:
    changed = operator.execute("UPDATE cases SET billing_status = 'paid' WHERE id = %s", [signed.id])

    assert changed.rowcount == 1
    assert signed.failed() == set()


def test_a_signed_case_is_shown_until_its_amendment_is_signed(signed: Case) -> None:
    shown = signed.get()
    moving = {"version", "updated_at", "amendment_reason"}

    opened = signed.do("amend", {"reason": "The dose was wrong."})
    edited = signed.do("PATCH", {"plan": "Half a tablet.", "title": "Corrected", "tags": ["corrected"]})
    meanwhile = signed.get()

    assert (opened["status"], opened["amendment_reason"]) == ("draft", "The dose was wrong.")
    assert signed.get("/draft") == edited
    assert {k: v for k, v in meanwhile.items() if k not in moving} == {
        k: v for k, v in shown.items() if k not in moving
    }
    listed = signed.client.get("/cases", headers=signed.tenant.key).json()["items"][0]
    assert (listed["title"], listed["status"]) == (shown["title"], "final")
    assert found_by_tag(signed, "corrected") == []

    amended = signed.do("finalize", SIGNING)

    assert (amended["status"], amended["revision"], amended["plan"]) == ("amended", 2, "Half a tablet.")
    assert found_by_tag(signed, "corrected") == [signed.id]
    first, second = (signed.get(f"/revisions/{number}") for number in (1, 2))
    assert json.loads(second["signed"])["previous_sha256"] == first["sha256"]
    assert json.loads(second["signed"])["change_reason"] == "The dose was wrong."
    assert [one["revision"] for one in signed.get("/revisions")["items"]] == [2, 1]
    assert signed.failed() == set()


def found_by_tag(case: Case, tag: str) -> list[str]:
    response = case.client.get("/cases", params={"tag": tag}, headers=case.tenant.key)
    return [found["id"] for found in response.json()["items"]]


def test_an_amendment_can_be_discarded(signed: Case) -> None:
    shown = signed.get()
    signed.do("amend", {"reason": "x"})
    signed.do("PATCH", {"title": "Corrected"})

    discarded = signed.do("DELETE")

    assert (discarded["status"], discarded["title"]) == ("final", shown["title"])
    assert signed.ask("DELETE").status_code == 409
    assert signed.failed() == set()


def test_a_voided_case_leaves_a_signed_tombstone(signed: Case) -> None:
    voiding = SIGNING | {"reason": "Another patient's."}

    voided = signed.do("void", voiding)

    assert (voided["status"], voided["revision"]) == ("entered_in_error", 2)
    clinical = ("reason", "history", "assessment", "plan", "conditions", "observations", "medications", "allergies")
    assert not any(voided[name] for name in clinical)
    assert voided["subject"] == signed.get()["subject"] is not None
    assert signed.do("void", voiding) == signed.get()
    assert signed.get("/revisions/1")["status"] == "final"
    assert signed.failed() == set()


def test_an_attestation_names_the_revision_and_the_signature_before(signed: Case) -> None:
    before = signed.get()

    revision = signed.do("attest", REVIEW)

    assert signed.do("attest", REVIEW) == signed.get("/revisions/1") == revision
    first, second = revision["signatures"]
    statement = json.loads(second["statement"])
    assert (first["statement"], second["meaning"], second["number"]) == (None, "review", 2)
    assert statement["revision_sha256"] == revision["sha256"]
    assert signed.get() == before
    assert signed.failed() == set()


STATES: dict[str, list[tuple[str, Any]]] = {
    "draft": [],
    "final": [("finalize", SIGNING)],
    "amending": [("finalize", SIGNING), ("amend", {"reason": "x"})],
    "amended": [("finalize", SIGNING), ("amend", {"reason": "x"}), ("finalize", SIGNING)],
    "cancelled": [("DELETE", None)],
    "entered_in_error": [("finalize", SIGNING), ("void", SIGNING | {"reason": "x"})],
}
# In the order PATCH, DELETE, finalize (as before, and by another), amend, attest, void.
ALLOWED = {
    "draft": (200, 200, 200, 200, 409, 409, 409),
    "final": (409, 409, 200, 409, 200, 200, 200),
    "amending": (200, 200, 200, 200, 409, 200, 200),
    "amended": (409, 409, 200, 409, 200, 200, 200),
    "cancelled": (409, 409, 409, 409, 409, 409, 409),
    "entered_in_error": (409, 409, 409, 409, 409, 409, 409),
}
OPERATIONS: list[tuple[str, Any]] = [
    ("PATCH", {"plan": "x"}),
    ("DELETE", None),
    ("finalize", SIGNING),
    ("finalize", REVIEW),
    ("amend", {"reason": "y"}),
    ("attest", REVIEW),
    ("void", SIGNING | {"reason": "y"}),
]


@pytest.mark.parametrize("state", STATES)
def test_each_state_allows_what_the_diagram_says(client: httpx.Client, tenant: Tenant, state: str) -> None:
    statuses = []
    for operation, body in OPERATIONS:
        case = Case(client, tenant)
        for step, given in STATES[state]:
            case.do(step, given)
        statuses.append(case.ask(operation, body).status_code)

    assert tuple(statuses) == ALLOWED[state]


def test_nothing_is_said_to_hold_of_a_draft(draft: Case) -> None:
    assert draft.failed() == {("case", "signed")}


ONE = "WHERE case_id = %(case)s AND revision = "
TAMPERED: dict[str, tuple[list[str], set[tuple[str, str]]]] = {
    "text": (
        [f"UPDATE case_revisions SET signed = replace(signed, 'Grete', 'Greta') {ONE} 2"],
        {("2", "sha256"), ("2", "signature 1"), ("case", "chain")},
    ),
    "text-with-its-hash": (
        [
            f"UPDATE case_revisions SET signed = replace(signed, 'Grete', 'Greta') {ONE} 3",
            f"UPDATE case_revisions SET sha256 = encode(sha256(convert_to(signed, 'UTF8')), 'hex') {ONE} 3",
        ],
        {("3", "signature 1"), ("3", "signature 2")},
    ),
    "not-canonical": (
        [f"UPDATE case_revisions SET signed = signed || ' ' {ONE} 3"],
        {("3", "canonical"), ("3", "sha256"), ("3", "signature 1"), ("3", "signature 2")},
    ),
    "no-json": ([f"UPDATE case_revisions SET signed = 'x' {ONE} 2"], {("2", "form"), ("case", "chain")}),
    "another-kind-of-json": ([f"UPDATE case_revisions SET signed = '[]' {ONE} 3"], {("3", "form"), ("case", "chain")}),
    "hash": (
        [f"UPDATE case_revisions SET sha256 = repeat('0', 64) {ONE} 1"],
        {("1", "sha256")},
    ),
    "status": ([f"UPDATE case_revisions SET status = 'entered_in_error' {ONE} 1"], {("1", "identity")}),
    "signature-of-another-case": (
        [
            f"UPDATE signatures SET jws = (SELECT jws FROM signatures WHERE case_id = %(other)s) {ONE} 1",
        ],
        {("1", "signature 1")},
    ),
    "signature-that-is-none": ([f"UPDATE signatures SET jws = 'x' {ONE} 1"], {("1", "form")}),
    "signature-with-a-payload-of-its-own": (
        [f"UPDATE signatures SET jws = replace(jws, '..', '.e30.') {ONE} 1"],
        {("1", "form")},
    ),
    "statement": (
        [f"UPDATE signatures SET statement = replace(statement, 'review', 'approval') {ONE} 3 AND number = 2"],
        {("3", "signature 2")},
    ),
    "statement-gone": ([f"UPDATE signatures SET statement = NULL {ONE} 3 AND number = 2"], {("3", "signature 2")}),
    "signature-gone": ([f"DELETE FROM signatures {ONE} 1"], {("1", "signature")}),
    "first-signature-gone": ([f"DELETE FROM signatures {ONE} 3 AND number = 1"], {("3", "signature 1")}),
    "revision-in-the-middle-gone": (
        [f"DELETE FROM {table} {ONE} 2" for table in ("signatures", "case_disclosures", "case_revisions")],
        {("case", "chain")},
    ),
    "last-revision-gone": (
        [f"DELETE FROM {table} {ONE} 3" for table in ("signatures", "case_disclosures", "case_revisions")],
        {("case", "chain")},
    ),
    "disclosure-of-another-case": (
        [
            "UPDATE case_disclosures SET disclosure = (SELECT disclosure FROM case_disclosures"
            f" WHERE case_id = %(other)s AND name = 'subject') {ONE} 1 AND name = 'subject'"
        ],
        {("1", "disclosure subject")},
    ),
    "disclosure-that-is-none": (
        [f"UPDATE case_disclosures SET disclosure = '%%' {ONE} 1 AND name = 'plan'"],
        {("1", "disclosure plan")},
    ),
    "disclosure-without-a-digest": (
        [
            "INSERT INTO case_disclosures SELECT tenant_id, case_id, revision, 'history', disclosure"
            f" FROM case_disclosures {ONE} 3 AND name = 'plan'"
        ],
        {("3", "disclosure history")},
    ),
    "title": (["UPDATE cases SET title = 'x' WHERE id = %(case)s"], {("case", "case")}),
    "external-id": (["UPDATE cases SET external_id = 'x' WHERE id = %(case)s"], {("case", "case")}),
    "case-status": (["UPDATE cases SET status = 'final' WHERE id = %(case)s"], {("case", "case")}),
    "pointer": (["UPDATE cases SET revision = 2 WHERE id = %(case)s"], {("case", "chain")}),
}


@pytest.mark.parametrize("tampering", TAMPERED)
def test_what_a_superuser_tampers_with_is_named(
    client: httpx.Client, tenant: Tenant, database: Database, tampering: str
) -> None:
    case, other = (Case(client, tenant, is_signed=True) for _ in range(2))
    for patch in ({"plan": "another"}, {"history": None}):
        case.do("amend", {"reason": "x"})
        case.do("PATCH", patch)
        case.do("finalize", SIGNING)
    case.do("attest", REVIEW)
    assert case.failed() == set()
    statements, expected = TAMPERED[tampering]

    with database.as_superuser() as superuser:
        for statement in statements:
            assert superuser.execute(statement, {"case": case.id, "other": other.id}).rowcount > 0  # type: ignore[arg-type]

    assert case.failed() == expected


def test_a_signature_whose_key_is_gone_does_not_verify(signed: Case, database: Database) -> None:
    revision = signed.get("/revisions/1")
    with database.as_superuser() as superuser:
        keys = superuser.execute("DELETE FROM signing_keys RETURNING kid, jwk::text").fetchall()
        try:
            failed = signed.failed()
            public = signed.client.post("/verify", json=revision).json()
        finally:
            for key in keys:
                superuser.execute("INSERT INTO signing_keys VALUES (%s, %s)", key)

    assert failed == {("1", "signature 1")}
    assert public["valid"] is False
    assert signed.failed() == set()


def test_anybody_can_verify_a_revision(signed: Case) -> None:
    revision = signed.get("/revisions/1")

    good = signed.client.post("/verify", json=revision).json()
    bad = signed.client.post("/verify", json=revision | {"signed": revision["signed"].replace("Grete", "Greta")}).json()
    swapped = signed.client.post("/verify", json=revision | {"case_id": "00000000-0000-4000-8000-000000000000"}).json()

    assert good["valid"] is True and good["erased"] == []
    assert {check["check"] for check in bad["checks"] if not check["passed"]} == {"sha256", "signature 1"}
    assert {check["check"] for check in swapped["checks"] if not check["passed"]} == {"identity"}


def test_a_revision_that_never_was_is_not_found(signed: Case, draft: Case) -> None:
    for case, number in ((signed, 2), (draft, 1)):
        response = case.client.get(f"/cases/{case.id}/revisions/{number}", headers=case.tenant.key)
        assert response.status_code == 404
    assert draft.get("/revisions") == {"items": []}


def test_revisions_page(signed: Case) -> None:
    for _ in range(4):
        signed.do("amend", {"reason": "x"})
        signed.do("finalize", SIGNING)

    seen, parameters = [], {"limit": "2"}
    while True:
        page = signed.get("/revisions", **parameters)
        seen += [one["revision"] for one in page["items"]]
        if "next_cursor" not in page:
            break
        parameters["cursor"] = page["next_cursor"]

    assert seen == [5, 4, 3, 2, 1]


SUBJECT = {
    "identifier": {"system": "urn:oid:1.2.3", "value": "Erasable-4711"},
    "name": "Zuleika Erasable",
    "birth_date": "1931-02-03",
    "gender": "female",
}


@pytest.mark.parametrize("is_amending", [False, True])
def test_what_was_erased_is_in_no_dump_and_the_signatures_verify(
    client: httpx.Client, tenant: Tenant, database: Database, bin_on_path: str, is_amending: bool
) -> None:
    case = Case(client, tenant)
    case.do("PATCH", {"subject": SUBJECT, "history": "A secret of the family Erasable.", "title": f"kept {case.id}"})
    case.do("finalize", SIGNING)
    case.do("amend", {"reason": "x"})
    case.do("finalize", SIGNING)
    if is_amending:
        case.do("amend", {"reason": "x"})
    disclosed = [case.get(f"/revisions/{number}")["disclosures"] for number in (1, 2)]
    stored = [disclosures[name] for disclosures in disclosed for name in ("subject", "history")]
    salts = [json.loads(base64.urlsafe_b64decode(one + "=="))[0] for one in stored]
    secrets = ["Zuleika", "Erasable-4711", "1931-02-03", "A secret of the family", *salts, *stored]

    def dump() -> str:
        dumped = run(
            "pg_dump", "--enable-row-security", "--inserts", f"--dbname={libpq(database.url)}", PATH=bin_on_path
        )
        assert dumped.returncode == 0, dumped.stderr
        return dumped.stdout

    before = dump()
    assert [one for one in stored if one not in before] == [], "there was nothing to erase"

    erased = case.do("erase-subject", {"sections": ["history"]})

    after = dump()
    assert f"kept {case.id}" in after
    assert [secret for secret in secrets if secret in after] == []
    assert (erased["subject"], erased["history"], erased["erased"]) == (None, None, ["subject", "history"])
    assert case.failed() == set()
    assert [one["erased"] for one in case.do("verify-replay")["revisions"]] == [["subject", "history"]] * 2
    assert case.client.post("/verify", json=case.get("/revisions/1")).json()["valid"] is True
    found = client.get("/cases", params={"subject": "Erasable-4711"}, headers=tenant.key)
    assert found.json()["items"] == []


def test_erasing_again_changes_nothing_and_needs_an_admin(
    signed: Case, client: httpx.Client, make_tenant: MakeTenant
) -> None:
    first = signed.do("erase-subject")

    assert signed.do("erase-subject") == first
    user = make_tenant(role="user")
    refused = Case(client, user, is_signed=True).ask("erase-subject")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-required")


def test_the_subject_of_a_draft_is_erased_too(draft: Case) -> None:
    erased = draft.do("erase-subject", {"sections": ["plan"]})

    assert (erased["subject"], erased["plan"], erased["erased"], erased["version"]) == (None, None, [], 2)


Accesses = Callable[[Case], list[dict[str, Any]]]


@pytest.fixture
def accesses(operator: Operator) -> Accesses:
    """The rows of a case, oldest first."""

    def read(case: Case) -> list[dict[str, Any]]:
        query = "SELECT to_jsonb(a) FROM access_log AS a WHERE case_id = %s ORDER BY created_at, id"
        return [row for (row,) in operator.execute(query, [case.id])]

    return read


def test_each_read_and_change_is_one_row_of_the_access_log(draft: Case, accesses: Accesses) -> None:
    earlier = len(accesses(draft))
    steps: list[tuple[str, Callable[[], httpx.Response]]] = [
        ("get_case", lambda: draft.client.get(f"/cases/{draft.id}", headers=draft.tenant.key)),
        ("get_draft", lambda: draft.client.get(f"/cases/{draft.id}/draft", headers=draft.tenant.key)),
        ("update_case", lambda: draft.ask("PATCH", {"plan": "x"})),
        ("finalize_case", lambda: draft.ask("finalize", SIGNING)),
        ("attest_case", lambda: draft.ask("attest", REVIEW)),
        ("verify_replay", lambda: draft.ask("verify-replay")),
        ("list_revisions", lambda: draft.client.get(f"/cases/{draft.id}/revisions", headers=draft.tenant.key)),
        ("get_revision", lambda: draft.client.get(f"/cases/{draft.id}/revisions/1", headers=draft.tenant.key)),
        ("get_document", lambda: draft.client.get(f"/cases/{draft.id}/document", headers=draft.tenant.key)),
        ("amend_case", lambda: draft.ask("amend", {"reason": "x"})),
        ("cancel_case", lambda: draft.ask("DELETE")),
        ("void_case", lambda: draft.ask("void", SIGNING | {"reason": "x"})),
        ("erase_subject", lambda: draft.ask("erase-subject")),
    ]

    answers = [(name, step()) for name, step in steps]

    written = accesses(draft)[earlier:]
    assert [answer.status_code for _, answer in answers] == [200] * len(steps)
    assert [(row["operation"], row["request_id"]) for row in written] == [
        (name, answer.headers["X-Request-Id"]) for name, answer in answers
    ]
    assert {(row["key_id"], row["key_label"]) for row in written} == {
        (draft.tenant.key_id, f"bootstrap-{draft.tenant.name}")
    }
    shown = draft.get("/access-log")["items"]
    assert [row["operation"] for row in shown[: len(steps)]] == [name for name, _ in reversed(steps)]


def test_what_was_refused_leaves_no_row(signed: Case, accesses: Accesses) -> None:
    before = accesses(signed)

    answers = [
        signed.ask("PATCH", {"plan": "x"}),
        signed.ask("amend", {"reason": "x"}, If_Match='"99"'),
        signed.ask("finalize", REVIEW),
        signed.client.get(f"/cases/{signed.id}/draft", headers=signed.tenant.key),
        signed.client.get(f"/cases/{signed.id}/revisions/9", headers=signed.tenant.key),
    ]

    assert [answer.status_code for answer in answers[:3]] == [409, 412, 409]
    assert [answer.status_code for answer in answers[3:]] == [404, 404]
    assert [row["operation"] for row in accesses(signed)[len(before) :]] in ([], ["get_draft"])


def test_a_list_is_one_row_without_anybodys_data(signed: Case, operator: Operator) -> None:
    parameters = {"status": "final", "subject": "P-10082", "tag": "neurology", "created_since": "2026-01-01T00:00:00Z"}

    answer = signed.client.get("/cases", params=parameters, headers=signed.tenant.key)

    query = "SELECT case_id, operation, filter, count FROM access_log WHERE request_id = %s"
    found = operator.execute(query, [answer.headers["X-Request-Id"]]).fetchall()
    expected = {"status": "final", "subject": True, "tag": True, "created_since": "2026-01-01T00:00:00Z"}
    assert found == [(None, "list_cases", expected, 1)]
    shown = signed.client.get("/admin/access-log", headers=signed.tenant.key).json()["items"][0]
    assert (shown["filter"], shown["count"]) == (expected, 1)


def test_the_access_log_has_no_clinical_text(signed: Case, operator: Operator) -> None:
    signed.client.get("/cases", params={"subject": "P-10082", "tag": "neurology"}, headers=signed.tenant.key)
    query = "SELECT string_agg(to_jsonb(a)::text, ' ') FROM access_log AS a WHERE tenant_id = %s"
    row = operator.execute(query, [signed.tenant.id]).fetchone()

    assert row is not None
    assert not [word for word in ("P-10082", "Ada", "neurology", "Migraine", "Sumatriptan") if word in row[0]]


def test_an_access_that_cannot_be_logged_does_not_happen(
    client: httpx.Client, draft: Case, database: Database, operator: Operator
) -> None:
    before = draft.get()
    operator.execute("REVOKE INSERT ON access_log FROM clincore_app")
    try:
        read = client.get(f"/cases/{draft.id}", headers=draft.tenant.key)
        changed = draft.ask("PATCH", {"plan": "x"})
        created = client.post("/cases", json=CONSULTATION | {"external_id": draft.id}, headers=draft.tenant.key)
    finally:
        operator.execute("GRANT INSERT ON access_log TO clincore_app")

    assert [answer.status_code for answer in (read, changed, created)] == [500, 500, 500]
    assert draft.get() == before
    assert client.get("/cases", params={"external_id": draft.id}, headers=draft.tenant.key).json()["items"] == []


def test_the_access_log_only_grows(database: Database, draft: Case) -> None:
    with database.as_app() as app, app.transaction():
        app.execute(sql.SQL("SET LOCAL app.tenant_id = {}").format(draft.tenant.id))
        for statement in ("UPDATE access_log SET operation = operation", "DELETE FROM access_log"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
                app.execute(statement)


def test_the_access_log_pages_and_needs_an_admin(draft: Case, client: httpx.Client, make_tenant: MakeTenant) -> None:
    for _ in range(4):
        draft.get()

    seen, parameters = [], {"limit": "2"}
    while True:
        page = draft.get("/access-log", **parameters)
        seen += [row["id"] for row in page["items"]]
        if "next_cursor" not in page:
            break
        parameters["cursor"] = page["next_cursor"]

    assert len(seen) == len(set(seen)) == 5
    user = make_tenant(role="user")
    case_id = make_case(client, user.key)
    for path in (f"/cases/{case_id}/access-log", "/admin/access-log"):
        assert client.get(path, headers=user.key).status_code == 403
