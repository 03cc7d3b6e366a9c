"""The command line, `clincore`. Slow imports are inside the commands that need them, which keeps --help fast."""

import io
import signal
import sys

from clincore.signals import STOP, exit_at_once


def main() -> None:
    """Run `clincore`."""
    # First, so that a signal during the slow imports already takes effect.
    if sys.argv[1:2] == ["serve"]:
        for number in STOP:
            signal.signal(number, exit_at_once)
    else:
        # Die of the signal, as shells expect (exit code 130), instead of printing Python's traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        # Names and labels may contain characters that the terminal's encoding lacks.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from clincore.cli.app import app

    app(prog_name="clincore")
