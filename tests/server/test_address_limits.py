"""Limits per address: connections, requests through a proxy, and attempts with wrong keys or tokens."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from clincore import backoff, keys
from clincore.server.addresses import AddressLimits
from clincore.server.limits import CONNECTIONS_MAX
from clincore.settings import SettingsError, load
from support.contract import CONTRACT
from support.database import Database
from support.service import BOOTSTRAP_TOKEN, Service, serve
from support.tenants import Tenant, bootstrap
from support.waiting import eventually

PROXY = "127.0.0.9"
LIMIT = 10


@pytest.fixture(scope="module")
def limited(database: Database, folder: Path) -> Iterator[Service]:
    """A service with a configured proxy; every other address is a client's."""
    variables = {"CLINCORE_TRUSTED_PROXIES": PROXY, "CLINCORE_CONNECTIONS_PER_ADDRESS": str(LIMIT)}
    with serve(database, folder, **variables) as service:
        yield service


def client_at(service: Service, address: str) -> httpx.Client:
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(
        base_url=service.url, transport=transport, timeout=30, event_hooks={"response": [CONTRACT.check]}
    )


@pytest.fixture(scope="module")
def tenant(limited: Service) -> Tenant:
    with client_at(limited, "127.0.1.1") as client:
        return bootstrap(client)


def connect(service: Service, address: str) -> socket.socket:
    port = int(service.url.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(address, 0))


def answer_to(connection: socket.socket) -> bytes:
    """All that the service sends until it closes the connection."""
    answer = b""
    while received := connection.recv(65536):
        answer += received
    return answer


def ask(connection: socket.socket, *headers: str) -> bytes:
    lines = ["GET /health HTTP/1.1", "Host: x", *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode())
    return connection.recv(65536)


def test_connection_limit_refuses_only_the_address_that_reached_it(limited: Service) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(connect(limited, "127.0.2.1")) for _ in range(LIMIT)]
        assert all(ask(connection).startswith(b"HTTP/1.1 200 ") for connection in held)

        refused = answer_to(stack.enter_context(connect(limited, "127.0.2.1")))
        with client_at(limited, "127.0.2.2") as other:
            assert other.get("/health").status_code == 200

        assert refused.startswith(b"HTTP/1.1 429 ") and b"retry-after: 5\r\n" in refused
        assert b'"type":"/problems/rate-limited"' in refused
        held[0].close()
        deadline = time.monotonic() + 10
        while not ask(again := stack.enter_context(connect(limited, "127.0.2.1"))).startswith(b"HTTP/1.1 200 "):
            assert time.monotonic() < deadline, "a closed connection is still counted"
        # X-Forwarded-For counts only from a proxy.
        assert ask(again, "X-Forwarded-For: 198.51.100.7").startswith(b"HTTP/1.1 200 ")


def test_each_client_behind_a_trusted_proxy_has_its_own_limit(limited: Service, tenant: Tenant) -> None:
    def begin(stack: ExitStack, forwarded_for: str) -> socket.socket:
        """Send the head of a request through the proxy, without its body."""
        connection = stack.enter_context(connect(limited, PROXY))
        head = (
            f"POST /cases HTTP/1.1\r\nHost: x\r\nX-API-Key: {tenant.api_key}\r\nX-Forwarded-For: {forwarded_for}\r\n"
            "Content-Type: application/json\r\nContent-Length: 13\r\n\r\n"
        )
        connection.sendall(head.encode())
        return connection

    with ExitStack() as stack:
        # Addresses on the left are written by the client and ignored.
        held = [begin(stack, f"203.0.113.{number}, 198.51.100.7") for number in range(LIMIT)]
        refused = answer_to(begin(stack, "198.51.100.7"))
        for other in ("198.51.100.8", "2001:db8::1", "unknown"):
            connection = begin(stack, other)
            connection.sendall(b'{"title":"x"}')
            assert b" 201 " in connection.recv(65536)[:15], other
        for connection in held:
            connection.sendall(b'{"title":"x"}')
            assert b" 201 " in connection.recv(65536)[:15]
        after = begin(stack, "198.51.100.7")
        after.sendall(b'{"title":"x"}')

        assert refused.startswith(b"HTTP/1.1 429 ")
        assert b" 201 " in after.recv(65536)[:15]
        # An idle connection of the proxy counts for no client.
        assert ask(held[0], "X-Forwarded-For: 198.51.100.7").startswith(b"HTTP/1.1 200 ")


def test_possible_proxies_have_no_address_limit() -> None:
    networks = load_networks("10.0.0.0/8, fd00::1")
    named, unset, none = AddressLimits(1, networks), AddressLimits(1, None), AddressLimits(1, load_networks("none"))
    peer, forwarded = unset.peer_address, named.forwarded_address

    for private in ("127.0.0.1", "10.1.2.3", "192.168.0.1", "::1", "fd12::1", "fe80::1%eth0", "::ffff:10.0.0.1"):
        assert peer(private) is None
        assert none.peer_address(private) is not None
    assert peer(None) is none.peer_address(None) is none.peer_address("unix:/run/x") is None
    assert peer("8.8.8.8") == peer("::ffff:8.8.8.8") == "8.8.8.8"
    # All addresses of one /64 count as one.
    assert peer("2a00:1450::1") == peer("2a00:1450::ffff:1") != peer("2a00:1450:0:1::1")
    assert named.peer_address("10.1.2.3") is None and named.is_proxy("10.1.2.3") and named.is_proxy("fd00::1")
    assert named.peer_address("192.168.0.1") == "192.168.0.1"
    assert forwarded([b"1.1.1.1, 8.8.8.8", b"10.0.0.2, 10.0.0.3"]) == "8.8.8.8"
    assert forwarded([b"8.8.8.8:5678"]) == "8.8.8.8"
    assert forwarded([b"[2001:4860::1]:443"]) == forwarded([b"2001:4860::1"])
    assert forwarded([]) is forwarded([b"10.0.0.2"]) is forwarded([b"8.8.8.8, x"]) is None


