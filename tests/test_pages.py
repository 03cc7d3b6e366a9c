"""README.md and docs/: every command is run by a test, every link resolves, and what a page names exists."""

import re

import pytest

from clincore.cli.app import all_commands
from clincore.settings import Settings
from support.contract import CONTRACT
from support.pages import (
    ELSEWHERE,
    ON_EMBEDDED_POSTGRESQL,
    ON_OWN_POSTGRESQL,
    anchors,
    commands,
    is_run,
    links,
    pages,
    read,
)
from support.paths import ROOT

FOLLOWED = {*ON_EMBEDDED_POSTGRESQL, *ON_OWN_POSTGRESQL, *ELSEWHERE}
FOR_USERS = [page for page in pages() if page == "README.md" or page.startswith("docs/")]


def test_the_readme_is_short_and_begins_with_the_two_commands() -> None:
    assert len(read("README.md").encode()) <= 6144
    first, second = [command.text for command in commands("README.md")][:2]
    assert first == "pip install -e . && clincore serve"
    assert second == "pip install -e '.[test]' && pytest -q"


@pytest.mark.parametrize("page", FOR_USERS)
def test_every_command_of_a_page_is_run_by_a_test(page: str) -> None:
    """A new page joins a group in support/pages.py; a command that cannot be run joins NOT_RUN with its reason."""
    untested = [command.text for command in commands(page) if is_run(command)] if page not in FOLLOWED else []

    assert untested == []


def test_pages_that_are_run_elsewhere_are_named_there() -> None:
    assert {page for page, test in ELSEWHERE.items() if page not in read(test)} == set()


@pytest.mark.parametrize("page", FOR_USERS)
def test_shell_blocks_of_a_page_are_marked_as_such(page: str) -> None:
    """Commands in indented blocks, or in blocks with another language than `sh`, would not be tested."""
    fences = re.findall(r"^( *)```(.*)$", read(page), re.MULTILINE)

    assert {indent for indent, _ in fences} <= {""}
    assert {language for _, language in fences[::2]} & {"", "bash", "console", "shell", "zsh"} == set()


@pytest.mark.parametrize("page", pages())
def test_every_link_of_a_page_resolves(page: str) -> None:
    broken = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        if not target.exists() or (anchor and anchor not in anchors(target.relative_to(ROOT).as_posix())):
            broken.append(link)

    assert broken == []


def test_the_readme_links_every_page() -> None:
    linked = {link.partition("#")[0] for link in links("README.md")}

    assert {page for page in FOR_USERS if page.count("/") == 1} <= linked


def code(page: str) -> list[str]:
    """The lines of code of a page: inline, and of blocks."""
    parts = re.findall(r"^```\w*\n(.*?)^```|`([^`\n]+)`", read(page), re.MULTILINE | re.DOTALL)
    return [line for block, inline in parts for line in (block or inline).replace("\\\n", " ").splitlines()]


@pytest.mark.parametrize("page", pages())
def test_every_operation_that_a_page_names_is_in_the_contract(page: str) -> None:
    named = {
        found.groups() for line in code(page) if (found := re.match(r"(GET|HEAD|POST|PATCH|DELETE) (/[^\s?]*)", line))
    }
    # The operation that this page adds.
    named -= {("GET", "/cases/{case_id}/title")} if page == "docs/adding-an-operation.md" else set()

    assert {one for one in named if CONTRACT.find(one[0].replace("HEAD", "GET"), one[1].rstrip(".")) is None} == set()


COMMANDS = {name.removeprefix("clincore "): command for name, command in all_commands()}
CALL = re.compile(r"(?<![\w=/.@:-])(?<!--namespace )clincore ([a-z][^|;&#)]*)")


@pytest.mark.parametrize("page", pages())
def test_every_command_and_option_that_a_page_names_exists(page: str) -> None:
    unknown = []
    for called in (call for line in code(page) for call in CALL.findall(line)):
        words = called.split()
        name = next((name for name in (" ".join(words[:2]), words[0]) if name in COMMANDS), None)
        groups = {name.partition(" ")[0] for name in COMMANDS}
        # PostgreSQL's tools take its options.
        if words[0] in ("psql", "pg_dump", "pg_restore"):
            continue
        known = {option for one in COMMANDS[name].params for option in one.opts} if name else set()
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        if (name is None and words[0] not in groups) or options - known - {"--help"}:
            unknown.append(called)

    assert unknown == []


def test_the_page_of_settings_lists_each_setting() -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", read("docs/configuration.md"), re.MULTILINE)

    assert set(listed) == {str(field.validation_alias or name).upper() for name, field in Settings.model_fields.items()}
