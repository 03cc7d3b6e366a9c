"""Media types, content codings and ETags of responses (RFC 9110, sections 8.8.3, 12.5 and 13)."""

import gzip
import hashlib
import re
from typing import Any

import httpx
import pytest

from clincore.openapi.representations import accepts_gzip, choose
from support.cases import CONSULTATION
from support.contract import CONTRACT, Operation
from support.lifecycle import Case
from support.operations import World, make_world, request_to
from support.service import BOOTSTRAP_TOKEN, Service
from support.tenants import MakeTenant, Tenant

FHIR, JSON, PROBLEM = "application/fhir+json", "application/json", "application/problem+json"
GZIP, PLAIN = {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def world(client: httpx.Client, make_tenant: MakeTenant) -> World:
    return make_world(client, make_tenant())


def ask(client: httpx.Client, operation: Operation, world: World, **headers: str) -> httpx.Response:
    request = request_to(operation, world.ids)
    authorization = {"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}
    key = world.tenant.key if operation.needs_key else authorization
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.request(**request | {"headers": request["headers"] | key | headers})


@pytest.mark.parametrize("operation", CONTRACT.operations, ids=lambda operation: operation.id)
def test_a_client_that_accepts_only_problem_documents_is_answered(
    client: httpx.Client, make_tenant: MakeTenant, operation: Operation
) -> None:
    response = ask(client, operation, make_world(client, make_tenant()), Accept=PROBLEM)

    # The example's tenant may exist already, and the start page is for browsers.
    exceptions = [("bootstrap_tenant", 409), ("get_home", 404)]
    assert response.status_code < 300 or (operation.id, response.status_code) in exceptions


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("*/*", FHIR),
        ("application/*", FHIR),
        (JSON, JSON),
        (f"{JSON};charset=utf-8", JSON),
        (f"{FHIR};fhirVersion=4.0, {JSON}", FHIR),
        (f'{FHIR}; q=0.9; fhirVersion="4.0.1"', FHIR),
        (f"{FHIR};fhirVersion=3.0, {JSON};q=0.1", JSON),
        (f"{FHIR};fhirVersion=5.0;q=1, {FHIR};fhirVersion=4.0;q=0.1", FHIR),
        (f"{FHIR};fhirVersion=3.0", None),
        (f"{FHIR};FHIRVERSION=4.3;q=0.5", None),
        (f"application/*;fhirVersion=3.0, {JSON};fhirVersion=1.0", None),
        (f"{FHIR};q=0.1, {JSON};q=0.2", JSON),
        (f"{JSON}, */*;q=0.1", JSON),
        (f"{FHIR};q=0, */*", JSON),
        ("APPLICATION/JSON", JSON),
        (PROBLEM, FHIR),
        ("", FHIR),
        ("*/*;q=0", None),
        (f"{PROBLEM};q=0", None),
        (f"{FHIR};q=0, {JSON};q=0.000, */*", None),
        ("text/html, video/*", None),
    ],
)
def test_accept_follows_rfc_9110(accept: str, chosen: str | None) -> None:
    assert choose(accept.encode(), (FHIR, JSON)) == chosen


