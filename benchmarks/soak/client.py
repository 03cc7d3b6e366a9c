"""Clients of the soak: they repeat a request until it has a final answer, and a book records what they saw."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import orjson
import yaml

from benchmarks.checkout import HERE

METHODS = ("get", "post", "patch", "delete")
TIMEOUT_SECONDS = 15.0
"""The service answers within 3 seconds, or closes the connection."""
PAUSE_SECONDS_MAX = 2.0
IGNORED = 0.1
"""The part of the writes whose answer a client treats as lost. Faults alone lose too few."""
EXAMPLES_MAX = 5


class Abandoned(Exception):
    """An answer was not as expected, and is noted. What was to follow it cannot be done."""


class Findings:
    """Broken invariants, each with its first examples."""

    def __init__(self) -> None:
        self.counts = Counter[str]()
        self.examples: dict[str, list[str]] = defaultdict(list)

    def note(self, invariant: str, example: str) -> None:
        """`invariant`: what must be true."""
        self.counts[invariant] += 1
        if self.counts[invariant] <= EXAMPLES_MAX:
            self.examples[invariant].append(example)


class Operation(NamedTuple):
    """One operation of the contract."""

    id: str
    statuses: frozenset[int]
    is_write: bool
    """It takes an `Idempotency-Key`."""


def operations() -> dict[tuple[str, str], Operation]:
    """The operations of `openapi.yaml`, by method and path template."""
    document = yaml.load((HERE.folder / "openapi.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return {
        (method.upper(), path): Operation(
            item[method]["operationId"],
            frozenset(map(int, item[method]["responses"])),
            {"$ref": "#/components/parameters/IdempotencyKey"} in item[method].get("parameters", ()),
        )
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


class Call(NamedTuple):
    """What usage counts requests by."""

    tenant_id: str
    method: str
    path: str
    """The path template."""


@dataclass
class Minute:
    """What the clients of one group saw since the last table."""

    statuses: Counter[int] = field(default_factory=Counter)
    lost: int = 0
    replayed: int = 0
    seconds: list[float] = field(default_factory=list)


class Answered(NamedTuple):
    """An answer, with the times before and after it (of `time.time`)."""

    status: int
    after: float
    before: float


class Book:
    """All requests that were sent, and what the answers prove."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.operations = operations()
        self.minutes: dict[str, Minute] = defaultdict(Minute)
        """By group."""
        self.totals: dict[str, Counter[str]] = defaultdict(Counter)
        """By group: answers by status, `lost` and `replayed`."""
        self.counted, self.doubtful = Counter[Call](), Counter[Call]()
        """Requests that must be counted in usage, and that may be."""
        self.recorded = Counter[Call]()
        """Requests that must be recorded in the access log, if their operation is."""
        self.unlogged: dict[str, Answered] = {}
        """By request id: the answers whose log line is not read yet."""
        self.lost = 0

    def lose(self, group: str, call: Call) -> None:
        """A request got no answer, or a part of one. It may have been done."""
        self.lost += 1
        self.doubtful[call] += 1
        self.minutes[group].lost += 1
        self.totals[group]["lost"] += 1

    def take(self, group: str, call: Call, response: httpx.Response, seconds: float) -> None:
        """A request got its answer."""
        status, headers = response.status_code, response.headers
        minute, total = self.minutes[group], self.totals[group]
        minute.statuses[status] += 1
        minute.seconds.append(seconds)
        total[str(status)] += 1
        if "Idempotent-Replayed" in headers:
            minute.replayed += 1
            total["replayed"] += 1
        now = time.time()
        self.unlogged[headers["X-Request-Id"]] = Answered(status, now - seconds, now)
        # Of 429 and 503, those that come before the admission are not counted.
        (self.doubtful if status in (429, 503) else self.counted)[call] += 1
        if status < 300:
            self.recorded[call] += 1
        broken = {
            "no answer has the status 500": status == 500,
            "every status is documented": status not in self.operations[call.method, call.path].statuses,
            "429 and 503 have Retry-After": status in (429, 503) and "Retry-After" not in headers,
        }
        for invariant in (invariant for invariant, is_broken in broken.items() if is_broken):
            self.findings.note(invariant, f"{call.method} {call.path} answered {status}: {response.text[:300]}")


