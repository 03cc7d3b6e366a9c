"""The cost of verification, and how long other requests wait meanwhile.

One worker verifies a case of 30 large revisions, and revisions that fill a body. At the same time another tenant reads
a case and a probe requests `/health`, one request at a time. All times are measured by the client, in milliseconds.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.harness import TOKEN, postgresql, serve
from benchmarks.work import BODY
from clincore.db.operator_queries import signing_keys
from clincore.records import signing_key as signing

REVISIONS = 30
PORT = 8123
BODY_BYTES_MAX = 1024 * 1024
SIGNING = {"signer": {"name": "Dr. Grete Beispiel", "role": "Neurologist"}, "meaning": "authorship"}
Probe = Callable[[], httpx.Response]


def main(seconds: int) -> None:
    """Measure and print."""
    table = Table(title=f"ms; {seconds} s each")
    for column in (
        "meanwhile",
        "its own time",
        "answers",
        "/health p50",
        "p99",
        "max",
        "GET of a case p50",
        "p99",
        "max",
    ):
        table.add_column(column, justify="left" if column == "meanwhile" else "right")
    with postgresql() as server, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / signing.NAME
        signing_keys.publish(server.owner_url, signing.make(file).jwk)
        variables = {"DATABASE_URL": server.url, "BOOTSTRAP_TOKEN": TOKEN, "CLINCORE_SIGNING_KEY": str(file)}
        variables |= {"MIGRATION_DATABASE_URL": server.owner_url, "LOG_LEVEL": "WARNING"}
        with (
            serve("clincore.asgi:app", PORT, 1, None, variables),
            httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client,
        ):
            for name, *cells in _rows(client, seconds):
                table.add_row(name, *cells)
    Console(width=140).print(table)


def _rows(client: httpx.Client, seconds: int) -> Iterator[list[str]]:
    owner, neighbour = _tenant(client), _tenant(client)
    read = client.post("/cases", json=BODY, headers=neighbour).headers["Location"]
    path = _large_case(client, owner)
    exported = client.get(f"{path}/revisions/1", headers=owner).content
    works: dict[str, tuple[int, Probe | None]] = {
        "nothing": (0, None),
        f"verify-replay of {REVISIONS} revisions": (
            1,
            lambda: client.post(f"{path}/verify-replay", headers=owner),
        ),
        "verify, a genuine revision": (4, lambda: _verify(client, exported)),
        **{f"verify, {name}": (4, lambda body=body: _verify(client, body)) for name, body in _worst(exported).items()},  # type: ignore[misc]
    }
    for name, (clients, work) in works.items():
        with _repeated(work, clients) as took, ThreadPoolExecutor(2) as pool:
            probed = [
                pool.submit(_probe, probe, seconds)
                for probe in (lambda: client.get("/health"), lambda: client.get(read, headers=neighbour))
            ]
            figures = [cell for one in probed for cell in _summary(one.result())]
        own, statuses = f"{statistics.median(took[0]):.0f}" if took[0] else "-", " ".join(sorted(took[1])) or "-"
        yield [name, own, statuses, *figures]


@contextmanager
def _repeated(work: Probe | None, clients: int) -> Iterator[tuple[list[float], set[str]]]:
    """Repeat the work without pause with that many clients. Returns how long each request took, and the statuses."""
    times: list[float] = []
    statuses: set[str] = set()
    ended = Event()

    def run() -> None:
        assert work is not None
        while not ended.is_set():
            started = time.perf_counter()
            statuses.add(str(work().status_code))
            times.append((time.perf_counter() - started) * 1e3)

    with ThreadPoolExecutor(max(clients, 1)) as pool:
        running = [pool.submit(run) for _ in range(clients)]
        time.sleep(0.5)
        yield times, statuses
        ended.set()
        for one in running:
            one.result()


def _probe(probe: Probe, seconds: int) -> list[float]:
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        started = time.perf_counter()
        assert probe().is_success
        times.append((time.perf_counter() - started) * 1e3)
        time.sleep(0.005)
    return sorted(times)


def _summary(times: list[float]) -> tuple[str, str, str]:
    return f"{statistics.median(times):.1f}", f"{times[len(times) * 99 // 100]:.1f}", f"{times[-1]:.1f}"


def _tenant(client: httpx.Client) -> dict[str, str]:
    body = {"tenant_name": f"benchmark-{time.monotonic_ns()}", "role": "admin"}
    made = client.post("/bootstrap", json=body, headers={"Authorization": f"Bearer {TOKEN}"})
    return {"X-API-Key": made.json()["api_key"]}


def _large_case(client: httpx.Client, key: dict[str, str]) -> str:
    """A case of 30 revisions, each almost as long as a body may be."""
    texts = {name: "Throbbing headache, " * 1000 for name in ("reason", "history", "assessment", "plan")}
    body: dict[str, Any] = BODY | texts
    body["observations"] = BODY["observations"] * 200
    path = client.post("/cases", json=body, headers=key).headers["Location"]
    for number in range(REVISIONS):
        if number:
            assert client.post(f"{path}/amend", json={"reason": "x"}, headers=key).is_success
        signed = client.post(f"{path}/finalize", json=SIGNING, headers=key | {"If-Match": "*"})
        assert signed.is_success, signed.text
    return str(path)


def _verify(client: httpx.Client, body: bytes) -> httpx.Response:
    return client.post("/verify", content=body, headers={"Content-Type": "application/json"})


def _worst(exported: bytes) -> dict[str, bytes]:
    """The largest accepted bodies: a text that is slow to convert to canonical form, and many signatures."""
    revision = orjson.loads(exported) | {"disclosures": {}}
    revision["signatures"] = revision["signatures"][:1]
    room = BODY_BYTES_MAX - len(orjson.dumps(revision | {"signed": ""})) - 100
    numbers = revision | {"signed": '{"a":[' + ",".join(["1.5"] * (room // 4 - 4)) + "]}"}
    one = revision["signatures"][0]
    fitting = revision | {"signed": '{"a":' + "[" + ",".join(["1"] * 20000) + "]}", "signatures": []}
    count = (BODY_BYTES_MAX - len(orjson.dumps(fitting)) - 100) // (len(orjson.dumps(one | {"statement": "{}"})) + 1)
    fitting["signatures"] = [one | {"statement": "{}" if number else None} for number in range(count)]
    return {"numbers": orjson.dumps(numbers), f"{count} signatures": orjson.dumps(fitting)}
