"""`make advisories`: pip-audit calls packages clean that it could not look up, and the command must not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.paths import ROOT

CLEAN: dict[str, Any] = {"name": "clean", "version": "1.0", "vulns": []}
UNKNOWN: dict[str, Any] = {"name": "unknown", "skip_reason": "Dependency not found on PyPI"}
HARMFUL: dict[str, Any] = {
    "name": "harmful",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.1"], "aliases": [], "description": ""}],
}


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        pytest.param([CLEAN, UNKNOWN], 0, "locked.txt: 1 packages, 0 advisories", id="clean"),
        pytest.param([CLEAN, HARMFUL], 1, "harmful 2.0: PYSEC-2026-1. Versions without it: 2.1.", id="harmful"),
        pytest.param([UNKNOWN], 0, "SKIPPED", id="index-without-advisories"),
        pytest.param(None, 0, "SKIPPED", id="unreachable"),
    ],
)
def test_an_advisory_fails_and_a_package_without_source_counts_as_skipped(
    tmp_path: Path, packages: list[dict[str, Any]] | None, code: int, said: str
) -> None:
    # In place of pip-audit, whose source of advisories cannot be told what to answer.
    report = "" if packages is None else json.dumps({"dependencies": packages, "fixes": []})
    pip_audit = tmp_path / "pip-audit"
    pip_audit.write_text(f"#!/bin/sh\ncat <<'END'\n{report}\nEND\n")
    pip_audit.chmod(0o755)

    command = [sys.executable, str(ROOT / "tools" / "advisories.py"), str(pip_audit), "locked.txt"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (code, "")
    assert said in done.stdout
