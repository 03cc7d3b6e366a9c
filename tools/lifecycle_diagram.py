"""Write the diagram of a case's life in docs/records.md from `clincore/records/lifecycle.py`.

python tools/lifecycle_diagram.py          write it
python tools/lifecycle_diagram.py --check  exit code 1 if the page differs from the code
"""

import generated_part

from clincore.records.lifecycle import STORED, TRANSITIONS, State

BEGIN = "<!-- from clincore/records/lifecycle.py: make docs -->"


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


if __name__ == "__main__":
    generated_part.main("records.md", BEGIN, diagram())
