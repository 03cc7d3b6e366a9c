"""Structured logs on stderr: one JSON object per line, or lines for people when stderr is a terminal."""

import asyncio
import atexit
import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
import structlog

from clincore.db import errors
from clincore.log_text import has_colours, render
from clincore.log_writer import LogWriter

if TYPE_CHECKING:
    # Connexion takes a second to import, and every command logs.
    from clincore.openapi import Request

FLUSH_SECONDS = 0.05
LINES_MAX = 64
FRAMES_MAX = 12
_LEVELS = {logging.INFO: "info", logging.WARNING: "warning", logging.ERROR: "error"}

_level = logging.INFO
_render: structlog.typing.Processor = structlog.processors.JSONRenderer()
_lines: list[bytes] = []
_is_json = True


def configure(level: str, form: str = "auto") -> None:
    """Set up logging of requests from `level` on, a name of the standard library's; everything else from WARNING on.

    `form`: `json`, `text`, or `auto` for text where a person reads it.
    """
    global _level, _render, _is_json
    _level = logging.getLevelNamesMapping()[level]
    _is_json = form == "json" or (form == "auto" and not _has_reader())
    _render = structlog.processors.JSONRenderer(serializer=_serialize) if _is_json else _Text(has_colours(sys.stderr))
    handler = _Handler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _render],
            foreign_pre_chain=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.add_log_level,
                _without_exception,
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # uvicorn's own command has already set up its loggers, and its access log contains full URLs.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"


def is_text() -> bool:
    """Whether lines are for people, as `configure` has decided."""
    return not _is_json


def _has_reader() -> bool:
    """Whether stderr is a terminal on which a person started this process.

    A unit of systemd can have a terminal too. systemd names the process that it started: INVOCATION_ID and
    JOURNAL_STREAM are no sign, because terminals of a desktop inherit those of the desktop's unit.
    """
    return sys.stderr.isatty() and os.environ.get("SYSTEMD_EXEC_PID") != str(os.getpid())


class _Text:
    """A processor of structlog for lines on a terminal."""

    def __init__(self, colours: bool) -> None:
        self._colours = colours

    def __call__(self, _logger: Any, _name: str, event: structlog.typing.EventDict) -> str:
        return render(event, colours=self._colours)


def request(request: "Request", status: int, seconds: float) -> None:
    """Log one line per request, without body, query, headers or actual path, which can contain clinical text."""
    error = request.error
    level = logging.INFO
    if error is not None:
        level = logging.ERROR if status >= 500 and errors.meaning(error) != "unavailable" else logging.WARNING
    if level < _level:
        return
    caller = request.caller
    event: dict[str, Any] = {
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": _LEVELS[level],
        "event": "request",
        "method": request.method,
        "path": request.template,
        "status": status,
        "duration_ms": round(seconds * 1000, 2),
        "tenant_id": caller.tenant_id if caller else None,
        "key_id": caller.key_id if caller else None,
        "request_id": request.id,
    }
    if request.trace_id is not None:
        event["trace_id"] = request.trace_id
    if request.problem is not None:
        event["problem"] = request.problem
    if error is not None:
        # Never str(error): its text can contain stored values. The frames show where it was raised.
        event |= {"error": type(error).__qualname__, **errors.log_fields(error)}
        if level == logging.ERROR:
            frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
            event["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    if _is_json:
        # Direct use of orjson: structlog's processors would cost more than the line itself.
        _write(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE))
    else:
        _write(f"{_render(None, '', event)!s}\n".encode())


def note(event: str, **fields: Any) -> None:
    """Log one line about the service itself, at the level INFO."""
    if _level <= logging.INFO:
        head = {"timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": "info", "event": event}
        _writer.write(f"{_render(None, '', head | fields)!s}\n".encode())


def flush() -> None:
    """Hand the buffered lines to the thread that writes them."""
    if _lines:
        content, count = b"".join(_lines), len(_lines)
        _lines.clear()
        _writer.write(content, count)


def dropped() -> int:
    """Lines that were dropped since the start, because the reader of stderr was too slow."""
    return _writer.dropped


def _write(line: bytes) -> None:
    """Write a line within 50 ms, together with others: a separate write for each would cost as much as a query."""
    _lines.append(line)
    if len(_lines) == 1:
        try:
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, flush)
        except RuntimeError:
            flush()
    elif len(_lines) == LINES_MAX:
        flush()


def settle() -> None:
    """Wait until the lines so far are written, or their reader stalls."""
    flush()
    _writer.drain()


atexit.register(settle)


def _dropped_line(count: int) -> bytes:
    event = {
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": "warning",
        "event": "log lines were dropped, because the reader of stderr was too slow",
        "lines": count,
    }
    return f"{_render(None, '', event)!s}\n".encode()


_writer = LogWriter(_dropped_line)


class _Handler(logging.Handler):
    """Passes records of all loggers on, so that none of them blocks either."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            _writer.write(f"{self.format(record)}\n".encode(errors="backslashreplace"))
        except Exception:
            self.handleError(record)


def _without_exception(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Keep only the type of an exception: its text can contain SQL statements with their values."""
    info = event.pop("exc_info", None)
    if info:
        kind = info[0] if isinstance(info, tuple) else type(info)
        event["error"] = getattr(kind, "__qualname__", "unknown")
    return event


def _serialize(event: Any, **_options: Any) -> str:
    return orjson.dumps(event, default=str).decode()
