"""The contract, its web page, and the health checks."""

import re

import httpx
import pytest
import yaml

from support.contract import CONTRACT
from support.paths import ROOT


def test_the_contract_is_served_unchanged(client: httpx.Client) -> None:
    assert client.get("/openapi.yaml").content == (ROOT / "openapi.yaml").read_bytes()
    assert client.get("/openapi.json").json() == CONTRACT.document == yaml.safe_load(client.get("/openapi.yaml").text)


@pytest.mark.parametrize("path", ["/docs", "/openapi.yaml", "/openapi.json", "/problems", "/problems/not-found"])
def test_an_unchanged_page_or_contract_is_answered_304(client: httpx.Client, path: str) -> None:
    etag = client.get(path).headers["ETag"]

    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        response = client.get(path, headers={"If-None-Match": known})
        assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", etag)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_docs_load_everything_from_this_service(client: httpx.Client) -> None:
    page = client.get("/docs")

    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) == 4
    for path in loaded:
        asset = client.get(path)
        assert (asset.status_code, path[:5]) == (200, "docs/")
    assert 'url: "openapi.json"' in client.get("/docs/initializer.js").text


def test_health_and_readiness_answer_as_in_the_runbook(client: httpx.Client) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json() == {"status": "ok"}
