"""Error responses (RFC 9457): one exception for each problem type, with the text of its page at `/problems/<code>`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar


def _example(detail: str, instance: str, **members: Any) -> Mapping[str, Any]:
    return {"detail": detail, "instance": instance, **members}


class Problem(Exception):
    """An error response. `detail` is shown to the client: no secret, no SQL, no long echo of its input.

    A subclass with its own `code` is a problem type. Its page, `GET /problems/<code>`, is made from its title and from
    `meaning`, `occurs` and `remedy`: sentences with code in backticks.
    """

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]
    detail: str = ""

    meaning: ClassVar[str]
    occurs: ClassVar[str]
    """When the service answers with this problem."""
    remedy: ClassVar[str]
    """What the client can do."""
    example: ClassVar[Mapping[str, Any]]
    """`detail`, `instance` and further members of an example document."""

    def __init__(self, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail or self.detail
        self.headers = dict(headers or {})
        self.members = members


def problem_types() -> list[type[Problem]]:
    """Every problem type, by status and code."""

    def types_below(parent: type[Problem]) -> Iterator[type[Problem]]:
        for child in parent.__subclasses__():
            if "code" in vars(child):
                yield child
            yield from types_below(child)

    return sorted(types_below(Problem), key=lambda problem: (problem.status, problem.code))


class ValidationFailed(Problem):
    status, code, title = 400, "validation-failed", "Invalid request"
    meaning = "The request does not match the contract. Nothing was changed."
    occurs = (
        "The body is not valid JSON, a property is missing or unknown, a value has the wrong type or is out of bounds, "
        "a query parameter is unknown or repeated, or a required header is missing. "
        "A request that is not well-formed HTTP gets this problem too."
    )
    remedy = (
        "Correct each place that `errors` names, then send the request again. `pointer` is a JSON Pointer into the "
        "body or the name of a parameter; it is empty for the request as a whole. At most ten errors are listed."
    )
    example = _example(
        "/title: is a required property", "/cases", errors=[{"pointer": "/title", "detail": "is a required property"}]
    )

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        """`errors`: pairs of a place (JSON Pointer, RFC 6901, or a parameter's name) and what is wrong there."""
        place, wrong = errors[0]
        super().__init__(
            f"{place}: {wrong}" if place else wrong,
            errors=[{"pointer": pointer, "detail": detail} for pointer, detail in errors],
        )


class Unauthorized(Problem):
    status, code, title = 401, "unauthorized", "Authentication failed"
    meaning = "The request has no valid credentials. It is not metered."
    occurs = (
        "The API key or the bootstrap token is missing, mistyped, truncated or unknown, "
        "or `X-API-Key` and `Authorization` carry different keys."
    )
    remedy = (
        "Send the tenant's key in `X-API-Key`, or in `Authorization` as a bearer token. `POST /bootstrap` takes the "
        "operator's bootstrap token instead. The header `WWW-Authenticate` names the accepted schemes."
    )
    example = _example("This API key is unknown. Check that it was copied in full.", "/cases")


class KeyExpired(Unauthorized):
    code, title = "key-expired", "API key expired"
    meaning = "The API key is known, but its `expires_at` has passed."
    occurs = "The key reached its expiry, or the grace period after its rotation ended."
    remedy = (
        "Use another key; after a rotation, use the successor. An admin can create a key with "
        "`POST /admin/api-keys`, or change the expiry of a key that was not rotated with "
        "`PATCH /admin/api-keys/{key_id}`."
    )
    example = _example("This API key has expired. Ask an admin of the tenant for a new key.", "/cases")


class KeyRevoked(Unauthorized):
    code, title = "key-revoked", "API key revoked"
    meaning = "The API key is known, but it was revoked or replaced."
    occurs = (
        "An admin or the operator revoked the key, or it was rotated without a grace period. A revocation takes effect "
        "on the next request, and on a write whose body is still being sent."
    )
    remedy = (
        "After a rotation, use the successor. Otherwise ask an admin of the tenant for a new key. "
        "A revoked key cannot be restored."
    )
    example = _example("This API key was revoked or replaced. Ask an admin of the tenant for a new key.", "/cases")


class BillingCapReached(Problem):
    status, code, title = 402, "billing-cap-reached", "Free call limit reached"
    meaning = "The tenant's billing status is `free`, and it has used its free calls. No case was created."
    occurs = (
        "`POST /cases` by a free tenant that made more than 1000 calls before this one. "
        "Reads, changes of existing cases and operations on keys are never blocked."
    )
    remedy = (
        "Ask the operator to set the tenant's billing status to `paid`. `GET /usage` shows how many calls are left."
    )
    example = _example(
        "This tenant has used its 1000 free calls. Ask the operator to set its billing status to paid.",
        "/cases",
        limit=1000,
        used=1001,
        billing_status="free",
    )


class RoleRequired(Problem):
    status, code, title = 403, "role-required", "Insufficient role"
    meaning = "The key is valid, but its role does not allow the operation. Nothing was changed."
    occurs = "The operation needs the role `admin`, and the key has the role `user`."
    remedy = "Use a key with the role `admin`. `GET /auth/whoami` shows the role of a key."
    example = _example("This operation needs a key with the role admin; this key has the role user.", "/admin/api-keys")


class NotFound(Problem):
    status, code, title = 404, "not-found", "Not found"
    meaning = "The path is unknown, or the tenant has no such resource."
    occurs = (
        "The contract has no such path, or the tenant has no resource with this id. "
        "A resource of another tenant gets the same answer as one that never existed."
    )
    remedy = (
        "Check the path, the id and the tenant of the key (`GET /auth/whoami`). "
        "For an unknown path, `detail` names a similar one if there is any."
    )
    example = _example("The tenant has no case with this id.", "/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11")


class MethodNotAllowed(Problem):
    status, code, title = 405, "method-not-allowed", "Method not allowed"
    meaning = "The path exists, but it does not have this method."
    occurs = "For example, `PUT` on a path that has only `GET` and `POST`."
    remedy = "Use one of the methods that the header `Allow` lists."
    example = _example("This path has the methods GET, HEAD, OPTIONS, POST.", "/cases")


class NotAcceptable(Problem):
    status, code, title = 406, "not-acceptable", "No acceptable media type"
    meaning = "The operation cannot answer in a media type that the client accepts."
    occurs = "The header `Accept` allows none of the operation's media types."
    remedy = "Allow a media type that `detail` names, or send no `Accept` header."
    example = _example("The response is application/json. Allow it in Accept.", "/cases")


class RequestTimeout(Problem):
    """Answered by the server itself, before there is a request."""

    status, code, title = 408, "request-timeout", "Request timeout"
    meaning = "The request did not arrive in time. The connection is closed."
    occurs = "The client took more than 15 seconds to send the request line and the headers."
    remedy = "Send the request again, on a new connection."
    example = _example("The request headers did not arrive within 15 seconds. Send them again.", "")


class TenantNameTaken(Problem):
    status, code, title = 409, "tenant-name-taken", "Tenant name already in use"
    meaning = "Another tenant has this name. No tenant was created."
    occurs = "`POST /bootstrap` with the name of an existing tenant. Names are compared in Unicode's form NFC."
    remedy = "Choose another name. If the tenant is yours, use one of its keys."
    example = _example("A tenant with this name exists. Choose another name.", "/bootstrap")


class ExternalIdTaken(Problem):
    status, code, title = 409, "external-id-taken", "External ID already in use"
    meaning = "Another case of the tenant has this `external_id`. Nothing was changed."
    occurs = (
        "A case is created with, or a draft is changed to, the `external_id` of a case that is not cancelled or voided."
    )
    remedy = (
        "If the request repeats an earlier one, the case exists already: `GET /cases?external_id=...` finds it. "
        "Otherwise choose another `external_id`."
    )
    example = _example("The tenant has a case with this external_id. GET /cases?external_id=... finds it.", "/cases")


class CaseFinalized(Problem):
    status, code, title = 409, "case-finalized", "Case is finalized"
    meaning = "The case is signed and can be changed only by an amendment. Nothing was changed."
    occurs = (
        "`PATCH`, `DELETE` or `finalize` on a signed case without an open amendment, "
        "or a change of the `external_id` of a case that was signed."
    )
    remedy = "Begin an amendment with `POST /cases/{case_id}/amend`, change its draft, and finalize it."
    example = _example(
        "The case is finalized. Begin an amendment with POST /cases/{case_id}/amend to change it.",
        "/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11",
    )


class InvalidTransition(Problem):
    status, code, title = 409, "invalid-transition", "Not allowed in the current status"
    meaning = "The operation does not apply to the case in its current status. Nothing was changed."
    occurs = (
        "For example, amending a case that is still a draft, amending it twice, or changing a case that is cancelled "
        "or entered in error. Also when a revision has as many signatures as it can have (1000)."
    )
    remedy = "Read the case with `GET /cases/{case_id}`. `detail` says which step is possible."
    example = _example(
        "The case is a draft. Sign it with POST /cases/{case_id}/finalize first.",
        "/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11/amend",
    )


class KeyAlreadyRotated(Problem):
    status, code, title = 409, "key-already-rotated", "API key already rotated"
    meaning = "The key has a successor and ends with its grace period. Nothing was changed."
    occurs = "A key is rotated a second time, or its expiry is moved beyond its grace period."
    remedy = "Use the successor, or rotate it."
    example = _example(
        "This API key was already rotated and is in its grace period. Use its successor.", "/auth/api-keys/rotate"
    )


class LastAdminKey(Problem):
    status, code, title = 409, "last-admin-key", "Last admin key"
    meaning = "The tenant would be left without a live admin key. The key was not revoked."
    occurs = (
        "The tenant's last live key with the role `admin` is to be revoked. A key in its grace period does not count."
    )
    remedy = "First create another admin key with `POST /admin/api-keys`, or rotate this one instead of revoking it."
    example = _example(
        "This is the tenant's last live admin key. Create another admin key first.",
        "/admin/api-keys/revoke/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11",
    )


class IdempotencyInProgress(Problem):
    status, code, title = 409, "idempotency-in-progress", "Same request in progress"
    meaning = "Another request with the same `Idempotency-Key` is in progress. This request did nothing."
    occurs = "A request is repeated while the first one is still running, and the first one does not end within 1.5 s."
    remedy = "Wait for the number of seconds in the header `Retry-After`, then repeat the same request."
    example = _example("A request with this Idempotency-Key is in progress. Repeat this request.", "/cases")

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"Retry-After": "1"})


