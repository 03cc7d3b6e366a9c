"""Fixtures of the tests of the database."""

import pytest

from support.database import Database
from support.schema import NewDatabase


@pytest.fixture(scope="module")
def altered(database: Database, migrated_database: NewDatabase) -> Database:
    """A database for changes that are taken back.

    The shared database comes first: its owner makes clincore_app, and a role cannot be revoked from its maker.
    """
    return migrated_database()
