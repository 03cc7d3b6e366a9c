"""The folder with an exported tenant: a file of JSON lines for each table, and a manifest with counts and hashes.

The manifest gets its name last, so a folder without one is an export that did not end.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FORMAT = "clincore tenant 1"
MANIFEST = "manifest.json"
RECEIPT = "receipt.json"
_PARTIAL = ".partial"
_LINES = ".jsonl"


class UnfitFolder(Exception):
    """The folder cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Table:
    """The file of a table."""

    rows: int
    sha256: str
    """Of the file, in lower-case hex."""


@dataclass(frozen=True)
class Manifest:
    """What is in the folder."""

    tenant_id: str
    tenant_name: str
    exported_at: str
    clincore: str
    """The version that exported it."""
    schema: str
    """The last migration of the database."""
    tables: Mapping[str, Table]
    """By name, each after those that it refers to."""
    signing_keys: Mapping[str, Mapping[str, Any]]
    """The public keys of the tenant's signatures, by `kid`: a JWK with `retired_at` and `compromised_at`."""


def claim(folder: Path) -> None:
    """Make the folder, or take one that is empty or has only the rest of an interrupted run. Others cannot read it.

    Raises:
        UnfitFolder: it is not empty, or it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = {file.name for file in folder.iterdir()}
        rest = MANIFEST + _PARTIAL in found
        if found and not (rest and all(name.endswith((_LINES, _PARTIAL)) for name in found)):
            raise UnfitFolder(f"{folder} is not empty. Name a new folder.")
        folder.chmod(0o700)
    except OSError as error:
        raise UnfitFolder(f"{folder} cannot be used: {error.strerror}. Name a new folder.") from None


def begin(folder: Path) -> None:
    """Mark the folder as an export that has not ended. It must be claimed."""
    write(folder, MANIFEST, b"")


def write_table(folder: Path, name: str, lines: Iterable[str]) -> Table:
    """Write the file of a table."""
    rows, sha256 = 0, hashlib.sha256()
    with _create(folder / (name + _LINES)) as file:
        for line in lines:
            content = line.encode() + b"\n"
            sha256.update(content)
            file.write(content)
            rows += 1
        file.flush()
        os.fsync(file.fileno())
    return Table(rows, sha256.hexdigest())


def read_table(folder: Path, name: str, check: Table, most: int, most_bytes: int) -> Iterator[list[str]]:
    """The lines of a table's file, some at a time: at most `most`, and not many more than `most_bytes`.

    Raises:
        UnfitFolder: after the last line, the file is not the one that the manifest describes; or it cannot be read.
    """
    rows, sha256, lines, size = 0, hashlib.sha256(), list[str](), 0
    try:
        with (folder / (name + _LINES)).open("rb") as file:
            for content in file:
                sha256.update(content)
                rows += 1
                lines.append(content.decode())
                size += len(content)
                if len(lines) == most or size >= most_bytes:
                    yield lines
                    lines, size = [], 0
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UnfitFolder(f"{folder / (name + _LINES)} cannot be read: {why}. Export the tenant again.") from None
    if lines:
        yield lines
    if (rows, sha256.hexdigest()) != (check.rows, check.sha256):
        raise UnfitFolder(f"{name}{_LINES} was changed: {MANIFEST} has another hash or number of rows.")


def write_manifest(folder: Path, manifest: Manifest) -> str:
    """Write the manifest, without its name yet. Returns its SHA-256 in lower-case hex."""
    content = _as_json({"format": FORMAT, **asdict(manifest)})
    write(folder, MANIFEST, content)
    return hashlib.sha256(content).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a complete export.

    Raises:
        UnfitFolder: there is none, or it is not a manifest.
    """
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        if found.pop("format") != FORMAT:
            raise UnfitFolder(f"{folder / MANIFEST} has another format. Use the version of ClinCore that wrote it.")
        tables = {name: Table(**table) for name, table in found.pop("tables").items()}
        keys = {kid: {**jwk} for kid, jwk in found.pop("signing_keys").items()}
        if not all(isinstance(text, str) for text in found.values()):
            raise TypeError
        return Manifest(**found, tables=tables, signing_keys=keys)
    except OSError as error:
        raise UnfitFolder(
            f"{folder / MANIFEST} cannot be read: {error.strerror}. An interrupted export has none."
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise UnfitFolder(f"{folder / MANIFEST} is not a manifest of `clincore tenants export`.") from None


def write(folder: Path, name: str, content: bytes) -> None:
    """Write a file that gets its name with `publish`."""
    with _create(folder / (name + _PARTIAL)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_receipt(folder: Path, receipt: Mapping[str, Any]) -> None:
    """Write the receipt of a deletion, without its name yet."""
    write(folder, RECEIPT, _as_json(receipt))


def read_receipt(folder: Path) -> dict[str, Any] | None:
    """A receipt that has no name yet; None: there is none."""
    try:
        receipt: dict[str, Any] = json.loads((folder / (RECEIPT + _PARTIAL)).read_bytes())
    except (OSError, ValueError):
        return None
    return receipt


def publish(folder: Path, name: str, sha256: str | None = None) -> None:
    """Give a written file its name, if there is one. `sha256`: only if this is its hash."""
    partial = folder / (name + _PARTIAL)
    if partial.exists() and sha256 in (None, hashlib.sha256(partial.read_bytes()).hexdigest()):
        partial.replace(folder / name)
        _sync(folder)


def _as_json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, indent=2, ensure_ascii=False, default=str).encode() + b"\n"


def _create(file: Path) -> Any:
    """The file, empty and open for writing, readable by its owner only."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _sync(folder: Path) -> None:
    # On Windows a folder cannot be opened, and a rename needs no sync.
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
