"""kill -9 of workers and of PostgreSQL while clients repeat their writes: each write is done exactly once.

`KILLS` is the number of kills. `make kills` sets it to 50.
"""

import json
import os
import random
import threading
import time
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import psycopg
import pytest

from clincore.db.urls import libpq
from support.cases import CONSULTATION, SIGNING, replay
from support.commands import run
from support.kills import Running, running
from support.lifecycle import REASON, REVIEW
from support.operations import IDEMPOTENCY_KEY
from support.paths import make_folder
from support.proxy import Proxy
from support.tenants import bootstrap

KILLS = int(os.environ.get("KILLS", "3"))
CLIENTS = 6
ANSWER_SECONDS = 120.0
SECRET = "/problems/secret-not-replayable"
# Of each of these one answer is lost before each kill.
LOSE = (
    b"POST /cases HTTP",
    b"PATCH ",
    b"/finalize HTTP",
    b"/attest HTTP",
    b"/amend HTTP",
    b"/api-keys HTTP",
    b"/erase",
)
# Places in a life.
ATTEST, KEY = 3, 7


class Answer(NamedTuple):
    """The final answer of a write."""

    etag: str | None
    body: dict[str, Any]


class Client(threading.Thread):
    """A tenant that lives through one case after another, and repeats each write until it has a final answer."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=20)
        self.tenant = bootstrap(self._http)
        self.lives: list[list[Answer]] = []
        self.repeated = self.replayed = self.admitted = 0
        self.error: BaseException | None = None
        self.stopping = threading.Event()

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                self.live()
        except BaseException as error:
            self.error = error
        finally:
            self._http.close()

    def live(self) -> None:
        """Create a case and a key, and change, sign, amend and erase the case."""
        answers: list[Answer] = []
        self.lives.append(answers)

        def do(path: str, body: Any, method: str = "POST", **headers: str) -> None:
            answers.append(self.write(method, path, body, headers))

        do("/cases", CONSULTATION | {"external_id": str(uuid4())})
        case = f"/cases/{answers[0].body['id']}"
        do(case, {"plan": "Rest."}, "PATCH", If_Match="*")
        do(f"{case}/finalize", SIGNING, If_Match=answers[-1].etag or "")
        do(f"{case}/attest", REVIEW)
        do(f"{case}/amend", REASON)
        do(case, {"plan": "More rest."}, "PATCH", If_Match="*")
        do(f"{case}/finalize", SIGNING, If_Match=answers[-1].etag or "")
        do("/admin/api-keys", {"label": "reporting job"})
        do(f"{case}/erase-subject", {"sections": ["history"]})

    def write(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        """The final answer."""
        media_type = "application/merge-patch+json" if method == "PATCH" else "application/json"
        sent = self.tenant.key | {IDEMPOTENCY_KEY: f'"{uuid4()}"', "Content-Type": media_type}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            try:
                response = self._http.request(method, path, content=json.dumps(body), headers=sent)
            except httpx.TransportError:
                self._http.close()
                self._http = httpx.Client(base_url=self.url, timeout=20)
            else:
                self.admitted += response.status_code != 503
                if "Retry-After" not in response.headers:
                    is_secret = response.status_code == 409 and response.json()["type"] == SECRET
                    self.replayed += is_secret or "Idempotent-Replayed" in response.headers
                    assert response.is_success or is_secret, response.text
                    return Answer(response.headers.get("ETag"), response.json())
            self.repeated += 1
            time.sleep(0.05)
        raise AssertionError(f"no final answer to {method} {path} in {ANSWER_SECONDS} seconds")


@pytest.fixture(scope="module")
def service() -> Iterator[Running]:
    with make_folder() as folder, running(folder) as made:
        yield made


def test_each_write_is_done_once_although_processes_are_killed(service: Running) -> None:
    chance = random.Random(20261129)
    with Proxy(service.url) as proxy:
        clients = [Client(proxy.url) for _ in range(CLIENTS)]
        with operator_of(service) as operator:
            operator.execute("UPDATE tenants SET billing_status = 'paid'")
        clients[0].live()
        calm = [outline(answer) for answer in clients[0].lives[0]]
        for client in clients:
            client.start()
        kills = (service.kill_worker, service.kill_postmaster, service.kill_backend)
        for number in range(KILLS):
            for at in LOSE:
                proxy.cut(at=at)
            time.sleep(chance.uniform(0.3, 0.8))
            kills[number % len(kills)](chance)
            time.sleep(0.1)
            service.wait_until_ready()
        for client in clients:
            client.stopping.set()
        for client in clients:
            client.join(ANSWER_SECONDS)

    assert [client.error for client in clients] == [None] * CLIENTS
    repeated, replayed = (sum(getattr(client, name) for client in clients) for name in ("repeated", "replayed"))
    lives = sum(len(client.lives) for client in clients)
    print(f"{KILLS} kills, {lives} cases, {lives * len(calm)} writes, {repeated} repeated, {replayed} replayed")
    # Answers of writes that were done were lost, or this tested nothing.
    assert replayed >= KILLS
    # Compressed answers have an ETag of their own.
    identity = {"Accept-Encoding": "identity"}
    with operator_of(service) as operator:
        for client in clients:
            for answers in client.lives:
                # A write that was done twice shows in a version, a number or a list of a later answer.
                assert [outline(answer) for answer in answers] == calm
            check_rows(operator, client)
            with httpx.Client(base_url=service.url, headers=identity | client.tenant.key, timeout=30) as http:
                for answers in client.lives:
                    check_case(http, answers)
        # Make the events old enough for the totals.
        operator.execute("UPDATE usage_events SET created_at = created_at - interval '3 hours'")
    for command in ("rollup", "reconcile"):
        done = run("clincore", "usage", command, CLINCORE_DATA_DIR=str(service.server.data_dir))
        assert done.returncode == 0, done.stdout + done.stderr


def operator_of(service: Running) -> psycopg.Connection[Any]:
    return psycopg.connect(libpq(service.server.owner_url), autocommit=True)


def outline(answer: Answer) -> tuple[Any, ...]:
    """What the answers to the same write have in common."""
    shown = {} if answer.body.get("type") == SECRET else answer.body
    return answer.etag, *map(shown.get, ("version", "status", "revision", "plan", "history", "erased"))


def check_rows(operator: psycopg.Connection[Any], client: Client) -> None:
    """The tenant has what the answers name, and nothing else."""

    def column(query: str) -> list[Any]:
        return [value for (value,) in operator.execute(query, [client.tenant.id])]

    written = [answer for answers in client.lives for answer in answers]
    made = sorted(answers[0].body["id"] for answers in client.lives)
    keys = sorted(answers[KEY].body["id"] for answers in client.lives)
    assert column("SELECT id::text FROM cases WHERE tenant_id = %s ORDER BY id::text") == made
    first = "AND label NOT LIKE 'bootstrap-%%'"
    assert column(f"SELECT id::text FROM api_keys WHERE tenant_id = %s {first} ORDER BY id::text") == keys
    assert column("SELECT count(*) FROM case_revisions WHERE tenant_id = %s") == [2 * len(made)]
    assert column("SELECT count(*) FROM idempotency_keys WHERE tenant_id = %s") == [len(written)]
    assert column("SELECT count(*) FROM usage_events WHERE tenant_id = %s")[0] >= client.admitted


def check_case(http: httpx.Client, answers: list[Answer]) -> None:
    """The case is as the last answer shows it, its revisions have the signatures of the answers, and all verify."""
    case = f"/cases/{answers[0].body['id']}"
    shown = http.get(case)
    assert (shown.headers["ETag"], shown.json()) == answers[-1][:2]
    replayed = replay(http, case)
    assert (replayed["valid"], [one["valid"] for one in replayed["revisions"]]) == (True, [True, True]), replayed
    attested, second = (http.get(f"{case}/revisions/{number}").json() for number in (1, 2))
    assert attested["signatures"] == answers[ATTEST].body["signatures"]
    assert [one["meaning"] for one in attested["signatures"]] == [SIGNING["meaning"], REVIEW["meaning"]]
    assert len(second["signatures"]) == 1
