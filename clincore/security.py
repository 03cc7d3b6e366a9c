"""Authentication and roles: `Caller`, and the functions that the contract's `securitySchemes` name."""

import hmac
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from time import perf_counter
from typing import Any, Literal, Protocol
from uuid import UUID

from clincore import keys, metrics, runtime, tracing
from clincore.db.errors import NodeDown
from clincore.db.queries.access_log import Access
from clincore.db.queries.api_keys import Rights, Role, Scope
from clincore.db.queries.rate_limits import WINDOW_SECONDS
from clincore.db.queries.usage import FREE_CALLS_MAX
from clincore.gate import ANONYMOUS, UNKNOWN, Place
from clincore.problems import (
    BillingCapReached,
    BootstrapDisabled,
    KeyExpired,
    KeyRevoked,
    Problem,
    RateLimited,
    RoleRequired,
    ScopeRequired,
    TenantSuspended,
    Unauthorized,
)
from clincore.quotas import Quota, free_calls, quota_headers

BillingStatus = Literal["free", "paid"]


@dataclass(frozen=True, slots=True)
class Caller:
    """The tenant and the key that a request is made with."""

    tenant_id: UUID
    key_id: UUID
    lineage_id: UUID
    """The first key of the rotations that led to this one."""
    label: str
    role: Role
    expires_at: datetime | None
    billing_status: BillingStatus
    """Known on capped operations only, elsewhere `free`."""
    access: Access
    """What the access log records about the request."""
    rate_limit_per_minute: int | None = None
    scopes: Sequence[Scope] | None = None
    """What the key may be used for; None: everything that its role allows."""
    required_role: str | None = None
    """The role that the operation needs; None: any."""
    required_scope: str | None = None
    """The scope that the operation needs; None: none."""


class Operation(Protocol):
    """What admission needs to know of the called operation."""

    id: str
    method: str
    path: str
    """The path template, such as `/cases/{case_id}`."""
    is_capped: bool
    """The contract documents a 402 for it."""
    is_bulk: bool
    """It belongs to the bulk class of the gate."""
    required_role: str | None
    """The only role that may call it; None: every role."""
    required_scope: str | None
    """The scope that a key with limited scopes needs to call it; None: none."""


class Request(Protocol):
    """The request as security functions see it."""

    id: UUID
    operation: Operation
    address: str | None
    """Of the client; None if clients cannot be distinguished."""
    is_gone: Callable[[], bool] | None
    caller: Caller | None
    place: Place | None
    """At the gate; None before the request enters."""
    response_headers: dict[str, str]
    """Headers added to every response."""

    @property
    def headers(self) -> Mapping[bytes, bytes]:
        """By lower-case name."""


def bootstrap_token(token: str, request: Request) -> dict[str, Any]:
    """Check the operator's token.

    Raises:
        BootstrapDisabled: no token is configured.
        RateLimited: the address has sent too many that were wrong.
        Unauthorized: the token is wrong.
    """
    expected = runtime.current().bootstrap_token
    if expected is None:
        raise BootstrapDisabled
    if request.address is not None:
        _refuse_guesses(request.address)
    # As bytes: compare_digest refuses str outside ASCII, which a header can carry.
    if not hmac.compare_digest(token.encode("utf-8", "surrogateescape"), expected.encode()):
        if request.address is not None:
            runtime.current().backoff.note_wrong(request.address)
        raise Unauthorized("The bootstrap token is wrong. Send the operator's BOOTSTRAP_TOKEN.")
    return {"sub": "operator"}


async def api_key(key: str, request: Request) -> dict[str, Any]:
    """Authenticate a key, write the usage event, and check limit, quota, role and scope. Requests that these refuse
    keep it.

    The key comes in `X-API-Key` or as a bearer token.

    Raises:
        Unauthorized, KeyRevoked, KeyExpired, TenantSuspended: the key is not accepted; no event is written.
        RateLimited: the address has sent too many unknown keys, and this key was not accepted recently; or the tenant
            has too many requests in progress, or the key has used up its limit.
        Unavailable: the service is overloaded.
        BillingCapReached: the operation is capped and the tenant's free calls are used up.
        RoleRequired, ScopeRequired: the operation needs another role or scope.
    """
    authorization = request.headers.get(b"authorization")
    if authorization and b"x-api-key" in request.headers:
        scheme, _, token = authorization.partition(b" ")
        # The keys may be of two tenants, and a proxy in front may trust the other one. `Basic` may be meant for such a
        # proxy. A comma separates the values of repeated headers.
        is_same = scheme.lower() == b"bearer" and token.strip(b" ") == request.headers[b"x-api-key"]
        if not is_same and (scheme.lower() != b"basic" or b"," in authorization):
            raise Unauthorized("X-API-Key and Authorization carry different keys. Send the key in one of them.")
    tenant_id = keys.tenant_of(key)
    if tenant_id is None:
        raise Unauthorized("This is not a ClinCore API key. It is mistyped or truncated.")
    operation, address, worker = request.operation, request.address, runtime.current()
    backoff, gate = worker.backoff, worker.gate
    key_hash = keys.hash_of(key)
    is_new = not backoff.is_accepted(key_hash)
    if address is not None and is_new:
        _refuse_guesses(address)
    # The tenant in a key that is new here is only a claim.
    # A number as the key, because Python's UUID computes its hash in Python.
    queue = UNKNOWN if is_new else tenant_id.int
    place = request.place = Place(gate, queue, operation.is_bulk, request.is_gone)
    if not place.enter():
        await place.wait()
    asked_at, is_measured = perf_counter(), True
    trace = tracing.recorder.enter("admission") if tracing.recorder is not None else None
    try:
        admission = await worker.admission.admit(
            tenant_id, key_hash, operation.method, operation.path, operation.is_capped
        )
    except NodeDown:
        # How long that took says nothing about how busy the service is.
        is_measured = False
        raise
    finally:
        seconds = perf_counter() - asked_at
        if is_measured:
            gate.note_admission(seconds)
        if metrics.recorder is not None:
            metrics.recorder.admission_waited(seconds)
        if trace is not None:
            trace.leave()
    if admission.key_state is None and address is not None:
        backoff.note_wrong(address)
    if admission.key_state != "live":
        backoff.note_ended(key_hash)
        raise _not_accepted(admission.key_state)
    if is_new:
        backoff.note_accepted(key_hash)
    request.caller = caller = Caller(
        tenant_id=tenant_id,
        key_id=admission.key_id,
        lineage_id=admission.lineage_id,
        label=admission.label,
        role=admission.role,
        expires_at=admission.expires_at,
        billing_status="paid" if admission.paid else "free",
        access=Access(admission.key_id, admission.label, request.id, operation.id),
        rate_limit_per_minute=admission.rate_limit_per_minute,
        scopes=admission.scopes,
        required_role=operation.required_role,
        required_scope=operation.required_scope,
    )
    quotas = [free_calls(FREE_CALLS_MAX, admission.earlier_calls)] if operation.is_capped and not admission.paid else []
    if caller.rate_limit_per_minute is not None:
        await _limit_rate(request, caller, caller.rate_limit_per_minute, quotas)
    elif quotas:
        request.response_headers.update(quota_headers(*quotas))
    if admission.earlier_calls > FREE_CALLS_MAX:
        raise BillingCapReached(
            f"This tenant has used its {FREE_CALLS_MAX} free calls. "
            "Ask the operator to set its billing status to paid.",
            limit=FREE_CALLS_MAX,
            used=admission.earlier_calls,
            billing_status=caller.billing_status,
        )
    if caller.required_role not in (None, caller.role):
        raise _role_required(caller, caller.role)
    if caller.scopes is not None and caller.required_scope not in (None, *caller.scopes):
        raise _scope_required(caller, caller.scopes)
    return {"sub": caller}


