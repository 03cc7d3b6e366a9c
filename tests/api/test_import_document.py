"""`POST /fhir/Bundle`: a document of another system becomes a case, once."""

import base64
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from clincore.records.fhir.reading.report import Row
from support.contract import CONTRACT
from support.fhir_in import bundle, condition, observation, request
from support.tenants import MakeTenant, Tenant

Json = dict[str, Any]

FHIR, JSON = "application/fhir+json", "application/json"
HAPI = f"{FHIR};q=1.0, application/json+fhir;q=0.9"
"""What HAPI's client sends as `Accept`."""


def identified(document: Json) -> Json:
    """The document with an identifier that no other has."""
    return document | {"identifier": {"system": "urn:ietf:rfc3986", "value": f"urn:uuid:{uuid4()}"}}


def send(
    client: httpx.Client, tenant: Tenant, document: Json, media_type: str = "application/fhir+json", **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(
        "/fhir/Bundle", content=json.dumps(document), headers=tenant.key | {"Content-Type": media_type} | named
    )


@pytest.mark.parametrize(
    "media_type",
    ["application/fhir+json", "application/json", "application/fhir+json; fhirVersion=4.0; charset=utf-8"],
)
def test_a_document_becomes_a_draft_with_a_report(client: httpx.Client, tenant: Tenant, media_type: str) -> None:
    careful = {"resourceType": "CarePlan", "id": "1", "status": "active", "intent": "plan"}
    document = identified(bundle(condition(), observation(device={"display": "Cuff"}), careful))
    answer = send(client, tenant, document, media_type)

    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["case"]["status"] == "draft" and made["case"]["title"] == "Letter"
    assert made["counts"] == {"kept": 2, "noted": 2, "refused": 1}
    lines = {line["resource"]: line for line in made["report"]}
    assert lines["Observation/1"]["reason"] == "in words in the note: device"
    assert lines["CarePlan/1"]["outcome"] == "refused"
    shown = client.get(answer.headers["Location"], headers=tenant.key)
    assert shown.json() == made["case"]


def preview(client: httpx.Client, tenant: Tenant, document: Json, **headers: str) -> httpx.Response:
    sent = tenant.key | {"Content-Type": FHIR} | headers
    return client.post("/fhir/Bundle/preview", content=json.dumps(document), headers=sent)


def test_a_preview_shows_what_the_import_makes_and_creates_nothing(client: httpx.Client, tenant: Tenant) -> None:
    careful = {"resourceType": "CarePlan", "id": "1", "status": "active", "intent": "plan"}
    document = identified(bundle(condition(), observation(device={"display": "Cuff"}), careful))

    shown = preview(client, tenant, document)
    again = preview(client, tenant, document)
    as_fhir = preview(client, tenant, document, Accept=FHIR)

    assert shown.status_code == 200, shown.text
    assert client.get("/cases", headers=tenant.key).json() == {"items": []}
    made = send(client, tenant, document).json()
    assert (
        shown.json()
        == again.json()
        == {
            "case": shown.json()["case"],
            "counts": made["counts"],
            "report": made["report"],
        }
    )
    assert {name: made["case"][name] for name in shown.json()["case"]} == shown.json()["case"]
    assert as_fhir.json() == send(client, tenant, identified(document), Accept=FHIR).json()


def test_a_preview_of_an_unreadable_document_says_what_is_wrong(client: httpx.Client, tenant: Tenant) -> None:
    document = bundle() | {"type": "collection"}
    assert preview(client, tenant, document).status_code == send(client, tenant, document).status_code == 400
    document = bundle()
    document["entry"] = document["entry"][1:] or [{"resource": {"resourceType": "Patient"}}]
    refused, created = preview(client, tenant, document), send(client, tenant, document)
    assert (refused.status_code, refused.json()["issue"][0]["details"]) == (422, created.json()["issue"][0]["details"])


def test_a_preview_stores_nothing_and_has_the_limits_of_the_import(
    client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    text = f"Marfan-{uuid4()}"
    shown = preview(client, tenant, identified(bundle(condition(code={"text": text}))))
    assert text in shown.text
    assert client.get("/admin/access-log", headers=tenant.key).json() == {"items": []}
    tables = operator.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    for (table,) in tables:
        rows = str(operator.execute(f"SELECT * FROM {table}").fetchall())
        assert text not in rows, table

    huge = bundle(condition(note=[{"text": "x" * 2_100_000}]))
    for document in (huge, {}, {"resourceType": "Bundle"}, bundle() | {"entry": []}):
        refused, created = preview(client, tenant, document), send(client, tenant, document)
        assert refused.status_code == created.status_code >= 400
        assert refused.json()["issue"][0]["details"] == created.json()["issue"][0]["details"]
    made = client.post("/admin/api-keys", json={"label": "r", "scopes": ["read", "write"]}, headers=tenant.key).json()
    headers = {"X-API-Key": made["api_key"], "Content-Type": FHIR}
    assert client.post("/fhir/Bundle/preview", content=b"{}", headers=headers).status_code == 403
    assert client.get("/fhir/Bundle/preview", headers=tenant.key).status_code == 405


def test_a_client_of_fhir_gets_the_report_as_an_outcome(client: httpx.Client, tenant: Tenant) -> None:
    careful = {"resourceType": "CarePlan", "id": "1", "status": "active", "intent": "plan"}
    document = bundle(condition(), observation(device={"display": "Cuff"}), careful)
    answer = send(client, tenant, document, Accept=HAPI)

    assert (answer.status_code, answer.headers["Content-Type"]) == (201, FHIR), answer.text
    assert answer.headers["Vary"] == "Accept"
    outcome = answer.json()
    OperationOutcome.model_validate(outcome)
    assert CONTRACT.errors({"$ref": "#/components/schemas/OperationOutcome"}, outcome) == []
    issues = [(issue["severity"], issue["code"]) for issue in outcome["issue"]]
    assert issues == [("information" if one == "informational" else "warning", one) for _, one in issues]
    (noted,) = [issue for issue in outcome["issue"] if issue["diagnostics"] == "Observation/1"]
    assert noted["details"]["text"] == "in words in the note: device"

    as_json = send(client, tenant, identified(document))
    assert (as_json.headers["Content-Type"], as_json.headers["Vary"]) == (JSON, "Accept")
    lines = [
        (issue["diagnostics"], *issue["expression"], issue["details"]["coding"][0]["code"])
        for issue in outcome["issue"]
    ]
    assert lines == [(one["resource"], one["path"], one["outcome"]) for one in as_json.json()["report"]]
    assert {code for *_, code in lines} == {"kept", "noted", "refused"}
    case = client.get(answer.headers["Location"], headers=tenant.key)
    assert case.headers["ETag"].startswith(answer.headers["ETag"].removesuffix('"'))
    assert case.json()["title"] == as_json.json()["case"]["title"]


def test_a_line_about_a_field_of_the_case_is_an_issue_without_a_place_in_the_bundle() -> None:
    issue = Row("Composition", "custodian", "refused", "/custodian/name: is too long").issue()

    OperationOutcome.model_validate({"resourceType": "OperationOutcome", "issue": [issue]})
    assert "expression" not in issue
    assert issue["diagnostics"] == "Composition: custodian of the case"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (f"{JSON};q=0.9, {FHIR}", FHIR),
        (f"{FHIR};q=0.9, {JSON}", JSON),
        (f"{FHIR}, {JSON}", JSON),
        ("application/*", JSON),
        ("*/*", JSON),
        (f"{FHIR}; fhirVersion=4.0", FHIR),
        (f"{FHIR}; fhirVersion=3.0, {JSON};q=0.1", JSON),
        (f"{FHIR}; fhirVersion=3.0", None),
        ("application/fhir+xml", None),
        (f"{FHIR};q=0", None),
    ],
)
def test_accept_selects_what_an_import_returns(
    client: httpx.Client, tenant: Tenant, accept: str, chosen: str | None
) -> None:
    answer = send(client, tenant, bundle(condition()), Accept=accept)

    assert (answer.status_code, answer.headers["Content-Type"]) == ((201, chosen) if chosen else (406, FHIR))
    assert ("Location" in answer.headers) == bool(chosen)


