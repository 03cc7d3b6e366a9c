"""Queries of `signing_keys`: public keys, the same for every tenant."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import select

from clincore.db.models import SigningKey
from clincore.db.session import Statement, fetch_without_tenant, operator_session

_ALL = Statement(select(SigningKey.kid, SigningKey.jwk).order_by(SigningKey.created_at, SigningKey.kid))


async def jwks() -> dict[str, dict[str, Any]]:
    """Every public key that ever signed, by `kid`, oldest first. Raises as `tenant_session` does."""
    return {row.kid: row.jwk for row in await fetch_without_tenant(_ALL, {})}


def read(connection: psycopg.Connection[Any]) -> dict[str, dict[str, Any]]:
    """The same, for commands."""
    return dict(connection.execute("SELECT kid, jwk FROM signing_keys ORDER BY created_at, kid").fetchall())


def rows(connection: psycopg.Connection[Any]) -> list[dict[str, Any]]:
    """Ids of the public keys and when each was published, oldest first."""
    found = connection.execute("SELECT kid, created_at FROM signing_keys ORDER BY created_at, kid")
    return [{"kid": kid, "created_at": created_at} for kid, created_at in found]


def publish(owner_url: str, jwk: Mapping[str, Any]) -> None:
    """Add a public key, as the owner of the tables. One that is there stays as it is.

    Raises as `operator_session` does.
    """
    with operator_session(owner_url) as connection:
        connection.execute(
            "INSERT INTO signing_keys (kid, jwk) VALUES (%s, %s) ON CONFLICT DO NOTHING", [jwk["kid"], Jsonb(dict(jwk))]
        )
