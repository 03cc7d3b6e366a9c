"""The comparison of contracts reports breaking changes with their place, and no compatible change."""

import re
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import contract_diff
import pytest
import yaml

from support.paths import ROOT

TOOL = ROOT / "tools" / "contract_diff.py"

BASE: dict[str, Any] = yaml.safe_load("""
openapi: 3.0.3
info: {title: T, version: 0.1.0}
servers: [{url: /}]
security: [{ApiKey: []}]
paths:
  /things:
    post:
      operationId: create_thing
      tags: [things]
      x-required-scope: read
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
        - {name: If-Match, in: header, schema: {type: string}}
      requestBody:
        content:
          application/json: {schema: {$ref: "#/components/schemas/NewThing"}}
          text/plain: {schema: {type: string}}
      responses:
        "201":
          headers:
            ETag: {required: true, schema: {type: string}}
            Age: {schema: {type: integer}}
          content:
            application/json: {schema: {$ref: "#/components/schemas/Thing"}}
            text/plain: {schema: {type: string}}
        "404": {description: gone}
    get:
      operationId: list_things
      security: []
      responses: {"200": {description: ok}}
    delete:
      operationId: delete_things
      security: [{ApiKey: [admin]}]
      responses: {}
components:
  securitySchemes:
    ApiKey: {type: apiKey, in: header, name: X-API-Key}
    Bearer: {type: http, scheme: bearer}
  schemas:
    NewThing:
      type: object
      additionalProperties: false
      required: [title]
      properties:
        title: {type: string, minLength: 1, maxLength: 200, pattern: "^a"}
        kind: {type: string, enum: [a, b]}
        note: {type: string, nullable: true}
        tags: {type: array, maxItems: 20, items: {$ref: "#/components/schemas/Tag"}}
        at: {type: string, format: date-time}
        many: {type: object, additionalProperties: {type: string, maxLength: 9}}
        part: {$ref: "#/components/schemas/Part"}
        either: {oneOf: [{type: string}, {type: integer}]}
        short: {allOf: [{$ref: "#/components/schemas/Short"}]}
        any: {type: array}
        loose: {type: object, additionalProperties: true}
        few: {type: integer, format: int32, multipleOf: 4, default: 8}
        digits: {type: string, pattern: '^[0-9a-f]+$'}
    Tag: {type: string, maxLength: 64}
    Short: {type: string, maxLength: 64}
    Spare: {type: string}
    Closed:
      type: object
      additionalProperties: false
      properties:
        id: {type: string}
    Line:
      type: object
      properties:
        at: {type: string}
    Part:
      type: object
      properties:
        inner: {$ref: "#/components/schemas/Part"}
        size: {type: integer}
    Thing:
      allOf:
        - {$ref: "#/components/schemas/Base"}
        - type: object
          required: [status]
          properties:
            status: {type: string, enum: [draft, final]}
            size: {type: integer}
            at: {type: string, format: date-time}
            counts: {type: object, additionalProperties: {type: integer}}
            names: {type: array, items: {type: string}}
            either: {oneOf: [{type: string}, {type: integer}]}
    Base:
      type: object
      required: [id]
      properties:
        id: {type: string}
        extra: {type: string}
""")
POST = ("paths", "/things", "post")
NEW = ("components", "schemas", "NewThing")
THING = ("components", "schemas", "Thing", "allOf", 1)
RESPONSE = (*POST, "responses", "201")
REMOVED = object()

Change = tuple[tuple[str | int, ...], Any]

