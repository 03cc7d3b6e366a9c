"""Commands of the virtual environment, forked from a process that has their imports.

`clincore` and `alembic` spend a second of CPU on imports, and the suite starts them hundreds of times. Run as a
program, this module imports them once. It then forks for each command; the child runs the command's own script.
Limits (rlimits) and umask are those of the process at the first start.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

COMMANDS = {"clincore", "alembic", "uvicorn"}
# Read by the interpreter when it starts, or by libraries when they are imported.
READ_AT_START = ("PYTHON", "LC_", "LANG", "TZ", "LD_", "FORCE_COLOR", "TERMINAL_WIDTH", "SSL_")
# In the environment of pytest: start every command in a fresh interpreter.
COLD = "CLINCORE_TEST_COLD"


class Process:
    """A forked command, with the part of `subprocess.Popen` that the tests use."""

    def __init__(self, command: Sequence[str], report: int) -> None:
        """`report`: a pipe that brings the process id and later the exit code, a line each."""
        self.args = command
        self.returncode: int | None = None
        self._report = os.fdopen(report, "rb", buffering=0)
        self._poll = select.poll()
        self._poll.register(report, select.POLLIN)
        self.pid = self._read()

    def poll(self) -> int | None:
        if self.returncode is None and self._poll.poll(0):
            self._end()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not self._poll.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            self._end()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _end(self) -> None:
        self.returncode = self._read()
        self._report.close()

    def _read(self) -> int:
        line = self._report.readline()
        if not line:
            self._report.close()
            raise RuntimeError(f"the process that forks commands has ended: {self.args}")
        return int(line)


def is_warm(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether a fork can replace a fresh interpreter. Other systems than Linux lack SOCK_SEQPACKET or WNOWAIT."""
    return (
        sys.platform == "linux"
        and COLD not in os.environ
        and command[0] in COMMANDS
        and all(os.environ.get(name) == value for name, value in environment.items() if name.startswith(READ_AT_START))
    )


def start(command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], stdout: int, stderr: int) -> Process:
    """Fork the command. `stdout` and `stderr` are file descriptors, which stay the caller's."""
    script = shutil.which(command[0], path=environment["PATH"])
    message = {"argv": [script, *command[1:]], "cwd": str(cwd), "environment": dict(environment)}
    read, write = os.pipe()
    try:
        socket.send_fds(_server(), [json.dumps(message).encode()], [stdout, stderr, write])
    except OSError:
        os.close(read)
        raise
    finally:
        os.close(write)
    return Process(command, read)


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
        os.write(report, b"%d\n" % child)
        for descriptor in (0, 1, 2, stdout, stderr):
            os.close(descriptor)
        # The process id stays taken until its exit code is known.
        ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        killed = ended.si_code != os.CLD_EXITED
        os.write(report, b"%d\n" % (-ended.si_status if killed else ended.si_status))
        os.waitpid(child, 0)
        os._exit(0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
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
    # Ctrl-C goes to the whole group: stay, to report how the commands end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # As for a script in that folder, and not this module's folder.
    sys.path[0] = str(Path(sys.executable).parent)
    _import_all()
    sys.argv = _serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_path(sys.argv[0], run_name="__main__")
