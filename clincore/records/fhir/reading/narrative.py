"""The XHTML of a Narrative as plain text, in time proportional to its length."""

import re
from html import escape, unescape

# No alternative can be entered at more than one place of the same text, so nothing is scanned twice.
_TOKEN = re.compile(r"<[^<>]*>|[^<]+|<")
_TAG = re.compile(r"</?\s*([A-Za-z][A-Za-z0-9]*)")
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_HUGE = re.compile(r"&#[0-9]{100,};?")
"""A reference to a character that does not exist. Python's parser raises an exception for more digits."""
_CDATA = "<![CDATA["
_SPECIAL = (("<!--", "-->"), (_CDATA, "]]>"))
_SPACE = re.compile(r"[ \t\r\n]+")
_LINES = {"p", "div", "tr", "table", "ul", "ol", "li", "dl", "dt", "dd", "br", "hr", "pre", "blockquote", "caption"}
_LINES |= {f"h{level}" for level in range(1, 7)} | {"thead", "tbody", "tfoot"}
_CELLS = {"td", "th"}


def plain_text(div: str) -> str:
    """The text with a line for each block and row, and ` | ` between cells.

    White space is kept where the XHTML says so (`pre`, `white-space: pre-wrap`); elsewhere it is one space.
    """
    lines = _Lines()
    kept: list[str] = []
    """The open elements that keep white space, with those inside them."""
    for token in _TOKEN.findall(_without_comments(div)):
        tag = _TAG.match(token)
        if tag is None:
            if not token.startswith(("<!", "<?")):
                lines.add(unescaped(token) if kept else _SPACE.sub(" ", unescaped(token)), as_it_is=bool(kept))
            continue
        name = tag[1].lower()
        is_end, is_empty = token.startswith("</"), token.endswith("/>")
        if name in _LINES:
            lines.end()
        if name in _CELLS and not is_end and lines.last:
            lines.add(" | ", as_it_is=True)
        if name == "li" and not is_end:
            lines.add("- ", as_it_is=True)
        if name == "img" and (alt := _ALT.search(token)):
            lines.add(_SPACE.sub(" ", unescaped(alt[1] or alt[2] or "")))
        if is_end and kept:
            kept.pop()
        elif not is_end and not is_empty and name not in ("br", "hr", "img") and (kept or _keeps_space(name, token)):
            kept.append(name)
    return lines.text()


def _without_comments(div: str) -> str:
    """The XHTML without comments, and with character data as text."""
    kept: list[str] = []
    done = 0
    while (start := div.find("<!", done)) >= 0:
        kept.append(div[done:start])
        begin, end = next((pair for pair in _SPECIAL if div.startswith(pair[0], start)), ("<!", ">"))
        stop = div.find(end, start + len(begin))
        if stop < 0:
            # Not closed, so the rest is text.
            done = start
            break
        if begin == _CDATA:
            kept.append(escape(div[start + len(begin) : stop]))
        done = stop + len(end)
    return "".join([*kept, div[done:]])


def unescaped(text: str) -> str:
    """The text with characters in place of references to them."""
    return unescape(_HUGE.sub("\ufffd", text))


class _Lines:
    """Text that grows in time proportional to what is added."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.last = ""
        """The last character of the line; empty at its start."""

    def add(self, text: str, *, as_it_is: bool = False) -> None:
        if not as_it_is and (not self.last or self.last == " "):
            text = text.lstrip(" ")
        if text:
            self._pieces.append(text)
            self.last = text[-1]

    def end(self) -> None:
        """Begin another line, if this one has text."""
        if self.last:
            self._pieces.append("\n")
            self.last = ""

    def text(self) -> str:
        lines = "".join(self._pieces).split("\n")
        return "\n".join(line if line.strip() else "" for line in lines).strip("\n")


def _keeps_space(name: str, token: str) -> bool:
    return name == "pre" or "white-space: pre" in token or "white-space:pre" in token
