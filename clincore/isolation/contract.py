"""The contract as the service serves it: its operations, with their parameters, bodies and links."""

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
        """Whether it has a parameter of that name in `place` (`header`, `query`, `path`)."""
        return any(
            parameter["in"] == place and parameter["name"].lower() == name.lower() for parameter in self.parameters
        )

    @property
    def takes_id(self) -> bool:
        """Whether the path has the id of a thing."""
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
        """The operations that ask for an API key."""
        return [operation for operation in self.operations if operation.needs_key]

    def resolve(self, node: Any) -> Any:
        """What a Reference Object stands for; anything else as it is."""
        while isinstance(node, Mapping) and "$ref" in node:
            found: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def bodies(self, operation: Operation) -> list[tuple[str, Any]]:
        """Media type and example of each body that the contract shows, the fullest first; none: no body is needed."""
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
        """Fields of the body's top level that take any text."""
        fields: dict[str, Mapping[str, Any]] = {}
        for content in self.resolve(operation.definition.get("requestBody", {})).get("content", {}).values():
            for name, schema in self.resolve(content.get("schema", {})).get("properties", {}).items():
                schema = self.resolve(schema)
                if schema.get("type") == "string" and "enum" not in schema and "format" not in schema:
                    fields[name] = schema
        return fields

    def links(self, operation: Operation, status: int) -> Iterator[Mapping[str, str]]:
        """For each link, names of parameters and where in the answer their values stand."""
        response = self.resolve(operation.definition["responses"].get(str(status), {}))
        for link in response.get("links", {}).values():
            yield self.resolve(link).get("parameters", {})


def is_id(parameter: Mapping[str, Any]) -> bool:
    """Whether the parameter is the id of a thing."""
    return bool(parameter["in"] == "path" and parameter["schema"].get("format") == "uuid")


def example_of(parameter: Mapping[str, Any]) -> Any:
    """A value that the contract gives for the parameter; None: an id, or there is none."""
    if is_id(parameter):
        return None
    schema = parameter["schema"]
    for place in (parameter, schema):
        if "example" in place:
            return str(place["example"])
    return next((str(schema[name]) for name in ("default", "minimum") if name in schema), None)


def path_examples(operation: Operation) -> dict[str, Any]:
    """Values for the parameters of a path without ids."""
    return {parameter["name"]: example_of(parameter) for parameter in operation.in_path}


def smallest_page(operation: Operation) -> dict[str, str]:
    """The query for pages of one entry, so that there is a second page."""
    return {"limit": "1"} if operation.named("query", "limit") else {}


def value_at(content: Any, place: str) -> str | None:
    """The value of a runtime expression `$response.body#/pointer`."""
    if not place.startswith("$response.body#/"):
        return None
    for part in place.removeprefix("$response.body#/").split("/"):
        if not isinstance(content, dict) or part not in content:
            return None
        content = content[part]
    return str(content)