class SecretNotReplayable(Problem):
    status, code, title = 409, "secret-not-replayable", "Answer has a secret"
    meaning = (
        "This request was done before, with the same `Idempotency-Key`. Its answer had a new API key, "
        "which is not stored and cannot be shown again. Nothing was done again."
    )
    occurs = "The creation or rotation of a key, or of a tenant, is repeated after its answer was lost."
    remedy = (
        "`id` is the id of the key that was made, `tenant_id` that of the tenant. "
        "Revoke a key that no one has, and make another one with a new `Idempotency-Key`. "
        "For a tenant without a usable key, the operator makes one with `clincore keys create`."
    )
    example = _example(
        "This request was done before. Its answer had a secret, which is not stored.",
        "/admin/api-keys",
        id="3d1c2b6a-52b5-4b6e-8a53-8a6f0d3c7f10",
    )


class AnswerErased(Problem):
    status, code, title = 409, "answer-erased", "Answer was erased"
    meaning = (
        "This request was done before, with the same `Idempotency-Key`. Its answer showed content of a case "
        "that was erased since. Nothing was done again."
    )
    occurs = "A write of a case is repeated after an erasure of the same case."
    remedy = "Read the case with `GET /cases/{case_id}`."
    example = _example(
        "This request was done before. Its answer was erased together with content of the case.", "/cases"
    )


