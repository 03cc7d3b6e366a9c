"""Convert openapi.yaml to OpenAPI 3.1, for generators that require it: python tools/contract_31.py FILE

3.1 uses the schemas of JSON Schema 2020-12. Of the keywords that differ, the contract uses `nullable` and `example`.
Any keyword that is not listed here is refused, because it could have another meaning in 3.1.
"""

import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
# Keywords of Schema Objects with the same meaning in both versions.
SAME = {
    *(
        "$ref",
        "title",
        "description",
        "type",
        "format",
        "enum",
        "default",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
    ),
    *(
        "maximum",
        "required",
        "properties",
        "additionalProperties",
        "minProperties",
        "maxProperties",
        "items",
        "minItems",
    ),
    *("maxItems", "uniqueItems", "allOf"),
}


def upgraded(node: Any, *, is_schema: bool = False) -> Any:
    """A part of a 3.0.3 document, converted to 3.1.

    Raises:
        ValueError: a schema has an unknown keyword.
    """
    if isinstance(node, list):
        return [upgraded(part, is_schema=is_schema) for part in node]
    if not isinstance(node, dict):
        return node
    if is_schema:
        return _schema(node)
    copy = {}
    for key, value in node.items():
        if key == "schemas":
            copy[key] = {name: _schema(schema) for name, schema in value.items()}
        elif key in ("example", "value"):
            copy[key] = value
        else:
            copy[key] = upgraded(value, is_schema=key == "schema")
    return copy


def _schema(node: dict[str, Any]) -> dict[str, Any]:
    unknown = {key for key in node if not key.startswith("x-")} - SAME - {"nullable", "example"}
    if unknown:
        raise ValueError(f"not known in a schema: {', '.join(sorted(unknown))}")
    copy: dict[str, Any] = {}
    for key, value in node.items():
        match key:
            case "nullable":
                continue
            case "example":
                copy["examples"] = [value]
            case "type" if node.get("nullable"):
                copy[key] = [value, "null"]
            case "enum" if node.get("nullable"):
                copy[key] = [*value, None]
            case "properties":
                copy[key] = {name: _schema(schema) for name, schema in value.items()}
            case "items" | "allOf" | "additionalProperties":
                copy[key] = upgraded(value, is_schema=True)
            case _:
                copy[key] = value
    return copy


def document() -> dict[str, Any]:
    """The whole contract, converted to 3.1."""
    contract: dict[str, Any] = yaml.load((ROOT / "openapi.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return {**upgraded(contract), "openapi": "3.1.0"}


class _Dumper(yaml.CSafeDumper):
    """Writes repeated parts in full: generators do not know YAML's anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def main() -> None:
    """The command."""
    text = yaml.dump(document(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    Path(sys.argv[1]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
