"""What an import says: progress, problems, totals and the report as a file."""

import sys
from collections import Counter
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

import orjson

from clincore.cli.importing.index import Index, place
from clincore.cli.output import CommandError, print_table, printable

_SHOWN_MAX = 20
_SECONDS_BETWEEN_LINES = 5.0


class Progress:
    """A bar on a terminal, and a line from time to time elsewhere; on stderr."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        console = Console(stderr=True, highlight=False)
        columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
        self._bar = Bar(*columns, console=console, transient=True) if console.is_terminal else None
        self._task = self._bar.add_task("", total=None) if self._bar else None
        self._last_line = monotonic()
        self.files = 0
        self.cases = 0
        self.problems = 0

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, done: int, total: int) -> None:
        """Show that `done` of `total` steps of this part are done."""
        text = f"{self.files} files, {self.cases} cases, {self.problems} problems"
        if self._bar and self._task is not None:
            self._bar.update(self._task, description=text, completed=done, total=total)
        elif monotonic() - self._last_line > _SECONDS_BETWEEN_LINES:
            self._last_line = monotonic()
            print(f"{text} ({done} of {total})", file=sys.stderr, flush=True)


def print_problems(index: Index) -> None:
    """Print what was refused, on stderr: how often for each type of resource and reason, and the first place."""
    found = index.refusals(_SHOWN_MAX + 1)
    if found:
        print("Refused:", file=sys.stderr)
    for file, path, kind, reason, count in found[:_SHOWN_MAX]:
        named = f"{kind}: " if kind else ""
        print(printable(f"{count:>7}  {named}{reason}"), file=sys.stderr)
        print(printable(f"         {'first in ' if count > 1 else ''}{place(file, path)}"), file=sys.stderr)
    if len(found) > _SHOWN_MAX:
        print("More was refused for other reasons. --report FILE lists all.", file=sys.stderr)


def print_totals(files: int, others: int, cases: Counter[str], rows: dict[str, int], *, is_dry_run: bool) -> None:
    """Print how many files, cases and resources there were. `others`: files in the folders that were not read."""
    created = "cases that would be created" if is_dry_run else "cases created"
    lines: list[list[Any]] = [["files", files]] + ([["files of other types, not read", others]] if others else [])
    lines += [[created, cases["created"]]]
    lines += [["cases existing", cases["existing"]], ["cases refused", cases["refused"]]]
    lines += [[f"resources {outcome}", rows.get(outcome, 0)] for outcome in ("kept", "noted", "existing", "refused")]
    print_table((), lines)


def write_report(file: Path, head: dict[str, Any], index: Index) -> None:
    """Write the report as JSON: the members of `head`, `cases`, and `resources` with a member for each line.

    Raises:
        CommandError: the file cannot be written.
    """
    cases = ({"identity": identity, "outcome": outcome} for identity, outcome in index.cases())
    lines = (
        {"file": row.file, "resource": row.resource, "path": row.path, "outcome": row.outcome, "reason": row.reason}
        for row in index.rows()
    )
    try:
        with file.open("wb") as stream:
            stream.write(orjson.dumps(head)[:-1])
            for name, members in (("cases", cases), ("resources", lines)):
                stream.write(f',\n"{name}":['.encode())
                for number, member in enumerate(members):
                    stream.write((b",\n" if number else b"\n") + orjson.dumps(member))
                stream.write(b"]")
            stream.write(b"}\n")
    except OSError as error:
        raise CommandError(f"cannot write {file}: {error.strerror}.") from None
