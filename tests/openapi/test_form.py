"""The form of `openapi.yaml`: order, line length and descriptions."""

import re
from typing import Any

from support.contract import CONTRACT, METHODS, schemas_below
from support.paths import ROOT

DOCUMENT = CONTRACT.document
COMPONENTS = DOCUMENT["components"]

COLUMNS_MAX = 120
DOCUMENT_KEYS = ["openapi", "info", "servers", "tags", "security", "paths", "components"]
SECTIONS = [
    "schemas",
    "parameters",
    "requestBodies",
    "responses",
    "headers",
    "links",
    "examples",
    "securitySchemes",
]
OPERATION_KEYS = [
    "operationId",
    "x-openapi-router-controller",
    "tags",
    "summary",
    "description",
    "security",
    "x-required-role",
    "x-required-scope",
    "x-answer-has-secret",
    "x-load",
    "x-body-bytes-max",
    "x-for-browsers",
    "parameters",
    "requestBody",
    "responses",
]
SCHEMA_KEYS = [
    "title",
    "description",
    "type",
    "format",
    "minimum",
    "maximum",
    "nullable",
    "minProperties",
    "maxProperties",
    "additionalProperties",
    "required",
    "properties",
    "allOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "pattern",
    "enum",
    "x-enum-varnames",
    "default",
    "items",
    "example",
]


def first_uses() -> dict[str, list[str]]:
    """The components by section, in the order of their first use in `security` and `paths`."""
    found: dict[str, list[str]] = {section: [] for section in SECTIONS}

    def use(section: str, name: str) -> None:
        if name not in found[section]:
            found[section].append(name)
            walk(COMPONENTS[section][name])

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for part in node:
                walk(part)
        elif isinstance(node, dict) and isinstance(node.get("$ref"), str):
            section, name = node["$ref"].removeprefix("#/components/").split("/")
            use(section, name)
        elif isinstance(node, dict):
            for key, value in node.items():
                if key == "security":
                    for scheme in (name for requirement in value for name in requirement):
                        use("securitySchemes", scheme)
                else:
                    walk(value)

    walk({"security": DOCUMENT["security"], "paths": DOCUMENT["paths"]})
    return found


SCHEMAS = [pair for name, schema in COMPONENTS["schemas"].items() for pair in schemas_below(schema, name)]


def test_no_line_is_longer_than_120_characters() -> None:
    lines = (ROOT / "openapi.yaml").read_text().splitlines()

    assert [number for number, line in enumerate(lines, 1) if len(line) > COLUMNS_MAX] == []


def test_sections_are_in_order() -> None:
    assert list(DOCUMENT) == DOCUMENT_KEYS
    assert list(COMPONENTS) == SECTIONS


def test_components_are_in_the_order_of_their_first_use_and_all_are_used() -> None:
    uses = first_uses()

    for section in SECTIONS:
        assert list(COMPONENTS[section]) == uses[section]


def test_operations_are_in_the_order_of_their_tags() -> None:
    tags = [tag["name"] for tag in DOCUMENT["tags"]]
    places = [tags.index(operation.definition["tags"][0]) for operation in CONTRACT.operations]

    assert places == sorted(places)


def test_the_keys_of_paths_operations_and_schemas_are_in_order() -> None:
    for path, item in DOCUMENT["paths"].items():
        assert list(item) == [key for key in ("parameters", *METHODS) if key in item], path
        for method in METHODS:
            keys = list(item.get(method, {}))
            assert keys == [key for key in OPERATION_KEYS if key in keys], f"{method} {path}"
    for place, schema in SCHEMAS:
        assert list(schema) == [key for key in SCHEMA_KEYS if key in schema], place


def test_everything_is_described_in_sentences() -> None:
    # The description of a property or a schema is on the whole, not on its parts.
    part = re.compile(r"(?<!/properties)/(items|additionalProperties|allOf/\d+)$")
    described = {place: schema for place, schema in SCHEMAS if not part.search(place)}
    for section in ("parameters", "requestBodies", "responses", "headers", "links", "securitySchemes"):
        described |= {f"{section}/{name}": component for name, component in COMPONENTS[section].items()}
    described |= {f"tag {tag['name']}": tag for tag in DOCUMENT["tags"]}

    for place, component in described.items():
        assert component.get("description", "").strip().endswith("."), place


def test_enumerations_and_their_values_have_names_that_generated_clients_can_use() -> None:
    """Otherwise a client has classes such as `GetDocumentProfile`, and members such as `VALUE_0`."""
    parameters = [(name, parameter["schema"]) for name, parameter in COMPONENTS["parameters"].items()]
    inline = [(f"parameters.{name}", schema) for name, schema in parameters if "enum" in schema]
    choices = [pair for pair in SCHEMAS + inline if len(pair[1].get("enum", ())) > 1 or pair in inline]

    assert [place for place, _ in choices if place not in COMPONENTS["schemas"]] == []
    for place, schema in choices:
        names = schema.get("x-enum-varnames", schema["enum"])
        assert len(set(names)) == len(schema["enum"]), place
        assert [name for name in names if not re.fullmatch(r"[A-Za-z][\w.-]*", name)] == [], place


def test_no_line_of_a_description_begins_like_an_item_of_a_numbered_list() -> None:
    """Swagger UI shows a line such as `403.` as a list."""
    lines = (ROOT / "openapi.yaml").read_text().splitlines()

    assert [line for line in lines if re.match(r" +\d+[.)](\s|$)", line)] == []
