"""uvicorn's HTTP/1.1 protocol with limits on slow clients, greedy clients and bad framing.

`clincore serve` uses it. With uvicorn's own command, pass `--http clincore.server.protocol:Protocol`. A request refused
here does not reach the application: it is incomplete, over a limit, or a proxy could read it as a different request.
"""

import asyncio
import socket
from typing import Any
from uuid import uuid4

import httptools
import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from clincore import drain, metrics
from clincore.problems import (
    OUT_OF_MEMORY,
    HeadTooLarge,
    Problem,
    RateLimited,
    RequestTimeout,
    Unavailable,
    ValidationFailed,
)
from clincore.replacement import replace_worker
from clincore.server.addresses import address_limits
from clincore.server.limits import (
    CROWDED_FRACTION,
    HEAD_BYTES_MAX,
    IDLE_SECONDS_WHEN_CROWDED,
    IDLE_SECONDS_WHEN_DRAINING,
    RECEIVE_SECONDS,
    RETRY_SECONDS,
)
from clincore.server.reserve import Reserve, is_probe
from clincore.server.transport import Transport
from clincore.server.unchunked import unchunked
from clincore.system import is_readable


class Protocol(HttpToolsProtocol):
    """One connection."""

    _reserve: Reserve | None = None
    _swept_at = 0.0
    """When idle connections were last closed, in the loop's time."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._in_head = self._is_receiving = True
        self._head_is_too_large = False
        self._made_progress = False
        self._bytes_without_progress = 0
        self._deadline: float | None = None
        """When to time out, in the loop's time; None: no timeout is running."""
        self._timer: asyncio.TimerHandle | None = None
        self._idle_since: float | None = None
        """When the connection became idle, in the loop's time; None: a request is being received or answered."""
        self._address: str | None = None
        """The directly connected client's address, which this connection is counted for."""
        self._is_proxy = False
        self._forwarded: str | None = None
        """The address of the client behind a trusted proxy, which the current request is counted for."""
        self._has_too_many = False
        """Whether that client has reached its limit of concurrent requests."""
        self._is_reserved = False
        """Whether this connection is beyond the worker's limit, and only for a probe."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._buffered = Transport(transport)
        self.transport = self._buffered  # type: ignore[assignment]
        # asyncio sets it only on sockets that report TCP as their protocol, which those of uvicorn's workers do not.
        # Without it the parts of a response would be 40 ms apart.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # With asyncio's own servers, this connection may have been accepted in the same iteration of the loop in which
        # the server stopped. uvicorn has already told the others. Only this private attribute leads to the server.
        server = getattr(transport, "_server", None)
        if server is not None and not server.is_serving():
            drain.begin()
        if Protocol._reserve is None:
            Protocol._reserve = Reserve()
        if self._is_crowded(Protocol._reserve):
            self._close_idle()
        if len(self.connections) > Protocol._reserve.limit:
            self._is_reserved = Protocol._reserve.add(self, len(self.connections))
            if not self._is_reserved:
                self.refuse_crowded()
                return
        peer = self.client[0] if self.client else None
        address = address_limits().peer_address(peer)
        if address is None:
            self._is_proxy = address_limits().is_proxy(peer)
        elif address_limits().acquire(address):
            self._address = address
        else:
            self._refuse_over_limit("connections")
            return
        self._idle_since = self.loop.time()
        self._set_timeout(IDLE_SECONDS_WHEN_DRAINING if drain.is_draining() else RECEIVE_SECONDS)

    def shutdown(self) -> None:
        """Called by uvicorn when it stops. A connection that is idle, or about to be, may still get a request."""
        drain.begin()
        if self._idle_since is not None:
            self._set_timeout(IDLE_SECONDS_WHEN_DRAINING)
        elif self.cycle is not None and not self.cycle.response_started:
            self.cycle.keep_alive = False

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline = None
        if self._timer is not None:
            self._timer.cancel()
        if self._address is not None:
            address_limits().release(self._address)
            self._address = None
        self._release_forwarded()
        if self._is_reserved and Protocol._reserve is not None:
            Protocol._reserve.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._made_progress = False
        try:
            self._feed(data)
        except (httptools.HttpParserError, MemoryError) as error:
            # httptools wraps exceptions of its callbacks.
            if isinstance(error, MemoryError) or isinstance(error.__context__, MemoryError):
                replace_worker()
                self._refuse(Unavailable, OUT_OF_MEMORY, "retry-after: 1\r\n")
            else:
                self.send_400_response("")
            return
        # httptools buffers a whole header, trailer or chunk extension, without a limit on its length.
        self._bytes_without_progress = 0 if self._made_progress else self._bytes_without_progress + len(data)
        if self._bytes_without_progress > HEAD_BYTES_MAX:
            self._head_is_too_large = True
            self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = self._is_receiving = True
        self._idle_since = None
        self._set_timeout(RECEIVE_SECONDS)

    def on_header(self, name: bytes, value: bytes) -> None:
        # Fields after the head are trailers, which must not be merged into the headers (RFC 9110, section 6.5.1).
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        version = self.parser.get_http_version()
        names = [name for name, _ in self.headers]
        hosts = names.count(b"host")
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > HEAD_BYTES_MAX:
            self._head_is_too_large = True
        # RFC 9112, sections 2.3, 3.2 and 6.1. httptools turns the exception into HttpParserError.
        if (
            self._head_is_too_large
            or version not in ("1.0", "1.1")
            # Tunnels are not supported, and httptools would read everything after CONNECT as its content.
            or self.parser.get_method() == b"CONNECT"
            or hosts > 1
            or (hosts == 0 and version == "1.1")
            or (version == "1.0" and b"transfer-encoding" in names)
        ):
            raise ValueError("malformed request")
        if self._is_reserved and Protocol._reserve is not None:
            Protocol._reserve.remove(self)
            if not is_probe(self.url, self.root_path):
                raise ValueError("only probes may use this connection")
        address = self._address if not self._is_proxy else self._acquire_forwarded()
        self.scope["clincore.address"] = address  # type: ignore[typeddict-unknown-key]
        self.scope["clincore.is_gone"] = self.transport.is_closing  # type: ignore[typeddict-unknown-key]
        if not self.parser.should_upgrade():
            super().on_headers_complete()
        if self.cycle is not None and (self._is_reserved or drain.is_draining()):
            self.cycle.keep_alive = False

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if cycle.scope["http_version"] == "1.0":
            app = unchunked(app, cycle)
        super()._start_asgi_task(cycle, app)

    def on_body(self, body: bytes) -> None:
        self._made_progress = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade():
            return
        self._made_progress = True
        self._is_receiving = False
        self._deadline = None
        super().on_message_complete()
        if self.cycle is not None and self.cycle.response_complete:
            self._become_idle()

    def send_400_response(self, msg: str) -> None:
        if self._has_too_many:
            self._refuse_over_limit("requests")
        elif self._is_reserved:
            self.refuse_crowded()
        elif self._head_is_too_large:
            self._refuse(HeadTooLarge, f"The request line and headers can have at most {HEAD_BYTES_MAX} bytes.")
        else:
            self._refuse(ValidationFailed, "The request is not well-formed HTTP/1.1.")

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            # A server may ignore Upgrade (RFC 9110, section 7.8), but httptools has stopped before the body. Parse the
            # request again without that header, as the last request of the connection.
            ignored = (b"connection", b"upgrade", b"http2-settings")
            head = [self.parser.get_method() + b" " + self.url + b" HTTP/" + self.parser.get_http_version().encode()]
            head += [name + b": " + value for name, value in self.headers if name not in ignored]
            head += [b"connection: close", b"", b""]
            self.parser = httptools.HttpRequestParser(self)
            # Like uvicorn's own parser, ignore data after the last request instead of failing that request.
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            self.parser.feed_data(b"\r\n".join(head) + data[upgrade.args[0] :])

    def on_response_complete(self) -> None:
        self._buffered.end_response()
        self._release_forwarded()
        if self.pipeline or self.transport.is_closing():
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        if not self._is_receiving:
            self._become_idle()

    def _acquire_forwarded(self) -> str | None:
        """The address of the client behind the proxy; counts the request for it.

        Raises:
            ValueError: the client has reached its limit.
        """
        limits = address_limits()
        address = limits.forwarded_address([value for name, value in self.headers if name == b"x-forwarded-for"])
        # A pipelined request is counted together with the one before it.
        if address is not None and self._forwarded is None:
            if not limits.acquire(address):
                self._has_too_many = True
                raise ValueError("too many requests of one address")
            self._forwarded = address
        return address

    def _release_forwarded(self) -> None:
        if self._forwarded is not None:
            address_limits().release(self._forwarded)
            self._forwarded = None

    def refuse_crowded(self) -> None:
        """Answer 503, because the worker has no connection left, and close."""
        if Protocol._reserve is not None:
            Protocol._reserve.report(len(self.connections))
        detail = "The service has too many open connections. Try again."
        self._refuse(Unavailable, detail, "retry-after: 1\r\n")

    def _is_crowded(self, reserve: Reserve | None) -> bool:
        return reserve is not None and len(self.connections) > CROWDED_FRACTION * reserve.limit

    def _close_idle(self) -> None:
        """Close connections that have been idle for `IDLE_SECONDS_WHEN_CROWDED`; at most once a second."""
        now = self.loop.time()
        if now < Protocol._swept_at + 1:
            return
        Protocol._swept_at = now
        for other in list(self.connections):
            if (
                isinstance(other, Protocol)
                and other._idle_since is not None
                and other._idle_since + IDLE_SECONDS_WHEN_CROWDED < now
            ):
                other._close_while_idle()

    def _become_idle(self) -> None:
        self._idle_since = self.loop.time()
        if drain.is_draining():
            self._set_timeout(IDLE_SECONDS_WHEN_DRAINING)
        else:
            crowded = self._is_crowded(Protocol._reserve)
            self._set_timeout(IDLE_SECONDS_WHEN_CROWDED if crowded else self.timeout_keep_alive)

    def _close_while_idle(self) -> None:
        """Close, unless a request has arrived since the loop last looked."""
        if is_readable(self.transport.get_extra_info("socket")):
            self._set_timeout(IDLE_SECONDS_WHEN_DRAINING)
            return
        if self.transport.can_write_eof():
            # Tells the client at once. The socket itself is closed in the loop's next iteration.
            self.transport.write_eof()
        self.transport.close()

    def _set_timeout(self, seconds: float) -> None:
        """Set the deadline. One timer per connection checks it, so most requests neither start nor cancel a timer."""
        self._deadline = self.loop.time() + seconds
        if self._timer is None or self._timer.when() > self._deadline:
            self._start_timer()

    def _start_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        assert self._deadline is not None
        self._timer = self.loop.call_at(self._deadline, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        if self._deadline is None:
            return
        if self._deadline > self.loop.time():
            self._start_timer()
        else:
            self._deadline = None
            self._time_out()

    def _time_out(self) -> None:
        if self.transport.is_closing():
            return
        if self._idle_since is not None and (drain.is_draining() or not self._in_head):
            self._close_while_idle()
        elif self._in_head and (self.cycle is None or self.cycle.response_complete):
            detail = f"The request headers did not arrive within {RECEIVE_SECONDS:.0f} seconds. Send them again."
            self._refuse(RequestTimeout, detail)
        else:
            # The application waits for the rest of the body, or has responded without it.
            self.transport.close()

    def _refuse_over_limit(self, what: str) -> None:
        detail = f"This address has too many open {what}. Try again when one has ended."
        self._refuse(RateLimited, detail, f"retry-after: {RETRY_SECONDS}\r\n")

    def _refuse(self, problem: type[Problem], detail: str, headers: str = "") -> None:
        """Answer without the application and close."""
        if metrics.recorder is not None:
            metrics.recorder.protocol_answer(problem.status, problem.code)
        request_id = str(uuid4())
        document = {
            "type": f"/problems/{problem.code}",
            "title": problem.title,
            "status": problem.status,
            "detail": detail,
            "instance": "",
            "request_id": request_id,
        } | ({"errors": [{"pointer": "", "detail": detail}]} if problem.status == 400 else {})
        content = orjson.dumps(document)
        head = (
            f"content-type: application/problem+json\r\n{headers}"
            f"content-length: {len(content)}\r\nx-request-id: {request_id}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(STATUS_LINE[problem.status] + head.encode() + content)
        self.transport.close()
