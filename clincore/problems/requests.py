"""Problems of a request as HTTP and the contract define it: its path, its form and its size."""

from collections.abc import Sequence

from clincore.problems.base import Problem, example_of


class ValidationFailed(Problem):
    status, code, title = 400, "validation-failed", "Invalid request"
    meaning = "The request does not match the contract. Nothing was changed."
    occurs = (
        "The body is not valid JSON, a property is missing or unknown, a value has the wrong type or is out of bounds, "
        "a query parameter is unknown or repeated, or a required header is missing. "
        "A request that is not well-formed HTTP gets this problem too."
    )
    remedy = (
        "Correct each place that `errors` names, then send the request again. `pointer` is a JSON Pointer into the "
        "body or the name of a parameter; it is empty for the request as a whole. At most ten errors are listed."
    )
    example = example_of(
        "/title: is a required property", "/cases", errors=[{"pointer": "/title", "detail": "is a required property"}]
    )

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        """`errors`: pairs of a place (JSON Pointer, RFC 6901, or a parameter's name) and what is wrong there."""
        place, wrong = errors[0]
        super().__init__(
            f"{place}: {wrong}" if place else wrong,
            errors=[{"pointer": pointer, "detail": detail} for pointer, detail in errors],
        )


class NotFound(Problem):
    status, code, title = 404, "not-found", "Not found"
    meaning = "The path is unknown, or the tenant has no such resource."
    occurs = (
        "The contract has no such path, or the tenant has no resource with this id. "
        "A resource of another tenant gets the same response as one that never existed."
    )
    remedy = (
        "Check the path, the id and the tenant of the key (`GET /auth/whoami`). "
        "For an unknown path, `detail` names a similar one if there is any."
    )
    example = example_of("The tenant has no case with this id.", "/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11")


class MethodNotAllowed(Problem):
    status, code, title = 405, "method-not-allowed", "Method not allowed"
    meaning = "The path exists, but it does not have this method."
    occurs = "For example, `PUT` on a path that has only `GET` and `POST`."
    remedy = "Use one of the methods that the header `Allow` lists."
    example = example_of("This path has the methods GET, HEAD, OPTIONS, POST.", "/cases")


class NotAcceptable(Problem):
    status, code, title = 406, "not-acceptable", "No acceptable media type"
    meaning = "The operation cannot answer in a media type that the client accepts."
    occurs = "The header `Accept` allows none of the operation's media types, or another version of FHIR than R4."
    remedy = "Allow a media type that `detail` names, or send no `Accept` header."
    example = example_of("The response is application/json. Allow it in Accept.", "/cases")


class RequestTimeout(Problem):
    """Answered by the server itself, before there is a request."""

    status, code, title = 408, "request-timeout", "Request timeout"
    meaning = "The request did not arrive in time. The connection is closed."
    occurs = "The client took more than 15 seconds to send the request line and the headers."
    remedy = "Send the request again, on a new connection."
    example = example_of("The request headers did not arrive within 15 seconds. Send them again.", "")


class PayloadTooLarge(Problem):
    status, code, title = 413, "payload-too-large", "Request body too large"
    meaning = "The request body is larger than the operation allows. Nothing was changed."
    occurs = (
        "`Content-Length`, or the body that arrived, is larger than 262144 bytes, "
        "than 1048576 bytes where a case is created, changed or verified, or than 2097152 bytes of a FHIR document."
    )
    remedy = "Send less. A revision that is too large for `POST /verify` can be verified with `clincore verify`."
    example = example_of("The body can have at most 262144 bytes.", "/cases")


class UnsupportedMediaType(Problem):
    status, code, title = 415, "unsupported-media-type", "Unsupported media type"
    meaning = "The operation does not take a body of this media type or encoding. Nothing was changed."
    occurs = "`Content-Type` is missing or wrong, names another charset than UTF-8, or the body is compressed."
    remedy = (
        "Send plain UTF-8 with the media type that the operation takes. "
        "The header `Accept`, `Accept-Patch` or `Accept-Encoding` of this response names it."
    )
    example = example_of("Send the body with the header Content-Type: application/json.", "/cases")


class HeadTooLarge(Problem):
    """Answered by the server itself, before there is a request."""

    status, code, title = 431, "head-too-large", "Request header fields too large"
    meaning = "The request line and the headers exceed 64 KiB. The connection is closed."
    occurs = "For example, a very long URL, or very large cookies added by a proxy."
    remedy = "Send a shorter URL, or fewer or smaller headers."
    example = example_of("The request line and headers can have at most 65536 bytes.", "")
