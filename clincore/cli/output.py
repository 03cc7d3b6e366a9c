"""Output of commands: help, JSON, tables, colours, questions, progress and one-line errors."""

import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from textwrap import fill, wrap
from threading import Event, Thread
from time import monotonic
from typing import Annotated, Any, TextIO

import typer
from typer.core import TyperCommand, TyperGroup

from clincore.errors import StartupError
from clincore.log_text import has_colours

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, but change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Limit = Annotated[int, typer.Option(metavar="N", min=1, max=1_000_000, help="Maximum number of rows to show.")]


TEXT_WIDTH_MIN = 16
"""Columns of names and titles are not narrower than this."""
WIDTH_MAX = 100
"""Longer lines of text are hard to read."""


class CommandError(Exception):
    """The command failed. The text says why and what to do; `exit_code` is 2 if nothing was tried."""

    def __init__(self, text: str, *, exit_code: int = 1) -> None:
        super().__init__(text)
        self.exit_code = exit_code


class _Common:
    """What commands and groups have in common."""

    def make_context(self, *args: Any, **options: Any) -> Any:
        with _one_line_usage_errors():
            return super().make_context(*args, **options)  # type: ignore[misc]

    def get_params(self, ctx: Any) -> Any:
        found = super().get_params(ctx)  # type: ignore[misc]
        for one in found:
            # typer's own flags have no default. It imports pydantic to convert None to False.
            if getattr(one, "is_flag", False) and one.default is None:
                one.default = False
        return found


class PlainCommand(_Common, TyperCommand):
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


class CommandGroup(_Common, TyperGroup):
    """A group that prints errors as `clincore: <text>` on stderr, and lists commands with whole sentences."""

    def invoke(self, ctx: Any) -> Any:
        try:
            with _one_line_usage_errors():
                return super().invoke(ctx)
        except (StartupError, CommandError) as error:
            # The text can have what a program at the service's address answered.
            print_message(f"clincore: {printable(str(error))}", sys.stderr)
            raise typer.Exit(error.exit_code if isinstance(error, CommandError) else 2) from None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(limit=200)) for name, command in commands if command])


@contextmanager
def _one_line_usage_errors() -> Iterator[None]:
    """Print typer's errors of usage, which take four lines, in one line with the command that explains more."""
    try:
        yield
    except Exception as raised:
        error: Any = raised
        # typer does not export their class. Without arguments, the message is the help.
        message = error.format_message() if hasattr(error, "format_message") else "\n"
        if "\n" in message:
            raise
        message = message.replace("Value error, ", "").replace("Input should be", "it must be")
        path = error.ctx.command_path if getattr(error, "ctx", None) else "clincore"
        end = "" if message.endswith((".", "?")) else "."
        print_message(f"clincore: {message[:1].lower()}{message[1:]}{end} See: {path} -h", sys.stderr)
        raise typer.Exit(2) from None


def print_json(document: Any) -> None:
    """Print one JSON document on stdout, with times in the API's format."""
    import orjson

    options = orjson.OPT_UTC_Z | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    sys.stdout.buffer.write(orjson.dumps(document, option=options))
    sys.stdout.buffer.flush()


