"""Pages of the service in a real Chromium, with everything that they must not do."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

NEEDED = "a browser: this needs Chromium and pip install -e '.[test,browser]'"
sync_api = pytest.importorskip("playwright.sync_api", reason=NEEDED)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    pytest.skip(NEEDED, allow_module_level=True)

TIMEOUT_MS = 30_000
_ARGUMENTS = [
    # Chromium's sandbox does not work for root.
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Requests to other hosts fail, on every machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
_ON_VIOLATION = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
        window.violations.push(`${violatedDirective} ${blockedURI}`));
"""


@contextmanager
def launched() -> Iterator[Any]:
    """A browser of Playwright."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()


class Watched:
    """A page, with the hosts of its requests, its refused requests and its errors."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.hosts: set[str] = set()
        self.errors: list[str] = []
        self.refused: list[str] = []
        page.set_default_timeout(TIMEOUT_MS)
        page.on("request", self._on_request)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._on_console)
        page.add_init_script(_ON_VIOLATION)

    def _on_request(self, request: Any) -> None:
        # Icons and files that the page makes itself have no host.
        if not request.url.startswith(("data:", "blob:")):
            self.hosts.add(urlsplit(request.url).netloc)

    def _on_console(self, message: Any) -> None:
        refused = re.match(r"Failed to load resource: the server responded with a status of (\d+)", message.text)
        if refused:
            # Chromium logs this for each response with a status of 400 or more.
            self.refused.append(f"{refused[1]} {urlsplit(message.location['url']).path}")
        elif message.type in ("error", "warning"):
            self.errors.append(message.text)

    @property
    def violations(self) -> list[str]:
        """What the Content-Security-Policy blocked."""
        found: list[str] = self.page.evaluate("window.violations ?? []")
        return found
