"""The repository's folder and temporary folders."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def make_folder() -> Iterator[Path]:
    """A temporary folder that PostgreSQL's user can enter; pytest's own folders, run as root, are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="clincore-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
