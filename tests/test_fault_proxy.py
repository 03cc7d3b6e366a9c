"""The proxy that other tests inject faults with does what it says."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from support.proxy import Proxy


def echo(listener: socket.socket) -> None:
    """Send everything back, on each connection, in the order in which the connections arrive."""

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while data := connection.recv(65536):
                connection.sendall(data)

    with suppress(OSError):
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=echo, args=(listener,), daemon=True).start()
        with Proxy(f"http://127.0.0.1:{listener.getsockname()[1]}") as proxy:
            yield proxy
        listener.shutdown(socket.SHUT_RDWR)


def connect(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=10)


def ask(connection: socket.socket, data: bytes) -> bytes:
    """Send the bytes and return the echo; fewer bytes: the connection ended."""
    connection.sendall(data)
    received = b""
    while len(received) < len(data) and (more := connection.recv(65536)):
        received += more
    return received


def ask_on_a_new_connection(proxy: Proxy) -> None:
    with connect(proxy) as connection:
        ask(connection, b"x")
        ask(connection, b"x")


def is_silent(connection: socket.socket) -> bool:
    connection.settimeout(0.3)
    try:
        connection.recv(1)
    except TimeoutError:
        return True
    finally:
        connection.settimeout(10)
    return False


def test_a_black_hole_may_hold_old_or_new_connections_only(proxy: Proxy) -> None:
    with connect(proxy) as old:
        assert ask(old, b"before") == b"before"
        proxy.black_hole(new=False)
        old.sendall(b"held")
        with connect(proxy) as new:
            assert ask(new, b"new") == b"new"
        assert is_silent(old)
        proxy.forward()
        assert old.recv(10) == b"held"

        proxy.black_hole(old=False)
        with connect(proxy) as new:
            assert ask(old, b"old") == b"old"
            new.sendall(b"held")
            assert is_silent(new)
            proxy.forward()
            assert new.recv(10) == b"held"


def test_a_cut_loses_an_answer_or_a_request_from_a_pattern_on(proxy: Proxy) -> None:
    with connect(proxy) as connection:
        assert ask(connection, b"GET /a") == b"GET /a"
        # Bytes that passed before do not trigger it.
        cut = proxy.cut(at=b"GET /a", keep=3)
        assert ask(connection, b"GET /b") == b"GET /b"
        connection.sendall(b"GE")
        assert connection.recv(2) == b"GE"
        assert ask(connection, b"T /a") == b"T /"
        assert cut.done.wait(10)
    with connect(proxy) as connection:
        proxy.cut(at=b"lost", side="request", keep=2)
        assert ask(connection, b"sent and lost") in (b"sent and lo", b"")
    with connect(proxy) as connection:
        proxy.cut(reset=True)
        with pytest.raises(ConnectionResetError):
            ask(connection, b"any")


def test_new_connections_are_refused_delayed_or_redirected(proxy: Proxy) -> None:
    with connect(proxy) as old:
        assert ask(old, b"x") == b"x"
        proxy.refuse()
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            ask_on_a_new_connection(proxy)
        proxy.forward()
        proxy.delay(0.2)
        began = time.monotonic()
        assert ask(old, b"x") == b"x"
        assert time.monotonic() - began > 0.4
        proxy.forward()
        # No server listens on the port of a connection's client.
        proxy.redirect(f"http://127.0.0.1:{old.getsockname()[1]}")
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            ask_on_a_new_connection(proxy)
        assert ask(old, b"x") == b"x"


def test_existing_connections_end_for_one_side_or_for_both(proxy: Proxy) -> None:
    with connect(proxy) as connection:
        assert ask(connection, b"x") == b"x"
        proxy.half_close()
        assert connection.recv(1) == b""
        connection.sendall(b"x")
        assert proxy.count() == 1
        proxy.close_connections(reset=True)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            for _ in range(10):
                connection.sendall(b"x")
                time.sleep(0.05)
        assert proxy.count() == 0


def test_a_reset_of_one_side_reaches_the_other(proxy: Proxy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy.redirect(f"http://127.0.0.1:{listener.getsockname()[1]}")
        with connect(proxy) as client:
            server, _ = listener.accept()
            server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            server.close()
            with pytest.raises(ConnectionResetError):
                client.recv(1)
