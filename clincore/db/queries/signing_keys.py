"""Queries of `signing_keys`: public keys, the same for every tenant."""

from typing import Any, NamedTuple

from sqlalchemy import select

from clincore.db.models import SigningKey
from clincore.db.session import Session
from clincore.db.statements import Statement


class PublicKey(NamedTuple):
    """A public key (RFC 7517) and its id, the thumbprint (RFC 7638)."""

    kid: str
    jwk: dict[str, Any]


_ALL = Statement(select(SigningKey.kid, SigningKey.jwk).order_by(SigningKey.created_at, SigningKey.kid), PublicKey)


async def jwks(session: Session) -> dict[str, dict[str, Any]]:
    """Every public key that ever signed, by `kid`, oldest first; and commit."""
    return {key.kid: key.jwk for key in await session.finish(_ALL)}
