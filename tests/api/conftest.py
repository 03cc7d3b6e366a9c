"""Fixtures for the API tests."""

from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql

from support.database import Database
from support.lifecycle import Case, NewCase
from support.tenants import Tenant


@pytest.fixture
def new_case(client: httpx.Client, tenant: Tenant) -> NewCase:
    return lambda **more: Case(client, tenant, **more)


@pytest.fixture
def case(new_case: NewCase) -> Case:
    return new_case()


@pytest.fixture
def as_tenant(database: Database, tenant: Tenant) -> Iterator[psycopg.Connection[Any]]:
    """A connection with the service's role, in a transaction of the tenant that is rolled back."""
    with database.as_app() as connection, connection.transaction(force_rollback=True):
        connection.execute(sql.SQL("SET LOCAL app.tenant_id = {}").format(tenant.id))
        yield connection
