"""From ASGI to the compiled operations and back: routing, problem documents, request ids."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import aclosing
from random import getrandbits
from time import perf_counter
from typing import Any

from connexion.middleware.abstract import AbstractRoutingAPI, SpecMiddleware
from connexion.security import SecurityHandlerFactory
from connexion.spec import Specification
from starlette.exceptions import HTTPException

from clincore.openapi.body import ClientLeft
from clincore.openapi.operations import Answer, CompiledOperation, Request, problem_answer
from clincore.openapi.schemas import UnsupportedContract
from clincore.openapi.security import SECURITY_MAP
from clincore.problems import Internal, MethodNotAllowed, NotFound, Problem, ValidationFailed

STALL_SECONDS = 10.0
"""How long a client may take no more of a long answer."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

Operations = dict[str, CompiledOperation]
"""The operations of one path by method."""


class _Compiler(AbstractRoutingAPI[CompiledOperation]):
    """Connexion's own walk through the paths of a specification, which compiles what it finds."""

    def __init__(self, specification: Specification, **options: Any) -> None:
        self.security = SecurityHandlerFactory(SECURITY_MAP)
        self.operations: list[CompiledOperation] = []
        super().__init__(specification, **options)

    def make_operation(self, operation: Any) -> CompiledOperation:
        return CompiledOperation(operation, self.security)

    @staticmethod
    def _framework_path_and_name(operation: Any, path: str) -> tuple[str, str]:
        return path, operation.operation_id

    def _add_operation_internal(
        self, method: str, path: str, operation: CompiledOperation, name: str | None = None
    ) -> None:
        self.operations.append(operation)


def _new_id() -> str:
    """A random UUID (RFC 9562, version 4) for a request: it names, and guards nothing, so that speed comes first."""
    digits = f"{getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


class _UnknownPath(Exception):
    """The contract has no such path."""


class CompiledOperations(SpecMiddleware):
    """Answers whatever the contract knows; the rest goes on to `app`."""

    def __init__(
        self,
        app: App,
        *,
        translate: Callable[[Exception], Problem | None],
        log: Callable[[Request, int, float], None],
    ) -> None:
        """`translate`: the problem that an exception stands for, None when it is a fault of ours.
        `log`: called once per request, with the status and the seconds it took."""
        self._app = app
        self._translate = translate
        self._log = log
        self._static: dict[str, Operations] = {}
        self._templates: dict[int, list[tuple[re.Pattern[str], Operations]]] = {}

    def add_api(self, specification: Specification, **options: Any) -> None:
        compiled = _Compiler(specification, resolver=options.get("resolver"), base_path=options.get("base_path"))
        if compiled.base_path:
            raise UnsupportedContract("servers: the paths begin at the root")
        by_path: dict[str, Operations] = {}
        for operation in compiled.operations:
            by_path.setdefault(operation.path, {})[operation.method] = operation
        for path, operations in by_path.items():
            if "{" not in path:
                self._static[path] = operations
                continue
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
            self._templates.setdefault(path.count("/"), []).append((re.compile(pattern), operations))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            headers[name] = (
                f"{headers[name].decode('latin-1')},".encode("latin-1") + value if name in headers else value
            )
        request = Request(_new_id(), scope["method"], scope["path"], headers)
        try:
            answer = await self._answer(request, scope, receive)
        except _UnknownPath:
            status = await self._pass_on(request, scope, receive, send)
        except ClientLeft:
            # Nobody hears this answer; nginx's number for it tells the log.
            status = 499
        else:
            status = answer.status
            try:
                await _send(answer, request, receive, send)
            except Exception as error:
                # Too late for another answer: the connection ends before this one is whole.
                request.error = error
                self._log(request, status, perf_counter() - started)
                raise
        self._log(request, status, perf_counter() - started)

    def _route(self, path: str) -> tuple[Operations, dict[str, str]]:
        operations = self._static.get(path)
        if operations is not None:
            return operations, {}
        for pattern, operations in self._templates.get(path.count("/"), ()):
            match = pattern.fullmatch(path)
            if match is not None:
                return operations, match.groupdict()
        raise _UnknownPath

    async def _answer(self, request: Request, scope: Scope, receive: Receive) -> Answer:
        try:
            if "\0" in request.path:
                raise ValidationFailed([("", "The path has the character NUL.")])
            if b"%2f" in scope["raw_path"].lower():
                # Decoded it would be another path, which a proxy in front may have rules for.
                raise HTTPException(404)
            operations, path_values = self._route(request.path)
            operation = operations.get(request.method)
            if operation is None:
                request.template = next(iter(operations.values())).path
                allowed = ", ".join(sorted(operations))
                raise MethodNotAllowed(f"This path has {allowed}.", headers={"Allow": allowed})
            request.operation, request.template = operation, operation.path
            return await operation(request, path_values, scope["query_string"], receive)
        except (ClientLeft, _UnknownPath):
            raise
        except Exception as error:
            return problem_answer(self._problem(request, error), request)

    async def _pass_on(self, request: Request, scope: Scope, receive: Receive, send: Send) -> int:
        """Let Connexion's stack answer a path that is not the contract's; the status that it sent."""
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request.id.encode())]
            await send(message)

        try:
            # Connexion's router would answer a trailing slash with a redirect.
            if request.path.endswith("/"):
                raise HTTPException(404)
            await self._app(scope, receive, send_with_id)
        except Exception as error:
            answer = problem_answer(self._problem(request, error), request)
            await _send(answer, request, receive, send)
            return answer.status
        return status

    def _problem(self, request: Request, error: Exception) -> Problem:
        if isinstance(error, Problem):
            return error
        if isinstance(error, HTTPException) and error.status_code == 404:
            return NotFound("The contract has no such path. GET /openapi.yaml shows it.")
        problem = self._translate(error)
        if problem is None:
            problem = Internal()
        request.error = error
        return problem


async def _send(answer: Answer, request: Request, receive: Receive, send: Send) -> None:
    headers = [
        *answer.headers,
        (b"x-request-id", request.id.encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    for name, value in request.answer_headers.items():
        headers.append((name.lower().encode(), value.encode()))
    if answer.rest is None:
        headers.append((b"content-length", str(len(answer.body)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})
        return
    # Closed whatever happens: what is still to come holds a connection to the database.
    async with aclosing(answer.rest) as rest:  # type: ignore[type-var]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body, "more_body": True})
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
    finally:
        gone.cancel()


async def _until_gone(receive: Receive) -> None:
    """Wait until the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
