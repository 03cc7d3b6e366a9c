"""What a database exception means for the request."""

import re
from typing import Literal

import psycopg

Meaning = Literal["invalid", "unavailable", "fault"]

# Connection lost, resources exhausted, server shut down by an operator; lock, statement and transaction timeouts;
# deadlock and serialization failure; prepared statements deallocated; a server that is a standby or read-only; errors
# of its disk. The same request may succeed when it is retried. Not here, because only a person can end them: corruption
# (XX001, XX002), missing files of an installation (58P01), and PostgreSQL's own bugs (XX000).
_UNAVAILABLE = (
    *("08", "53", "57P", "57014", "55P03", "40001", "40P01", "25P03", "25P04", "26000", "42P05"),
    *("25006", "58000", "58030"),
)

# The prefixes of the names that migrations give to constraints and indexes, and the shard's number.
_CONSTRAINT = re.compile(r"\b(?:ck|fk|ix|pk|uq)_\w+?(?=_\d+\b|\b)")
# Citus translates none of its messages. The last one has the SQLSTATE of a bug of PostgreSQL.
_FAILED_NODE = re.compile(
    r"connection to the remote node \S*@(\S+:\d+)"
    r"|could not establish any connections to the node (\S+:\d+)"
    r"|failure on connection marked as essential: (\S+:\d+)"
)
_ENDED_ON_NODE = re.compile(r"while executing command on (\S+:\d+)")
"""In the context of an error that a node has reported."""


class NodeDown(psycopg.OperationalError):
    """The coordinator of a Citus cluster answers, but not a node that the transaction needs."""

    def __init__(self, node: str) -> None:
        """`node`: host and port."""
        super().__init__(f"the Citus node {node} does not answer")
        self.node = node


def failed_node(error: BaseException) -> str | None:
    """Host and port of the Citus node that could not be reached or was shutting down; None: it is another error."""
    if isinstance(error, NodeDown):
        return error.node
    if not isinstance(error, psycopg.Error):
        return None
    found = _FAILED_NODE.search(error.diag.message_primary or "")
    if found is None and (error.sqlstate or "").startswith(("08", "57P")):
        found = _ENDED_ON_NODE.search(error.diag.context or "")
    return next(filter(None, found.groups())) if found is not None else None


def meaning(error: BaseException) -> Meaning | None:
    """`invalid`: the input cannot be stored; `unavailable`: retry later; `fault`: a bug; None: not a database error."""
    if isinstance(error, TimeoutError):
        return "unavailable"
    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate
    if state is None:
        if isinstance(error, psycopg.DataError):
            return "invalid"
        return "unavailable" if isinstance(error, psycopg.OperationalError) else "fault"
    if state.startswith("22"):
        return "invalid"
    if failed_node(error) is not None:
        return "unavailable"
    return "unavailable" if state.startswith(_UNAVAILABLE) else "fault"


def constraint_of(error: psycopg.Error) -> str | None:
    """The name of the constraint that was violated, also when the error is that of a node of a Citus cluster.

    Citus passes on the node's message without its fields. The message has the name of the constraint on the table's
    shard: `pk_cases_102008`.
    """
    if error.diag.constraint_name:
        return error.diag.constraint_name
    is_violation = isinstance(error, psycopg.IntegrityError)
    found = _CONSTRAINT.search(error.diag.message_primary or "") if is_violation else None
    return found[0] if found else None


def log_fields(error: BaseException) -> dict[str, str]:
    """The fields of an error that may be logged. Its message may not: it can quote values, including clinical text."""
    if not isinstance(error, psycopg.Error):
        return {}
    known = {"sqlstate": error.sqlstate, "constraint": constraint_of(error), "table": error.diag.table_name}
    return {name: value for name, value in known.items() if value}
