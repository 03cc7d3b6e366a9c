"""Parts of the pages in docs/ that are written from the code."""

import sys
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
END = "<!-- end -->"


def main(name: str, begin: str, part: str) -> None:
    """Write the part into the page, between the mark `begin` and the next END.

    With --check, write nothing; exit code 1 if the page differs.
    """
    page = DOCS / name
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(begin)
    _, after = rest.split(END, maxsplit=1)
    updated = f"{before}{begin}\n\n{part}\n\n{END}{after}"
    if "--check" not in sys.argv[1:]:
        page.write_text(updated, encoding="utf-8")
    elif updated != text:
        sys.exit(f"{page} differs from the code: run make docs")