@pytest.mark.parametrize(
    ("accept_encoding", "accepted"),
    [
        ("gzip", True),
        ("x-gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=1.0, identity;q=0.5", True),
        ("", False),
        ("br", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("gzip;q=0.2, identity;q=0.5", False),
    ],
)
def test_accept_encoding_follows_rfc_9110(accept_encoding: str, accepted: bool) -> None:
    assert accepts_gzip(accept_encoding.encode()) == accepted


@pytest.mark.parametrize(
    ("accept", "media_type"), [(FHIR, FHIR), (JSON, JSON), ("application/*", FHIR), ("*/*", FHIR), (PROBLEM, FHIR)]
)
def test_a_fhir_document_is_served_for_generic_json_types(case: Case, accept: str, media_type: str) -> None:
    response = case.ask("GET", "/document", Accept=accept)

    assert (response.status_code, response.headers["Content-Type"]) == (200, media_type)
    assert response.json()["resourceType"] == "Bundle"
    assert "Accept" in response.headers["Vary"].split(", ")


def fhir_types(operation: Operation) -> list[str]:
    """The media types of FHIR that a successful request to the operation can get."""
    answers = {status: CONTRACT.resolve(one) for status, one in operation.definition["responses"].items()}
    produced = [name for status, one in answers.items() if status < "300" for name in one.get("content", ())]
    return [name for name in produced if name.startswith("application/fhir+")]


@pytest.mark.parametrize("operation", [*filter(fhir_types, CONTRACT.operations)], ids=lambda operation: operation.id)
def test_fhir_is_returned_only_to_clients_of_r4(client: httpx.Client, world: World, operation: Operation) -> None:
    (media_type,) = fhir_types(operation)

    for version in ("1.0", "3.0", "4.3", "5.0"):
        refused = ask(client, operation, world, Accept=f"{media_type}; fhirVersion={version}")
        assert refused.status_code == 406
        assert "fhirVersion=4.0" in refused.text
    answer = ask(client, operation, world, Accept=f"{media_type}; fhirVersion=4.0")
    assert answer.status_code < 300, answer.text
    assert answer.headers["Content-Type"] == media_type


STEPS = (
    ("PATCH", "", {"plan": "Rest."}),
    ("POST", "/finalize", {"signer": {"name": "Dr. Grete Beispiel"}, "meaning": "authorship"}),
    ("POST", "/attest", {"signer": {"name": "Prof. Karl Muster"}, "meaning": "review"}),
    ("POST", "/amend", {"reason": "A value was corrected."}),
    ("PATCH", "", {"plan": "More rest."}),
    ("POST", "/finalize", {"signer": {"name": "Dr. Grete Beispiel"}, "meaning": "authorship"}),
    ("POST", "/attest", {"signer": {"name": "Prof. Karl Muster"}, "meaning": "approval"}),
    ("POST", "/erase-subject", {"sections": ["plan"]}),
    ("POST", "/amend", {"reason": "Once more."}),
    ("DELETE", "", None),
    ("POST", "/void", {"reason": "x", "signer": {"name": "Dr. Grete Beispiel"}, "meaning": "authorship"}),
)


def test_an_etag_names_one_sequence_of_bytes_through_the_life_of_a_case(case: Case) -> None:
    content: dict[tuple[str, str], bytes] = {}
    documents: dict[str, Any] = {}
    last: dict[tuple[str, ...], tuple[str, bytes]] = {}

    def look() -> None:
        for path, accept in (("", JSON), ("/draft", JSON), ("/document", FHIR), ("/document", JSON)):
            for coding in (GZIP, PLAIN):
                response = case.ask("GET", path, Accept=accept, **coding)
                if response.status_code == 404:
                    continue
                tag, place = response.headers["ETag"], (path, accept, *coding.values())
                # Bytes as sent: the same JSON in gzip is another representation.
                sent = response.headers.get("Content-Encoding", "").encode() + response.content
                assert content.setdefault((path, tag), sent) == sent, (path, tag)
                if path == "/document":
                    bundle = response.json()
                    named = (bundle["id"], bundle["identifier"]["value"])
                    assert all(documents.setdefault(name, bundle) == bundle for name in named)
                again = case.ask("GET", path, Accept=accept, **coding, If_None_Match=f'"x", W/{tag}')
                assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
                if place in last and last[place][1] != sent:
                    changed = case.ask("GET", path, Accept=accept, **coding, If_None_Match=last[place][0])
                    assert changed.status_code == 200
                last[place] = (tag, sent)

    look()
    for method, path, body in STEPS:
        case.do(
            method, path, body, **({"If_Match": "*"} if method in ("PATCH", "DELETE") or path == "/finalize" else {})
        )
        look()
    # One document for each content: the two drafts, and each signature and erasure.
    assert len({bundle["id"] for bundle in documents.values()}) == 8


def test_if_match_accepts_only_etags_of_the_case_as_json(case: Case) -> None:
    plain, zipped = (case.ask("GET", **coding).headers["ETag"] for coding in (PLAIN, GZIP))
    document = case.ask("GET", "/document").headers["ETag"]
    assert (plain, zipped) == ('"1"', '"1.gzip"')
    assert re.fullmatch(r'"1\.[0-9a-f]{32}(\.gzip)?"', document)

    for wrong in (document, f"W/{plain}", f"W/{zipped}", '"2"', '"2.gzip", "3"'):
        assert case.ask("PATCH", body={"plan": "x"}, If_Match=wrong).status_code == 412, wrong
    assert case.ask("PATCH", body={"plan": "x"}, If_Match=f'"0", {zipped}').status_code == 200
    assert case.ask("PATCH", body={"plan": "y"}, If_Match='"2", "7"').status_code == 200


def test_large_responses_to_get_are_compressed_on_request(client: httpx.Client, world: World) -> None:
    for operation in CONTRACT.operations:
        if operation.method != "GET":
            continue
        zipped, plain = (ask(client, operation, world, **coding) for coding in (GZIP, PLAIN))
        length = len(plain.content)
        is_zipped = length > 1024 and not plain.headers["Content-Type"].endswith(("png", "ndjson"))
        assert zipped.headers.get("Content-Encoding") == ("gzip" if is_zipped else None), operation.id
        assert "Content-Encoding" not in plain.headers
        assert plain.headers["Vary"] == zipped.headers["Vary"] == "Accept, Accept-Encoding"
        if is_zipped:
            assert int(zipped.headers["Content-Length"]) < length
            assert zipped.headers.get("ETag") != plain.headers.get("ETag", "")
            if operation.id != "list_accesses":
                assert zipped.content == plain.content, operation.id


def test_no_response_with_a_raw_key_is_compressed(client: httpx.Client, tenant: Tenant) -> None:
    """If a response also repeats text of the request, its compressed length reveals the key (BREACH)."""
    made = {"label": "x" * 60, "role": "user"}
    for path in ("/admin/api-keys", "/auth/api-keys/rotate"):
        body: dict[str, Any] = made if "admin" in path else {}
        answer = client.post(path, json=body, headers=tenant.key | GZIP)
        assert answer.status_code == 201
        assert "Content-Encoding" not in answer.headers
    # Those are too small to be compressed anyway. A large response to POST is not compressed either.
    written = client.post("/cases", json=CONSULTATION, headers={"X-API-Key": answer.json()["api_key"]} | GZIP)
    assert len(written.content) > 1024
    assert "Content-Encoding" not in written.headers


def test_only_responses_to_post_have_raw_keys() -> None:
    """Responses to GET are compressed."""

    def properties(node: Any, seen: tuple[int, ...] = ()) -> set[str]:
        if isinstance(node, list):
            return {name for part in node for name in properties(part, seen)}
        if not isinstance(node, dict):
            return set()
        node = CONTRACT.resolve(node)
        if id(node) in seen:
            return set()
        inner = {name for value in node.values() for name in properties(value, (*seen, id(node)))}
        return inner | set(node.get("properties", {}))

    with_key = {
        operation.method
        for operation in CONTRACT.operations
        if "api_key" in properties([CONTRACT.resolve(one) for one in operation.definition["responses"].values()])
    }
    assert with_key == {"POST"}


def test_files_of_the_docs_are_immutable_under_names_with_their_digest(client: httpx.Client) -> None:
    page = client.get("/docs", headers=PLAIN)
    names = re.findall(r'(?:src|href)="docs/([^"]+)"', page.text)

    assert len(names) == 4
    for name in names:
        digest, _, asset = name.partition("/")
        for coding in (GZIP, PLAIN):
            file = client.get(f"/docs/{name}", headers=coding)
            assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            known = client.get(f"/docs/{name}", headers=coding | {"If-None-Match": file.headers["ETag"]})
            assert (known.status_code, known.headers["ETag"]) == (304, file.headers["ETag"])
            assert known.headers["Cache-Control"] == file.headers["Cache-Control"]
        assert hashlib.sha256(file.content).hexdigest().startswith(digest)
        for changing in (f"/docs/{asset}", f"/docs/0123456789abcdef/{asset}"):
            current = client.get(changing, headers=PLAIN)
            assert (current.content, current.headers["Cache-Control"]) == (file.content, "no-cache")


def test_static_files_are_compressed_well(service: Service) -> None:
    url = f"{service.url}/docs/swagger-ui-bundle.js"
    with httpx.stream("GET", url, headers=GZIP) as response:
        sent = b"".join(response.iter_raw())

    plain = httpx.get(url, headers=PLAIN).content
    assert gzip.decompress(sent) == plain
    assert len(sent) < len(plain) / 3
