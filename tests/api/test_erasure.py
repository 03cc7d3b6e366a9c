"""Erasing a subject: it leaves the database, and every signature still verifies."""

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from support import citus
from support.cases import CONSULTATION, SIGNING
from support.commands import run
from support.contract import CONTRACT
from support.database import Database
from support.tenants import Tenant

Json = dict[str, Any]
Act = Callable[..., httpx.Response]

SUBJECT = {
    "identifiers": [{"system": "urn:oid:1.2.36.146.595.217.0.1", "value": "P-erase-4711"}],
    "name": "Wilhelmina Vergissmeinnicht",
    "birth_date": "1931-07-09",
    "gender": "female",
}
HISTORY = "Seven episodes since the boathouse accident."
TRACES = ("P-erase-4711", "Vergissmeinnicht", "1931-07-09", "boathouse")
STATES = ("draft", "cancelled", "final", "amending", "amended", "entered_in_error")


@pytest.fixture
def act(client: httpx.Client, tenant: Tenant) -> Act:
    """POST to a case of the tenant."""

    def post(case_id: str, action: str, body: Json | None = None, key: Json | None = None) -> httpx.Response:
        given: Json = {} if body is None else {"json": body}
        return client.post(f"/cases/{case_id}/{action}", headers=(key or tenant.key) | {"If-Match": "*"}, **given)

    return post


def make(client: httpx.Client, tenant: Tenant, act: Act, state: str) -> str:
    body = CONSULTATION | {"subject": SUBJECT, "history": HISTORY}
    case_id = str(client.post("/cases", json=body, headers=tenant.key).json()["id"])
    wildcard = tenant.key | {"If-Match": "*"}
    patch = wildcard | {"Content-Type": "application/merge-patch+json"}
    steps: list[Callable[[], httpx.Response]] = []
    if state == "cancelled":
        steps.append(lambda: client.delete(f"/cases/{case_id}", headers=wildcard))
    elif state != "draft":
        steps.append(lambda: act(case_id, "finalize", SIGNING))
    if state in ("amending", "amended", "entered_in_error"):
        steps.append(lambda: act(case_id, "amend", {"reason": "x"}))
        steps.append(lambda: client.patch(f"/cases/{case_id}", json={"plan": "Rest."}, headers=patch))
    if state in ("amended", "entered_in_error"):
        steps.append(lambda: act(case_id, "finalize", SIGNING))
    if state == "entered_in_error":
        steps.append(lambda: act(case_id, "void", {"reason": "x"} | SIGNING))
    for step in steps:
        answer = step()
        assert answer.status_code == 200, answer.text
    return case_id


def read(client: httpx.Client, tenant: Tenant, path: str) -> Json:
    response = client.get(f"/cases/{path}", headers=tenant.key)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


