"""The contract, to read and to try out. Each file is read once, when it is first asked for."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from clincore.handlers.etags import is_known
from clincore.resources import CONTRACT, read_contract

_PAGE = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>ClinCore</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/initializer.js"></script>
</body>
</html>
"""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
}

# Media type, package and file of each asset.
_ASSETS = {
    "swagger-ui.css": ("text/css", "swagger_ui", "static/swagger-ui.css"),
    "swagger-ui-bundle.js": ("text/javascript", "swagger_ui", "static/swagger-ui-bundle.js"),
    "favicon-32x32.png": ("image/png", "swagger_ui", "static/favicon-32x32.png"),
    # A file of its own, so that the page works under a Content-Security-Policy without inline scripts.
    "initializer.js": ("text/javascript", "clincore.handlers", "docs_initializer.js"),
}


async def get_docs() -> tuple[bytes, int, dict[str, str]]:
    return _PAGE, 200, _HEADERS


async def get_docs_asset(asset: str) -> tuple[bytes, int, dict[str, str]]:
    media_type, package, file = _ASSETS[asset]
    return _read_asset(package, file), 200, {**_HEADERS, "Content-Type": media_type}


async def get_contract_yaml(if_none_match: str | None = None) -> Any:
    return _unless_known(_yaml(), if_none_match)


async def get_contract_json(if_none_match: str | None = None) -> Any:
    return _unless_known(_json(), if_none_match)


@cache
def _read_asset(package: str, file: str) -> bytes:
    return (files(package) / file).read_bytes()


@cache
def _yaml() -> bytes:
    return CONTRACT.read_bytes()


@cache
def _json() -> bytes:
    return orjson.dumps(read_contract())


def _unless_known(content: bytes, if_none_match: str | None) -> tuple[bytes | None, int, dict[str, str]]:
    """200, or 304 when the client's list of ETags has the current one."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if is_known(etag, if_none_match):
        return None, 304, headers
    return content, 200, headers
