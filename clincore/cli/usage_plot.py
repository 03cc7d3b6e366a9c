"""The calls of a tenant on each day, as a plot in the terminal."""

import shutil
import sys
from datetime import UTC, datetime, timedelta

from clincore.cli.cases import connect
from clincore.cli.output import WIDTH_MAX, coloured, print_json

# The parts of a column, from an eighth to seven eighths.
_EIGHTHS = "▏▎▍▌▋▊▉"


def plot_usage(url: str | None, days: int, as_json: bool) -> None:
    """Print the calls of the key's tenant on each of the last days, today included, in UTC.

    Raises:
        CommandError: there is no admin key, or the service refuses it.
    """
    service = connect(url)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=days - 1)
    series = service.get(
        "/admin/usage/timeseries",
        **{"from": _text(first), "to": _text(today + timedelta(days=1)), "bucket": "day", "group_by": "none"},
    )
    quota = service.get("/usage")
    calls = {one["start"][:10]: one["calls"] for one in series["items"]}
    # A day without calls has no entry.
    shown = [(day, calls.get(day, 0)) for day in (f"{first + timedelta(days=n):%Y-%m-%d}" for n in range(days))]
    if as_json:
        print_json({"items": [{"day": day, "calls": count} for day, count in shown], "quota": quota})
        return
    _plot(shown)
    limit = "no limit" if quota["limit"] is None else f"{quota['remaining']} of {quota['limit']} free calls left"
    print(f"\n{sum(count for _, count in shown)} calls in {days} days; {quota['used']} in all; {limit}.")


def _plot(shown: list[tuple[str, int]]) -> None:
    most = max(count for _, count in shown)
    digits = len(str(most))
    columns = min(shutil.get_terminal_size().columns if sys.stdout.isatty() else 80, WIDTH_MAX)
    width = max(10, columns - len("2026-01-01  ") - digits - 2)
    for day, count in shown:
        bar = _bar(count * width / most if most else 0)
        print(f"{day}  {count:>{digits}}  {coloured(bar, 'cyan')}".rstrip())


def _bar(length: float) -> str:
    """A bar of this many columns; a call is never drawn as nothing."""
    eighths = max(round(length * 8), 1) if length else 0
    if not _is_drawable():
        return "#" * -(-eighths // 8)
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8 - 1] if eighths % 8 else "")


def _is_drawable() -> bool:
    try:
        "█▏".encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def _text(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")
