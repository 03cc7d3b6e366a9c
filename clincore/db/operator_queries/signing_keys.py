"""Operators' queries of `signing_keys`: list, publish and end keys."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import psycopg
from psycopg import sql
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from clincore.db.session import operator_session
from clincore.db.statements import ROLE
from clincore.db.urls import libpq
from clincore.deadline import REQUEST_SECONDS
from clincore.records.signature import UnusableKey, thumbprint

RETIRING_SECONDS = REQUEST_SECONDS + 0.5
"""How far in the future a key is retired: a request that has found it in use may sign until the request times out."""


class NotThisKey(Exception):
    """A public key does not have the id that it is given."""


class Published(NamedTuple):
    """A public key without its JWK. `retired_at` and `compromised_at` are None while it is in use."""

    kid: str
    created_at: datetime
    retired_at: datetime | None
    compromised_at: datetime | None


def jwks(connection: psycopg.Connection[Any]) -> dict[str, dict[str, Any]]:
    """Every public key that ever signed, with `retired_at` and `compromised_at`, by `kid`, oldest first."""
    rows = connection.execute(
        "SELECT kid, jwk, retired_at, compromised_at FROM signing_keys ORDER BY created_at, kid"
    ).fetchall()
    return {
        kid: {**jwk, "retired_at": retired, "compromised_at": compromised} for kid, jwk, retired, compromised in rows
    }


def published(connection: psycopg.Connection[Any]) -> list[Published]:
    """All published keys, oldest first."""
    with connection.cursor(row_factory=class_row(Published)) as cursor:
        return cursor.execute(
            "SELECT kid, created_at, retired_at, compromised_at FROM signing_keys ORDER BY created_at, kid"
        ).fetchall()


def publish(owner_url: str, jwk: Mapping[str, Any]) -> None:
    """Add a public key, as the owner of the tables. A key that is already published is not changed.

    Raises what `operator_session` raises.
    """
    with operator_session(owner_url) as connection:
        # Each start publishes. On Citus an INSERT needs all nodes, but a start must not.
        if connection.execute("SELECT FROM signing_keys WHERE kid = %s", [jwk["kid"]]).fetchone() is None:
            connection.execute(
                "INSERT INTO signing_keys (kid, jwk) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [jwk["kid"], Jsonb(dict(jwk))],
            )


def publish_retired(connection: psycopg.Connection[Any], jwks: Iterable[Mapping[str, Any]]) -> None:
    """Add public keys of another database, to verify its signatures. Nothing that is dated from now on is valid.

    `jwks`: in the form of `jwks`. A key that is already published is not changed.

    Raises:
        NotThisKey: a key is not the one that its `kid` names.
    """
    for jwk in jwks:
        try:
            is_named = thumbprint(jwk) == jwk["kid"]
        except (UnusableKey, KeyError):
            is_named = False
        if not is_named:
            raise NotThisKey(f"the public key {str(jwk.get('kid'))[:64]!r} is not the one that its id names")
        public = {name: value for name, value in jwk.items() if name not in ("retired_at", "compromised_at")}
        connection.execute(
            "INSERT INTO signing_keys (kid, jwk, retired_at, compromised_at)"
            " VALUES (%s, %s, coalesce(%s::timestamptz, clock_timestamp()), %s) ON CONFLICT DO NOTHING",
            [jwk["kid"], Jsonb(public), jwk.get("retired_at"), jwk.get("compromised_at")],
        )


def find(app_url: str, kid: str) -> Published | None:
    """A public key, read with the service's login; None when it is not published.

    Raises:
        psycopg.Error: PostgreSQL cannot be reached.
    """
    with (
        psycopg.connect(libpq(app_url), connect_timeout=5, prepare_threshold=None) as connection,
        connection.cursor(row_factory=class_row(Published)) as cursor,
    ):
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(ROLE)))
        return cursor.execute(
            "SELECT kid, created_at, retired_at, compromised_at FROM signing_keys WHERE kid = %s", [kid]
        ).fetchone()


def end(connection: psycopg.Connection[Any], kid: str, *, compromised_at: datetime | None = None) -> Published | None:
    """Retire a key. Earlier times are kept. None: the key is not published.

    After the commit no new request signs with it. `retired_at` is `RETIRING_SECONDS` later, so that signatures of
    requests in progress are valid. `compromised_at`: since when others may have the private key; not in the future.
    """
    with connection.cursor(row_factory=class_row(Published)) as cursor:
        # As a value, because on Citus each node would evaluate an expression.
        cursor.execute("SELECT FROM signing_keys WHERE kid = %s FOR UPDATE", [kid])
        now = connection.execute("SELECT clock_timestamp()").fetchone()
        assert now is not None
        return cursor.execute(
            "UPDATE signing_keys SET retired_at = least(retired_at, %s), compromised_at = least(compromised_at, %s)"
            " WHERE kid = %s RETURNING kid, created_at, retired_at, compromised_at",
            [now[0] + timedelta(seconds=RETIRING_SECONDS), compromised_at, kid],
        ).fetchone()
