"""Problems of repeated requests, with `Idempotency-Key`."""

from clincore.problems.base import Problem, Unprocessable, example_of


class IdempotencyInProgress(Problem):
    status, code, title = 409, "idempotency-in-progress", "Same request in progress"
    meaning = "Another request with the same `Idempotency-Key` is in progress. This request did nothing."
    occurs = "A request is repeated while the first one is still running, and the first one does not end within 1.5 s."
    remedy = "Wait for the number of seconds in the header `Retry-After`, then repeat the same request."
    example = example_of("A request with this Idempotency-Key is in progress. Repeat this request.", "/cases")

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"Retry-After": "1"})


class SecretNotReplayable(Problem):
    status, code, title = 409, "secret-not-replayable", "Response has a secret"
    meaning = (
        "This request was done before, with the same `Idempotency-Key`. Its response had a new API key, "
        "which is not stored and cannot be shown again. Nothing was done again."
    )
    occurs = "The creation or rotation of a key, or of a tenant, is repeated after its response was lost."
    remedy = (
        "`id` is the id of the key that was created, `tenant_id` that of the tenant. "
        "Revoke a key that no one has, and create another one with a new `Idempotency-Key`. "
        "For a tenant without a usable key, the operator creates one with `clincore keys create`."
    )
    example = example_of(
        "This request was done before. Its response had a key, which is not stored. "
        "Revoke the key with this id, and create another with a new Idempotency-Key.",
        "/admin/api-keys",
        id="3d1c2b6a-52b5-4b6e-8a53-8a6f0d3c7f10",
    )


class AnswerErased(Problem):
    status, code, title = 409, "answer-erased", "Response was erased"
    meaning = (
        "This request was done before, with the same `Idempotency-Key`. Its response showed content of a case "
        "that was erased since. Nothing was done again."
    )
    occurs = "A write of a case is repeated after an erasure of the same case."
    remedy = "Read the case with `GET /cases/{case_id}`."
    example = example_of(
        "This request was done before. Its response was erased. Read the case with GET /cases/{case_id}.", "/cases"
    )


class IdempotencyKeyReused(Unprocessable):
    code, title = "idempotency-key-reused", "Idempotency key reused"
    meaning = "The `Idempotency-Key` was used for another request in the last 24 hours. Nothing was changed."
    occurs = (
        "Method, path, query, `Content-Type`, `If-Match` or any byte of the body differ "
        "from those of the request that was done with this value."
    )
    remedy = "Send a new random value with each new request, and the same value only with the same request."
    example = example_of(
        "Idempotency-Key was used for another request. Send a new value.",
        "/cases",
        errors=[{"pointer": "Idempotency-Key", "detail": "was used for another request. Send a new value."}],
    )

    def __init__(self) -> None:
        super().__init__([("Idempotency-Key", "was used for another request. Send a new value.")])
