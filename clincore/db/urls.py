"""Database URLs, for libpq and for people."""

import re

from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from clincore.db.errors import failed_node

CONNECT_TIMEOUT_SECONDS = 2
"""Of libpq, for each host of a URL."""

# What psycopg and libpq say of every failed connection.
_NO_NEWS = re.compile(r"connection failed: | Is the server running [^?]*\?")


def libpq(url: str) -> str:
    """libpq's connection string for a `postgresql+psycopg://...` URL, with UTF-8 for text. Any password is allowed.

    Raises:
        psycopg.ProgrammingError: libpq has no such parameter. The text may quote the password.
    """
    parsed = make_url(url)
    # Several hosts may be written as ?host=a:1&host=b:2 or ?host=a,b&port=1,2. libpq takes the second form.
    _, options = parsed.get_dialect()().create_connect_args(parsed)
    options.pop("prepare_threshold", None)
    options["client_encoding"] = "UTF8"
    return make_conninfo("", **{name: str(value) for name, value in options.items() if value is not None})


def without_password(url: str) -> str:
    """The URL for people. Of its query, which can have a password too, it keeps only the hosts."""
    parsed = make_url(url)
    hosts = {name: value for name, value in parsed.query.items() if name in ("host", "port")}
    return parsed.set(drivername="postgresql", query=hosts).render_as_string(hide_password=True)


def describe_unreachable(url: str, error: BaseException | None) -> str:
    """One line, without the password, that says why the server, or a Citus node behind it, cannot be used."""
    # SQLAlchemy's text contains the statement; the driver's error has only the server's message.
    cause = getattr(error, "orig", error)
    why = _NO_NEWS.sub("", " ".join(str(cause or "").split()))
    node = failed_node(cause) if cause is not None else None
    if node is not None:
        return f"The Citus node {node} does not answer, and this needs it: {why}"
    text = f"PostgreSQL at {without_password(url)} cannot be used: {why or 'no answer'}"
    state = getattr(cause, "sqlstate", None)
    if state is None or state.startswith(("08", "57P")):
        text = f"{text.removesuffix('.')}. Check that the server is running and the URL is correct."
    return text
