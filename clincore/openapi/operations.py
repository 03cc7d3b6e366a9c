"""One operation of the contract, compiled: from a request to the bytes of its response."""

import asyncio
import copy
import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from time import perf_counter
from types import coroutine
from typing import Any, Protocol, Self
from uuid import UUID

import orjson

from clincore.deadline import Deadline
from clincore.gate import Place
from clincore.openapi import body, representations
from clincore.openapi.loading import LoadedOperation, NoCredentials
from clincore.openapi.parameters import Parameter, parse_query
from clincore.openapi.schemas import UnsupportedContract
from clincore.openapi.validation import Validator
from clincore.problems import NotAcceptable, NotFound, Unauthorized, UnsupportedMediaType, ValidationFailed

_NO_LIMIT = nullcontext()
_HOW_TO_AUTHENTICATE = {
    "ApiKey": "Send the tenant's API key in the header X-API-Key, or as Authorization: Bearer <key>.",
    "Bearer": "Send the bootstrap token in the header Authorization: Bearer <token>.",
}
"""By the operation's first scheme."""

# Arguments that a handler may take in addition to those of the contract.
_EXTRA_ARGUMENTS = frozenset({"user", "root_path", "media_type", "content"})
# The contract's parameters that are handled here: for every representation with an ETag, and for every write.
_IF_NONE_MATCH = "if_none_match"
_IDEMPOTENCY_KEY = "idempotency_key"

Headers = list[tuple[bytes, bytes]]
Enter = Callable[["Request"], Awaitable[None]]
"""Sets the request's place and enters the gate."""


@dataclass(slots=True)
class Request:
    """A request, for security functions, handlers and the log. Fields are set as the request is processed."""

    id: UUID
    """Random: the access log names requests by it, so one id must not reveal others."""
    method: str
    path: str
    """The path that the client asked for, with `root_path`."""
    root_path: str
    """The prefix under which clients reach the service, such as `/clin`; empty without one."""
    headers: Mapping[bytes, bytes] = field(repr=False)
    """By lower-case name. Repeated headers are joined with commas (RFC 9110, section 5.2)."""
    deadline: Deadline
    query: bytes = field(repr=False)
    address: str | None = None
    """Of the client; None if clients cannot be distinguished."""
    is_gone: Callable[[], bool] | None = None
    """Whether the client has closed its connection; None: the server does not tell."""
    trace_id: str | None = None
    """Of the trace that the request belongs to; None: no traces are recorded."""
    template: str | None = None
    """The path of the contract that `path` matches, such as `/cases/{case_id}`."""
    operation: "CompiledOperation | None" = None
    caller: Any = None
    place: Place | None = None
    """At the gate; None before the request enters."""
    worked: float = 0.0
    """Seconds for which the request has occupied the event loop."""
    waits_for_client: bool = False
    """It is reading the body, so it leaves the gate when it has to wait."""
    response_headers: dict[str, str] = field(default_factory=dict)
    """Headers added to the response, whatever its status."""
    problem: str | None = None
    """The code of the problem document, if the response is one."""
    error: BaseException | None = None
    """The exception behind a 500 or 503, or one raised while the response was sent."""
    context: dict[str, Any] = field(default_factory=dict)
    """Where the security functions put `user`."""


@dataclass(slots=True)
class Response:
    """A response. `headers` have lower-case names, as ASGI requires."""

    status: int
    headers: Headers
    body: bytes
    rest: AsyncIterator[bytes] | None = None
    """What follows `body` in a response of unknown length."""


class AnswerOnce(Protocol):
    """Answers a request with an `Idempotency-Key`: calls `answer`, or sends the answer of an earlier request again."""

    def __call__(
        self,
        request: Request,
        value: str,
        content: bytes,
        case_id: str | None,
        answer: Callable[[], Awaitable[Response]],
    ) -> Awaitable[Response]:
        """`value`: of the header. `content`: the body as it was sent. `case_id`: the case in the path."""