@pytest.mark.parametrize(("first", "later"), [(HAPI, HAPI), (HAPI, JSON), (JSON, HAPI)])
def test_a_repeated_import_gets_the_media_type_of_the_first(
    client: httpx.Client, tenant: Tenant, first: str, later: str
) -> None:
    document, value = identified(bundle(condition())), uuid4().hex
    made, again = (send(client, tenant, document, Idempotency_Key=value, Accept=one) for one in (first, later))

    assert (made.status_code, again.status_code) == (201, 201), again.text
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.content == made.content
    for name in ("Content-Type", "Location", "ETag"):
        assert again.headers[name] == made.headers[name]


def test_the_same_document_is_a_conflict_that_names_its_case(client: httpx.Client, tenant: Tenant) -> None:
    document = identified(bundle(condition()))
    first = send(client, tenant, document)
    second = send(client, tenant, document)

    assert (first.status_code, second.status_code) == (201, 409)
    assert second.headers["Location"] == first.headers["Location"]
    (issue,) = second.json()["issue"]
    assert issue["code"] == "duplicate"
    assert issue["details"]["coding"][0]["code"] == "document-imported"


def test_a_cancelled_case_frees_its_document(client: httpx.Client, tenant: Tenant) -> None:
    document = identified(bundle(condition()))
    first = send(client, tenant, document)
    client.delete(first.headers["Location"], headers=tenant.key | {"If-Match": "*"})

    assert send(client, tenant, document).status_code == 201


