"""Load the contract, find the handlers and build the security functions: all that Connexion does here.

No other module imports Connexion. Its router, validation and error handling are not used.
"""

import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

with warnings.catch_warnings():
    # Importing Connexion 3.3 imports Starlette's test client and jsonschema's old resolver. Both warn on import, and
    # the warnings would precede the output of every command.
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
    warnings.filterwarnings("ignore", message="jsonschema.(RefResolver|exceptions.RefResolutionError) is deprecated")
    import connexion.exceptions
    from connexion.middleware.abstract import AbstractRoutingAPI
    from connexion.middleware.security import SecurityOperation
    from connexion.security import ApiKeySecurityHandler, BearerSecurityHandler, SecurityHandlerFactory
    from connexion.spec import Specification

from clincore.openapi.body import BODY_BYTES_MAX
from clincore.openapi.schemas import UnsupportedContract

if TYPE_CHECKING:
    from clincore.openapi.operations import Request

NoCredentials = connexion.exceptions.OAuthProblem
"""Raised by a security function when the request carries no credentials for any of its schemes."""
ResolverError = connexion.exceptions.ResolverError
"""Raised when an operation has no handler."""

Verify = Callable[["Request"], Any]

_ROLE = "x-required-role"
_SCOPE = "x-required-scope"
_SCOPES = ("read", "write", "import", "sign", "export")
_SECRET = "x-answer-has-secret"
_LOAD = "x-load"
_BODY_BYTES_MAX = "x-body-bytes-max"
_FOR_BROWSERS = "x-for-browsers"
_EXTENSIONS = {_ROLE, _SCOPE, _SECRET, _LOAD, _BODY_BYTES_MAX, _FOR_BROWSERS, "x-openapi-router-controller"}


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
    credentials: frozenset[str]
    """The headers that carry credentials."""
    challenges: Sequence[str]
    """The authentication schemes to name in `WWW-Authenticate`, any one of which suffices."""
    required_role: str | None
    """The operation's `x-required-role`, which the security functions check."""
    required_scope: str | None
    """The operation's `x-required-scope`, which the security functions check."""
    answers_secret: bool
    """The operation's `x-answer-has-secret`: its answer must not be stored."""
    load: Literal["bulk", "probe"] | None
    """The operation's `x-load`: its class at the gate; `probe` does not pass it."""
    body_bytes_max: int
    """The operation's `x-body-bytes-max`, by default `BODY_BYTES_MAX`."""
    is_for_browsers: bool
    """The operation's `x-for-browsers`: a client that does not ask for HTML gets 404."""


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
        self._security = _SecurityHandlerFactory({"apiKey": _ApiKeyHandler, "bearer": _BearerHandler})
        self.operations: list[LoadedOperation] = []
        super().__init__(specification)

    def make_operation(self, operation: Any) -> LoadedOperation:
        # Ignoring scopes would open the operation to more callers.
        if any(scopes for requirement in operation.security or () for scopes in requirement.values()):
            raise UnsupportedContract(
                f"{operation.operation_id}: scopes are for OAuth; name role and scope in {_ROLE} and {_SCOPE}"
            )
        schemes = [operation.security_schemes[name] for requirement in operation.security or () for name in requirement]
        definition = self.specification["paths"][operation.path][operation.method]
        # A misspelt extension would open the operation to every role.
        if unknown := [name for name in definition if name.startswith("x-") and name not in _EXTENSIONS]:
            raise UnsupportedContract(f"{operation.operation_id}: {', '.join(unknown)} is not supported")
        role = definition.get(_ROLE)
        if role not in (None, "admin", "user"):
            raise UnsupportedContract(f"{operation.operation_id}: {_ROLE} is admin or user")
        if role is not None and not schemes:
            raise UnsupportedContract(f"{operation.operation_id}: a public operation has no {_ROLE}")
        scope = definition.get(_SCOPE)
        if scope not in (None, *_SCOPES):
            raise UnsupportedContract(f"{operation.operation_id}: {_SCOPE} is one of {', '.join(_SCOPES)}")
        if scope is not None and not schemes:
            raise UnsupportedContract(f"{operation.operation_id}: a public operation has no {_SCOPE}")
        load = definition.get(_LOAD)
        if load not in (None, "bulk", "probe"):
            raise UnsupportedContract(f"{operation.operation_id}: {_LOAD} is bulk or probe")
        body_bytes_max = definition.get(_BODY_BYTES_MAX, BODY_BYTES_MAX)
        if type(body_bytes_max) is not int or body_bytes_max < 1:
            raise UnsupportedContract(f"{operation.operation_id}: {_BODY_BYTES_MAX} is a number of bytes")
        if _BODY_BYTES_MAX in definition and not operation.request_body:
            raise UnsupportedContract(f"{operation.operation_id}: an operation without a body has no {_BODY_BYTES_MAX}")
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
            credentials=frozenset(scheme.get("name", "Authorization") for scheme in schemes),
            challenges=["Bearer" if scheme["type"] == "http" else "ApiKey" for scheme in schemes],
            required_role=role,
            required_scope=scope,
            answers_secret=definition.get(_SECRET, False),
            load=load,
            body_bytes_max=body_bytes_max,
            is_for_browsers=definition.get(_FOR_BROWSERS, False),
        )

    @staticmethod
    def _framework_path_and_name(operation: Any, path: str) -> tuple[str, str]:
        return path, operation.operation_id

    def _add_operation_internal(
        self, method: str, path: str, operation: LoadedOperation, name: str | None = None
    ) -> None:
        self.operations.append(operation)


