"""Checks of cases that several handlers share. They raise problems."""

from collections.abc import Iterable
from uuid import UUID

import orjson

from clincore import runtime
from clincore.db.queries import api_keys, cases
from clincore.db.queries.cases import CaseRow
from clincore.db.session import Session
from clincore.handlers.case_json import Json
from clincore.handlers.separate_process import in_process
from clincore.problems import CaseFinalized, CaseInvalid, InvalidTransition, NotFound, Problem
from clincore.records import content_rules, lifecycle
from clincore.security import Caller, require_rights

_LARGE_BYTES = 32 * 1024
"""As JSON. Larger content is checked in the separate process; up to here it takes two milliseconds."""
_NOT_CHECKED = "The content could not be checked in time. Try again."
_BATCH_CHARACTERS = 300
"""Of the units in one call, so that no call takes too long and other tenants have their turn in between."""


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


async def require_rules(content: Json, user: Caller) -> None:
    """Check the rules of `content_rules` on a case or some of its fields, except references between entries.

    It may take long. So call it without a session, which would hold a connection and locks meanwhile.

    Raises:
        CaseInvalid: the content breaks a rule.
        Unavailable: units or a large case could not be checked.
    """
    if len(orjson.dumps(content)) > _LARGE_BYTES:
        found = content_rules.Findings(
            *await in_process(user.tenant_id, "check_content", content, otherwise=_NOT_CHECKED)
        )
    else:
        found = content_rules.check(content)
    errors = found.errors or content_rules.too_many_units(found.units)
    if not errors:
        known = await _known_units(found.units, user)
        errors = content_rules.unit_errors(found.units, known.__getitem__)
    if errors:
        raise CaseInvalid(errors)


async def _known_units(codes: Iterable[str], user: Caller) -> dict[str, bool]:
    """Whether each code is a unit of UCUM."""
    units = runtime.current().units
    answers = {code: units.get(code) for code in codes}
    unknown = sorted(code for code, answer in answers.items() if answer is None)
    while unknown:
        # A slow unit takes up to a millisecond for each character.
        size, batch = 0, list[str]()
        while unknown and (not batch or size + len(unknown[-1]) <= _BATCH_CHARACTERS):
            batch.append(unknown.pop())
            size += len(batch[-1])
        found = await in_process(user.tenant_id, "are_units", batch, otherwise=_NOT_CHECKED)
        units.add(found)
        answers |= found
    return {code: bool(answer) for code, answer in answers.items()}
