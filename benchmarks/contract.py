"""Compiled operations compared with Connexion's own stack: CPU per request, and responses to bad input.

One small contract is called in this process over ASGI, without a database; handlers and the security function do
nothing. The two alternate within a round, and ratios are taken within a round.
"""

import asyncio
import logging
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from rich.console import Console
from rich.table import Table

from clincore.openapi import App, CompiledOperations
from clincore.openapi.loading import NoCredentials
from clincore.operations import translate
from clincore.resources import read_contract

STOCK, COMPILED = "Connexion", "compiled operations"
CASE_ID = "3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11"
CALLS = 1000
KEY = (b"x-api-key", b"clin_benchmark")
JSON = (b"content-type", b"application/json")

Headers = list[tuple[bytes, bytes]]


async def create_case(body: dict[str, Any], user: str) -> tuple[dict[str, Any], int]:
    """Handler of the POST."""
    return {"id": CASE_ID, "title": body["title"]}, 201


async def get_case(case_id: str, user: str) -> tuple[dict[str, Any], int]:
    """Handler of the GET."""
    return {"id": str(UUID(case_id))}, 200


async def api_key(key: str, request: Any) -> dict[str, Any]:
    """Security function of both: one key is valid."""
    if key.encode() != KEY[1]:
        raise NoCredentials
    return {"sub": "tenant"}


def document() -> dict[str, Any]:
    """A contract of two operations with schemas of the service's contract."""
    answer = {"description": "The case", "content": {"application/json": {"schema": {"type": "object"}}}}
    case_id = {"name": "case_id", "in": "path", "required": True, "schema": {"$ref": "#/components/schemas/Uuid"}}
    new_case = {"required": True, "content": {JSON[1].decode(): {"schema": {"$ref": "#/components/schemas/CaseInput"}}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Benchmark", "version": "1"},
        "paths": {
            "/cases": {
                "post": {
                    "operationId": f"{__name__}.create_case",
                    "requestBody": new_case,
                    "responses": {"201": answer},
                }
            },
            "/cases/{case_id}": {
                "get": {
                    "operationId": f"{__name__}.get_case",
                    "parameters": [case_id],
                    "responses": {"200": answer},
                }
            },
        },
        "security": [{"ApiKey": []}],
        "components": {
            "schemas": read_contract()["components"]["schemas"],
            "securitySchemes": {
                "ApiKey": {
                    "type": "apiKey",
                    "in": "header",
                    "name": KEY[0].decode(),
                    "x-apikeyInfoFunc": f"{__name__}.api_key",
                }
            },
        },
    }


@dataclass(frozen=True)
class Input:
    """A request. `chunks`: the parts in which the server passes on the body."""

    name: str
    chunks: Sequence[bytes] = (b"",)
    method: str = "POST"
    path: str = "/cases"
    query: bytes = b""
    headers: Headers = field(default_factory=lambda: [KEY, JSON])
    has_length: bool = True
    wanted: str = "400"

    @property
    def scope(self) -> dict[str, Any]:
        length = [(b"content-length", str(sum(map(len, self.chunks))).encode())] if self.has_length else []
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query,
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1:8000"), *self.headers, *(length if self.method == "POST" else [])],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8000),
            "state": {},
        }


# The contract's example, reduced to 1 KB.
BODY = read_contract()["components"]["examples"]["Consultation"]["value"] | {"medications": [], "allergies": []}
POST = Input("POST of 1 KB", (orjson.dumps(BODY),), wanted="201")
GET = Input("GET by id", method="GET", path=f"/cases/{CASE_ID}", headers=[KEY], wanted="200")


def _post(name: str, content: bytes, wanted: str = "400", *, media_type: bytes = JSON[1]) -> Input:
    headers = [KEY, (JSON[0], media_type)] if media_type else [KEY]
    return Input(name, (content,), headers=headers, wanted=wanted)


def _get(name: str, wanted: str, *headers: tuple[bytes, bytes], path: str = GET.path) -> Input:
    return Input(name, method="GET", path=path, headers=list(headers), wanted=wanted)