class _Scheme(NamedTuple):
    """A security scheme as an operation requires it."""

    header: bytes
    auth_scheme: bytes | None
    """The scheme at the start of the header's value, in lower case; None if the value is only the credentials."""
    check: Callable[[str, "Request"], Any]
    """Takes the credentials and the request."""


class _SecurityHandlerFactory(SecurityHandlerFactory):
    """Builds one function from the schemes of an operation.

    Connexion's own tries the next scheme after a refusal, and could let a request in by its second credentials. Its
    handlers inspect each function's signature and copy the headers on every request.
    """

    @classmethod
    def verify_security(cls, auth_funcs: Sequence[Any]) -> Verify:
        """The first scheme for which the request has credentials decides."""
        if not auth_funcs or not all(isinstance(scheme, _Scheme) and scheme.check for scheme in auth_funcs):
            raise UnsupportedContract(
                "security: each alternative must be one scheme, an API key or bearer, and name its function"
            )
        schemes: Sequence[_Scheme] = auth_funcs

        async def verify(request: "Request") -> None:
            for header, auth_scheme, check in schemes:
                credentials = request.headers.get(header)
                if credentials is None:
                    continue
                if auth_scheme is not None:
                    given, _, credentials = credentials.partition(b" ")
                    if given.lower() != auth_scheme:
                        continue
                    credentials = credentials.strip(b" ")
                found = check(credentials.decode("latin-1"), request)
                request.context["user"] = (await found if isawaitable(found) else found)["sub"]
                return
            raise NoCredentials

        return verify


class _ApiKeyHandler(ApiKeySecurityHandler):
    """`type: apiKey`, in a header."""

    def get_fn(self, security_scheme: Mapping[str, Any], required_scopes: Sequence[str]) -> _Scheme:
        if security_scheme["in"] != "header":
            raise UnsupportedContract("an API key in a query or cookie ends up in logs; only headers are supported")
        header = security_scheme["name"].lower().encode()
        return _Scheme(header, None, self._resolve_func(security_scheme))


class _BearerHandler(BearerSecurityHandler):
    """`type: http`, `scheme: bearer` (RFC 6750)."""

    def get_fn(self, security_scheme: Mapping[str, Any], required_scopes: Sequence[str]) -> _Scheme:
        return _Scheme(b"authorization", b"bearer", self._resolve_func(security_scheme))
