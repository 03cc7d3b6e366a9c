"""Commands of the virtual environment, forked from a process that has their imports.

`clincore` and `alembic` spend a second of CPU on imports, and the suite starts them hundreds of times. Run as a
program, this module imports them once. It then forks for each command; the child runs the command's own script.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

COMMANDS = {"clincore", "alembic", "uvicorn"}
# The interpreter reads these when it starts.
READ_AT_START = ("PYTHON", "LC_", "LANG", "TZ", "LD_")


class Process:
    """A forked command, with the part of `subprocess.Popen` that the tests use."""

    def __init__(self, report: int) -> None:
        """`report`: a pipe that brings the process id and later the exit code, a line each."""
        self.returncode: int | None = None
        self._report = os.fdopen(report, "rb", buffering=0)
        self.pid = int(self._report.readline())

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._report], [], [], 0)[0]:
            self._read()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._report], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("command", timeout or 0)
            self._read()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _read(self) -> None:
        self.returncode = int(self._report.readline())
        self._report.close()


def is_warm(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether a fork can stand for a fresh interpreter."""
    return command[0] in COMMANDS and all(
        os.environ.get(name) == value for name, value in environment.items() if name.startswith(READ_AT_START)
    )


def start(command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], stdout: int, stderr: int) -> Process:
    """Fork the command. `stdout` and `stderr` are file descriptors, which stay the caller's."""
    script = str(Path(sys.executable).parent / command[0])
    message = {"argv": [script, *command[1:]], "cwd": str(cwd), "environment": dict(environment)}
    read, write = os.pipe()
    try:
        socket.send_fds(_server(), [json.dumps(message).encode()], [stdout, stderr, write])
    finally:
        os.close(write)
    return Process(read)


@cache
def _server() -> socket.socket:
    """A socket to the process that forks, which ends when the socket is closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())], stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
        )
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


def _import_all() -> None:

    import clincore

    for module in pkgutil.walk_packages(clincore.__path__, "clincore."):
        # The first makes the application from the environment.
        if module.name not in ("clincore.asgi", "clincore.__main__"):
            importlib.import_module(module.name)
    gc.freeze()


def _serve(connection: socket.socket) -> list[str]:
    """Fork for each message. Returns in the child: the script and its arguments."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        content, descriptors, *_ = socket.recv_fds(connection, 1 << 18, 3)
        if not content:
            os._exit(0)
        if os.fork() == 0:
            break
        for descriptor in descriptors:
            os.close(descriptor)
    connection.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    stdout, stderr, report = descriptors
    child = os.fork()
    if child:
        # Ctrl-C reaches the whole group: report the command's end all the same.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.write(report, b"%d\n" % child)
        for descriptor in (0, 1, 2, stdout, stderr):
            os.close(descriptor)
        os.write(report, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        os._exit(0)
    os.close(report)
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    os.close(stdout)
    os.close(stderr)
    message = json.loads(content)
    os.chdir(message["cwd"])
    os.environ.clear()
    os.environ.update(message["environment"])
    argv: list[str] = message["argv"]
    return argv


if __name__ == "__main__":
    # As for a script in that folder, and not this module's folder.
    sys.path[0] = str(Path(sys.executable).parent)
    _import_all()
    sys.argv = _serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_path(sys.argv[0], run_name="__main__")
