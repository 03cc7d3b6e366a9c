"""The XHTML of a Narrative as plain text, in time proportional to its length."""

import re
from html import unescape

# No alternative can be entered at more than one place of the same text, so nothing is scanned twice.
_TOKEN = re.compile(r"<[^<>]*>|[^<]+|<")
_TAG = re.compile(r"</?\s*([A-Za-z][A-Za-z0-9]*)")
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SPACE = re.compile(r"[ \t\r\n]+")
_LINES = {"p", "div", "tr", "table", "ul", "ol", "li", "dl", "dt", "dd", "br", "hr", "pre", "blockquote", "caption"}
_LINES |= {f"h{level}" for level in range(1, 7)} | {"thead", "tbody", "tfoot"}
_CELLS = {"td", "th"}


def plain_text(div: str) -> str:
    """The text with a line for each block and row, and ` | ` between cells.

    White space is kept where the XHTML says so (`pre`, `white-space: pre-wrap`); elsewhere it is one space.
    """
    lines: list[str] = [""]
    kept: list[str] = []
    """The open elements that keep white space, with those inside them."""
    for token in _TOKEN.findall(div):
        tag = _TAG.match(token)
        if tag is None:
            if not token.startswith(("<!", "<?")):
                _add(lines, unescape(token), as_it_is=bool(kept))
            continue
        name = tag[1].lower()
        is_end, is_empty = token.startswith("</"), token.endswith("/>")
        if name in _LINES and lines[-1]:
            lines.append("")
        if name in _CELLS and not is_end and lines[-1]:
            lines[-1] += " | "
        if name == "li" and not is_end:
            lines[-1] += "- "
        if name == "img" and (alt := _ALT.search(token)):
            _add(lines, unescape(alt[1] or alt[2] or ""), as_it_is=False)
        if is_end and kept:
            kept.pop()
        elif not is_end and not is_empty and name not in ("br", "hr", "img") and (kept or _keeps_space(name, token)):
            kept.append(name)
    return "\n".join(line if line.strip() else "" for line in lines).strip("\n")


def _keeps_space(name: str, token: str) -> bool:
    return name == "pre" or "white-space: pre" in token or "white-space:pre" in token


def _add(lines: list[str], text: str, *, as_it_is: bool) -> None:
    if as_it_is:
        lines[-1] += text
        return
    text = _SPACE.sub(" ", text)
    lines[-1] += text if lines[-1] and not lines[-1].endswith(" ") else text.lstrip(" ")
