"""`openapi.yaml` for tests: its operations, and a check that an answer is as documented."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml
from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from support.paths import ROOT

METHODS = ("get", "post", "put", "patch", "delete")
# Documents of other standards, for which the contract lists only some properties.
OPEN_SCHEMAS = ("Contract", "FhirDocument", "CapabilityStatement")


@dataclass(frozen=True)
class Operation:
    """One operation of the contract."""

    id: str
    method: str
    path: str
    definition: dict[str, Any]
    security: list[dict[str, list[str]]]

    @property
    def needs_key(self) -> bool:
        return any("ApiKey" in requirement for requirement in self.security)

    @property
    def needs_admin(self) -> bool:
        return self.definition.get("x-required-role") == "admin"

    @property
    def scope(self) -> str | None:
        """The scope that a key with limited scopes needs; None: none."""
        scope: str | None = self.definition.get("x-required-scope")
        return scope

    @property
    def body(self) -> dict[str, Any]:
        """The Request Body Object; empty when the operation takes none."""
        return dict(self.definition.get("requestBody", {}))

    @property
    def statuses(self) -> set[int]:
        return {int(status) for status in self.definition["responses"]}


class Contract:
    """The contract, parsed without code of the service."""

    def __init__(self, path: Path) -> None:
        self.document: dict[str, Any] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        components = self.document["components"]
        schemas = {
            name: schema if name in OPEN_SCHEMAS else self._closed(schema)
            for name, schema in components["schemas"].items()
        }
        closed = {"components": components | {"schemas": schemas}}
        self._registry: Registry[Any] = Registry().with_resource("", Resource(closed, DRAFT4))
        self.operations = list(self._operations())
        self._patterns = [
            (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(operation.path))), operation)
            for operation in sorted(self.operations, key=lambda operation: "{" in operation.path)
        ]

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    definition = {**item[method], "path_parameters": item.get("parameters", [])}
                    security = definition.get("security", self.document["security"])
                    yield Operation(definition["operationId"], method.upper(), path, definition, security)

    def find(self, method: str, path: str) -> Operation | None:
        """The operation of a request's method and path; None: there is none."""
        # A path without parameters goes before a template, also for a method that it does not have.
        exact = [operation for operation in self.operations if operation.path == path]
        matching = [operation for pattern, operation in self._patterns if pattern.fullmatch(path)]
        return next((operation for operation in exact or matching if operation.method == method), None)

    def answers(self, logs: Path) -> set[tuple[str, int]]:
        """Pairs of operationId and status in the request logs of services."""
        by_path = {(operation.method, operation.path): operation.id for operation in self.operations}
        found = set()
        for log in logs.iterdir():
            for line in log.read_text().splitlines():
                entry = json.loads(line) if line.startswith("{") else {}
                operation = by_path.get((entry.get("method"), entry.get("path")))
                # A 405 belongs to no operation. 499 is not an answer: the client has closed the connection.
                if operation is not None and entry["status"] != 499:
                    found.add((operation, entry["status"]))
        return found

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        """Follow a Reference Object; other objects are returned unchanged."""
        return resolve(self.document, node)

    def inlined(self, node: Any) -> Any:
        """The node without references, as the service compiles a schema."""
        if isinstance(node, list):
            return [self.inlined(part) for part in node]
        if isinstance(node, dict):
            parts = self.resolve(node).items()
            return {key: value if key == "example" else self.inlined(value) for key, value in parts}
        return node

    def reached(self, node: Any) -> set[str]:
        """The names of the schemas to which a node refers, directly or through another schema."""
        found: set[str] = set()
        waiting = [node]
        while waiting:
            match waiting.pop():
                case {"$ref": str(reference)}:
                    name = reference.rpartition("/")[2]
                    if "/schemas/" in reference and name in found:
                        continue
                    found |= {name} if "/schemas/" in reference else set()
                    waiting.append(self.resolve({"$ref": reference}))
                case dict(children):
                    waiting += [value for key, value in children.items() if key not in ("links", "example", "examples")]
                case list(children):
                    waiting += children
        return found

    def media_type(self, operation: Operation) -> tuple[str, dict[str, Any]]:
        """The first media type of the operation's body, with its definition, which all of them have."""
        (name, definition), *others = self.resolve(operation.body)["content"].items()
        assert all(other == definition for _, other in others)
        return name, definition

    def _closed(self, schema: Any) -> Any:
        """A copy of the schema that forbids properties that it does not list.

        The contract leaves answers open, so clients accept additions of a later version. Everything that this version
        sends must be documented.
        """
        if isinstance(schema, list):
            return [self._closed(part) for part in schema]
        if not isinstance(schema, dict):
            return schema
        closed = {key: value if key == "example" else self._closed(value) for key, value in schema.items()}
        # Closing each part would forbid the properties of the others.
        parts = [self._closed(self.resolve(part)) for part in closed.pop("allOf", ())]
        if parts:
            closed["type"] = "object"
            closed["properties"] = {name: value for part in parts for name, value in part["properties"].items()}
            closed["required"] = [name for part in parts for name in part.get("required", ())]
        if "properties" in closed:
            closed["additionalProperties"] = False
        return closed

    def errors(self, schema: dict[str, Any], value: Any) -> list[str]:
        """The violations of the schema in a value; undocumented properties are violations too."""
        if not any(schema is self.document["components"]["schemas"][name] for name in OPEN_SCHEMAS):
            schema = self._closed(schema)
        validator = OAS30ReadValidator(
            schema, format_checker=oas30_format_checker, registry=self._registry, _resolver=self._registry.resolver()
        )
        return [error.message for error in validator.iter_errors(value)]

    def check(self, response: httpx.Response) -> None:
        """Assert that the answer is as documented."""
        operation = self.find(response.request.method, response.request.url.path)
        if operation is None:
            return
        response.read()
        where = f"{operation.id} {response.status_code}"
        assert response.status_code in operation.statuses, f"{where} is not documented: {response.text[:500]}"
        documented = self.resolve(operation.definition["responses"][str(response.status_code)])
        for name, header in documented["headers"].items():
            assert not self.resolve(header).get("required") or name in response.headers, f"{where}: no {name}"
        content = documented.get("content")
        if content is None:
            assert not response.content, f"{where}: a body is not documented"
            return
        media_type = response.headers["Content-Type"].partition(";")[0]
        assert media_type in content, f"{where}: {media_type} is not documented"
        if media_type.endswith("ndjson"):
            item = content[media_type]["x-itemSchema"]
            # Not splitlines(), which also splits at characters that JSON leaves as they are, such as U+2028.
            lines = response.text.split("\n")[:-1]
            wrong = [error for line in lines for error in self.errors(item, json.loads(line))]
            assert not wrong, f"{where}: {wrong}"
        elif media_type.endswith("json"):
            wrong = self.errors(content[media_type]["schema"], response.json())
            assert not wrong, f"{where}: {wrong}"


def resolve(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Follow a Reference Object of the document; other objects are returned unchanged."""
    while "$ref" in node:
        found: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def schemas_below(schema: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schema and its subschemas with their places; references are not followed."""
    if not isinstance(schema, dict) or "$ref" in schema:
        return
    yield place, schema
    for keyword in ("items", "additionalProperties"):
        yield from schemas_below(schema.get(keyword), f"{place}/{keyword}")
    for name, part in schema.get("properties", {}).items():
        yield from schemas_below(part, f"{place}/properties/{name}")
    for index, part in enumerate(schema.get("allOf", ())):
        yield from schemas_below(part, f"{place}/allOf/{index}")


CONTRACT = Contract(ROOT / "openapi.yaml")
