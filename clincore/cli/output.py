"""What commands print: JSON, tables, and the one line of a command that fails."""

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from clincore.errors import StartupError

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Limit = Annotated[int, typer.Option(min=1, max=1_000_000, help="Show at most this many.")]


class CommandError(Exception):
    """A command cannot do what it was asked to. The text says what to do; `exit_code` is 2 when nothing was tried."""

    def __init__(self, text: str, *, exit_code: int = 1) -> None:
        super().__init__(text)
        self.exit_code = exit_code


class CommandGroup(TyperGroup):
    """Commands whose errors end as `clincore: <text>` on stderr, and whose list has whole sentences."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (StartupError, CommandError) as error:
            print(f"clincore: {error}", file=sys.stderr)
            raise typer.Exit(error.exit_code if isinstance(error, CommandError) else 2) from None

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            # Without a default typer imports pydantic to turn None into False, for each command's --help too.
            option.default = False
        return option

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(limit=200)) for name, command in commands if command])


def print_json(document: Any) -> None:
    """One JSON document on stdout, with times as the API writes them."""
    import orjson

    options = orjson.OPT_UTC_Z | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    sys.stdout.buffer.write(orjson.dumps(document, option=options))
    sys.stdout.buffer.flush()


def print_table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table on stdout: times as days, numbers to the right, ids never broken."""
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
    # A terminal that is too narrow breaks the lines itself: a cut id is useless. A pipe has no width.
    width = console.measure(table, options=console.options.update(max_width=10_000))
    console.width = max(console.width, width.minimum) if console.is_terminal else width.maximum
    console.print(table)


def print_rest(shown: int, total: int) -> None:
    """Tell on stderr that there are more rows than were printed."""
    if shown < total:
        print(f"{shown} of {total}; --limit shows more.", file=sys.stderr)


@contextmanager
def progress_line() -> Iterator[Callable[[str], None]]:
    """A function that shows what is done now, in one line on stderr that is gone at the end; only on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    started = monotonic()

    def show(text: str) -> None:
        line = f"{monotonic() - started:4.0f} s  {text}"
        # One column less than the terminal has: some break the line at the last one.
        sys.stderr.write(f"\r{line[: shutil.get_terminal_size().columns - 1]}\x1b[K")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def printable(text: str) -> str:
    """The text without control characters, which could steer the terminal: tenants choose their names and labels."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value.astimezone(UTC):%Y-%m-%d}" if isinstance(value, datetime) else printable(str(value))
