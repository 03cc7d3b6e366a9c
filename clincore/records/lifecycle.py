"""The lifecycle of a case: its states, and the operations that lead from one to another.

Handlers check operations against it, queries build their conditions from it, and `make docs` generates the diagram in
docs/records.md from it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """The state of a case, derived from its stored status and from whether it has a draft."""

    DRAFT = "draft"
    """Never signed; its content can change."""
    SIGNED = "signed"
    """Its last revision is signed and it has no draft."""
    AMENDING = "amending"
    """Signed, with a draft of the next revision; readers see the signed one."""
    CANCELLED = "cancelled"
    """A draft that was discarded. Final."""
    ENTERED_IN_ERROR = "entered_in_error"
    """Signed and later voided, with a signed tombstone. Final."""


@dataclass(frozen=True)
class Stored:
    """How a state is stored in `cases`."""

    statuses: tuple[str, ...]
    has_draft: bool | None
    """Whether `content` holds a draft; None: either."""


STORED: Final = {
    State.DRAFT: Stored(("draft",), has_draft=True),
    State.SIGNED: Stored(("final", "amended"), has_draft=False),
    State.AMENDING: Stored(("final", "amended"), has_draft=True),
    State.CANCELLED: Stored(("cancelled",), has_draft=None),
    State.ENTERED_IN_ERROR: Stored(("entered_in_error",), has_draft=None),
}

TRANSITIONS: Final[dict[str, dict[State, State]]] = {
    "update_case": {State.DRAFT: State.DRAFT, State.AMENDING: State.AMENDING},
    "cancel_case": {State.DRAFT: State.CANCELLED, State.AMENDING: State.SIGNED},
    "finalize_case": {State.DRAFT: State.SIGNED, State.AMENDING: State.SIGNED},
    "amend_case": {State.SIGNED: State.AMENDING},
    "void_case": {State.SIGNED: State.ENTERED_IN_ERROR, State.AMENDING: State.ENTERED_IN_ERROR},
    "attest_case": {State.SIGNED: State.SIGNED, State.AMENDING: State.AMENDING},
}
"""By `operationId`: the state before, and the state after. Other operations are allowed in every state."""

EDITABLE: Final = frozenset(TRANSITIONS["update_case"])
"""States whose draft can be edited."""


class NotAllowed(Exception):
    """The operation is not allowed in the case's state; the text says why and what to do."""

    def __init__(self, state: State, detail: str) -> None:
        super().__init__(detail)
        self.state = state
        self.detail = detail


def state_of(status: str, *, has_draft: bool) -> State:
    """The state of a case with this stored status.

    Raises:
        ValueError: no state has this combination.
    """
    for state, stored in STORED.items():
        if status in stored.statuses and stored.has_draft in (None, has_draft):
            return state
    raise ValueError(f"no state is stored as {status!r}")


def check(operation: str, state: State) -> None:
    """Check that the operation is allowed in the state.

    Raises:
        NotAllowed: it is not.
    """
    if state not in TRANSITIONS[operation]:
        raise NotAllowed(state, _reason(state))


def _reason(state: State) -> str:
    # Each state has a single reason for all operations that it refuses.
    match state:
        case State.SIGNED:
            return "The case is finalized. Begin an amendment with POST /cases/{case_id}/amend to change it."
        case State.DRAFT:
            return "The case is a draft. Sign it with POST /cases/{case_id}/finalize first."
        case State.AMENDING:
            return "The case already has an open amendment. GET /cases/{case_id}/draft shows it."
        case _:
            return f"The case is {state.replace('_', ' ')} and can no longer be changed."
