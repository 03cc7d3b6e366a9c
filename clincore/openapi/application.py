"""The compiled contract as an ASGI application: routing, problem documents, request ids."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, MutableMapping
from contextlib import aclosing
from time import perf_counter
from typing import Any
from uuid import uuid4

from clincore.deadline import CURRENT, Deadline
from clincore.gate import ClientLeft
from clincore.openapi.body import Receive
from clincore.openapi.cors import Cors
from clincore.openapi.error_responses import error_response
from clincore.openapi.loading import load
from clincore.openapi.operations import (
    AnswerOnce,
    CompiledOperation,
    Enter,
    Request,
    Response,
    timed,
)
from clincore.openapi.representations import asks_for_html
from clincore.openapi.suggestions import closest
from clincore.problems import (
    STOPPING,
    Internal,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unavailable,
    ValidationFailed,
)

STALL_SECONDS = 10.0
"""How long a client may stop reading a streamed response."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

UnknownPage = Callable[[str, str], tuple[bytes, Mapping[str, str]]]
"""The page of an unknown path, with its headers, from the problem's detail and `root_path`."""
Operations = dict[str, CompiledOperation]
"""The operations of one path, by method."""
Match = tuple[Operations, dict[str, str]]
"""The operations of a path, with the values of its path parameters."""


class CompiledOperations:
    """An ASGI application that serves the operations of a contract and nothing else.

    It honours `root_path`, behind a proxy that strips the prefix and behind one that keeps it.
    """

    def __init__(
        self,
        document: dict[str, Any],
        *,
        translate: Callable[[Exception], Problem | None],
        log: Callable[[Request, int, float], None],
        answer_once: AnswerOnce | None = None,
        enter: Enter | None = None,
        cors_origins: Iterable[str] = (),
        unknown_page: UnknownPage | None = None,
    ) -> None:
        """Compile an OpenAPI 3.0.3 document.

        `translate`: the problem for an exception of a handler; None means an internal error.
        `log`: called once per request, with the status and the duration in seconds.
        `answer_once`: answers requests with an `Idempotency-Key`; needed if an operation takes one.
        `enter`: enters the gate for requests without a key; the security functions do it for the others. None: there is
            no gate.
        `cors_origins`: origins of browser applications that may call the operations.
        `unknown_page`: what a browser gets at an unknown path. None: the problem document, as other clients.

        Raises:
            UnsupportedContract: the document uses a feature that is not supported, or a handler does not fit.
            connexion.exceptions.ResolverError: an operation has no handler.
        """
        self._translate = translate
        self._log = log
        self._unknown_page = unknown_page
        self._static: dict[str, Operations] = {}
        # By the number of slashes in the path.
        self._templates: dict[int, list[tuple[re.Pattern[str], Operations]]] = {}
        by_path: dict[str, Operations] = {}
        operations_loaded = load(document)
        self._cors = Cors(cors_origins, operations_loaded) if cors_origins else None
        for loaded in operations_loaded:
            by_path.setdefault(loaded.path, {})[loaded.method] = CompiledOperation(loaded, enter, answer_once)
        self._paths = list(by_path)
        for path, operations in by_path.items():
            if "GET" in operations:
                operations.setdefault("HEAD", operations["GET"].for_head())
            if "{" not in path:
                self._static[path] = operations
                continue
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
            self._templates.setdefault(path.count("/"), []).append((re.compile(pattern), operations))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _refuse(scope, send)
            return
        started = perf_counter()
        deadline = Deadline(asyncio.get_running_loop().time())
        CURRENT.set(deadline)
        headers = dict(scope["headers"])
        if len(headers) < len(scope["headers"]):
            headers = _join(scope["headers"])
        root_path = scope.get("root_path", "")
        if root_path:
            # The setting may also be `clin` or `/clin/`.
            root_path = f"/{root_path.strip('/')}".rstrip("/")
        request = Request(uuid4(), scope["method"], scope["path"], root_path, headers, deadline, scope["query_string"])
        request.address = scope.get("clincore.address")
        request.is_gone = scope.get("clincore.is_gone")
        request.trace_id = scope.get("clincore.trace_id")
        cancelled: asyncio.CancelledError | None = None
        try:
            operations, path_values = self._route(request, scope)
            operation = operations.get(request.method)
            if operation is None:
                response = self._without_operation(request, operations)
            else:
                request.operation = operation
                response = await timed(operation(request, path_values, receive), request)
        except ClientLeft:
            # No response can be sent. 499 is what nginx logs for this.
            self._log(request, 499, perf_counter() - started)
            return
        except Exception as error:
            response = self._error_response(request, error)
        except asyncio.CancelledError as error:
            # The server's time limit for requests in progress, when it stops. uvicorn would answer 500.
            cancelled = error
            response = error_response(Unavailable(STOPPING), request)
        finally:
            if request.place is not None:
                request.place.leave(request.worked)
        try:
            if self._cors is not None:
                response.headers += self._cors.headers(request.headers)
            await _send(response, request, receive, send)
        except (Exception, asyncio.CancelledError) as error:
            # The status has been sent. uvicorn closes the connection, so the client sees an incomplete response.
            request.error = error
            self._log(request, response.status, perf_counter() - started)
            raise
        self._log(request, response.status, perf_counter() - started)
        if cancelled is not None:
            raise cancelled

    def _route(self, request: Request, scope: Scope) -> Match:
        """Find the path's operations and the values of its parameters, and set the request's `template`.

        Raises:
            NotFound, ValidationFailed: there is no such path.
        """
        root_path = scope.get("root_path", "")
        match = self._match_under(request, root_path) if root_path else self._match(request.path)
        if "\0" in request.path:
            raise ValidationFailed([("", "The path contains the character NUL.")])
        # Decoding an encoded slash gives another path, for which a proxy may have other rules.
        if match is None or b"%2f" in scope["raw_path"].lower():
            meant = closest(request.path.removeprefix(request.root_path), self._paths)
            hint = f"Did you mean {request.root_path}{meant}? " if meant else ""
            raise NotFound(f"This path does not exist. {hint}GET {request.root_path}/openapi.yaml lists all paths.")
        request.template = next(iter(match[0].values())).path
        return match

    def _without_operation(self, request: Request, operations: Operations) -> Response:
        """The response to OPTIONS (RFC 9110, section 9.3.7), which may be a preflight request.

        Raises:
            MethodNotAllowed: the method is not OPTIONS.
        """
        allowed = ", ".join(sorted([*operations, "OPTIONS"]))
        if request.method != "OPTIONS":
            raise MethodNotAllowed(f"This path has the methods {allowed}.", headers={"Allow": allowed})
        headers = [(b"allow", allowed.encode())]
        if "PATCH" in operations:
            # RFC 5789, section 3.1.
            headers.append((b"accept-patch", ", ".join(operations["PATCH"].body_media_types).encode()))
        if self._cors is not None:
            headers += self._cors.preflight_headers(request.headers, allowed.encode())
        return Response(204, headers, b"")

    def _match(self, path: str) -> Match | None:
        operations = self._static.get(path)
        if operations is not None:
            return operations, {}
        for pattern, operations in self._templates.get(path.count("/"), ()):
            match = pattern.fullmatch(path)
            if match is not None:
                return operations, match.groupdict()
        return None

    def _match_under(self, request: Request, root_path: str) -> Match | None:
        """Match the path without the prefix, and set the request's `path` to what the client asked the proxy for.

        An ASGI server puts `root_path` in front of the path that it received. A proxy that strips the prefix gives
        `/clin/cases`, one that keeps it `/clin/clin/cases`.
        """
        path = request.path
        if path.startswith(root_path) and path.startswith("/", len(root_path)):
            path = path[len(root_path) :]
        match = self._match(path)
        # Strip the kept prefix only if the path is unknown: a prefix such as /docs must not hide the contract's /docs.
        if match is None and path.startswith(f"{request.root_path}/"):
            path = path[len(request.root_path) :]
            match = self._match(path)
        request.path = request.root_path + path
        return match

    def _error_response(self, request: Request, error: Exception) -> Response:
        problem = self._problem(request, error)
        is_unknown_path = request.template is None and isinstance(problem, NotFound)
        if self._unknown_page is None or not is_unknown_path or not _asks_for_page(request):
            return error_response(problem, request)
        request.problem = problem.code
        page, page_headers = self._unknown_page(problem.detail, request.root_path)
        headers = [(name.lower().encode(), value.encode()) for name, value in page_headers.items()]
        return Response(problem.status, [*headers, (b"content-type", b"text/html"), (b"vary", b"Accept")], page)

    def _problem(self, request: Request, error: Exception) -> Problem:
        if isinstance(error, Problem):
            # What the handler raised it from, if it said so.
            request.error = error.__cause__
            return error
        request.error = error
        return self._translate(error) or Internal()


