"""Log lines for people on a terminal."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TextIO

_RESET = "\x1b[0m"
_FAINT = "\x1b[2m"
_COLOURS = {2: "\x1b[32m", 3: "\x1b[36m", 4: "\x1b[33m", 5: "\x1b[31m"}
"""By the first digit of the status."""
_LEVELS = {"warning": _COLOURS[4], "error": _COLOURS[5], "critical": _COLOURS[5]}


def has_colours(stream: TextIO) -> bool:
    """Whether the stream is a terminal that may be sent colours (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def render(event: Mapping[str, Any], *, colours: bool) -> str:
    """The line of an event, with lines for its `frames` below it.

    A request has its time of day, status, method, path template and duration, and after an error also the problem and
    the first digits of the request id: `12:03:05  404  GET     /cases/{case_id}    3.2 ms  not-found  6f1c8c2e`.
    """
    shown = dict(event)
    time = datetime.fromisoformat(shown.pop("timestamp")).astimezone().strftime("%H:%M:%S")
    level = str(shown.pop("level", "info"))
    name = " ".join(str(shown.pop("event", "")).split())
    frames = shown.pop("frames", ())
    if name == "request":
        colour, text = _COLOURS.get(shown["status"] // 100, ""), _request(shown)
    else:
        colour = _LEVELS.get(level, "")
        text = "  ".join([f"{level:<7}", name, *(f"{key}={value}" for key, value in shown.items())])
    if colours:
        first, space, rest = text.partition(" ")
        time, text = f"{_FAINT}{time}{_RESET}", f"{colour}{first}{_RESET}{space}{rest}"
    return "\n".join([f"{time}  {text}", *(f"          {frame}" for frame in frames)])


def _request(event: Mapping[str, Any]) -> str:
    path = event["path"] or "(unknown path)"
    parts = [f"{event['status']}", f"{event['method']:<6}", f"{path:<36}", f"{event['duration_ms']:>7.1f} ms"]
    if event["status"] >= 400:
        parts += [event.get("problem") or "", str(event["request_id"])[:8]]
    parts += [str(event[key]) for key in ("error", "sqlstate", "constraint", "table") if key in event]
    return "  ".join(filter(None, parts))
