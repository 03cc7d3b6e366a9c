"""The results of the request path as tables and a chart."""

import statistics
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from benchmarks.modes import (
    BEFORE,
    CPU,
    MEASURES,
    ONE,
    OURS,
    PEERS,
    PGBENCH,
    TARGETS,
    THROUGHPUT,
    TWO,
    Mode,
    Samples,
)

LOSS_MAX = 0.03
"""How much worse than before a result may be."""


def figures(mode: Mode, samples: Samples) -> Table:
    """The results of one mode."""
    table = Table(title=f"{mode.name}: medians over the rounds")
    for column in ("work", "candidate", "requests/s", "p50 ms", "p99 ms", "server CPU µs", "PostgreSQL CPU µs"):
        table.add_column(column, justify="left" if column in ("work", "candidate") else "right")
    for work in mode.works:
        for name in dict.fromkeys((OURS, BEFORE, *mode.candidates)):
            taken = samples.get((mode, work, name))
            if taken:
                per_second, p50, p99, server_cpu, postgresql_cpu = (
                    statistics.median(value)
                    for value in zip(
                        *((s.load.per_second, s.load.p50, s.load.p99, s.server_cpu, s.postgresql_cpu) for s in taken),
                        strict=True,
                    )
                )
                cells = [f"{per_second:.0f}", f"{p50:.2f}", f"{p99:.1f}"]
                cells.append(f"{server_cpu:.0f}" if name != PGBENCH else "-")
                table.add_row(work, name, *cells, f"{postgresql_cpu:.0f}")
        table.add_section()
    return table


def ratios(samples: Samples) -> Table:
    """ClinCore compared with its peers."""
    table = Table(title="ClinCore / peer, within a round: median (minimum to maximum)")
    for column in ("mode", "measure", "work", "peer", "ratio", "target"):
        table.add_column(column)
    for mode, measure, work, peer, target in TARGETS:
        if samples.get((mode, work, peer)):
            found = _ratios(samples, mode, work, measure, OURS, peer)
            table.add_row(mode.name, measure, work, peer, _shown(found), target)
    return table


def against_before(samples: Samples) -> Iterator[Table]:
    """ClinCore compared with the other commit, and both compared with pgbench."""
    table = Table(title="ClinCore now / before, within a round: median (minimum to maximum)")
    for column in ("mode", "work", "measure", "ratio", "target", "met"):
        table.add_column(column)
    for mode, work, name in samples:
        if name == BEFORE:
            for measure in MEASURES:
                found = _ratios(samples, mode, work, measure, OURS, BEFORE)
                at_least, at_most = 1 - LOSS_MAX, 1 + LOSS_MAX
                is_rate = measure == THROUGHPUT
                met = statistics.median(found) >= at_least if is_rate else statistics.median(found) <= at_most
                target = f"at least {at_least:.2f}" if is_rate else f"at most {at_most:.2f}"
                table.add_row(mode.name, work, measure, _shown(found), target, "yes" if met else "NO")
            table.add_section()
    yield table
    table = Table(title="Share of pgbench's requests/s, two workers, within a round: median (minimum to maximum)")
    for column in ("work", BEFORE, "now"):
        table.add_column(column)
    for work in TWO.works:
        if samples.get((TWO, work, PGBENCH)):
            table.add_row(
                work, *(_shown(_ratios(samples, TWO, work, THROUGHPUT, name, PGBENCH)) for name in (BEFORE, OURS))
            )
    if table.row_count:
        yield table


def _ratios(samples: Samples, mode: Mode, work: str, measure: str, name: str, other: str) -> list[float]:
    pairs = zip(samples[mode, work, name], samples[mode, work, other], strict=True)
    # The kernel's clock is coarse: CPU time of a short round may be zero.
    return [ours.figure(measure) / (theirs.figure(measure) or float("nan")) for ours, theirs in pairs]


def _shown(found: list[float]) -> str:
    return f"{statistics.median(found):.2f} ({min(found):.2f} to {max(found):.2f})"


def draw(chart: Path, samples: Samples) -> None:
    """The chart, as a PNG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(12, 4.5), layout="constrained")
    for axis, mode, measure, title in (
        (axes[0], ONE, CPU, "Server CPU per request, one worker (µs, less is better)"),
        (axes[1], TWO, THROUGHPUT, "Requests per second, two workers (more is better)"),
    ):
        names = [name for name in PEERS if measure == THROUGHPUT or name != PGBENCH]
        for index, name in enumerate(names):
            values = [
                statistics.median(sample.figure(measure) for sample in samples.get((mode, work, name)) or [])
                if samples.get((mode, work, name))
                else 0
                for work in mode.works
            ]
            places = [place + index * 0.8 / len(names) for place in range(len(values))]
            bars = axis.bar(places, values, 0.75 / len(names), label=name)
            axis.bar_label(bars, [f"{value:.0f}" if value else "" for value in values], fontsize=7)
        axis.set_xticks([place + 0.3 for place in range(len(mode.works))], mode.works)
        axis.set_title(title, fontsize=10)
        axis.legend(fontsize=8)
        axis.set_yscale("log")
    chart.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(chart, dpi=120)
