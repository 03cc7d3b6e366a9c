"""Write the table of commands into docs/command-line.md, from the commands' own help.

python tools/command_table.py          write it
python tools/command_table.py --check  exit code 1 if the page differs from the help
"""

import generated_part

from clincore.cli.app import all_commands

BEGIN = "<!-- from the help of the commands: make docs -->"


def table() -> str:
    """A row for each command: its name, and the first sentence of its help."""
    rows = [f"| `{name}` | {command.get_short_help_str(limit=200)} |" for name, command in all_commands()]
    return "\n".join(["| command | |", "|---|---|", *rows])


if __name__ == "__main__":
    generated_part.main("command-line.md", BEGIN, table())
