"""Valid requests made from `openapi.yaml`, and the places in them that can be spoilt."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from support.bad_input.wire import Wire
from support.contract import Contract, Operation

Path = tuple[str | int, ...]
Schema = dict[str, Any]

# Fields with unique values; each request gets a new one.
UNIQUE = {"external_id", "tenant_name"}
_SPOT = "@the spot@"


@dataclass(frozen=True)
class World:
    """A tenant's admin key, the operator's token, and a resource for each id in a path."""

    api_key: str = field(repr=False)
    token: str = field(repr=False)
    ids: dict[str, str] = field(default_factory=dict)


class Good:
    """A valid request of an operation with all fields. Keys and ids are taken from `world()` at each use."""

    def __init__(self, contract: Contract, operation: Operation, world: Callable[[], World]) -> None:
        self._contract = contract
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
            self.schema = contract.resolve(definition["schema"])
        self.value = self._fullest(self.schema) if self.schema else None
        self.leaves = list(self._leaves(self.schema, ())) if self.schema else []
        """The path of each plain value in the body, with its schema."""
        self.objects = list(self._objects(self.schema, ())) if self.schema else []
        """The path of each object in the body, with its schema."""

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
        return self.schema is not None and bool(self._contract.resolve(self.schema).get("nullable"))

    def with_value(self, path: Path, json_text: bytes) -> Wire:
        """The request with other JSON at a place of the body."""
        return self.with_values([path], json_text)

    def with_values(self, paths: list[Path], json_text: bytes) -> Wire:
        """The request with the same JSON at several places of the body."""
        spoilt = self.value
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
            and not UNIQUE & set(path)
            and not {"enum", "format"} & set(schema)
            and self._matches(schema, "\U0001f600 text")
            and self._matches(schema, "e\u0301")
        ]

    def _matches(self, schema: Schema, value: str) -> bool:
        return not self._contract.errors(schema, value)

    def _schema(self, parameter: dict[str, Any]) -> Schema:
        return self._contract.resolve(parameter["schema"])

    def _fullest(self, schema: Schema) -> Any:
        schema = self._contract.resolve(schema)
        if schema["type"] == "object":
            value = {name: self._fullest(part) for name, part in schema.get("properties", {}).items()}
            return value or dict(schema["example"])
        if schema["type"] == "array":
            return [self._fullest(schema["items"])]
        return schema["example"]

    def _leaves(self, schema: Schema, path: Path) -> Iterator[tuple[Path, Schema]]:
        schema = self._contract.resolve(schema)
        if schema["type"] == "object":
            for name, part in schema.get("properties", {}).items():
                yield from self._leaves(part, (*path, name))
            if "properties" not in schema:
                for name in schema["example"]:
                    yield (*path, name), schema["additionalProperties"]
        elif schema["type"] == "array":
            yield from self._leaves(schema["items"], (*path, 0))
        else:
            yield path, schema

    def _objects(self, schema: Schema, path: Path) -> Iterator[tuple[Path, Schema]]:
        schema = self._contract.resolve(schema)
        if schema["type"] == "object":
            yield path, schema
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
