"""What handlers demand of a case before they go on, as problems."""

from clincore.db.queries.cases import CaseRow
from clincore.problems import CaseFinalized, InvalidTransition, NotFound, Problem
from clincore.records import lifecycle


def require_case(case: CaseRow | None) -> CaseRow:
    """The case.

    Raises:
        NotFound: the tenant has no such case.
    """
    if case is None:
        raise NotFound("No such case.")
    return case


def require_transition(case: CaseRow, operation: str) -> None:
    """See that the operation (`operationId`) is allowed in the case's state.

    Raises:
        CaseFinalized: it would change what was signed.
        InvalidTransition: it is not allowed for another reason.
    """
    try:
        lifecycle.check(operation, case.state)
    except lifecycle.NotAllowed as error:
        is_signed = error.state is lifecycle.State.SIGNED
        problem: type[Problem] = CaseFinalized if is_signed else InvalidTransition
        raise problem(error.detail) from None
