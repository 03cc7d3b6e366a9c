"""The start page and the console's files."""

import gzip
import re
from urllib.parse import quote

import httpx
import pytest

from support.paths import ROOT
from support.tenants import Tenant

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
TRANSFERRED_BYTES_MAX = 100_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)


def files_of(page: str) -> list[str]:
    """The files that a page loads, relative to it."""
    return [path for path in re.findall(r'(?:src|href)="([^"]+)"', page) if path.endswith((".js", ".css"))]


def test_the_start_page_is_for_browsers_and_others_get_the_problem_document(client: httpx.Client) -> None:
    page = client.get("/", headers=BROWSER)

    assert (page.status_code, page.headers["Content-Type"], page.headers["Vary"]) == (
        200,
        "text/html",
        "Accept, Accept-Encoding",
    )
    for path in ("console/", "docs", "openapi.yaml", "openapi.json", "problems"):
        assert f'href="{path}"' in page.text
        assert client.get(path).status_code == 200
    for accept in ("*/*", "application/json", "application/problem+json", "text/html;q=0, */*"):
        other = client.get("/", headers={"Accept": accept})
        assert (other.status_code, other.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize("path", ["/nowhere", "/console", "/Console/", "/cases/1/2/3/4"])
def test_a_browser_gets_a_page_at_an_unknown_path(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers=BROWSER)

    assert (page.status_code, page.headers["Content-Type"], page.headers["Vary"]) == (404, "text/html", "Accept")
    assert page.headers["Content-Security-Policy"] == client.get("/docs").headers["Content-Security-Policy"]
    assert 'href="/console/"' in page.text and "This page does not exist" in page.text
    for headers in ({}, {"Accept": "application/json"}):
        assert client.get(path, headers=headers).json()["type"] == "/problems/not-found"
    assert client.post(path, headers=BROWSER).json()["type"] == "/problems/not-found"


def test_the_page_of_an_unknown_path_shows_the_path_as_text(client: httpx.Client) -> None:
    page = client.get("/cases/%3Cscript%3Ealert(1)%3C%2Fscript%3E%22/x/y", headers=BROWSER)

    assert page.status_code == 404
    assert "<script" not in page.text


def test_an_error_of_the_api_stays_a_problem_document_for_a_browser(client: httpx.Client, tenant: Tenant) -> None:
    refused = client.get("/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11", headers=BROWSER | tenant.key)

    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/not-found")


def test_files_are_sent_without_comments_types_and_indentation_and_otherwise_as_they_are(client: httpx.Client) -> None:
    for file in (ROOT / "clincore/console").glob("*.[jc]s*"):
        if file.suffix == ".json":
            continue
        sent = iter(client.get(f"/console/0123456789abcdef/{file.name}").text.splitlines())
        left_out, awaited = [], next(sent)
        for line in file.read_text().splitlines():
            if re.sub(r"/\*\* @type [^*]+\*/ ?", "", line).strip() == awaited:
                awaited = next(sent, None)
            else:
                left_out.append(line.strip())
        assert awaited is None, f"{file.name} has no line {awaited}"
        assert {line[0] for line in left_out if line} <= {"/", "*"}, file.name


def test_the_console_has_its_policy_and_loads_only_its_own_files(client: httpx.Client) -> None:
    page = client.get("/console/", headers=BROWSER)

    assert page.headers["Content-Security-Policy"] == POLICY
    paths = files_of(page.text)
    assert {path.partition("/")[2] for path in paths} >= {"main.js", "api.js", "console.css"}
    for path in paths:
        file = client.get(f"/console/{path}")
        assert (file.status_code, file.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
        assert file.headers["Content-Type"] == {"js": "text/javascript", "css": "text/css"}[path.rpartition(".")[2]]
    assert "http" not in re.sub(r"data:[^\"]+", "", page.text)


def test_every_module_of_the_console_is_loaded_with_its_page(client: httpx.Client) -> None:
    """Without a list of modules the browser would fetch them one after another, as it finds their imports."""
    loaded = {path.partition("/")[2] for path in files_of(client.get("/console/").text)}

    assert loaded == {path.name for path in (ROOT / "clincore/console").glob("*.[jc]s*")} - {"home.js", "jsconfig.json"}


def test_a_file_of_another_version_is_the_current_one_and_not_kept(client: httpx.Client) -> None:
    page = client.get("/console/").text
    (main,) = (path for path in files_of(page) if path.endswith("/main.js"))

    other = client.get("/console/0123456789abcdef/main.js")
    assert (other.content, other.headers["Cache-Control"]) == (client.get(f"/console/{main}").content, "no-cache")
    unknown = client.get("/console/0123456789abcdef/none.js")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/not-found")
    for not_served in ("index.html", "jsconfig.json", "types.d.ts", "..%2fopenapi.yaml", "../openapi.yaml"):
        assert client.get(f"/console/0123456789abcdef/{not_served}").status_code in (400, 404)


@pytest.mark.parametrize("path", ["/", "/console/", "/console/0123456789abcdef/main.js"])
def test_an_unchanged_page_or_file_is_answered_304(client: httpx.Client, path: str) -> None:
    etag = client.get(path, headers=BROWSER).headers["ETag"]

    again = client.get(path, headers=BROWSER | {"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)


def test_the_whole_console_takes_at_most_100_kilobytes(client: httpx.Client) -> None:
    page = client.get("/console/").text
    bodies = [client.get(f"/console/{path}").content for path in files_of(page)]

    assert sum(len(gzip.compress(body)) for body in [page.encode(), *bodies]) <= TRANSFERRED_BYTES_MAX


@pytest.mark.parametrize("path", ["/", "/console/", "/nowhere"])
def test_head_has_the_headers_of_a_page_and_no_body(client: httpx.Client, path: str) -> None:
    page, head = client.get(path, headers=BROWSER), client.head(path, headers=BROWSER)

    changing = {"x-request-id", "date"}
    assert head.content == b""
    assert head.status_code == page.status_code
    assert {name: value for name, value in head.headers.items() if name not in changing} == {
        name: value for name, value in page.headers.items() if name not in changing
    }
    assert client.head("/", headers={"Accept": "*/*"}).status_code == 404


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "//evil.example/",
    "%0d%0aX: y",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_request_is_in_the_page_of_an_unknown_path(client: httpx.Client, text: str) -> None:
    plain = client.get("/nowhere", headers=BROWSER)
    quoted = quote(text, safe="%/:")
    for path in (f"/nowhere?q={quoted}", f"/nowhere/{quoted}", f"/{quoted}/x"):
        page = client.get(path, headers=BROWSER | {"Host": "evil.example", "X-Forwarded-Prefix": text, "Referer": path})
        assert (page.status_code, page.text) == (404, plain.text), path
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "x" not in page.headers


def test_pages_cannot_be_framed_and_send_no_form(client: httpx.Client) -> None:
    for path in ("/", "/console/", "/nowhere"):
        policy = client.get(path, headers=BROWSER).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert "base-uri 'none'" in policy and "form-action" in policy


@pytest.mark.parametrize(
    "name", ["__init__.py", "main.js%00.css", "MAIN.JS", "main.js.map", ".", "%2e%2e", "home.html"]
)
def test_only_modules_and_styles_of_the_console_are_served(client: httpx.Client, name: str) -> None:
    for digest in ("0123456789abcdef", "__proto__", "..;"):
        assert client.get(f"/console/{digest}/{name}").status_code in (400, 404)


def test_the_browser_loads_all_modules_at_once_and_first_what_every_screen_needs(client: httpx.Client) -> None:
    preloads = re.findall(
        r'<link rel="modulepreload"( fetchpriority="low")? href="\w+/(\w+\.js)">', client.get("/console/").text
    )
    sources = {file.name: file.read_text() for file in (ROOT / "clincore" / "console").glob("*.js")}
    needed, unread = set(), ["main.js"]
    while unread:
        name = unread.pop()
        needed.add(name)
        # Also statements of several lines.
        unread += set(re.findall(r'^import [^;]*?"\./(\w+\.js)";', sources[name], re.MULTILINE)) - needed

    assert sorted(name for _, name in preloads) == sorted(sources.keys() - {"main.js", "home.js"})
    assert {name for is_later, name in preloads if not is_later} == needed - {"main.js"}
