"""The repository's Markdown pages: their shell commands, links and anchors, and the tests that run the commands."""

import re
from pathlib import Path
from typing import NamedTuple

from support.paths import ROOT

# Pages whose commands tests/e2e/test_runbook.py runs, in this order, in one shell for each group.
ON_EMBEDDED_POSTGRESQL = (
    "README.md",
    "docs/records.md",
    "docs/exports.md",
    "docs/fhir.md",
    "docs/limits.md",
    "docs/isolation.md",
    "docs/metrics.md",
    "docs/watching.md",
    "docs/erasure.md",
)
ON_OWN_POSTGRESQL = ("docs/operations.md", "docs/upgrading.md")
# Pages whose commands another test runs.
ELSEWHERE = {
    "docs/backups.md": "tests/deploy/test_backups.py",
    "docs/citus.md": "tests/cli/test_distribute.py",
    "docs/command-line.md": "tests/cli/test_first_minute.py",
    "docs/deploy.md": "tests/deploy/test_image.py",
    "docs/verify.md": "tests/cli/test_verify.py",
}

# Commands that no test of a page runs, as regular expressions, with the reason.
NOT_RUN = {
    r"pip install .+": "Packages are installed before the tests run.",
    r"pytest .+": "It is the test suite itself.",
    r"make [\w./-]+": "CI runs the targets; test_developer_docs.py checks that they exist.",
    r"(ruff|mypy|git) .+": "For contributors; CI runs the linters.",
    r"(\(umask 077 && )?(docker|kubectl|sudo (?!-u )).+": "CI has no daemon or cluster; tests/deploy/ runs what they"
    " would start.",
    r"schemathesis run .+": "tests/fuzz/test_fuzz.py runs Schemathesis with the same configuration.",
    r"openapi-generator-cli generate .+": "CI generates these clients by `make check-go check-java`.",
}
# Commands that start a service. The test starts it in the background, on a free port.
STARTS_SERVICE = r"(clincore serve|uvicorn clincore\.asgi:app)( .+)?"


class Command(NamedTuple):
    """A command of a page, which may have several lines."""

    text: str
    expected: str
    """What its output must contain: the comment at its end."""


def pages() -> list[str]:
    """The pages for readers, as paths from the root."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("contract/*.md"), *ROOT.glob("tests/*/*.md")]
    return sorted(page.relative_to(ROOT).as_posix() for page in found)


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[str]:
    """The page's shell blocks, in order."""
    return re.findall(r"^```sh\n(.*?)^```$", read(page), re.M | re.S)


def configuration(page: str, language: str) -> str:
    """The page's only block in the language, such as `nginx`."""
    (block,) = re.findall(rf"^```{language}\n(.*?)^```$", read(page), re.M | re.S)
    return str(block)


def commands(page: str) -> list[Command]:
    """The commands of the page's shell blocks, in order."""
    return [command for block in blocks(page) for command in _split(block)]


def _split(block: str) -> list[Command]:
    found, lines = [], ""
    for line in block.splitlines(keepends=True):
        lines += line
        document = re.search(r"<<'(\w+)'", lines)
        is_open = not lines.endswith(f"\n{document[1]}\n") if document else lines.count("'") % 2 == 1
        if is_open or line.endswith("\\\n"):
            continue
        parts = re.fullmatch(r"(.*?)(?:  # ([^\n]*))?\n", lines, re.S)
        assert parts is not None
        found.append(Command(parts[1].strip(), parts[2] or ""))
        lines = ""
    assert not lines, f"a command without an end:\n{lines}"
    return found


def is_run(command: Command) -> bool:
    return not any(re.fullmatch(pattern, command.text, re.S) for pattern in NOT_RUN)


def seen_by_git(folder: Path) -> set[str]:
    """The names in the folder, links aside, that `git add .` would add if it were a checkout."""
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()}
    return {path.name for path in folder.iterdir() if not path.is_symlink()} - ignored


def links(page: str) -> list[str]:
    """The page's relative links, with their anchors."""
    text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", read(page), flags=re.M | re.S)
    return re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text)


def anchors(page: str) -> set[str]:
    """The anchors of the page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```$", "", read(page), flags=re.M | re.S)
    titles = re.findall(r"^#{1,6} (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