class CompiledOperation:
    """An operation with its parameters and body compiled to validators. Calling it answers a request."""

    def __init__(
        self, operation: LoadedOperation, enter: Enter | None = None, answer_once: AnswerOnce | None = None
    ) -> None:
        """Compile the operation. `enter`: enters the gate for requests without a key; None: there is no gate.

        Raises:
            UnsupportedContract: the operation uses a feature that is not supported, or the handler does not take the
                arguments that the contract gives.
        """
        self.id = operation.id
        self.method = operation.method
        self.path = operation.path
        self._is_for_browsers = operation.is_for_browsers
        self.is_capped = "402" in operation.responses
        # Operations without a documented 503 do no blocking I/O, so they need no time limit.
        self._has_time_limit = "503" in operation.responses
        self.is_bulk = operation.load == "bulk"
        self._enter = enter if self._has_time_limit and operation.load != "probe" else None
        self._handler = operation.handler
        self._answer_once = answer_once
        self.required_role = operation.required_role
        self.required_scope = operation.required_scope
        self.answers_secret = operation.answers_secret
        self._verify = operation.verify
        self._challenges = operation.challenges
        self._media_types = {
            int(status): list(response.get("content", ())) for status, response in operation.responses.items()
        }
        self._produces = tuple(
            media_type
            for status, media_types in self._media_types.items()
            if 200 <= status < 300
            for media_type in media_types
        )
        self._is_read = operation.method == "GET"
        # Only reads are compressed. Responses to POST have raw keys; if they also repeat text of the request, the
        # compressed length would reveal the keys (BREACH).
        self.vary = b"Accept, Accept-Encoding" if self._is_read else b"Accept"
        self._parameters = self._compile_parameters(operation)
        self._query_names = frozenset(p.name for p in self._parameters if p.place == "query")
        self.body_media_types, self._body_validator = self._compile_body(operation.request_body)
        self._body_bytes_max = operation.body_bytes_max
        self._containers_max = body.CONTAINERS_MAX
        if "content" in inspect.signature(operation.handler).parameters:
            # Such a body is a document of another standard, which the handler reads in another process.
            self._containers_max *= operation.body_bytes_max // body.BODY_BYTES_MAX
        self._body_required: bool = operation.request_body.get("required", False)
        arguments = self._handler_arguments()
        self._takes_user = "user" in arguments
        self._takes_root_path = "root_path" in arguments
        self._takes_media_type = "media_type" in arguments
        self._takes_content = "content" in arguments
        self._takes_idempotency_key = _IDEMPOTENCY_KEY in arguments

    def for_head(self) -> "CompiledOperation":
        """This GET as HEAD: the same checks and headers, and no content (RFC 9110, section 9.3.2)."""
        made = copy.copy(self)
        made.method = "HEAD"
        return made

    async def __call__(self, request: Request, path_values: Mapping[str, str], receive: body.Receive) -> Response:
        """Authenticate, validate, call the handler and build its response.

        Raises:
            Problem: the response is an error that the contract documents.
            TimeoutError: the deadline has passed.
            Exception: any other exception of the handler.
        """
        deadline = request.deadline
        async with asyncio.timeout_at(deadline.at) if self._has_time_limit else _NO_LIMIT as limit:
            # Authenticate first: a request with a valid key is metered even if it turns out to be invalid.
            if self._verify is not None:
                try:
                    await self._verify(request)
                except NoCredentials:
                    raise Unauthorized(_HOW_TO_AUTHENTICATE[self._challenges[0]]) from None
            if request.place is None and self._enter is not None:
                await self._enter(request)
            media_type = self._produces[0] if self._produces else None
            accept = request.headers.get(b"accept")
            is_found = not self._is_for_browsers or representations.asks_for_html(accept or b"")
            if is_found and accept is not None and accept != b"*/*" and self._produces:
                media_type = representations.choose(accept, self._produces)
                if media_type is None:
                    version = " FHIR is R4, with fhirVersion=4.0." if b"fhirversion=" in accept.lower() else ""
                    raise NotAcceptable(f"The response is {' or '.join(self._produces)}. Allow it in Accept.{version}")
            arguments = self._bind(request, path_values)
            if not is_found:
                raise NotFound(f"This is a page for browsers. GET {request.root_path}/openapi.yaml lists all paths.")
            content = b""
            if not self._is_read:
                # The protocol limits how long a body may take. The client's time does not count for the deadline.
                if limit is not None:
                    limit.reschedule(None)
                body_asked_at = asyncio.get_running_loop().time()
                request.waits_for_client = True
                if self._body_validator is not None:
                    content = await body.read(request.headers, receive, self._body_bytes_max)
                else:
                    await body.skip(receive)
                request.waits_for_client = False
                deadline.extend(asyncio.get_running_loop().time() - body_asked_at)
                if limit is not None:
                    limit.reschedule(deadline.at)
                if request.place is not None and not request.place.is_held and not request.place.enter():
                    await request.place.wait()
                if self._body_validator is not None:
                    arguments["body"] = self._parse_body(self._body_validator, content, request)
            if self._takes_user:
                arguments["user"] = request.context["user"]
            if self._takes_root_path:
                arguments["root_path"] = request.root_path
            if self._takes_media_type:
                arguments["media_type"] = media_type
            if self._takes_content:
                arguments["content"] = content
            known = arguments.pop(_IF_NONE_MATCH, None)
            value = arguments.get(_IDEMPOTENCY_KEY)
            if not self._takes_idempotency_key:
                arguments.pop(_IDEMPOTENCY_KEY, None)
            if value is not None and self._answer_once is not None:

                async def answer() -> Response:
                    return self._response(await self._handler(**arguments))

                return await self._answer_once(request, value, content, path_values.get("case_id"), answer)
            result = await self._handler(**arguments)
            stream, *more = result if isinstance(result, tuple) else (result,)
            if isinstance(stream, AsyncGenerator):
                # Pull the first chunk before any header is sent, so that earlier errors still become problem responses.
                # HEAD pulls nothing, so that the export does not run. The generator may add to the headers.
                first = b"" if self.method == "HEAD" else await anext(stream, b"")
                response = self._response((first, *more) if more else first)
                response.rest = stream if request.place is None else _InTurns(stream, request, request.place)
                deadline.lift()
                return response
            response = self._response(result)
            if self._is_read and (known is not None or b"accept-encoding" in request.headers):
                return await self._represented(response, request, known)
            return response

    async def _represented(self, response: Response, request: Request, known: str | None) -> Response:
        """The response to a read: 304 if the client has the content, compressed if it accepts gzip.

        `known`: the ETags that the client has.
        """
        headers = dict(response.headers)
        is_compressed = (
            len(response.body) >= representations.COMPRESSED_BYTES_MIN
            and representations.accepts_gzip(request.headers.get(b"accept-encoding", b""))
            and not headers[b"content-type"].startswith(b"image/")
        )
        etag = headers[b"etag"].decode() if b"etag" in headers else None
        if etag is not None and known is not None:
            tags = (representations.gzip_tag(etag), etag) if is_compressed else (etag, representations.gzip_tag(etag))
            tag = representations.known_tag(tags, known)
            if tag is not None:
                del headers[b"content-type"]
                return Response(304, [*(headers | {b"etag": tag.encode()}).items()], b"")
        if is_compressed:
            response.body = await representations.gzip(response.body, etag if self._verify is None else None)
            headers[b"content-encoding"] = b"gzip"
            if etag is not None:
                headers[b"etag"] = representations.gzip_tag(etag).encode()
            response.headers = list(headers.items())
        return response

    def _bind(self, request: Request, path_values: Mapping[str, str]) -> dict[str, Any]:
        """The handler's arguments from path, query and headers, by name."""
        query_values = parse_query(request.query, self._query_names) if request.query else {}
        arguments = {}
        for parameter in self._parameters:
            if parameter.place == "header":
                header = request.headers.get(parameter.header)
                text = None if header is None else header.decode("latin-1")
            else:
                text = (path_values if parameter.place == "path" else query_values).get(parameter.name)
            arguments[parameter.argument] = parameter.value(text)
        return arguments

    def _parse_body(self, validator: Validator, content: bytes, request: Request) -> Any:
        if not content and not self._body_required:
            return None
        if not content and b"content-type" in request.headers:
            raise ValidationFailed([("", "The body is empty.")])
        try:
            value = body.parse(content, request.headers, self.body_media_types, self._containers_max)
        except UnsupportedMediaType as error:
            # RFC 9110, section 15.5.16, and RFC 5789, section 2.2.
            error.headers["Accept-Patch" if self.method == "PATCH" else "Accept"] = ", ".join(self.body_media_types)
            raise
        if not validator.is_valid(value):
            found = validator.errors(value)
            raise ValidationFailed([(place, wrong if place else f"The body {wrong}.") for place, wrong in found])
        if not self._takes_content:
            # A handler that takes the content refuses ambiguous JSON where it reads it: here it would block the event
            # loop for a tenth of a second.
            body.refuse_ambiguous(content, value)
        return value

    def _response(self, result: Any) -> Response:
        """The response for a handler's result: a body, or a tuple of body, status and, optionally, headers."""
        content, status, extra = result, 200, {}
        if isinstance(result, tuple):
            content, status, extra = (*result, {})[:3]
        headers: Headers = []
        for name, value in extra.items():
            headers.append((name.lower().encode(), value.encode()))
        media_types = self._media_types[status]
        if media_types and "Content-Type" not in extra:
            headers.append((b"content-type", media_types[0].encode()))
        if self._verify is not None:
            headers.append((b"cache-control", b"no-store"))
        if content is None:
            return Response(status, headers, b"")
        if not isinstance(content, bytes):
            content = orjson.dumps(content, option=orjson.OPT_UTC_Z)
        return Response(status, headers, content)

    def challenge(self, request: Request) -> str:
        """The header `WWW-Authenticate` of a 401 (RFC 9110, section 11.6.1; RFC 6750, section 3)."""
        scheme = request.headers.get(b"authorization", b"").partition(b" ")[0].lower()
        refused = ', error="invalid_token"' if scheme == b"bearer" else ""
        return ", ".join(f'{name} realm="clincore"{refused if name == "Bearer" else ""}' for name in self._challenges)

    def _compile_parameters(self, operation: LoadedOperation) -> list[Parameter]:
        # A parameter of the operation overrides one of its path that has the same name and location.
        definitions = {(p["in"], p["name"]): p for p in reversed(operation.parameters)}
        return [self._compile(Parameter, d, d["name"]) for d in reversed(list(definitions.values()))]

    def _compile_body(self, request_body: Mapping[str, Any]) -> tuple[Sequence[str], Validator | None]:
        if not request_body:
            return (), None
        media_types = tuple(request_body["content"])
        for media_type in media_types:
            if not media_type.endswith(("/json", "+json")):
                raise UnsupportedContract(f"{self.id}: a body must be JSON, not {media_type}")
        schema, *others = (definition["schema"] for definition in request_body["content"].values())
        if any(other != schema for other in others):
            raise UnsupportedContract(f"{self.id}: a body must have the same schema in each media type")
        return media_types, self._compile(Validator, schema, "body")

    def _compile(self, compile_: Callable[[Any], Any], definition: Any, place: str) -> Any:
        try:
            return compile_(definition)
        except UnsupportedContract as error:
            raise UnsupportedContract(f"{self.id}, {place}: {error}") from None

    def _handler_arguments(self) -> set[str]:
        """The names of the handler's arguments.

        Raises:
            UnsupportedContract: they are not those of the contract, or the handler is not async.
        """
        if not inspect.iscoroutinefunction(self._handler):
            raise UnsupportedContract(f"{self.id}: the handler is not async and would block all other requests")
        given = {parameter.argument for parameter in self._parameters}
        given |= {"body"} if self._body_validator else set()
        taken = set(inspect.signature(self._handler).parameters)
        if _IDEMPOTENCY_KEY in given and self._answer_once is None:
            raise UnsupportedContract(f"{self.id}: nothing handles the header Idempotency-Key")
        handled = {_IF_NONE_MATCH} | ({_IDEMPOTENCY_KEY} - taken)
        if taken - _EXTRA_ARGUMENTS != given - handled or ("user" in taken and self._verify is None):
            raise UnsupportedContract(
                f"{self.id}: the handler takes {sorted(taken)}, the contract gives {sorted(given)}"
            )
        return taken


class _InTurns:
    """The rest of a stream. Each chunk is made inside the gate; while the client reads it, the request is outside."""

    def __init__(self, rest: AsyncGenerator[bytes, None], request: Request, place: Place) -> None:
        self._rest = rest
        self._request = request
        self._place = place

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if not self._place.enter():
            await self._place.wait(must_enter=True)
        try:
            chunk: bytes = await timed(anext(self._rest), self._request)
            return chunk
        finally:
            self._place.leave(self._request.worked)

    async def aclose(self) -> None:
        await self._rest.aclose()


@coroutine
def timed(awaitable: Any, request: Request) -> Generator[Any, Any, Any]:
    """Await the coroutine, and add the time for which it occupies the event loop to `request.worked`.

    While it waits for its client, the request is outside of the gate.
    """
    send = awaitable.send
    argument, step = None, send
    while True:
        started = perf_counter()
        try:
            waits_for = step(argument)
        except StopIteration as ended:
            return ended.value
        finally:
            request.worked += perf_counter() - started
        if request.waits_for_client and request.place is not None:
            request.place.leave(request.worked)
        try:
            argument, step = (yield waits_for), send
        except BaseException as error:
            argument, step = error, awaitable.throw
