"""What the soak prints: a table every minute, and a summary."""

from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from benchmarks.soak.client import Book, Findings
from benchmarks.soak.service import Size


def print_minute(console: Console, number: float, book: Book, faults: Counter[str], size: Size) -> None:
    """Print what each group saw since the last table, and forget it."""
    table = Table(title=f"Minute {number:g}")
    for column in ("clients", "answers", "2xx", "4xx", "429", "503", "lost", "replayed", "p50 ms", "p99 ms"):
        table.add_column(column, justify="left" if column == "clients" else "right")
    for group, minute in sorted(book.minutes.items()):
        statuses, seconds = minute.statuses, sorted(minute.seconds) or [0.0]
        table.add_row(
            group,
            *map(
                str,
                (
                    statuses.total(),
                    sum(number for status, number in statuses.items() if status < 300),
                    sum(number for status, number in statuses.items() if 400 <= status < 500 and status != 429),
                    statuses[429],
                    statuses[503],
                    minute.lost,
                    minute.replayed,
                ),
            ),
            f"{seconds[len(seconds) // 2] * 1e3:.0f}",
            f"{seconds[len(seconds) * 99 // 100] * 1e3:.0f}",
        )
    table.caption = (
        f"{faults.total()} faults so far; oldest worker: {size.rss / 2**20:.0f} MiB, {size.descriptors} descriptors;"
        f" {book.findings.counts.total()} violations"
    )
    console.print(table)
    if book.findings.counts:
        print_findings(console, book.findings)
    book.minutes.clear()


def print_summary(console: Console, book: Book, faults: Counter[str], figures: Mapping[str, str]) -> None:
    """Print the totals of the run."""
    table = Table("what", "number", title="Summary", show_header=False)
    for group, total in sorted(book.totals.items()):
        shown = ", ".join(f"{name}: {number}" for name, number in sorted(total.items()))
        table.add_row(f"answers of {group}", shown)
    table.add_row("faults", ", ".join(f"{name}: {number}" for name, number in sorted(faults.items())))
    for name, figure in figures.items():
        table.add_row(name, figure)
    console.print(table)


def print_findings(console: Console, findings: Findings) -> None:
    """Print each broken invariant with its first examples."""
    for invariant, number in findings.counts.items():
        console.print(f"BROKEN, {number} times: {invariant}", style="bold red", markup=False)
        for example in findings.examples[invariant]:
            console.print(f"  {example}", markup=False, highlight=False)
    if not findings.counts:
        console.print("All invariants hold.")