# A change of BASE, and a part of the message that must report it.
BREAKING: dict[str, tuple[Change, str]] = {
    "operation-removed": ((("paths", "/things", "get"), REMOVED), "GET /things: operation removed"),
    "path-removed": ((("paths", "/things"), REMOVED), "POST /things: operation removed"),
    "operation-renamed": (
        ((*POST, "operationId"), "make_thing"),
        "operationId changed from create_thing to make_thing",
    ),
    "no-longer-public": (
        (("paths", "/things", "get", "security"), REMOVED),
        "GET /things: credentials now required",
    ),
    "role-required": (((*POST, "x-required-role"), "admin"), "POST /things: role admin now required"),
    "scope-of-a-key-required": (((*POST, "x-required-scope"), "write"), "POST /things: scope write now required"),
    "scope-required": (((*POST, "security"), [{"ApiKey": ["admin"]}]), "ApiKey [] no longer accepted"),
    "scheme-changed": (((*POST, "security"), [{"Bearer": []}]), "ApiKey [] no longer accepted"),
    "two-schemes-required": (((*POST, "security"), [{"ApiKey": [], "Bearer": []}]), "ApiKey [] no longer accepted"),
    "parameter-removed": (((*POST, "parameters", 0), REMOVED), "query parameter limit: parameter removed"),
    "parameter-required": (((*POST, "parameters", 1, "required"), True), "header parameter If-Match: parameter now"),
    "new-parameter-required": (
        ((*POST, "parameters", 2), {"name": "q", "in": "query", "required": True, "schema": {}}),
        "query parameter q: required parameter added",
    ),
    "parameter-narrower": (
        ((*POST, "parameters", 0, "schema", "maximum"), 50),
        "limit: maximum changed from 100 to 50",
    ),
    "lower-bound-raised": (((*POST, "parameters", 0, "schema", "minimum"), 2), "limit: minimum changed from 1 to 2"),
    "body-required": (((*POST, "requestBody", "required"), True), "body: body now required"),
    "body-media-type-removed": (
        ((*POST, "requestBody", "content", "text/plain"), REMOVED),
        "body: media type text/plain no longer accepted",
    ),
    "property-of-a-body-removed": (((*NEW, "properties", "note"), REMOVED), "/note: property removed"),
    "property-of-a-body-required": (((*NEW, "required"), ["title", "kind"]), "/kind: now required"),
    "text-shorter": (((*NEW, "properties", "title", "maxLength"), 100), "/title: maxLength changed from 200 to 100"),
    "minimum-length-raised": (((*NEW, "properties", "title", "minLength"), 2), "/title: minLength changed from 1 to 2"),
    "bound-added": (((*NEW, "properties", "note", "maxLength"), 100), "/note: maxLength 100 added"),
    "pattern-changed": (((*NEW, "properties", "title", "pattern"), "^b"), "/title: pattern changed from ^a to ^b"),
    "format-added": (((*NEW, "properties", "note", "format"), "uuid"), "/note: format uuid added"),
    "list-shorter": (((*NEW, "properties", "tags", "maxItems"), 5), "/tags: maxItems changed from 20 to 5"),
    "items-unique": (((*NEW, "properties", "tags", "uniqueItems"), True), "/tags: uniqueItems added"),
    "item-narrower-behind-a-reference": (
        (("components", "schemas", "Tag", "maxLength"), 9),
        "/tags[]: maxLength changed",
    ),
    "value-removed": (((*NEW, "properties", "kind", "enum"), ["a"]), "/kind: enum value b no longer accepted"),
    "enumeration-added": (((*NEW, "properties", "note", "enum"), ["x"]), "/note: only x now accepted"),
    "null-no-longer-accepted": (((*NEW, "properties", "note", "nullable"), False), "/note: null no longer accepted"),
    "type-changed": (((*NEW, "properties", "kind", "type"), "integer"), "/kind: type changed from string to integer"),
    "read-only": (((*NEW, "properties", "kind", "readOnly"), True), "/kind: readOnly added"),
    "values-of-a-map-narrower": (
        ((*NEW, "properties", "many", "additionalProperties", "maxLength"), 3),
        "/many/*: maxLength changed from 9 to 3",
    ),
    "closed": ((("components", "schemas", "Part", "additionalProperties"), False), "/part: additional properties no"),
    "inside-a-recursive-schema": ((("components", "schemas", "Part", "required"), ["size"]), "/part/size: now req"),
    "alternative-removed": (
        ((*NEW, "properties", "either", "oneOf", 1), REMOVED),
        "/either (oneOf): alternative 2 of 2 no longer accepted",
    ),
    "status-removed": (((*POST, "responses", "404"), REMOVED), "POST /things, 404: status removed"),
    "header-removed": (((*RESPONSE, "headers", "Age"), REMOVED), "201, header Age: header removed"),
    "header-made-optional": (((*RESPONSE, "headers", "ETag", "required"), False), "ETag: header now optional"),
    "media-type-of-a-response-removed": (
        ((*RESPONSE, "content", "text/plain"), REMOVED),
        "201: media type text/plain removed from a response",
    ),
    "property-of-a-response-removed": (((*THING, "properties", "size"), REMOVED), "201/size: property removed"),
    "property-removed-behind-all-of": (
        (("components", "schemas", "Base", "properties", "extra"), REMOVED),
        "201/extra: property removed",
    ),
    "property-of-a-response-optional": (((*THING, "required"), []), "201/status: now optional in a response"),
    "value-added-to-a-response": (
        ((*THING, "properties", "status", "enum"), ["draft", "final", "x"]),
        "enum value x added",
    ),
    "enum-removed-from-a-response": (
        ((*THING, "properties", "status", "enum"), REMOVED),
        "201/status: enum removed from a response",
    ),
    "response-nullable": (((*THING, "properties", "size", "nullable"), True), "201/size: now nullable in a response"),
    "server-moved": ((("servers",), [{"url": "/v2"}]), "servers: server / removed"),
    "key-in-another-header": (
        (("components", "securitySchemes", "ApiKey", "name"), "X-Key"),
        "security scheme ApiKey: name changed from X-API-Key to X-Key",
    ),
    "first-tag-changed": (
        ((*POST, "tags"), ["others"]),
        "POST /things: first tag changed from things to others",
    ),
    "parameter-explode-changed": (
        ((*POST, "parameters", 0, "explode"), False),
        "limit: explode changed from True to False",
    ),
    "parameter-in-a-media-type": (
        ((*POST, "parameters", 0), {"name": "limit", "in": "query", "content": {"application/json": {}}}),
        "limit: media type changed from plain to application/json",
    ),
    "default-changed": (((*NEW, "properties", "few", "default"), 4), "/few: default changed from 8 to 4"),
    "format-narrower": (((*NEW, "properties", "at", "format"), "date"), "/at: format changed from date-time to date"),
    "step-longer": (((*NEW, "properties", "few", "multipleOf"), 8), "/few: multipleOf changed from 4 to 8"),
    "bound-next-to-a-reference": (
        ((*NEW, "properties", "short", "allOf", 1), {"maxLength": 5}),
        "/short: maxLength changed from 64 to 5",
    ),
    "property-narrower-next-to-a-reference": (
        (
            (*NEW, "properties", "part"),
            {"allOf": [{"$ref": "#/components/schemas/Part"}, {"properties": {"size": {"maximum": 3}}}]},
        ),
        "/part/size: maximum 3 added",
    ),
    "items-typed": (
        ((*NEW, "properties", "any", "items"), {"type": "string"}),
        "/any[]: type string added",
    ),
    "other-properties-typed": (
        ((*NEW, "properties", "loose", "additionalProperties"), {"type": "string"}),
        "/loose/*: type string added",
    ),
    "value-excluded": (((*NEW, "properties", "note", "not"), {"enum": ["x"]}), "/note: not {'enum': ['x']} added"),
    "alternative-changed": (
        ((*NEW, "properties", "either", "oneOf", 0, "type"), "boolean"),
        "/either (oneOf): alternative 1 of 2 no longer accepted",
    ),
    "alternatives-removed": (
        ((*NEW, "properties", "either", "oneOf"), REMOVED),
        "/either (oneOf): alternatives removed",
    ),
    "alternative-added-to-a-response": (
        ((*THING, "properties", "either", "oneOf"), [{"type": "boolean"}, {"type": "string"}, {"type": "integer"}]),
        "201/either (oneOf): alternative 1 of 3 added to a response",
    ),
    "type-of-response-items-removed": (
        ((*THING, "properties", "names", "items"), REMOVED),
        "201/names[]: type string removed",
    ),
    "type-of-response-map-values-removed": (
        ((*THING, "properties", "counts", "additionalProperties"), True),
        "201/counts/*: type integer removed",
    ),
    "map-closed": (
        ((*THING, "properties", "counts", "additionalProperties"), False),
        "201/counts: additional properties removed from a response",
    ),
    "property-of-a-closed-response-added": (
        (("components", "schemas", "Closed", "properties", "more"), {"type": "string"}),
        "schema Closed/more: property added to a closed response object",
    ),
    "write-only": (((*THING, "properties", "size", "writeOnly"), True), "201/size: property removed"),
    "schema-renamed": ((("components", "schemas", "Spare"), REMOVED), "schema Spare: schema removed"),
    "property-of-a-line-removed": (
        (("components", "schemas", "Line", "properties", "at"), REMOVED),
        "schema Line/at: property removed",
    ),
    "type-of-a-response-changed": (
        ((*THING, "properties", "size", "type"), "number"),
        "201/size: type changed from integer to number",
    ),
    "format-of-a-response-removed": (
        ((*THING, "properties", "at", "format"), REMOVED),
        "201/at: format date-time removed",
    ),
    "format-of-a-response-changed": (
        ((*THING, "properties", "at", "format"), "date"),
        "201/at: format changed from date-time to date",
    ),
}
COMPATIBLE: dict[str, Change] = {
    "nothing": (("info", "title"), "T"),
    "operation-added": (("paths", "/others"), {"get": {"operationId": "x", "responses": {"200": {}}}}),
    "parameter-added": ((*POST, "parameters", 2), {"name": "q", "in": "query", "schema": {"type": "string"}}),
    "parameter-wider": ((*POST, "parameters", 0, "schema", "maximum"), 500),
    "bound-removed": ((*NEW, "properties", "title", "maxLength"), REMOVED),
    "property-no-longer-required": ((*NEW, "required"), []),
    "property-added": ((*NEW, "properties", "more"), {"type": "string"}),
    "value-added": ((*NEW, "properties", "kind", "enum"), ["a", "b", "c"]),
    "integer-to-number": (("components", "schemas", "Part", "properties", "size", "type"), "number"),
    "opened": ((*NEW, "additionalProperties"), True),
    "alternative-added": ((*NEW, "properties", "either", "oneOf", 2), {"type": "boolean"}),
    "security-loosened": ((*POST, "security"), []),
    "scope-no-longer-required": ((*POST, "x-required-scope"), REMOVED),
    "role-moved-to-an-extension": (
        ("paths", "/things", "delete"),
        {"operationId": "delete_things", "security": [{"ApiKey": []}], "x-required-role": "admin", "responses": {}},
    ),
    "scheme-added": ((*POST, "security"), [{"Bearer": []}, {"ApiKey": []}]),
    "status-added": ((*POST, "responses", "409"), {"description": "taken"}),
    "header-added": ((*RESPONSE, "headers", "Date"), {"schema": {"type": "string"}}),
    "property-of-a-response-added": ((*THING, "properties", "more"), {"type": "string"}),
    "property-of-a-response-required": ((*THING, "required"), ["status", "size"]),
    "value-of-a-response-removed": ((*THING, "properties", "status", "enum"), ["draft"]),
    "bound-of-a-response-added": (("components", "schemas", "Base", "properties", "id", "maxLength"), 9),
    "described": ((*POST, "description"), "Other words."),
    "minimum-length-zero": ((*NEW, "properties", "note", "minLength"), 0),
    "response-opened": (("components", "schemas", "Closed", "additionalProperties"), True),
    "property-of-an-open-response-added": (("components", "schemas", "Line", "properties", "more"), {"type": "string"}),
    "server-added": (("servers", 1), {"url": "/v1"}),
    "scheme-described": (("components", "securitySchemes", "ApiKey", "description"), "Ask for one."),
    "default-style-written-out": ((*POST, "parameters", 0, "style"), "form"),
    "header-in-another-case": (
        (*RESPONSE, "headers"),
        {"etag": {"required": True, "schema": {"type": "string"}}, "AGE": {"schema": {"type": "integer"}}},
    ),
    "default-documented": ((*NEW, "properties", "kind", "default"), "a"),
    "digits-in-any-case": ((*NEW, "properties", "digits", "pattern"), "^[0-9a-fA-F]+$"),
    "format-wider": ((*NEW, "properties", "few", "format"), "int64"),
    "format-removed": ((*NEW, "properties", "at", "format"), REMOVED),
    "format-of-a-response-added": (("components", "schemas", "Base", "properties", "id", "format"), "uuid"),
    "step-shorter": ((*NEW, "properties", "few", "multipleOf"), 2),
    "reference-written-out": ((*NEW, "properties", "short"), {"type": "string", "maxLength": 64}),
    "bound-next-to-a-reference-wider": ((*NEW, "properties", "short", "allOf", 1), {"maxLength": 100}),
    "alternative-added-first": (
        (*NEW, "properties", "either", "oneOf"),
        [{"type": "boolean"}, {"type": "integer"}, {"type": "string"}],
    ),
    "alternative-of-a-response-removed": ((*THING, "properties", "either", "oneOf", 0), REMOVED),
    "other-properties-of-a-response": ((*THING, "additionalProperties"), {"type": "string"}),
}