def test_erased_data_is_in_no_backup_and_signatures_still_verify(
    client: httpx.Client, tenant: Tenant, act: Act, database: Database, bin_on_path: str
) -> None:
    def dump() -> str:
        if citus.COORDINATOR_URL is not None:
            return citus.dump(database.name, bin_on_path)
        dumped = run("clincore", "pg_dump", "--enable-row-security", DATABASE_URL=database.url, PATH=bin_on_path)
        assert dumped.returncode == 0, dumped.stderr
        return dumped.stdout

    cases = {state: make(client, tenant, act, state) for state in STATES}
    gone = set(TRACES)
    kept = set()
    for case_id in cases.values():
        for item in read(client, tenant, f"{case_id}/revisions")["items"]:
            revision = read(client, tenant, f"{case_id}/revisions/{item['revision']}")
            for name, disclosure in revision["disclosures"].items():
                salt = json.loads(base64.urlsafe_b64decode(disclosure + "=="))[0]
                assert len(base64.urlsafe_b64decode(salt + "==")) == 16
                (gone if name in ("subject", "history") else kept).update({disclosure, salt})
    before = dump()
    assert all(text in before for text in TRACES)

    for state, case_id in cases.items():
        erased = act(case_id, "erase-subject", {"sections": ["history"]})
        assert erased.status_code == 200, (state, erased.text)
        assert (erased.json()["subject"], erased.json()["history"]) == (None, None), state

    after = dump()
    assert {text for text in gone if text in after} == set()
    # Sections that were not erased stay, in the same rows.
    assert any(text in after for text in kept)
    assert CONSULTATION["plan"] in after
    for state, case_id in cases.items():
        replayed = act(case_id, "verify-replay").json()
        assert replayed["valid"] == (state not in ("draft", "cancelled")), replayed
        for one in replayed["revisions"]:
            tombstone = state == "entered_in_error" and one["revision"] == 3
            assert one["erased"] == (["subject"] if tombstone else ["subject", "history"])
            said = {check["check"]: check["detail"] for check in one["checks"]}
            assert said["disclosure subject"] == "Was erased; its digest stays in the signed text."
            exported = read(client, tenant, f"{case_id}/revisions/{one['revision']}")
            assert exported["disclosures"]["subject"] is None
            assert client.post("/verify", json=exported).json()["valid"]
        for path in ("", "/document"):
            shown = json.dumps(read(client, tenant, f"{case_id}{path}"))
            assert not any(text in shown for text in TRACES)
    assert client.get("/cases?subject=P-erase-4711", headers=tenant.key).json()["items"] == []


@pytest.mark.parametrize("state", STATES)
def test_erasing_again_changes_nothing(client: httpx.Client, tenant: Tenant, act: Act, state: str) -> None:
    case_id = make(client, tenant, act, state)
    before = read(client, tenant, case_id)

    first, second, third = (act(case_id, "erase-subject") for _ in range(3))

    assert (first.content, first.headers["ETag"]) == (second.content, second.headers["ETag"])
    assert first.content == third.content == client.get(f"/cases/{case_id}", headers=tenant.key).content
    was_signed = state not in ("draft", "cancelled")
    assert first.json() == before | {
        "subject": None,
        "erased": ["subject"] if was_signed else [],
        "version": before["version"] + 1,
        "updated_at": first.json()["updated_at"],
    }
    # A section kept the first time is erased the second time; erasing an absent section changes nothing.
    sections = act(case_id, "erase-subject", {"sections": ["history", "plan"]})
    has_sections = state != "entered_in_error"
    if has_sections or was_signed:
        assert sections.json()["version"] == before["version"] + 2
    again = act(case_id, "erase-subject", {"sections": ["plan"]})
    assert again.content == sections.content


def test_a_null_body_erases_only_the_subject(client: httpx.Client, tenant: Tenant, act: Act) -> None:
    case_id = make(client, tenant, act, "final")
    headers = tenant.key | {"Content-Type": "application/json"}

    answer = client.post(f"/cases/{case_id}/erase-subject", headers=headers, content=b"null")

    assert (answer.status_code, answer.json()["subject"], answer.json()["history"]) == (200, None, HISTORY)


def test_erasing_requires_an_admin(client: httpx.Client, tenant: Tenant, act: Act) -> None:
    made = client.post("/admin/api-keys", json={"label": "job", "role": "user"}, headers=tenant.key).json()
    case_id = make(client, tenant, act, "final")
    before = read(client, tenant, case_id)

    refused = act(case_id, "erase-subject", key={"X-API-Key": made["api_key"]})

    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-required")
    assert read(client, tenant, case_id) == before


