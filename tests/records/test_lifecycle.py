"""The table of states and transitions: what follows from it, in the code and on the page."""

import subprocess
import sys

import pytest

from clincore.records import lifecycle
from clincore.records.lifecycle import EDITABLE, STORED, TRANSITIONS, State
from support.contract import CONTRACT
from support.paths import ROOT


def test_the_page_shows_the_table_as_it_is() -> None:
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
            # Only a draft's content is never null.
            assert len(matching) == (0 if (status, has_draft) == ("draft", False) else 1), (status, has_draft)
            states |= set(matching)
            if matching:
                assert lifecycle.state_of(status, has_draft=has_draft) is matching[0]
    assert states == set(State)


def test_transitions_are_operations_of_the_contract() -> None:
    assert set(TRANSITIONS) <= {operation.id for operation in CONTRACT.operations}


@pytest.mark.parametrize("operation", TRANSITIONS)
@pytest.mark.parametrize("state", State)
def test_an_operation_is_allowed_in_the_states_of_the_table_only(operation: str, state: State) -> None:
    if state in TRANSITIONS[operation]:
        lifecycle.check(operation, state)
    else:
        with pytest.raises(lifecycle.NotAllowed) as refused:
            lifecycle.check(operation, state)
        assert refused.value.detail


def test_every_state_that_is_edited_has_a_draft() -> None:
    assert all(STORED[state].has_draft for state in EDITABLE)
