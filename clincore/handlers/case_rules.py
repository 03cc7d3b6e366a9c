"""Checks of cases that several handlers share. They raise problems."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from clincore.db.queries import api_keys, cases
from clincore.db.queries.cases import CaseRow
from clincore.db.session import Session
from clincore.problems import CaseFinalized, InvalidTransition, NotFound, Problem
from clincore.records import lifecycle
from clincore.security import Caller, require_rights


async def lock_case(session: Session, case_id: UUID, user: Caller) -> CaseRow:
    """Read a case, locked until the transaction ends.

    Raises:
        Unauthorized, RoleRequired: the caller's key has lost its rights since admission.
        NotFound: the tenant has no such case.
    """
    cases.lock(session, case_id)
    # After the lock: the key may be revoked while this transaction waits for it.
    rights = api_keys.rights(session, user.key_id)
    case = await cases.find(session, case_id)
    require_rights(user, rights.rows)
    return require_case(case)


def require_case(case: CaseRow | None) -> CaseRow:
    """The case.

    Raises:
        NotFound: the tenant has no such case.
    """
    if case is None:
        raise NotFound("The tenant has no case with this id.")
    return case


def require_transition(case: CaseRow, operation: str) -> None:
    """Check that the operation (`operationId`) is allowed in the case's state.

    Raises:
        CaseFinalized: it would change a signed revision.
        InvalidTransition: it is not allowed for another reason.
    """
    try:
        lifecycle.check(operation, case.state)
    except lifecycle.NotAllowed as error:
        is_signed = error.state is lifecycle.State.SIGNED
        problem: type[Problem] = CaseFinalized if is_signed else InvalidTransition
        raise problem(error.detail) from None


def periods_that_end_before_they_start(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Pairs of a JSON Pointer into the case and a message."""
    periods = {"/period": content.get("period")}
    for index, medication in enumerate(content.get("medications") or ()):
        periods[f"/medications/{index}/effective"] = medication.get("effective")
    return [
        (f"{pointer}/end", "is before the start of the period")
        for pointer, period in periods.items()
        if period
        and "end" in period
        and datetime.fromisoformat(period["end"]) < datetime.fromisoformat(period["start"])
    ]
