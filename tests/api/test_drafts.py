"""Drafts over HTTP: merge patches, ETags, cancelling, and the lists that find cases."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from clincore.records.merge_patch import merge
from support.cases import CONSULTATION, SIGNING, make_case
from support.tenants import MakeTenant, Tenant

Json = dict[str, Any]

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


def create(client: httpx.Client, tenant: Tenant, **more: Any) -> Json:
    response = client.post("/cases", json={"title": "Migraine", **more}, headers=tenant.key)
    assert response.status_code == 201, response.text
    case: Json = response.json()
    return case


def patch(client: httpx.Client, tenant: Tenant, case_id: str, body: Json, if_match: str = '"1"') -> httpx.Response:
    headers = tenant.key | MERGE_PATCH | {"If-Match": if_match}
    return client.patch(f"/cases/{case_id}", json=body, headers=headers)


def cancel(client: httpx.Client, tenant: Tenant, case_id: str, if_match: str = "*") -> httpx.Response:
    return client.delete(f"/cases/{case_id}", headers=tenant.key | {"If-Match": if_match})


def show(client: httpx.Client, tenant: Tenant, case_id: str) -> Json:
    response = client.get(f"/cases/{case_id}", headers=tenant.key)
    assert response.status_code == 200, response.text
    case: Json = response.json()
    return case


def ids(client: httpx.Client, tenant: Tenant, **parameters: Any) -> list[str]:
    response = client.get("/cases", params=parameters, headers=tenant.key)
    assert response.status_code == 200, response.text
    return [case["id"] for case in response.json()["items"]]


# The examples of RFC 7396, appendix A: the original, the patch, the result.
@pytest.mark.parametrize(
    ("target", "change", "result"),
    [
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
    ],
)
def test_merge_matches_the_examples_of_the_rfc(target: Any, change: Any, result: Any) -> None:
    assert merge(target, change) == result


def test_merge_matches_the_introduction_of_the_rfc_and_keeps_the_original() -> None:
    target = {
        "title": "Goodbye!",
        "author": {"givenName": "John", "familyName": "Doe"},
        "tags": ["example", "sample"],
        "content": "This will be unchanged",
    }
    before = {**target, "author": dict(target["author"])}
    change = {"title": "Hello!", "phoneNumber": "+01-123-456-7890", "author": {"familyName": None}, "tags": ["example"]}

    assert merge(target, change) == {
        "title": "Hello!",
        "author": {"givenName": "John"},
        "tags": ["example"],
        "content": "This will be unchanged",
        "phoneNumber": "+01-123-456-7890",
    }
    assert target == before


def test_a_patch_removes_with_null_merges_objects_and_replaces_arrays(client: httpx.Client, tenant: Tenant) -> None:
    case = create(client, tenant, **CONSULTATION)

    changed = patch(
        client,
        tenant,
        case["id"],
        {
            "history": None,
            "subject": {"name": None, "gender": "other"},
            "metadata": {"ward": None, "room": "12"},
            "encounter": {"class": None, "period": {"start": "2019"}},
            "author": {"organization": None},
            "observations": [],
            "diagnostic_reports": [],
            "tags": ["a", "b"],
            "type": None,
        },
    )

    assert changed.status_code == 200
    expected = case | {
        "version": 2,
        "updated_at": changed.json()["updated_at"],
        "history": None,
        "subject": {"identifiers": case["subject"]["identifiers"], "birth_date": "1984-03-12", "gender": "other"},
        "metadata": {"room": "12"},
        "encounter": {
            "identifiers": case["encounter"]["identifiers"],
            "status": "finished",
            "period": {"start": "2019"},
        },
        "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist"},
        "observations": [],
        "diagnostic_reports": [],
        "tags": ["a", "b"],
        "type": {"system": "http://loinc.org", "code": "34133-9", "display": "Summary of episode note"},
    }
    assert changed.json() == expected
    assert changed.headers["ETag"] == '"2"'
    assert show(client, tenant, case["id"]) == expected
    assert changed.json()["updated_at"] > case["updated_at"]


def test_a_patch_that_adds_a_subject_stores_no_null(client: httpx.Client, tenant: Tenant) -> None:
    case = create(client, tenant)
    subject = {"identifiers": [{"system": "urn:x:y", "value": "1"}], "name": None, "gender": "female"}

    answer = patch(client, tenant, case["id"], {"subject": subject}).json()

    # A null in a patch is never stored, even where there is nothing to remove.
    assert answer["subject"] == {"identifiers": [{"system": "urn:x:y", "value": "1"}], "gender": "female"}


def test_the_second_of_two_editors_gets_412_and_nothing_is_lost(client: httpx.Client, tenant: Tenant) -> None:
    case = create(client, tenant)
    assert patch(client, tenant, case["id"], {"plan": "the first editor's"}).status_code == 200
    before = show(client, tenant, case["id"])

    late = patch(client, tenant, case["id"], {"plan": "the second editor's"})

    assert (late.status_code, late.json()["type"]) == (412, "/problems/precondition-failed")
    assert late.headers["ETag"] == '"2"'
    assert show(client, tenant, case["id"]) == before
    assert patch(client, tenant, case["id"], {"plan": "both"}, late.headers["ETag"]).json()["plan"] == "both"


def test_one_of_ten_concurrent_patches_of_a_version_is_stored(client: httpx.Client, tenant: Tenant) -> None:
    case = create(client, tenant)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda n: patch(client, tenant, case["id"], {"plan": f"plan {n}"}), range(10)))

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    (stored,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert show(client, tenant, case["id"]) == stored
    assert stored["version"] == 2


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"1"', 200),
        ("*", 200),
        ('"7", "1"', 200),
        ('"7","1" , "9"', 200),
        ("1", 200),
        ('"7, 1 ,9"', 412),
        ('W/"1"', 412),
        ('W/"1", "7"', 412),
        ('"01"', 412),
        ('"1 "', 412),
        ('"2"', 412),
        ("", 400),
        (None, 400),
    ],
)
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_change_needs_the_strong_etag_of_the_current_version(
    client: httpx.Client, tenant: Tenant, method: str, if_match: str | None, status: int
) -> None:
    case = create(client, tenant)
    headers = tenant.key | ({"If-Match": if_match} if if_match is not None else {})
    body = {"json": {"plan": "rest"}} if method == "PATCH" else {}
    headers |= MERGE_PATCH if method == "PATCH" else {}

    answer = client.request(method, f"/cases/{case['id']}", headers=headers, **body)

    assert answer.status_code == status, answer.text
    if status != 200:
        assert show(client, tenant, case["id"]) == case
    if status == 412:
        assert answer.headers["ETag"] == '"1"'


def test_get_case_answers_304_for_a_known_version(client: httpx.Client, tenant: Tenant) -> None:
    case_id = create(client, tenant)["id"]

    def read(if_none_match: str) -> httpx.Response:
        return client.get(f"/cases/{case_id}", headers=tenant.key | {"If-None-Match": if_none_match})

    for tags in ('"1"', 'W/"1"', '"7", "1"', "*"):
        known = read(tags)
        assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", '"1"')
    assert read('"7"').status_code == 200
    patch(client, tenant, case_id, {"plan": "rest"})
    assert (read('"1"').status_code, read('"1"').headers["ETag"], read('"2"').status_code) == (200, '"2"', 304)


@pytest.mark.parametrize(
    ("body", "pointer", "detail"),
    [
        ({"subject": {"name": "A"}}, "/subject/identifiers", "is a required property"),
        ({"period": {"end": "2026-03-02T09:00:00Z"}}, "/period/start", "is a required property"),
        ({"encounter": {"class": {"code": "AMB"}}}, "/encounter/class/system", "is a required property"),
        ({"author": {"name": None}}, "/author", "is empty"),
        ({"author": {"organization": {"name": None}}}, "/author/organization", "is empty"),
        ({"custodian": {}}, "/custodian", "is empty"),
    ],
)
def test_a_patch_that_leaves_a_property_incomplete_names_it_and_changes_nothing(
    client: httpx.Client, tenant: Tenant, body: Json, pointer: str, detail: str
) -> None:
    case = create(client, tenant)

    answer = patch(client, tenant, case["id"], body)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/case-invalid")
    (error,) = answer.json()["errors"]
    assert error == {"pointer": pointer, "detail": detail}
    assert show(client, tenant, case["id"]) == case


@pytest.mark.parametrize("body", [{"title": None}, {"unknown": 1}, {"status": "final"}, {}, {"tags": ["a", "a"]}])
def test_a_patch_that_breaks_the_contract_is_refused(client: httpx.Client, tenant: Tenant, body: Json) -> None:
    case = create(client, tenant)

    assert patch(client, tenant, case["id"], body).status_code == 400
    assert show(client, tenant, case["id"]) == case


def test_a_patch_needs_the_media_type_of_merge_patches(client: httpx.Client, tenant: Tenant) -> None:
    case = create(client, tenant)

    answer = client.patch(f"/cases/{case['id']}", json={"plan": "rest"}, headers=tenant.key | {"If-Match": "*"})

    assert answer.status_code == 415


def test_a_patch_cannot_make_a_draft_larger_than_a_new_case_may_be(client: httpx.Client, tenant: Tenant) -> None:
    long = "é" * 20_000
    case = create(client, tenant, reason=long, history=long, assessment=long, plan=long)
    note = {"code": CONSULTATION["observations"][0]["code"], "value": {"string": "é" * 1000}}

    answer = patch(client, tenant, case["id"], {"observations": [note] * 440})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/case-invalid")
    assert "1048576 bytes" in answer.json()["errors"][0]["detail"]
    assert show(client, tenant, case["id"]) == case


def test_a_patch_cannot_add_a_twenty_first_pair_of_metadata(client: httpx.Client, tenant: Tenant) -> None:
    case = create(client, tenant, metadata={f"a{n}": "x" for n in range(20)})

    refused = patch(client, tenant, case["id"], {"metadata": {"one-more": "x"}})

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/metadata")
    assert show(client, tenant, case["id"]) == case
    swapped = patch(client, tenant, case["id"], {"metadata": {"one-more": "x", "a0": None}})
    assert len(swapped.json()["metadata"]) == 20


def test_an_external_id_can_be_changed_and_removed_but_not_taken_from_another_case(
    client: httpx.Client, tenant: Tenant
) -> None:
    create(client, tenant, external_id="taken")
    case = create(client, tenant, external_id="mine")

    taken = patch(client, tenant, case["id"], {"external_id": "taken", "plan": "rest"})
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/external-id-taken")
    assert show(client, tenant, case["id"]) == case

    assert patch(client, tenant, case["id"], {"external_id": "other"}).json()["external_id"] == "other"
    assert ids(client, tenant, external_id="other") == [case["id"]]
    assert ids(client, tenant, external_id="mine") == []
    assert patch(client, tenant, case["id"], {"external_id": None}, '"2"').json()["external_id"] is None
    assert create(client, tenant, external_id="mine")["external_id"] == "mine"


def test_one_of_four_concurrent_patches_gets_an_external_id(client: httpx.Client, tenant: Tenant) -> None:
    made = [create(client, tenant)["id"] for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda case_id: patch(client, tenant, case_id, {"external_id": "one"}), made))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


def test_a_signed_external_id_cannot_be_changed(client: httpx.Client, tenant: Tenant) -> None:
    case_id = create(client, tenant, **CONSULTATION, external_id="signed")["id"]
    assert (
        client.post(f"/cases/{case_id}/finalize", json=SIGNING, headers=tenant.key | {"If-Match": "*"}).status_code
        == 200
    )
    assert client.post(f"/cases/{case_id}/amend", json={"reason": "x"}, headers=tenant.key).status_code == 200

    for external_id in ("another", None):
        refused = patch(client, tenant, case_id, {"external_id": external_id, "plan": "rest"}, "*")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/case-finalized")
    same = patch(client, tenant, case_id, {"external_id": "signed", "plan": "rest"}, "*")
    assert (same.status_code, same.json()["plan"]) == (200, "rest")


def test_a_cancelled_draft_is_readable_and_cannot_be_changed(client: httpx.Client, tenant: Tenant) -> None:
    case = create(client, tenant, **CONSULTATION)

    cancelled = cancel(client, tenant, case["id"], '"1"')

    assert cancelled.status_code == 200
    expected = case | {"status": "cancelled", "version": 2, "updated_at": cancelled.json()["updated_at"]}
    assert cancelled.json() == expected
    refused = [
        patch(client, tenant, case["id"], {"plan": "rest"}, "*"),
        cancel(client, tenant, case["id"]),
        client.post(f"/cases/{case['id']}/finalize", json=SIGNING, headers=tenant.key | {"If-Match": "*"}),
        client.post(f"/cases/{case['id']}/amend", json={"reason": "x"}, headers=tenant.key),
    ]
    assert [(r.status_code, r.json()["type"]) for r in refused] == [(409, "/problems/invalid-transition")] * 4
    assert show(client, tenant, case["id"]) == expected
    assert client.get(f"/cases/{case['id']}/draft", headers=tenant.key).status_code == 404
    assert ids(client, tenant, status="cancelled") == [case["id"]]
    assert ids(client, tenant, status="draft") == []


def test_lists_find_cases_by_subject_tag_and_type(client: httpx.Client, tenant: Tenant) -> None:
    def subject(system: str, value: str) -> Json:
        return {"identifiers": [{"system": system, "value": value}, {"system": "urn:not:searched", "value": "P-9"}]}

    note = {"system": "http://loinc.org", "code": "11488-4"}
    own = {"system": "urn:own:types", "code": "11488-4"}
    a = create(client, tenant, subject=subject("urn:a:1", "P-1"), tags=["x", "y"], type=note)["id"]
    b = create(client, tenant, subject=subject("urn:b:1", "P-1"), tags=["y"], type=own)["id"]
    c = create(client, tenant, subject=subject("urn:a:1", "P-2"))["id"]

    assert ids(client, tenant, subject="P-1") == [b, a]
    assert ids(client, tenant, subject="urn:a:1|P-1") == [a]
    assert ids(client, tenant, subject="urn:c:1|P-1") == []
    assert ids(client, tenant, subject="P") == []
    # Only the first identifier is searched.
    assert ids(client, tenant, subject="P-9") == []
    assert ids(client, tenant, tag="y") == [b, a]
    assert ids(client, tenant, tag="x") == [a]
    assert ids(client, tenant, tag="Y") == []
    assert ids(client, tenant, type="11488-4") == [b, a]
    assert ids(client, tenant, type="urn:own:types|11488-4") == [b]
    assert ids(client, tenant, type="34133-9") == [c]
    assert ids(client, tenant, subject="P-1", tag="y", type="http://loinc.org|11488-4", status="draft") == [a]
    assert ids(client, tenant, subject="urn:a:1|P-2", tag="y") == []


def test_an_identifier_that_contains_a_bar_is_found(client: httpx.Client, tenant: Tenant) -> None:
    identifier = {"system": "urn:a:1", "value": "ward|7"}
    case_id = create(client, tenant, subject={"identifiers": [identifier]})["id"]

    assert ids(client, tenant, subject="ward|7") == [case_id]
    assert ids(client, tenant, subject="urn:a:1|ward|7") == [case_id]


def test_lists_find_cases_by_their_patched_values(client: httpx.Client, tenant: Tenant) -> None:
    case_id = create(client, tenant, **CONSULTATION)["id"]
    other = {"system": "urn:other:1", "value": "P-2"}
    change = {"title": "Cluster", "subject": {"identifiers": [other]}, "tags": ["new"], "type": {"code": "34133-9"}}
    assert patch(client, tenant, case_id, change).status_code == 200

    assert ids(client, tenant, subject="P-10082") == []
    assert ids(client, tenant, tag="neurology") == []
    assert ids(client, tenant, type="11488-4") == []
    assert ids(client, tenant, subject="urn:other:1|P-2", tag="new", type="34133-9") == [case_id]
    (summary,) = client.get("/cases?tag=new", headers=tenant.key).json()["items"]
    assert (summary["title"], summary["version"]) == ("Cluster", 2)
    removed = patch(client, tenant, case_id, {"subject": None, "tags": None}, '"2"')
    assert removed.status_code == 200
    assert ids(client, tenant, subject="P-2") == ids(client, tenant, tag="new") == []


def test_ranges_include_their_start_and_exclude_their_end(client: httpx.Client, tenant: Tenant) -> None:
    first, second, third = (create(client, tenant, tags=["t"]) for _ in range(3))
    changed = patch(client, tenant, first["id"], {"plan": "rest"}).json()

    assert ids(client, tenant, created_since=second["created_at"]) == [third["id"], second["id"]]
    assert ids(client, tenant, created_before=second["created_at"]) == [first["id"]]
    assert ids(client, tenant, created_since=second["created_at"], created_before=third["created_at"]) == [second["id"]]
    assert ids(client, tenant, updated_since=changed["updated_at"]) == [first["id"]]
    assert ids(client, tenant, updated_before=changed["updated_at"]) == [third["id"], second["id"]]
    assert ids(client, tenant, created_since=second["created_at"], updated_before=third["updated_at"], tag="t") == [
        second["id"]
    ]
    # The same instant, written differently.
    moment = second["created_at"].replace("Z", "+00:00")
    assert ids(client, tenant, created_before=moment) == [first["id"]]


@pytest.mark.parametrize(
    "filters", [{}, {"tag": "t"}, {"subject": "P-10082"}, {"type": "11488-4"}, {"status": "draft"}]
)
def test_pages_stay_stable_while_cases_are_added(client: httpx.Client, tenant: Tenant, filters: Json) -> None:
    made = [create(client, tenant, **CONSULTATION | {"tags": ["t", "u"]})["id"] for _ in range(5)]
    seen: list[str] = []
    parameters: Json = {"limit": 2, **filters}
    while True:
        page = client.get("/cases", params=parameters, headers=tenant.key).json()
        seen += [case["id"] for case in page["items"]]
        create(client, tenant, **CONSULTATION | {"tags": ["t"]})
        if "next_cursor" not in page:
            break
        parameters["cursor"] = page["next_cursor"]

    assert seen == made[::-1]


def test_lists_hide_another_tenants_cases(client: httpx.Client, make_tenant: MakeTenant) -> None:
    mine, theirs = make_tenant(), make_tenant()
    case_id = make_case(client, theirs.key)

    for filters in ({"tag": "neurology"}, {"subject": "P-10082"}, {"type": "11488-4"}):
        assert ids(client, mine, **filters) == []
        assert ids(client, theirs, **filters) == [case_id]
