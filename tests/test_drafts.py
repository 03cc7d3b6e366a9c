"""Drafts: merge patches under ETags, cancelling, and how lists find what was changed."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from conftest import SIGNING, MakeTenant, Tenant, make_case

from clincore.records.merge_patch import merge

PATCH = "application/merge-patch+json"


def patch(client: httpx.Client, tenant: Tenant, case_id: str, body: Any, if_match: str = "*") -> httpx.Response:
    headers = tenant.key | {"Content-Type": PATCH, "If-Match": if_match}
    return client.patch(f"/cases/{case_id}", content=json.dumps(body).encode(), headers=headers)


def get(client: httpx.Client, tenant: Tenant, case_id: str) -> Any:
    return client.get(f"/cases/{case_id}", headers=tenant.key).json()


@pytest.fixture
def case_id(client: httpx.Client, tenant: Tenant) -> str:
    return make_case(client, tenant.key)


# RFC 7396, appendix A: target, patch, result.
APPENDIX = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch_", "result"), APPENDIX)
def test_merging_is_that_of_rfc_7396(target: Any, patch_: Any, result: Any) -> None:
    assert merge(target, patch_) == result


def test_a_patch_merges_objects_replaces_lists_and_null_removes(
    client: httpx.Client, tenant: Tenant, case_id: str
) -> None:
    before = get(client, tenant, case_id)
    change = {
        "subject": {"name": None, "gender": "other"},
        "metadata": {"bed": "7"},
        "observations": [],
        "plan": None,
        "type": None,
    }

    response = patch(client, tenant, case_id, change, '"1"')

    after = response.json()
    assert (response.status_code, response.headers["ETag"], after["version"]) == (200, '"2"', 2)
    assert get(client, tenant, case_id) == after
    assert after["subject"] == {k: v for k, v in before["subject"].items() if k != "name"} | {"gender": "other"}
    assert after["metadata"] == {"ward": "outpatients", "bed": "7"}
    assert (after["observations"], after["plan"], after["type"]["code"]) == ([], None, "34133-9")
    untouched = set(before) - set(change) - {"version", "updated_at"}
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}


def test_of_two_who_edit_the_second_loses_nothing(client: httpx.Client, tenant: Tenant, case_id: str) -> None:
    first = patch(client, tenant, case_id, {"plan": "mine"}, '"1"')
    second = patch(client, tenant, case_id, {"history": "mine too"}, '"1"')

    assert (first.status_code, second.status_code, second.headers["ETag"]) == (200, 412, '"2"')
    assert second.json()["type"] == "/problems/precondition-failed"
    assert get(client, tenant, case_id) == first.json()
    assert patch(client, tenant, case_id, {"history": "mine too"}, second.headers["ETag"]).json()["plan"] == "mine"


def test_of_ten_at_once_one_succeeds(client: httpx.Client, tenant: Tenant, case_id: str) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda n: patch(client, tenant, case_id, {"plan": str(n)}, '"1"'), range(10)))

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    assert get(client, tenant, case_id) == winner


@pytest.mark.parametrize(
    ("if_match", "status"),
    [('"1"', 200), ("1", 200), ("*", 200), ('"7", "1"', 200), ('W/"1"', 412), ('"2"', 412), ("x", 412), ("", 400)],
)
def test_if_match_is_read_as_rfc_9110_says(
    client: httpx.Client, tenant: Tenant, case_id: str, if_match: str, status: int
) -> None:
    assert patch(client, tenant, case_id, {"plan": "x"}, if_match).status_code == status


def test_a_change_must_say_of_which_version_it_is(client: httpx.Client, tenant: Tenant, case_id: str) -> None:
    headers = tenant.key | {"Content-Type": PATCH}
    answers = [
        client.patch(f"/cases/{case_id}", content=b'{"plan": "x"}', headers=headers),
        client.delete(f"/cases/{case_id}", headers=tenant.key),
    ]

    assert [(answer.status_code, answer.json()["errors"][0]["pointer"]) for answer in answers] == [
        (400, "If-Match")
    ] * 2


def test_what_the_client_has_is_not_sent_again(client: httpx.Client, tenant: Tenant, case_id: str) -> None:
    def status(tags: str) -> int:
        return client.get(f"/cases/{case_id}", headers=tenant.key | {"If-None-Match": tags}).status_code

    assert [status(tags) for tags in ('"1"', 'W/"1"', '"0", "1"', "*", '"2"')] == [304, 304, 304, 304, 200]
    patch(client, tenant, case_id, {"plan": "x"})
    assert [status('"1"'), status('"2"')] == [200, 304]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"subject": {"identifier": None}}, "/subject"),
        ({"author": None, "subject": None, "period": {"end": None, "start": "2026-03-02T09:00:00Z"}}, None),
        ({"metadata": {str(n): "x" for n in range(20)}}, "/metadata"),
        ({"metadata": {"x" * 65: "y"}}, "/metadata"),
    ],
)
def test_a_draft_that_lacks_something_is_refused_and_stays(
    client: httpx.Client, tenant: Tenant, case_id: str, body: Any, pointer: str | None
) -> None:
    before = get(client, tenant, case_id)

    response = patch(client, tenant, case_id, body)

    if pointer is None:
        assert response.status_code == 200
        return
    assert response.status_code in (400, 422)
    assert response.json()["errors"][0]["pointer"] == pointer
    assert get(client, tenant, case_id) == before


def test_a_draft_cannot_grow_beyond_what_could_be_created(client: httpx.Client, tenant: Tenant, case_id: str) -> None:
    coding = {"system": "http://loinc.org", "code": "8867-4", "display": "x" * 250}
    noted = [{"code": coding, "note": "y" * 2000}] * 50
    statuses = [
        patch(client, tenant, case_id, {name: noted}).status_code
        for name in ("conditions", "allergies", "observations")
    ]

    assert statuses == [200, 200, 422]


def test_the_external_id_of_a_draft_can_be_changed_and_removed(
    client: httpx.Client, tenant: Tenant, case_id: str
) -> None:
    other = client.post("/cases", json={"title": "x", "external_id": "taken"}, headers=tenant.key).json()

    taken = patch(client, tenant, case_id, {"external_id": "taken"})
    changed = patch(client, tenant, case_id, {"external_id": "free"})
    removed = patch(client, tenant, case_id, {"external_id": None})

    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/external-id-taken")
    assert (changed.json()["external_id"], removed.json()["external_id"]) == ("free", None)
    assert get(client, tenant, other["id"]) == other


def test_the_external_id_that_was_signed_stays(client: httpx.Client, tenant: Tenant, case_id: str) -> None:
    for step, body in (("finalize", SIGNING), ("amend", {"reason": "x"})):
        assert client.post(f"/cases/{case_id}/{step}", json=body, headers=tenant.key).status_code == 200

    refused = patch(client, tenant, case_id, {"external_id": "another"})

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/case-finalized")


def test_a_cancelled_draft_stays_readable_and_as_it_is(client: httpx.Client, tenant: Tenant, case_id: str) -> None:
    cancelled = client.delete(f"/cases/{case_id}", headers=tenant.key | {"If-Match": '"1"'})

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert get(client, tenant, case_id) == cancelled.json()
    assert patch(client, tenant, case_id, {"plan": "x"}).status_code == 409
    assert client.post(f"/cases/{case_id}/finalize", json=SIGNING, headers=tenant.key).status_code == 409
    listed = client.get("/cases", params={"status": "cancelled"}, headers=tenant.key).json()["items"]
    assert [one["id"] for one in listed] == [case_id]


def test_lists_find_cases_by_what_they_say_now(client: httpx.Client, tenant: Tenant, make_tenant: MakeTenant) -> None:
    first, second = make_case(client, tenant.key), make_case(client, tenant.key)
    make_case(client, make_tenant().key)
    changed = patch(
        client,
        tenant,
        second,
        {"subject": {"identifier": {"value": "P-2"}}, "tags": ["urgent"], "type": {"code": "34133-9"}},
    ).json()
    created = {one: get(client, tenant, one)["created_at"] for one in (first, second)}

    def ids(**parameters: str) -> list[str]:
        response = client.get("/cases", params=parameters, headers=tenant.key)
        assert response.status_code == 200, response.text
        return [case["id"] for case in response.json()["items"]]

    assert ids(subject="P-10082") == ids(subject="urn:oid:1.2.36.146.595.217.0.1|P-10082") == [first]
    assert ids(subject="P-2") == ids(tag="urgent") == ids(type="34133-9") == [second]
    assert ids(subject="urn:oid:9|P-2") == ids(tag="Urgent") == ids(tag="neurology", subject="P-2") == []
    assert ids(type="http://loinc.org|11488-4") == ids(tag="neurology", type="11488-4", status="draft") == [first]
    assert ids(created_since=created[second]) == [second]
    assert ids(created_before=created[second]) == [first]
    assert ids(updated_since=changed["updated_at"]) == [second]
    assert ids(updated_before=changed["updated_at"], created_since=created[first]) == [first]


def test_pages_by_tag_stay_stable_while_cases_are_added(client: httpx.Client, tenant: Tenant) -> None:
    body = {"title": "x", "tags": ["a", "b"]}
    made = [client.post("/cases", json=body, headers=tenant.key).json()["id"] for _ in range(5)]

    seen: list[str] = []
    parameters = {"limit": "2", "tag": "b"}
    while True:
        page = client.get("/cases", params=parameters, headers=tenant.key).json()
        seen += [case["id"] for case in page["items"]]
        client.post("/cases", json=body, headers=tenant.key)
        if "next_cursor" not in page:
            break
        parameters["cursor"] = page["next_cursor"]

    assert seen == made[::-1]
