"""Fixtures for the tests of isolation."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from support.database import Database
from support.tables import SHARED_TABLE


@pytest.fixture(scope="module")
def superuser(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with database.as_superuser() as connection:
        yield connection


@pytest.fixture(scope="module")
def tables(superuser: psycopg.Connection[Any]) -> list[str]:
    found = superuser.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f')"
        " AND relname NOT IN ('alembic_version', %s) ORDER BY 1",
        [SHARED_TABLE],
    )
    names = [name for (name,) in found]
    assert {"tenants", "api_keys", "cases", "usage_events"} <= set(names)
    return names
