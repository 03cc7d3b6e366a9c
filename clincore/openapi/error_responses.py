"""Error responses: problem documents (RFC 9457), and FHIR's OperationOutcome for the operations of FHIR."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from clincore.openapi.operations import Headers, Request, Response
from clincore.problems import Problem

FHIR_PREFIX = "/fhir/"
"""Below it clients expect an OperationOutcome (hl7.org/fhir/R4/http.html#summary)."""
PROBLEM_TYPES = "urn:clincore:problem"
"""The code system of problem types in an OperationOutcome."""

ISSUE_TYPES: Mapping[str, str] = {
    "validation-failed": "invalid",
    "unauthorized": "login",
    "key-expired": "expired",
    "key-revoked": "login",
    "billing-cap-reached": "business-rule",
    "role-required": "forbidden",
    "scope-required": "forbidden",
    "tenant-suspended": "forbidden",
    "not-found": "not-found",
    "method-not-allowed": "not-supported",
    "not-acceptable": "not-supported",
    "request-timeout": "timeout",
    "answer-erased": "deleted",
    "case-finalized": "conflict",
    "document-imported": "duplicate",
    "external-id-taken": "duplicate",
    "idempotency-in-progress": "lock-error",
    "invalid-transition": "conflict",
    "key-already-rotated": "conflict",
    "last-admin-key": "conflict",
    "secret-not-replayable": "conflict",
    "tenant-name-taken": "duplicate",
    "precondition-failed": "conflict",
    "payload-too-large": "too-long",
    "unsupported-media-type": "not-supported",
    "case-invalid": "business-rule",
    "document-unreadable": "processing",
    "expiry-passed": "business-rule",
    "idempotency-key-reused": "conflict",
    "range-refused": "too-costly",
    "tenant-name-invalid": "value",
    "rate-limited": "throttled",
    "head-too-large": "too-long",
    "internal": "exception",
    "bootstrap-disabled": "not-supported",
    "signing-unavailable": "transient",
    "unavailable": "transient",
}
"""FHIR's issue type (hl7.org/fhir/R4/valueset-issue-type.html) of each problem type."""

_INDEX = re.compile(r"/([0-9]+)(?=/|$)")


def error_response(problem: Problem, request: Request) -> Response:
    """The problem as the document that the client of the request's path expects."""
    request.problem = problem.code
    path = request.path.removeprefix(request.root_path)
    is_fhir = path.startswith(FHIR_PREFIX)
    media_type = b"application/fhir+json" if is_fhir else b"application/problem+json"
    headers: Headers = [(b"content-type", media_type)]
    headers += [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    if request.caller is not None or problem.status in (401, 403):
        headers.append((b"cache-control", b"no-store"))
    if problem.status == 401 and request.operation is not None:
        headers.append((b"www-authenticate", request.operation.challenge(request).encode()))
    content = _outcome(problem, request) if is_fhir else _problem(problem, request)
    return Response(problem.status, headers, orjson.dumps(content))


def _problem(problem: Problem, request: Request) -> dict[str, Any]:
    return {
        # The path of its page in the contract, the same under every root_path.
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path[:200],
        "request_id": request.id,
        **({"trace_id": request.trace_id} if request.trace_id is not None else {}),
        **problem.members,
    }


def _outcome(problem: Problem, request: Request) -> dict[str, Any]:
    """An OperationOutcome with an issue for each of the problem's `errors`, or else one for the problem."""
    errors = problem.members.get("errors") or [{"pointer": "", "detail": problem.detail}]
    trace = f", trace {request.trace_id}" if request.trace_id is not None else ""
    coding = {"system": PROBLEM_TYPES, "code": problem.code, "display": problem.title}
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": ISSUE_TYPES[problem.code],
                "details": {"coding": [coding], "text": text or problem.title},
                "diagnostics": f"Request {request.id}{trace}",
                **({"expression": [expression]} if expression else {}),
            }
            for text, expression in (_place(error["pointer"], error["detail"]) for error in errors)
        ],
    }


def _place(place: str, detail: str) -> tuple[str, str | None]:
    """The text of an error, and its place in the Bundle as FHIRPath. The name of a parameter is in the text."""
    if not place.startswith("/"):
        return f"{place}: {detail}" if place else detail, None
    return detail, fhirpath(place)


def fhirpath(pointer: str) -> str:
    """A JSON Pointer into the Bundle as FHIRPath."""
    return "Bundle" + _INDEX.sub(r"[\1]", pointer).replace("/", ".")
