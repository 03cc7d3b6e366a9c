"""The contract, compiled at start and served over ASGI.

Connexion loads the specification, finds the handlers and builds the security functions. Each operation then becomes a
`CompiledOperation`: a path in a dictionary, validators for parameters and body, and the handler. `CompiledOperations`
routes requests to them; a path that the contract does not have is answered with 404.
"""

from clincore.openapi.application import App, CompiledOperations, Scope, Send
from clincore.openapi.body import BODY_BYTES_MAX, Receive
from clincore.openapi.loading import ResolverError
from clincore.openapi.operations import AnswerOnce, Request, Response
from clincore.openapi.representations import GZIP_SUFFIX
from clincore.openapi.schemas import UnsupportedContract
from clincore.openapi.validation import component

__all__ = [
    "BODY_BYTES_MAX",
    "GZIP_SUFFIX",
    "AnswerOnce",
    "App",
    "CompiledOperations",
    "Receive",
    "Request",
    "ResolverError",
    "Response",
    "Scope",
    "Send",
    "UnsupportedContract",
    "component",
]
