"""Calls to the service as one of the two tenants."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from clincore.isolation.contract import Operation, example_of

_TRIES_MAX = 4


class Misconfigured(Exception):
    """The service lacks a setting that only its operator can change. The text is the service's own."""


@dataclass
class Party:
    """A tenant as a client of the service."""

    key: str
    new_key: Callable[[], str]
    """Creates another key of the tenant, for calls that may revoke the key they are made with."""


def send(
    client: httpx.Client,
    operation: Operation,
    path: Mapping[str, Any],
    key: str,
    *,
    query: Mapping[str, str] | None = None,
    body: tuple[str, Any] | None = None,
    etag: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Call the operation, with the contract's examples for required parameters. Retries 429 and 503.

    `path` and `query`: values by parameter name. `body`: media type and content. `etag`: sent in If-Match or
    If-None-Match, if the operation has it. `headers`: override the headers that would be sent.

    Raises:
        Misconfigured: the service lacks a setting.
    """
    given, headers = headers or {}, {"X-API-Key": key}
    parameters = dict(query or {})
    for parameter in operation.parameters:
        if parameter.get("required") and parameter["in"] in ("query", "header"):
            place = headers if parameter["in"] == "header" else parameters
            place.setdefault(parameter["name"], str(example_of(parameter)))
        if parameter["in"] == "header" and parameter["name"].lower() == "idempotency-key":
            headers[parameter["name"]] = str(uuid4())
    if etag:
        for name in ("If-Match", "If-None-Match"):
            if operation.named("header", name):
                headers[name] = etag
    headers |= given
    content = None
    if body is not None:
        headers["Content-Type"] = body[0]
        content = json.dumps(body[1]).encode()
    for _ in range(_TRIES_MAX):
        answer = client.request(
            operation.method, operation.path_with(path), params=parameters, headers=headers, content=content
        )
        if answer.status_code not in (429, 503):
            break
        if "Retry-After" not in answer.headers:
            # A 503 without Retry-After does not end on its own.
            raise Misconfigured(str(answer.json()["detail"]))
        time.sleep(min(float(answer.headers["Retry-After"]), 2.0))
    return answer