class PreconditionFailed(Problem):
    status, code, title = 412, "precondition-failed", "Resource has changed"
    meaning = "The case is not at the version that `If-Match` names. Nothing was changed."
    occurs = "Another request changed the case after the client read it."
    remedy = (
        "Read the case again, apply the change to what you read, and send the new `ETag` as `If-Match`. "
        "The header `ETag` of this answer names the current version."
    )
    example = _example(
        "The case is now at version 2. Read it again and repeat the change.",
        "/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11",
    )


class PayloadTooLarge(Problem):
    status, code, title = 413, "payload-too-large", "Request body too large"
    meaning = "The request body exceeds 256 KiB. Nothing was changed."
    occurs = "`Content-Length`, or the body that arrived, is larger than 262144 bytes."
    remedy = "Send less. A revision that is too large for `POST /verify` can be verified with `clincore verify`."
    example = _example("The body can have at most 262144 bytes.", "/cases")


class UnsupportedMediaType(Problem):
    status, code, title = 415, "unsupported-media-type", "Unsupported media type"
    meaning = "The operation does not take a body of this media type or encoding. Nothing was changed."
    occurs = "`Content-Type` is missing or wrong, names another charset than UTF-8, or the body is compressed."
    remedy = (
        "Send plain UTF-8 with the media type that the operation takes. "
        "The header `Accept`, `Accept-Patch` or `Accept-Encoding` of this answer names it."
    )
    example = _example("Send the body with the header Content-Type: application/json.", "/cases")