class Answer(NamedTuple):
    """The answer to a request."""

    status: int
    headers: httpx.Headers
    content: bytes

    @property
    def body(self) -> Any:
        return orjson.loads(self.content)


@dataclass
class Client:
    """Sends requests with one key. `group`: whose table row they are counted in; `tenant_id`: empty without a key."""

    http: httpx.AsyncClient
    book: Book
    group: str
    tenant_id: str
    headers: Mapping[str, str]
    chance: Random

    async def send(
        self, method: str, path: str, *, query: str = "", body: object = None, headers: Mapping[str, str], **ids: str
    ) -> Answer | None:
        """Send a request once. None: the answer was lost. `path`: a template, `ids`: its values."""
        call = Call(self.tenant_id, method, path)
        content = None if body is None else orjson.dumps(body)
        began = time.monotonic()
        try:
            response = await self.http.request(
                method, path.format(**ids) + query, content=content, headers={**self.headers, **headers}
            )
        except httpx.TransportError:
            self.book.lose(self.group, call)
            return None
        self.book.take(self.group, call, response, time.monotonic() - began)
        return Answer(response.status_code, response.headers, response.content)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        expected: tuple[int, ...] = (200,),
        query: str = "",
        body: object = None,
        headers: Mapping[str, str] = {},
        **ids: str,
    ) -> Answer:
        """Send a request until it has a final answer, as docs/retries.md describes.

        `expected`: statuses; 409 means `secret-not-replayable`.

        Raises:
            Abandoned: the final answer is another one.
        """
        sent = dict(headers)
        if body is not None:
            case_change = method == "PATCH" and path.startswith("/cases")
            sent["Content-Type"] = "application/merge-patch+json" if case_change else "application/json"
        if self.book.operations[method, path].is_write:
            sent["Idempotency-Key"] = str(UUID(int=self.chance.getrandbits(128), version=4))
        # Not of the operator, who could not get a tenant's first key again.
        ignores = "Idempotency-Key" in sent and bool(self.tenant_id) and self.chance.random() < IGNORED
        ignored: Answer | None = None
        pause = 0.1
        while True:
            answer = await self.send(method, path, query=query, body=body, headers=sent, **ids)
            if answer is None:
                await asyncio.sleep(pause * self.chance.uniform(0.5, 1))
                pause = min(2 * pause, PAUSE_SECONDS_MAX)
            elif answer.status in (429, 503) or (answer.status == 409 and b"idempotency-in-progress" in answer.content):
                if answer.status == 429:
                    what = f"{method} {path}: {answer.content.decode()[:300]}"
                    self.book.findings.note("well-behaved tenants are not refused with 429", what)
                await asyncio.sleep(float(answer.headers.get("Retry-After", pause)))
            elif ignores and ignored is None:
                ignored = answer
            else:
                break
        if ignored is not None and not _is_replay(answer, ignored):
            what = f"{method} {path}: {ignored.content.decode()[:300]}, then {answer.content.decode()[:300]}"
            self.book.findings.note("a repeated write gets the same answer", what)
        is_known_409 = b"secret-not-replayable" in answer.content
        if answer.status not in expected or (answer.status == 409 and not is_known_409):
            what = f"{method} {path} {ids} answered {answer.status}: {answer.content.decode()[:300]}"
            self.book.findings.note("final answers are as expected", what)
            raise Abandoned
        return answer


def _is_replay(answer: Answer, earlier: Answer) -> bool:
    """Whether the answer is the earlier one, or names what it showed."""
    if answer.status == 409:
        # The key itself is in the first answer only.
        return bool(answer.body.get("id") == earlier.body.get("id"))
    return (answer.status, answer.content) == (earlier.status, earlier.content)
