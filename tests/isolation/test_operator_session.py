"""Operators' sessions run as the owner of the tables and see every tenant."""

from uuid import uuid4

import pytest

from clincore.db.session import OperatorError, operator_session
from support.database import Database
from support.schema import NewDatabase, login


@pytest.mark.parametrize("attributes", ["SUPERUSER", "BYPASSRLS"])
def test_only_the_owner_can_open_an_operators_session(database: Database, attributes: str) -> None:
    for options, reason in ((attributes, "bypasses row-level security"), (f"NO{attributes}", "does not own")):
        with login(database, options) as url, pytest.raises(OperatorError, match=reason), operator_session(url):
            raise AssertionError("it began")


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
