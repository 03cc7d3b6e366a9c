"""The HTML shell of the service's pages."""

# URLs are relative, so that pages work under every root_path.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{base}docs/{style}">
<link rel="icon" type="image/png" href="{base}docs/favicon-32x32.png">
</head>
<body>
{body}
</body>
</html>
"""


def render(title: str, style: str, body: str, *, base: str = "") -> str:
    """A page. `title` and `body` are HTML, `style` is a file of the docs, `base` the path from the page to `docs/`."""
    return _PAGE.format(title=title, style=style, body=body, base=base)
