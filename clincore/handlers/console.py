"""The start page, and the files of the web console."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable

from clincore import pages
from clincore.handlers import static_files
from clincore.handlers.etags import digest_of
from clincore.handlers.static_files import DIGEST_IN_URL, Answer, Asset
from clincore.pages import POLICY
from clincore.problems import NotFound

_FOLDER = files("clincore.console")
# Whole lines, because what begins elsewhere can be part of a text; and types within a line.
_COMMENT = re.compile(r"^ *(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)$|/\*\* @type [^*]+\*/ ?", re.MULTILINE | re.DOTALL)
_IMPORTED = re.compile(r'from "\./([a-z_]+\.js)";$', re.MULTILINE)
_INDENTED_OR_EMPTY = re.compile(r"^\s+", re.MULTILINE)


def _asset(file: Traversable) -> Asset:
    """The file without comments, types, indentation and empty lines, which are a quarter of its size."""
    asset = static_files.read(file)
    content = _INDENTED_OR_EMPTY.sub("", _COMMENT.sub("", asset.content.decode())).encode()
    return Asset(asset.media_type, content, digest_of(content))


_ASSETS = {
    file.name: _asset(file)
    for file in sorted(_FOLDER.iterdir(), key=lambda file: file.name)
    if file.name.endswith((".js", ".css"))
}
# Modules import each other by relative URLs, so all files share one folder, and with it the digest of all.
_DIGEST = digest_of("".join(f"{name} {asset.digest}\n" for name, asset in _ASSETS.items()).encode())[:DIGEST_IN_URL]

_CONSOLE_POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def _start_page() -> str:
    html = pages.render("ClinCore", "pages.css", (_FOLDER / "home.html").read_text())
    return html.replace('"console/home.js"', f'"console/{_DIGEST}/home.js"')


def _needed_by(module: str) -> list[str]:
    """The module and those without which it does not run. What it loads later, with `import()`, is not among them."""
    found = [module]
    # The list grows in the loop.
    for name in found:
        imported = dict.fromkeys(_IMPORTED.findall(_ASSETS[name].content.decode()))
        found += [each for each in imported if each not in found]
    return found


def _console() -> str:
    """`index.html` with the immutable URLs of its files.

    The browser loads all modules at once, so that none is of another version after an upgrade of the service. Those of
    screens give way to what the first screen needs.
    """
    _, *first = _needed_by("main.js")
    others = [name for name in _ASSETS if name.endswith(".js") and name not in ("main.js", "home.js", *first)]
    preloads = [f'<link rel="modulepreload" href="{name}">\n' for name in first]
    preloads += [f'<link rel="modulepreload" fetchpriority="low" href="{name}">\n' for name in others]
    html = (_FOLDER / "index.html").read_text().replace("</head>", f"{''.join(preloads)}</head>")
    return re.sub(r'(href|src)="([a-z_]+\.(?:js|css))"', rf'\1="{_DIGEST}/\2"', html)


_START_PAGE = static_files.document(_start_page())
_CONSOLE = static_files.document(_console())


async def get_home() -> Answer:
    return static_files.answer(_START_PAGE, **POLICY)


async def get_console() -> Answer:
    return static_files.answer(_CONSOLE, **_CONSOLE_POLICY)


async def get_console_asset(digest: str, asset: str) -> Answer:
    found = _ASSETS.get(asset)
    if found is None:
        raise NotFound("The console has no such file. Load the page again: /console/.")
    return static_files.answer_asset(found, is_immutable=digest == _DIGEST)
