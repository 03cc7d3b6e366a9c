"""Fuzzing finds what it is for: with each fault switched on, it fails, and says what is wrong.

Each fault needs a service and a run of its own, so that the suite leaves them out: `make fuzz` and CI set FUZZ_FAULTS.
"""

import os
import subprocess
import sys

import pytest
from conftest import ROOT, environment

if not os.environ.get("FUZZ_FAULTS"):
    pytest.skip("the faults that fuzzing must find take minutes: make fuzz", allow_module_level=True)

ANYTHING = "tests/test_fuzz.py::test_answers_anything_as_the_contract_says[{}]"
LINKS = "tests/test_fuzz.py::test_links_lead_to_what_was_made"
# The test that must find each fault, and what it must say.
FAULTS = {
    "wrong_status": (ANYTHING.format("GET /cases/{case_id}"), "Undocumented HTTP status code"),
    "missing_header": (ANYTHING.format("GET /cases/{case_id}"), "Missing required headers"),
    "cross_tenant_read": (LINKS, "ST402"),
    "use_after_delete": (LINKS, "Use after free"),
    "fails_on_nul": (ANYTHING.format("POST /cases"), "Server error"),
    "ignored_auth": (ANYTHING.format("GET /auth/whoami"), "ST401"),
}


def fuzz(superuser_url: str, *which: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", *which],
        cwd=ROOT,
        env=environment(TEST_DATABASE_URL=superuser_url, FUZZ_EXAMPLES="50", **variables),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_and_named(superuser_url: str, fault: str) -> None:
    which, said = FAULTS[fault]

    done = fuzz(superuser_url, which, FAULT=fault)

    assert done.returncode == 1, done.stdout[-3000:]
    assert said in done.stdout, done.stdout[-3000:]


def test_without_a_fault_the_same_tests_pass(superuser_url: str) -> None:
    done = fuzz(superuser_url, *{which for which, _ in FAULTS.values()})

    assert done.returncode == 0, done.stdout[-3000:]