async def _limit_rate(request: Request, caller: Caller, limit: int, quotas: list[Quota]) -> None:
    """Count the request towards the limit of its key. `quotas`: what else the headers show.

    A key and its successors have one count. Otherwise a caller could evade the limit by rotating its key.
    """
    taken = await runtime.current().rate_limits.take(caller.tenant_id, caller.lineage_id, limit)
    more_in = None if taken.left is None else ceil(taken.more_in)
    quotas.append(Quota("key", limit, taken.left, WINDOW_SECONDS, more_in))
    request.response_headers.update(quota_headers(*quotas))
    if not taken.is_accepted:
        # Clients that were refused together must not come back together.
        seconds = ceil(taken.more_in + random.random() * max(1.0, taken.more_in / 10))
        raise RateLimited(
            "This key has made all the requests that it may make in a minute. Try again later.", seconds=seconds
        )


async def enter_without_key(request: Any) -> None:
    """Enter the gate for an operation that takes no key.

    Raises:
        Unavailable: the service is overloaded.
    """
    place = request.place = Place(runtime.current().gate, ANONYMOUS, request.operation.is_bulk, request.is_gone)
    if not place.enter():
        await place.wait()


def require_rights(caller: Caller, found: Sequence[Rights]) -> Rights:
    """The current rights of the caller's key. They may have changed since admission, while the body was being sent.

    `found`: the key's row, if there is one, as the transaction that uses the rights reads it.

    Raises:
        Unauthorized, KeyRevoked, KeyExpired, TenantSuspended: the key is no longer accepted.
        RoleRequired, ScopeRequired: the operation needs a role or scope that the key has lost.
    """
    if not found or found[0].state != "live":
        raise _not_accepted(found[0].state if found else None)
    (rights,) = found
    if rights.suspended_at is not None:
        raise _not_accepted("suspended")
    if caller.required_role not in (None, rights.role):
        raise _role_required(caller, rights.role)
    if rights.scopes is not None and caller.required_scope not in (None, *rights.scopes):
        raise _scope_required(caller, rights.scopes)
    return rights


def require_may_give(rights: Rights, scopes: Sequence[Scope] | None) -> None:
    """Check that a key with these rights may give another key these scopes. None: everything that its role allows.

    Raises:
        ScopeRequired: the key is limited to scopes, and does not have all of these.
    """
    if rights.scopes is not None and (scopes is None or not set(scopes) <= set(rights.scopes)):
        raise ScopeRequired(f"This key has the scopes {', '.join(rights.scopes)}. It can only give scopes that it has.")


def _not_accepted(state: str | None) -> Problem:
    match state:
        case "revoked":
            return KeyRevoked("This API key was revoked or replaced. Ask an admin of the tenant for a new key.")
        case "expired":
            return KeyExpired("This API key has expired. Ask an admin of the tenant for a new key.")
        case "suspended":
            return TenantSuspended("The operator has suspended this tenant. Ask the operator to resume it.")
        case _:
            return Unauthorized("This API key is unknown. Check that it was copied in full.")


def _role_required(caller: Caller, role: Role) -> RoleRequired:
    return RoleRequired(
        f"This operation needs a key with the role {caller.required_role}; this key has the role {role}."
    )


def _scope_required(caller: Caller, scopes: Sequence[Scope]) -> ScopeRequired:
    return ScopeRequired(
        f"This operation needs the scope {caller.required_scope}; this key has the scopes {', '.join(scopes)}."
    )


def _refuse_guesses(address: str) -> None:
    seconds = runtime.current().backoff.wait_seconds(address)
    if seconds:
        raise RateLimited("Too many wrong keys or tokens came from this address. Try again later.", seconds=seconds)
