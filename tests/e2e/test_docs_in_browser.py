"""The docs in a real Chromium, on the real service. Leaves screenshots in build/."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from support.browser import Watched, sync_api
from support.contract import CONTRACT
from support.paths import ROOT
from support.service import BOOTSTRAP_TOKEN, Service
from support.tenants import Tenant

pytestmark = pytest.mark.slow


class Docs(Watched):
    """The page at /docs."""

    def __init__(self, page: Any, url: str) -> None:
        super().__init__(page)
        self.url = url
        page.goto(f"{url}/docs")
        page.locator(".opblock").first.wait_for()

    def authorize(self, **secrets: str) -> None:
        """Put secrets into the dialog, by the name of their scheme."""
        self.page.locator(".btn.authorize").click()
        for scheme, secret in secrets.items():
            form = self.page.locator(".auth-container form", has=self.scheme_title(scheme))
            form.locator("input").fill(secret)
            form.get_by_role("button", name="Apply credentials").click()
            form.get_by_role("button", name="Remove authorization").wait_for()
        self.page.locator(".close-modal").click()

    def scheme_title(self, scheme: str) -> Any:
        """The dialog's heading of the scheme. By its first word: the kinds of other schemes follow."""
        return self.page.locator("h4", has_text=re.compile(rf"^\s*{scheme}\b"))

    def block(self, operation_id: str) -> Any:
        """The operation's section of the page, opened."""
        block = self.page.locator(f".opblock[id$='-{operation_id}']")
        if "is-open" not in block.get_attribute("class"):
            block.locator(".opblock-summary-control").dispatch_event("click")
        block.locator(".opblock-body").wait_for()
        return block

    def execute(self, operation_id: str) -> tuple[int, Any]:
        """Press Execute; the status and JSON of the response, which the page must also show."""
        block = self.block(operation_id)
        with self.page.expect_response(lambda response: response.request.resource_type == "fetch") as answered:
            block.locator(".btn.execute").click()
        status, answer = answered.value.status, answered.value.json()
        shown = block.locator(".live-responses-table tr.response")
        sync_api.expect(shown.locator(".response-col_status")).to_have_text(str(status))
        for text in map(str, filter(None, (answer.get("id"), answer.get("request_id"), answer.get("title")))):
            sync_api.expect(shown).to_contain_text(text)
        return status, answer


@pytest.fixture
def docs(browser: Any, service: Service) -> Iterator[Docs]:
    page = browser.new_page(viewport={"width": 1280, "height": 1800})
    yield Docs(page, service.url)
    page.close()


def test_a_newcomer_creates_a_tenant_and_a_case_and_sees_errors(
    docs: Docs, operator: psycopg.Connection[Any], log_calls: Callable[[Tenant, int], None]
) -> None:
    try:
        docs.authorize(BootstrapToken=BOOTSTRAP_TOKEN)
        name = f"clicked-{uuid4()}"
        body = docs.block("bootstrap_tenant").locator("textarea.body-param__text")
        body.fill(body.input_value().replace("your-org-name", name))
        status, made = docs.execute("bootstrap_tenant")
        assert (status, made["message"]) == (201, f"Tenant '{name}' provisioned.")

        docs.authorize(ApiKey=made["api_key"])
        block = docs.block("create_case")
        block.locator(".opblock-section select.examples-select-element").select_option("consultation")
        status, case = docs.execute("create_case")
        assert (status, case["title"]) == (201, "Consultation for migraine")

        # If the page sent the examples of filters or of the cursor, the case would be missing.
        status, page = docs.execute("list_cases")
        assert (status, [summary["id"] for summary in page["items"]]) == (200, [case["id"]])

        block = docs.block("get_case")
        block.locator("input[placeholder='case_id']").fill(case["id"])
        assert docs.execute("get_case") == (200, case)
        unused = str(uuid4())
        block.locator("input[placeholder='case_id']").fill(unused)
        status, problem = docs.execute("get_case")
        assert (status, problem["type"]) == (404, "/problems/not-found")

        (key_id,) = operator.execute("SELECT id FROM api_keys WHERE tenant_id = %s", [made["tenant_id"]]).fetchone()
        log_calls(Tenant(made["tenant_id"], name, made["api_key"], str(key_id)), 1001)
        status, problem = docs.execute("create_case")
        assert (status, problem["type"]) == (402, "/problems/billing-cap-reached")
        docs.block("create_case").locator(".opblock-summary").scroll_into_view_if_needed()
    finally:
        docs.page.screenshot(path=ROOT / "build" / "docs.png")

    assert docs.refused == [f"404 /cases/{unused}", "402 /cases"]
    assert (docs.errors, docs.violations) == ([], [])
    assert docs.hosts == {urlsplit(docs.url).netloc}


def test_each_operation_opens_with_its_summary_and_its_description(docs: Docs) -> None:
    for operation in CONTRACT.operations:
        block = docs.block(operation.id)
        sync_api.expect(block.locator(".opblock-summary-description")).to_have_text(operation.definition["summary"])
        sync_api.expect(block.locator(".opblock-description")).not_to_be_empty()
        assert block.locator(".authorization__btn").count() == bool(operation.security), operation.id
        block.locator(".opblock-summary-control").dispatch_event("click")

    assert docs.page.locator(".opblock").count() == len(CONTRACT.operations)
    assert (docs.refused, docs.errors, docs.violations) == ([], [], [])
    assert docs.hosts == {urlsplit(docs.url).netloc}


def test_each_security_scheme_can_be_authorized(docs: Docs) -> None:
    docs.page.locator(".btn.authorize").click()
    for scheme in CONTRACT.document["components"]["securitySchemes"]:
        sync_api.expect(docs.scheme_title(scheme)).to_be_visible()


def test_a_key_is_sent_as_a_bearer_token_where_that_scheme_was_authorized(docs: Docs, tenant: Tenant) -> None:
    docs.authorize(Bearer=tenant.api_key)

    status, caller = docs.execute("get_caller")

    assert (status, caller["key_id"]) == (200, tenant.key_id)


def test_the_page_runs_no_inline_script_and_reaches_no_other_host(docs: Docs) -> None:
    docs.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.injected = true";
            document.body.append(script);
            return fetch("http://127.0.0.2:9/").catch(() => null);
        }"""
    )

    assert docs.page.evaluate("window.injected") is None
    assert docs.violations == ["script-src-elem inline", "connect-src http://127.0.0.2:9/"]
    assert docs.errors


def test_the_page_of_a_problem_type_is_styled_and_reaches_no_other_host(browser: Any, service: Service) -> None:
    watched = Watched(browser.new_page(viewport={"width": 1000, "height": 900}))
    page = watched.page
    try:
        page.goto(f"{service.url}/problems")
        page.screenshot(path=ROOT / "build" / "problems.png", full_page=True)
        page.get_by_role("link", name="role-required").click()
        page.get_by_role("heading", name="Insufficient role").wait_for()
        page.screenshot(path=ROOT / "build" / "problem.png", full_page=True)

        assert page.locator("pre").evaluate("element => getComputedStyle(element).borderRadius") == "6px"
        assert (watched.errors, watched.violations) == ([], [])
        assert watched.hosts == {urlsplit(service.url).netloc}
    finally:
        page.close()
