"""`operator_session`, the way of operators' commands to rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from clincore.db.urls import CONNECT_TIMEOUT_SECONDS, libpq


class OperatorError(Exception):
    """The login is not the owner of the tables. The text is one line that says which login is needed."""


@contextmanager
def operator_session(
    owner_url: str, *, snapshot: bool = False, may_be_empty: bool = False
) -> Iterator[psycopg.Connection[Any]]:
    """One transaction of the tables' owner, with no tenant set, which sees every tenant. For commands, not requests.

    It commits at the end and rolls back on any exception. `snapshot`: all statements see the database as the first one
    did (REPEATABLE READ). `may_be_empty`: the database need not have tables yet. A superuser is refused: row-level
    security does not bind it, and its mistakes would reach further than an operator's.

    Raises:
        OperatorError: the login does not own the tables, or bypasses row-level security.
        psycopg.OperationalError: PostgreSQL cannot be reached.
    """
    connection = psycopg.connect(libpq(owner_url), connect_timeout=CONNECT_TIMEOUT_SECONDS, application_name="clincore")
    if snapshot:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with connection:
        # Otherwise a default of the role or the database could limit the operator to one tenant.
        connection.execute("SET LOCAL app.tenant_id = ''")
        connection.execute("SET LOCAL lock_timeout = '5s'")
        # Of Citus, which otherwise waits half a minute for a node that does not answer.
        connection.execute(f"SET LOCAL citus.node_connection_timeout = '{CONNECT_TIMEOUT_SECONDS}s'")
        # psycopg reads times in no other form, which the role, the database or the environment could set.
        connection.execute("SET LOCAL datestyle = 'ISO'")
        connection.execute("SET LOCAL intervalstyle = 'postgres'")
        connection.execute("SET LOCAL timezone = 'UTC'")
        found = connection.execute(
            "SELECT quote_ident(current_user), rolsuper OR rolbypassrls,"
            " (SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('tenants'))"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert found is not None
        login, bypasses, owns = found
        if bypasses:
            raise OperatorError(
                f"The login {login} bypasses row-level security. Set MIGRATION_DATABASE_URL to a login of the tables'"
                " owner that does not."
            )
        if owns is None and not may_be_empty:
            raise OperatorError("The database has no ClinCore tables. Check DATABASE_URL, or run: clincore migrate")
        if owns is False:
            raise OperatorError(
                f"The login {login} does not own the tables. Set MIGRATION_DATABASE_URL to a login of their owner."
            )
        yield connection
