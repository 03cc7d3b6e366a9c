"""The web console when something goes wrong: lost answers, proxies, limits, narrowed keys, browsers that refuse."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.browser import sync_api
from support.cases import CONSULTATION, SIGNING, make_case
from support.console import Console
from support.database import Database
from support.lifecycle import Case
from support.service import serve
from support.tenants import Tenant

# CI has a gate for them.
pytestmark = pytest.mark.slow
expect = sync_api.expect
PROXY_PAGE = {"content_type": "text/html", "body": "<html><script>window.injected = 1</script>Bad gateway</html>"}


def lose_answers(console: Console, pattern: str, count: int) -> None:
    """Let the service do the next requests, and lose their answers."""
    left = [count]

    def lose(route: Any) -> None:
        if left[0] == 0:
            route.continue_()
            return
        left[0] -= 1
        route.fetch()
        route.abort("connectionreset")

    console.page.route(re.compile(pattern), lose)
    console.is_cut_off = True


def hold(console: Console, pattern: str) -> Callable[[], None]:
    """Hold back the next request. The result lets it go on."""
    held: list[Any] = []
    console.page.route(re.compile(pattern), lambda route: held.append(route), times=1)

    def release() -> None:
        for _ in range(100):
            if held:
                break
            console.page.wait_for_timeout(20)
        held.pop().continue_()

    return release


def cases_of(client: httpx.Client, tenant: Tenant) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/cases", headers=tenant.key).json()["items"]
    return items


def test_a_case_whose_answer_was_lost_is_created_once(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    console.sign_in(tenant.api_key, "/cases/new")
    page = console.page
    page.get_by_label("Title", exact=True).first.fill("Follow-up")
    lose_answers(console, "/cases$", 2)
    console.button("Create the case").click()
    expect(page.get_by_role("alert")).to_contain_text("It is not known whether this was done.")
    expect(page.get_by_label("Title", exact=True).first).to_have_value("Follow-up")
    assert len(cases_of(client, tenant)) == 1

    console.button("Create the case").click()
    page.wait_for_url(re.compile(r"#/cases/[0-9a-f-]{36}$"))
    assert len(cases_of(client, tenant)) == 1


def test_a_signature_whose_answer_was_lost_is_not_said_to_be_missing(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    case_id = make_case(client, tenant.key)
    console.sign_in(tenant.api_key, f"/cases/{case_id}")
    page = console.page
    console.button("Finalize").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Dr. Grete Beispiel")
    dialog.get_by_label("Meaning").select_option("authorship")
    lose_answers(console, "/finalize$", 2)
    console.button("Finalize").click()
    expect(dialog.get_by_role("alert")).to_contain_text("It is not known whether this was done.")

    console.button("Finalize").click()
    console.told("Revision 1 is signed.")


def test_two_presses_and_a_way_back_create_one_case_and_lose_nothing(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    console.sign_in(tenant.api_key, "/cases/new")
    page = console.page
    title = page.get_by_label("Title", exact=True).first
    title.fill("Follow-up")
    release = hold(console, "/cases$")
    console.button("Create the case").dblclick()
    # What was typed now would not be saved.
    assert page.locator("form.case-form").evaluate("form => form.inert")
    page.evaluate("location.hash = '#/keys'")
    expect(page.get_by_role("heading", name="Your key")).to_be_visible()
    page.evaluate("location.hash = '#/cases/new'")
    page.wait_for_timeout(200)
    assert page.get_by_role("button", name="Create the case").count() == 0
    release()
    expect(title).to_have_value("")
    assert [case["title"] for case in cases_of(client, tenant)] == ["Follow-up"]


def test_a_new_key_is_shown_whatever_is_pressed_meanwhile(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    console.sign_in(tenant.api_key, "/keys")
    page = console.page
    dialog = page.get_by_role("dialog")
    for act in ("escape", "back"):
        console.button("Create key").click()
        dialog.get_by_label("Label").fill("job")
        release = hold(console, "/admin/api-keys$")
        console.button("Create").click()
        if act == "escape":
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            dialog.get_by_role("button", name="Go back").click()
        else:
            page.evaluate("location.hash = '#/cases'")
            expect(page.get_by_role("heading", level=1, name="Cases")).to_be_attached()
        release()
        secret = dialog.get_by_label("API key").input_value()
        assert client.get("/auth/whoami", headers={"X-API-Key": secret}).is_success
        dialog.get_by_role("button", name="Copy").click()
        dialog.get_by_label("I have saved it").check()
        console.button("Close").click()
        expect(dialog).to_have_count(0)
    # What tells screen readers what was done is still there.
    page.evaluate("location.hash = '#/keys'")
    console.button("Copy key id").click()
    console.told("Copied.")


def test_a_question_is_closed_with_the_screen_that_it_is_about(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    case_id = make_case(client, tenant.key, is_signed=True)
    console.sign_in(tenant.api_key, "/cases")
    page = console.page
    page.get_by_role("link", name=CONSULTATION["title"]).click()
    console.button("Erase the subject").click()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
    assert page.get_by_role("dialog").count() == 0

    # What was confirmed goes on, and is told wherever the person is.
    console.open(f"/cases/{case_id}")
    console.button("Amend").click()
    page.get_by_label("Why the case is amended").fill("A word was missing.")
    release = hold(console, "/amend$")
    console.button("Begin").click()
    page.evaluate("location.hash = '#/keys'")
    release()
    console.told("The amendment is open.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keys")


def test_rotating_the_key_keeps_a_form_that_is_not_saved(console: Console, tenant: Tenant) -> None:
    console.sign_in(tenant.api_key, "/cases/new")
    page = console.page
    page.get_by_label("Title", exact=True).first.fill("Half written")
    page.evaluate("location.hash = '#/keys'")
    console.button("Rotate your key").click()
    console.button("Rotate").click()
    page.get_by_label("I have saved it").check()
    console.button("Close").click()
    page.evaluate("location.hash = '#/cases/new'")
    expect(page.get_by_label("Title", exact=True).first).to_have_value("Half written")


PROXIES: dict[str, tuple[dict[str, Any], str]] = {
    "page": ({"status": 200, **PROXY_PAGE}, "The response does not come from ClinCore"),
    "gateway": ({"status": 502, **PROXY_PAGE}, "The response does not come from ClinCore"),
    "foreign": ({"status": 503, "json": {"message": "no upstream"}}, "The response does not come from ClinCore"),
    "cut": ({"status": 200, "content_type": "application/json", "body": '{"items": ['}, "does not come from ClinCore"),
    "empty": ({"status": 200, "content_type": "application/json", "body": ""}, "does not come from ClinCore"),
    "outcome": (
        {"status": 500, "content_type": "application/fhir+json", "body": '{"resourceType": "OperationOutcome"}'},
        "The response does not come from ClinCore",
    ),
    "busy": (
        {
            "status": 503,
            "headers": {"Retry-After": "7"},
            "json": {
                "type": "/problems/unavailable",
                "title": "Service temporarily unavailable",
                "detail": "Try again.",
            },
        },
        "Wait 7 seconds, then try again.",
    ),
    "limit": (
        {
            "status": 429,
            "headers": {"Retry-After": "1"},
            "json": {"type": "/problems/rate-limited", "title": "Too many requests", "detail": "Too many."},
        },
        "Too many. Wait 1 second, then try again.",
    ),
}


def fulfill(answer: dict[str, Any], route: Any) -> None:
    route.fulfill(**answer)


def test_an_answer_that_is_no_answer_says_what_to_do(console: Console, tenant: Tenant) -> None:
    console.sign_in(tenant.api_key)
    page = console.page
    console.is_cut_off = True
    for name, (answer, told) in PROXIES.items():
        page.route(re.compile("/cases\\?"), partial(fulfill, answer), times=1)
        page.evaluate("hash => { location.hash = hash; }", f"#/cases?limit={name}")
        expect(page.get_by_role("alert")).to_contain_text(told)
        text = page.get_by_role("alert").inner_text()
        assert "undefined" not in text and "console has an error" not in text, name
        console.button("Try again").click()
        expect(page.get_by_text("No cases yet.")).to_be_visible()
    assert page.evaluate("window.injected") is None
    console.refused.clear()


def test_signing_in_behind_a_proxy_that_answers_for_the_service(console: Console, tenant: Tenant) -> None:
    console.open()
    page = console.page
    page.get_by_label("API key").fill("clin_…")
    console.button("Sign in").click()
    assert page.get_by_label("API key").evaluate("field => !field.validity.valid")
    page.route(re.compile("/auth/whoami"), lambda route: route.fulfill(status=200, **PROXY_PAGE))
    page.get_by_label("API key").fill(tenant.api_key)
    console.button("Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("The response does not come from ClinCore")
    assert page.get_by_role("button", name="Sign out").count() == 0


def test_a_key_that_is_narrowed_meanwhile_sees_what_it_may_do(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    made = client.post("/admin/api-keys", json={"label": "short"}, headers=tenant.key).json()
    console.sign_in(made["api_key"])
    page = console.page
    navigation = page.get_by_role("navigation", name="Main")
    narrowed = client.patch(f"/admin/api-keys/{made['id']}", json={"scopes": ["import"]}, headers=tenant.key)
    assert narrowed.is_success, narrowed.text
    navigation.get_by_role("link", name="Cases").click()
    expect(page.get_by_role("alert")).to_contain_text("(403)")
    console.expected.add("403 /cases")
    navigation.get_by_role("link", name="Import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import")
    expect(navigation.get_by_role("link")).to_have_text(["Overview", "Import", "Keys"])


def test_a_choice_during_a_comparison_does_not_change_what_is_compared(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    case = Case(client, tenant)
    for number in (1, 2, 3):
        if number > 1:
            assert client.post(f"/cases/{case.id}/amend", json={"reason": "Better."}, headers=tenant.key).is_success
        case.patch(plan=f"Plan {number}.")
        signed = client.post(f"/cases/{case.id}/finalize", json=SIGNING, headers=tenant.key | {"If-Match": "*"})
        assert signed.is_success, signed.text
    console.sign_in(tenant.api_key, f"/cases/{case.id}/history")
    page = console.page
    release = hold(console, "/revisions/1$")
    page.get_by_role("button", name="Compare with revision 1").click()
    page.get_by_role("button", name="Compare with revision 2").click()
    release()
    main = page.get_by_role("main")
    expect(main).to_contain_text("From Revision 2 to Revision 3")
    assert main.locator(".diff").locator("del, ins").all_text_contents() == [" removed: 2", " added: 3"]


OLD_BROWSER = """
    delete Crypto.prototype.randomUUID;
    Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined });
    Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("refused", "SecurityError"); } });