def test_an_amendment_of_an_erased_case_keeps_it_erased(client: httpx.Client, tenant: Tenant, act: Act) -> None:
    case_id = make(client, tenant, act, "amended")
    assert act(case_id, "erase-subject", {"sections": ["history"]}).status_code == 200
    erased = read(client, tenant, f"{case_id}/revisions/2")

    assert act(case_id, "amend", {"reason": "x"}).status_code == 200
    amended = act(case_id, "finalize", SIGNING)

    assert amended.status_code == 200, amended.text
    shown = amended.json()
    assert (shown["subject"], shown["history"], shown["erased"]) == (None, None, ["subject", "history"])
    assert shown == read(client, tenant, case_id)
    revision = read(client, tenant, f"{case_id}/revisions/3")
    digests = [json.loads(one["signed"])["disclosure_digests"] for one in (erased, revision)]
    assert {name: digests[0][name] for name in ("subject", "history")} == {
        name: digest for name, digest in digests[1].items() if name in ("subject", "history")
    }
    assert (revision["disclosures"]["subject"], revision["disclosures"]["history"]) == (None, None)
    assert client.post("/verify", json=revision).json()["erased"] == ["subject", "history"]
    # The revision that voids the case has nothing clinical, not even a digest.
    voided = act(case_id, "void", {"reason": "x"} | SIGNING).json()
    assert (voided["subject"], voided["erased"]) == (None, ["subject"])
    replayed = act(case_id, "verify-replay").json()
    assert replayed["valid"], replayed
    assert [one["erased"] for one in replayed["revisions"]] == [["subject", "history"]] * 3 + [["subject"]]
    assert read(client, tenant, f"{case_id}/document")["resourceType"] == "Bundle"


def test_an_amendment_can_add_a_new_subject_after_an_erasure(client: httpx.Client, tenant: Tenant, act: Act) -> None:
    case_id = make(client, tenant, act, "amending")
    assert act(case_id, "erase-subject").status_code == 200

    assert read(client, tenant, f"{case_id}/draft")["subject"] is None
    other = {"identifiers": [{"system": "urn:pseudonym:1", "value": "x"}], "gender": "unknown"}
    headers = tenant.key | {"If-Match": "*", "Content-Type": "application/merge-patch+json"}
    assert client.patch(f"/cases/{case_id}", json={"subject": other}, headers=headers).status_code == 200
    assert act(case_id, "finalize", SIGNING).json()["subject"] == other
    replayed = act(case_id, "verify-replay").json()
    assert replayed["valid"]
    assert [one["erased"] for one in replayed["revisions"]] == [["subject"], []]


def test_a_case_whose_subject_was_erased_can_be_attested_and_voided(
    client: httpx.Client, tenant: Tenant, act: Act
) -> None:
    case_id = make(client, tenant, act, "final")
    assert act(case_id, "erase-subject").status_code == 200

    assert act(case_id, "attest", SIGNING | {"meaning": "review"}).status_code == 200
    assert act(case_id, "void", {"reason": "x"} | SIGNING).json()["subject"] is None
    assert act(case_id, "verify-replay").json()["valid"]


