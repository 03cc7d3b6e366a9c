"""Load the contract, find the handlers and build the security functions: all that Connexion does here.

No other module imports Connexion. Its router, validation and error handling are not used.
"""

import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

with warnings.catch_warnings():
    # Importing Connexion 3.3 imports Starlette's test client and jsonschema's old resolver. Both warn on import, and
    # the warnings would precede the output of every command.
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
    warnings.filterwarnings("ignore", message="jsonschema.(RefResolver|exceptions.RefResolutionError) is deprecated")
    import connexion.exceptions
    from connexion.middleware.abstract import AbstractRoutingAPI
    from connexion.middleware.security import SecurityOperation
    from connexion.security import NO_VALUE, ApiKeySecurityHandler, BearerSecurityHandler, SecurityHandlerFactory
    from connexion.spec import Specification

from clincore.openapi.schemas import UnsupportedContract

if TYPE_CHECKING:
    from clincore.openapi.operations import Request

NoCredentials = connexion.exceptions.OAuthProblem
"""Raised by a security function when the request carries no credentials for any of its schemes."""
ResolverError = connexion.exceptions.ResolverError
"""Raised when an operation has no handler."""

Verify = Callable[["Request"], Any]

_ROLE = "x-required-role"


@dataclass(frozen=True)
class LoadedOperation:
    """One operation of the contract, with references resolved."""

    id: str
    """The `operationId`, without the module of its handler."""
    method: str
    path: str
    parameters: Sequence[Mapping[str, Any]]
    """Parameter Objects of the operation, followed by those of its path."""
    request_body: Mapping[str, Any]
    """The Request Body Object; empty when the operation takes none."""
    responses: Mapping[str, Mapping[str, Any]]
    handler: Callable[..., Awaitable[Any]]
    verify: Callable[["Request"], Awaitable[None]] | None
    """Authenticates the request and puts `user` into its `context`; None when the operation is public."""
    challenge: str
    """The authentication scheme to name in `WWW-Authenticate`."""
    required_role: str | None
    """The operation's `x-required-role`, which the security functions check."""


def load(document: dict[str, Any]) -> list[LoadedOperation]:
    """The operations of an OpenAPI 3.0.3 document, in its order.

    Raises:
        UnsupportedContract: the first server has a path.
        ResolverError: an operation has no handler.
        connexion.exceptions.InvalidSpecification: the document is not valid OpenAPI.
    """
    loader = _Loader(Specification.from_dict(document))
    if loader.base_path:
        raise UnsupportedContract("servers: paths must start at the root; a prefix comes from the ASGI root_path")
    return loader.operations


class _Loader(AbstractRoutingAPI[Any]):
    """Connexion's walk through the operations of a specification."""

    def __init__(self, specification: Specification) -> None:
        self._security = SecurityHandlerFactory({"apiKey": _ApiKeyHandler, "bearer": _BearerHandler})
        self.operations: list[LoadedOperation] = []
        super().__init__(specification)

    def make_operation(self, operation: Any) -> LoadedOperation:
        schemes = [name for requirement in operation.security or () for name in requirement]
        # What is ignored here would open the operation to more callers.
        if any(scopes for requirement in operation.security or () for scopes in requirement.values()):
            raise UnsupportedContract(f"{operation.operation_id}: scopes are for OAuth; name the role in {_ROLE}")
        role = self.specification["paths"][operation.path][operation.method].get(_ROLE)
        if role is not None and not schemes:
            raise UnsupportedContract(f"{operation.operation_id}: a public operation has no {_ROLE}")
        verify = None
        if operation.security:
            verify = SecurityOperation.from_operation(
                operation, next_app=None, security_handler_factory=self._security
            ).verification_fn
        return LoadedOperation(
            id=operation.operation_id.rpartition(".")[2],
            method=operation.method.upper(),
            path=operation.path,
            parameters=operation.parameters,
            request_body=operation.request_body,
            responses=operation.responses,
            handler=operation.function,
            verify=verify,
            challenge="Bearer" if schemes and operation.security_schemes[schemes[0]]["type"] == "http" else "ApiKey",
            required_role=role,
        )

    @staticmethod
    def _framework_path_and_name(operation: Any, path: str) -> tuple[str, str]:
        return path, operation.operation_id

    def _add_operation_internal(
        self, method: str, path: str, operation: LoadedOperation, name: str | None = None
    ) -> None:
        self.operations.append(operation)


# Connexion's own handlers inspect the security function's signature and copy the headers on every request. These do
# not; `SecurityHandlerFactory` takes them as replacements.


class _ApiKeyHandler(ApiKeySecurityHandler):
    """`type: apiKey`, in a header."""

    def _get_verify_func(
        self,
        api_key_info_func: Callable[[str, "Request"], Awaitable[dict[str, Any]]],
        loc: str,
        name: str,
        required_scopes: Sequence[str],
    ) -> Verify:
        if loc != "header":
            raise UnsupportedContract("an API key in a query or cookie ends up in logs; only headers are supported")
        header = name.lower().encode()

        def verify(request: "Request") -> Any:
            key = request.headers.get(header)
            if key is None:
                return NO_VALUE
            return api_key_info_func(key.decode("latin-1"), request)

        return verify


class _BearerHandler(BearerSecurityHandler):
    """`type: http`, `scheme: bearer` (RFC 6750)."""

    def _get_verify_func(self, token_info_func: Callable[[str], dict[str, Any]]) -> Verify:
        def verify(request: "Request") -> Any:
            scheme, _, token = request.headers.get(b"authorization", b"").decode("latin-1").partition(" ")
            if scheme.lower() != "bearer":
                return NO_VALUE
            return token_info_func(token.strip(" "))

        return verify
