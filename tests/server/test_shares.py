"""What one address may take of the service: connections, requests through a proxy, wrong keys and tokens."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from clincore import backoff, keys
from clincore.server.addresses import Shares
from clincore.server.limits import CONNECTIONS_MAX
from clincore.settings import SettingsError, load
from support.contract import CONTRACT
from support.database import Database
from support.service import BOOTSTRAP_TOKEN, Service, serve
from support.tenants import Tenant, bootstrap

PROXY = "127.0.0.9"
SHARE = 10


@pytest.fixture(scope="module")
def limited(database: Database, folder: Path) -> Iterator[Service]:
    """A service that knows its proxy, so that every other address is a client's."""
    variables = {"CLINCORE_TRUSTED_PROXIES": PROXY, "CLINCORE_CONNECTIONS_PER_ADDRESS": str(SHARE)}
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
    """All that the service says until it closes."""
    answer = b""
    while received := connection.recv(65536):
        answer += received
    return answer


def ask(connection: socket.socket, *headers: str) -> bytes:
    lines = ["GET /health HTTP/1.1", "Host: x", *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode())
    return connection.recv(65536)


def test_an_address_with_all_its_connections_is_refused_and_no_other(limited: Service) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(connect(limited, "127.0.2.1")) for _ in range(SHARE)]
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
        # Whoever is not a proxy is not believed.
        assert ask(again, "X-Forwarded-For: 198.51.100.7").startswith(b"HTTP/1.1 200 ")


def test_behind_a_trusted_proxy_each_client_has_a_share_of_its_own(limited: Service, tenant: Tenant) -> None:
    def begin(stack: ExitStack, forwarded_for: str) -> socket.socket:
        """A request through the proxy whose body is still on its way."""
        connection = stack.enter_context(connect(limited, PROXY))
        head = (
            f"POST /cases HTTP/1.1\r\nHost: x\r\nX-API-Key: {tenant.api_key}\r\nX-Forwarded-For: {forwarded_for}\r\n"
            "Content-Type: application/json\r\nContent-Length: 13\r\n\r\n"
        )
        connection.sendall(head.encode())
        return connection

    with ExitStack() as stack:
        # What the client itself wrote stands on the left, and counts for nothing.
        held = [begin(stack, f"203.0.113.{number}, 198.51.100.7") for number in range(SHARE)]
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
        # An idle connection of the proxy's is nobody's share.
        assert ask(held[0], "X-Forwarded-For: 198.51.100.7").startswith(b"HTTP/1.1 200 ")


def test_an_unconfigured_proxy_has_no_share() -> None:
    networks = load_networks("10.0.0.0/8, fd00::1")
    named, unnamed, none = Shares(1, networks), Shares(1, None), Shares(1, load_networks("none"))

    for private in ("127.0.0.1", "10.1.2.3", "192.168.0.1", "::1", "fd12::1", "fe80::1%eth0", "::ffff:10.0.0.1"):
        assert unnamed.of_peer(private) is None
        assert none.of_peer(private) is not None
    assert unnamed.of_peer(None) is none.of_peer(None) is none.of_peer("unix:/run/x") is None
    assert unnamed.of_peer("8.8.8.8") == unnamed.of_peer("::ffff:8.8.8.8") == "8.8.8.8"
    # A subscriber's addresses of IPv6 are one.
    assert (
        unnamed.of_peer("2a00:1450::1") == unnamed.of_peer("2a00:1450::ffff:1") != unnamed.of_peer("2a00:1450:0:1::1")
    )
    assert named.of_peer("10.1.2.3") is None and named.is_proxy("10.1.2.3") and named.is_proxy("fd00::1")
    assert named.of_peer("192.168.0.1") == "192.168.0.1"
    assert named.of_forwarded([b"1.1.1.1, 8.8.8.8", b"10.0.0.2, 10.0.0.3"]) == "8.8.8.8"
    assert named.of_forwarded([b"8.8.8.8:5678"]) == "8.8.8.8"
    assert named.of_forwarded([b"[2001:4860::1]:443"]) == named.of_forwarded([b"2001:4860::1"])
    assert named.of_forwarded([]) is named.of_forwarded([b"10.0.0.2"]) is named.of_forwarded([b"8.8.8.8, x"]) is None


