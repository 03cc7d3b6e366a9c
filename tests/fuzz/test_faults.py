"""Tests of the fuzzer: with each known fault switched on, it must fail and name the fault.

Each fault needs a separate service and run, so the suite skips them. `make fuzz` and CI set FUZZ_FAULTS.
"""

import os
import subprocess
import sys

import pytest

from support.commands import environment
from support.paths import ROOT

if not os.environ.get("FUZZ_FAULTS"):
    pytest.skip("the faults that fuzzing must find take minutes; run: make fuzz", allow_module_level=True)

# By fault: the operation that must find it ("" for chains of all operations), and the text that must be printed.
FAULTS = {
    "wrong_status": ("GET /cases/{case_id}", "Undocumented status code"),
    "missing_header": ("GET /cases/{case_id}", "Missing required response headers"),
    "cross_tenant_read": ("", "ST402"),
    "use_after_delete": ("", "Use after free"),
    "fails_on_nul": ("POST /cases", "Server error"),
    "ignored_auth": ("GET /auth/whoami", "ST401"),
}


def fuzz(superuser_url: str, operation: str, **variables: str) -> subprocess.CompletedProcess[str]:
    which = "test_every_operation_answers" if operation else "test_links"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", "slow", "tests/fuzz/test_fuzz.py", "-k", which],
        cwd=ROOT,
        env=environment(
            TEST_DATABASE_URL=superuser_url,
            FUZZ_EXAMPLES="50" if operation else "120",
            FUZZ_ONLY=operation,
            **variables,
        ),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_and_named(superuser_url: str, fault: str) -> None:
    operation, expected = FAULTS[fault]

    done = fuzz(superuser_url, operation, FAULT=fault)

    assert done.returncode == 1, done.stdout[-3000:]
    assert expected in done.stdout, done.stdout[-3000:]


def test_chains_pass_without_a_fault(superuser_url: str) -> None:
    """For single operations, the fuzzing run before this one shows the same."""
    done = fuzz(superuser_url, "")

    assert done.returncode == 0, done.stdout[-3000:]
