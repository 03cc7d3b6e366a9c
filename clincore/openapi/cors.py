"""Response headers for browser applications of other origins (the Fetch standard's CORS protocol)."""

from collections.abc import Iterable, Mapping

from clincore.openapi.loading import LoadedOperation
from clincore.openapi.operations import Headers

MAX_AGE_SECONDS = 3600
"""How long a browser may cache the response to a preflight request."""


class Cors:
    """Which origins may call the operations, and which headers they may send and read.

    Credentials that the browser adds, such as cookies, are never allowed: clients send the key in a header.
    """

    def __init__(self, origins: Iterable[str], operations: Iterable[LoadedOperation]) -> None:
        """`origins`: as browsers send them, such as `https://app.example.org`."""
        self._origins = frozenset(origin.encode() for origin in origins)
        # The headers of W3C Trace Context are in no operation. Libraries for browsers send them with each request.
        sent, read = {"Content-Type", "traceparent", "tracestate"}, {"Allow", "traceresponse"}
        for operation in operations:
            sent |= operation.credentials
            sent |= {parameter["name"] for parameter in operation.parameters if parameter["in"] == "header"}
            read |= {name for response in operation.responses.values() for name in response.get("headers", ())}
        self._sent, self._read = ", ".join(sorted(sent)).encode(), ", ".join(sorted(read)).encode()

    def headers(self, request_headers: Mapping[bytes, bytes]) -> Headers:
        """The headers of any response."""
        headers = [(b"vary", b"Origin")]
        origin = request_headers.get(b"origin")
        if origin in self._origins:
            headers += [(b"access-control-allow-origin", origin), (b"access-control-expose-headers", self._read)]
        return headers

    def preflight_headers(self, request_headers: Mapping[bytes, bytes], methods: bytes) -> Headers:
        """Additional headers of the response to a preflight request. `methods`: the methods of the path."""
        is_preflight = b"access-control-request-method" in request_headers
        if not is_preflight or request_headers.get(b"origin") not in self._origins:
            return []
        return [
            (b"access-control-allow-methods", methods),
            (b"access-control-allow-headers", self._sent),
            (b"access-control-max-age", str(MAX_AGE_SECONDS).encode()),
        ]
