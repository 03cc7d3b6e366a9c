"""Run each file of this folder: a public report about another system, as a test of ClinCore. See README.md."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from support.report_run import Run, Services
from support.reports import FOLDER, World, parse

FILES = sorted(FOLDER.glob("*.yaml"))
FILES_MIN = 30
# Each command takes a second to start; meanwhile, other files run.
THREADS = 3


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest,
    open_world: Callable[[], AbstractContextManager[World]],
    open_client: httpx.Client,
    services: Services,
    bin_on_path: str,
) -> Iterator[dict[str, Future[str]]]:
    """The fault that each selected file finds, or an empty text. Files run concurrently, with separate tenants."""

    def run(file: Path) -> str:
        report = parse(file.stem, file.read_text())
        with open_world() as world, Run(world, open_client, services, bin_on_path) as running:
            for number, step in enumerate(report.steps, start=1):
                try:
                    running.step(step)
                except AssertionError as error:
                    line = str(step.get("request") or step.get("raw") or step.get("command"))[:200]
                    # Drop the expression that pytest appends.
                    wrong = str(error).partition("\nassert ")[0]
                    return f"{report}\nstep {number} ({line}): {wrong}"
        return ""

    selected = {item.name for item in request.session.items}
    with ThreadPoolExecutor(THREADS) as pool:
        files = [file for file in FILES if f"test_report[{file.stem}]" in selected]
        yield {file.stem: pool.submit(run, file) for file in files}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_report(name: str, outcomes: dict[str, Future[str]]) -> None:
    if wrong := outcomes[name].result():
        pytest.fail(wrong, pytrace=False)


def test_the_files_are_found() -> None:
    assert len(FILES) >= FILES_MIN


GOOD = """
system: A system, owner/name#1
guarantee: Something is answered.
source: RFC 9110
steps:
  - request: GET /health
    as: anonymous
    answer: {status: 200}
"""


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        pytest.param("owner/name#1", "owner/name", "/system", id="no-thread"),
        pytest.param("guarantee:", "guarante:", "guarante", id="key"),
        pytest.param("status:", "statsu:", "statsu", id="key-of-an-answer"),
        pytest.param("as: anonymous", "as: unknown", "unknown", id="caller"),
        pytest.param("GET /health", "/health", "/steps/0/request", id="request-without-method"),
        pytest.param("request:", "requst:", "requst", id="kind-of-step"),
        pytest.param("status: 200", "status: 200, text: '('", "regular expression", id="regular-expression"),
        pytest.param("source: RFC 9110\n", "", "source", id="missing"),
        pytest.param("source: RFC 9110", "source: RFC 9110\nsource: RFC 9112", "{'source'}", id="repeated-key"),
    ],
)
def test_a_mistake_in_a_file_fails(old: str, new: str, error: str) -> None:
    parse("good", GOOD)

    with pytest.raises(AssertionError, match=error):
        parse("wrong", GOOD.replace(old, new))
