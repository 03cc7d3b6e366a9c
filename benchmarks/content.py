"""The CPU that the content of a case takes on the event loop: a typical case, and the largest ones.

Each step is compared in the same round with `json.loads` of the same body, so the ratios do not depend on the machine.
Cases of more than 32 KiB have their rules checked in the separate process, and units that are not known are parsed
there; both are shown, but do not count for the loop.
"""

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.work import CONTENT
from clincore.handlers.cases import CASE_BYTES_MAX
from clincore.openapi import body, component
from clincore.records import content_rules, units

TYPICAL_MILLISECONDS_MAX = 2.0
RATIO_MAX, LARGE_RATIO_MAX = 10.0, 4.0
"""To `json.loads`: of a case whose rules are checked on the loop, and of a larger one (20 ms for 1 MiB)."""
LARGE_BYTES = 32 * 1024
HEADERS = {b"content-type": b"application/json"}
_QUANTITY = {"value": "1", "system": units.UCUM, "code": "mg/dL"}
_CODE = {"text": "x"}


def main(rounds: int) -> None:
    """Measure and print. Exit code 1: a target is missed."""
    validator = component("CaseInput")
    table = Table(title=f"CPU in ms, median of {rounds} rounds; in brackets as a multiple of json.loads")
    steps = ("parse", "schema", "unambiguous", "rules", "on the loop", "at most")
    for column in ("case", "KiB", "objects and lists", *steps):
        table.add_column(column, justify="left" if column == "case" else "right")
    missed = False
    for name, case in _cases().items():
        content = orjson.dumps(case)
        assert validator.is_valid(case) and not content_rules.check(case).errors, name
        is_large = len(content) > LARGE_BYTES
        took = _measure(
            rounds,
            {
                "json": lambda content=content: json.loads(content),  # type: ignore[misc]
                "parse": lambda content=content: body.parse(content, HEADERS, ("application/json",)),  # type: ignore[misc]
                "schema": lambda case=case: validator.is_valid(case),  # type: ignore[misc]
                "unambiguous": lambda content=content, case=case: body.refuse_ambiguous(content, case),  # type: ignore[misc]
                "rules": lambda case=case: content_rules.check(case),  # type: ignore[misc]
                "encode": lambda case=case: orjson.dumps(case),  # type: ignore[misc]
            },
        )
        # A large case is encoded once more, for the process.
        took["on the loop"] = sum(took[step] for step in ("parse", "schema", "unambiguous", "encode"))
        took["on the loop"] += took["encode"] if is_large else took["rules"]
        ratio = took["on the loop"] / took["json"]
        ratio_max = LARGE_RATIO_MAX if is_large else RATIO_MAX
        missed = missed or ratio > ratio_max or (name == "typical" and took["on the loop"] > TYPICAL_MILLISECONDS_MAX)
        limit = f"{TYPICAL_MILLISECONDS_MAX:g} ms" if name == "typical" else f"({ratio_max:g})"
        shown = [f"{took[step]:.2f} ({took[step] / took['json']:.2f})" for step in steps[:-1]]
        containers = content.count(b"{") + content.count(b"[")
        table.add_row(name, f"{len(content) / 1024:.0f}", str(containers), *shown, limit)
    console = Console(width=160)
    console.print(table)
    console.print(_units())
    if missed:
        raise SystemExit(1)


def _cases() -> dict[str, dict[str, Any]]:
    one = {
        "code": {"text": "x", "coding": [{"system": "a:b", "code": "c"}]},
        "effective": {"date_time": "2019-05"},
        "value": {"quantity": _QUANTITY},
        "reference_ranges": [{"low": _QUANTITY, "high": _QUANTITY}],
    }
    bounds = {"range": {"low": _QUANTITY, "high": _QUANTITY}}
    timing = {"events": ["2019-05-01T00:00:00+02:00"] * 20, "bounds": bounds}
    drug = {"kind": "request", "medication": _CODE, "dosages": [{"timing": timing}] * 20}
    period = {"period": {"start": "2019-05-01T00:00:00Z", "end": "2019-05-01T00:00:00+00:00"}}
    return {
        "typical": CONTENT,
        "32 KiB of observations": _filled({"observations": [one] * 200}, LARGE_BYTES),
        "1 MiB of observations": _filled({"observations": [one] * 1000}, CASE_BYTES_MAX),
        "1 MiB of dates": _filled(
            {"observations": [{"code": _CODE, "effective": period}] * 1000, "medications": [drug] * 60}, CASE_BYTES_MAX
        ),
    }


def _filled(content: dict[str, Any], size: int) -> dict[str, Any]:
    """A case of about this size: shortened or with longer notes."""
    observations = content["observations"]
    while len(orjson.dumps(content)) > size:
        observations = observations[: len(observations) * 9 // 10]
        content = content | {"observations": observations}
    room = (size - len(orjson.dumps(content)) - 100) // len(observations)
    noted = [{**one, "note": "n" * max(room - 10, 1)} for one in observations]
    return {"title": "x", **content, "observations": noted}


def _measure(rounds: int, steps: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Median CPU of each step in milliseconds; the steps alternate."""
    took: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            started = time.process_time()
            step()
            took[name].append((time.process_time() - started) * 1e3)
    return {name: statistics.median(times) for name, times in took.items()}


def _units() -> Table:
    table = Table(title="Units that are not known, in the separate process")
    for column in ("unit", "ms"):
        table.add_column(column)
    started = time.process_time()
    units.is_unit("{first}")
    table.add_row("the first one, with loading the parser", f"{(time.process_time() - started) * 1e3:.1f}")
    for code in ("mmol/mol{creatinine}x", "mmol/mol{other}", "m." * 49 + "m", "(" * 49 + "m" + ")" * 49):
        started = time.process_time()
        units.is_unit(code)
        table.add_row(code, f"{(time.process_time() - started) * 1e3:.1f}")
    return table
