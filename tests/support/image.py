"""The files of deploy/Containerfile's image, and its commands, run as a container would run them."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

# Its own namespaces of mounts and processes, a root that cannot be written to, no capabilities, no new privileges.
# /proc shows processes only, and only its own ones, as under deploy/systemd/clincore.service.
ENTER = """
set -e
mount --bind "$ROOT" "$ROOT"
mount --bind "$STATE" "$ROOT$HOME_FOLDER"
mount --options remount,bind,ro "$ROOT"
mount --options "remount,bind,$STATE_MODE" "$ROOT$HOME_FOLDER"
mount --types proc --options hidepid=invisible,subset=pid proc "$ROOT/proc"
mount --types tmpfs tmpfs "$ROOT/tmp"
mount --rbind /dev "$ROOT/dev"
exec chroot "$ROOT" setpriv --reuid "$UID_" --regid "$GID_" --clear-groups --no-new-privs --bounding-set=-all \\
  --inh-caps=-all env --ignore-environment --chdir "$HOME_FOLDER" "$@"
"""


@dataclass(frozen=True)
class Image:
    """An image's files and its configuration, as Docker describes one."""

    root: Path
    config: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> "Image":
        """What tools/image_root made in the folder."""
        return cls(folder / "root", json.loads((folder / "image.json").read_text())["Docker"]["config"])

    def start(
        self,
        command: Sequence[str],
        state: Path,
        *,
        entrypoint: Sequence[str] = (),
        may_write: bool = False,
        stdin: Any = None,
        output: Any = subprocess.PIPE,
        **variables: str,
    ) -> "subprocess.Popen[str]":
        """Run the entry point with the command as the image's user. `state`: what its home folder contains."""
        user, group = self.config["User"].split(":")
        settings = {
            **os.environ,
            "ROOT": str(self.root),
            "STATE": str(state),
            "STATE_MODE": "rw" if may_write else "ro",
            "HOME_FOLDER": self.config["WorkingDir"],
            "UID_": user,
            "GID_": group,
        }
        inside = [*self.config["Env"], *(f"{name}={value}" for name, value in variables.items())]
        enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation=private", "sh", "-c", ENTER]
        return subprocess.Popen(
            [*enter, "sh", *inside, *(entrypoint or self.config["Entrypoint"]), *command],
            env=settings,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, command: Sequence[str], state: Path, **options: Any) -> tuple[int, str]:
        """Run it to its end: the exit code and the output."""
        process = self.start(command, state, **options)
        output, _ = process.communicate(timeout=120)
        return process.returncode, output


def first_process(container: "subprocess.Popen[str]") -> psutil.Process:
    """The process that is number 1 inside, as seen from outside."""
    (child,) = psutil.Process(container.pid).children()
    return child