def changed(change: Change) -> dict[str, Any]:
    document = deepcopy(BASE)
    (*parents, last), value = change
    node: Any = document
    for part in parents:
        node = node[part]
    if value is REMOVED:
        del node[last]
    elif isinstance(node, list) and last == len(node):
        node.append(value)
    else:
        node[last] = value
    return document


def test_there_are_enough_breaking_changes() -> None:
    assert len(BREAKING) >= 25


@pytest.mark.parametrize("name", BREAKING)
def test_a_breaking_change_is_reported(name: str) -> None:
    change, message = BREAKING[name]

    findings = [str(finding) for finding in contract_diff.breaking(BASE, changed(change))]

    assert any(message in finding for finding in findings), findings
    if name not in ("path-removed", "parameter-in-a-media-type"):
        assert len(findings) == 1, findings


@pytest.mark.parametrize("name", COMPATIBLE)
def test_a_compatible_change_is_not_reported(name: str) -> None:
    assert contract_diff.breaking(BASE, changed(COMPATIBLE[name])) == []


BROKEN = BREAKING["status-removed"][0]
UNRELEASED = "# Changelog\n\n## [Unreleased]\n\n"
ADDED, CHANGED = "### Added\n\n- A line\n  that goes on.\n\n", "### Changed\n\n- C.\n\n"
EARLIER = "## [0.0.9] - 2026-01-01\n\n" + ADDED + CHANGED


