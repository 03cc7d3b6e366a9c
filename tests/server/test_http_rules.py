"""What the RFCs and the Fetch standard require of a server, one row per rule, sent as raw bytes.

Each row runs against the service directly and behind Debian's nginx: without a prefix, with one that nginx strips, and
with one that it keeps.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

import httpx
import pytest

from support.cases import make_case
from support.nginx import PREFIX, nginx
from support.raw_http import RawAnswer, exchange
from support.service import BROWSER_ORIGIN, Service
from support.tenants import Tenant, bootstrap

SOME = ".+"
OTHER_ORIGIN = "https://evil.example.org"
NO_ID = "00000000-0000-4000-8000-000000000000"
EXPORT = "/admin/usage/events.ndjson?from=2001-01-01T00:00:00Z&to=2999-01-01T00:00:00Z"
JSON, PROBLEM = "application/json", re.escape("application/problem+json")
PREFLIGHT = f"Origin: {BROWSER_ORIGIN}", "Access-Control-Request-Method: PATCH"
CLOSED = "access-control-allow-origin", "access-control-allow-methods", "access-control-expose-headers"


@dataclass(frozen=True)
class Rule:
    """A request and what its response must have."""

    section: str
    says: str
    line: str
    """Method and path. Braces name a case: `draft`, `signed`, or `fresh` for a new one."""
    status: int
    sends: tuple[str, ...] = ()
    has: Mapping[str, str] = field(default_factory=dict)
    """Patterns of headers, by name."""
    lacks: tuple[str, ...] = ()
    body: str | None = None
    """The pattern of the bytes after the head; None: any."""
    content: str = ""
    version: str = "1.1"
    has_key: bool = True

    def __str__(self) -> str:
        return f"{self.section}: {self.says}"


PATCH = {"content": '{"plan":"Rest."}'}
MERGE = "Content-Type: application/merge-patch+json"
RULES = [
    # HEAD and OPTIONS
    Rule(
        "RFC 9110, 9.1 and 9.3.2",
        "HEAD exists wherever GET does and has its headers without content",
        "HEAD /cases/{draft}",
        200,
        has={"etag": '"1"', "content-type": JSON, "content-length": "[0-9]{4}", "cache-control": "no-store"},
        lacks=("transfer-encoding",),
        body="",
    ),
    Rule(
        "RFC 9110, 9.3.2",
        "an error has no content either",
        f"HEAD /cases/{NO_ID}",
        404,
        has={"content-type": PROBLEM},
        body="",
    ),
    Rule(
        "RFC 9110, 9.3.2",
        "HEAD has no length when the length of the response is unknown",
        f"HEAD {EXPORT}",
        200,
        has={"content-type": "application/x-ndjson"},
        lacks=("content-length",),
        body="",
    ),
    Rule(
        "RFC 9110, 13.1.2",
        "HEAD is conditional as GET is",
        "HEAD /cases/{draft}",
        304,
        ('If-None-Match: "1"',),
        {"etag": '"1"'},
        body="",
    ),
    Rule(
        "RFC 9110, 9.3.7 and 10.2.1",
        "OPTIONS lists the methods, HEAD included",
        "OPTIONS /cases/{draft}",
        204,
        has={"allow": "DELETE, GET, HEAD, OPTIONS, PATCH"},
        body="",
        has_key=False,
    ),
    Rule("RFC 9110, 8.6", "204 has no Content-Length", "OPTIONS /cases", 204, lacks=("content-length",), body=""),
    Rule(
        "RFC 5789, 3.1",
        "OPTIONS lists the media types of PATCH",
        "OPTIONS /cases/{draft}",
        204,
        has={"accept-patch": re.escape("application/merge-patch+json")},
    ),
    Rule("RFC 5789, 3.1", "without PATCH there is no Accept-Patch", "OPTIONS /cases", 204, lacks=("accept-patch",)),
    Rule(
        "RFC 9110, 15.5.6",
        "405 has Allow",
        "PUT /cases",
        405,
        has={"allow": "GET, HEAD, OPTIONS, POST", "content-type": PROBLEM},
        content="{}",
    ),
    # Media types
    Rule(
        "RFC 5789, 2.2",
        "415 for PATCH has Accept-Patch",
        "PATCH /cases/{draft}",
        415,
        ('If-Match: "1"', "Content-Type: application/json"),
        {"accept-patch": re.escape("application/merge-patch+json")},
        ("accept",),
        **PATCH,
    ),
    Rule(
        "RFC 9110, 15.5.16",
        "415 has Accept",
        "POST /cases",
        415,
        ("Content-Type: text/plain",),
        {"accept": JSON},
        ("accept-patch",),
        content="x",
    ),
    Rule(
        "RFC 9110, 15.5.16",
        "415 for a content coding has Accept-Encoding",
        "POST /cases",
        415,
        ("Content-Type: application/json", "Content-Encoding: gzip"),
        {"accept-encoding": "identity"},
        content="x",
    ),
    Rule(
        "RFC 9110, 12.5.1",
        "the weight of the most specific range counts",
        "GET /cases/{signed}/document",
        200,
        ("Accept: application/*;q=0.9, application/fhir+json;q=0.1",),
        {"content-type": JSON, "vary": ".*Accept.*"},
    ),
    Rule(
        "FHIR R4, http.html#mime-type",
        "a request for the generic media type is answered in it",
        "GET /cases/{signed}/document",
        200,
        ("Accept: application/json",),
        {"content-type": JSON, "etag": '"2\\.[0-9a-f]{32}"'},
    ),
    Rule(
        "RFC 9110, 12.5.1",
        "a weight of 0 excludes",
        "GET /cases/{draft}",
        406,
        ("Accept: application/json;q=0, text/html",),
        {"content-type": PROBLEM},
    ),
    Rule("RFC 9110, 12.5.1", "no Accept means any", "GET /health", 200, has={"content-type": JSON}),
    Rule(
        "RFC 9110, 12.5.5",
        "Vary names the headers that selected the response",
        "GET /cases/{draft}",
        200,
        has={"vary": "Origin, Accept, Accept-Encoding"},
    ),
    Rule(
        "RFC 9110, 12.5.5",
        "an error has Vary too",
        f"GET /cases/{NO_ID}",
        404,
        has={"vary": "Origin, Accept, Accept-Encoding"},
    ),
    # Content codings
    Rule(
        "RFC 9110, 8.4 and 8.8.3.3",
        "each content coding has its own ETag",
        "GET /cases/{draft}",
        200,
        ("Accept-Encoding: gzip",),
        {"content-encoding": "gzip", "etag": r'"1\.gzip"'},
        body="\x1f\x8b.*",
    ),
    Rule(
        "RFC 9110, 12.5.3",
        "a coding with the weight 0 is not used",
        "GET /cases/{draft}",
        200,
        ("Accept-Encoding: gzip;q=0, *",),
        {"etag": '"1"'},
        ("content-encoding",),
    ),
    Rule(
        "RFC 9110, 12.5.3",
        "without Accept-Encoding nothing is encoded",
        "GET /openapi.json",
        200,
        has={"etag": SOME},
        lacks=("content-encoding",),
    ),
    # Conditional requests
    Rule(
        "RFC 9110, 15.4.5",
        "304 has ETag, Vary and Cache-Control and no content",
        "GET /cases/{draft}",
        304,
        ('If-None-Match: "1"',),
        {"etag": '"1"', "vary": SOME, "cache-control": "no-store"},
        ("content-type", "transfer-encoding"),
        body="",
    ),
    Rule(
        "RFC 9110, 8.6",
        "304 has no Content-Length that differs from that of the 200",
        "GET /cases/{draft}",
        304,
        ('If-None-Match: "1"',),
        lacks=("content-length",),
    ),
    Rule(
        "RFC 9110, 13.1.2",
        "If-None-Match is a list, compared weakly",
        "GET /cases/{draft}",
        304,
        ('If-None-Match: "0", W/"1"',),
        {"etag": '"1"'},
    ),
    Rule(
        "RFC 9110, 5.3",
        "a list may be in several lines",
        "GET /cases/{draft}",
        200,
        ("Accept: text/html", "Accept: application/json"),
        {"content-type": JSON},
    ),
    Rule("RFC 9110, 13.1.2", "If-None-Match: * matches any tag", "GET /cases/{draft}", 304, ("If-None-Match: *",)),
    Rule("RFC 9110, 13.1.2", "another tag does not match", "GET /cases/{draft}", 200, ('If-None-Match: "2", "3"',)),
    Rule(
        "RFC 9110, 13.1.2",
        "the tag of a coding matches in that coding",
        "GET /cases/{draft}",
        304,
        ('If-None-Match: "1.gzip"', "Accept-Encoding: gzip"),
        {"etag": r'"1\.gzip"'},
    ),
    Rule(
        "RFC 9110, 13.1.2",
        "static files are conditional",
        "GET /docs/swagger-ui.css",
        304,
        ("If-None-Match: *",),
        {"etag": SOME, "cache-control": "no-cache"},
        has_key=False,
    ),
    Rule(
        "RFC 9110, 13.1.1",
        "If-Match is a list",
        "PATCH /cases/{fresh}",
        200,
        (MERGE, 'If-Match: "0", "1"'),
        {"etag": '"2"'},
        **PATCH,
    ),
    Rule(
        "RFC 9110, 13.1.1",
        "If-Match: * matches any tag",
        "PATCH /cases/{fresh}",
        200,
        (MERGE, "If-Match: *"),
        **PATCH,
    ),
    Rule(
        "RFC 9110, 13.1.1",
        "If-Match accepts the tag of a coding",
        "PATCH /cases/{fresh}",
        200,
        (MERGE, 'If-Match: "1.gzip"'),
        **PATCH,
    ),
    Rule(
        "RFC 9110, 13.1.1",
        "If-Match is compared strongly",
        "PATCH /cases/{fresh}",
        412,
        (MERGE, 'If-Match: W/"1"'),
        {"etag": '"1"'},
        **PATCH,
    ),
    # Framing
    Rule(
        "RFC 9112, 6.1",
        "HTTP/1.0 has no chunked coding",
        f"GET {EXPORT}",
        200,
        has={"content-type": "application/x-ndjson"},
        lacks=("transfer-encoding",),
        body=r"(\{[^\n]*\}\n)+",
        version="1.0",
    ),
    Rule("RFC 9112, 9.3", "HTTP/1.0 closes", "GET /health", 200, has={"connection": "close"}, version="1.0"),
    Rule(
        "RFC 9112, 7.1",
        "HTTP/1.1 sends a response of unknown length in chunks",
        f"GET {EXPORT}",
        200,
        has={"transfer-encoding": "chunked"},
        lacks=("content-length",),
        body=r"[0-9a-f]+\r\n.*\r\n0\r\n\r\n",
    ),
    Rule("RFC 9110, 6.6.1", "a response has a Date", "GET /health", 200, has={"date": "[A-Z][a-z]{2}, .* GMT"}),
    # Ids, locations, credentials, errors
    Rule(
        "RFC 9562, 4",
        "an id in upper case is the same id and is returned in lower case",
        "GET /cases/{DRAFT}",
        200,
        body='{"id":"[0-9a-f-]{36}".*',
    ),
    Rule(
        "RFC 9110, 15.3.2",
        "201 has the Location of the new resource, as the client sees it",
        "POST /cases",
        201,
        ("Content-Type: application/json",),
        {"location": "{prefix}/cases/[0-9a-f-]{{36}}", "etag": '"1"'},
        content='{"title":"x"}',
    ),
    Rule(
        "RFC 9110, 11.6.1",
        "401 has a challenge",
        "GET /cases",
        401,
        has={
            "www-authenticate": 'ApiKey realm="clincore", Bearer realm="clincore"',
            "content-type": PROBLEM,
            "cache-control": "no-store",
        },
        has_key=False,
    ),
    Rule(
        "RFC 9457, 3",
        "an unknown path is a problem document",
        "GET /unknown",
        404,
        has={"content-type": PROBLEM},
        body='.*"type":"/problems/not-found".*',
    ),
    # Fetch standard, CORS protocol
    Rule(
        "Fetch, 3.3.2",
        "a page of a configured origin may read the response and the exposed headers",
        "GET /cases/{draft}",
        200,
        (f"Origin: {BROWSER_ORIGIN}",),
        {
            "access-control-allow-origin": re.escape(BROWSER_ORIGIN),
            "access-control-expose-headers": ".*ETag.*Idempotent-Replayed.*Location.*RateLimit.*Retry-After.*",
        },
        ("access-control-allow-credentials",),
    ),
    Rule(
        "Fetch, 3.3.2",
        "a page of a configured origin may read errors too",
        "GET /cases",
        401,
        (f"Origin: {BROWSER_ORIGIN}",),
        {"access-control-allow-origin": re.escape(BROWSER_ORIGIN)},
        has_key=False,
    ),
    Rule("Fetch, 3.3.2", "another origin is denied", "GET /health", 200, (f"Origin: {OTHER_ORIGIN}",), lacks=CLOSED),
    Rule("Fetch, 3.3.2", "a suffix is denied", "GET /health", 200, (f"Origin: {BROWSER_ORIGIN}.x",), lacks=CLOSED),
    Rule("Fetch, 3.3.2", "origin null is denied", "GET /health", 200, ("Origin: null",), lacks=CLOSED),
    Rule(
        "Fetch, 3.3.3",
        "a preflight request returns methods and headers",
        "OPTIONS /cases/{draft}",
        204,
        (*PREFLIGHT, "Access-Control-Request-Headers: content-type,if-match,x-api-key"),
        {
            "access-control-allow-origin": re.escape(BROWSER_ORIGIN),
            "access-control-allow-methods": "DELETE, GET, HEAD, OPTIONS, PATCH",
            "access-control-allow-headers": ".*Content-Type.*Idempotency-Key.*If-Match.*If-None-Match.*X-API-Key.*",
            "access-control-max-age": "[0-9]+",
            "vary": ".*Origin.*",
        },
        has_key=False,
        body="",
    ),
    Rule(
        "Fetch, 3.3.3",
        "a preflight request of another origin is denied",
        "OPTIONS /cases/{draft}",
        204,
        (f"Origin: {OTHER_ORIGIN}", PREFLIGHT[1]),
        {"vary": ".*Origin.*"},
        CLOSED,
        has_key=False,
    ),
]


class Site:
    """A URL where the API is served, with a tenant and its cases."""

    def __init__(self, url: str, prefix: str, tenant: Tenant, make: Callable[[], str], cases: dict[str, str]) -> None:
        self.url, self.prefix, self.tenant, self._make, self._cases = url, prefix, tenant, make, cases

    def ask(self, rule: Rule) -> RawAnswer:
        cases = self._cases | ({"fresh": self._make()} if "{fresh}" in rule.line else {})
        method, _, path = rule.line.format(**cases).partition(" ")
        lines = [f"{method} {self.prefix}{path} HTTP/{rule.version}", "Host: 127.0.0.1", *rule.sends]
        lines += [f"X-API-Key: {self.tenant.api_key}"] if rule.has_key else []
        lines += [f"Content-Length: {len(rule.content)}"] if rule.content else []
        lines += ["Connection: close"] if rule.version == "1.1" else []
        return exchange(self.url, "\r\n".join([*lines, "", rule.content]).encode())


@pytest.fixture(scope="module")
def sites(unprefixed: Service, prefixed: Service) -> Iterator[Callable[[str], Site]]:
    """Makes each site once."""
    made: dict[str, Site] = {}
    with ExitStack() as stack:

        def make(name: str) -> Site:
            if name in made:
                return made[name]
            service, prefix = (prefixed, PREFIX) if "-that-" in name else (unprefixed, "")
            origin = service.url
            if "nginx" in name:
                origin = stack.enter_context(nginx(service, strips="strips" in name, prefix=prefix))
            client = stack.enter_context(httpx.Client(base_url=origin + prefix, timeout=30))
            tenant = bootstrap(client)
            draft, signed = (make_case(client, tenant.key, is_signed=is_signed) for is_signed in (False, True))
            cases = {"draft": draft, "DRAFT": draft.upper(), "signed": signed}
            made[name] = Site(origin, prefix, tenant, lambda: make_case(client, tenant.key), cases)
            return made[name]

        yield make


@pytest.mark.parametrize("site_name", ["direct", "nginx", "nginx-that-strips", "nginx-that-keeps"])
@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_service_follows_the_rule(sites: Callable[[str], Site], site_name: str, rule: Rule) -> None:
    site = sites(site_name)

    answer = site.ask(rule)

    assert answer.status == rule.status, answer
    for name, pattern in rule.has.items():
        pattern = pattern.format(prefix=site.prefix) if name == "location" else pattern
        assert re.fullmatch(pattern, answer.header(name) or ""), (name, answer.headers)
    assert not [name for name in rule.lacks if answer.header(name) is not None], answer.headers
    if rule.body is not None:
        assert re.fullmatch(rule.body, answer.body.decode("latin-1"), re.DOTALL), answer.body[:300]
    if rule.status >= 400 and answer.body:
        assert json.loads(answer.body)["instance"].startswith(f"{site.prefix}/")


def test_no_other_origin_is_allowed_without_the_setting(service: Service) -> None:
    for method in ("GET", "OPTIONS"):
        head = f"{method} /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: {BROWSER_ORIGIN}\r\n"
        answer = exchange(service.url, f"{head}Access-Control-Request-Method: GET\r\n\r\n".encode())

        assert not [name for name, _ in answer.headers if name.startswith("access-control-")]
        assert "Origin" not in (answer.header("vary") or "")
