"""The error raised by all modules of the embedded PostgreSQL."""

import contextlib
from collections.abc import Iterator
from pathlib import Path


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used. The text is one line that tells the operator why and what to do."""


@contextlib.contextmanager
def embedded_errors(data_dir: Path) -> Iterator[None]:
    """Raise an OSError as an EmbeddedError that names its file, or `data_dir`."""
    try:
        yield
    except OSError as error:
        where = error.filename or data_dir
        why = f"the embedded PostgreSQL cannot use {where}: {error.strerror or error}"
        raise EmbeddedError(f"{why}. Set CLINCORE_DATA_DIR to another folder, or set DATABASE_URL") from error