def test_every_clinical_field_and_the_signers_can_be_erased(
    client: httpx.Client, tenant: Tenant, act: Act, database: Database, bin_on_path: str
) -> None:
    case_id = make(client, tenant, act, "amended")
    reviewer = {"signer": {"name": "Prof. Karl Unvergessen", "role": "Head of oblivion"}, "meaning": "review"}
    assert act(case_id, "attest", reviewer).status_code == 200
    shown, signed = read(client, tenant, case_id), read(client, tenant, f"{case_id}/revisions/2")
    fields = CONTRACT.document["components"]["schemas"]["Section"]["enum"]
    present = [name for name in ("subject", *fields) if name in signed["disclosures"]]
    assert {"author", "conditions", "observations", "medications", "allergies", "plan"} <= set(present)

    erased = act(case_id, "erase-subject", {"sections": fields})

    assert erased.status_code == 200, erased.text
    empty = {name: [] if isinstance(shown[name], list) else None for name in present}
    version, updated_at = erased.json()["version"], erased.json()["updated_at"]
    assert erased.json() == shown | empty | {"erased": present, "version": version, "updated_at": updated_at}
    assert erased.json() == read(client, tenant, case_id)
    replayed = act(case_id, "verify-replay").json()
    assert replayed["valid"], replayed
    assert [one["erased"] for one in replayed["revisions"]] == [[*present, "signers"]] * 2
    after = read(client, tenant, f"{case_id}/revisions/2")
    assert set(after["disclosures"].values()) == {None}
    for before, now in zip(signed["signatures"], after["signatures"], strict=True):
        key_id = {"key_id": before["signer"]["key_id"]}
        assert (now["signer"], now["disclosure"]) == (key_id, None)
        assert before == now | {"signer": before["signer"], "disclosure": before["disclosure"]}
    assert client.post("/verify", json=after).json()["erased"] == [*present, "signers"]
    assert [one["signer"] for one in read(client, tenant, f"{case_id}/revisions")["items"]] == [key_id] * 2
    # The document names no person.
    document = json.dumps(read(client, tenant, f"{case_id}/document"))
    dump = run("clincore", "pg_dump", "--enable-row-security", DATABASE_URL=database.url, PATH=bin_on_path).stdout
    assert not any(text in document for text in ("Beispiel", "Unvergessen", "oblivion", "Sumatriptan"))
    assert not any(text in dump for text in ("Unvergessen", "oblivion"))
    # An amendment keeps everything erased, and needs nothing of it. Its signer is a new one.
    assert act(case_id, "amend", {"reason": "x"}).status_code == 200
    assert act(case_id, "finalize", SIGNING).json()["erased"] == present
    (first,) = read(client, tenant, f"{case_id}/revisions/3")["signatures"]
    assert first["signer"]["name"] == SIGNING["signer"]["name"]
    assert act(case_id, "verify-replay").json()["valid"]


@pytest.mark.parametrize("path", ["/cases/{}/erase-subject", "/admin/subjects/erase"])
@pytest.mark.parametrize("state", ["draft", "final", "amending"])
def test_a_case_can_be_changed_and_signed_after_its_observations_were_erased(
    client: httpx.Client, tenant: Tenant, act: Act, state: str, path: str
) -> None:
    """The reports of its drafts no longer name the observations."""
    case_id = make(client, tenant, act, "draft")
    headers = tenant.key | {"If-Match": "*", "Content-Type": "application/merge-patch+json"}

    def patch(**fields: Any) -> httpx.Response:
        return client.patch(f"/cases/{case_id}", json=fields, headers=headers)

    report = {"code": {"text": "Blood count"}, "conclusion": "Normal."}
    observations = [{"id": "hb", "code": {"text": "Haemoglobin"}}]
    assert patch(observations=observations, diagnostic_reports=[report | {"results": ["hb"]}]).status_code == 200
    if state != "draft":
        assert act(case_id, "finalize", SIGNING).status_code == 200
    if state == "amending":
        assert act(case_id, "amend", {"reason": "x"}).status_code == 200

    named = {"identifier": SUBJECT["identifiers"][0]} if "admin" in path else {}
    erased = client.post(path.format(case_id), json=named | {"sections": ["observations"]}, headers=tenant.key)

    assert erased.status_code == 200, erased.text
    if state == "final":
        assert act(case_id, "amend", {"reason": "x"}).status_code == 200
    changed = patch(plan="Rest.", subject={"identifiers": [{"system": "urn:pseudonym:1", "value": "x"}]})
    assert changed.status_code == 200, changed.text
    signed = act(case_id, "finalize", SIGNING)
    assert signed.status_code == 200, signed.text
    assert signed.json()["diagnostic_reports"] == [report]
    assert act(case_id, "verify-replay").json()["valid"]


def test_erasing_one_field_keeps_the_others(client: httpx.Client, tenant: Tenant, act: Act) -> None:
    case_id = make(client, tenant, act, "final")
    before = read(client, tenant, f"{case_id}/revisions/1")

    shown = act(case_id, "erase-subject", {"sections": ["medications"]}).json()

    assert (shown["medications"], shown["erased"]) == ([], ["subject", "medications"])
    after = read(client, tenant, f"{case_id}/revisions/1")
    assert after["disclosures"] == before["disclosures"] | {"subject": None, "medications": None}
    assert after["signatures"] == before["signatures"]
