"""Signatures: detached JWS with Ed25519 (RFC 7515, 7797, 8037, 9864) and the keys for them (RFC 7517, 7638)."""

import base64
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM: Final = "Ed25519"

_DETACHED = re.compile(r"[A-Za-z0-9_-]+\.\.([A-Za-z0-9_-]{86})")
_REGISTRY = jws.JWSRegistry(algorithms=[ALGORITHM])
# A revision can be a little longer than the largest request body.
_REGISTRY.max_payload_length = 1024 * 1024


class UnusableKey(Exception):
    """A key cannot be used; the text says why."""


class SigningKey:
    """A private key. Its id is the thumbprint of its public key (RFC 7638)."""

    __slots__ = ("_key", "kid")

    def __init__(self, key: OKPKey) -> None:
        self._key = key
        self.kid: str = key.thumbprint()

    @property
    def jwk(self) -> dict[str, str]:
        """The public key as a JWK."""
        members = self._key.as_dict(private=False)
        return {
            "kty": "OKP",
            "crv": ALGORITHM,
            "x": str(members["x"]),
            "kid": self.kid,
            "alg": ALGORITHM,
            "use": "sig",
        }

    def pem(self) -> bytes:
        """The private key in PEM (PKCS #8)."""
        return self._key.as_pem(private=True)

    def sign(self, text: str) -> str:
        """A detached compact JWS, `header..signature`, over the unencoded text (RFC 7797)."""
        header = {"alg": ALGORITHM, "kid": self.kid, "b64": False, "crit": ["b64"]}
        whole = jws.serialize_compact(header, text.encode(), self._key, registry=_REGISTRY)
        return jws.detach_content(whole)


def generate() -> SigningKey:
    """A new key."""
    return SigningKey(OKPKey.generate_key(ALGORITHM))


def load(pem: bytes) -> SigningKey:
    """The key in a PEM file (PKCS #8).

    Raises:
        UnusableKey: it is encrypted, or not a private Ed25519 key.
    """
    try:
        key = OKPKey.import_key(pem)
        is_private = key.is_private
    except (JoseError, ValueError, TypeError) as error:
        raise UnusableKey(f"is not a PEM file with an Ed25519 key ({type(error).__name__})") from None
    if key.curve_name != ALGORITHM or not is_private:
        raise UnusableKey("has no private Ed25519 key")
    return SigningKey(key)


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The id of a public key (RFC 7638).

    Raises:
        UnusableKey: it is not a public Ed25519 key.
    """
    try:
        return _public_key(*(jwk[name] for name in ("kty", "crv", "x"))).thumbprint()
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise UnusableKey(f"is not a public Ed25519 key ({type(error).__name__})") from None


def kid_of(signature: str) -> str:
    """The key id that a JWS names; empty: it names none.

    Raises:
        ValueError: not a detached compact JWS.
    """
    header, payload, _ = signature.split(".")
    if payload:
        # A JWS with a payload is a signature over that payload, not over the text.
        raise ValueError("not detached")
    members = orjson.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
    if not isinstance(members, dict):
        raise ValueError("no JWS header")
    return str(members.get("kid", ""))


def check(signature: str, text: str, jwks: Mapping[str, Mapping[str, Any]]) -> str:
    """What is wrong with a signature over the text; empty: it is valid. `jwks`: public keys by `kid`."""
    try:
        kid = kid_of(signature)
        found = _DETACHED.fullmatch(signature)
        # Decoders ignore padding, foreign characters and the last four bits, so one signature would have many forms.
        if not found or base64.urlsafe_b64encode(base64.urlsafe_b64decode(found[1] + "==")) != f"{found[1]}==".encode():
            raise ValueError("not base64url as defined in RFC 7515")
    except ValueError:
        return "is not a detached JWS"
    if kid not in jwks:
        return f"names the key {kid[:64]!r}, which is not among the public keys"
    try:
        key = _public_key(*(jwks[kid][name] for name in ("kty", "crv", "x")))
        jws.deserialize_compact(signature, key, payload=text.encode(), registry=_REGISTRY)
    except (JoseError, ValueError, TypeError, KeyError):
        return "does not match the text and the key"
    return ""


@lru_cache(maxsize=64)
def _public_key(kty: str, crv: str, x: str) -> OKPKey:
    return OKPKey.import_key({"kty": kty, "crv": crv, "x": x})
