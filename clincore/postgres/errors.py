"""The error that every module of the embedded PostgreSQL raises."""

import contextlib
from collections.abc import Iterator
from pathlib import Path


class EmbeddedError(Exception):
    """Why the embedded PostgreSQL cannot be used, in one line for the operator."""


@contextlib.contextmanager
def embedded_errors(data_dir: Path) -> Iterator[None]:
    """Raise an OSError as an EmbeddedError that names the file, or `data_dir` when it names none."""
    try:
        yield
    except OSError as error:
        where = error.filename or data_dir
        why = f"the embedded PostgreSQL cannot use {where}: {error.strerror or error}"
        raise EmbeddedError(f"{why}. Name a folder for its data in CLINCORE_DATA_DIR, or set DATABASE_URL") from error
