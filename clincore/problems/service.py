"""Problems of the service itself."""

from typing import Any

from clincore.problems.base import Problem, example_of


class Internal(Problem):
    status, code, title = 500, "internal", "Internal server error"
    detail = "An unexpected error occurred. Give the operator the request_id: the log has the cause."
    meaning = "The service has a fault."
    occurs = "The service met an error that it did not expect."
    remedy = (
        "Give the `request_id` to the operator, whose log has the cause. Repeat a write only with its "
        "`Idempotency-Key`, or after you have checked its effect."
    )
    example = example_of(detail, "/cases")


class Unavailable(Problem):
    status, code, title = 503, "unavailable", "Service temporarily unavailable"
    detail = "The database cannot serve the request at the moment. Try again."
    meaning = "The service cannot answer at the moment."
    occurs = (
        "The database, or its node with the tenant's data, cannot be reached or is overloaded, "
        "a lock was not released in time, the service is stopping, "
        "or it has too many connections, requests or exports in progress."
    )
    remedy = "Wait for the number of seconds in the header `Retry-After`, then send the request again."
    example = example_of(detail, "/cases")

    def __init__(self, detail: str = "", *, seconds: int = 1, **members: Any) -> None:
        """`seconds`: when to try again."""
        super().__init__(detail, headers={"Retry-After": str(seconds)}, **members)


# Details of `Unavailable`.
NODE_DOWN = "A part of the database does not answer, and this tenant's data is on it. Try again."
STOPPING = "The service is stopping. Try again."
OUT_OF_MEMORY = "The service is out of memory. Try again."


class SigningUnavailable(Problem):
    """Without Retry-After: only the operator can solve it."""

    status, code, title = 503, "signing-unavailable", "Signing not available"
    meaning = "The service has no key to sign with. Nothing was changed."
    occurs = "No signing key is configured, its file cannot be used, or the key is retired or not yet published."
    remedy = "Ask the operator: `detail` says what is missing. Repeating the request does not help until then."
    example = example_of(
        "No signing key is configured. The operator sets CLINCORE_SIGNING_KEY and restarts.",
        "/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11/finalize",
    )


class BootstrapDisabled(Problem):
    """Without Retry-After: only the operator can solve it."""

    status, code, title = 503, "bootstrap-disabled", "Bootstrap disabled"
    detail = "No BOOTSTRAP_TOKEN is set. The operator sets one and restarts the service."
    meaning = "This service does not create tenants over HTTP."
    occurs = "`POST /bootstrap` while the operator has set no `BOOTSTRAP_TOKEN`."
    remedy = "Ask the operator to set `BOOTSTRAP_TOKEN`, or to create the tenant on the command line."
    example = example_of(detail, "/bootstrap")
