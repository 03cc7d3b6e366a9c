"""The web console: what its page transfers, and when the overview first paints, next to a page of text.

Each load has a new browser profile, so nothing is cached. The page of text is `/problems/not-found` of the same
service, loaded in the same rounds: it shows what the browser itself takes.
"""

import gzip
import re
import statistics
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks.harness import TOKEN, make_tenant, postgresql, serve

PORT = 18930
KILOBYTES_MAX = 100.0
PAINT_MILLISECONDS_MAX = 300.0
TEXT, OVERVIEW = "page of text", "overview"
_KEEP_KEY = "sessionStorage.setItem('clincore-api-key', '{key}')"
_PAINTED = """() => new Promise((resolve) => new PerformanceObserver((list) => {
    const [paint] = list.getEntriesByName("first-contentful-paint");
    if (paint) resolve(paint.startTime);
}).observe({ type: "paint", buffered: true }))"""


def main(rounds: int) -> None:
    """Measure and print. Exit code 1: a target is missed."""
    from playwright.sync_api import sync_playwright

    url = f"http://127.0.0.1:{PORT}"
    with postgresql() as server:
        variables = {"DATABASE_URL": server.url, "BOOTSTRAP_TOKEN": TOKEN}
        with serve("clincore.asgi:app", PORT, 1, None, variables), sync_playwright() as playwright:
            tenant = make_tenant(url, server, "console", {"title": "Migraine"})
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            pages = {TEXT: f"{url}/problems/not-found", OVERVIEW: f"{url}/console/"}
            loads: dict[str, list[tuple[float, float, int]]] = {name: [] for name in pages}
            for _ in range(rounds + 1):
                for name, address in pages.items():
                    loads[name].append(_load(browser, address, tenant.api_key))
            browser.close()
            whole = _whole(url)
    table = Table(title=f"Median of {rounds} loads in a new profile")
    for column in ("page", "first contentful paint, ms", "KB transferred", "requests"):
        table.add_column(column, justify="left" if column == "page" else "right")
    medians = {}
    for name, found in loads.items():
        # The first round warms up the browser and the service.
        medians[name] = [statistics.median(values) for values in zip(*found[1:], strict=True)]
        paint, kilobytes, requests = medians[name]
        table.add_row(name, f"{paint:.0f}", f"{kilobytes:.1f}", f"{requests:.0f}")
    Console(width=110).print(table, f"All files of the console in gzip: {whole:.1f} KB")
    if medians[OVERVIEW][0] > PAINT_MILLISECONDS_MAX or whole > KILOBYTES_MAX:
        raise SystemExit(1)


def _load(browser: Any, address: str, key: str) -> tuple[float, float, int]:
    """Milliseconds until the first paint with content, kilobytes of all responses, and their number."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(_KEEP_KEY.format(key=key))
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    paint = page.evaluate(_PAINTED)
    context.close()
    return paint, sum(sizes) / 1000, len(sizes)


def _whole(url: str) -> float:
    """The kilobytes of the page and of all its files in gzip. The service sends those below 1 KiB as they are."""
    page = httpx.get(f"{url}/console/").text
    paths = [path for path in re.findall(r'(?:src|href)="([^"]+)"', page) if path.endswith((".js", ".css"))]
    size = sum(len(gzip.compress(httpx.get(f"{url}/console/{path}").content)) for path in ("", *paths))
    return size / 1000
