"""Redocly's rules and our own: `openapi.yaml` keeps them, and each of our own finds what it is for."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

# Where CI has put it; on a desk `npm install -g @redocly/cli` does.
REDOCLY = shutil.which(os.environ.get("REDOCLY", "redocly"))
if REDOCLY is None:
    pytest.skip("the rules of the contract: this needs Redocly (npm install -g @redocly/cli)", allow_module_level=True)

BROKEN = {
    "request-bounds": ("      maxLength: 200\n", ""),
    "schema-example": ("      example: Migraine with aura\n    Version:", "    Version:"),
    "operation-id-form": ("operationId: get_case\n", "operationId: getCase\n"),
    "errors-are-problems": (
        "    NotFound:\n      description: No such thing in this tenant (`not-found`)",
        "    NotFound:\n      x-broken: true\n      description: No such thing in this tenant (`not-found`)",
    ),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    assert REDOCLY is not None
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    return subprocess.run(
        [REDOCLY, "lint", "openapi.yaml"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_contract_keeps_every_rule() -> None:
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_of_our_own_finds_what_it_is_for(tmp_path: Path, rule: str) -> None:
    for name in ("redocly.yaml", ".redocly.lint-ignore.yaml"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "contract", tmp_path / "contract")
    text, (old, new) = (ROOT / "openapi.yaml").read_text(), BROKEN[rule]
    assert old in text
    broken = text.replace(old, new, 1)
    if rule == "errors-are-problems":
        head, _, tail = broken.partition("x-broken: true\n")
        broken = head + tail.replace("application/problem+json", "application/json", 1)
    (tmp_path / "openapi.yaml").write_text(broken)

    done = lint(tmp_path)

    assert done.returncode != 0
    assert f"clincore/{rule}" in done.stdout + done.stderr
