"""The worker processes of a service."""

from contextlib import suppress

import psutil


def worker_processes(parent: psutil.Process) -> list[psutil.Process]:
    """The workers of a parent process. It has one more child, which tracks resources."""
    found = []
    for child in parent.children():
        # A worker that has ended may not have been reaped yet.
        with suppress(psutil.NoSuchProcess):
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found
