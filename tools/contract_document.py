"""An OpenAPI document for the comparison of contracts: references resolved, `allOf` merged."""

from collections.abc import Mapping
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
LOWER = ("minLength", "minimum", "minItems", "minProperties")
UPPER = ("maxLength", "maximum", "maxItems", "maxProperties")

Node = Mapping[str, Any]


class Document:
    """A contract whose references can be resolved."""

    def __init__(self, content: Node) -> None:
        self.content = content
        # The comparison recognizes schemas by identity, because references can be circular. So merged schemas are kept.
        self._merged: dict[int, dict[str, Any]] = {}
        self._joined: dict[tuple[int, int], Node] = {}

    def resolve(self, node: Any) -> Any:
        """The target of a Reference Object; any other node unchanged."""
        while isinstance(node, Mapping) and "$ref" in node:
            found: Any = self.content
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def schema(self, node: Any) -> dict[str, Any]:
        """A schema with its `allOf` merged into it."""
        node = self.resolve(node)
        if id(node) not in self._merged:
            merged = {key: value for key, value in node.items() if key != "allOf"}
            for part in node.get("allOf", ()):
                merged = self._both(merged, self.schema(part))
            self._merged[id(node)] = merged
        return self._merged[id(node)]

    def has_merged(self, node: Any) -> bool:
        """Whether the schema has been used, alone or as a part of another."""
        return id(self.resolve(node)) in self._merged

    def _both(self, one: Node, other: Node) -> dict[str, Any]:
        """The schema of values that satisfy both."""
        merged = {**other, **one}
        for key in one.keys() & other.keys():
            mine, its = one[key], other[key]
            if key in LOWER:
                merged[key] = max(mine, its)
            elif key in UPPER:
                merged[key] = min(mine, its)
            elif key == "enum":
                merged[key] = [value for value in mine if value in its]
            elif key == "required":
                merged[key] = sorted({*mine, *its})
            elif key == "pattern" and mine != its:
                merged[key] = f"(?={mine}){its}"
            elif key == "properties":
                shared = {name: self._join(mine[name], its[name]) for name in mine.keys() & its.keys()}
                merged[key] = {**its, **mine, **shared}
            elif key == "items" or (key == "additionalProperties" and isinstance(mine, Mapping)):
                merged[key] = self._join(mine, its) if isinstance(its, Mapping) else mine if its else its
            elif key == "additionalProperties" and mine is True:
                merged[key] = its
        return merged

    def _join(self, one: Node, other: Node) -> Node:
        if self.resolve(one) is self.resolve(other):
            return one
        return self._joined.setdefault((id(one), id(other)), {"allOf": [one, other]})

    def operations(self) -> dict[str, dict[str, Any]]:
        """Operations by method and path, each including the parameters of its path."""
        found = {}
        for path, item in self.content["paths"].items():
            for method in METHODS:
                if method in item:
                    shared = item.get("parameters", ())
                    listed = map(self.resolve, [*shared, *item[method].get("parameters", ())])
                    # Header names are case-insensitive (RFC 9110).
                    parameters = {
                        (one["in"], one["name"].lower() if one["in"] == "header" else one["name"]): one
                        for one in listed
                    }
                    security = item[method].get("security", self.content.get("security", []))
                    found[f"{method.upper()} {path}"] = {
                        **item[method],
                        "parameters": parameters,
                        "security": security or [{}],
                    }
        return found
