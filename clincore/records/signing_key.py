"""The private key that revisions are signed with: a PEM file, read again whenever it was replaced."""

import os
import tempfile
from pathlib import Path

from clincore.records.signature import SigningKey, UnusableKey, generate, load

NAME = "signing-key.pem"
"""Beside the embedded server's data."""

_file: Path | None = None
_read: tuple[tuple[int, int], SigningKey] | None = None


class NoSigningKey(Exception):
    """There is none that can be used; the text is one line that says what to do."""


def use(file: Path | None) -> None:
    """Sign with the key in this file from now on; None: with none."""
    global _file, _read
    _file, _read = file, None


def current() -> SigningKey:
    """The key to sign with now.

    Raises:
        NoSigningKey: none is configured, or its file cannot be used.
    """
    global _read
    if _file is None:
        raise NoSigningKey("No signing key is set. The operator names one in CLINCORE_SIGNING_KEY and restarts.")
    try:
        found = _file.stat()
    except OSError as error:
        raise NoSigningKey(f"The file of CLINCORE_SIGNING_KEY cannot be read: {error.strerror}.") from None
    stamp = found.st_mtime_ns, found.st_ino
    if _read is None or _read[0] != stamp:
        _read = stamp, read(_file)
    return _read[1]


def read(file: Path) -> SigningKey:
    """The key in a PEM file.

    Raises:
        NoSigningKey: it cannot be read or used.
    """
    try:
        return load(file.read_bytes())
    except OSError as error:
        raise NoSigningKey(f"The file of CLINCORE_SIGNING_KEY cannot be read: {error.strerror}.") from None
    except UnusableKey as error:
        raise NoSigningKey(
            f"The file of CLINCORE_SIGNING_KEY {error}. Make one with `openssl genpkey -algorithm ed25519`."
        ) from None


def make(file: Path) -> SigningKey:
    """The key in the file, which is made with a new one when it is not there, for its owner's eyes only."""
    if not file.exists():
        temporary = _write(file, generate())
        try:
            # Of several processes that start at once one makes the file, whole, and all read the same.
            os.link(temporary, file)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return read(file)


def replace(file: Path, key: SigningKey) -> None:
    """Put another key into the file, in one step. What was there is gone."""
    _write(file, key).replace(file)


def _write(file: Path, key: SigningKey) -> Path:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    with os.fdopen(handle, "wb") as stream:
        stream.write(key.pem())
    return Path(name)
