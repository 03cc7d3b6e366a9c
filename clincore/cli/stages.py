"""What `clincore serve` does: the stages of its start with their times, and its end."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

NAME_WIDTH = 10
DETAIL_WIDTH = 54


class Stages:
    """Lines on stderr for a person on a terminal. Otherwise one line in the log when the service serves or ends.

    A failed start prints nothing more than its error, except on a terminal.
    """

    def __init__(self, *, is_text: bool, log: Callable[..., None], settle: Callable[[], None]) -> None:
        """`is_text`: a person reads stderr. `log`: writes an event and its fields to the log. `settle`: waits until the
        log's lines are written.
        """
        self._is_text = is_text
        self._log = log
        self._settle = settle
        # Text in a file has no line that changes.
        self._erase = "\r\x1b[K" if sys.stderr.isatty() else ""
        self._began = monotonic()
        self._seconds: dict[str, float] = {}
        self._is_stopping = False

    @contextmanager
    def stage(self, name: str, doing: str) -> Iterator[Callable[[str], None]]:
        """Time a stage. Yields a function that takes its result, such as `embedded PostgreSQL in .clincore`.

        `doing`: what is shown until the end of the stage.
        """
        self.begin(name, doing)
        results: list[str] = []
        try:
            yield results.append
        except BaseException:
            self._end_line(name, "failed")
            raise
        self.finish(*results)

    def begin(self, name: str, doing: str) -> None:
        """Begin a stage that another call of `finish` ends."""
        self._name, self._since = name, monotonic()
        if self._is_text and self._erase:
            # A warning must not come into this line, which has no end yet.
            self._settle()
            self._write(f"  {name:<{NAME_WIDTH}} {doing} ...")

    def finish(self, result: str = "done") -> None:
        """End the stage that began last."""
        self._seconds[self._name] = monotonic() - self._since
        self._end_line(self._name, result)

    def serving(self, result: str) -> None:
        """The last stage has ended: the service accepts requests."""
        self.finish(result)
        if self._is_text:
            self._write(f"Ready after {monotonic() - self._began:.1f} s. Ctrl-C stops the service.\n")
        else:
            stages = {name: round(seconds * 1000) for name, seconds in self._seconds.items()}
            self._log("serving", duration_ms=round((monotonic() - self._began) * 1000), stages_ms=stages)

    def stopping(self, drain_seconds: float) -> None:
        """A signal to stop has arrived."""
        if self._is_stopping:
            return
        self._is_stopping = True
        if self._is_text:
            first = f"/ready answers 503 for {drain_seconds:g} s. " if drain_seconds else ""
            self._write(f"{self._erase}Stopping. {first}Requests in progress are finished; Ctrl-C again ends them.\n")
        else:
            self._log("stopping")

    def stopped(self, where: str) -> None:
        """The service has ended. `where`: where its data is."""
        seconds = monotonic() - self._began
        if self._is_text:
            self._write(f"Stopped after {_duration(seconds)}. Data is kept in {where}.\n")
        else:
            self._log("stopped", duration_ms=round(seconds * 1000))

    def _end_line(self, name: str, result: str) -> None:
        if self._is_text:
            width = max(20, min(DETAIL_WIDTH, shutil.get_terminal_size().columns - NAME_WIDTH - 13))
            detail = result if len(result) <= width else f"{result[: width - 3]}..."
            self._write(f"{self._erase}  {name:<{NAME_WIDTH}} {detail:<{width}} {monotonic() - self._since:7.1f} s\n")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def _duration(seconds: float) -> str:
    """Such as `3 h 12 min`."""
    minutes, hours = int(seconds / 60), int(seconds / 3600)
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"
