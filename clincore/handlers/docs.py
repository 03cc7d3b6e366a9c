"""The contract, to read and to click. Everything is read once, at import."""

import hashlib
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

_SWAGGER_UI = files("swagger_ui") / "static"
_ASSETS = {
    "swagger-ui.css": ("text/css", (_SWAGGER_UI / "swagger-ui.css").read_bytes()),
    "swagger-ui-bundle.js": ("text/javascript", (_SWAGGER_UI / "swagger-ui-bundle.js").read_bytes()),
    "favicon-32x32.png": ("image/png", (_SWAGGER_UI / "favicon-32x32.png").read_bytes()),
    # A file of its own, so that the page works under a Content-Security-Policy without inline scripts.
    "initializer.js": ("text/javascript", (files("clincore.handlers") / "docs_initializer.js").read_bytes()),
}

_YAML = CONTRACT.read_bytes()
_JSON = orjson.dumps(read_contract())


async def get_docs() -> tuple[bytes, int, dict[str, str]]:
    return _PAGE, 200, _HEADERS


async def get_docs_asset(asset: str) -> tuple[bytes, int, dict[str, str]]:
    media_type, content = _ASSETS[asset]
    return content, 200, {**_HEADERS, "Content-Type": media_type}


async def get_contract_yaml(if_none_match: str | None = None) -> Any:
    return _unless_known(_YAML, if_none_match)


async def get_contract_json(if_none_match: str | None = None) -> Any:
    return _unless_known(_JSON, if_none_match)


def _unless_known(content: bytes, if_none_match: str | None) -> tuple[bytes | None, int, dict[str, str]]:
    """200, or 304 when the client's list of ETags has the current one."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if is_known(etag, if_none_match):
        return None, 304, headers
    return content, 200, headers
