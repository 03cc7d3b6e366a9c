"""A command on a terminal, as a person starts it."""

import fcntl
import os
import struct
import subprocess
import termios
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from support.commands import environment
from support.paths import ROOT
from support.waiting import eventually


class Terminal:
    """A running command and what it has written to its terminal of 80 columns."""

    def __init__(self, command: Sequence[str], cwd: Path = ROOT, *, answer: str = "", **variables: str) -> None:
        """`answer`: what is typed."""
        master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        settings = environment(TERM="xterm-256color", **variables)
        self.process = subprocess.Popen(
            command, cwd=cwd, env=settings, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        os.write(master, answer.encode())
        self._written = b""
        self._reader = threading.Thread(target=self._read, args=(master,), daemon=True)
        self._reader.start()

    def _read(self, master: int) -> None:
        # Reading a terminal that no process has open any more is an error on Linux.
        with open(master, "rb", buffering=0) as stream, suppress(OSError):
            while chunk := stream.read(65536):
                self._written += chunk

    @property
    def written(self) -> str:
        """Everything, with the codes for colours and for the start of the line."""
        return self._written.decode().replace("\r\n", "\n")

    @property
    def lines(self) -> list[str]:
        """The lines as they stand on the screen: text before the last return to their start is overwritten."""
        return [line.rpartition("\r\x1b[K")[2].rstrip() for line in self.written.removesuffix("\n").split("\n")]

    def wait_for(self, text: str) -> None:
        eventually(lambda: text in self.written or self.process.poll() is not None)
        assert text in self.written, self.written

    def end(self) -> int:
        """Wait until the command and its output end; the exit code."""
        code = self.process.wait(60)
        self._reader.join(30)
        return code


@contextmanager
def terminal(command: Sequence[str], cwd: Path = ROOT, *, answer: str = "", **variables: str) -> Iterator[Terminal]:
    """A running command until the end of the block. `answer`: what is typed."""
    running = Terminal(command, cwd, answer=answer, **variables)
    try:
        yield running
    finally:
        # Not SIGKILL: its child processes would keep the terminal open.
        running.process.terminate()
        running.end()


class Shown(NamedTuple):
    """The exit code of a command that has ended, and what it wrote."""

    code: int
    text: str


def run_in_terminal(*command: str, answer: str = "", cwd: Path = ROOT, **variables: str) -> Shown:
    """A command to its end. `answer`: what is typed."""
    with terminal(command, cwd, answer=answer, **variables) as running:
        return Shown(running.end(), running.written)