def _asks_for_page(request: Request) -> bool:
    """Whether a person opens the path in a browser."""
    return request.method in ("GET", "HEAD") and asks_for_html(request.headers.get(b"accept", b""))


def _join(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    values: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    return {name: b",".join(several) for name, several in values.items()}


async def _refuse(scope: Scope, send: Send) -> None:
    """Refuse other protocols as the ASGI specification asks: a server answers 403 to a closed WebSocket handshake."""
    if scope["type"] != "websocket":
        raise ValueError(f"the ASGI scope {scope['type']!r} is not supported")
    await send({"type": "websocket.close"})


async def _send(response: Response, request: Request, receive: Receive, send: Send) -> None:
    headers = [
        *response.headers,
        (b"x-request-id", str(request.id).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    for name, value in request.response_headers.items():
        headers.append((name.lower().encode(), value.encode()))
    if request.operation is not None:
        headers.append((b"vary", request.operation.vary))
    if request.root_path:
        # Handlers set Location to a path of the contract. Clients need it with the prefix.
        prefix = request.root_path.encode()
        headers = [(name, prefix + value if name == b"location" else value) for name, value in headers]
    if response.rest is None:
        # RFC 9110, section 8.6: forbidden with 204; with 304 it would have to be the length of the 200.
        if response.status not in (204, 304):
            headers.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else response.body})
        return
    # Close the iterator in every case: it holds a database connection.
    async with aclosing(response.rest) as rest:  # type: ignore[type-var]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        if request.method == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.body", "body": response.body, "more_body": True})
        await _send_rest(rest, receive, send)


async def _send_rest(rest: AsyncIterator[bytes], receive: Receive, send: Send) -> None:
    gone = asyncio.create_task(_until_gone(receive))
    try:
        async for chunk in rest:
            async with asyncio.timeout(STALL_SECONDS):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            if gone.done():
                return
        await send({"type": "http.response.body", "body": b""})
    except ClientLeft:
        # The gate saw it before `gone` did, while the next chunk waited for its turn.
        return
    finally:
        gone.cancel()


async def _until_gone(receive: Receive) -> None:
    """Wait until the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
