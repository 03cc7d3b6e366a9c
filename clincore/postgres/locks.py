"""Locks on files (flock): the kernel drops them with their process, so that `kill -9` leaves none behind."""

import time
from pathlib import Path

from clincore.system import IS_POSIX, fcntl, os


class Lock:
    """A held flock. No child keeps it alive: it is close-on-exec, and forked children let go of it."""

    def __init__(self, path: Path, operation: int, inherited: int | None = None) -> None:
        """Take the lock, without waiting. `inherited`: a descriptor that holds it already.

        Raises:
            BlockingIOError: another process holds it.
        """
        # O_NOFOLLOW: root must not write through a link that another user put here.
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
        # In this order: a reader never finds the file empty between two texts.
        os.pwrite(self.fd, text.encode(), 0)
        os.ftruncate(self.fd, len(text.encode()))

    def release(self) -> None:
        """Release the lock; a second call does nothing."""
        # Closing, never LOCK_UN, which in a forked child would take the lock from its parent.
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
        BlockingIOError: another process holds it still.
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
    except FileNotFoundError:  # The whole folder is gone.
        return False
    return False
