"""What an exception from the database means to whoever made the request."""

from typing import Literal

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

Meaning = Literal["invalid", "unavailable", "fault"]

# Connection lost, resources exhausted, shut down by an operator; lock and statement timeouts; deadlock and
# serialization failure. The same request may succeed a moment later.
_UNAVAILABLE = ("08", "53", "57P", "57014", "55P03", "40001", "40P01", "25P03")


def meaning(error: BaseException) -> Meaning | None:
    """`invalid`: the input cannot be stored; `unavailable`: try again; `fault`: ours; None: not from the database."""
    if isinstance(error, (PoolTimeoutError, TimeoutError)):
        return "unavailable"
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, UnicodeError):
        return "invalid"
    if not isinstance(cause, psycopg.Error):
        return None if cause is error else "fault"
    state = cause.sqlstate
    if state is None:
        if isinstance(cause, psycopg.DataError):
            return "invalid"
        return "unavailable" if isinstance(cause, psycopg.OperationalError) else "fault"
    if state.startswith("22"):
        return "invalid"
    return "unavailable" if state.startswith(_UNAVAILABLE) else "fault"


def facts(error: BaseException) -> dict[str, str]:
    """What may be logged of it: never its text, which carries values of the statement, clinical ones among them."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.Error):
        return {}
    known = {"sqlstate": cause.sqlstate, "constraint": cause.diag.constraint_name, "table": cause.diag.table_name}
    return {name: value for name, value in known.items() if value}