def load_networks(text: str) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLINCORE_TRUSTED_PROXIES", text)
        return load().trusted_proxies


def test_a_list_of_proxies_that_is_wrong_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"^CLINCORE_TRUSTED_PROXIES must be addresses"):
        load_networks("proxy.example")


def test_idle_connections_give_way_when_there_are_many(database: Database, folder: Path) -> None:
    """A worker that may open few files holds few connections."""
    program = ("sh", "-c", 'ulimit -n 180 && exec clincore serve "$@"', "sh")
    most = 180 - 128
    assert most < CONNECTIONS_MAX
    with serve(database, folder, program=program) as service, ExitStack() as stack:
        connections = [stack.enter_context(connect(service, "127.0.0.1")) for _ in range(most)]
        # The last one first: then all have been accepted.
        for connection in [connections[-1], *connections[:5]]:
            assert ask(connection).startswith(b"HTTP/1.1 200 ")
            connection.settimeout(20)
        # By their own timers, which have less than the usual 75 seconds.
        assert [answer_to(connection) for connection in connections[:5]] == [b""] * 5
        deadline = time.monotonic() + 10
        while not ask(stack.enter_context(connect(service, "127.0.0.1"))).startswith(b"HTTP/1.1 200 "):
            assert time.monotonic() < deadline
        # For the newcomer, and all at once.
        for connection in connections[5:]:
            connection.settimeout(1)
            assert answer_to(connection) == b""


def wrong_key() -> dict[str, str]:
    return {"X-API-Key": keys.generate(uuid4())}


WITH_SECRET = [operation for operation in CONTRACT.operations if operation.security]


def test_an_address_that_guesses_has_to_wait_in_every_operation_and_no_other_address(
    limited: Service, tenant: Tenant
) -> None:
    with client_at(limited, "127.0.3.1") as guesser, client_at(limited, "127.0.3.2") as other:
        # A neighbour behind the same address, before the guessing.
        assert guesser.get("/usage", headers=tenant.key).status_code == 200
        tries = [guesser.get("/usage", headers=wrong_key()).status_code for _ in range(backoff.BURST)]
        answers = {}
        for operation in WITH_SECRET:
            path = operation.path.replace("{case_id}", str(uuid4())).replace("{key_id}", str(uuid4()))
            headers = wrong_key() if operation.needs_key else {"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}
            answer = guesser.request(operation.method, path.replace("{revision}", "1"), headers=headers)
            # As long as it takes on a busy machine, one more may be tried now and then.
            while answer.status_code == 401:
                answer = guesser.request(operation.method, path.replace("{revision}", "1"), headers=headers)
            answers[operation.id] = answer

        assert tries == [401] * backoff.BURST
        assert {answer.status_code for answer in answers.values()} == {429}
        assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in answers.values())
        # The neighbour's key works, and so does a key that is new here from anywhere else.
        assert guesser.get("/usage", headers=tenant.key).status_code == 200
        made = other.post("/admin/api-keys", json={"label": "new"}, headers=tenant.key).json()
        assert other.get("/usage", headers={"X-API-Key": made["api_key"]}).status_code == 200
        assert other.get("/usage", headers=wrong_key()).status_code == 401


def test_wrong_tokens_count_too_and_the_right_one_waits_with_them(limited: Service) -> None:
    with client_at(limited, "127.0.3.3") as guesser:
        for _ in range(backoff.BURST + 5):
            last = guesser.post("/bootstrap", json={"tenant_name": "x"}, headers={"Authorization": "Bearer wrong"})
        right = guesser.post(
            "/bootstrap", json={"tenant_name": uuid4().hex}, headers={"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}
        )

    # Otherwise a right guess could be told from a wrong one during the wait.
    assert (last.status_code, right.status_code) == (429, 429)


def test_the_wait_ends_and_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_exports_of_one_tenant_leave_places_to_others(
    service: Service, client: httpx.Client, make_tenant: Callable[[], Tenant], log_calls: Callable[[Tenant, int], None]
) -> None:
    slow, other = make_tenant(), make_tenant()
    # More than the buffers of a connection take.
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
