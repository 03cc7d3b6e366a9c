"""The temporary folder of an import, which has clinical data."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from clincore.system import IS_POSIX, fcntl, os

_PREFIX = "clincore-import-"
_YOUNG_SECONDS = 60
"""Another run may be about to lock a folder that is younger."""


class IndexFolderError(Exception):
    """The folder cannot be made. The text says why."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that only the user can read, and that is removed at the end.

    What killed runs have left is removed first, except on Windows.

    Raises:
        IndexFolderError: it cannot be made.
    """
    try:
        if IS_POSIX:
            _remove_abandoned()
        made = tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)
    except OSError as error:
        raise IndexFolderError(error.strerror or "there is no folder for temporary files") from None
    with made:
        held = None
        if IS_POSIX:
            # A file system without locks: then no run removes what others have left.
            with suppress(OSError):
                held = _locked(Path(made.name))
        try:
            yield Path(made.name)
        finally:
            if held is not None:
                os.close(held)


def _remove_abandoned() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            found = folder.lstat()
            if found.st_uid != os.getuid() or time.time() - found.st_mtime < _YOUNG_SECONDS:
                continue
            held = _locked(folder)
        except OSError:
            # It is in use, was removed meanwhile, or is no folder.
            continue
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _locked(folder: Path) -> int:
    """A file descriptor that holds the folder's lock until it is closed, at the latest when the process ends.

    Raises:
        OSError: another process holds it.
    """
    held: int = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise
    return held
