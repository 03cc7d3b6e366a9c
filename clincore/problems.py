"""`components/responses` in Python: one exception for each problem type of the contract (RFC 9457)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class Problem(Exception):
    """An answer that is an error. `detail` is shown to the client: no secret, no SQL, no long echo of its input."""

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]
    detail: str = ""

    def __init__(self, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail or self.detail
        self.headers = dict(headers or {})
        self.members = members


class ValidationFailed(Problem):
    status, code, title = 400, "validation-failed", "The request is not valid"

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        """`errors`: pairs of a place (JSON Pointer, RFC 6901, or a parameter's name) and what is wrong there."""
        place, wrong = errors[0]
        super().__init__(
            f"{place}: {wrong}" if place else wrong,
            errors=[{"pointer": pointer, "detail": detail} for pointer, detail in errors],
        )


class Unauthorized(Problem):
    status, code, title = 401, "unauthorized", "Not authenticated"


class KeyExpired(Unauthorized):
    code, title = "key-expired", "The key has expired"


class KeyRevoked(Unauthorized):
    code, title = "key-revoked", "The key was revoked"


class BillingCapReached(Problem):
    status, code, title = 402, "billing-cap-reached", "The free calls are used up"


class RoleRequired(Problem):
    status, code, title = 403, "role-required", "The key has not the role that this needs"


class NotFound(Problem):
    status, code, title = 404, "not-found", "Not found"


class MethodNotAllowed(Problem):
    status, code, title = 405, "method-not-allowed", "The path has no such method"


class NotAcceptable(Problem):
    status, code, title = 406, "not-acceptable", "No acceptable media type"


class TenantNameTaken(Problem):
    status, code, title = 409, "tenant-name-taken", "The tenant's name is taken"


class ExternalIdTaken(Problem):
    status, code, title = 409, "external-id-taken", "The external id is taken"


class CaseFinalized(Problem):
    status, code, title = 409, "case-finalized", "The case is finalized"


class InvalidTransition(Problem):
    status, code, title = 409, "invalid-transition", "Not at this point of the case's life"


class PreconditionFailed(Problem):
    status, code, title = 412, "precondition-failed", "Somebody else changed it"


class _Unprocessable(Problem):
    """The request is as its schema says, and breaks a rule that no schema can state."""

    status = 422

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        """`errors`: pairs of a place, as of `ValidationFailed`, and what is wrong or lacking there."""
        super().__init__(
            "; ".join(f"{pointer} {detail}" for pointer, detail in errors)[:500],
            errors=[{"pointer": pointer, "detail": detail} for pointer, detail in errors],
        )


class CaseInvalid(_Unprocessable):
    code, title = "case-invalid", "The case is not fit for this"


class RangeRefused(_Unprocessable):
    code, title = "range-refused", "The range of time cannot be answered"


class TenantNameInvalid(_Unprocessable):
    code, title = "tenant-name-invalid", "The tenant's name is not valid"


class ExpiryPassed(_Unprocessable):
    code, title = "expiry-passed", "The expiry has passed"


class KeyAlreadyRotated(Problem):
    status, code, title = 409, "key-already-rotated", "The key already has a successor"


class LastAdminKey(Problem):
    status, code, title = 409, "last-admin-key", "The tenant's last admin key"


class PayloadTooLarge(Problem):
    status, code, title = 413, "payload-too-large", "The body is too large"


class UnsupportedMediaType(Problem):
    status, code, title = 415, "unsupported-media-type", "The body's media type is not supported"


class RateLimited(Problem):
    status, code, title = 429, "rate-limited", "Too many requests"

    def __init__(self, detail: str, *, seconds: int) -> None:
        """`seconds`: when to try again."""
        super().__init__(detail, headers={"Retry-After": str(seconds)})


class Internal(Problem):
    status, code, title = 500, "internal", "A fault of the service"
    detail = "The service failed to answer. Its log has the cause under the request id."


class Unavailable(Problem):
    status, code, title = 503, "unavailable", "Not available just now"
    detail = "The database cannot serve the request just now. Try again."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, headers={"Retry-After": "1"})


# These two have no Retry-After: only an operator can end them.


class SigningUnavailable(Problem):
    status, code, title = 503, "signing-unavailable", "Nothing can be signed"


class BootstrapDisabled(Problem):
    status, code, title = 503, "bootstrap-disabled", "Bootstrap is disabled"
    detail = "No BOOTSTRAP_TOKEN is set. The operator sets one and restarts the service."


def quota_headers(limit: int, used: int) -> dict[str, str]:
    """The fields that tell a client how many calls are left (draft-ietf-httpapi-ratelimit-headers-11).

    The quota has no window: it does not fill up again.
    """
    return {"RateLimit-Policy": f'"free-calls";q={limit}', "RateLimit": f'"free-calls";r={max(0, limit - used)}'}
