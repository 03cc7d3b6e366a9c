"""A server that stops: what arrives on its connections, or waits to be accepted, is answered, and then it ends."""

import asyncio
import ctypes
import json
import socket
import struct
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from uvicorn import Config
from uvicorn.server import ServerState

from clincore.operations import compile_operations
from clincore.runtime import Runtime
from clincore.server import protocol
from clincore.server.event_loop import EventLoop
from clincore.server.protocol import Protocol
from clincore.system import drop_new_connections

# Linux, asm-generic/socket.h.
SO_ATTACH_FILTER = 26
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
NEW_LOOPS: list[Callable[[], asyncio.AbstractEventLoop]] = [EventLoop, asyncio.SelectorEventLoop]


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """Answers after 0.2 seconds if the path is /slow, and without end if it is /stream."""
    if scope["path"] == "/slow":
        await asyncio.sleep(0.2)
    while (await receive())["more_body"]:
        pass
    if scope["path"] == "/stream":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"part", "more_body": True})
            await asyncio.sleep(0.05)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"hi"})


class Client:
    """A blocking socket, so that what it sends is there before the server's loop runs again."""

    def __init__(self, port: int, sends: bytes = b"") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.sendall(sends)
        self._socket.setblocking(False)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    async def receive(self, end: bytes = b"") -> bytes:
        """What arrives up to this end, or until the server closes the connection."""
        received = b""
        async with asyncio.timeout(20):
            while data := await asyncio.get_running_loop().sock_recv(self._socket, 65536):
                received += data
                if end and received.endswith(end):
                    break
            else:
                self._socket.close()
        return received


@asynccontextmanager
async def serving(app: Any = hello, **settings: Any) -> AsyncIterator[tuple[uvicorn.Server, int]]:
    """uvicorn's server with ClinCore's protocol, and its port. At the end of the block it must have stopped."""
    config = Config(app, http=Protocol, lifespan="off", log_config=None, **settings)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0)
        yield server, port
        async with asyncio.timeout(20):
            await running


async def stop(server: uvicorn.Server) -> None:
    """Begin to stop, and return when the server no longer listens."""
    server.should_exit = True
    while any(each.is_serving() for each in server.servers):
        await asyncio.sleep(0.01)


def run(main: Callable[[], Awaitable[None]], new_loop: Callable[[], asyncio.AbstractEventLoop] = EventLoop) -> None:
    async def started() -> None:
        await main()

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(started())


