"""The contract that the service serves: operations with their parameters, bodies and links."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One operation of the served contract."""

    id: str
    method: str
    path: str
    definition: Mapping[str, Any]
    parameters: Sequence[Mapping[str, Any]]
    needs_key: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def in_path(self) -> list[Mapping[str, Any]]:
        return [parameter for parameter in self.parameters if parameter["in"] == "path"]

    def named(self, place: str, name: str) -> bool:
        """Whether the operation has this parameter in `place` (`header`, `query` or `path`)."""
        return any(
            parameter["in"] == place and parameter["name"].lower() == name.lower() for parameter in self.parameters
        )

    @property
    def takes_id(self) -> bool:
        """Whether the path contains the id of a resource."""
        return any(is_id(parameter) for parameter in self.in_path)

    @property
    def takes_etag(self) -> bool:
        return self.named("header", "If-Match") or self.named("header", "If-None-Match")

    def path_with(self, values: Mapping[str, Any]) -> str:
        """The path with its parameters filled in."""
        path = self.path
        for name, value in values.items():
            path = path.replace(f"{{{name}}}", str(value))
        return path


@dataclass
class Contract:
    """The served `openapi.json`."""

    document: Mapping[str, Any]
    operations: list[Operation] = field(default_factory=list)

    def __post_init__(self) -> None:
        for path, item in self.document["paths"].items():
            for method in _METHODS:
                if method in item:
                    definition = item[method]
                    parameters = [
                        self.resolve(parameter)
                        for parameter in [*item.get("parameters", ()), *definition.get("parameters", ())]
                    ]
                    security = definition.get("security", self.document.get("security", ()))
                    needs_key = any("ApiKey" in requirement for requirement in security)
                    self.operations.append(
                        Operation(
                            definition["operationId"],
                            method.upper(),
                            path,
                            definition,
                            [{**parameter, "schema": self.resolve(parameter["schema"])} for parameter in parameters],
                            needs_key,
                        )
                    )

    @property
    def keyed(self) -> list[Operation]:
        """The operations that require an API key."""
        return [operation for operation in self.operations if operation.needs_key]

    def resolve(self, node: Any) -> Any:
        """Follow Reference Objects; any other node is returned unchanged."""
        while isinstance(node, Mapping) and "$ref" in node:
            found: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def bodies(self, operation: Operation) -> list[tuple[str, Any]]:
        """Media type and value of each example of the request body, the longest first. Empty: no body is needed."""
        if "requestBody" not in operation.definition:
            return []
        found = []
        for media_type, content in self.resolve(operation.definition["requestBody"])["content"].items():
            shown = [self.resolve(example)["value"] for example in content.get("examples", {}).values()]
            schema = self.resolve(content.get("schema", {}))
            shown += [place["example"] for place in (content, schema) if "example" in place]
            found += [(media_type, example) for example in shown]
        return sorted(found, key=lambda pair: -len(json.dumps(pair[1])))

    def free_texts(self, operation: Operation) -> dict[str, Mapping[str, Any]]:
        """Top-level fields of the request body that accept any text, with their schemas."""
        fields: dict[str, Mapping[str, Any]] = {}
        for content in self.resolve(operation.definition.get("requestBody", {})).get("content", {}).values():
            for name, schema in self.resolve(content.get("schema", {})).get("properties", {}).items():
                schema = self.resolve(schema)
                if schema.get("type") == "string" and "enum" not in schema and "format" not in schema:
                    fields[name] = schema
        return fields

    def links(self, operation: Operation, status: int) -> Iterator[Mapping[str, str]]:
        """For each link of the response: parameter names with the runtime expressions of their values."""
        response = self.resolve(operation.definition["responses"].get(str(status), {}))
        for link in response.get("links", {}).values():
            yield self.resolve(link).get("parameters", {})


def is_id(parameter: Mapping[str, Any]) -> bool:
    """Whether the parameter is the id of a resource."""
    return bool(parameter["in"] == "path" and parameter["schema"].get("format") == "uuid")


def example_of(parameter: Mapping[str, Any]) -> Any:
    """A value that the contract gives for the parameter. None for an id, or if the contract gives none."""
    if is_id(parameter):
        return None
    schema = parameter["schema"]
    for place in (parameter, schema):
        if "example" in place:
            return str(place["example"])
    return next((str(schema[name]) for name in ("default", "minimum") if name in schema), None)


def path_examples(operation: Operation) -> dict[str, Any]:
    """Example values for the path's parameters; None for ids."""
    return {parameter["name"]: example_of(parameter) for parameter in operation.in_path}


def smallest_page(operation: Operation) -> dict[str, str]:
    """The query for pages of one item, which forces a second page."""
    return {"limit": "1"} if operation.named("query", "limit") else {}


def value_at(content: Any, place: str) -> str | None:
    """The value of the runtime expression `$response.body#/pointer` in a response's content."""
    if not place.startswith("$response.body#/"):
        return None
    for part in place.removeprefix("$response.body#/").split("/"):
        if not isinstance(content, dict) or part not in content:
            return None
        content = content[part]
    return str(content)
