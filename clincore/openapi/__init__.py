"""`openapi.yaml` at work: the only code that touches Connexion's internals.

Each operation of the contract is compiled once, at start, through Connexion's own specification, resolver and security
handlers: its path into a dictionary, its parameters and body into validators, its handler's arguments into a list of
sources. A request to a path that the contract does not know goes on into Connexion's stack.
"""

from clincore.openapi.body import BODY_BYTES_MAX
from clincore.openapi.middleware import CompiledOperations
from clincore.openapi.operations import Request
from clincore.openapi.schemas import UnsupportedContract, component

__all__ = ["BODY_BYTES_MAX", "CompiledOperations", "Request", "UnsupportedContract", "component"]
