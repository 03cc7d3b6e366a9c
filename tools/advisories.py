"""Look for advisories on locked packages.

    python tools/advisories.py PIP_AUDIT FILE...

`PIP_AUDIT` is the command of pip-audit, each `FILE` a list of packages with hashes. Exit code 1: a package has an
advisory. 0: none has, or no source of advisories can be reached; then the output begins with SKIPPED.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any


def look_up(pip_audit: str, file: str) -> list[dict[str, Any]] | None:
    """pip-audit's findings for each package, or None when it found no source: it then ends without a report."""
    command = [pip_audit, "--require-hashes", "--disable-pip", "--progress-spinner=off", "--format=json", "-r", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except ValueError:
        return None
    # An index without advisories knows none of the packages.
    return [one for one in packages if "skip_reason" not in one] or None


def advisories(packages: list[dict[str, Any]]) -> Iterator[str]:
    """A line for each advisory: package, version, id, and the versions without the fault."""
    for package in packages:
        for one in package["vulns"]:
            mended = ", ".join(one["fix_versions"]) or "none"
            yield f"{package['name']} {package['version']}: {one['id']}. Versions without it: {mended}."


def main(pip_audit: str, *files: str) -> int:
    """Print what was found, and return the exit code."""
    found = False
    for file in files:
        packages = look_up(pip_audit, file)
        if packages is None:
            print(f"SKIPPED: no source of advisories can be reached for {file}")
            continue
        lines = list(advisories(packages))
        found = found or bool(lines)
        print("\n".join([*lines, f"{file}: {len(packages)} packages, {len(lines)} advisories"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
