"""The repository's folder, and temporary ones."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def make_folder() -> Iterator[Path]:
    """A temporary folder that PostgreSQL's user can reach; pytest's own are closed to others when root runs it."""
    folder = Path(tempfile.mkdtemp(prefix="clincore-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
