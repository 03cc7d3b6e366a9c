"""Voiding a case: a signed tombstone."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.cases import CONSULTATION, SIGNING
from support.lifecycle import REASON, REVIEW, NewCase

CLINICAL = (
    *("encounter", "reason", "history", "assessment", "plan", "other_sections", "conditions", "observations"),
    *("medications", "allergies", "procedures", "immunizations", "diagnostic_reports", "documents"),
)
KEPT = ("title", "type", "subject", "author", "custodian", "period", "tags", "metadata")


@pytest.mark.parametrize("state", ["final", "amending", "amended"])
def test_a_voided_case_is_a_signed_tombstone_without_clinical_content(new_case: NewCase, state: str) -> None:
    case = new_case().reach(state)
    before = case.show()

    voided = case.void()

    assert (voided["status"], voided["revision"]) == ("entered_in_error", before["revision"] + 1)
    empty = {name: [] if isinstance(CONSULTATION[name], list) else None for name in CLINICAL}
    kept = {name: before[name] for name in KEPT}
    assert voided == voided | empty | kept
    assert case.show() == voided
    assert case.ask("GET", "/draft").status_code == 404
    revision = case.revision(voided["revision"])
    document = json.loads(revision["signed"])
    assert set(document).isdisjoint(CLINICAL)
    assert list(document["disclosure_digests"]) == ["author", "custodian", "subject"]
    assert document["change_reason"] == REASON["reason"]
    assert document["previous_sha256"] == case.revision(before["revision"])["sha256"]
    # Earlier revisions stay readable.
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


def test_finalizing_a_voided_case_is_refused(new_case: NewCase) -> None:
    case = new_case().reach("entered_in_error")

    refused = case.ask("POST", "/finalize", SIGNING, If_Match="*")

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/invalid-transition")
