"""HTTPS served by uvicorn, whose TLS transports differ from those of plain TCP."""

import asyncio
import ssl
import subprocess
from pathlib import Path
from typing import Any

from uvicorn import Config
from uvicorn.server import ServerState

from clincore.server.protocol import Protocol


async def hello(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"hi"})


def test_a_request_over_tls_is_answered(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "1",
            "-subj",
            "/CN=localhost",
            "-keyout",
            str(key),
            "-out",
            str(certificate),
        ],
        check=True,
        capture_output=True,
    )

    async def main() -> bytes:
        loop = asyncio.get_running_loop()
        config = Config(hello, http="clincore.server.protocol:Protocol", log_config=None)
        config.load()
        server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server_context.load_cert_chain(certificate, key)
        server = await loop.create_server(
            lambda: Protocol(config, ServerState(), {}, loop), "127.0.0.1", 0, ssl=server_context
        )
        client_context = ssl.create_default_context(cafile=str(certificate))
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=client_context, server_hostname="localhost"
        )
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        async with asyncio.timeout(5):
            answer = await reader.read()
        writer.close()
        server.close()
        return answer

    answer = asyncio.run(main())

    assert answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"hi")
