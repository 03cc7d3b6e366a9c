"""Write the diagram of a case's life in docs/records.md from `clincore/records/lifecycle.py`.

python tools/lifecycle_diagram.py          write it
python tools/lifecycle_diagram.py --check  exit code 1 if the page differs from the code
"""

import sys
from pathlib import Path

from clincore.records.lifecycle import STORED, TRANSITIONS, State

PAGE = Path(__file__).parent.parent / "docs" / "records.md"
BEGIN, END = "<!-- from clincore/records/lifecycle.py: make docs -->", "<!-- end -->"


def diagram() -> str:
    """A Mermaid state diagram, and the table of how each state is stored, as Markdown."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for operation, transitions in TRANSITIONS.items():
        for before, after in transitions.items():
            arrows.setdefault((before, after), []).append(operation)
    final = [state for state in State if not any(before is state for before, _ in arrows)]
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.DRAFT}: create_case"]
    lines += [f"    {before} --> {after}: {', '.join(operations)}" for (before, after), operations in arrows.items()]
    lines += [f"    {state} --> [*]" for state in final]
    lines += ["```", "", "| state | `status` | a draft is kept |", "|---|---|---|"]
    for state, stored in STORED.items():
        draft = {True: "yes", False: "no", None: "-"}[stored.has_draft]
        lines.append(f"| {state} | {', '.join(f'`{status}`' for status in stored.statuses)} | {draft} |")
    return "\n".join(lines)


def updated(page: str) -> str:
    """The page with the current diagram between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{diagram()}\n\n{END}{after}"


if __name__ == "__main__":
    page = PAGE.read_text()
    if "--check" in sys.argv[1:]:
        sys.exit(page != updated(page) and f"{PAGE} differs from the code: run make docs")
    PAGE.write_text(updated(page))