def versioned(document: dict[str, Any], version: str) -> dict[str, Any]:
    return document | {"info": document["info"] | {"version": version}}


def released_as(version: str) -> str:
    return f"{UNRELEASED}## [{version}] - 2026-02-01\n\n"


def test_a_new_major_version_may_break() -> None:
    old, log = versioned(BASE, "1.4.0"), UNRELEASED + ADDED + CHANGED

    assert contract_diff.faults(old, versioned(changed(BROKEN), "1.5.0"), log)[-1].endswith("to 2.0.0.")
    assert contract_diff.faults(old, versioned(changed(BROKEN), "2.0.0"), log) == []


@pytest.mark.parametrize(
    ("version", "changelog", "is_release", "message"),
    [
        pytest.param("0.1.0", UNRELEASED + ADDED, False, 'an entry under "Changed"', id="entry-under-added"),
        pytest.param("0.1.0", UNRELEASED + CHANGED, False, "", id="entry-under-changed"),
        pytest.param("0.1.0", UNRELEASED + ADDED + EARLIER, False, 'under "Changed" in [Unrel', id="released-entry"),
        pytest.param("0.1.0", released_as("0.1.0") + CHANGED, True, "Raise info.version to 0.2.0.", id="same-minor"),
        pytest.param("0.1.1", released_as("0.1.1") + CHANGED, True, "Raise info.version to 0.2.0.", id="patch"),
        pytest.param("0.2.0", released_as("0.2.0") + CHANGED, True, "", id="minor"),
        pytest.param("0.2.0", released_as("0.2.0") + ADDED, True, 'under "Changed" in [0.2.0]', id="minor-under-added"),
        pytest.param("0.2.0", UNRELEASED + CHANGED, True, "Add one under [0.2.0]", id="changelog-without-number"),
    ],
)
def test_below_1_0_0_a_minor_version_with_an_entry_under_changed_may_break(
    version: str, changelog: str, is_release: bool, message: str
) -> None:
    found = contract_diff.faults(BASE, versioned(changed(BROKEN), version), changelog + EARLIER, is_release=is_release)

    assert message in found[-1] if message else found == []
    assert not message or "404: status removed" in found[0]


