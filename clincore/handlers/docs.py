"""The contract as YAML and JSON, and Swagger UI. Files are read once, at import."""

import hashlib
from functools import lru_cache
from importlib.resources import files

import orjson

from clincore.handlers.etags import is_known
from clincore.resources import CONTRACT, read_contract

Answer = tuple[bytes | None, int, dict[str, str]]
"""Body, status and headers."""

# URLs are relative, so that the page works under every root_path.
_PAGE = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>ClinCore</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" type="image/png" href="docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/initializer.js"></script>
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
    # Not inline, because the Content-Security-Policy forbids inline scripts.
    "initializer.js": ("text/javascript", (files("clincore.handlers") / "docs_initializer.js").read_bytes()),
}

_YAML = CONTRACT.read_bytes()
_CONTRACT = read_contract()
_SERVER = b"servers:\n  - url: /\n"
assert _YAML.count(_SERVER) == 1, "servers of openapi.yaml is not what the root_path is written into"


async def get_docs() -> Answer:
    return _PAGE, 200, _HEADERS


async def get_docs_asset(asset: str) -> Answer:
    media_type, content = _ASSETS[asset]
    return content, 200, {**_HEADERS, "Content-Type": media_type}


async def get_contract_yaml(root_path: str, if_none_match: str | None = None) -> Answer:
    return _unless_known(*_yaml(root_path), if_none_match)


async def get_contract_json(root_path: str, if_none_match: str | None = None) -> Answer:
    return _unless_known(*_json(root_path), if_none_match)


# The root_path is the ASGI server's: a service has one, or a few when it is mounted by another application.
@lru_cache(maxsize=4)
def _yaml(root_path: str) -> tuple[bytes, str]:
    """The contract as YAML with `root_path` as its server, and its ETag."""
    if not root_path:
        return _YAML, _etag(_YAML)
    # A JSON string is a YAML string.
    content = _YAML.replace(_SERVER, b"servers:\n  - url: " + orjson.dumps(root_path) + b"\n")
    return content, _etag(content)


@lru_cache(maxsize=4)
def _json(root_path: str) -> tuple[bytes, str]:
    """The contract as JSON with `root_path` as its server, and its ETag."""
    (server,) = _CONTRACT["servers"]
    content = orjson.dumps(_CONTRACT | {"servers": [server | {"url": root_path or "/"}]})
    return content, _etag(content)


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _unless_known(content: bytes, etag: str, if_none_match: str | None) -> Answer:
    """200, or 304 when the client's list of ETags has the current one."""
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if if_none_match is not None and is_known(etag, if_none_match):
        return None, 304, headers
    return content, 200, headers
