"""Attesting a revision: adding signatures to it."""

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
from psycopg.rows import dict_row

from support.cases import SIGNING
from support.contract import CONTRACT
from support.database import Database
from support.lifecycle import REVIEW, NewCase, sha256
from support.rows import insert


def test_attesting_signs_the_revision_and_the_previous_signature(new_case: NewCase) -> None:
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
        }
        assert (one["number"], one["meaning"]) == (number, statement["meaning"])
        # The key's id is signed in plain text, everything else about the signer as a digest.
        key_id, label = (first["signatures"][0]["signer"][name] for name in ("key_id", "key_label"))
        assert one["signer"] == {**REVIEW["signer"], "key_id": key_id, "key_label": label}
        assert statement["signer"]["key_id"] == key_id
        assert not any(text in one["statement"] for text in (*REVIEW["signer"].values(), label))
    assert case.revision(1) == third
    assert {name: third[name] for name in first if name != "signatures"} == {
        name: first[name] for name in first if name != "signatures"
    }
    assert case.replay()["valid"]


def test_each_signature_names_the_key_that_made_it(client: httpx.Client, new_case: NewCase) -> None:
    case = new_case().reach("final")
    made = client.post("/admin/api-keys", json={"label": "night shift"}, headers=case.tenant.key).json()

    key = {"X-API-Key": made["api_key"]}
    attested = client.post(f"/cases/{case.id}/attest", json=REVIEW, headers=key).json()
    # The same person with the same meaning has signed, whichever key repeats the request.
    assert case.attest() == attested

    first, second = (one["signer"] for one in attested["signatures"])
    assert (second["key_id"], second["key_label"]) == (made["id"], "night shift")
    assert first["key_id"] != second["key_id"]
    assert case.do("GET", "/revisions")["items"][0]["signer"] == first
    assert case.replay()["valid"]


def test_ten_equal_attestations_at_once_add_one_signature(new_case: NewCase) -> None:
    case = new_case().reach("amended")

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: case.ask("POST", "/attest", REVIEW), range(10)))

    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert len(case.revision(2)["signatures"]) == 2
    # Repeating the first signature adds none.
    assert len(case.attest(SIGNING)["signatures"]) == 2


def test_ten_different_attestations_at_once_form_one_chain(new_case: NewCase) -> None:
    case = new_case().reach("final")
    signings = [{"signer": {"name": f"Dr. {number}"}, "meaning": "review"} for number in range(10)]

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda signing: case.ask("POST", "/attest", signing), signings))

    assert {answer.status_code for answer in answers} == {200}
    listed = case.revision(1)["signatures"]
    assert [one["number"] for one in listed] == list(range(1, 12))
    assert {one["signer"]["name"] for one in listed[1:]} == {signing["signer"]["name"] for signing in signings}
    assert case.replay()["valid"]


def test_a_revision_takes_as_many_signatures_as_its_schema_allows(new_case: NewCase, database: Database) -> None:
    case = new_case().reach("final")
    case.attest()
    most = CONTRACT.document["components"]["schemas"]["Revision"]["properties"]["signatures"]["maxItems"]
    with database.as_superuser() as connection:
        with connection.cursor(row_factory=dict_row) as cursor:
            query = "SELECT * FROM signatures WHERE tenant_id = %s AND case_id = %s AND number = 2"
            second = cursor.execute(query, [case.tenant.id, case.id]).fetchone()
        assert second is not None
        insert(connection, "signatures", (second | {"number": number} for number in range(3, most)))

    last = case.attest(REVIEW | {"meaning": "approval"})
    refused = case.ask("POST", "/attest", REVIEW | {"signer": {"name": "One too many"}})

    assert len(last["signatures"]) == most
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/invalid-transition")
    assert case.attest() == case.revision(1) == last


def test_attesting_during_an_amendment_signs_the_last_revision(new_case: NewCase) -> None:
    case = new_case().reach("amending")

    assert case.attest()["revision"] == 1
    assert (case.finalize()["revision"], len(case.revision(1)["signatures"])) == (2, 2)
    assert case.replay()["valid"]
