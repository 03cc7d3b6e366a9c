"""Compiled operations: every feature of OpenAPI 3.0.3 works or is refused at start."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from clincore import deadline
from clincore.openapi import CompiledOperations, ResolverError, UnsupportedContract
from clincore.openapi.body import parse, refuse_ambiguous
from clincore.openapi.parameters import Parameter, parse_query
from clincore.openapi.validation import Validator
from clincore.operations import translate
from clincore.problems import ValidationFailed

JSON = {b"content-type": b"application/json"}


def parse_strictly(content: bytes) -> Any:
    value = parse(content, JSON, ["application/json"])
    refuse_ambiguous(content, value)
    return value


def wrong(schema: dict[str, Any], value: Any) -> bool:
    return bool(Validator(schema).errors(value))


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string", "nullable": True}, [None, "a"], [1]),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, [2], [1]),
        ({"type": "integer", "maximum": 3, "exclusiveMaximum": False}, [3], [4]),
        ({"type": "integer", "format": "int32"}, [2**31 - 1], [2**31]),
        ({"type": "integer", "multipleOf": 3}, [3], [4]),
        (
            {"type": "string", "format": "uuid"},
            ["3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11"],
            ["3f0e1a52", "urn:uuid:3f0e1a52"],
        ),
        ({"type": "string", "format": "date"}, ["2024-02-29"], ["2023-02-29", "20240101", "today"]),
        ({"type": "string", "format": "date-time"}, ["2024-01-01T00:00:00Z"], ["2024-01-01", "2024-02-30T00:00:00Z"]),
        ({"type": "string", "pattern": "^a+$"}, ["aa"], ["ab"]),
        ({"type": "string", "maxLength": 1}, ["\U0001f600"], ["ab"]),
        ({"type": "string", "enum": ["a", "b"]}, ["a"], ["c"]),
        ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True}, [[1, 2]], [[1, 1], ["a"]]),
        ({"type": "object", "maxProperties": 1, "additionalProperties": {"type": "string"}}, [{"a": "b"}], [{"a": 1}]),
        ({"type": "object", "additionalProperties": False, "properties": {"a": {}}}, [{"a": 1}], [{"b": 1}]),
        ({"allOf": [{"type": "integer"}, {"minimum": 2}]}, [2], [1]),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, [1, "a"], [None]),
        ({"type": "string", "not": {"enum": ["a"]}}, ["b"], ["a"]),
    ],
    ids=lambda value: str(value)[:50] if isinstance(value, dict) else "",
)
def test_a_supported_keyword_is_enforced(schema: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    assert not any(wrong(schema, value) for value in good)
    assert all(wrong(schema, value) for value in bad)


def test_a_read_only_property_is_refused_and_not_required_of_a_client() -> None:
    schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "readOnly": True}}}

    assert not wrong(schema, {})
    assert wrong(schema, {"id": "a"})


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "format": "ipv4"},
        {"type": "string", "const": "a"},
        {"nullable": True},
        {"type": "object", "patternProperties": {}},
        {"type": "object", "discriminator": {"propertyName": "a"}},
        {"type": "array", "items": {"type": "string", "format": "password"}},
    ],
    ids=str,
)
def test_an_unsupported_keyword_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedContract):
        Validator(schema)


@pytest.mark.parametrize(
    "definition",
    [
        {"name": "a", "in": "cookie", "schema": {"type": "string"}},
        {"name": "a", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
        {"name": "a", "in": "query", "schema": {"type": "object"}},
        {"name": "a", "in": "query", "style": "deepObject", "schema": {"type": "string"}},
        {"name": "a", "in": "path", "style": "matrix", "schema": {"type": "string"}},
        {"name": "a", "in": "query", "content": {"application/json": {}}},
    ],
    ids=str,
)
def test_an_unsupported_parameter_is_refused(definition: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedContract):
        Parameter(definition)


def test_an_error_names_the_place_and_not_the_value() -> None:
    schema = {"type": "object", "properties": {"a/b": {"type": "array", "items": {"type": "string", "pattern": "^x$"}}}}

    ((pointer, detail),) = Validator(schema).errors({"a/b": ["x", "secret"]})

    assert pointer == "/a~1b/1"
    assert "secret" not in detail


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b"1e400",
        b"[123456789012345678901]",
        b"[-9223372036854775809]",
        b"[" + b"9" * 5000 + b"]",
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"\\u0062":2}}',
        b'"\\ud800"',
        b'"\\u0000"',
        b'"\\\\\\u0000"',
        b'{"\\u0000":1}',
        b'"\xff"',
        b'"\xc0\x80"',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"[" * 65 + b"]" * 65,
        b"[" * 100_000 + b"]" * 100_000,
        b"{'a': 1}",
        b"[1,]",
        b"// a\n1",
        b"01",
    ],
    ids=lambda content: content[:20],
)
def test_invalid_json_and_json_that_parsers_read_differently_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationFailed):
        parse_strictly(content)


@pytest.mark.parametrize(
    "content",
    [
        b"0",
        b"[18446744073709551615, -9223372036854775808]",
        b"0.12345678901234567890123",
        b"1e-5000",
        b'"\\\\u0000"',
        b'{"a":":","b":"{\\"a\\":1}","\\"":[":"]}',
        b'{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
        b"[" * 64 + b"]" * 64,
        b'"' + b"[" * 1000 + b'"',
        b'"\\ud83d\\ude00"',
        "\u2028é".join('""').encode(),
        b' \t\r\n{"a" : 1 } ',
    ],
    ids=lambda content: content[:20],
)
def test_unambiguous_json_is_parsed_unchanged(content: bytes) -> None:
    assert parse_strictly(content) == orjson.loads(content)


@pytest.mark.parametrize("query", [b"a=1&a=2", b"c=1", b"a=%", b"a=%f", b"a=%ff", b"A=1", b"a\xff=1"])
def test_an_ambiguous_or_invalid_query_is_refused(query: bytes) -> None:
    with pytest.raises(ValidationFailed):
        parse_query(query, {"a", "b"})


def test_an_unknown_query_parameter_names_a_similar_one() -> None:
    with pytest.raises(ValidationFailed, match=r'statsu: .*did you mean "status"\?'):
        parse_query(b"statsu=draft", {"status", "tag"})


def test_a_query_is_decoded() -> None:
    assert parse_query(b"a=%C3%A9+%2B%26&b=", {"a", "b"}) == {"a": "é +&", "b": ""}


def document(**operation: Any) -> dict[str, Any]:
    definition = {
        "operationId": "echo",
        "x-openapi-router-controller": __name__,
        "responses": {"200": {"description": "ok", "content": {"application/json": {}}}},
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/things/{thing_id}": {"post": definition | operation}},
    }


KEY = {"type": "apiKey", "in": "header", "name": "X-API-Key", "x-apikeyInfoFunc": "clincore.security.api_key"}


@pytest.mark.parametrize(
    "operation",
    [
        # OpenAPI 3.0.3 allows scopes only for OAuth and OpenID Connect.
        {"security": [{"Key": ["admin"]}]},
        {"security": [], "x-required-role": "admin"},
        {"x-required-role": "admin"},
        {"security": [{"Key": []}], "x-required-role": "Admin"},
        {"security": [{"Key": []}], "x-required-role": ["admin"]},
        {"security": [{"Key": []}], "x-requiredrole": "admin"},
        {"security": [], "x-required-scope": "read"},
        {"security": [{"Key": []}], "x-required-scope": "Read"},
        {"security": [{"Key": []}], "x-required-scope": ["read"]},
        {"security": [{"Key": []}], "x-requiredscope": "read"},
    ],
    ids=str,
)
def test_a_role_or_scope_that_would_not_be_checked_is_refused(operation: dict[str, Any]) -> None:
    contract = document(**operation) | {"components": {"securitySchemes": {"Key": KEY}}}

    with pytest.raises(UnsupportedContract, match=r"x-required-?(role|scope)"):
        CompiledOperations(contract, translate=translate, log=lambda *_: None)


async def echo(thing_id: str, body: Any = None, limit: int = 0, x_flag: bool = False) -> dict[str, Any]:
    return {"thing_id": thing_id, "body": body, "limit": limit, "x_flag": x_flag}


async def stall(thing_id: str, body: Any = None) -> dict[str, Any]:
    await asyncio.sleep(20)
    return {}


def answer(contract: dict[str, Any], *arguments: Any, **request: Any) -> httpx.Response:
    """The response of an application with this contract."""
    app = CompiledOperations(contract, translate=translate, log=lambda *_: None)

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.request(*arguments, **request)

    return asyncio.run(send())


PARAMETERS = [
    {"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string", "maxLength": 3}},
    {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 7}},
    {"name": "X-Flag", "in": "header", "schema": {"type": "boolean", "default": False}},
]
BODY = {"content": {"application/json": {"schema": {"type": "object"}}}}
TYPE = {"Content-Type": "application/json"}


def test_arguments_are_bound_by_name_from_path_query_header_and_body() -> None:
    contract = document(parameters=PARAMETERS, requestBody=BODY)

    plain = answer(contract, "POST", "/things/abc")
    full = answer(contract, "POST", "/things/%C3%A9?limit=3", json={"a": 1}, headers={"X-Flag": "true"})

    assert plain.json() == {"thing_id": "abc", "body": None, "limit": 7, "x_flag": False}
    assert full.json() == {"thing_id": "é", "body": {"a": 1}, "limit": 3, "x_flag": True}


def test_the_deadline_does_not_count_the_time_a_client_takes_to_send_its_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "REQUEST_SECONDS", 0.4)
    responses = document()["paths"]["/things/{thing_id}"]["post"]["responses"]
    may_wait = {"requestBody": BODY, "responses": responses | {"503": {"description": "not now"}}}

    async def slowly() -> AsyncIterator[bytes]:
        for part in (b'{"a"', b": 1}"):
            await asyncio.sleep(0.4)
            yield part

    slow = answer(document(parameters=PARAMETERS, **may_wait), "POST", "/things/abc", content=slowly(), headers=TYPE)
    stalled = document(operationId="stall", parameters=PARAMETERS[:1], **may_wait)

    assert slow.json()["body"] == {"a": 1}
    assert answer(stalled, "POST", "/things/abc", json={}).status_code == 503


started: list[str] = []


async def export(thing_id: str) -> AsyncIterator[bytes]:
    async def lines() -> AsyncIterator[bytes]:
        started.append(thing_id)
        yield b"{}"

    return lines()


def test_head_starts_no_export() -> None:
    contract = document(operationId="export", parameters=PARAMETERS[:1])
    path = contract["paths"]["/things/{thing_id}"]
    path["get"] = path.pop("post")

    head, get = (answer(contract, method, f"/things/{method[0]}") for method in ("HEAD", "GET"))

    assert (head.status_code, head.content, get.content) == (200, b"", b"{}")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]
    assert started == ["G"]


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param({"parameters": PARAMETERS[:2], "requestBody": BODY}, id="handler-takes-more"),
        pytest.param(
            {
                "parameters": [*PARAMETERS, {"name": "z", "in": "query", "schema": {"type": "string"}}],
                "requestBody": BODY,
            },
            id="handler-takes-less",
        ),
        pytest.param({"parameters": PARAMETERS, "requestBody": {"content": {"text/csv": {}}}}, id="body-not-json"),
        pytest.param({"parameters": PARAMETERS, "requestBody": BODY, "operationId": "parse"}, id="handler-not-async"),
    ],
)
def test_a_handler_that_does_not_fit_its_contract_is_refused_at_start(operation: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedContract):
        answer(document(**operation), "POST", "/things/abc")


@pytest.mark.parametrize(
    ("schemes", "security"),
    [
        pytest.param({"Key": KEY}, [{"Key": []}, {}], id="optional"),
        pytest.param({"Key": KEY, "Other": KEY}, [{"Key": [], "Other": []}], id="two-together"),
        pytest.param({"Key": KEY | {"in": "query"}}, [{"Key": []}], id="in-query"),
        pytest.param({"Key": {**KEY, "x-apikeyInfoFunc": ""}}, [{"Key": []}], id="without-a-function"),
        pytest.param({"Key": {"type": "http", "scheme": "digest"}}, [{"Key": []}], id="digest"),
    ],
)
def test_unsupported_security_is_refused_at_start(schemes: dict[str, Any], security: list[dict[str, Any]]) -> None:
    contract = document(parameters=PARAMETERS, requestBody=BODY, security=security)
    contract["components"] = {"securitySchemes": schemes}

    with pytest.raises(UnsupportedContract):
        answer(contract, "POST", "/things/abc")


def test_an_operation_without_a_handler_is_refused_at_start() -> None:
    with pytest.raises(ResolverError):
        answer(document(operationId="nothing"), "POST", "/things/abc")


def test_connexion_serves_no_other_paths() -> None:
    contract = document(parameters=PARAMETERS, requestBody=BODY)

    for path in ("/openapi.json", "/ui/", "/swagger.json"):
        assert answer(contract, "GET", path).json()["type"] == "/problems/not-found"


def test_time_for_equal_headers_is_linear_in_their_number() -> None:
    """A quadratic join let one request with 15 000 equal headers delay all others."""
    app = CompiledOperations(
        document(parameters=PARAMETERS, requestBody=BODY), translate=translate, log=lambda *_: None
    )

    async def ignore(_message: Any) -> None:
        pass

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    def seconds(count: int) -> float:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/things/abc",
            "raw_path": b"/things/abc",
            "query_string": b"",
            "headers": [(b"accept", b"a/b")] * count,
        }
        started = time.process_time()
        asyncio.run(app(scope, receive, ignore))
        return time.process_time() - started

    # Ten times as many headers take ten times as long; a quadratic join would take a hundred times as long.
    assert min(seconds(50_000) for _ in range(5)) < 40 * min(seconds(5_000) for _ in range(5))


def test_request_ids_are_unpredictable() -> None:
    """The access log identifies requests by them. A seeded generator would make them all predictable."""
    ids = []
    for _ in range(2):
        random.seed(20261128)
        ids.append(answer(document(parameters=PARAMETERS, requestBody=BODY), "GET", "/no").json()["request_id"])

    assert ids[0] != ids[1]
