"""What commands that call the API are given in tests: keys, and addresses of other programs."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from support.service import Service
from support.tenants import Tenant


def as_tenant(service: Service, tenant: Tenant) -> dict[str, str]:
    return {"CLINCORE": service.url, "CLINCORE_API_KEY": tenant.api_key}


def store_key(folder: Path, url: str) -> Path:
    """Store a key that no service accepts in the folder; the path of its file."""
    stored = folder / ".clincore"
    stored.mkdir()
    (stored / "url").write_text(f"{url}\n")
    (stored / "key").touch(0o600)
    (stored / "key").write_text("clin_secret\n")
    return stored / "key"


@contextmanager
def another_program(status: int, body: bytes) -> Iterator[str]:
    """The address of a program that is not ClinCore, and answers each request in the same way."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{other.server_port}"
        other.shutdown()
