"""Connections that are accepted while the server stops."""

import asyncio
import socket
from typing import Any

from uvicorn import Config
from uvicorn.server import ServerState

from clincore.server.protocol import Protocol


async def never_called(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("a request reached the application")


def test_a_connection_accepted_while_the_server_stops_is_closed() -> None:
    async def main() -> bytes:
        loop = asyncio.get_running_loop()
        config = Config(never_called, http="clincore.server.protocol:Protocol", log_config=None)
        config.load()
        state = ServerState()
        server = await loop.create_server(lambda: Protocol(config, state, {}, loop), "127.0.0.1", 0)
        address = server.sockets[0].getsockname()
        client = socket.create_connection(address)
        client.setblocking(False)
        try:
            while not server._active_count:  # type: ignore[attr-defined]
                await asyncio.sleep(0)
            # Accepted, but not yet in the set that uvicorn shuts down.
            assert not state.connections
            server.close()
            async with asyncio.timeout(5):
                return await loop.sock_recv(client, 1)
        finally:
            client.close()

    assert asyncio.run(main()) == b""
