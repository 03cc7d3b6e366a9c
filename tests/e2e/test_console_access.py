"""The web console for everyone: axe (WCAG 2.2 AA) in both themes, narrow and zoomed, by keyboard alone, on paper.

Leaves a screenshot of each screen in build/.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from clincore.cli import demo
from clincore.cli.api import Service as Client
from support.browser import sync_api
from support.console import Console
from support.service import Service
from support.tenants import Tenant, bootstrap

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe: this needs pip install -e '.[browser]'")
# CI has a gate for them.
pytestmark = pytest.mark.slow
expect = sync_api.expect

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
THEMES = ("light", "dark")
ZOOMED = 640
"""The width of a window of 1280 px at 200 %, in CSS pixels."""
WIDTHS = (320, ZOOMED, 1280)


@pytest.fixture(scope="module")
def clinic(service: Service) -> Tenant:
    """A tenant with the cases of `clincore init --demo`."""
    with httpx.Client(base_url=service.url) as client:
        tenant = bootstrap(client)
    api = Client(service.url, tenant.api_key)
    demo.load(api, lambda _: None)
    api.close()
    return tenant


@pytest.fixture(scope="module")
def ids(service: Service, clinic: Tenant) -> dict[str, str]:
    """The ids of cases by external id, and of one in each status by its status."""
    items = httpx.get(f"{service.url}/cases?limit=100", headers=clinic.key).json()["items"]
    return {item["status"]: item["id"] for item in items} | {item["external_id"]: item["id"] for item in items}


def screens(ids: dict[str, str]) -> dict[str, str]:
    """The paths of the screens by their names."""
    signed, amended = f"/cases/{ids['demo-04']}", f"/cases/{ids['amended']}"
    return {
        "overview": "/",
        "cases": "/cases",
        "no-case": "/cases?status=draft&created_before=2020-01-01",
        "case": signed,
        "case-amended": amended,
        "case-draft": f"/cases/{ids['draft']}",
        "case-void": f"/cases/{ids['entered_in_error']}",
        "case-cancelled": f"/cases/{ids['cancelled']}",
        "history": f"{amended}/history?from=1&to=2",
        "case-access-log": f"{signed}/access-log",
        "new": "/cases/new",
        "edit": f"/cases/{ids['draft']}/edit",
        "import": "/import",
        "keys": "/keys",
        "usage": "/usage?range=7d",
        "access-log": "/access-log",
    }


NAMES = tuple(screens(dict.fromkeys(("demo-04", "amended", "draft", "entered_in_error", "cancelled"), "")))


@pytest.fixture(scope="module")
def signed_in(browser: Any, service: Service, clinic: Tenant) -> Iterator[Console]:
    """The console with the admin's key, in one page for all screens."""
    context = browser.new_context(viewport={"width": 320, "height": 900}, reduced_motion="reduce")
    console = Console(context.new_page(), service.url)
    console.sign_in(clinic.api_key)
    yield console
    console.check()
    context.close()


def findings(page: Any) -> list[str]:
    """What axe finds, a line for each element."""
    results = axe.Axe().run(page, options=RULES).response
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


def assert_no_sideways_scroll(page: Any) -> None:
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1], f"the page is {widths[0]} px wide in a window of {widths[1]} px"


@pytest.mark.parametrize("name", NAMES)
def test_a_screen_has_no_barrier_in_any_theme_and_width(signed_in: Console, ids: dict[str, str], name: str) -> None:
    page = signed_in.page
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    signed_in.open(screens(ids)[name])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_no_sideways_scroll(page)
        for theme in THEMES if width != ZOOMED else ():
            page.emulate_media(color_scheme=theme)
            signed_in.picture(f"{name}-{theme}-{width}")
            assert findings(page) == [], (theme, width)


