"""Queries of `signing_keys`: public keys, which all tenants share."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from clincore.db.models import SigningKey
from clincore.db.session import Pending, Session
from clincore.db.statements import Statement


class PublicKey(NamedTuple):
    """A public key (RFC 7517) and its id, the thumbprint (RFC 7638). Both times are None while it is in use."""

    kid: str
    jwk: dict[str, Any]
    retired_at: datetime | None
    compromised_at: datetime | None

    @property
    def is_in_use(self) -> bool:
        """Whether it may sign."""
        return self.retired_at is None and self.compromised_at is None


class KeyId(NamedTuple):
    """The id of a key that may sign."""

    kid: str


_all = select(*(getattr(SigningKey, name) for name in PublicKey._fields))
_ALL = Statement(_all.order_by(SigningKey.created_at, SigningKey.kid), PublicKey)
_ONE = Statement(_all.where(SigningKey.kid == bindparam("kid")), PublicKey)
_IN_USE = Statement(
    select(SigningKey.kid).where(SigningKey.retired_at.is_(None), SigningKey.compromised_at.is_(None)), KeyId
)


async def jwks(session: Session) -> dict[str, dict[str, Any]]:
    """Every public key that ever signed, with `retired_at` and `compromised_at`, by `kid`, oldest first; commits."""
    return {
        key.kid: {**key.jwk, "retired_at": key.retired_at, "compromised_at": key.compromised_at}
        for key in await session.finish(_ALL)
    }


def in_use(session: Session) -> Pending[KeyId]:
    """Ask, with the next statement, for the keys that may sign."""
    return session.queue(_IN_USE)


async def find(session: Session, kid: str) -> PublicKey | None:
    """One public key."""
    rows = await session.fetch(_ONE, kid=kid)
    return rows[0] if rows else None
