"""The pages of problem types, made from the classes in `clincore.problems`."""

import re
from html import escape

import orjson

from clincore import pages
from clincore.problems import Problem, problem_types

_BODY = """<nav><a href="{home}">Start</a> <a href="{base}docs">API reference</a>{up}</nav>
<main>
{content}
</main>"""

_TYPE = """<h1>{title}</h1>
<p><code>{code}</code> · HTTP status {status}</p>
<p>{meaning}</p>
<h2>When it happens</h2>
<p>{occurs}</p>
<h2>What to do</h2>
<p>{remedy}</p>
<h2>Example</h2>
<pre><code>{example}</code></pre>
"""

_INDEX = """<h1>Problem types</h1>
<p>Each error of the API is a problem document (RFC 9457). Its <code>type</code> is the path of one of these pages.</p>
<table>
<thead><tr><th>Status</th><th>Type</th><th>Title</th><th>Meaning</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
"""


def index() -> str:
    """The page that lists every problem type."""
    rows = [
        f'<tr><td>{problem.status}</td><td><a href="problems/{problem.code}"><code>{problem.code}</code></a></td>'
        f"<td>{escape(problem.title)}</td><td>{_text(problem.meaning)}</td></tr>"
        for problem in problem_types()
    ]
    body = _BODY.format(base="", home="./", up="", content=_INDEX.format(rows="\n".join(rows)))
    return pages.render("Problem types", "pages.css", body)


def page(problem: type[Problem]) -> str:
    """The page of one problem type."""
    example = {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        **problem.example,
        "request_id": "6f1c8c2e-5a0b-4e58-9d1d-1f7d2a9a3c55",
    }
    content = _TYPE.format(
        title=escape(problem.title),
        code=problem.code,
        status=problem.status,
        meaning=_text(problem.meaning),
        occurs=_text(problem.occurs),
        remedy=_text(problem.remedy),
        example=escape(orjson.dumps(example, option=orjson.OPT_INDENT_2).decode(), quote=False),
    )
    body = _BODY.format(base="../", home="../", up=' <a href="../problems">Problem types</a>', content=content)
    return pages.render(escape(problem.title), "pages.css", body, base="../")


def _text(sentences: str) -> str:
    """Sentences with code in backticks, as HTML."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(sentences, quote=False))