@pytest.fixture
def idle_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Idle connections stay open for longer than a busy machine needs."""
    monkeypatch.setattr(protocol, "IDLE_SECONDS_WHEN_DRAINING", 15.0)


def assert_answers(received: bytes, *, closes: Iterable[bool]) -> None:
    """These answers, each of which says whether the connection will be closed."""
    parts = received.split(b"\r\n\r\nhi")
    assert parts.pop() == b"", received
    assert [b"\r\nconnection: close" in part for part in parts] == list(closes), received


@pytest.mark.usefixtures("idle_seconds")
@pytest.mark.parametrize("new_loop", NEW_LOOPS)
def test_a_request_on_an_idle_connection_is_answered_and_the_connection_closed(new_loop: Any) -> None:
    async def main() -> None:
        async with serving() as (server, port):
            client = Client(port, REQUEST)
            assert_answers(await client.receive(b"hi"), closes=[False])
            await stop(server)
            client.send(REQUEST)
            assert_answers(await client.receive(), closes=[True])

    run(main, new_loop)


@pytest.mark.parametrize("sends", [b"", REQUEST], ids=["new", "used"])
def test_an_idle_connection_is_closed_without_an_answer(sends: bytes) -> None:
    async def main() -> None:
        async with serving() as (server, port):
            client = Client(port, sends)
            if sends:
                await client.receive(b"hi")
            await stop(server)
            assert await client.receive() == b""

    run(main)


@pytest.mark.usefixtures("idle_seconds")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n", b"", id="being answered"),
        pytest.param(b"GET / HTTP/1.1\r\nHo", b"st: localhost\r\n\r\n", id="incomplete head"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{", b"}", id="incomplete body"),
    ],
)
def test_a_request_in_progress_is_answered(before: bytes, after: bytes) -> None:
    async def main() -> None:
        async with serving() as (server, port):
            client = Client(port, before)
            await asyncio.sleep(0.05)
            await stop(server)
            client.send(after)
            assert_answers(await client.receive(), closes=[True])

    run(main)


@pytest.mark.usefixtures("idle_seconds")
def test_a_body_announced_with_expect_is_asked_for_and_answered() -> None:
    async def main() -> None:
        async with serving() as (server, port):
            client = Client(port)
            await asyncio.sleep(0.05)
            await stop(server)
            client.send(b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            assert await client.receive(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            client.send(b"{}")
            assert_answers(await client.receive(), closes=[True])

    run(main)


def test_pipelined_requests_are_answered_and_the_last_answer_ends_the_connection() -> None:
    async def main() -> None:
        async with serving() as (server, port):
            client = Client(port, b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2)
            await asyncio.sleep(0.05)
            await stop(server)
            assert_answers(await client.receive(), closes=[False, True])

    run(main)


def test_a_connection_accepted_in_the_iteration_in_which_the_server_stops_is_closed() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        config = Config(hello, http=Protocol, log_config=None)
        config.load()
        state = ServerState()
        server = await loop.create_server(lambda: Protocol(config, state, {}, loop), "127.0.0.1", 0)
        client = Client(server.sockets[0].getsockname()[1])
        while not server._active_count:  # type: ignore[attr-defined]
            await asyncio.sleep(0)
        # Accepted, but not yet in the set that uvicorn shuts down.
        assert not state.connections
        server.close()
        assert await client.receive() == b""

    run(main, asyncio.SelectorEventLoop)


def test_connections_that_wait_to_be_accepted_are_answered() -> None:
    async def main() -> None:
        async with serving() as (server, port):
            clients = [Client(port, REQUEST) for _ in range(20)]
            # The loop did not run since they connected.
            await server.shutdown([])
            for client in clients:
                assert_answers(await client.receive(), closes=[True])
            server.should_exit = True

    run(main)


def may_set_filters() -> bool:
    """Whether a socket may get a filter, here one that keeps everything."""
    keep_all = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0xFFFFFFFF))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        try:
            listening.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(keep_all)))
        except OSError:
            return False
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="SKIPPED: only Linux has socket filters")
def test_no_connection_is_completed_between_the_last_accept_and_the_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.create_connection(listening.getsockname()):
        if not may_set_filters():
            pytest.skip("SKIPPED: this system lets its users set no socket filters")
        drop_new_connections(listening)
        with pytest.raises(TimeoutError):
            socket.create_connection(listening.getsockname(), timeout=0.5)
        listening.settimeout(20)
        listening.accept()[0].close()


def test_a_request_that_arrives_just_before_an_idle_connection_is_closed_is_answered() -> None:
    async def main() -> None:
        async with serving() as (server, port):
            client = Client(port, REQUEST)
            await client.receive(b"hi")
            (connection,) = server.server_state.connections
            assert isinstance(connection, Protocol)
            # Sent since the loop last looked.
            client.send(REQUEST)
            connection._close_while_idle()
            assert_answers(await client.receive(b"hi"), closes=[False])
            server.should_exit = True
            assert await client.receive() == b""

    run(main)


def test_a_request_unfinished_at_the_time_limit_gets_503() -> None:
    async def main() -> None:
        # The request does not get as far as the database.
        async with (
            Runtime("postgresql+psycopg://127.0.0.1/none"),
            serving(compile_operations(), timeout_graceful_shutdown=1) as (server, port),
        ):
            head = b"POST /verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            client = Client(port, head + b"Content-Length: 9\r\n\r\n{")
            await asyncio.sleep(0.05)
            await stop(server)
            head, _, body = (await client.receive()).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 503 ")
            assert b"\r\nretry-after: 1" in head and b"\r\nconnection: close" in head
            assert json.loads(body)["type"] == "/problems/unavailable"

    run(main)


def test_a_stream_unfinished_at_the_time_limit_looks_incomplete() -> None:
    async def main() -> None:
        async with serving(timeout_graceful_shutdown=1) as (server, port):
            client = Client(port, b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await asyncio.sleep(0.05)
            await stop(server)
            received = await client.receive()
            assert received.endswith(b"4\r\npart\r\n")

    run(main)
