"""The developers' pages fit the repository: make targets, the map of packages, the form of decision pages."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.paths import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([\w./-]+):(?!=)", MAKEFILE, re.MULTILINE)) - {".PHONY"}
PHONY = set(MAKEFILE.partition(".PHONY:")[2].replace("\\\n", " ").partition("\n")[0].split())
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob(".github/**/*.md")])
CODE = re.compile(r"^```\w*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^|[;&] )make ((?:[a-z][\w./-]* ?)+)", re.MULTILINE)


def named_targets(page: str) -> set[str]:
    """The targets of the `make` commands in a page's code blocks and inline code."""
    code = "\n".join(block or inline for block, inline in CODE.findall(page))
    return {target for targets in COMMAND.findall(code) for target in targets.split()}


def test_targets_are_found_in_code_and_not_in_prose() -> None:
    page = "We make tests. `make a b`, `make lock UPGRADE=x`:\n\n```text\nmake lint\ncd x && make build/a.yaml\n```\n"

    assert named_targets(page) == {"a", "b", "lock", "lint", "build/a.yaml"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_target_that_a_page_names_exists(page: Path) -> None:
    assert named_targets(page.read_text()) <= TARGETS


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_lists_every_target_with_one_line() -> None:
    listed = subprocess.run(["make", "--silent"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lines = [line.split(maxsplit=1) for line in listed.splitlines()]

    assert {name for name, _ in lines} >= PHONY
    assert {name for name, _ in lines} <= TARGETS
    assert all(len(" ".join(line)) <= 120 for line in lines)


def test_the_map_of_the_repository_names_every_package_and_module() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    packages = {f"{folder.name}/" for folder in (ROOT / "clincore").glob("*/") if (folder / "__init__.py").exists()}
    modules = {path.name for path in (ROOT / "clincore").glob("*.py")} - {"__init__.py", "__main__.py"}

    assert {name for name in packages | modules if f"`{name}" not in page} == set()


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/decisions/*.md")), ids=lambda page: page.stem)
def test_a_decision_page_has_context_decision_and_consequence(page: Path) -> None:
    headings = re.findall(r"^\*\*(\w+)\.\*\*", page.read_text(), re.MULTILINE)

    assert headings == ["Context", "Decision", "Consequence"]


def test_decision_pages_are_numbered_without_gaps() -> None:
    numbers = sorted(int(page.name[:4]) for page in ROOT.glob("docs/decisions/*.md"))

    assert numbers == list(range(1, len(numbers) + 1))