@pytest.mark.parametrize("theme", THEMES)
def test_signing_in_and_dialogs_have_no_barrier(
    browser: Any, service: Service, clinic: Tenant, ids: dict[str, str], theme: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 700}, color_scheme=theme)
    console = Console(context.new_page(), service.url)
    console.open()
    console.picture(f"sign-in-{theme}-320")
    assert findings(console.page) == []
    assert_no_sideways_scroll(console.page)
    # A case whose subject has several blood pressures.
    console.sign_in(clinic.api_key, f"/cases/{ids['demo-10']}")
    for name in ("Amend", "Attest", "Void", "Erase the subject"):
        console.button(name).click()
        console.picture(f"dialog-{name.split()[0].lower()}-{theme}-320", is_whole=False)
        assert findings(console.page) == [], name
        console.button("Go back").click()
    console.page.get_by_role("button", name=re.compile("^Verify")).click()
    console.page.get_by_role("region", name="Checks").wait_for()
    console.page.get_by_role("button", name=re.compile("Show values over time")).click()
    console.page.locator("chart-figure svg").first.wait_for()
    console.picture(f"verified-{theme}-320")
    assert findings(console.page) == []
    assert_no_sideways_scroll(console.page)
    console.check()
    context.close()


def test_a_case_is_found_amended_and_discarded_by_keyboard_alone(
    console: Console, client: httpx.Client, clinic: Tenant, ids: dict[str, str]
) -> None:
    page = console.page

    def tab_to(wanted: Any) -> None:
        """Press Tab until the control has the focus, which must be visible."""
        wanted.wait_for()
        for _ in range(200):
            if wanted.evaluate("element => element === document.activeElement"):
                assert wanted.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {wanted}")

    def press(wanted: Any) -> None:
        tab_to(wanted)
        page.keyboard.press("Enter")

    console.open()
    tab_to(page.get_by_label("API key"))
    page.keyboard.type(clinic.api_key)
    page.keyboard.press("Enter")
    press(page.get_by_role("link", name="Cases", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
    # The focus is on the new screen's heading, not lost.
    assert page.evaluate("document.activeElement.tagName") == "H1"
    title = client.get(f"/cases/{ids['demo-04']}", headers=clinic.key).json()["title"]
    press(page.get_by_role("link", name=title, exact=True))
    press(console.button("Amend"))
    page.keyboard.type("A word was missing.")
    press(console.button("Begin"))
    console.told("The amendment is open.")
    press(console.button("Discard the amendment"))
    press(console.button("Go back"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    press(console.button("Discard the amendment"))
    press(console.button("Discard the amendment"))
    console.told("The amendment is discarded.")


def test_a_chart_is_read_with_arrow_keys(console: Console, clinic: Tenant) -> None:
    console.sign_in(clinic.api_key, "/usage?range=24h")
    page = console.page
    figure = page.locator("chart-figure").first
    figure.locator(".chart-target").last.focus()
    first = figure.locator(".chart-told").text_content()
    page.keyboard.press("ArrowLeft")

    told = figure.locator(".chart-told").text_content()
    assert first and told and told != first


def test_every_printed_page_names_the_revision_its_hash_and_how_to_verify(
    console: Console, clinic: Tenant, ids: dict[str, str], client: httpx.Client, tmp_path: Path
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("a printed case: this needs Debian's poppler-utils")
    case_id = ids["demo-04"]
    shown = client.get(f"/cases/{case_id}", headers=clinic.key).json()
    number = shown["revision"]
    revision = client.get(f"/cases/{case_id}/revisions/{number}", headers=clinic.key).json()
    console.sign_in(clinic.api_key, f"/cases/{case_id}")
    console.page.pdf(path=tmp_path / "case.pdf", format="A5", prefer_css_page_size=False)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "case.pdf", "-"], capture_output=True, text=True, check=True
    )
    pages = [page for page in text.stdout.split("\f") if page.strip()]

    assert len(pages) > 1
    for page in pages:
        plain = re.sub(r"\s+", "", page)
        for expected in (revision["sha256"], f"Revision {number}", "Verify:clincoreverify", shown["subject"]["name"]):
            assert re.sub(r"\s+", "", expected) in plain
    assert "Sign out" not in text.stdout and "curl" not in text.stdout