def test_two_tenants_can_import_one_document(client: httpx.Client, make_tenant: MakeTenant) -> None:
    document = identified(bundle(condition()))

    assert [send(client, make_tenant(), document).status_code for _ in range(2)] == [201, 201]


@pytest.mark.parametrize("version", ["3.0", "5.0", '"4.3"'])
def test_another_version_of_fhir_is_refused_by_its_media_type(
    client: httpx.Client, tenant: Tenant, version: str
) -> None:
    refused = send(client, tenant, bundle(condition()), f"application/fhir+json; fhirVersion={version}")

    assert refused.status_code == 415
    (issue,) = refused.json()["issue"]
    assert issue["details"]["text"] == "Send FHIR R4, with fhirVersion=4.0 or without fhirVersion."


@pytest.mark.parametrize("value", ["1" * 40, f"-{'9' * 20}", "18446744073709551616.0", "72.50"])
def test_a_number_of_any_length_comes_back_with_its_digits(client: httpx.Client, tenant: Tenant, value: str) -> None:
    """A Decimal of a case has up to 40 digits, so a document has integers of more than 64 bits."""
    measured = {"code": {"text": "Copies"}, "value": {"quantity": {"value": value}}}
    created = client.post("/cases", json={"title": "x", "observations": [measured]}, headers=tenant.key)
    document = client.get(f"{created.headers['Location']}/document", headers=tenant.key)
    assert document.status_code == 200

    imported = client.post(
        "/fhir/Bundle", content=document.content, headers=tenant.key | {"Content-Type": "application/fhir+json"}
    )
    assert imported.status_code == 201, imported.text
    assert imported.json()["case"]["observations"] == [measured]


