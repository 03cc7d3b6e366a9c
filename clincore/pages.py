"""The HTML shell of the service's pages, and the page of an unknown path."""

from html import escape

POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

# URLs are relative, so that pages work under every root_path.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="{schemes}">
<link rel="stylesheet" href="{base}docs/{style}">
<link rel="icon" type="image/png" href="{base}docs/favicon-32x32.png">
</head>
<body>
{body}
</body>
</html>
"""

_UNKNOWN = """<main>
<h1>This page does not exist</h1>
<p>{detail}</p>
<ul>
<li><a href="{base}">Start page</a></li>
<li><a href="{base}console/">Console</a></li>
<li><a href="{base}docs">API reference</a></li>
</ul>
</main>"""


def render(title: str, style: str, body: str, *, base: str = "", schemes: str = "light dark") -> str:
    """A page. `title` and `body` are HTML, `style` is a file in `docs/`, `base` the path from the page to `docs/`.

    `schemes`: the colour schemes that the style has.
    """
    return _PAGE.format(title=title, style=style, body=body, base=base, schemes=schemes)


def unknown_path(detail: str, root_path: str) -> tuple[bytes, dict[str, str]]:
    """The page for a browser at a path that does not exist, and its headers. `detail`: of the problem document."""
    base = f"{escape(root_path)}/"
    body = _UNKNOWN.format(detail=escape(detail), base=base)
    return render("Not found", "pages.css", body, base=base).encode(), POLICY
