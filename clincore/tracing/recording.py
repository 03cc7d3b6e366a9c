"""Spans of requests: admission, waits at the gate, transactions and their round trips to PostgreSQL.

They have names of operations, paths and statements. They never have values, texts of exceptions or paths with ids.
"""

import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from importlib.metadata import version
from time import time_ns
from typing import Any, TypeVar

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, format_span_id, format_trace_id, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

R = TypeVar("R")

CLOSE_SECONDS = 2.0
"""How long the end of the process waits for the collector."""

# RFC 9110, section 9, and RFC 5789. OpenTelemetry requires one name, `_OTHER`, for all others.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
_DATABASE = {"db.system.name": "postgresql"}

_parent: ContextVar[Span | None] = ContextVar("parent_span", default=None)
"""The span of the current request, or of its step."""


class Recorder:
    """Records the spans of one worker, and sends them in the background.

    The SDK reads its own environment variables: sampler, limits, batches, endpoint, headers, resource.
    """

    def __init__(self) -> None:
        release = version("clincore")
        given = OTELResourceDetector().detect().attributes
        own = {"service.name": "clincore", "service.version": release}
        # `create` adds a random service.instance.id, which distinguishes the workers.
        resource = Resource.create({name: value for name, value in own.items() if name not in given})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("clincore", release)
        self._propagator = TraceContextTextMapPropagator()

    def close(self) -> None:
        """Send the recorded spans, for at most `CLOSE_SECONDS`."""
        # In a thread, because the SDK waits for 30 seconds for a collector that does not answer.
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)

    def tracing(self, app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        """The ASGI application, with a span for each request."""

        async def traced(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            span = self._tracer.start_span(
                scope["method"] if scope["method"] in _METHODS else "HTTP",
                self._remote_parent(scope["headers"]),
                SpanKind.SERVER,
                {"url.scheme": scope.get("scheme", "http"), "network.protocol.version": scope["http_version"]},
            )
            made = span.get_span_context()
            trace_id = format_trace_id(made.trace_id)
            scope["clincore.trace_id"] = trace_id
            # https://www.w3.org/TR/trace-context-2/#trace-context-http-response-headers-format
            response = f"00-{trace_id}-{format_span_id(made.span_id)}-{made.trace_flags & 1:02x}".encode()

            def send_with_trace(message: Any) -> Awaitable[None]:
                if message["type"] == "http.response.start":
                    message["headers"].append((b"traceresponse", response))
                sent: Awaitable[None] = send(message)
                return sent

            _parent.set(span)
            try:
                await app(scope, receive, send_with_trace)
            finally:
                span.end()

        return traced

    def _remote_parent(self, headers: Sequence[tuple[bytes, bytes]]) -> Context:
        """The context that the request's only `traceparent` names, or an empty one.

        `tracestate` is not read: it can be any text, and no other service is called.
        """
        found = [value for name, value in headers if name == b"traceparent"]
        carrier = {"traceparent": found[0].decode("latin-1")} if len(found) == 1 and len(found[0]) <= 512 else {}
        return self._propagator.extract(carrier, Context())

    def request(self, attributes: Mapping[str, str | None], method: str, template: str | None, status: int) -> None:
        """Describe the span of the current request. `attributes`: more of them; without those that are None."""
        span = _parent.get()
        if span is None or not span.is_recording():
            return
        known = method if method in _METHODS else "_OTHER"
        span.set_attributes({name: value for name, value in attributes.items() if value is not None})
        span.set_attributes({"http.request.method": known, "http.response.status_code": status})
        if template is not None:
            span.update_name(f"{known} {template}")
            span.set_attribute("http.route", template)
        if status >= 500:
            span.set_status(StatusCode.ERROR)

    def enter(self, name: str) -> "Step | None":
        """Begin a step of the current request, which is the parent of what happens until its end.

        None: there is no request, or its trace is not recorded.
        """
        parent = _parent.get()
        return Step(self._tracer, parent, name) if parent is not None and parent.is_recording() else None

    def waited(self, name: str, seconds: float) -> None:
        """Record a wait of the current request that has just ended."""
        parent = _parent.get()
        if parent is not None and parent.is_recording():
            ended = time_ns()
            began = ended - int(seconds * 1e9)
            self._tracer.start_span(name, set_span_in_context(parent, Context()), start_time=began).end(ended)

    def transaction(self) -> "Transaction | None":
        """Begin a transaction of the current request. None: there is no request, or its trace is not recorded."""
        parent = _parent.get()
        return Transaction(self._tracer, parent) if parent is not None and parent.is_recording() else None


class Step:
    """A step of a request."""

    __slots__ = ("_before", "_span")

    def __init__(self, tracer: Tracer, parent: Span, name: str) -> None:
        self._before = parent
        self._span = tracer.start_span(name, set_span_in_context(parent, Context()))
        _parent.set(self._span)

    def leave(self) -> None:
        """End the step."""
        _parent.set(self._before)
        self._span.end()


class Transaction:
    """A transaction, from the wait for a connection to its return. Its children are the round trips."""

    __slots__ = ("_context", "_span", "_tracer")

    def __init__(self, tracer: Tracer, parent: Span) -> None:
        self._tracer = tracer
        self._span = tracer.start_span("transaction", set_span_in_context(parent, Context()), attributes=_DATABASE)
        self._context = set_span_in_context(self._span, Context())

    async def round_trip(self, running: Awaitable[R], names: Sequence[str]) -> R:
        """Await a round trip. `names`: of its statements; the last one is that which the caller waits for."""
        summary = names[-1] if names else "commit"
        span = self._tracer.start_span(
            summary,
            self._context,
            SpanKind.CLIENT,
            {**_DATABASE, "db.query.summary": summary, "clincore.statements": names},
        )
        try:
            return await running
        except BaseException as error:
            code = getattr(error, "sqlstate", None)
            for failed in (span, self._span):
                # Never str(error): it can have stored values.
                failed.set_attribute("error.type", type(error).__qualname__)
                failed.set_status(StatusCode.ERROR)
                if code is not None:
                    failed.set_attribute("db.response.status_code", code)
            raise
        finally:
            span.end()

    def end(self) -> None:
        """End the transaction."""
        self._span.end()
