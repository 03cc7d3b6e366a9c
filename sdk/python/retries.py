"""Repeats requests of the generated Python client until they have an answer. Copy it; it needs httpx 0.28 and
httpx-retries 0.6.

    client = AuthenticatedClient(url, token=api_key, ..., httpx_args={"transport": Retrying()})

A write gets a random `Idempotency-Key` and keeps it when it is repeated, so the service does it once. Requests are
repeated after network errors, 429, 503 and 409 `idempotency-in-progress`, as `Retry-After` says or after growing random
times. When all attempts have failed, the client gets the last answer or error.
"""

from uuid import uuid4

import httpx
from httpx_retries import Retry, RetryTransport

WRITES = ("POST", "PATCH", "DELETE")


class NotDone(httpx.NetworkError):
    """The answer says that the same request is in progress."""


class Retrying(RetryTransport):
    """A transport for `httpx.Client` and `httpx.AsyncClient`."""

    def __init__(self) -> None:
        retry = Retry(
            total=10,
            total_timeout=120,
            backoff_factor=0.1,
            max_backoff_wait=60,
            allowed_methods=["GET", "HEAD", *WRITES],
            status_forcelist=[429, 503],
            validate_response=_check,
        )
        super().__init__(retry=retry)
        self._async_retry = retry.copy_with(validate_response=_check_async)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        _identify(request)
        return super().handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        _identify(request)
        request.extensions["retry"] = self._async_retry
        return await super().handle_async_request(request)


def _identify(request: httpx.Request) -> None:
    if request.method in WRITES:
        request.headers.setdefault("Idempotency-Key", f'"{uuid4()}"')


# Both read the body, because an answer is also lost when its body is.
def _check(response: httpx.Response) -> None:
    response.read()
    _refuse_in_progress(response)


async def _check_async(response: httpx.Response) -> None:
    await response.aread()
    _refuse_in_progress(response)


def _refuse_in_progress(response: httpx.Response) -> None:
    # Other conflicts are final, and have no Retry-After.
    if response.status_code == 409 and "Retry-After" in response.headers:
        raise NotDone("the same request is in progress", request=response.request)
