"""File locks (flock). The kernel releases them when the process ends, including after `kill -9`."""

import time
from pathlib import Path

from clincore.system import IS_POSIX, fcntl, os


class Lock:
    """A held flock. Children do not keep it: it is close-on-exec, and forked children close it."""

    def __init__(self, path: Path, operation: int, inherited: int | None = None) -> None:
        """Take the lock without waiting. `inherited`: a descriptor that already holds it.

        Raises:
            BlockingIOError: another process holds it.
        """
        # O_NOFOLLOW: root must not write through a symbolic link that another user created.
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        self.fd = os.open(path, flags, 0o600) if inherited is None else inherited
        try:
            os.set_inheritable(self.fd, False)
            fcntl.flock(self.fd, operation | fcntl.LOCK_NB)
        except BaseException:
            os.close(self.fd)
            raise
        _held_locks.add(self)

    def write(self, text: str) -> None:
        """Replace the text of the file, which other processes read without the lock."""
        # Write before truncating, so that a reader never finds the file empty.
        os.pwrite(self.fd, text.encode(), 0)
        os.ftruncate(self.fd, len(text.encode()))

    def release(self) -> None:
        """Release the lock; a second call does nothing."""
        # Close instead of LOCK_UN, which in a forked child would release the parent's lock.
        if self in _held_locks:
            _held_locks.discard(self)
            os.close(self.fd)


_held_locks: set[Lock] = set()


def _release_all() -> None:
    for lock in tuple(_held_locks):
        lock.release()


if IS_POSIX:
    os.register_at_fork(after_in_child=_release_all)


def acquire(path: Path, operation: int, deadline: float) -> Lock:
    """Wait for the lock until the deadline, in seconds of `time.monotonic()`.

    Raises:
        BlockingIOError: another process still holds it.
    """
    while True:
        try:
            return Lock(path, operation)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.02)


def is_held(path: Path) -> bool:
    """Whether another process holds the lock exclusively."""
    try:
        Lock(path, fcntl.LOCK_SH).release()
    except BlockingIOError:
        return True
    except FileNotFoundError:  # The folder was removed.
        return False
    return False
