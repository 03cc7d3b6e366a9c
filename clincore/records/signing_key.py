"""The PEM file with the private key that signs revisions."""

import os
import stat
import tempfile
from pathlib import Path

from clincore.records.signature import SigningKey, UnusableKey, generate, load

NAME = "signing-key.pem"
"""The file's name in the embedded server's data directory."""


class NoSigningKey(Exception):
    """There is no usable key; the text is one line that says what to do."""


class SigningKeyFile:
    """The signing key, read again whenever its file is replaced."""

    def __init__(self, file: Path | None) -> None:
        """`file`: None: no key is configured."""
        self._file = file
        self._read: tuple[tuple[int, int], SigningKey] | None = None

    def current(self) -> SigningKey:
        """The key that is in the file now.

        Raises:
            NoSigningKey: no file is configured, or it cannot be used.
        """
        if self._file is None:
            raise NoSigningKey("No signing key is configured. The operator sets CLINCORE_SIGNING_KEY and restarts.")
        try:
            found = self._file.stat()
        except OSError as error:
            raise NoSigningKey(f"The file of CLINCORE_SIGNING_KEY cannot be read: {error.strerror}.") from None
        stamp = found.st_mtime_ns, found.st_ino
        if self._read is None or self._read[0] != stamp:
            self._read = stamp, read(self._file)
        return self._read[1]


def read(file: Path, *, may_be_open: bool = False) -> SigningKey:
    """The key in a PEM file. `may_be_open`: accept a file that others can read, for a key that is being retired.

    Raises:
        NoSigningKey: it cannot be read or used.
    """
    try:
        with file.open("rb") as stream:
            if not may_be_open:
                _refuse_open_to_others(os.fstat(stream.fileno()))
            return load(stream.read())
    except OSError as error:
        raise NoSigningKey(
            f"The file of CLINCORE_SIGNING_KEY cannot be read: {error.strerror}. Put a key there, or correct the path."
        ) from None
    except UnusableKey as error:
        raise NoSigningKey(
            f"The file of CLINCORE_SIGNING_KEY {error}. Make one with `openssl genpkey -algorithm ed25519`."
        ) from None


def _refuse_open_to_others(found: os.stat_result) -> None:
    """Like ssh, check only the user's own files: a file mounted by a secret store often belongs to root and is open.

    Raises:
        NoSigningKey: others can read the file.
    """
    mode = stat.S_IMODE(found.st_mode)
    # Windows has no such owners and modes.
    user_id = getattr(os, "geteuid", lambda: None)()
    if found.st_uid == user_id and mode & 0o077:
        raise NoSigningKey(
            f"The file of CLINCORE_SIGNING_KEY is open to other users (mode {mode:04o}) and is not used. Run: chmod 600"
            " on it, and sign with a new key if others may have read it (clincore signing rotate)."
        )


def make(file: Path) -> SigningKey:
    """The key in the file. A missing file is created with a new key, readable only by its owner.

    Raises:
        NoSigningKey: the file cannot be read or used.
        OSError: it cannot be created.
    """
    if not file.exists():
        temporary = stage(file, generate())
        try:
            # Atomic: when several processes start at once, one creates the file and all read the same key.
            os.link(temporary, file)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return read(file)


def stage(file: Path, key: SigningKey) -> Path:
    """Write the key next to the file. The result's `replace` puts it there atomically; the old key is lost.

    Raises:
        OSError: it cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    with os.fdopen(handle, "wb") as stream:
        stream.write(key.pem())
    return Path(name)
