"""Commands of the virtual environment, run without this process's settings of ClinCore."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from support import warm
from support.paths import ROOT

SECONDS_MAX = 600
"""A command that takes longer hangs. Changing the billing of 150 000 cases takes 50 s at a load of 5."""


def environment(**variables: str) -> dict[str, str]:
    """This process's environment, with these variables instead of its settings of ClinCore."""
    removed = {"DATABASE_URL", "MIGRATION_DATABASE_URL", "BOOTSTRAP_TOKEN", "LOG_LEVEL", "LOG_FORMAT"}
    # pytest imports readline, which sets them to the size of its terminal. They go before the size of a command's own.
    removed |= {"COLUMNS", "LINES"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return (
        {
            name: value
            for name, value in os.environ.items()
            if name not in removed and not name.startswith(("CLINCORE_", "OTEL_"))
        }
        | {"PATH": path}
        | variables
    )


def start(
    command: Sequence[str], *, stdout: IO[Any], stderr: IO[Any], cwd: Path = ROOT, **variables: str
) -> warm.Process | subprocess.Popen[bytes]:
    """A command of the virtual environment, which writes to the files."""
    settings = environment(**variables)
    if warm.is_warm(command, settings):
        return warm.start(command, cwd=cwd, environment=settings, stdout=stdout.fileno(), stderr=stderr.fileno())
    return subprocess.Popen(command, cwd=cwd, env=settings, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)


def run(*command: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command of the virtual environment, to its end."""
    with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
        process = start(command, stdout=stdout, stderr=stderr, cwd=cwd, **variables)
        try:
            code = process.wait(SECONDS_MAX)
        except BaseException:
            process.kill()
            process.wait()
            raise
        for file in (stdout, stderr):
            file.seek(0)
        return subprocess.CompletedProcess(command, code, stdout.read(), stderr.read())
