"""CPU of a worker for the most expensive bodies of every operation, generated from the contract.

A body is as large as the operation allows. Each place of its schema is filled with what is most expensive for a parser
or validator: small elements, unknown keys, nesting, long texts for each pattern, or everything that is allowed with one
error at the end. Each body must be refused within `TARGET` milliseconds of the worker's CPU, including authentication,
metering and log.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks.checkout import HERE, Checkout
from benchmarks.harness import TOKEN, Tenant, loop_seconds, make_tenant, postgresql, serve
from clincore.resources import read_contract

TARGET = 20.0
BYTES_MAX = 256 * 1024
"""Of a body, unless the operation has an `x-body-bytes-max`."""
_contract = cache(read_contract)
PORT = 8821
TRIES = 3
_SPOT = "@the spot@"
_FILLINGS = {
    "empty objects": b"{}",
    "empty lists": b"[]",
    "objects of one pair": b'{"a":0}',
    "numbers": b"0",
    "empty texts": b'""',
    "nested lists": b"[" * 60 + b"]" * 60,
    "nested objects": b'{"a":' * 60 + b"0" + b"}" * 60,
}
_TEXTS = ("a", "0", " ", "a ", "-", "\\n", "\\\\", "\u00e9", "\U0001f600", "1.", "a:", "{")

Path = tuple[str | int, ...]
Schema = dict[str, Any]
Filling = Callable[[int], bytes]
"""JSON for a place of a body, given the number of bytes that are left for it."""


def main(against: Checkout | None) -> None:
    """Measure and print. Exit code 1: a body costs more than the target or is not refused."""
    checkout = against or HERE
    table = Table("operation", "bodies", "the worst one", "status", "CPU ms", title=f"At most {TARGET:g} ms each")
    missed = False
    with postgresql() as server:
        variables = {"DATABASE_URL": server.url, "BOOTSTRAP_TOKEN": TOKEN, "LOG_LEVEL": "INFO"}
        with serve("clincore.asgi:app", PORT, 1, None, variables, checkout=checkout) as pid:
            tenant = make_tenant(f"http://127.0.0.1:{PORT}", server, "benchmark", {"title": "x"})
            for method, path, operation in _operations():
                costs = _measure(pid, tenant, method, path, operation)
                milliseconds, name, status = max(costs)
                missed = missed or milliseconds > TARGET or any(cost[2] not in (400, 413, 422) for cost in costs)
                table.add_row(f"{method} {path}", str(len(costs)), name, str(status), f"{milliseconds:.1f}")
    Console(width=140).print(table)
    if missed:
        raise SystemExit(1)


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and definition of each operation that takes a body."""
    for path, item in _contract()["paths"].items():
        for method, operation in item.items():
            if method in ("post", "put", "patch") and "requestBody" in operation:
                yield method.upper(), path, operation


def _measure(
    pid: int, tenant: Tenant, method: str, path: str, operation: dict[str, Any]
) -> list[tuple[float, str, int]]:
    """For each body: the lowest CPU of some attempts in milliseconds, its name and the status."""
    media_type, schema = _body_schema(operation)
    is_bootstrap = operation.get("security") == [{"BootstrapToken": []}]
    headers = {"Authorization": f"Bearer {TOKEN}"} if is_bootstrap else dict(tenant.key)
    headers |= {"Content-Type": media_type, "If-Match": "*"}
    target = path.replace("{case_id}", tenant.case_id).replace("{key_id}", tenant.key_id)
    costs = []
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", headers=headers, timeout=120) as client:
        size = int(operation.get("x-body-bytes-max", BYTES_MAX))
        for name, body in bodies(schema, size):
            assert len(body) <= size, name
            tries = []
            for _ in range(TRIES):
                before = loop_seconds(pid)
                status = client.request(method, target, content=body).status_code
                tries.append((loop_seconds(pid) - before) * 1e3)
                if tries[-1] < TARGET / 2:
                    break
            costs.append((min(tries), name, status))
    return costs


