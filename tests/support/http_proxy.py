"""A reverse proxy in front of the service, which can change paths and answers."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Change = Callable[[str, bytes, int, bytes], tuple[int, bytes]]
"""From a request's path and body and its answer's status and body: the status and the body that the client gets."""


def _unchanged(_path: str, _body: bytes, status: int, content: bytes) -> tuple[int, bytes]:
    return status, content


@contextmanager
def reverse_proxy(url: str, *, path_of: Callable[[str], str] = str, change: Change = _unchanged) -> Iterator[str]:
    """The URL of a proxy in front of `url`. `path_of`: from the path of a request to the one that is passed on."""
    target = urlsplit(url).netloc

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Send head and body together. Otherwise each response waits for an acknowledgement.
        wbufsize = 65536

        def log_message(self, *_: Any) -> None:
            pass

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            # Without Accept-Encoding, a change sees the body as it is.
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in ("host", "accept-encoding")
            }
            connection = http.client.HTTPConnection(target, timeout=30)
            connection.request(self.command, path_of(self.path), body=body or None, headers=headers)
            response = connection.getresponse()
            status, content = change(self.path, body, response.status, response.read())
            connection.close()
            self.send_response_only(status)
            for name, value in response.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = forward

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{proxy.server_address[1]}"
        finally:
            proxy.shutdown()
            thread.join()
