"""Amending a signed case: lists ignore the draft until it is signed, and it can be discarded."""

import json
import re

import httpx

from support.cases import CONSULTATION, SIGNING
from support.lifecycle import REASON, REVIEW, Case, NewCase, sha256


def shown_bytes(case: Case) -> bytes:
    """The body of GET without the values that change when an amendment begins."""
    content = case.ask("GET").content
    return re.sub(rb'"(version|updated_at|amendment_reason)":("[^"]*"|null|\d+)', b"", content)


def test_an_amendment_changes_no_read_and_no_list_until_it_is_signed(client: httpx.Client, new_case: NewCase) -> None:
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
    other = {"identifiers": [{"system": "urn:other:1", "value": "P-2"}]}
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
    # The time of the first finalization is kept.
    assert amended["finalized_at"] == json.loads(first["signed"])["signed_at"]


def test_deleting_discards_only_the_amendment(new_case: NewCase) -> None:
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
    # The next amendment starts from the signed content.
    assert case.amend()["title"] == CONSULTATION["title"]


def test_an_incomplete_amendment_cannot_be_finalized(new_case: NewCase) -> None:
    case = new_case().reach("amending")
    case.patch(author=None)

    assert case.ask("POST", "/finalize", SIGNING, If_Match="*").status_code == 422
    assert case.show()["revision"] == 1
