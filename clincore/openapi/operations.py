"""One operation of the contract, compiled: from a request to the bytes of its answer."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from connexion.exceptions import OAuthProblem
from connexion.middleware.security import SecurityOperation
from connexion.operations import OpenAPIOperation
from connexion.security import SecurityHandlerFactory

from clincore.openapi import body
from clincore.openapi.parameters import Parameter, parse_query
from clincore.openapi.schemas import UnsupportedContract, Validator
from clincore.problems import NotAcceptable, Problem, Unauthorized, ValidationFailed

# For the sum of the waits inside, each of which has a shorter limit of its own.
WORK_SECONDS = 10.0

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Request:
    """What is known of a request, and more of it on its way; security functions and the log see it."""

    id: str
    method: str
    path: str
    headers: Mapping[bytes, bytes] = field(repr=False)
    """Lower-case names; a header that came several times is one value, joined by commas (RFC 9110, section 5.2)."""
    template: str | None = None
    """The path template that `path` fits, such as `/cases/{case_id}`."""
    operation: "CompiledOperation | None" = None
    caller: Any = None
    answer_headers: dict[str, str] = field(default_factory=dict)
    """What the answer gets, whatever it will be."""
    error: BaseException | None = None
    context: dict[str, Any] = field(default_factory=dict)
    """Where Connexion's security puts `user` and `token_info`."""


@dataclass(slots=True)
class Answer:
    """A whole response. `headers` are as ASGI has them."""

    status: int
    headers: Headers
    body: bytes
    rest: AsyncIterator[bytes] | None = None
    """What follows `body`, of a length that nobody knows yet."""


