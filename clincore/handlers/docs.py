"""The contract as YAML and JSON, Swagger UI, and the pages of problem types. Files are read once, at import."""

from functools import lru_cache
from importlib.resources import files

import orjson

from clincore import pages
from clincore.handlers import problem_pages, static_files
from clincore.handlers.etags import digest_of
from clincore.handlers.static_files import Answer, Document
from clincore.pages import POLICY
from clincore.problems import NotFound, problem_types
from clincore.resources import CONTRACT, read_contract

_SWAGGER_UI_BODY = """<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/initializer.js"></script>"""

_HANDLERS, _SWAGGER_UI = files("clincore.handlers"), files("swagger_ui") / "static"
_ASSETS = {
    "swagger-ui.css": static_files.read(_SWAGGER_UI / "swagger-ui.css"),
    "swagger-ui-bundle.js": static_files.read(_SWAGGER_UI / "swagger-ui-bundle.js"),
    "favicon-32x32.png": static_files.read(_SWAGGER_UI / "favicon-32x32.png"),
    # Not inline, because the Content-Security-Policy forbids inline scripts and styles.
    "initializer.js": static_files.read(_HANDLERS / "docs_initializer.js"),
    "pages.css": static_files.read(_HANDLERS / "pages.css"),
}


def _page(html: str) -> Document:
    """The page with the immutable URLs of its assets."""
    for name, asset in _ASSETS.items():
        html = html.replace(f'docs/{name}"', f'docs/{asset.folder}/{name}"')
    return static_files.document(html)


# Swagger UI has no dark style.
_DOCS = _page(pages.render("ClinCore", "swagger-ui.css", _SWAGGER_UI_BODY, schemes="light"))
_PROBLEM_INDEX = _page(problem_pages.index())
_PROBLEM_PAGES = {problem.code: _page(problem_pages.page(problem)) for problem in problem_types()}

_YAML = CONTRACT.read_bytes()
_CONTRACT = read_contract()
_SERVER = b"servers:\n  - url: /\n"
assert _YAML.count(_SERVER) == 1, "openapi.yaml must have the `servers` that root_path replaces"


async def get_docs() -> Answer:
    return static_files.answer(_DOCS, **POLICY)


async def get_docs_asset(asset: str) -> Answer:
    return static_files.answer_asset(_ASSETS[asset], is_immutable=False)


async def get_immutable_docs_asset(digest: str, asset: str) -> Answer:
    found = _ASSETS[asset]
    return static_files.answer_asset(found, is_immutable=digest == found.folder)


async def list_problem_types() -> Answer:
    return static_files.answer(_PROBLEM_INDEX, **POLICY)


async def get_problem_type(code: str) -> Answer:
    if code not in _PROBLEM_PAGES:
        raise NotFound("This problem type does not exist. GET /problems lists all types.")
    return static_files.answer(_PROBLEM_PAGES[code], **POLICY)


async def get_contract_yaml(root_path: str) -> Answer:
    return static_files.answer(_yaml(root_path))


async def get_contract_json(root_path: str) -> Answer:
    return static_files.answer(_json(root_path))


# The ASGI server sets root_path. A service has one, or a few when another application mounts it.
@lru_cache(maxsize=4)
def _yaml(root_path: str) -> Document:
    """The contract as YAML with `root_path` as its server."""
    if not root_path:
        return _YAML, digest_of(_YAML)
    # A JSON string is a YAML string.
    content = _YAML.replace(_SERVER, b"servers:\n  - url: " + orjson.dumps(root_path) + b"\n")
    return content, digest_of(content)


@lru_cache(maxsize=4)
def _json(root_path: str) -> Document:
    """The contract as JSON with `root_path` as its server."""
    (server,) = _CONTRACT["servers"]
    content = orjson.dumps(_CONTRACT | {"servers": [server | {"url": root_path or "/"}]})
    return content, digest_of(content)
