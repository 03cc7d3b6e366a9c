"""Responses of unknown length over HTTP/1.0 (RFC 9112, section 6.1): complete, and cut off."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn


async def stream(scope: Any, receive: Any, send: Any) -> None:
    """Sends two chunks; for `/cut` it fails between them."""
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"first ", "more_body": True})
    # Give the client time to read the first chunk: a reset would discard it.
    await asyncio.sleep(0.2)
    if scope["path"] == "/cut":
        raise RuntimeError("failure in the middle of a response")
    await send({"type": "http.response.body", "body": b"last"})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    config = uvicorn.Config(
        stream, port=0, http="clincore.server.protocol:Protocol", ws="none", lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(30)


def read(port: int, path: str, version: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/{version}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        received = b""
        while data := connection.recv(65536):
            received += data
    return received


def test_a_complete_response_ends_with_the_connection(port: int) -> None:
    head, _, body = read(port, "/", "1.0").partition(b"\r\n\r\n")

    assert body == b"first last"
    assert b"transfer-encoding" not in head
    assert b"connection: close" in head


def test_a_response_that_is_cut_off_ends_with_a_reset(port: int) -> None:
    with pytest.raises(ConnectionResetError):
        read(port, "/cut", "1.0")


def test_http_1_1_sends_chunks_and_omits_the_last_one_when_cut_off(port: int) -> None:
    assert read(port, "/", "1.1").endswith(b"\r\n0\r\n\r\n")
    assert read(port, "/cut", "1.1").endswith(b"6\r\nfirst \r\n")
