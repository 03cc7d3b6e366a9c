"""One ASGI application made of the contract, its handlers, problem documents and the request log."""

from collections.abc import Sequence
from json import JSONDecodeError

from clincore import logs, metrics, pages, runtime, tracing
from clincore.db import errors
from clincore.idempotency import answer_once
from clincore.openapi import App, CompiledOperations, Request
from clincore.problems import NODE_DOWN, OUT_OF_MEMORY, Problem, Unavailable, ValidationFailed
from clincore.replacement import replace_worker
from clincore.resources import read_contract
from clincore.security import enter_without_key

_READS = ("GET", "HEAD")


def compile_operations(cors_origins: Sequence[str] = ()) -> App:
    """Compile the operations of `openapi.yaml` with their handlers. Requests need an open `Runtime`.

    `cors_origins`: origins of browser applications that may call the operations.

    Raises:
        UnsupportedContract, ResolverError: `openapi.yaml` and the handlers do not match.
    """
    recorder, traces = metrics.recorder, tracing.recorder

    def ended(request: Request, status: int, seconds: float) -> None:
        if request.caller is not None:
            runtime.count_outcome(request.caller.tenant_id, status)
            # Whatever the status: after a 503 the outcome can be unknown.
            if request.method not in _READS:
                runtime.wake_numberer(request.caller.tenant_id)
        if recorder is not None:
            recorder.request(request.template, request.method, status, seconds, request.problem)
        if traces is not None:
            traces.request(_trace_attributes(request), request.method, request.template, status)
        logs.request(request, status, seconds)

    operations = CompiledOperations(
        read_contract(),
        translate=translate,
        log=ended,
        enter=enter_without_key,
        answer_once=answer_once,
        cors_origins=cors_origins,
        unknown_page=pages.unknown_path,
    )
    app = operations if recorder is None else recorder.counting(operations)
    return app if traces is None else traces.tracing(app)


def _trace_attributes(request: Request) -> dict[str, str | None]:
    """Names only. Tenant and key are in the request's log line, which has its trace id."""
    error = request.error
    return {
        "clincore.operation": request.operation.id if request.operation is not None else None,
        "clincore.problem": request.problem,
        "clincore.request_id": str(request.id),
        "error.type": type(error).__qualname__ if error is not None else None,
    }


def translate(error: Exception) -> Problem | None:
    """The problem that an exception maps to; None: it is an error of the service."""
    if isinstance(error, (UnicodeError, RecursionError)):
        return ValidationFailed([("", "The request has text or nesting that cannot be processed.")])
    if _is_out_of_memory(error):
        replace_worker()
        return Unavailable(OUT_OF_MEMORY)
    match errors.meaning(error):
        case "invalid":
            return ValidationFailed([("", "The request has a value that the database cannot store.")])
        case "unavailable":
            return Unavailable(NODE_DOWN) if errors.failed_node(error) is not None else Unavailable()
        case _:
            return None


def _is_out_of_memory(error: Exception) -> bool:
    match error:
        case MemoryError():
            return True
        case JSONDecodeError():
            # orjson reports that its buffer cannot be allocated as an error of the text.
            return "memory" in error.msg
        case RuntimeError():
            # The stack of a thread takes megabytes of address space.
            return str(error) == "can't start new thread"
        case _:
            return False
