"""Commands of the virtual environment, run without this process's settings of ClinCore."""

import os
import subprocess
import sys
from pathlib import Path

from support.paths import ROOT


def environment(**variables: str) -> dict[str, str]:
    """This process's environment, with these variables instead of its settings of ClinCore."""
    removed = {"DATABASE_URL", "MIGRATION_DATABASE_URL", "BOOTSTRAP_TOKEN", "LOG_LEVEL"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return (
        {name: value for name, value in os.environ.items() if name not in removed and not name.startswith("CLINCORE_")}
        | {"PATH": path}
        | variables
    )


def run(*command: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command of the virtual environment, to its end."""
    return subprocess.run(
        command, cwd=cwd, env=environment(**variables), capture_output=True, text=True, timeout=120, check=False
    )
