"""Finalizing a case: what it requires, what it signs, and that signed data cannot change."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import errors, sql

from support.cases import CONSULTATION, SIGNING
from support.lifecycle import REVIEW, Case, NewCase, sha256

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("patch", "pointers"),
    [
        ({"subject": None}, ["/subject/identifiers"]),
        ({"author": None}, ["/author"]),
        ({"author": None, "subject": None}, ["/subject/identifiers", "/author"]),
    ],
)
def test_finalizing_an_incomplete_case_names_what_is_missing_and_signs_nothing(
    case: Case, patch: Json, pointers: list[str]
) -> None:
    before = case.patch(**patch)

    refused = case.ask("POST", "/finalize", SIGNING, If_Match="*")

    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/case-invalid")
    assert [error["pointer"] for error in refused.json()["errors"]] == pointers
    assert case.show() == before
    assert case.do("GET", "/revisions")["items"] == []


def test_finalizing_keeps_the_content_and_signs_it_with_signer_meaning_and_time(
    client: httpx.Client, case: Case
) -> None:
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
    (signature,) = revision["signatures"]
    whoami = client.get("/auth/whoami", headers=case.tenant.key).json()
    assert signed["meaning"] == signature["meaning"] == SIGNING["meaning"]
    assert signature["signer"] == {**SIGNING["signer"], "key_id": whoami["key_id"], "key_label": whoami["label"]}
    assert signed["signer"]["key_id"] == whoami["key_id"]
    assert (signed["case_id"], signed["tenant_id"], signed["previous_sha256"]) == (case.id, case.tenant.id, None)
    assert signed["signed_at"] == revision["signatures"][0]["signed_at"] == final["finalized_at"]
    assert sha256(revision["signed"]) == revision["sha256"]
    # The signed text can never be deleted, so it names no person and has nothing clinical.
    coded = CONSULTATION["conditions"][0]["code"]["coding"][0]
    for text in ("Ada", "P-10082", "1984", "Throbbing", "episodes", "Beispiel", whoami["label"], coded["code"]):
        assert text not in revision["signed"]


def test_finalizing_ten_times_at_once_signs_once(case: Case, as_tenant: psycopg.Connection[Any]) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: case.ask("POST", "/finalize", SIGNING, If_Match="*"), range(10)))

    assert {(answer.status_code, answer.headers.get("ETag")) for answer in answers} == {(200, '"2"')}
    assert len({answer.content for answer in answers}) == 1
    for table in ("case_revisions", "signatures"):
        query = sql.SQL("SELECT count(*) FROM {} WHERE case_id = %s").format(sql.Identifier(table))
        assert as_tenant.execute(query, [case.id]).fetchone() == (1,)


def test_finalizing_an_amendment_ten_times_at_once_creates_one_revision(new_case: NewCase) -> None:
    case = new_case().reach("amending")

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: case.ask("POST", "/finalize", REVIEW, If_Match="*"), range(10)))

    assert {(answer.status_code, answer.json().get("revision")) for answer in answers} == {(200, 2)}
    assert case.replay()["valid"]


def test_repeating_finalize_gets_the_same_response_and_a_different_one_is_refused(case: Case) -> None:
    first = case.ask("POST", "/finalize", SIGNING, If_Match="*")
    again = case.ask("POST", "/finalize", SIGNING, If_Match="*")

    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["ETag"] == first.headers["ETag"]
    for other in (REVIEW, SIGNING | {"meaning": "approval"}, {**SIGNING, "signer": {"name": "Dr. Grete Beispiel Jr."}}):
        refused = case.ask("POST", "/finalize", other, If_Match="*")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/case-finalized")
    assert case.show() == first.json()


def test_finalizing_without_if_match_is_refused(case: Case) -> None:
    refused = case.ask("POST", "/finalize", SIGNING)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "If-Match")
    assert case.show()["status"] == "draft"


def test_repeating_finalize_does_not_sign_an_amendment_begun_since(case: Case) -> None:
    case.do("POST", "/finalize", SIGNING, If_Match='"1"')
    case.amend()
    case.patch(plan="Half a sen")

    # The response was lost, so the client repeats the request.
    repeated = case.ask("POST", "/finalize", SIGNING, If_Match='"1"')

    assert (repeated.status_code, repeated.headers["ETag"]) == (412, '"4"')
    assert (case.show()["revision"], case.show()["plan"]) == (1, CONSULTATION["plan"])


@pytest.mark.parametrize("table", ["case_revisions", "signatures"])
def test_the_service_cannot_change_or_delete_signed_rows(
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
        sql.SQL("INSERT INTO {0} SELECT * FROM {0} ON CONFLICT ({1}) DO UPDATE SET created_at = '2024-01-01'").format(
            name, sql.SQL("tenant_id, case_id, revision" + (", number" if table == "signatures" else ""))
        )
    )
    for statement in statements:
        with pytest.raises(errors.InsufficientPrivilege), as_tenant.transaction():
            as_tenant.execute(statement)
    # It may insert rows, but not replace one.
    with pytest.raises(errors.UniqueViolation), as_tenant.transaction():
        as_tenant.execute(sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM {0}").format(name, columns_))
    assert case.replay()["valid"]


def test_billing_a_finalized_case_changes_nothing_else(new_case: NewCase, operator: psycopg.Connection[Any]) -> None:
    case = new_case().reach("final")
    before = case.show()

    changed = operator.execute("UPDATE cases SET billing_status = 'paid' WHERE tenant_id = %s", [case.tenant.id])

    assert changed.rowcount == 1
    assert case.show() == before
    assert case.replay()["valid"]


def test_a_signed_case_keeps_no_second_copy_of_its_content(
    new_case: NewCase, operator: psycopg.Connection[Any]
) -> None:
    for state in ("final", "amended", "entered_in_error"):
        case = new_case().reach(state)
        row = operator.execute("SELECT content IS NULL FROM cases WHERE id = %s", [case.id]).fetchone()
        assert row == (True,), state