def test_any_other_change_needs_an_entry_in_the_changelog() -> None:
    document = changed(COMPATIBLE["described"])

    assert "CHANGELOG" in contract_diff.faults(BASE, document, UNRELEASED + EARLIER)[0]
    assert "CHANGELOG" in contract_diff.faults(BASE, document, EARLIER)[0]
    assert contract_diff.faults(BASE, document, UNRELEASED + ADDED + EARLIER) == []
    assert contract_diff.faults(BASE, deepcopy(BASE), UNRELEASED + EARLIER) == []


def test_the_command_reports_breaking_changes_and_pins_a_release(tmp_path: Path) -> None:
    for name in ("contract/released.yaml", "tools"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    text = re.sub("(?<=\n  version: )[0-9.]+", "0.99.0", (ROOT / "openapi.yaml").read_text(), count=1)
    (tmp_path / "openapi.yaml").write_text(text)
    (tmp_path / "CHANGELOG.md").write_text(released_as("0.99.0") + CHANGED)

    def command(*arguments: str) -> tuple[int, str]:
        program = [sys.executable, str(tmp_path / "tools" / "contract_diff.py"), *arguments]
        done = subprocess.run(program, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.returncode, done.stdout

    assert command("--release")[0] == 0
    assert command() == (0, "The contract has no forbidden breaking change.\n")
    (tmp_path / "openapi.yaml").write_text(
        text.replace("operationId: get_case\n      x-", "operationId: show_case\n      x-", 1)
    )
    code, message = command()
    assert code == 1
    assert "GET /cases/{case_id}: operationId changed from get_case to show_case" in message
    assert "CHANGELOG.md has no entry" in message
    code, message = command("--release")
    assert code == 1
    assert "Raise info.version to 0.100.0." in message


def test_the_contract_has_no_forbidden_breaking_change() -> None:
    done = subprocess.run([sys.executable, str(TOOL)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
