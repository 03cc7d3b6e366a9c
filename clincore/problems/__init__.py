"""Error responses (RFC 9457): one exception for each problem type, with the text of its page at `/problems/<code>`."""

from clincore.problems.access import (
    BillingCapReached,
    ExpiryPassed,
    KeyAlreadyRotated,
    KeyExpired,
    KeyRevoked,
    LastAdminKey,
    RangeRefused,
    RateLimited,
    RoleRequired,
    TenantNameInvalid,
    TenantNameTaken,
    Unauthorized,
)
from clincore.problems.base import Problem, problem_types
from clincore.problems.cases import (
    CaseFinalized,
    CaseInvalid,
    ExternalIdTaken,
    InvalidTransition,
    PreconditionFailed,
)
from clincore.problems.requests import (
    HeadTooLarge,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    PayloadTooLarge,
    RequestTimeout,
    UnsupportedMediaType,
    ValidationFailed,
)
from clincore.problems.retries import AnswerErased, IdempotencyInProgress, IdempotencyKeyReused, SecretNotReplayable
from clincore.problems.service import BootstrapDisabled, Internal, SigningUnavailable, Unavailable

__all__ = [
    "AnswerErased",
    "BillingCapReached",
    "BootstrapDisabled",
    "CaseFinalized",
    "CaseInvalid",
    "ExpiryPassed",
    "ExternalIdTaken",
    "HeadTooLarge",
    "IdempotencyInProgress",
    "IdempotencyKeyReused",
    "Internal",
    "InvalidTransition",
    "KeyAlreadyRotated",
    "KeyExpired",
    "KeyRevoked",
    "LastAdminKey",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "PayloadTooLarge",
    "PreconditionFailed",
    "Problem",
    "RangeRefused",
    "RateLimited",
    "RequestTimeout",
    "RoleRequired",
    "SecretNotReplayable",
    "SigningUnavailable",
    "TenantNameInvalid",
    "TenantNameTaken",
    "Unauthorized",
    "Unavailable",
    "UnsupportedMediaType",
    "ValidationFailed",
    "problem_types",
]
