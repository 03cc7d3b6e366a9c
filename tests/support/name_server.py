"""A name server that gives every name the same addresses, as Docker's does with the replicas of a service."""

import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingUDPServer
from threading import Thread

A = 1


@contextmanager
def name_server(addresses: Sequence[str]) -> Iterator[int]:
    """Answer until the end of the block; the port on 127.0.0.1."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            query, sock = self.request
            sock.sendto(_answer(query, addresses), self.client_address)

    with ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


def _answer(query: bytes, addresses: Sequence[str]) -> bytes:
    """RFC 1035, section 4: the header, the question, and a record for each address. Other types have no records."""
    end = query.index(b"\0", 12) + 5
    (kind,) = struct.unpack("!H", query[end - 4 : end - 2])
    known = addresses if kind == A else ()
    header = query[:2] + struct.pack("!HHHHH", 0x8180, 1, len(known), 0, 0)
    # 0xC00C: the name of the question. For 0 seconds.
    records = (struct.pack("!HHHIH", 0xC00C, A, 1, 0, 4) + socket.inet_aton(address) for address in known)
    return header + query[12:end] + b"".join(records)
