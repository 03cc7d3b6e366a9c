"""Checkouts of ClinCore: this folder, or one of another commit, run by the same Python."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Checkout:
    """A folder with a commit of ClinCore."""

    folder: Path

    def python(self, *arguments: str) -> list[str]:
        """The command that runs one of its modules. It needs `environment`, and the checkout as its working
        directory."""
        return [sys.executable, "-m", *arguments]

    def environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """This process's variables and these, with the checkout before installed packages."""
        return {**os.environ, **variables, "PYTHONPATH": str(self.folder)}

    def run(self, arguments: Sequence[str], variables: Mapping[str, str]) -> None:
        """Run one of its modules and wait for it.

        Raises:
            SystemExit: it failed; the text has its output.
        """
        done = subprocess.run(
            self.python(*arguments),
            cwd=self.folder,
            env=self.environment(variables),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{self.folder}: {' '.join(arguments)} failed: {done.stderr[-2000:]}")

    def server_class(self, name: str) -> str:
        """`module:class` of ClinCore's `Protocol` or `EventLoop`, for uvicorn; the module differs between commits."""
        for module in ("clincore.server.event_loop", "clincore.server.protocol", "clincore.protocol"):
            file = self.folder / f"{module.replace('.', '/')}.py"
            if file.exists() and f"\nclass {name}(" in file.read_text():
                return f"{module}:{name}"
        raise SystemExit(f"{self.folder} is not a checkout of ClinCore: it has no {name}")


HERE = Checkout(Path(__file__).resolve().parents[1])
