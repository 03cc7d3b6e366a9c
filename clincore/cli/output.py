"""Output of commands: help, JSON, tables, progress and one-line errors."""

import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from clincore.errors import StartupError

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Limit = Annotated[int, typer.Option(metavar="N", min=1, max=1_000_000, help="Maximum number of rows to show.")]


class CommandError(Exception):
    """The command failed. The text says why and what to do; `exit_code` is 2 if nothing was tried."""

    def __init__(self, text: str, *, exit_code: int = 1) -> None:
        super().__init__(text)
        self.exit_code = exit_code


class PlainCommand(TyperCommand):
    """A command whose help names arguments by their metavars, without typer's braces, types and `[required]`."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        records: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for parameter in self.get_params(ctx):
            name, text = parameter.get_help_record(ctx) or ("", "")
            if parameter.param_type_name == "argument":
                name, text = re.sub(r" <.*>$", "", name), text.removesuffix("  [required]")
            records[parameter.param_type_name].append((name, text))
        for kind, rows in records.items():
            if rows:
                with formatter.section(f"{kind.capitalize()}s"):
                    formatter.write_dl(rows)


class CommandGroup(TyperGroup):
    """A group that prints errors as `clincore: <text>` on stderr, and lists commands with whole sentences."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (StartupError, CommandError) as error:
            print(f"clincore: {error}", file=sys.stderr)
            raise typer.Exit(error.exit_code if isinstance(error, CommandError) else 2) from None

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            # Without a default, typer imports pydantic to convert None to False, which slows every --help.
            option.default = False
        return option

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(limit=200)) for name, command in commands if command])


def print_json(document: Any) -> None:
    """Print one JSON document on stdout, with times in the API's format."""
    import orjson

    options = orjson.OPT_UTC_Z | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    sys.stdout.buffer.write(orjson.dumps(document, option=options))
    sys.stdout.buffer.flush()


def print_table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table on stdout: times as dates, numbers right-aligned, ids never wrapped."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=bool(headings))
    for index in range(len(rows[0]) if rows else len(headings)):
        values = [row[index] for row in rows]
        is_free_text = headings[index : index + 1] in (("name",), ("label",))
        table.add_column(
            headings[index] if headings else "",
            justify="right" if values and all(isinstance(value, int) for value in values) else "left",
            no_wrap=not is_free_text,
            overflow="fold",
            min_width=min(max((len(str(value)) for value in values), default=0), 16) if is_free_text else None,
        )
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    console = Console(highlight=False)
    # A cut id is useless, so a terminal that is too narrow wraps the lines itself. A pipe has no width.
    width = console.measure(table, options=console.options.update(max_width=10_000))
    console.width = max(console.width, width.minimum) if console.is_terminal else width.maximum
    with console.capture() as captured:
        console.print(table)
    # rich pads every line to the table's width.
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))


def print_rest(shown: int, total: int) -> None:
    """Print a note on stderr if there are more rows than were shown."""
    if shown < total:
        print(f"Showing {shown} of {total}. Use --limit to show more.", file=sys.stderr)


@contextmanager
def progress_line() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the current step in one line on stderr. The line is erased at the end.

    If stderr is not a terminal, the function does nothing.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    started = monotonic()

    def show(text: str) -> None:
        line = f"{monotonic() - started:4.0f} s  {text}"
        # One column less than the width: some terminals wrap after the last column.
        sys.stderr.write(f"\r{line[: shutil.get_terminal_size().columns - 1]}\x1b[K")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def printable(text: str) -> str:
    """Escape control characters: tenants choose their names and labels, which must not control the terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value.astimezone(UTC):%Y-%m-%d}" if isinstance(value, datetime) else printable(str(value))
