"""A shell that runs the commands of the docs."""

import subprocess
from pathlib import Path
from typing import Self

from support.commands import environment


class Shell:
    """One bash, so that exported variables are kept."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self._bash = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env=environment(**variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __call__(self, command: str) -> str:
        """The command's output; fails when it fails."""
        assert self._bash.stdin and self._bash.stdout
        self._bash.stdin.write(f'{command}\necho "=== $?"\n')
        self._bash.stdin.flush()
        output = ""
        for line in self._bash.stdout:
            head, mark, code = line.partition("=== ")
            output += head
            if mark:
                assert code.strip() == "0", f"{command}\n{output}"
                return output
        raise AssertionError(f"the shell ended:\n{command}\n{output}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bash.kill()
        self._bash.communicate()