class CompiledOperation:
    """An operation whose contract was read once, at start."""

    def __init__(self, operation: OpenAPIOperation, security: SecurityHandlerFactory) -> None:
        """`operation`: with its references resolved and its handler found.

        Raises:
            UnsupportedContract: the contract has something here that is not honoured, or the handler does not take
                what the contract gives.
        """
        self.id: str = operation.operation_id.rpartition(".")[2]
        self.method: str = operation.method.upper()
        self.path: str = operation.path
        self.is_capped = "402" in operation.responses
        # Who promises no 503 asks nobody that could keep it waiting.
        self._may_wait = "503" in operation.responses
        self._handler: Callable[..., Awaitable[Any]] = operation.function
        self._verify = (
            SecurityOperation.from_operation(
                operation, next_app=None, security_handler_factory=security
            ).verification_fn
            if operation.security
            else None
        )
        self._challenge = next(
            (
                "Bearer" if operation.security_schemes[name]["type"] == "http" else "ApiKey"
                for name in self._schemes(operation)
            ),
            "ApiKey",
        )
        self._media_types = {
            int(status): list(response.get("content", ())) for status, response in operation.responses.items()
        }
        self._produces = [
            media_type
            for status, media_types in self._media_types.items()
            if 200 <= status < 300
            for media_type in media_types
        ]
        self._parameters = self._compile_parameters(operation)
        self._query_names = frozenset(p.name for p in self._parameters if p.place == "query")
        self._body_media_type, self._body_validator = self._compile_body(operation.request_body)
        self._body_required: bool = operation.request_body.get("required", False)
        self._takes_user = self._check_handler(operation)

    async def __call__(
        self, request: Request, path_values: Mapping[str, str], query: bytes, receive: body.Receive
    ) -> Answer:
        """Answer the request.

        Raises:
            Problem: the answer is an error of the contract.
            Exception: whatever the handler raised.
        """
        if not self._may_wait:
            return await self._work(request, path_values, query, receive, None)
        async with asyncio.timeout(WORK_SECONDS) as limit:
            return await self._work(request, path_values, query, receive, limit)

    async def _work(
        self,
        request: Request,
        path_values: Mapping[str, str],
        query: bytes,
        receive: body.Receive,
        limit: asyncio.Timeout | None,
    ) -> Answer:
        # The key first: whoever has a good one has used the service, whatever else is wrong with the request.
        if self._verify is not None:
            try:
                await self._verify(request)
            except OAuthProblem:
                raise Unauthorized(self._how_to_authenticate(), scheme=self._challenge) from None
        accept = request.headers.get(b"accept")
        if accept is not None and not self._is_acceptable(accept):
            raise NotAcceptable(f"This answers with {' or '.join(self._produces)}. Name one of them in Accept.")
        arguments = self._bind(request, path_values, query)
        if self.method != "GET":
            # The body has its deadline in the protocol, and what the client takes for it is not ours.
            if limit is not None:
                limit.reschedule(None)
            if self._body_validator is not None:
                arguments["body"] = await self._read_body(request, receive)
            else:
                await body.skip(receive)
            if limit is not None:
                limit.reschedule(asyncio.get_running_loop().time() + WORK_SECONDS)
        if self._takes_user:
            arguments["user"] = request.context["user"]
        result = await self._handler(**arguments)
        if isinstance(result, AsyncIterator):
            # With its beginning at hand nothing but a fault can come between: errors still have their own answer.
            answer = self._answer(await anext(result, b""))
            answer.rest = result
            return answer
        return self._answer(result)

    def _bind(self, request: Request, path_values: Mapping[str, str], query: bytes) -> dict[str, Any]:
        query_values = parse_query(query, self._query_names)
        arguments = {}
        for parameter in self._parameters:
            if parameter.place == "header":
                header = request.headers.get(parameter.header)
                text = None if header is None else header.decode("latin-1")
            else:
                text = (path_values if parameter.place == "path" else query_values).get(parameter.name)
            arguments[parameter.argument] = parameter.value(text)
        return arguments

    async def _read_body(self, request: Request, receive: body.Receive) -> Any:
        assert self._body_validator is not None
        content = await body.read(request.headers, receive)
        if not content and not self._body_required:
            return None
        if not content and b"content-type" in request.headers:
            raise ValidationFailed([("", "The body is empty.")])
        value = body.parse(content, request.headers, self._body_media_type)
        errors = self._body_validator.errors(value)
        if errors:
            raise ValidationFailed(errors)
        return value

    def _answer(self, result: Any) -> Answer:
        """The answer for what a handler returned: a body, or a body with its status, or with its status and headers."""
        content, status, extra = result, 200, {}
        if isinstance(result, tuple):
            content, status, extra = (*result, {})[:3]
        headers: Headers = [(name.lower().encode(), value.encode()) for name, value in extra.items()]
        media_types = self._media_types[status]
        if "Content-Type" not in extra and media_types:
            headers.append((b"content-type", media_types[0].encode()))
        if self._verify is not None:
            headers.append((b"cache-control", b"no-store"))
        if content is None:
            return Answer(status, headers, b"")
        if not isinstance(content, bytes):
            content = orjson.dumps(content, option=orjson.OPT_UTC_Z)
        return Answer(status, headers, content)

    def _is_acceptable(self, accept: bytes) -> bool:
        """Whether one of the media types of success is wanted (RFC 9110, section 12.5.1)."""
        if accept == b"*/*":
            return True
        for entry in accept.decode("latin-1").lower().split(","):
            wanted, *parameters = (part.strip(" \t") for part in entry.split(";"))
            if any(parameter.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for parameter in parameters):
                continue
            if wanted in ("", "*/*") or any(
                produced == wanted or (wanted.endswith("/*") and produced.startswith(wanted[:-1]))
                for produced in self._produces
            ):
                return True
        return False

    def _how_to_authenticate(self) -> str:
        if self._challenge == "Bearer":
            return "Send the bootstrap token as Authorization: Bearer <token>."
        return "Send the tenant's key in the header X-API-Key."

    def _compile_parameters(self, operation: OpenAPIOperation) -> list[Parameter]:
        # A parameter of the operation overrides one of its path that has the same name and location.
        definitions = {(p["in"], p["name"]): p for p in reversed(operation.parameters)}
        return [self._placed(Parameter, d, d["name"]) for d in reversed(list(definitions.values()))]

    def _compile_body(self, request_body: Mapping[str, Any]) -> tuple[str, Validator | None]:
        if not request_body:
            return "", None
        if len(request_body["content"]) != 1:
            raise UnsupportedContract(f"{self.id}: a body with one media type only")
        ((media_type, definition),) = request_body["content"].items()
        if not media_type.endswith(("/json", "+json")):
            raise UnsupportedContract(f"{self.id}: only JSON bodies, not {media_type}")
        return media_type, self._placed(Validator, definition["schema"], "body")

    def _placed(self, compile_: Callable[[Any], Any], definition: Any, place: str) -> Any:
        try:
            return compile_(definition)
        except UnsupportedContract as error:
            raise UnsupportedContract(f"{self.id}, {place}: {error}") from None

    def _check_handler(self, operation: OpenAPIOperation) -> bool:
        """See that the handler takes what the contract gives and nothing else; whether it wants the caller."""
        if not inspect.iscoroutinefunction(self._handler):
            raise UnsupportedContract(f"{self.id}: the handler is not async and would block every other request")
        given = {parameter.argument for parameter in self._parameters}
        given |= {"body"} if self._body_validator else set()
        taken = set(inspect.signature(self._handler).parameters)
        if taken - {"user"} != given or ("user" in taken and not operation.security):
            raise UnsupportedContract(
                f"{self.id}: the handler takes {sorted(taken)}, the contract gives {sorted(given)}"
            )
        return "user" in taken

    @staticmethod
    def _schemes(operation: OpenAPIOperation) -> Sequence[str]:
        return [name for requirement in operation.security or () for name in requirement]


def problem_answer(problem: Problem, request: Request) -> Answer:
    """The problem as a document (RFC 9457)."""
    document = {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path[:200],
        "request_id": request.id,
        **problem.members,
    }
    headers: Headers = [(b"content-type", b"application/problem+json")]
    headers += [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    if request.caller is not None or problem.status == 401:
        headers.append((b"cache-control", b"no-store"))
    return Answer(problem.status, headers, orjson.dumps(document))
