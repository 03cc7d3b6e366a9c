"""The contract as YAML and JSON, Swagger UI, and the pages of problem types. Files are read once, at import."""

import hashlib
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

import orjson

from clincore.handlers import page_template, problem_pages
from clincore.problems import NotFound, problem_types
from clincore.resources import CONTRACT, read_contract

Answer = tuple[bytes, int, dict[str, str]]
"""Body, status and headers."""
Document = tuple[bytes, str]
"""Content and its digest."""

_SWAGGER_UI_BODY = """<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/initializer.js"></script>"""

_POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


class _Asset(NamedTuple):
    media_type: str
    content: bytes
    digest: str

    @property
    def name(self) -> str:
        """The folder of the immutable URL."""
        return self.digest[:16]


def _asset(media_type: str, file: Traversable) -> _Asset:
    content = file.read_bytes()
    return _Asset(media_type, content, _digest(content))


_SWAGGER_UI = files("swagger_ui") / "static"
_ASSETS = {
    "swagger-ui.css": _asset("text/css", _SWAGGER_UI / "swagger-ui.css"),
    "swagger-ui-bundle.js": _asset("text/javascript", _SWAGGER_UI / "swagger-ui-bundle.js"),
    "favicon-32x32.png": _asset("image/png", _SWAGGER_UI / "favicon-32x32.png"),
    # Not inline, because the Content-Security-Policy forbids inline scripts and styles.
    "initializer.js": _asset("text/javascript", files("clincore.handlers") / "docs_initializer.js"),
    "problems.css": _asset("text/css", files("clincore.handlers") / "problems.css"),
}


def _page(html: str) -> Document:
    """The page with the immutable URLs of its assets."""
    for name, asset in _ASSETS.items():
        html = html.replace(f'docs/{name}"', f'docs/{asset.name}/{name}"')
    page = html.encode()
    return page, _digest(page)


_DOCS = _page(page_template.render("ClinCore", "swagger-ui.css", _SWAGGER_UI_BODY))
_PROBLEM_INDEX = _page(problem_pages.index())
_PROBLEM_PAGES = {problem.code: _page(problem_pages.page(problem)) for problem in problem_types()}

_YAML = CONTRACT.read_bytes()
_CONTRACT = read_contract()
_SERVER = b"servers:\n  - url: /\n"
assert _YAML.count(_SERVER) == 1, "openapi.yaml must have the `servers` that root_path replaces"


async def get_docs() -> Answer:
    return _answer(_DOCS, **_POLICY)


async def get_docs_asset(asset: str) -> Answer:
    found = _ASSETS[asset]
    return _answer((found.content, found.digest), **_POLICY, **{"Content-Type": found.media_type})


async def get_immutable_docs_asset(digest: str, asset: str) -> Answer:
    content, status, headers = await get_docs_asset(asset)
    if digest == _ASSETS[asset].name:
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return content, status, headers


async def list_problem_types() -> Answer:
    return _answer(_PROBLEM_INDEX, **_POLICY)


async def get_problem_type(code: str) -> Answer:
    if code not in _PROBLEM_PAGES:
        raise NotFound("This problem type does not exist. GET /problems lists all types.")
    return _answer(_PROBLEM_PAGES[code], **_POLICY)


async def get_contract_yaml(root_path: str) -> Answer:
    return _answer(_yaml(root_path))


async def get_contract_json(root_path: str) -> Answer:
    return _answer(_json(root_path))


def _answer(document: Document, **headers: str) -> Answer:
    content, digest = document
    return content, 200, {"ETag": f'"{digest}"', "Cache-Control": "no-cache", **headers}


# The ASGI server sets root_path. A service has one, or a few when another application mounts it.
@lru_cache(maxsize=4)
def _yaml(root_path: str) -> Document:
    """The contract as YAML with `root_path` as its server."""
    if not root_path:
        return _YAML, _digest(_YAML)
    # A JSON string is a YAML string.
    content = _YAML.replace(_SERVER, b"servers:\n  - url: " + orjson.dumps(root_path) + b"\n")
    return content, _digest(content)


@lru_cache(maxsize=4)
def _json(root_path: str) -> Document:
    """The contract as JSON with `root_path` as its server."""
    (server,) = _CONTRACT["servers"]
    content = orjson.dumps(_CONTRACT | {"servers": [server | {"url": root_path or "/"}]})
    return content, _digest(content)
