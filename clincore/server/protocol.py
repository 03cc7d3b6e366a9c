"""uvicorn's HTTP/1.1 protocol with limits for slow, greedy and ambiguous clients.

`clincore serve` uses it. With uvicorn's own command it is `--http clincore.server.protocol:Protocol`. A request refused
here has not reached the application: it is incomplete, or two readers could take it for two different requests.
"""

import asyncio
import socket
from typing import Any
from uuid import uuid4

import httptools
import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from clincore import metrics
from clincore.problems import HeadTooLarge, Problem, RateLimited, RequestTimeout, Unavailable, ValidationFailed
from clincore.server.addresses import shares
from clincore.server.limits import (
    CROWDED,
    HEAD_BYTES_MAX,
    IDLE_SECONDS_WHEN_CROWDED,
    RECEIVE_SECONDS,
    RETRY_SECONDS,
    connections_max,
)
from clincore.server.transport import Transport
from clincore.server.unchunked import unchunked


class Protocol(HttpToolsProtocol):
    """One connection."""

    _connections_max: int | None = None
    _swept_at = 0.0
    """When idle connections were last looked for, in the loop's time."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._in_head = self._is_receiving = True
        self._head_is_too_large = False
        self._made_progress = False
        self._bytes_without_progress = 0
        self._is_due: float | None = None
        """The deadline of what the connection waits for, in the loop's time; None: it waits for nothing."""
        self._timer: asyncio.TimerHandle | None = None
        self._idle_since: float | None = None
        """In the loop's time; None: a request is being received or answered."""
        self._address: str | None = None
        """Of the client that is connected itself, which holds this connection."""
        self._is_proxy = False
        self._forwarded: str | None = None
        """Of the client behind a trusted proxy, which holds the request under way."""
        self._has_too_many = False
        """That client has as many requests under way as it may."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._answers = Transport(transport)
        self.transport = self._answers  # type: ignore[assignment]
        # asyncio sets it only on sockets whose protocol is TCP, which is unknown for the sockets of uvicorn's workers:
        # the parts of a response would then be 40 ms apart.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Accepted in the step of the loop in which the server stopped: uvicorn has told the others to end, and would
        # wait for this one until its limit for a graceful shutdown. Only this private name leads to the server, and
        # transports of TLS have none.
        server = getattr(transport, "_server", None)
        if server is not None and not server.is_serving():
            transport.close()
            return
        if Protocol._connections_max is None:
            Protocol._connections_max = connections_max()
        if self._is_crowded():
            self._close_idle()
        if len(self.connections) > Protocol._connections_max:
            detail = "The service has too many open connections. Try again."
            self._refuse(Unavailable, detail, "retry-after: 1\r\n")
            return
        peer = self.client[0] if self.client else None
        address = shares().of_peer(peer)
        if address is None:
            self._is_proxy = shares().is_proxy(peer)
        elif shares().take(address):
            self._address = address
        else:
            self._refuse_share("connections")
            return
        self._idle_since = self.loop.time()
        self._wait(RECEIVE_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_due = None
        if self._timer is not None:
            self._timer.cancel()
        if self._address is not None:
            shares().give_back(self._address)
            self._address = None
        self._end_forwarded()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._made_progress = False
        try:
            self._feed(data)
        except httptools.HttpParserError:
            self.send_400_response("")
            return
        # httptools buffers a header, a trailer or a chunk's extension to its end, however long it gets.
        self._bytes_without_progress = 0 if self._made_progress else self._bytes_without_progress + len(data)
        if self._bytes_without_progress > HEAD_BYTES_MAX:
            self._head_is_too_large = True
            self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = self._is_receiving = True
        self._idle_since = None
        self._wait(RECEIVE_SECONDS)

    def on_header(self, name: bytes, value: bytes) -> None:
        # After the head these are trailers, which must not be merged into the headers (RFC 9110, section 6.5.1).
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        version = self.parser.get_http_version()
        names = [name for name, _ in self.headers]
        hosts = names.count(b"host")
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > HEAD_BYTES_MAX:
            self._head_is_too_large = True
        # RFC 9112, sections 2.3, 3.2 and 6.1. httptools turns the exception into its HttpParserError.
        if (
            self._head_is_too_large
            or version not in ("1.0", "1.1")
            # There is no tunnel, and httptools would take everything after CONNECT for its content.
            or self.parser.get_method() == b"CONNECT"
            or hosts > 1
            or (hosts == 0 and version == "1.1")
            or (version == "1.0" and b"transfer-encoding" in names)
        ):
            raise ValueError("not one request that is well-formed")
        address = self._address if not self._is_proxy else self._take_forwarded()
        self.scope["clincore.address"] = address  # type: ignore[typeddict-unknown-key]
        if not self.parser.should_upgrade():
            super().on_headers_complete()

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
        self._is_due = None
        super().on_message_complete()
        if self.cycle is not None and self.cycle.response_complete:
            self._wait_idle()

    def send_400_response(self, msg: str) -> None:
        if self._has_too_many:
            self._refuse_share("requests")
        elif self._head_is_too_large:
            self._refuse(HeadTooLarge, f"The request line and headers can have at most {HEAD_BYTES_MAX} bytes.")
        else:
            self._refuse(ValidationFailed, "The request is not well-formed HTTP/1.1.")

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            # A server may ignore Upgrade (RFC 9110, section 7.8), but httptools has stopped before the body. So the
            # request is parsed again without the header, as the connection's last.
            ignored = (b"connection", b"upgrade", b"http2-settings")
            head = [self.parser.get_method() + b" " + self.url + b" HTTP/" + self.parser.get_http_version().encode()]
            head += [name + b": " + value for name, value in self.headers if name not in ignored]
            head += [b"connection: close", b"", b""]
            self.parser = httptools.HttpRequestParser(self)
            # As in uvicorn's own parser: data after the last request is ignored, and is no fault of that request.
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            self.parser.feed_data(b"\r\n".join(head) + data[upgrade.args[0] :])

    def on_response_complete(self) -> None:
        self._answers.end_answer()
        self._end_forwarded()
        if self.pipeline or self.transport.is_closing():
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        if not self._is_receiving:
            self._wait_idle()

    def _take_forwarded(self) -> str | None:
        """The address of the client behind the proxy, which then has one more request under way.

        Raises:
            ValueError: it has as many as it may.
        """
        address = shares().of_forwarded([value for name, value in self.headers if name == b"x-forwarded-for"])
        # A request that is pipelined behind another one is under way with it.
        if address is not None and self._forwarded is None:
            if not shares().take(address):
                self._has_too_many = True
                raise ValueError("too many requests of one address")
            self._forwarded = address
        return address

    def _end_forwarded(self) -> None:
        if self._forwarded is not None:
            shares().give_back(self._forwarded)
            self._forwarded = None

    def _is_crowded(self) -> bool:
        return len(self.connections) > CROWDED * (Protocol._connections_max or connections_max())

    def _close_idle(self) -> None:
        """Close the connections that have been idle for longer than is kept when there are many; once a second."""
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
                other.transport.close()

    def _wait_idle(self) -> None:
        self._idle_since = self.loop.time()
        self._wait(IDLE_SECONDS_WHEN_CROWDED if self._is_crowded() else self.timeout_keep_alive)

    def _wait(self, seconds: float) -> None:
        """Set the deadline. One timer per connection checks it, so most requests start and cancel none."""
        self._is_due = self.loop.time() + seconds
        if self._timer is None or self._timer.when() > self._is_due:
            self._start_timer()

    def _start_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        assert self._is_due is not None
        self._timer = self.loop.call_at(self._is_due, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._is_due is None:
            return
        if self._is_due > self.loop.time():
            self._start_timer()
        else:
            self._is_due = None
            self._give_up()

    def _give_up(self) -> None:
        if self.transport.is_closing():
            return
        if self._in_head and (self.cycle is None or self.cycle.response_complete):
            detail = f"The request headers did not arrive within {RECEIVE_SECONDS:.0f} seconds. Send them again."
            self._refuse(RequestTimeout, detail)
        else:
            # The connection is idle, or the application waits for the rest of the body or has answered without it.
            self.transport.close()

    def _refuse_share(self, what: str) -> None:
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