class _Unprocessable(Problem):
    """The request matches its schema, but breaks a rule that no schema can state."""

    status = 422

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        """`errors`: pairs of a place, as for `ValidationFailed`, and what is wrong or missing there."""
        super().__init__(
            "; ".join(f"{pointer} {detail}" for pointer, detail in errors)[:500],
            errors=[{"pointer": pointer, "detail": detail} for pointer, detail in errors],
        )


class CaseInvalid(_Unprocessable):
    code, title = "case-invalid", "Invalid case"
    meaning = "The request matches its schema, but the case would break a rule. Nothing was changed."
    occurs = (
        "A period ends before it starts, a changed draft lacks a property that its parts need or is larger than "
        "256 KiB, or a case is finalized without a title, a subject with an identifier, or an author."
    )
    remedy = "Correct each place that `errors` names, then send the request again."
    example = _example(
        "/author is required to finalize",
        "/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11/finalize",
        errors=[{"pointer": "/author", "detail": "is required to finalize"}],
    )


class RangeRefused(_Unprocessable):
    code, title = "range-refused", "Time range not available"
    meaning = "Usage cannot be reported for this time range."
    occurs = (
        "The range is longer than 366 days by the hour or 3660 days by the day, has more than 50 000 entries, "
        "or begins before the oldest usage event that is kept."
    )
    remedy = "Ask for a shorter or later range. Totals by the day are kept when events are removed."
    example = _example(
        "to is more than 366 days after from, the maximum by the hour",
        "/admin/usage/timeseries",
        errors=[{"pointer": "to", "detail": "is more than 366 days after from, the maximum by the hour"}],
    )


class TenantNameInvalid(_Unprocessable):
    code, title = "tenant-name-invalid", "Invalid tenant name"
    meaning = "The tenant name matches its schema, but cannot be used. No tenant was created."
    occurs = "In Unicode's form NFC, the name is longer than 200 characters or has invisible characters."
    remedy = "Choose a shorter name of visible characters."
    example = _example(
        "/tenant_name is longer than 200 characters (NFC) or has invisible characters",
        "/bootstrap",
        errors=[
            {"pointer": "/tenant_name", "detail": "is longer than 200 characters (NFC) or has invisible characters"}
        ],
    )


class ExpiryPassed(_Unprocessable):
    code, title = "expiry-passed", "Expiry is in the past"
    meaning = "The `expires_at` of a key must be in the future. Nothing was changed."
    occurs = "A key is created with, or changed to, an `expires_at` that has passed."
    remedy = "Send a later time. To end a key now, revoke it with `POST /admin/api-keys/revoke/{key_id}`."
    example = _example(
        "/expires_at is not in the future. To end a key now, revoke it.",
        "/admin/api-keys",
        errors=[{"pointer": "/expires_at", "detail": "is not in the future. To end a key now, revoke it."}],
    )


