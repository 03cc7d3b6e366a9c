"""Connexion's security handlers for the two schemes of the contract, without what they look up at every request.

Connexion's own inspect the security function's signature each time and copy headers; these are given to its factory
through `security_map`, its extension point.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from connexion.security import NO_VALUE, ApiKeySecurityHandler, BearerSecurityHandler

if TYPE_CHECKING:
    from clincore.openapi.operations import Request

Verify = Callable[["Request"], Any]


class ApiKeyHandler(ApiKeySecurityHandler):
    """`type: apiKey`, in a header."""

    def _get_verify_func(
        self,
        api_key_info_func: Callable[[str, Sequence[str], "Request"], Awaitable[dict[str, Any]]],
        loc: str,
        name: str,
        required_scopes: Sequence[str],
    ) -> Verify:
        if loc != "header":
            raise ValueError("an API key in the query ends up in logs: only headers are supported")
        header = name.lower().encode()

        def verify(request: "Request") -> Any:
            key = request.headers.get(header)
            if key is None:
                return NO_VALUE
            return api_key_info_func(key.decode("latin-1"), required_scopes, request)

        return verify


class BearerHandler(BearerSecurityHandler):
    """`type: http`, `scheme: bearer` (RFC 6750)."""

    def _get_verify_func(self, token_info_func: Callable[[str], dict[str, Any]]) -> Verify:
        def verify(request: "Request") -> Any:
            scheme, _, token = request.headers.get(b"authorization", b"").decode("latin-1").partition(" ")
            if scheme.lower() != "bearer":
                return NO_VALUE
            return token_info_func(token.strip(" "))

        return verify


SECURITY_MAP = {"apiKey": ApiKeyHandler, "bearer": BearerHandler}
