"""Bad input, byte for byte: the service answers as the contract says, or closes the connection.

The inputs of `support/bad_input` are sent to every operation of `openapi.yaml` to which they apply, so new operations
are covered automatically. They are sent over sockets, because a client library would refuse or correct many of them.
"""

import json
import re
import socket
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from support.bad_input import FINE, INPUTS, NO_ANSWER, Good, Input, World
from support.cases import FOR_SIGNED_CASES, make_case
from support.contract import CONTRACT, Operation
from support.database import Database
from support.leaks import LEAKS
from support.service import BOOTSTRAP_TOKEN, Service, serve
from support.sockets import is_closed
from support.tenants import bootstrap

INPUTS_MIN = 60
REQUESTS_MIN = 1000
# The suite sends one of this many parts of the requests; the slow tests send all.
PARTS = 6
ECHO_MAX = 200
HANG_SECONDS = 20.0
THREADS = 3
# Properties that change when a key is used.
CHANGING = {"last_used_at"}

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Answer:
    """A response; `status` is NO_ANSWER if there was none."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    closed: bool = False
    """Whether the service closed the connection; checked only for inputs that require it."""

    def json(self) -> Any:
        """The body as strict JSON (no NaN, no duplicate key); of NDJSON, the list of its lines."""
        if self.headers.get("content-type") == "application/x-ndjson":
            return [strict(line) for line in self.body.splitlines()]
        return strict(self.body)


@dataclass(frozen=True)
class Exchange:
    """One request made from an input. `wrong` says that it hangs, or what reads back differently."""

    input: Input
    operation: Operation
    sent: bytes
    answer: Answer
    wrong: str = ""

    def __str__(self) -> str:
        sent, body = (repr(text[:300])[1:] for text in (self.sent, self.answer.body))
        return f"{self.operation.id}: {self.answer.status} {self.wrong} {body}\n  for {sent}"


def strict(content: bytes) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError("duplicate key")
        return dict(pairs)

    return json.loads(content.decode(), parse_constant=refuse, object_pairs_hook=once)


def exchange(address: tuple[str, int], sent: bytes, *, closes: bool = False, half_close: bool = False) -> Answer:
    """Send the bytes and read one answer.

    Raises:
        TimeoutError: the service neither answers nor closes.
    """
    with socket.create_connection(address, timeout=HANG_SECONDS) as connection:
        try:
            connection.sendall(sent)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            # Refused before the end of the request; there may still be an answer.
            pass
        received = b""
        try:
            while not is_whole(received):
                if not (more := connection.recv(65536)):
                    break
                received += more
        except ConnectionResetError:
            pass
        if not received:
            return Answer(NO_ANSWER, closed=True)
        closed = closes and b" 400 " in received[:13] and is_closed(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    version, status, *_ = head.split(b" ", 2)
    assert version == b"HTTP/1.1", received[:200]
    lines = [line.decode("latin-1").split(": ", 1) for line in head.split(b"\r\n")[1:]]
    headers = {name.lower(): value for name, value in lines}
    if headers.get("transfer-encoding") == "chunked":
        body = b"".join(chunks(body))
    return Answer(int(status), headers, body, closed)


def chunks(body: bytes) -> Iterator[bytes]:
    while body:
        size, _, body = body.partition(b"\r\n")
        yield body[: int(size, 16)]
        body = body[int(size, 16) + 2 :]


def is_whole(received: bytes) -> bool:
    head, found, body = received.partition(b"\r\n\r\n")
    if b"\r\ntransfer-encoding: chunked" in head.lower():
        return body.endswith(b"0\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: (\d+)", head.lower())
    return bool(found) and length is not None and len(body) >= int(length[1])


class Target:
    """One operation of the service, with a separate tenant."""

    def __init__(self, client: httpx.Client, operator: psycopg.Connection[Any], operation: Operation) -> None:
        self.client = client
        self.operator = operator
        self.operation = operation
        self._world: World | None = None
        self.good = Good(CONTRACT, operation, lambda: self.world)

    @property
    def address(self) -> tuple[str, int]:
        return str(self.client.base_url.host), int(self.client.base_url.port or 80)

    @property
    def world(self) -> World:
        if self._world is None:
            tenant = bootstrap(self.client)
            if 402 in self.operation.statuses:
                self.operator.execute("UPDATE tenants SET billing_status = 'paid' WHERE id = %s", [tenant.id])
            made = {}
            # A new kind of id in a path needs a branch here.
            if "{case_id}" in self.operation.path:
                is_signed = self.operation.id in FOR_SIGNED_CASES
                made["case_id"] = make_case(self.client, tenant.key, is_signed=is_signed)
            if "{key_id}" in self.operation.path:
                created = self.client.post("/admin/api-keys", json={"label": "x"}, headers=tenant.key)
                made["key_id"] = created.json()["id"]
            self._world = World(tenant.api_key, BOOTSTRAP_TOKEN, made)
        return self._world

    def meet(self, input_: Input) -> Iterator[Exchange]:
        """Send the requests that the input makes from the operation's valid request."""
        for wire in input_.spoil(self.good):
            sent = bytes(wire)
            try:
                answer = exchange(self.address, sent, closes=input_.closes, half_close=input_.half_close)
            except TimeoutError:
                yield Exchange(input_, self.operation, sent, Answer(NO_ANSWER), "hangs")
                continue
            wrong = self._read_back(answer) if answer.status in FINE else ""
            if self.operation.method != "GET" and not 400 <= answer.status < 500:
                # Even without an answer it may have ended the key or the resource.
                self._world = None
            yield Exchange(input_, self.operation, sent, answer, wrong)

    def _read_back(self, answer: Answer) -> str:
        """What is wrong with the response to an accepted request, or with the resource when it is read back."""
        if "json" not in answer.headers.get("content-type", ""):
            return ""
        try:
            shown = answer.json()
            if isinstance(shown, dict):
                # A document that was imported reads back as its case.
                shown = shown.get("case", shown)
            if self.operation.method == "GET" or self.operation.id in ("search_cases", "preview_document"):
                return ""
            if "location" in answer.headers:
                found = self._get(answer.headers["location"], shown)
            elif "tenant_id" in shown:
                found = self._get("/auth/whoami", shown)
            elif "amendment_reason" in shown:
                found = self._get(f"/cases/{shown['id']}{'/draft' if shown['amendment_reason'] else ''}", shown)
            elif "signatures" in shown:
                found = self._get(f"/cases/{shown['case_id']}/revisions/{shown['revision']}", shown)
            elif isinstance(shown, list) or "valid" in shown or "erased_at" in shown:
                # Nothing was stored, or only an erasure was done.
                return ""
            else:
                found = next(item for item in self._listed(shown) if item["id"] == shown["id"])
        except (ValueError, KeyError, StopIteration) as error:
            return f"does not read back: {error!r}"
        common = (set(found) & set(shown)) - CHANGING
        if len(common) == 0 or any(found[name] != shown[name] for name in common):
            return f"reads back as {found}"
        return ""

    def _get(self, path: str, shown: dict[str, Any]) -> dict[str, Any]:
        """The response to GET of the path; with the new key if the request ended the caller's key."""
        for key in (self.world.api_key, shown.get("api_key", "")):
            response = self.client.get(path, headers={"X-API-Key": key})
            if response.status_code == 200 and ("tenant_id" not in shown or key == shown["api_key"]):
                return dict(strict(response.content))
        raise ValueError(f"{path}: {response.text}")

    def _listed(self, shown: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for operation in CONTRACT.operations:
            if operation.method == "GET" and "{" not in operation.path and operation.needs_key:
                yield from self._get(operation.path, shown).get("items", ())


@pytest.fixture(scope="module")
def attacked(database: Database, folder: Path) -> Iterator[Service]:
    """A service that no other module uses."""
    with serve(database, folder) as service:
        yield service


@pytest.fixture(
    scope="module",
    params=[pytest.param(PARTS, id="a-part"), pytest.param(1, id="all", marks=pytest.mark.slow)],
)
def exchanges(
    request: pytest.FixtureRequest, attacked: Service, operator: psycopg.Connection[Any]
) -> dict[str, list[Exchange]]:
    """The exchanges by the input's name, made once for all tests.

    The slow tests send each input to all operations. Otherwise each input goes to every PARTS-th operation, and to all
    operations if it applies to none of those.
    """

    def meet(operation: Operation, inputs: list[Input]) -> list[Exchange]:
        target = Target(client, operator, operation)
        return [met for input_ in inputs for met in target.meet(input_)]

    def meet_all(chosen: list[list[Input]]) -> None:
        parts = zip(operations, chosen, strict=True)
        jobs = [(operation, inputs[first::THREADS]) for operation, inputs in parts for first in range(THREADS)]
        for met in threads.map(meet, *zip(*jobs, strict=True)):
            for one in met:
                by_name[one.input.name].append(one)

    by_name: dict[str, list[Exchange]] = defaultdict(list)
    # Operations with a body have the most inputs, so they start first.
    operations = sorted(CONTRACT.operations, key=lambda operation: "requestBody" not in operation.definition)
    with httpx.Client(base_url=attacked.url, timeout=HANG_SECONDS) as client, ThreadPoolExecutor(THREADS) as threads:
        meet_all([INPUTS[place % request.param :: request.param] for place in range(len(operations))])
        meet_all([[input_ for input_ in INPUTS if input_.name not in by_name]] * len(operations))
    return by_name


def each_input() -> list[Any]:
    return [pytest.param(input_, id=input_.name) for input_ in INPUTS]


def test_the_corpus_is_large_and_covers_every_operation(exchanges: dict[str, list[Exchange]]) -> None:
    names = Counter(input_.name for input_ in INPUTS)
    met = {one.operation.id for all_ in exchanges.values() for one in all_}

    assert len(INPUTS) >= INPUTS_MIN
    assert set(names.values()) == {1}
    assert set(exchanges) == set(names), "an input applies to no operation"
    assert met == {operation.id for operation in CONTRACT.operations}
    assert sum(map(len, exchanges.values())) >= REQUESTS_MIN


@pytest.mark.parametrize("input_", each_input())
def test_bad_input_gets_an_expected_response(exchanges: dict[str, list[Exchange]], input_: Input) -> None:
    """The status is right, accepted input reads back unchanged, and input that cannot be framed ends the connection."""
    wrong = [
        one
        for one in exchanges[input_.name]
        if one.wrong
        or one.answer.status not in input_.right
        or (input_.closes and one.answer.status == 400 and not one.answer.closed)
    ]

    assert not wrong, f"{len(wrong)} of {len(exchanges[input_.name])}\n" + "\n".join(map(str, wrong[:5]))


def test_no_input_causes_a_server_error(attacked: Service, exchanges: dict[str, list[Exchange]]) -> None:
    """Not even a 503: sending bad input again does not help."""
    faults = [one for all_ in exchanges.values() for one in all_ if one.answer.status >= 500]
    logged = [
        line for line in attacked.log.read_text().splitlines() if '"status":5' in line or '"level":"error"' in line
    ]

    assert not faults, "\n".join(map(str, faults[:5]))
    assert not logged


def refusals(exchanges: dict[str, list[Exchange]]) -> list[Exchange]:
    refused = [one for all_ in exchanges.values() for one in all_ if one.answer.status >= 400]
    # A browser gets a page at an unknown path (test_console.py).
    return [one for one in refused if one.answer.headers.get("content-type") != "text/html"]


def is_of_fhir(one: Exchange) -> bool:
    """Whether its errors are OperationOutcomes."""
    return one.answer.headers.get("content-type") == "application/fhir+json"


def test_every_refusal_below_fhir_is_an_operation_outcome(exchanges: dict[str, list[Exchange]]) -> None:
    """It names the request, unless the request did not reach the operation."""
    schema = CONTRACT.document["components"]["schemas"]["OperationOutcome"]
    found = [one for one in refusals(exchanges) if is_of_fhir(one)]
    wrong = [
        one
        for one in found
        if CONTRACT.errors(schema, one.answer.json())
        or one.answer.headers["x-request-id"] not in one.answer.body.decode()
        or not one.operation.path.startswith("/fhir/")
    ]

    assert found
    assert not wrong, "\n".join(map(str, wrong[:5]))


def test_every_other_refusal_is_a_problem_document(exchanges: dict[str, list[Exchange]]) -> None:
    """The header and the document have the same request id, whichever layer refused the request."""
    schemas = CONTRACT.document["components"]["schemas"]
    seen: dict[str, list[str]] = {}
    wrong = []
    for one in refusals(exchanges):
        if is_of_fhir(one):
            continue
        problem = one.answer.json()
        request_id = problem.pop("request_id", None)
        shape = json.dumps(problem)
        if shape not in seen:
            schema = schemas["ValidationProblem" if problem["status"] in (400, 422) else "Problem"]
            seen[shape] = CONTRACT.errors(schema, problem | {"request_id": request_id})
        if (
            seen[shape]
            or one.answer.headers.get("content-type") != "application/problem+json"
            or problem["status"] != one.answer.status
            or not UUID.fullmatch(request_id)
            or one.answer.headers.get("x-request-id") != request_id
        ):
            wrong.append(f"{seen[shape]} {one}")

    assert seen
    assert not wrong, "\n".join(wrong[:5])


def test_a_400_names_what_is_wrong(exchanges: dict[str, list[Exchange]]) -> None:
    wrong = [
        one
        for one in refusals(exchanges)
        if one.answer.status == 400 and not is_of_fhir(one) and not one.answer.json().get("errors")
    ]

    assert not wrong, "\n".join(map(str, wrong[:5]))


def test_refusals_echo_little_input_and_leak_nothing(exchanges: dict[str, list[Exchange]]) -> None:
    """At most 200 characters of the request; no SQL, traceback, login or key, not even the caller's key."""
    wrong = [
        one
        for one in refusals(exchanges)
        if LEAKS.search(one.answer.body.decode())
        or BOOTSTRAP_TOKEN.encode() in one.answer.body
        or any(echoes(text, one.sent) for text in texts(one.answer.json()))
    ]

    assert not wrong, "\n".join(map(str, wrong[:5]))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def echoes(text: str, sent: bytes) -> bool:
    pieces = (text[start : start + ECHO_MAX + 1].encode() for start in range(len(text) - ECHO_MAX))
    return any(piece in sent for piece in pieces)


def test_the_service_is_ready_after_all_inputs(attacked: Service, exchanges: dict[str, list[Exchange]]) -> None:
    assert exchanges
    assert attacked.process.poll() is None
    assert httpx.get(f"{attacked.url}/ready").status_code == 200