def test_of_the_same_documents_at_once_one_becomes_a_case(client: httpx.Client, tenant: Tenant) -> None:
    document, value = identified(bundle(condition())), uuid4().hex

    def attempt(number: int) -> httpx.Response:
        named = {"Idempotency_Key": value} if number % 2 else {}
        return send(client, tenant, document, **named)

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(attempt, range(24)))

    cases = client.get("/cases", headers=tenant.key).json()["items"]
    assert len(cases) == 1
    location = f"/cases/{cases[0]['id']}"
    codes = Counter(answer.json().get("issue", [{"code": "created"}])[0]["code"] for answer in answers)
    assert codes["created"] >= 1
    assert codes.keys() <= {"created", "duplicate", "lock-error"}
    for answer in answers:
        if answer.status_code == 201 or answer.json()["issue"][0]["code"] == "duplicate":
            assert answer.headers["Location"] == location
    made = [answer for answer in answers if answer.status_code == 201 and "Idempotent-Replayed" not in answer.headers]
    assert len(made) == 1


def test_a_document_whose_case_was_cancelled_becomes_another(client: httpx.Client, tenant: Tenant) -> None:
    document = identified(bundle(condition()))
    first = send(client, tenant, document)
    matched = tenant.key | {"If-Match": first.headers["ETag"]}
    assert client.delete(first.headers["Location"], headers=matched).status_code == 200

    second = send(client, tenant, document)
    assert second.status_code == 201
    assert second.headers["Location"] != first.headers["Location"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"1e-99999999999999999999", "exponent"),
        (b"-0.0e99999999999999999999", "exponent"),
        (b'{"a": 1, "a": 2}', "repeated key"),
        (b"[" * 60 + b"]" * 60, "64 levels"),
        (b'"\\u0000"', "NUL"),
    ],
)
def test_json_that_parsers_understand_differently_is_refused_with_a_reason(
    client: httpx.Client, tenant: Tenant, content: bytes, said: str
) -> None:
    document = json.dumps(identified(bundle(observation(valueQuantity={"value": "@"})))).encode()
    answer = client.post(
        "/fhir/Bundle",
        content=document.replace(b'"@"', content),
        headers=tenant.key | {"Content-Type": "application/fhir+json"},
    )

    assert answer.status_code == 400, answer.text
    assert said in answer.text


def test_entries_that_do_not_match_the_contract_are_named_and_the_others_kept(
    client: httpx.Client, tenant: Tenant
) -> None:
    packed = base64.b64encode(b'"Stage 2"').decode()
    parts = [{"url": "field", "valueCode": "stage"}, {"url": "value", "valueBase64Binary": packed}]
    own = {"text": "stage: Stage 2", "extension": [{"url": "urn:clincore:fhir:noted", "extension": parts}]}
    answer = send(client, tenant, identified(bundle(observation(note=[own]), condition())))

    assert answer.status_code == 201, answer.text
    (line,) = [one for one in answer.json()["report"] if one["resource"] == "Observation/1"]
    assert line.keys() == {"resource", "path", "outcome", "reason"}
    assert line["outcome"] == "noted" and "/observations/0/stage" in line["reason"]
    assert answer.json()["case"]["observations"][0]["note"] == "stage: Stage 2"
    assert len(answer.json()["case"]["conditions"]) == 1


def test_an_identifier_without_a_system_identifies_nothing(client: httpx.Client, tenant: Tenant) -> None:
    document = bundle(condition()) | {"identifier": {"value": "1"}}

    assert [send(client, tenant, document).status_code for _ in range(2)] == [201, 201]


