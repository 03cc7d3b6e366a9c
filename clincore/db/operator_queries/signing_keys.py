"""What operators ask of `signing_keys`, and how a key gets there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from clincore.db.session import operator_session


class Published(NamedTuple):
    """A public key's id and when it was published."""

    kid: str
    created_at: datetime


def jwks(connection: psycopg.Connection[Any]) -> dict[str, dict[str, Any]]:
    """Every public key that ever signed, by `kid`, oldest first."""
    return dict(connection.execute("SELECT kid, jwk FROM signing_keys ORDER BY created_at, kid").fetchall())


def published(connection: psycopg.Connection[Any]) -> list[Published]:
    """The public keys without themselves, oldest first."""
    with connection.cursor(row_factory=class_row(Published)) as cursor:
        return cursor.execute("SELECT kid, created_at FROM signing_keys ORDER BY created_at, kid").fetchall()


def publish(owner_url: str, jwk: Mapping[str, Any]) -> None:
    """Add a public key, as the owner of the tables. One that is there stays as it is.

    Raises as `operator_session` does.
    """
    with operator_session(owner_url) as connection:
        connection.execute(
            "INSERT INTO signing_keys (kid, jwk) VALUES (%s, %s) ON CONFLICT DO NOTHING", [jwk["kid"], Jsonb(dict(jwk))]
        )