GOOD = POST.chunks[0]
OTHER_KEY = (KEY[0], b"another")
CHUNKED = [KEY, JSON, (b"transfer-encoding", b"chunked")]
BAD = (
    Input(
        "body in chunks, without a length", (GOOD[:500], GOOD[500:]), headers=CHUNKED, has_length=False, wanted="201"
    ),
    _post("Application/JSON; charset=UTF-8", GOOD, "201", media_type=b"Application/JSON; charset=UTF-8"),
    _post("no Content-Type", GOOD, "415", media_type=b""),
    _post("Content-Type in Latin-1", GOOD, "415", media_type=b"application/json; a=\xe9"),
    _post("UTF-16 by its charset", GOOD, "415", media_type=b"application/json; charset=utf-16"),
    _post("invalid UTF-8", b'{"title": "\xff"}'),
    _post("lone surrogate", b'{"title": "\\ud800"}'),
    _post("NUL in a text", b'{"title": "a\\u0000"}'),
    _post("NaN", b'{"title": "a", "metadata": {"a": NaN}}'),
    _post("repeated key", b'{"title": "a", "title": "b"}'),
    _post("2000 levels deep", b'{"title": "a", "metadata": ' + b'{"a":' * 2000 + b"1" + b"}" * 2001),
    _post("integer of 5000 digits", b'{"title": "a", "metadata": {"a": ' + b"1" * 5000 + b"}}"),
    _post("body of 10 MB", b'{"title": "a"' + b" " * 10_000_000 + b"}", "413"),
    Input("unknown query parameter", (GOOD,), query=b"nosuch=1"),
    _get("id that is no UUID", "400", KEY, path="/cases/1"),
    _get("two API keys, the first one good", "401", KEY, OTHER_KEY),
    _get("two API keys, the last one good", "401", OTHER_KEY, KEY),
    _get("Accept: text/csv", "406", KEY, (b"accept", b"text/csv")),
)


def applications() -> dict[str, App]:
    """Both applications, serving the same contract."""
    import connexion

    logging.disable(logging.CRITICAL)
    stock = connexion.AsyncApp(__name__)
    stock.add_api(document(), strict_validation=True)
    return {STOCK: stock, COMPILED: CompiledOperations(document(), translate=translate, log=lambda *_: None)}


async def call(app: App, request: Input) -> int:
    """The status of the response; 0: it did not begin."""
    chunks = list(request.chunks)
    status = 0

    async def receive() -> Mapping[str, Any]:
        if not chunks:
            return {"type": "http.disconnect"}
        chunk = chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

    async def send(message: Mapping[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]

    try:
        await app(request.scope, receive, send)
    except Exception:
        # Starlette responds with 500 and raises the error again.
        if not status:
            raise
    return status


def main(rounds: int) -> None:
    """Measure and print both tables."""
    asyncio.run(_main(rounds))


async def _main(rounds: int) -> None:
    console = Console(width=110)
    apps = applications()
    await _measure(console, apps, rounds)
    table = Table("input", "wanted", STOCK, COMPILED, title="Status")
    for request in BAD:
        table.add_row(request.name, request.wanted, *[await _told(app, request) for app in apps.values()])
    console.print(table)


async def _told(app: App, request: Input) -> str:
    try:
        status = await call(app, request)
    except Exception as error:
        return type(error).__name__
    return str(status) if str(status) == request.wanted else f"{status}  (!)"


async def _measure(console: Console, apps: Mapping[str, App], rounds: int) -> None:
    table = Table("request", *(f"{name}, CPU µs" for name in apps), "ratio (minimum to maximum)", title="Medians")
    for request in (POST, GET):
        taken: dict[str, list[float]] = {name: [] for name in apps}
        for number in range(rounds + 1):
            names = list(apps) if number % 2 else list(apps)[::-1]
            for name in names:
                seconds = await _cpu_seconds(call, apps[name], request)
                # The first round is a warm-up.
                if number:
                    taken[name].append(seconds / CALLS * 1e6)
        ratios = [stock / compiled for stock, compiled in zip(*taken.values(), strict=True)]
        medians = [f"{statistics.median(values):.0f}" for values in taken.values()]
        table.add_row(
            request.name, *medians, f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
        )
    console.print(table)


async def _cpu_seconds(make: Callable[[App, Input], Awaitable[int]], app: App, request: Input) -> float:
    started = time.process_time()
    for _ in range(CALLS):
        status = await make(app, request)
        if str(status) != request.wanted:
            raise SystemExit(f"{request.name} got {status}")
    return time.process_time() - started
