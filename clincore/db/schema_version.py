"""Which migrations a database has.

The chain ends in `HEAD`, an empty migration with the same id in every release, so that `alembic heads` never changes.
It writes a note, the comment of the table `alembic_version`, which names the last migration before it. A database at
the head whose note names an earlier migration lacks the migrations since then.
"""

from enum import Enum
from functools import cache

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from clincore.db.session import NOTE
from clincore.errors import StartupError
from clincore.resources import MIGRATIONS

HEAD = "b1c2d3e4f505"
FIRST = "b1c2d3e4f501"
"""The first migration. It creates the service's role and its rights on the database, which no backup contains."""
LAST_OF_0_1_0 = "b1c2d3e4f5a6"
"""The last migration of version 0.1.0, which wrote no note. Its id was then that of the head."""

MIGRATION_LOCK = 0x436C696E436F7265
"""The advisory lock of whatever changes the schema: an arbitrary number that no other program uses."""


class LaterVersion(StartupError):
    """The database was migrated by a newer version of ClinCore."""


class Age(Enum):
    """The age of a database's schema, compared with this code's."""

    EARLIER = "earlier"
    SAME = "same"
    LATER = "later"


_VERSION = "SELECT version_num FROM alembic_version"


@cache
def last_migration() -> str:
    """The last migration of this code before the empty head."""
    script = ScriptDirectory(str(MIGRATIONS))
    before_head = script.get_revision(HEAD).down_revision
    assert isinstance(before_head, str)
    return before_head


def find_earlier(connection: sa.Connection) -> str | None:
    """The last migration in a database whose `alembic_version` says the head but that lacks later migrations.

    None: `alembic_version` is right. `connection` is the owner's.

    Raises:
        LaterVersion: the database has migrations that this code does not have.
        StartupError: the note is lost.
    """
    if connection.scalar(sa.text("SELECT to_regclass('alembic_version')")) is None:
        return None
    version = connection.scalar(sa.text(_VERSION))
    if version is None:
        return None
    if version != HEAD:
        _refuse_unknown(version)
        return None
    note = connection.scalar(sa.text(NOTE))
    if note is None:
        if connection.scalar(sa.text("SELECT to_regclass('tenant_names')")) is not None:
            raise StartupError(
                "the comment of the table alembic_version is lost, which names the database's last migration. Restore"
                " the backup again, with its comments, into an empty database (docs/upgrading.md)."
            )
        return LAST_OF_0_1_0
    _refuse_unknown(note)
    return None if note == last_migration() else str(note)


def pending(connection: sa.Connection) -> list[str]:
    """The migrations that the database lacks, in order, with their titles. `connection` is the owner's.

    Raises what `find_earlier` raises.
    """
    reached = find_earlier(connection)
    if reached is None and connection.scalar(sa.text("SELECT to_regclass('alembic_version')")) is not None:
        reached = connection.scalar(sa.text(_VERSION))
    missing = ScriptDirectory(str(MIGRATIONS)).iterate_revisions(HEAD, reached or "base")
    return [f"{one.revision}: {one.doc}" for one in missing][::-1]


def age(connection: sa.Connection) -> Age:
    """The schema's age according to the note. Any login may read it; only the owner can see an unfinished upgrade."""
    return age_of(connection.scalar(sa.text(NOTE)))


def age_of(note: str | None) -> Age:
    """The age of a schema with this note."""
    if note is None:
        return Age.EARLIER
    if note == last_migration():
        return Age.SAME
    return Age.EARLIER if note in _known() else Age.LATER


@cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def _refuse_unknown(revision: str) -> None:
    if revision not in _known():
        raise LaterVersion(
            f"the database was migrated by a newer version of ClinCore, up to {revision}; this one has migrations up to"
            f" {last_migration()}. Install the newer version, or a later one."
        )
