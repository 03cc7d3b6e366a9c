"""The command line, `clincore`. Modules import what is slow to import inside their commands, so that --help is not."""

import io
import signal
import sys

from clincore.signals import STOP, exit_at_once


def main() -> None:
    """`clincore`."""
    # Before everything that takes time to import.
    if sys.argv[1:2] == ["serve"]:
        for number in STOP:
            signal.signal(number, exit_at_once)
    else:
        # Killed by the signal, as its shell expects (exit code 130), and not with Python's traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        # Names and labels have characters that the terminal's encoding may lack.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from clincore.cli.app import app

    app(prog_name="clincore")
