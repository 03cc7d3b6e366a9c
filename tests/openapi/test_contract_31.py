"""The contract as OpenAPI 3.1: it is valid, and each schema accepts the same values as in 3.0.3."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import contract_31
import jsonschema_rs
import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from clincore.openapi.validation import Validator
from support.contract import CONTRACT
from support.paths import ROOT

SCHEMAS: dict[str, Any] = CONTRACT.document["components"]["schemas"]


@pytest.fixture(scope="module")
def upgraded() -> dict[str, Any]:
    return contract_31.document()


def test_the_document_is_valid_and_has_every_operation(upgraded: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(upgraded).validate()

    assert upgraded["openapi"] == "3.1.0"
    assert {(path, method) for path, item in upgraded["paths"].items() for method in item} == {
        (path, method) for path, item in CONTRACT.document["paths"].items() for method in item
    }
    assert '"nullable"' not in json.dumps(upgraded)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_accepts_the_same_values(upgraded: dict[str, Any], name: str) -> None:
    in_31 = jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": upgraded["components"]}, validate_formats=True
    )
    in_30 = Validator(CONTRACT.inlined(SCHEMAS[name]))

    example = SCHEMAS[name]["example"]
    assert in_31.is_valid(example)
    for value in (None, {}, [], "", "\0", 0, -1, True, _with(example, None), _with(example, {})):
        assert in_31.is_valid(value) == in_30.is_valid(value), value


def _with(example: Any, value: Any) -> Any:
    """The example with each property set to the value; if it is not an object, the value."""
    return dict.fromkeys(example, value) if isinstance(example, dict) else value


def test_an_unknown_keyword_is_refused() -> None:
    for schema in ({"exclusiveMinimum": True}, {"type": "string", "readOnly": True}, {"items": {"not": {}}}):
        with pytest.raises(ValueError, match="not known in a schema"):
            contract_31.upgraded(schema, is_schema=True)


def test_the_command_writes_the_document(tmp_path: Path) -> None:
    file = tmp_path / "openapi-3.1.yaml"
    subprocess.run([sys.executable, ROOT / "tools" / "contract_31.py", file], check=True)

    assert yaml.load(file.read_text(), Loader=yaml.CSafeLoader) == contract_31.document()
