"""Commands in a terminal of 80 columns."""

import contextlib
import fcntl
import os
import pty
import struct
import subprocess
import termios
from pathlib import Path
from typing import NamedTuple

from support.commands import environment
from support.paths import ROOT


class Shown(NamedTuple):
    """What a command showed in its terminal, and its exit code."""

    code: int
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


def run_in_terminal(*command: str, answer: str = "", cwd: Path = ROOT, columns: int = 80, **variables: str) -> Shown:
    """A command to its end, with its input, output and errors in one terminal. `answer`: what is typed."""
    terminal, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    settings = environment(TERM="xterm-256color", **variables)
    settings = {name: value for name, value in settings.items() if name not in ("COLUMNS", "LINES")}
    with subprocess.Popen(command, cwd=cwd, env=settings, stdin=end, stdout=end, stderr=end) as process:
        os.close(end)
        if answer:
            os.write(terminal, answer.encode())
        content = b""
        with contextlib.suppress(OSError):
            while received := os.read(terminal, 65536):
                content += received
    os.close(terminal)
    return Shown(process.returncode, content.decode().replace("\r\n", "\n"))
