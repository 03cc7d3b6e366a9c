"""The table of states and transitions, and the code and documentation that follow from it."""

import subprocess
import sys

import pytest

from clincore.records import lifecycle
from clincore.records.lifecycle import EDITABLE, STORED, TRANSITIONS, State
from support.contract import CONTRACT
from support.paths import ROOT


def test_the_documentation_shows_the_current_table() -> None:
    checked = subprocess.run(
        [sys.executable, "tools/lifecycle_diagram.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stderr


def test_each_stored_case_is_in_exactly_one_state() -> None:
    statuses = CONTRACT.document["components"]["schemas"]["CaseStatus"]["enum"]
    states = set()
    for status in statuses:
        for has_draft in (True, False):
            matching = [
                state
                for state, stored in STORED.items()
                if status in stored.statuses and stored.has_draft in (None, has_draft)
            ]
            # A case in status draft always has a draft.
            assert len(matching) == (0 if (status, has_draft) == ("draft", False) else 1), (status, has_draft)
            states |= set(matching)
            if matching:
                assert lifecycle.state_of(status, has_draft=has_draft) is matching[0]
    assert states == set(State)


def test_transitions_are_operations_of_the_contract() -> None:
    assert set(TRANSITIONS) <= {operation.id for operation in CONTRACT.operations}


@pytest.mark.parametrize("operation", TRANSITIONS)
@pytest.mark.parametrize("state", State)
def test_an_operation_is_allowed_only_in_the_states_of_the_table(operation: str, state: State) -> None:
    if state in TRANSITIONS[operation]:
        lifecycle.check(operation, state)
    else:
        with pytest.raises(lifecycle.NotAllowed) as refused:
            lifecycle.check(operation, state)
        assert refused.value.detail


def test_every_editable_state_has_a_draft() -> None:
    assert all(STORED[state].has_draft for state in EDITABLE)
