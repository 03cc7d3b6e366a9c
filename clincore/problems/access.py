"""Problems of credentials, keys, roles and limits, and of tenants."""

from collections.abc import Mapping

from clincore.problems.base import Problem, Unprocessable, example_of


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
    example = example_of("This API key is unknown. Check that it was copied in full.", "/cases")


class KeyExpired(Unauthorized):
    code, title = "key-expired", "API key expired"
    meaning = "The API key is known, but its `expires_at` has passed."
    occurs = "The key reached its expiry, or the grace period after its rotation ended."
    remedy = (
        "Use another key; after a rotation, use the successor. An admin can create a key with "
        "`POST /admin/api-keys`, or change the expiry of a key that was not rotated with "
        "`PATCH /admin/api-keys/{key_id}`."
    )
    example = example_of("This API key has expired. Ask an admin of the tenant for a new key.", "/cases")


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
    example = example_of("This API key was revoked or replaced. Ask an admin of the tenant for a new key.", "/cases")


class BillingCapReached(Problem):
    status, code, title = 402, "billing-cap-reached", "Free cap reached"
    meaning = "The tenant's billing status is `free`, and it has used its free calls. No case was created."
    occurs = (
        "`POST /cases` or `POST /fhir/Bundle` by a free tenant that made more than 1000 calls before this one. "
        "Reads, changes of existing cases and operations on keys are never blocked."
    )
    remedy = (
        "Ask the operator to set the tenant's billing status to `paid`. `GET /usage` shows how many calls are left."
    )
    example = example_of(
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
    example = example_of(
        "This operation needs a key with the role admin; this key has the role user.", "/admin/api-keys"
    )


class ScopeRequired(Problem):
    status, code, title = 403, "scope-required", "Insufficient scope"
    meaning = "The key is valid, but its scopes do not allow the request. Nothing was changed."
    occurs = (
        "The key is limited to scopes. The operation needs another one (`x-required-scope` in the contract), or the "
        "request gives a key scopes that this key does not have."
    )
    remedy = (
        "Use a key with the scope, or with no limit of scopes. `GET /auth/whoami` shows the scopes of a key; an admin "
        "changes them with `PATCH /admin/api-keys/{key_id}`."
    )
    example = example_of("This operation needs the scope write; this key has the scopes read.", "/cases")


class TenantSuspended(Problem):
    status, code, title = 403, "tenant-suspended", "Tenant suspended"
    meaning = "The operator has suspended the tenant of the key. Nothing was changed, and the request is not metered."
    occurs = "Any request with a key of the tenant, until the operator resumes the tenant."
    remedy = "Ask the operator to resume the tenant. Its data and keys are kept."
    example = example_of("The operator has suspended this tenant. Ask the operator to resume it.", "/cases")


class TenantNameTaken(Problem):
    status, code, title = 409, "tenant-name-taken", "Tenant name already in use"
    meaning = "Another tenant has this name. No tenant was created."
    occurs = "`POST /bootstrap` with the name of an existing tenant. Names are compared in Unicode's form NFC."
    remedy = "Choose another name. If the tenant is yours, use one of its keys."
    example = example_of("A tenant with this name exists. Choose another name.", "/bootstrap")


class TenantNameInvalid(Unprocessable):
    code, title = "tenant-name-invalid", "Invalid tenant name"
    meaning = "The tenant name matches its schema, but cannot be used. No tenant was created."
    occurs = "In Unicode's form NFC, the name is longer than 200 characters or has invisible characters."
    remedy = "Choose a shorter name of visible characters."
    example = example_of(
        "/tenant_name is longer than 200 characters (NFC) or has invisible characters",
        "/bootstrap",
        errors=[
            {"pointer": "/tenant_name", "detail": "is longer than 200 characters (NFC) or has invisible characters"}
        ],
    )


class KeyAlreadyRotated(Problem):
    status, code, title = 409, "key-already-rotated", "API key already rotated"
    meaning = "The key has a successor and ends with its grace period. Nothing was changed."
    occurs = "A key is rotated a second time, or its expiry is moved beyond its grace period."
    remedy = "Use the successor, or rotate it."
    example = example_of(
        "This API key was already rotated and is in its grace period. Use its successor.", "/auth/api-keys/rotate"
    )


class LastAdminKey(Problem):
    status, code, title = 409, "last-admin-key", "Last admin key"
    meaning = "The tenant would be left without a live admin key. The key was not revoked."
    occurs = (
        "The tenant's last live key with the role `admin` is to be revoked. A key in its grace period does not count."
    )
    remedy = "First create another admin key with `POST /admin/api-keys`, or rotate this one instead of revoking it."
    example = example_of(
        "This is the tenant's last live admin key. Create another admin key first.",
        "/admin/api-keys/revoke/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11",
    )


class ExpiryPassed(Unprocessable):
    code, title = "expiry-passed", "Expiry is in the past"
    meaning = "The `expires_at` of a key must be in the future. Nothing was changed."
    occurs = "A key is created with, or changed to, an `expires_at` that has passed."
    remedy = "Send a later time. To end a key now, revoke it with `POST /admin/api-keys/revoke/{key_id}`."
    example = example_of(
        "/expires_at is not in the future. To end a key now, revoke it.",
        "/admin/api-keys",
        errors=[{"pointer": "/expires_at", "detail": "is not in the future. To end a key now, revoke it."}],
    )


class RangeRefused(Unprocessable):
    code, title = "range-refused", "Time range not available"
    meaning = "Usage cannot be reported for this time range."
    occurs = (
        "The range is longer than 366 days by the hour or 3660 days by the day, has more than 50 000 entries, "
        "or begins before the oldest usage event that is kept."
    )
    remedy = "Ask for a shorter or later range. Totals by the day are kept when events are removed."
    example = example_of(
        "to is more than 366 days after from, the maximum by the hour",
        "/admin/usage/timeseries",
        errors=[{"pointer": "to", "detail": "is more than 366 days after from, the maximum by the hour"}],
    )


class RateLimited(Problem):
    status, code, title = 429, "rate-limited", "Too many requests"
    meaning = "The client or the tenant is over a limit. Nothing was changed."
    occurs = (
        "The tenant has too many requests or exports in progress, "
        "the key has made all requests that its limit allows in a minute, "
        "or the address sent many wrong keys or tokens, or has too many connections or requests open."
    )
    remedy = (
        "Wait for the number of seconds in the header `Retry-After`, then send the request again. "
        "`RateLimit-Policy`, if present, names the limit: for `concurrency`, send fewer requests at the same time."
    )
    example = example_of("This tenant has too many requests in progress. Send fewer at the same time.", "/cases")

    def __init__(self, detail: str, *, seconds: int, headers: Mapping[str, str] | None = None) -> None:
        """`seconds`: when to try again."""
        super().__init__(detail, headers={"Retry-After": str(seconds), **(headers or {})})
