"""Errors that refuse an attack: PostgreSQL's by SQLSTATE, Citus's by SQLSTATE and message, one by one."""

import re
from typing import NamedTuple

PERMISSION = "42501"
"""Insufficient privilege, which is also the SQLSTATE of row-level security."""


class Refusal(NamedTuple):
    """An error of Citus after which nothing of the statement was executed."""

    state: str
    message: str
    """A regular expression for the whole message."""
    reason: str


OF_CITUS = (
    Refusal(
        "0A000",
        "modifying the partition value of rows is not allowed",
        "a row cannot change its tenant, because its shard follows from it",
    ),
    Refusal(
        "XX000",
        "non-IMMUTABLE functions are not yet supported in MERGE sql with distributed tables",
        "the policies call current_setting, which is STABLE",
    ),
    Refusal(
        "0A000",
        "COPY FROM not supported with row-level security",
        "Citus sends the rows of an INSERT ... SELECT with COPY, which the other node refuses",
    ),
    Refusal(
        "0A000",
        "Reference table as target is not allowed in MERGE command",
        "MERGE changes distributed tables only",
    ),
)
"""With the reason why Citus refuses. Versions 13 and 14."""


def is_refusal(state: str, message: str, *, of_citus: bool) -> bool:
    """Whether the error says that the attack was refused. `of_citus`: whether Citus may be what refuses."""
    return state == PERMISSION or (
        of_citus and any(state == known.state and re.fullmatch(known.message, message) for known in OF_CITUS)
    )