class IdempotencyKeyReused(_Unprocessable):
    code, title = "idempotency-key-reused", "Idempotency key reused"
    meaning = "The `Idempotency-Key` was used for another request in the last 24 hours. Nothing was changed."
    occurs = (
        "Method, path, query, `Content-Type`, `If-Match` or any byte of the body differ "
        "from those of the request that was done with this value."
    )
    remedy = "Send a new random value with each new request, and the same value only with the same request."
    example = _example(
        "Idempotency-Key was used for another request. Send a new value.",
        "/cases",
        errors=[{"pointer": "Idempotency-Key", "detail": "was used for another request. Send a new value."}],
    )

    def __init__(self) -> None:
        super().__init__([("Idempotency-Key", "was used for another request. Send a new value.")])


class RateLimited(Problem):
    status, code, title = 429, "rate-limited", "Too many requests"
    meaning = "The client or the tenant is over a limit. Nothing was changed."
    occurs = (
        "The address sent many wrong keys or tokens, or has too many connections or requests open, "
        "the key has made all requests that its limit allows in a minute, "
        "or the tenant has too many exports or verifications in progress."
    )
    remedy = "Wait for the number of seconds in the header `Retry-After`, then send the request again."
    example = _example("Too many wrong keys or tokens came from this address. Try again later.", "/cases")

    def __init__(self, detail: str, *, seconds: int) -> None:
        """`seconds`: when to try again."""
        super().__init__(detail, headers={"Retry-After": str(seconds)})


class HeadTooLarge(Problem):
    """Answered by the server itself, before there is a request."""

    status, code, title = 431, "head-too-large", "Request header fields too large"
    meaning = "The request line and the headers exceed 64 KiB. The connection is closed."
    occurs = "For example, a very long URL, or very large cookies added by a proxy."
    remedy = "Send a shorter URL, or fewer or smaller headers."
    example = _example("The request line and headers can have at most 65536 bytes.", "")


class Internal(Problem):
    status, code, title = 500, "internal", "Internal server error"
    detail = "An unexpected error occurred. Give the operator the request_id: the log has the cause."
    meaning = "The service has a fault."
    occurs = "The service met an error that it did not expect."
    remedy = (
        "Give the `request_id` to the operator, whose log has the cause. Before you repeat a write, check its effect."
    )
    example = _example(detail, "/cases")


class Unavailable(Problem):
    status, code, title = 503, "unavailable", "Service temporarily unavailable"
    detail = "The database cannot serve the request at the moment. Try again."
    meaning = "The service cannot answer at the moment."
    occurs = (
        "The database cannot be reached or is overloaded, a lock was not released in time, "
        "or the service has too many connections, exports or verifications in progress."
    )
    remedy = "Wait for the number of seconds in the header `Retry-After`, then send the request again."
    example = _example(detail, "/cases")

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, headers={"Retry-After": "1"})


# These two have no Retry-After: only an operator can end them.


class SigningUnavailable(Problem):
    status, code, title = 503, "signing-unavailable", "Signing not available"
    meaning = "The service has no key to sign with. Nothing was changed."
    occurs = "No signing key is configured, its file cannot be used, or the key is retired or not yet published."
    remedy = "Ask the operator: `detail` says what is missing. Repeating the request does not help until then."
    example = _example(
        "No signing key is set. The operator names one in CLINCORE_SIGNING_KEY and restarts.",
        "/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11/finalize",
    )


class BootstrapDisabled(Problem):
    status, code, title = 503, "bootstrap-disabled", "Bootstrap disabled"
    detail = "No BOOTSTRAP_TOKEN is set. The operator sets one and restarts the service."
    meaning = "This service does not create tenants over HTTP."
    occurs = "`POST /bootstrap` while the operator has set no `BOOTSTRAP_TOKEN`."
    remedy = "Ask the operator to set `BOOTSTRAP_TOKEN`, or to create the tenant on the command line."
    example = _example(detail, "/bootstrap")
