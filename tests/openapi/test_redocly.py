"""Redocly's rules and our custom ones: `openapi.yaml` follows them, and each custom rule finds its violations."""

import json
import os
import shutil
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.contract import CONTRACT
from support.paths import ROOT

# CI sets REDOCLY; elsewhere, `npm install -g @redocly/cli` installs it.
REDOCLY = shutil.which(os.environ.get("REDOCLY", "redocly"))
if REDOCLY is None:
    pytest.skip("the rules of the contract: this needs Redocly (npm install -g @redocly/cli)", allow_module_level=True)

GONE = object()
SCHEMAS = ("components", "schemas")
# What each rule must find: places in the contract, each with a wrong value.
BROKEN: dict[str, list[tuple[tuple[str | int, ...], Any]]] = {
    "request-bounds": [
        ((*SCHEMAS, "Title", "maxLength"), GONE),
        # Deep inside the body, and in responses too.
        ((*SCHEMAS, "Timing", "properties", "offset", "maximum"), GONE),
        ((*SCHEMAS, "Rotation", "properties", "grace_seconds", "maximum"), GONE),
        ((*SCHEMAS, "Tags", "maxItems"), GONE),
        ((*SCHEMAS, "Metadata", "maxProperties"), GONE),
        ((*SCHEMAS, "PageLimit", "minimum"), GONE),
        (("components", "parameters", "IfNoneMatch", "schema", "maxLength"), GONE),
    ],
    "request-objects-closed": [
        ((*SCHEMAS, "CaseInput", "additionalProperties"), GONE),
        ((*SCHEMAS, "Period", "additionalProperties"), True),
    ],
    "schema-example": [((*SCHEMAS, "Title", "example"), GONE), ((*SCHEMAS, "Case", "example"), GONE)],
    "operation-id-form": [
        (("paths", "/cases/{case_id}", "get", "operationId"), "getCase"),
        (("paths", "/cases", "post", "operationId"), "cases.create_case"),
        (("paths", "/cases", "get", "operationId"), "list"),
    ],
    "errors-are-problems": [
        (("components", "responses", "FhirBadRequest", "content"), {"application/problem+json": {}}),
        (("components", "responses", "NotFound", "content"), {"application/json": {"schema": {"type": "object"}}}),
        (("components", "responses", "Unauthorized", "content"), GONE),
        (("paths", "/cases", "get", "responses", "503"), {"description": "Away"}),
    ],
    "unique-component-names": [
        (("components", "responses", "Case"), {"description": "The case"}),
        # Some file systems ignore case.
        (("components", "parameters", "cursor"), {"name": "cursor", "in": "query", "schema": {"type": "boolean"}}),
        ((*SCHEMAS, "NewCase"), {"type": "boolean", "example": True}),
    ],
    "explicit-additional-properties": [
        ((*SCHEMAS, "Case", "additionalProperties"), GONE),
        ((*SCHEMAS, "BillingProblem", "additionalProperties"), GONE),
        ((*SCHEMAS, "ValidationProblem", "allOf", 1, "additionalProperties"), GONE),
        ((*SCHEMAS, "Contract", "properties", "info", "additionalProperties"), GONE),
    ],
    "no-length-of-dates": [
        ((*SCHEMAS, "DateTime", "maxLength"), 40),
        ((*SCHEMAS, "CapabilityStatement", "properties", "date", "minLength"), 10),
    ],
}


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    assert REDOCLY is not None
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    return subprocess.run(
        [REDOCLY, "lint", *options, "openapi.yaml"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contract_follows_every_rule() -> None:
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_custom_rule_is_tested() -> None:
    custom = [
        rule for rule in yaml.safe_load((ROOT / "redocly.yaml").read_text())["rules"] if rule.startswith("clincore/")
    ]
    assert sorted(rule.removeprefix("clincore/") for rule in custom) == sorted(BROKEN)


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Redocly's findings in a contract that breaks every rule; one run, since Redocly takes seconds to start."""
    folder = tmp_path_factory.mktemp("broken")
    for name in ("redocly.yaml", ".redocly.lint-ignore.yaml"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "contract", folder / "contract")
    document = deepcopy(CONTRACT.document)
    for (*parents, last), value in (change for changes in BROKEN.values() for change in changes):
        node: Any = document
        for part in parents:
            node = node[part]
        if value is GONE:
            del node[last]
        else:
            node[last] = value
    (folder / "openapi.yaml").write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
    done = lint(folder, "--format=json", "--max-problems=10000")
    assert done.returncode != 0
    found: list[dict[str, Any]] = json.loads(done.stdout)["problems"]
    return found


@pytest.mark.parametrize("rule", BROKEN)
def test_each_custom_rule_finds_its_violations(problems: list[dict[str, Any]], rule: str) -> None:
    found = {
        place["pointer"]
        for problem in problems
        if problem["ruleId"] == f"clincore/{rule}"
        for place in problem["location"]
    }
    for place, _ in BROKEN[rule]:
        assert any(_points_to(pointer, place) for pointer in found), f"{place} is not among {found}"


def _points_to(pointer: str, place: tuple[str | int, ...]) -> bool:
    """Whether a JSON Pointer is the place or, for something missing, its parent."""
    parts = tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.removeprefix("#/").split("/"))
    wanted = tuple(map(str, place))
    return parts in (wanted, wanted[:-1])