def print_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    optional: Sequence[str] = (),
    styles: Mapping[str, str] | None = None,
) -> None:
    """Print a table on stdout: times as dates, numbers right-aligned, ids never wrapped.

    A terminal that is too narrow gets the table without its `optional` columns, the first one of them first. A pipe
    gets all columns. `styles`: rich's styles of cells by their text, for terminals with colours.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    is_terminal = sys.stdout.isatty()
    console = Console(
        highlight=False, force_terminal=is_terminal, color_system="auto" if has_colours(sys.stdout) else None
    )

    names = headings or [""] * (len(rows[0]) if rows else 0)

    def table_of(left_out: Sequence[str], text_width: int | None) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=bool(headings))
        columns = [index for index, name in enumerate(names) if name not in left_out]
        for index in columns:
            values = [row[index] for row in rows]
            # Without headings, the last column has values of any kind.
            is_free_text = names[index] in ("name", "label", "title") or (not headings and index == columns[-1])
            table.add_column(
                names[index],
                justify="right" if values and all(isinstance(value, int) for value in values) else "left",
                no_wrap=not is_free_text,
                overflow="fold",
                max_width=text_width if is_free_text else None,
            )
        for row in rows:
            cells = [_cell(row[index]) for index in columns]
            table.add_row(*(Text(cell, style=(styles or {}).get(cell, "")) for cell in cells))
        return table

    def width_of(table: Table) -> int:
        return console.measure(table, options=console.options.update(max_width=10_000)).maximum

    count, table = 0, table_of((), None)
    width = width_of(table)
    if is_terminal and width > console.width:
        while (width := width_of(table_of(optional[:count], TEXT_WIDTH_MIN))) > console.width and count < len(optional):
            count += 1
        table = table_of(optional[:count], max(TEXT_WIDTH_MIN, TEXT_WIDTH_MIN + console.width - width))
    # A cut id is useless, so a terminal that is too narrow wraps the lines itself. A pipe has no width.
    console.width = max(console.width, width)
    with console.capture() as captured:
        console.print(table)
    # rich pads every line to the table's width.
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))
    if is_terminal and count:
        columns = ", ".join(optional[:count])
        print(fill(f"Left out for this width: {columns}.", console.width), file=sys.stderr)


def print_wrapped(text: str, first: str, rest: str) -> None:
    """Print a line on stdout that begins with `first`. A terminal gets it wrapped at words, with `rest` before them.

    `first` may have colours, and is as wide as `rest`.
    """
    if not sys.stdout.isatty():
        print(f"{first}{text}".rstrip())
        return
    width = max(30, min(shutil.get_terminal_size().columns, WIDTH_MAX) - len(rest))
    lines = wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
    print("\n".join([f"{first}{lines[0]}", *(f"{rest}{line}" for line in lines[1:])]))


def print_message(text: str, stream: TextIO | None = None, *, end: str = "\n") -> None:
    """Print a message on stdout or the stream. A terminal gets it wrapped at words, so URLs and paths stay whole."""
    stream = stream or sys.stdout
    if stream.isatty():
        width = min(shutil.get_terminal_size().columns, WIDTH_MAX)
        text = fill(text, width, break_long_words=False, break_on_hyphens=False)
    print(text, end=end, file=stream, flush=True)


def coloured(text: str, colour: str) -> str:
    """The text for stdout, in the colour if stdout has colours."""
    return typer.style(text, fg=colour) if has_colours(sys.stdout) else text


def confirm(question: str, yes: bool) -> None:
    """Ask on a terminal whether to go on. Scripts, which have no terminal, are not asked.

    Raises:
        CommandError: the answer is no.
    """
    if yes or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    print_message(f"{question} [y/N]", sys.stderr, end=" ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CommandError("nothing was done.", exit_code=2)


def require_writable(report: Path) -> None:
    """Check that the file of --report can be written, before anything is done.

    Raises:
        CommandError: it cannot.
    """
    try:
        report.open("ab").close()
    except OSError as error:
        raise CommandError(f"cannot write {report}: {error.strerror}. Choose another --report.", exit_code=2) from None


def print_rest(shown: int, total: int) -> None:
    """Print a note on stderr if there are more rows than were shown."""
    if shown < total:
        print(f"Showing {shown} of {total}. Use --limit to show more.", file=sys.stderr)


@contextmanager
def progress_line(text: str = "") -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the current step, and its seconds, in one line on stderr. At the end it is erased.

    `text`: the first step. If stderr is not a terminal, nothing is shown.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    started, ended = monotonic(), Event()

    def draw() -> None:
        line = f"{monotonic() - started:4.0f} s  {text}"
        # One column less than the width: some terminals wrap after the last column.
        sys.stderr.write(f"\r{line[: shutil.get_terminal_size().columns - 1]}\x1b[K")
        sys.stderr.flush()

    def show(step: str) -> None:
        nonlocal text
        text = step
        draw()

    def keep_drawing() -> None:
        # A command that ends within a second shows nothing until its first step.
        while not ended.wait(0.5):
            if text:
                draw()

    drawing = Thread(target=keep_drawing, daemon=True)
    drawing.start()
    try:
        yield show
    finally:
        ended.set()
        drawing.join()
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def printable(text: str) -> str:
    """Escape control characters: tenants choose their names and labels, which must not control the terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value.astimezone(UTC):%Y-%m-%d}" if isinstance(value, datetime) else printable(str(value))
