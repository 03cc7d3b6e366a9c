"""The web console in a browser."""

from typing import Any
from urllib.parse import urlsplit

from support.browser import Watched
from support.paths import ROOT

PICTURES = ROOT / "build"
_GO = """
    (hash) => new Promise((resolve) => {
        window.addEventListener("hashchange", resolve, { once: true });
        location.hash = hash;
    })"""


class Console(Watched):
    """The console in a page. Its requests go to the service alone, and no script of it may fail."""

    def __init__(self, page: Any, url: str) -> None:
        super().__init__(page)
        self.url = url
        self.expected: set[str] = set()
        """Requests that the service refuses, such as `404 /cases/{id}`."""
        self.is_cut_off = False
        """Whether the test loses answers. The browser logs that as errors."""

    def open(self, path: str = "/") -> None:
        """Show a screen, such as `/cases`, and wait until it is there."""
        address = f"{self.url}/console/#{path}"
        if self.page.url.startswith(f"{self.url}/console/#") and self.page.url != address:
            # Nothing is loaded. Without waiting for the event, the screen before would be taken for the new one.
            self.page.evaluate(_GO, f"#{path}")
        else:
            self.page.goto(address)
        self.wait()

    def wait(self) -> None:
        """Wait until a screen is there."""
        self.page.locator("main:not([aria-busy]) > h1").wait_for()

    def sign_in(self, key: str, path: str = "/", *, is_kept: bool = False) -> None:
        self.open(path)
        self.page.get_by_label("API key").fill(key)
        if is_kept:
            self.page.get_by_label("Keep the key").check()
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("button", name="Sign out").wait_for()
        self.wait()

    def button(self, name: str) -> Any:
        """The button, of the open dialog if there is one."""
        dialog = self.page.get_by_role("dialog")
        return (dialog if dialog.count() else self.page).get_by_role("button", name=name, exact=True)

    def told(self, text: str) -> None:
        """Wait until the console says that something was done."""
        self.page.locator("#announcements", has_text=text).wait_for()

    def picture(self, name: str, *, is_whole: bool = True) -> None:
        """Keep a screenshot of the whole page, or of what the window shows, as build/console-<name>.png."""
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"console-{name}.png", full_page=is_whole)

    def check(self) -> None:
        """Nothing was blocked, failed or asked of another host."""
        unexpected = [refused for refused in self.refused if refused not in self.expected]
        lost = "Failed to load resource: net::" if self.is_cut_off else None
        errors = [error for error in self.errors if lost is None or not error.startswith(lost)]
        assert (errors, self.violations, unexpected) == ([], [], [])
        assert self.hosts == {urlsplit(self.url).netloc}