def load_networks(text: str) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLINCORE_TRUSTED_PROXIES", text)
        return load().trusted_proxies


def test_invalid_trusted_proxies_raise_an_error_that_names_the_variable() -> None:
    with pytest.raises(SettingsError, match=r"^CLINCORE_TRUSTED_PROXIES must be comma-separated addresses"):
        load_networks("proxy.example")


def test_idle_connections_close_early_when_there_are_many(database: Database, folder: Path) -> None:
    """A low limit of open files gives a worker a low limit of connections."""
    program = ("sh", "-c", 'ulimit -n 180 && exec clincore serve "$@"', "sh")
    most = 180 - 128
    assert most < CONNECTIONS_MAX
    with serve(database, folder, program=program) as service, ExitStack() as stack:
        connections = [stack.enter_context(connect(service, "127.0.0.1")) for _ in range(most)]
        # Start with the last one: once it is served, all have been accepted.
        for connection in [connections[-1], *connections[:5]]:
            assert ask(connection).startswith(b"HTTP/1.1 200 ")
            connection.settimeout(20)
        # Their own timers close them before the usual 75 seconds.
        assert [answer_to(connection) for connection in connections[:5]] == [b""] * 5
        eventually(lambda: ask(stack.enter_context(connect(service, "127.0.0.1"))).startswith(b"HTTP/1.1 200 "), 10)
        # The new connection closed all idle ones at once.
        for connection in connections[5:]:
            connection.settimeout(1)
            assert answer_to(connection) == b""


def wrong_key() -> dict[str, str]:
    return {"X-API-Key": keys.generate(uuid4())}


WITH_SECRET = [operation for operation in CONTRACT.operations if operation.security]


def test_wrong_keys_make_only_their_address_wait_in_every_operation(limited: Service, tenant: Tenant) -> None:
    with client_at(limited, "127.0.3.1") as guesser, client_at(limited, "127.0.3.2") as other:
        # Another client behind the same address, before the guessing starts.
        assert guesser.get("/usage", headers=tenant.key).status_code == 200
        tries = [guesser.get("/usage", headers=wrong_key()).status_code for _ in range(backoff.BURST)]
        answers = {}
        for operation in WITH_SECRET:
            path = operation.path.replace("{case_id}", str(uuid4())).replace("{key_id}", str(uuid4()))
            headers = wrong_key() if operation.needs_key else {"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}
            answer = guesser.request(operation.method, path.replace("{revision}", "1"), headers=headers)
            # On a slow machine the address may regain an attempt every few seconds.
            while answer.status_code == 401:
                answer = guesser.request(operation.method, path.replace("{revision}", "1"), headers=headers)
            answers[operation.id] = answer

        assert tries == [401] * backoff.BURST
        assert {answer.status_code for answer in answers.values()} == {429}
        assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in answers.values())
        # The other client's key still works, and so does a new key from another address.
        assert guesser.get("/usage", headers=tenant.key).status_code == 200
        made = other.post("/admin/api-keys", json={"label": "new"}, headers=tenant.key).json()
        assert other.get("/usage", headers={"X-API-Key": made["api_key"]}).status_code == 200
        assert other.get("/usage", headers=wrong_key()).status_code == 401


def test_wrong_tokens_make_the_right_token_wait_too(limited: Service) -> None:
    with client_at(limited, "127.0.3.3") as guesser:
        for _ in range(backoff.BURST + 5):
            last = guesser.post("/bootstrap", json={"tenant_name": "x"}, headers={"Authorization": "Bearer wrong"})
        right = guesser.post(
            "/bootstrap", json={"tenant_name": uuid4().hex}, headers={"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}
        )

    # Otherwise the status would reveal a right guess during the wait.
    assert (last.status_code, right.status_code) == (429, 429)


def test_backoff_ends_and_its_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(backoff, "monotonic", lambda: now)
    counted = backoff.Backoff()
    for _ in range(backoff.BURST + 10):
        if counted.wait_seconds("a"):
            break
        counted.note_wrong("a")
    waits = counted.wait_seconds("a")
    now += waits
    assert (waits, counted.wait_seconds("a"), counted.wait_seconds("b")) == (3, 0, 0)

    for number in range(3 * backoff.ADDRESSES_MAX):
        counted.note_wrong(f"address {number}")
        counted.note_accepted(f"hash {number}")
    assert len(counted._free_at) == backoff.ADDRESSES_MAX
    assert len(counted._accepted) == backoff.KEYS_MAX


def test_exports_of_one_tenant_leave_slots_for_others(
    service: Service, client: httpx.Client, make_tenant: Callable[[], Tenant], log_calls: Callable[[Tenant, int], None]
) -> None:
    slow, other = make_tenant(), make_tenant()
    # More data than the buffers of a connection hold.
    log_calls(slow, 60_000)
    path = "/admin/usage/events.ndjson?from=2026-01-01T00:00:00Z&to=2999-01-01T00:00:00Z"
    with ExitStack() as stack, httpx.Client(base_url=service.url, timeout=30) as readers:
        for _ in range(2):
            begun = stack.enter_context(readers.stream("GET", path, headers=slow.key))
            assert begun.status_code == 200

        refused = client.get(path, headers=slow.key)
        answered = client.get(path, headers=other.key)

        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        assert answered.status_code == 200