def _resolve(schema: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = _contract()
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _body_schema(operation: dict[str, Any]) -> tuple[str, Schema]:
    # All media types of an operation have the same schema.
    media_type, content = next(iter(_resolve(operation["requestBody"])["content"].items()))
    return media_type, _resolve(content["schema"])


def bodies(schema: Schema, size: int = BYTES_MAX) -> Iterator[tuple[str, bytes]]:
    """Names and bodies of at most this size for this schema, all of them invalid."""
    for name, element in _FILLINGS.items():
        yield f"{name} instead of the body", _filled(element, size)
    yield "one deep nest", b"[" * (size // 2) + b"]" * (size // 2)
    yield "1000 levels", b"[" * 1000 + b"]" * 1000
    yield "a body that never ends", b'{"a":[' + b"{}," * (size // 3 - 2)
    yield "escaped NULs", b'{"a":"' + rb"\\u0000" * (size // 7 - 2) + rb'\u0000"}'
    yield "backslashes", b'{"a":"' + b"\\" * (size // 2 * 2 - 20) + b'"}'
    yield "digits among texts", b"[" * 65 + b"1" * 20 + b"," + b'"",' * (size // 3 - 60) + b"0" + b"]" * 65
    yield "long numbers", _filled(b"1" * 19 + b".5", size)
    full = _example(schema)
    for path, part in {_shape(one): (path, one) for path, one in _places(schema, ())}.values():
        where = "/" + "/".join(map(str, path))
        for name, filling in _worst_of(part, size):
            yield f"{where}: {name}", _put(full, path, filling, size)
    largest = _largest(schema, size)
    first = next(iter(largest))
    yield "all that is allowed, with a key twice", json.dumps(largest).encode()[:-1] + f',"{first}":0}}'.encode()
    yield "all that is allowed, with an unknown key", json.dumps({**largest, "unknown": 0}).encode()


def _worst_of(schema: Schema, size: int) -> Iterator[tuple[str, Filling]]:
    """Names and JSON for a place of this schema."""
    for name, element in _FILLINGS.items():
        yield name, partial(_filled, element)
    kind = schema.get("type")
    if kind == "object":
        yield "unknown keys", _unknown_keys
    elif kind == "array":
        good = json.dumps(_example(schema["items"])).encode()
        yield "whole elements and a wrong one", partial(_spoilt_list, good)
        # Not more than the schema allows, so that each element is validated.
        allowed = min(schema.get("maxItems", 1000), size // 2 // len(good))
        yield "as many as are allowed, the last one wrong", lambda room: _spoilt_list(good, allowed * (len(good) + 1))
    elif kind == "string":
        for text in (*_TEXTS, str(schema.get("example", "a"))):
            # As long as the schema allows, and as long as a body may be.
            for length in {schema.get("maxLength", size), size}:
                count = min(length, size // 2) // len(json.dumps(text))
                yield f"{count} times {text[:20]!r}", _always(f'"{text * count}\\u0001"'.encode())


def _put(value: Any, path: Path, filling: Filling, size: int) -> bytes:
    """The value as JSON, with the filling at its place."""

    def spoilt(node: Any, rest: Path) -> Any:
        if not rest:
            return _SPOT
        if isinstance(node, list):
            return [spoilt(node[0], rest[1:])]
        return {**(node or {}), rest[0]: spoilt((node or {}).get(rest[0]), rest[1:])}

    before, _, after = json.dumps(spoilt(value, path)).encode().partition(json.dumps(_SPOT).encode())
    return before + filling(size - len(before) - len(after)) + after


def _always(content: bytes) -> Filling:
    return lambda room: content


def _filled(element: bytes, room: int) -> bytes:
    """A list of this element, as long as fits."""
    return b"[" + b",".join([element] * ((room - 2) // (len(element) + 1))) + b"]"


def _spoilt_list(element: bytes, room: int) -> bytes:
    """As `_filled`, with an invalid last element."""
    return _filled(element, room - 3)[:-1] + b",[]]"


def _unknown_keys(room: int) -> bytes:
    count = (room - 2) // 10
    return b"{" + b",".join(b'"%05x":0' % number for number in range(count)) + b"}"


def _example(schema: Schema) -> Any:
    schema = _resolve(schema)
    if schema["type"] == "object":
        parts = {name: _example(part) for name, part in schema.get("properties", {}).items()}
        return parts or dict(schema.get("example") or {})
    if schema["type"] == "array":
        return [_example(schema["items"])]
    return schema["example"]


def _largest(schema: Schema, size: int) -> Any:
    """A valid value with as many elements in its lists as a body can have."""
    # Lists are nested, so the size grows much faster than the lists.
    longest, value = 1, _grown(schema, 1)
    while True:
        longest = longest + 1 + longest // 10
        longer = _grown(schema, longest)
        if longest > 2000 or len(json.dumps(longer)) >= size - 100:
            return value
        value = longer


def _grown(schema: Schema, longest: int) -> Any:
    schema = _resolve(schema)
    if schema["type"] == "object":
        needed = {
            name: part
            for name, part in schema.get("properties", {}).items()
            if name in schema.get("required", ()) or _resolve(part)["type"] == "array"
        }
        return {name: _grown(part, longest) for name, part in needed.items()} or dict(schema.get("example") or {})
    if schema["type"] == "array":
        item = _grown(schema["items"], longest)
        count = min(schema.get("maxItems", longest), longest)
        # Elements that must be unique are texts or similar.
        return [f"{item}{number}"[-60:] for number in range(count)] if schema.get("uniqueItems") else [item] * count
    return schema["example"]


def _places(schema: Schema, path: Path) -> Iterator[tuple[Path, Schema]]:
    """Each place of the body with its schema."""
    schema = _resolve(schema)
    yield path, schema
    for name, part in schema.get("properties", {}).items():
        yield from _places(part, (*path, name))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _places(schema["additionalProperties"], (*path, "key"))
    if "items" in schema:
        yield from _places(schema["items"], (*path, 0))


def _shape(schema: Schema) -> str:
    """A key that is equal for schemas that a validator treats in the same way."""
    return json.dumps({k: v for k, v in schema.items() if k not in ("description", "example", "title")}, sort_keys=True)
