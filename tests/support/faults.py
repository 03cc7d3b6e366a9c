"""The service with one deliberate fault, selected by the variable FAULT, that fuzzing must find.

Run it with `uvicorn --app-dir tests support.faults:app`.
"""

import os
import re
from collections.abc import Awaitable, Callable
from typing import Any

from clincore import keys
from clincore.asgi import app as clincore

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_CASE = re.compile(r"/cases/[0-9a-f-]{36}")
_owners: dict[str, bytes] = {}
_good_key = b""


def _key(scope: Scope) -> bytes:
    return dict(scope["headers"]).get(b"x-api-key", b"")


def _with_key(scope: Scope, key: bytes) -> Scope:
    others = [pair for pair in scope["headers"] if pair[0] != b"x-api-key"]
    return {**scope, "headers": [*others, (b"x-api-key", key)]}


async def _changed(scope: Scope, receive: Receive, send: Send, change: Callable[[Message], None]) -> None:
    async def send_changed(message: Message) -> None:
        if message["type"] == "http.response.start":
            change(message)
        await send(message)

    await clincore(scope, receive, send_changed)


async def wrong_status(scope: Scope, receive: Receive, send: Send) -> None:
    """Reading a case returns 203, which is not documented."""

    def change(message: Message) -> None:
        if scope["method"] == "GET" and _CASE.fullmatch(scope["path"]) and message["status"] == 200:
            message["status"] = 203

    await _changed(scope, receive, send, change)


async def missing_header(scope: Scope, receive: Receive, send: Send) -> None:
    """A case has no ETag, which is documented as required."""

    def change(message: Message) -> None:
        if _CASE.fullmatch(scope["path"]):
            message["headers"] = [pair for pair in message["headers"] if pair[0] != b"etag"]

    await _changed(scope, receive, send, change)


async def cross_tenant_read(scope: Scope, receive: Receive, send: Send) -> None:
    """Every tenant can read a case."""

    def remember(message: Message) -> None:
        location = dict(message["headers"]).get(b"location")
        if location is not None:
            _owners[location.decode()] = _key(scope)

    # Not with an invalid key: that would be the fault `ignored_auth`.
    is_valid = keys.tenant_of(_key(scope).decode("latin-1")) is not None
    if scope["method"] == "GET" and scope["path"] in _owners and is_valid:
        scope = _with_key(scope, _owners[scope["path"]])
    await _changed(scope, receive, send, remember)


async def use_after_delete(scope: Scope, receive: Receive, send: Send) -> None:
    """DELETE does not cancel the draft, so it can still be changed."""
    if scope["method"] == "DELETE" and _CASE.fullmatch(scope["path"]):
        scope = {**scope, "method": "GET", "headers": [h for h in scope["headers"] if h[0] != b"if-none-match"]}
    await clincore(scope, receive, send)


async def fails_on_nul(scope: Scope, receive: Receive, send: Send) -> None:
    """NUL in a text returns 500."""
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    if any(b"\\u0000" in message.get("body", b"") for message in messages):
        await send({"type": "http.response.start", "status": 500, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        return

    async def replay() -> Message:
        return messages.pop(0) if messages else await receive()

    await clincore(scope, replay, send)


async def ignored_auth(scope: Scope, receive: Receive, send: Send) -> None:
    """A request without a valid key is served as the previous caller."""
    key = _key(scope)

    def remember(message: Message) -> None:
        global _good_key
        if message["status"] < 300 and keys.tenant_of(key.decode("latin-1")):
            _good_key = key

    if _good_key and keys.tenant_of(key.decode("latin-1")) is None:
        scope = _with_key(scope, _good_key)
    await _changed(scope, receive, send, remember)


FAULTS = {
    fault.__name__: fault
    for fault in (wrong_status, missing_header, cross_tenant_read, use_after_delete, fails_on_nul, ignored_auth)
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """The service with the fault."""
    if scope["type"] != "http":
        await clincore(scope, receive, send)
        return
    await FAULTS[os.environ["FAULT"]](scope, receive, send)
