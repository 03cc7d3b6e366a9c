"""The pages at `/problems/<code>`, which explain the `type` of a problem document."""

import html
import json
import re
from typing import Any

import httpx
import pytest

from clincore.problems import Problem, problem_types
from support.contract import CONTRACT

TYPES = [pytest.param(problem, id=problem.code) for problem in problem_types()]


def text_of(page: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", page))


@pytest.mark.parametrize("problem", TYPES)
def test_every_problem_type_has_the_text_of_its_page(problem: type[Problem]) -> None:
    for name in ("title", "meaning", "occurs", "remedy", "example"):
        # Not inherited: the page of a subclass would show its parent's text.
        assert vars(problem).get(name), f"{problem.__name__} has no {name}"
    for sentences in (problem.meaning, problem.occurs, problem.remedy):
        assert sentences.endswith(".") and sentences.count("`") % 2 == 0


@pytest.mark.parametrize("problem", TYPES)
def test_the_type_of_a_problem_resolves_to_its_page(client: httpx.Client, problem: type[Problem]) -> None:
    page = client.get(f"/problems/{problem.code}")

    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html")
    assert page.headers["Content-Security-Policy"] == client.get("/docs").headers["Content-Security-Policy"]
    shown = text_of(page.text)
    texts = (problem.meaning, problem.occurs, problem.remedy)
    for expected in (problem.title, problem.code, f"HTTP status {problem.status}", *texts):
        assert expected.replace("`", "") in shown
    example = json.loads(html.unescape(re.findall("<pre><code>(.+?)</code></pre>", page.text, re.DOTALL)[0]))
    assert (example["type"], example["title"]) == (f"/problems/{problem.code}", problem.title)
    members = {"errors": "ValidationProblem", "limit": "BillingProblem", "id": "RepeatProblem"}
    schema = next((name for member, name in members.items() if member in example), "Problem")
    assert CONTRACT.errors({"$ref": f"#/components/schemas/{schema}"}, example) == []


def test_the_index_links_every_page(client: httpx.Client) -> None:
    linked = re.findall(r'href="problems/([^"]+)"', client.get("/problems").text)

    assert linked == [problem.code for problem in problem_types()]


def test_pages_load_only_files_of_the_docs(client: httpx.Client) -> None:
    page = client.get("/problems/not-found").text

    loaded = re.findall(r'<link rel="(?:stylesheet|icon)"[^>]* href="([^"]+)"', page)
    assert len(loaded) == 2
    for path in loaded:
        asset = client.get(path.removeprefix("../"))
        assert (asset.status_code, asset.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert "<style" not in page and "<script" not in page and "://" not in page


def test_an_unknown_problem_type_is_not_found(client: httpx.Client) -> None:
    response = client.get("/problems/no-such-type")

    assert (response.status_code, response.json()["type"]) == (404, "/problems/not-found")


def examples() -> dict[str, dict[str, Any]]:
    """The problem documents in the contract, by their place."""
    components = CONTRACT.document["components"]
    found = {}
    for section in ("schemas", "responses"):
        for name, component in components[section].items():
            for node in (component, *component.get("content", {}).values()):
                example = node.get("example")
                if isinstance(example, dict) and {"type", "title", "instance"} <= set(example):
                    found[f"{section}/{name}"] = example
    return found


EXAMPLES = examples()


@pytest.mark.parametrize("place", EXAMPLES)
def test_an_example_in_the_contract_has_the_title_and_status_of_its_type(place: str) -> None:
    example = EXAMPLES[place]
    types = {f"/problems/{problem.code}": problem for problem in problem_types()}

    problem = types[example["type"]]
    assert (example["title"], example["status"]) == (problem.title, problem.status)