"""


def test_a_page_of_plain_http_in_a_browser_without_storage_works(console: Console, tenant: Tenant) -> None:
    page = console.page
    page.add_init_script(OLD_BROWSER)
    console.sign_in(tenant.api_key, "/cases/new", is_kept=True)
    page.get_by_label("Title", exact=True).first.fill("Plain")
    console.button("Create the case").click()
    expect(page.get_by_role("heading", level=2, name="Plain")).to_be_visible()
    page.evaluate("location.hash = '#/keys'")
    console.button("Copy key id").click()
    console.told("Copied.")
    expect(console.button("Copy key id")).to_be_focused()
    page.evaluate("document.execCommand = () => false")
    console.button("Copy key id").click()
    expect(page.get_by_role("alert")).to_contain_text("Select the text, and copy it yourself.")
    console.errors.clear()
    console.button("Sign out").click()
    expect(page.get_by_label("API key")).to_be_visible()


def test_a_huge_case_is_shown_edited_and_compared(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    unit = {"unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}
    observations = [
        {
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
            "value": {"quantity": {"value": f"{number / 100:.2f}", **unit}},
            "effective": {"date_time": f"2026-03-02T{number // 60 % 24:02}:{number % 60:02}:00Z"},
        }
        for number in range(1000)
    ]
    texts = {name: ("Ünë 患者 " * 4000)[:20_000] for name in ("reason", "history", "assessment", "plan")}
    body = CONSULTATION | texts | {"title": "Huge", "observations": observations, "diagnostic_reports": []}
    made = client.post("/cases", json=body, headers=tenant.key)
    assert made.status_code == 201, made.text
    case_id = made.json()["id"]
    assert client.post(f"/cases/{case_id}/finalize", json=SIGNING, headers=tenant.key | {"If-Match": "*"}).is_success
    assert client.post(f"/cases/{case_id}/amend", json={"reason": "Longer."}, headers=tenant.key).is_success
    changed = {"plan": texts["plan"][::-1], "observations": observations[::-1][:999]}
    merge = {"Content-Type": "application/merge-patch+json", "If-Match": "*"}
    patched = client.patch(f"/cases/{case_id}", json=changed, headers=tenant.key | merge)
    assert patched.is_success, patched.text
    console.sign_in(tenant.api_key, "/cases")
    page = console.page
    console.open(f"/cases/{case_id}?show=both")
    assert page.locator("case-document").first.locator("tbody th .entry", has_text="2823-3").count() == 1000
    console.open(f"/cases/{case_id}/edit")
    expect(page.get_by_label("Plan", exact=True)).to_have_value(texts["plan"][::-1])
    console.open(f"/cases/{case_id}/history?from=1&to=draft")
    expect(page.get_by_role("heading", name="Plan changed")).to_be_visible()


def test_a_deployment_under_a_path_prefix_has_working_links(
    console: Console, database: Database, folder: Path, tenant: Tenant
) -> None:
    program = ("clincore", "serve", "--root-path", "/clin")
    with serve(database, folder, program=program) as prefixed:
        page = console.page
        page.goto(f"{prefixed.url}/clin/")
        expect(page.get_by_text("It is ready.")).to_be_visible()
        expect(page.locator("#service")).to_have_text(f"{prefixed.url}/clin")
        assert_links_work(page)
        page.goto(f"{prefixed.url}/clin/nowhere?<script>")
        assert_links_work(page)
        page.get_by_role("link", name="Console").click()
        console.url = f"{prefixed.url}/clin"
        console.sign_in(tenant.api_key, "/cases")
        page.get_by_role("link", name="New case").first.click()
        page.get_by_label("Title", exact=True).first.fill("Prefixed")
        console.button("Create the case").click()
        expect(page.get_by_role("heading", level=2, name="Prefixed")).to_be_visible()
        page.locator("footer summary").click()
        expect(page.get_by_label("Commands")).to_contain_text(f"'{prefixed.url}/clin/cases/")
        assert_links_work(page)
        console.expected.add("404 /clin/nowhere")


def assert_links_work(page: Any) -> None:
    links = page.locator("a:not([href^='#'])").evaluate_all("links => links.map((link) => link.href)")
    assert links
    for link in links:
        answer = httpx.get(link, headers={"Accept": "text/html,*/*"})
        assert answer.status_code == 200 and "/clin/" in link, link
