"""A minute of mixed load with a flood, kills, black holes and locks breaks no invariant."""

import subprocess
import sys

import pytest

from support.commands import environment
from support.paths import ROOT

pytestmark = pytest.mark.slow


def test_the_invariants_hold_during_a_minute_of_faults() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "soak", "--minutes", "1"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