def test_a_repeated_request_gets_the_first_answer(client: httpx.Client, tenant: Tenant) -> None:
    document, value = identified(bundle(condition())), uuid4().hex
    answers = [send(client, tenant, document, Idempotency_Key=value) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotent-Replayed"] == "true"


def test_a_document_of_a_case_of_the_same_tenant_conflicts_by_its_external_id(
    client: httpx.Client, tenant: Tenant
) -> None:
    case_id = client.post("/cases", json={"title": "x", "external_id": "e-1"}, headers=tenant.key).json()["id"]
    document = client.get(f"/cases/{case_id}/document", headers=tenant.key).json()
    answer = send(client, tenant, document)

    assert answer.status_code == 409
    assert answer.headers["Location"] == f"/cases/{case_id}"
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == "external-id-taken"


@pytest.mark.parametrize(
    ("document", "status", "said"),
    [
        (bundle(condition(clinicalStatus="active")), 422, "STU3"),
        (bundle(condition(), condition(recordedDate="2020")), 422, "same identity"),
        (bundle(condition()) | {"type": "collection"}, 400, "not one of"),
        (bundle(condition()) | {"tenant_id": "x"}, 400, "not a known property"),
        (
            {"resourceType": "Bundle", "type": "document", "entry": [{"resource": {"resourceType": "List"}}]},
            422,
            "first",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_an_outcome(
    client: httpx.Client, tenant: Tenant, document: Json, status: int, said: str
) -> None:
    answer = send(client, tenant, document)

    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/fhir+json"
    assert said in answer.json()["issue"][0]["details"]["text"]


def test_an_entry_that_breaks_a_rule_loses_only_what_breaks_it(client: httpx.Client, tenant: Tenant) -> None:
    ends_first = {"start": "2026-03", "end": "2026-01"}
    limits = {"low": {"value": 9, "unit": "mg"}, "high": {"value": 1, "unit": "mg"}}
    document = identified(
        bundle(
            condition(onsetPeriod=ends_first),
            observation(valueRange=limits, interpretation=[{"text": "odd"}]),
            request(dosageInstruction=[{"text": "1-0-1", "maxDosePerPeriod": {"numerator": {"value": 1}}}]),
        )
    )
    answer = send(client, tenant, document)

    assert answer.status_code == 201, answer.text
    case = answer.json()["case"]
    assert "onset" not in case["conditions"][0] and "2026-01" in case["conditions"][0]["note"]
    assert "value" not in case["observations"][0] and case["observations"][0]["interpretations"] == [{"text": "odd"}]
    assert case["medications"][0]["dosages"] == [{"text": "1-0-1"}]


def test_a_unit_of_ucum_is_checked_and_another_is_words(client: httpx.Client, tenant: Tenant) -> None:
    def amount(code: str) -> Json:
        return {"value": 5, "system": "http://unitsofmeasure.org", "code": code}

    document = identified(
        bundle(observation(valueQuantity=amount("mm[Hg]")), observation(id="2", valueQuantity=amount("Stück")))
    )
    observations = send(client, tenant, document).json()["case"]["observations"]

    assert observations[0]["value"]["quantity"]["code"] == "mm[Hg]"
    assert observations[1]["value"]["quantity"] == {"value": "5", "unit": "Stück"}


def test_a_document_of_two_mebibytes_is_read(client: httpx.Client, tenant: Tenant) -> None:
    many = [observation(id=str(number), note=[{"text": "x" * 1200}]) for number in range(600)]
    refused = {"resourceType": "CarePlan", "id": "1", "description": "y" * 1_000_000}
    document = identified(bundle(*many, refused))
    assert 1024 * 1024 < len(json.dumps(document)) < 2 * 1024 * 1024
    answer = send(client, tenant, document)

    assert answer.status_code == 201, answer.text
    assert len(answer.json()["case"]["observations"]) == 600


def test_digits_are_kept_on_the_way(client: httpx.Client, tenant: Tenant) -> None:
    document = json.dumps(identified(bundle(observation(valueQuantity={"value": "@"})))).replace('"@"', "72.500")
    answer = client.post(
        "/fhir/Bundle", content=document, headers=tenant.key | {"Content-Type": "application/fhir+json"}
    )

    assert answer.json()["case"]["observations"][0]["value"] == {"quantity": {"value": "72.500"}}


@pytest.mark.parametrize("earlier_calls", [1000, 1001])
def test_a_free_tenant_over_the_cap_gets_402(
    client: httpx.Client, make_tenant: MakeTenant, log_calls: Any, earlier_calls: int
) -> None:
    tenant = make_tenant()
    log_calls(tenant, earlier_calls)
    answer = send(client, tenant, identified(bundle(condition())))

    assert answer.status_code == (201 if earlier_calls == 1000 else 402), answer.text
