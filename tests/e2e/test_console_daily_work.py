"""The web console in the daily work of a clerk and an auditor: nothing typed is lost, and ways are short."""

import re
from pathlib import Path

import httpx
import pytest

from support.browser import sync_api
from support.cases import make_case
from support.commands import run
from support.console import Console
from support.lifecycle import Case
from support.tenants import Tenant

# CI has a gate for them.
pytestmark = pytest.mark.slow
expect = sync_api.expect
SCROLL = """
    (element) => new Promise((resolve) => {
        window.addEventListener("scrollend", resolve, { once: true });
        element.scrollIntoView();
    })"""


def test_a_screen_does_not_wait_for_the_modules_of_others(console: Console, tenant: Tenant) -> None:
    console.page.route(re.compile(r"/(edit|usage|case)\.js$"), lambda route: None)
    console.page.goto(f"{console.url}/console/", wait_until="commit")
    console.page.get_by_label("API key").fill(tenant.api_key)
    console.page.keyboard.press("Enter")
    expect(console.page.get_by_text("Nothing needs attention.")).to_be_visible()


def test_a_page_that_the_key_may_not_open_says_what_it_needs_and_sends_nothing(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    body = {"label": "import", "role": "user", "scopes": ["import"]}
    made = client.post("/admin/api-keys", json=body, headers=tenant.key).json()
    console.sign_in(made["api_key"])
    sent: list[str] = []
    console.page.on("request", lambda request: sent.append(request.url) if "/console/" not in request.url else None)
    case = f"/cases/{make_case(client, tenant.key)}"
    for path, needed in {
        "/cases": "the scope read",
        "/cases/new": "the scope write",
        case: "the scope read",
        f"{case}/edit": "the scope write",
        f"{case}/access-log": "the role admin and the scope read",
        "/usage": "the role admin and the scope read",
    }.items():
        console.open(path)
        expect(console.page.get_by_role("main")).to_contain_text(f"it needs {needed}.")
    assert sent == []


def test_a_form_keeps_its_empty_rows_while_something_in_it_is_wrong(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    console.sign_in(tenant.api_key, "/cases/new")
    page = console.page
    console.button("Add a condition").click()
    console.button("Create the case").click()
    expect(page.get_by_label("Title", exact=True).first).to_be_focused()
    assert page.locator(".field-error").all_text_contents() == ["is required"]

    # What is empty is still not sent.
    page.get_by_label("Title", exact=True).first.fill("Follow-up")
    page.get_by_role("group", name="Identifier 1").get_by_label("Value").press("End")
    page.get_by_label("In words").press("End")
    console.button("Create the case").click()
    console.told("The case is created as a draft.")
    (case,) = client.get("/cases", headers=tenant.key).json()["items"]
    shown = client.get(f"/cases/{case['id']}", headers=tenant.key).json()
    assert (shown["subject"], shown["conditions"]) == (None, [])


def test_the_way_back_from_a_case_that_was_written_leads_to_the_list(console: Console, tenant: Tenant) -> None:
    console.sign_in(tenant.api_key, "/cases")
    page = console.page
    page.get_by_role("link", name="New case").first.click()
    page.get_by_label("Title", exact=True).first.fill("Follow-up")
    console.button("Create the case").click()
    console.told("The case is created as a draft.")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
    page.go_forward()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Plan", exact=True).fill("Rest.")
    console.button("Save the draft").click()
    console.told("The draft is saved.")


def test_a_time_without_an_offset_is_of_the_time_zone_of_the_browser(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    case = Case(client, tenant)
    console.sign_in(tenant.api_key, f"/cases/{case.id}/edit")
    page = console.page
    start = page.get_by_label("Period: start", exact=True)
    for typed in ("2026-03-02 09:05", "2026-03-02T09:05:00"):
        start.fill(typed)
        start.press("Tab")
        expect(start).to_have_value(re.compile(r"2026-03-02T09:05:00[+-]\d\d:\d\d"))
    # It is not taken for the 2nd of March.
    for typed in ("2026-02-30 09:05", "2026-03-02 25:00", "yesterday"):
        start.fill(typed)
        start.press("Tab")
        expect(start).to_have_value(typed)
    before = case.show()
    console.button("Save the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent.")
    assert case.show() == before


def test_what_becomes_of_an_unsaved_form_is_said_before_signing_in_and_out(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    made = client.post(
        "/admin/api-keys", json={"label": "desk", "scopes": ["read", "write"]}, headers=tenant.key
    ).json()
    console.sign_in(made["api_key"], "/cases/new")
    page = console.page
    title = page.get_by_label("Title", exact=True).first
    title.fill("Half written")
    console.button("Sign out").click()
    expect(page.get_by_role("dialog")).to_contain_text("Signing out discards them.")
    console.button("Go back").click()
    expect(title).to_have_value("Half written")

    # The service does not accept the key for a while, and then does again.
    page.route(re.compile("/cases"), lambda route: route.fulfill(status=401, json={"type": "/problems/unauthorized"}))
    page.get_by_role("link", name="Cases", exact=True).click()
    console.expected.add("401 /cases")
    expect(page.get_by_role("main")).to_contain_text("The same key shows it again, another key discards it.")
    expect(page.get_by_label("API key")).to_be_focused()
    page.unroute_all()
    console.sign_in(made["api_key"], "/cases/new")
    expect(title).to_have_value("Half written")

    console.button("Sign out").click()
    console.button("Sign out").click()
    expect(page.get_by_label("API key")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("A form is not saved.")
    console.sign_in(made["api_key"], "/cases/new")
    expect(title).to_have_value("")


def test_the_way_back_to_a_list_leads_to_the_place_in_it(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    for number in range(40):
        assert client.post("/cases", json={"title": f"Case {number}"}, headers=tenant.key).is_success
    console.sign_in(tenant.api_key, "/cases")
    page = console.page
    link = page.get_by_role("link", name="Case 3", exact=True)
    link.evaluate(SCROLL)
    link.click()
    expect(page.get_by_role("heading", name="Case 3", exact=True)).to_be_visible()
    assert page.evaluate("scrollY") == 0
    page.go_back()
    expect(link).to_be_in_viewport()


def test_what_is_outside_of_the_console_leaves_it_open(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    console.sign_in(tenant.api_key)
    links = console.page.locator("a:not([href^='#'])")
    assert links.count() >= 3
    for link in links.all():
        assert link.get_attribute("target") == "_blank", link


def test_an_auditor_saves_what_verifies_a_case_without_the_service(
    console: Console, client: httpx.Client, tenant: Tenant, tmp_path: Path
) -> None:
    case = Case(client, tenant).reach("amended")
    body = {"label": "audit", "role": "admin", "scopes": ["read"]}
    made = client.post("/admin/api-keys", json=body, headers=tenant.key).json()
    console.sign_in(made["api_key"], f"/cases/{case.id}")
    page = console.page
    with page.expect_download() as saved:
        page.get_by_role("link", name="public keys").click()
    saved.value.save_as(tmp_path / "jwks.json")
    assert saved.value.suggested_filename == "jwks.json"
    page.get_by_role("link", name="History").click()
    for number in (1, 2):
        with page.expect_download() as saved:
            console.button(f"Download revision {number}").click()
        saved.value.save_as(tmp_path / f"{number}.json")

    verified = run("clincore", "verify", "1.json", "2.json", "--jwks", "jwks.json", cwd=tmp_path)
    assert verified.returncode == 0, verified.stderr
    assert verified.stdout.rstrip().endswith("VALID")


def test_a_case_as_a_document_names_its_signers(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    case = Case(client, tenant)
    case.finalize()
    case.attest()
    console.sign_in(tenant.api_key, f"/cases/{case.id}")
    # The document alone is printed.
    document = console.page.locator("case-document")
    for signer in ("Dr. Grete Beispiel, authorship", "Prof. Karl Muster, Head of department, review"):
        expect(document).to_contain_text(signer)


def test_on_a_tablet_every_button_of_the_keys_is_in_view(console: Console, tenant: Tenant) -> None:
    console.page.set_viewport_size({"width": 768, "height": 1024})
    console.sign_in(tenant.api_key, "/keys")
    for name in ("Change", "Revoke"):
        expect(console.button(name).first).to_be_in_viewport(ratio=1)


def test_the_list_of_files_says_what_it_has_before_anything_is_sent(
    console: Console, tenant: Tenant, tmp_path: Path
) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    console.sign_in(tenant.api_key, "/import")
    console.page.locator("input[type=file]").set_input_files(tmp_path / "photo.jpg")
    expect(console.page.get_by_role("main").get_by_role("status")).to_have_text("1 file: 1 cannot be sent.")


def test_files_beyond_the_limit_of_the_list_are_said_after_the_check_too(console: Console, tenant: Tenant) -> None:
    document = {
        "name": "case.json",
        "mimeType": "application/json",
        "buffer": b'{"resourceType": "Bundle", "type": "document"}',
    }
    console.expected.add("400 /fhir/Bundle/preview")
    unusable = [{"name": f"{n}.json", "mimeType": "application/json", "buffer": b"%d" % n} for n in range(101)]
    console.sign_in(tenant.api_key, "/import")
    console.page.locator("input[type=file]").set_input_files([document, *unusable])
    expect(console.page.get_by_role("main").get_by_role("status")).to_have_text(
        re.compile(r"^100 files: .*1 refused.*\. 2 files left out: the list takes 100\.$")
    )
