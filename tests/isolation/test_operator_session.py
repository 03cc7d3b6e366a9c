"""Operators' sessions run as the owner of the tables and see every tenant."""

from uuid import uuid4

import pytest
from sqlalchemy import make_url

from clincore.db.session import OperatorError, operator_session
from support.database import Database
from support.schema import NewDatabase


@pytest.mark.parametrize("attributes", ["SUPERUSER", "BYPASSRLS"])
def test_only_the_owner_can_open_an_operators_session(database: Database, attributes: str) -> None:
    login, password = f"operator_{uuid4().hex[:12]}", uuid4().hex
    url = make_url(database.url).set(username=login, password=password).render_as_string(hide_password=False)
    with database.as_superuser() as connection:
        for options, reason in ((attributes, "bypasses row-level security"), (f"NO{attributes}", "does not own")):
            create = f"CREATE ROLE {login} LOGIN {options} PASSWORD '{password}'"
            connection.execute(create)  # type: ignore[call-overload]
            try:
                with pytest.raises(OperatorError, match=reason), operator_session(url):
                    raise AssertionError("it began")
            finally:
                connection.execute(f"DROP ROLE {login}")  # type: ignore[call-overload]


def test_an_operators_session_commits_unless_it_fails(migrated_database: NewDatabase) -> None:
    database, tenant = migrated_database(), uuid4()
    with operator_session(database.url) as operator:
        operator.execute("INSERT INTO tenant_names (tenant_id, name) VALUES (%s, 'kept')", [tenant])
        operator.execute("INSERT INTO tenants (id, name) VALUES (%s, 'kept')", [tenant])
    with pytest.raises(ZeroDivisionError), operator_session(database.url) as operator:
        operator.execute("UPDATE tenants SET billing_status = 'paid' WHERE id = %s", [tenant])
        raise ZeroDivisionError
    with operator_session(database.url) as operator:
        assert operator.execute("SELECT name, billing_status FROM tenants").fetchall() == [("kept", None)]
