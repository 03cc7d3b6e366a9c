"""The files of an import, and their content piece by piece."""

import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from clincore.cli.output import CommandError

JSON_BYTES_MAX = 64 * 1024 * 1024
"""Of a file that is one JSON text, and of a line of NDJSON. It is in memory as a whole."""
_JSON = (".json",)
_LINES = (".ndjson", ".jsonl")
# They are recognized, so that the report names them.
_OTHER = (".xml",)
_BOM = b"\xef\xbb\xbf"


class Unusable(Exception):
    """A file or a line cannot be read. The text says why, without content."""


class Input(NamedTuple):
    """A file of the import."""

    path: Path
    name: str
    """Of the report: as it was given, or below the folder that was given."""
    is_given: bool
    """Whether it was given itself, so that it may be a pipe."""


class Piece(NamedTuple):
    """One JSON text of a file."""

    place: str
    """Empty, or the line, such as `line 12`."""
    content: bytes


def find(paths: Iterable[Path], *, except_for: Path | None = None) -> tuple[list[Input], int]:
    """The files, and those in the folders whose name ends like JSON, NDJSON or XML. Each is listed once.

    `except_for`: a file that is none of them, even if it is in one of the folders.

    Returns them, and the number of other files in the folders.

    Raises:
        CommandError: a path does not exist, or cannot be listed.
    """
    found: dict[Path, Input] = {}
    others: set[Path] = set()
    for path in paths:
        if path.is_dir():
            for file in sorted(_below(path)):
                if _stem(file.name).endswith((*_JSON, *_LINES, *_OTHER)):
                    found.setdefault(_resolved(file), Input(file, _name(file), is_given=False))
                else:
                    others.add(_resolved(file))
        elif path.exists():
            found.setdefault(_resolved(path), Input(path, _name(path), is_given=True))
        else:
            raise CommandError(f"{path} does not exist.", exit_code=2)
    others -= set(found)
    if except_for is not None:
        found.pop(_resolved(except_for), None)
        others.discard(_resolved(except_for))
    return list(found.values()), len(others)


def _below(folder: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise CommandError(f"cannot list {error.filename}: {error.strerror}.", exit_code=2)

    seen = set[tuple[int, int]]()
    for parent, folders, names in os.walk(folder, onerror=fail, followlinks=True):
        place = os.stat(parent)
        # A link can lead to a folder that contains it.
        if (place.st_dev, place.st_ino) in seen:
            folders.clear()
            continue
        seen.add((place.st_dev, place.st_ino))
        yield from (Path(parent, name) for name in names)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        # A link to itself.
        return path.absolute()


def _name(path: Path) -> str:
    """The path as text. Bytes that are no UTF-8 are escaped."""
    return os.fsencode(path).decode(errors="backslashreplace")


def _stem(name: str) -> str:
    return name.lower().removesuffix(".gz")


def pieces(file: Input) -> Iterator[Piece]:
    """The JSON texts of a file: one, or one for each line of NDJSON.

    Raises:
        Unusable: the file cannot be read, or has more than `JSON_BYTES_MAX` bytes.
    """
    try:
        if not file.is_given and not stat.S_ISREG(file.path.stat().st_mode):
            raise Unusable("it is no regular file")
        with ExitStack() as opened:
            raw = opened.enter_context(file.path.open("rb"))
            is_compressed = raw.peek(2)[:2] == b"\x1f\x8b"
            stream: io.BufferedIOBase = opened.enter_context(gzip.open(raw)) if is_compressed else raw
            if _stem(file.path.name).endswith(_LINES):
                yield from _lines(stream)
            else:
                content = stream.read(JSON_BYTES_MAX + 1)
                if len(content) > JSON_BYTES_MAX:
                    raise Unusable(f"it has more than {JSON_BYTES_MAX >> 20} MiB; split it, or write it as NDJSON")
                yield Piece("", content.removeprefix(_BOM))
    except OSError as error:
        raise Unusable(f"it cannot be read: {error.strerror or 'it is damaged'}") from None
    except (EOFError, zlib.error):
        raise Unusable("it cannot be read: its compressed data is damaged or cut off") from None


def _lines(stream: io.BufferedIOBase) -> Iterator[Piece]:
    number = 0
    while line := stream.readline(JSON_BYTES_MAX + 1):
        number += 1
        if len(line) > JSON_BYTES_MAX:
            raise Unusable(f"line {number} has more than {JSON_BYTES_MAX >> 20} MiB")
        content = (line.removeprefix(_BOM) if number == 1 else line).strip()
        if content:
            yield Piece(f"line {number}", content)
