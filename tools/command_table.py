"""Write the table of commands into docs/command-line.md, from the commands' own help.

python tools/command_table.py          write it
python tools/command_table.py --check  exit code 1 if the page differs from the help
"""

import sys
from pathlib import Path

from clincore.cli.app import all_commands

PAGE = Path(__file__).parent.parent / "docs" / "command-line.md"
BEGIN, END = "<!-- from the help of the commands: make docs -->", "<!-- end -->"


def table() -> str:
    """A row for each command: its name, and the first sentence of its help."""
    rows = [f"| `{name}` | {command.get_short_help_str(limit=200)} |" for name, command in all_commands()]
    return "\n".join(["| command | |", "|---|---|", *rows])


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    written = f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"
    if "--check" not in sys.argv:
        PAGE.write_text(written, encoding="utf-8")
    elif written != page:
        sys.exit("docs/command-line.md differs from the help of the commands. Run: make docs")


if __name__ == "__main__":
    main()
