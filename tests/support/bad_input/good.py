"""Valid requests made from `openapi.yaml`, and the places in them that can be spoilt."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from support.bad_input.wire import Wire
from support.contract import Contract, Operation, resolve
from support.short_bodies import with_short_bodies

Path = tuple[str | int, ...]
Schema = dict[str, Any]

# Fields with unique values; each request gets a new one.
UNIQUE = {"external_id", "tenant_name"}
# Left out of a valid body, because a rule forbids them next to another property of their object or needs another entry.
NOT_TOGETHER = {"data_absent_reason", "times_of_day", "results"}
# Only a request can have all properties of a medication.
EXAMPLES = {"kind": "request"}
_SPOT = "@the spot@"


@dataclass(frozen=True)
class World:
    """A tenant's admin key, the operator's token, and a resource for each id in a path."""

    api_key: str = field(repr=False)
    token: str = field(repr=False)
    ids: dict[str, str] = field(default_factory=dict)


@cache
def short_document(contract: Contract) -> dict[str, Any]:
    """The contract with short bodies of cases. Every type is whole in one place of them."""
    return with_short_bodies(contract.document, ["CaseInput", "CaseChange"])


class Good:
    """A valid request of an operation with all fields. Keys and ids are taken from `world()` at each use."""

    def __init__(self, contract: Contract, operation: Operation, world: Callable[[], World]) -> None:
        self._contract = contract
        self._document = short_document(contract)
        self._world = world
        self.operation = operation
        listed = [*operation.definition["path_parameters"], *operation.definition.get("parameters", ())]
        self.parameters = [contract.resolve(parameter) for parameter in listed]
        request_body = contract.resolve(operation.definition.get("requestBody", {}))
        self.needs_body: bool = request_body.get("required", False)
        self.schema: Schema | None = None
        self.media_type = ""
        if request_body:
            self.media_type, definition = contract.media_type(operation)
            # The body's schema in the short document, by the same reference.
            self.schema = resolve(self._document, definition["schema"])
        self.value = self._fullest(self.schema) if self.schema else None
        self.leaves = list(self._leaves(self.schema, ())) if self.schema else []
        """The path of each plain value that the body can have, with its schema."""
        objects = self._objects(self.schema, ()) if self.schema else ()
        self.objects = [(path, schema) for path, schema in objects if self._has(path)]
        """The path of each object in the body, with its schema."""

    @property
    def bytes_max(self) -> int:
        """The size that the body can have."""
        return int(self.operation.definition.get("x-body-bytes-max", 256 * 1024))

    @property
    def credentials(self) -> tuple[bytes, bytes] | None:
        """The header with the credentials that the operation requires."""
        world = self._world()
        if self.operation.needs_key:
            return b"X-API-Key", world.api_key.encode()
        if self.operation.security:
            return b"Authorization", b"Bearer " + world.token.encode()
        return None

    @property
    def wire(self) -> Wire:
        headers = [(b"Host", b"127.0.0.1"), (b"Connection", b"close")]
        if self.credentials:
            headers.append(self.credentials)
        if self.operation.definition.get("x-for-browsers"):
            headers.append((b"Accept", b"text/html"))
        headers += [
            (parameter["name"].encode(), self.example(parameter).encode())
            for parameter in self.parameters
            if parameter["in"] == "header" and parameter.get("required")
        ]
        target = self.operation.path
        for parameter in self.parameters:
            if parameter["in"] == "path":
                target = target.replace(f"{{{parameter['name']}}}", self.example(parameter))
        required = [
            f"{parameter['name']}={quote(self.example(parameter))}"
            for parameter in self.parameters
            if parameter["in"] == "query" and parameter.get("required")
        ]
        target = "?".join([target, *filter(None, ["&".join(required)])])
        wire = Wire(self.operation.method.encode(), target.encode(), tuple(headers))
        if self.schema is None:
            return wire
        return replace(wire.put(b"Content-Type", self.media_type.encode()), body=self.body())

    def example(self, parameter: dict[str, Any]) -> str:
        """A valid value of a parameter."""
        if parameter["in"] == "path" and self._schema(parameter).get("format") == "uuid":
            return self._world().ids[parameter["name"]]
        return str(parameter.get("example", self._schema(parameter).get("example")))

    def query(self, *types: str, format_: str | None = None) -> list[dict[str, Any]]:
        """The query parameters with one of the types, or with the format."""
        placed = [(parameter, self._schema(parameter)) for parameter in self.parameters if parameter["in"] == "query"]
        return [
            parameter
            for parameter, schema in placed
            if (schema.get("format") == format_ if format_ else schema["type"] in types)
        ]

    def in_path(self, value: bytes, *, ids_only: bool = True) -> Iterator[Wire]:
        """Replace each parameter of the path with the value, one at a time."""
        for parameter in self.parameters:
            if parameter["in"] == "path" and (self._schema(parameter).get("format") == "uuid" or not ids_only):
                path, mark, query = self.wire.target.partition(b"?")
                # Compare whole segments: an id can contain the example of a number.
                here = self.example(parameter).encode()
                spoilt = b"/".join(value if segment == here else segment for segment in path.split(b"/"))
                yield replace(self.wire, target=spoilt + mark + query)

    def body(self, value: Any = None) -> bytes:
        """The body, or another value, as JSON, with new values for unique fields."""
        value = self.value if value is None else value
        if isinstance(value, dict):
            value = {k: f"{k}-{uuid4().hex}" if k in UNIQUE and v != _SPOT else v for k, v in value.items()}
        return json.dumps(value, ensure_ascii=False).encode()

    def with_body(self, *bodies: bytes) -> Iterator[Wire]:
        """The request with each of the bodies; nothing if the operation takes no body."""
        if self.schema is not None:
            yield from (self.wire.with_body(body) for body in bodies)

    @property
    def is_nullable(self) -> bool:
        """Whether the body can be null."""
        return self.schema is not None and bool(self.schema.get("nullable"))

    def with_value(self, path: Path, json_text: bytes) -> Wire:
        """The request with other JSON at a place of the body."""
        return self.with_values([path], json_text)

    def with_values(self, paths: list[Path], json_text: bytes) -> Wire:
        """The request with the same JSON at several places of the body."""
        spoilt = self.value if self._has(paths[0]) or self.schema is None else self._fullest(self.schema, paths[0])
        for path in paths:
            spoilt = self._put(spoilt, path, _SPOT)
        return self.wire.with_body(self.body(spoilt).replace(json.dumps(_SPOT).encode(), json_text))

    def with_member(self, path: Path, key_text: bytes, json_text: bytes) -> Wire:
        """The request with a further member in the object at a place of the body."""
        spoilt = self._put(self.value, (*path, _SPOT), _SPOT)
        spot = json.dumps(_SPOT).encode()
        return self.wire.with_body(self.body(spoilt).replace(spot + b": " + spot, key_text + b": " + json_text))

    def strings(self) -> list[Path]:
        return [path for path, schema in self.leaves if schema["type"] == "string"]

    def texts(self) -> list[Path]:
        """The paths of free text: strings without a format or an enumeration that need not be unique."""
        return [
            path
            for path, schema in self.leaves
            if schema["type"] == "string"
            and self._has(path)
            and not UNIQUE & set(path)
            and not {"enum", "format"} & set(schema)
            and self._matches(schema, "\U0001f600 text")
            and self._matches(schema, "e\u0301")
        ]

    def _matches(self, schema: Schema, value: str) -> bool:
        return not self._contract.errors(schema, value)

    def _schema(self, parameter: dict[str, Any]) -> Schema:
        return self._contract.resolve(parameter["schema"])

    def _has(self, path: Path) -> bool:
        """Whether the valid body has a value at the path."""
        value = self.value
        for part in path:
            if isinstance(value, dict) and part not in value:
                return False
            value = value[part]
        return True

    def _fullest(self, schema: Schema, towards: Path = ()) -> Any:
        """A valid value with as many properties as can be together, and with the one at the path `towards`."""
        schema = resolve(self._document, schema)
        first, rest = (towards[0], towards[1:]) if towards else (None, ())
        if "anyOf" in schema:
            return self._fullest(
                next((one for one in schema["anyOf"] if first in one["properties"]), schema["anyOf"][0]), towards
            )
        if schema["type"] == "object":
            value = {
                name: EXAMPLES.get(name) or self._fullest(part, rest if name == first else ())
                for name, part in schema.get("properties", {}).items()
                if name not in NOT_TOGETHER or name == first
            }
            return value or dict(schema["example"])
        if schema["type"] == "array":
            return [self._fullest(schema["items"], rest)]
        return schema["example"]

    def _leaves(self, schema: Schema, path: Path) -> Iterator[tuple[Path, Schema]]:
        schema = resolve(self._document, schema)
        if "anyOf" in schema:
            for alternative in schema["anyOf"]:
                yield from self._leaves(alternative, path)
        elif schema["type"] == "object":
            for name, part in schema.get("properties", {}).items():
                yield from self._leaves(part, (*path, name))
            # Elements of FHIR can have any values.
            if "properties" not in schema and "type" in self._contract.resolve(schema["additionalProperties"]):
                for name in schema["example"]:
                    yield (*path, name), schema["additionalProperties"]
        elif schema["type"] == "array":
            yield from self._leaves(schema["items"], (*path, 0))
        else:
            yield path, schema

    def _objects(self, schema: Schema, path: Path) -> Iterator[tuple[Path, Schema]]:
        # A short form leaves properties out that the service knows.
        whole = self._contract.resolve({"$ref": schema["$ref"].partition("InShort")[0]}) if "$ref" in schema else schema
        schema = resolve(self._document, schema)
        if "anyOf" in schema:
            schema = schema["anyOf"][0]
        if schema["type"] == "object":
            yield path, whole
            for name, part in schema.get("properties", {}).items():
                yield from self._objects(part, (*path, name))
        elif schema["type"] == "array":
            yield from self._objects(schema["items"], (*path, 0))

    def _put(self, value: Any, path: Path, new: Any) -> Any:
        if not path:
            return new
        first, *rest = path
        if isinstance(value, list):
            return [self._put(item, tuple(rest), new) if i == first else item for i, item in enumerate(value)]
        return {**value, first: self._put(value.get(first), tuple(rest), new)}
