"""A command on a terminal, as a person starts it."""

import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from support.commands import environment
from support.waiting import eventually


class Terminal:
    """A running command and what it has written to its terminal of 80 columns."""

    def __init__(self, command: Sequence[str], **variables: str) -> None:
        master, slave = os.openpty()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=environment(TERM="xterm", COLUMNS="80", **variables),
        )
        os.close(slave)
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
        eventually(lambda: text in self.written or self.process.poll() is not None, 60)
        assert text in self.written, self.written

    def end(self) -> int:
        """Wait until the command and its output end; the exit code."""
        code = self.process.wait(60)
        self._reader.join(30)
        return code


@contextmanager
def terminal(command: Sequence[str], **variables: str) -> Iterator[Terminal]:
    running = Terminal(command, **variables)
    try:
        yield running
    finally:
        # Not SIGKILL: its child processes would keep the terminal open.
        running.process.terminate()
        running.end()
