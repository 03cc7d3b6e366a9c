"""Fixtures of the database tests."""

import pytest

from support.database import Database
from support.schema import NewDatabase


@pytest.fixture(scope="module")
def altered(database: Database, migrated_database: NewDatabase) -> Database:
    """A database for changes that are undone.

    The shared database comes first: its owner creates clincore_app, and a role cannot be revoked from its creator.
    """
    return migrated_database()
