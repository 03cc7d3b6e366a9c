"""Below /fhir: the CapabilityStatement, and errors as OperationOutcomes."""

import httpx
import pytest
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome

from clincore.openapi.error_responses import ISSUE_TYPES, fhirpath
from clincore.problems import problem_types
from support.contract import CONTRACT

FHIR = "application/fhir+json"
# hl7.org/fhir/R4/valueset-issue-type.html
R4_ISSUE_TYPES = {
    *("invalid", "structure", "required", "value", "invariant", "security", "login", "unknown", "expired", "forbidden"),
    *("suppressed", "processing", "not-supported", "duplicate", "multiple-matches", "not-found", "deleted", "too-long"),
    *("code-invalid", "extension", "too-costly", "business-rule", "conflict", "transient", "lock-error", "no-store"),
    *("exception", "timeout", "incomplete", "throttled", "informational"),
}


def test_the_capability_statement_claims_what_the_contract_has(client: httpx.Client) -> None:
    response = client.get("/fhir/metadata")

    assert (response.status_code, response.headers["Content-Type"]) == (200, FHIR)
    statement = response.json()
    CapabilityStatement.model_validate(statement)
    assert statement["fhirVersion"] == "4.0.1"
    assert statement["software"] == {"name": "ClinCore", "version": CONTRACT.document["info"]["version"]}
    assert [one["mode"] for one in statement["document"]] == ["producer", "producer", "consumer"]
    assert CONTRACT.find("POST", statement["document"][2]["documentation"].removesuffix(".").rpartition("POST ")[2])
    for one in statement["document"][:2]:
        path, _, query = one["documentation"].removesuffix(".").rpartition("GET ")[2].partition("?")
        operation = CONTRACT.find("GET", path)
        assert operation is not None and operation.id == "get_document"
        assert query in ("", "profile=ips")
    tag = {"If-None-Match": response.headers["ETag"]}
    assert client.get("/fhir/metadata", headers=tag).status_code == 304
    assert client.get("/fhir/metadata", headers={"Accept": "application/json"}).json() == statement


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "issue", "problem", "said"),
    [
        pytest.param("GET", "/fhir/metadata?a=1", {}, 400, "invalid", "validation-failed", "a: is not", id="parameter"),
        pytest.param("GET", "/fhir/unknown", {}, 404, "not-found", "not-found", "path", id="unknown-path"),
        pytest.param(
            "PUT", "/fhir/metadata", {}, 405, "not-supported", "method-not-allowed", "GET", id="no-such-method"
        ),
        pytest.param(
            "GET", "/fhir/metadata", {"Accept": "text/html"}, 406, "not-supported", "not-acceptable", FHIR, id="html"
        ),
    ],
)
def test_an_error_below_fhir_is_an_operation_outcome(
    client: httpx.Client,
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
    issue: str,
    problem: str,
    said: str,
) -> None:
    response = client.request(method, path, headers=headers)

    assert (response.status_code, response.headers["Content-Type"]) == (status, FHIR)
    outcome = response.json()
    OperationOutcome.model_validate(outcome)
    assert CONTRACT.errors({"$ref": "#/components/schemas/OperationOutcome"}, outcome) == []
    (found,) = outcome["issue"]
    assert (found["severity"], found["code"]) == ("error", issue)
    assert found["details"]["coding"][0]["code"] == problem
    assert found["diagnostics"] == f"Request {response.headers['X-Request-Id']}"
    assert said in found["details"]["text"]
    # An expression is FHIRPath, which has no names of parameters.
    assert "expression" not in found


def test_every_problem_type_has_an_issue_type_of_r4() -> None:
    assert {*ISSUE_TYPES} == {problem.code for problem in problem_types()}
    assert {*ISSUE_TYPES.values()} <= R4_ISSUE_TYPES


@pytest.mark.parametrize(
    ("pointer", "expression"),
    [
        ("/entry/0/resource/code/coding/12", "Bundle.entry[0].resource.code.coding[12]"),
        ("/type", "Bundle.type"),
    ],
)
def test_the_place_of_an_error_is_fhirpath(pointer: str, expression: str) -> None:
    assert fhirpath(pointer) == expression
