"""Hours of use in minutes: many tenants, a flood, and faults at random, while all invariants must hold.

`client` sends requests, `load` decides which, `faults` breaks things, `invariants` compares what is stored with the
answers, and `report` prints.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
from rich.console import Console

from benchmarks.harness import TOKEN, postgresql
from benchmarks.soak import invariants, report
from benchmarks.soak.client import TIMEOUT_SECONDS, Book, Client, Findings
from benchmarks.soak.faults import Injector
from benchmarks.soak.load import Ledger, User, flood, make_flood_cases
from benchmarks.soak.service import Service, serve
from clincore.db.urls import libpq
from clincore.postgres import embedded
from tests.support.proxy import Proxy

TENANTS, USERS = 4, 3
FLOOD_CONNECTIONS = 96
FINAL_SECONDS = 120
"""How long clients may take to get their final answers after the last fault."""


def main(minutes: float, seed: int | None) -> None:
    """Run and print. Exit code 1: an invariant is broken."""
    seed = random.randrange(10**9) if seed is None else seed
    # The proxy's threads share the interpreter with the clients.
    sys.setswitchinterval(0.0005)
    console = Console(width=130, highlight=False)
    console.print(f"Seed {seed}. To repeat its faults: python -m benchmarks soak --minutes {minutes:g} --seed {seed}")
    findings = Findings()
    with postgresql() as server, tempfile.TemporaryDirectory() as folder, Proxy(server.url) as proxy:
        with serve(server, proxy.url, Path(folder)) as service:
            asyncio.run(_Run(server, proxy, service, findings, console, seed).run(minutes))
        invariants.check_end(server, service, findings)
    report.print_findings(console, findings)
    if findings.counts:
        raise SystemExit(1)


class _Run:
    def __init__(
        self,
        server: embedded.Embedded,
        proxy: Proxy,
        service: Service,
        findings: Findings,
        console: Console,
        seed: int,
    ) -> None:
        self._server, self._proxy, self._service = server, proxy, service
        self._findings, self._console, self._seed = findings, console, seed
        self._book = Book(findings)
        self._chance = random.Random(seed)
        self._stopping = asyncio.Event()

    async def run(self, minutes: float) -> None:
        """Make the load for so long, then check what it left."""
        clients = TENANTS * USERS + FLOOD_CONNECTIONS + 1
        sizes = invariants.Sizes(self._service, self._findings)
        log = invariants.Log(self._service, self._book)
        async with self._http() as http, self._http() as flooding:
            prober = self._client(http, "probes", "", {})
            ledgers = [await self._tenant(http, "tenants") for _ in range(TENANTS)]
            flooded = await self._tenant(flooding, "tenants")
            signed = await make_flood_cases(flooded)
            flooding_client = self._client(flooding, "flood", flooded.tenant_id, flooded.admin.headers)
            injector = Injector(self._service, self._server, self._proxy, prober, self._seed)
            users = [User(ledger, number).run(self._stopping) for ledger in ledgers for number in range(USERS)]
            sampling = asyncio.create_task(sizes.run())
            working = [asyncio.create_task(user) for user in users]
            working += [
                asyncio.create_task(flood(flooding_client, signed, self._stopping)) for _ in range(FLOOD_CONNECTIONS)
            ]
            injecting = asyncio.create_task(injector.run(self._stopping))
            await self._print_minutes(minutes, injector, sizes, log, [*working, injecting])
            self._stopping.set()
            await injecting
            await self._finish(working)
            sampling.cancel()
            replays = await invariants.check_replays([*ledgers, flooded])
        await asyncio.sleep(invariants.LOG_SECONDS)
        log.read()
        log.check(injector.kills)
        figures = sizes.check(clients, len(injector.kills))
        with psycopg.connect(libpq(self._server.owner_url), autocommit=True) as operator:
            for ledger in (*ledgers, flooded):
                invariants.check_stored(operator, ledger, self._findings)
            events = sum(invariants.check_counts(operator, ledger, self._book) for ledger in (*ledgers, flooded))
            invariants.check_usage(operator, self._service, self._findings)
        figures |= {
            "stored": f"{sum(len(ledger.cases) for ledger in ledgers)} cases, {events} usage events;"
            f" {replays} signed cases verified",
            "longest return after a fault": f"{injector.longest_return:.1f} s",
            "other log lines": ", ".join(f"{text}: {number}" for text, number in sorted(log.events.items())),
            "isolation": invariants.check_isolation(self._service, self._findings),
        }
        report.print_summary(self._console, self._book, injector.counts, figures)

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self._service.url,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=None),
            timeout=httpx.Timeout(TIMEOUT_SECONDS, pool=None),
            headers={"Accept-Encoding": "identity"},
            trust_env=False,
        )

    def _client(self, http: httpx.AsyncClient, group: str, tenant_id: str, headers: Mapping[str, str]) -> Client:
        return Client(http, self._book, group, tenant_id, headers, self._chance)

    async def _tenant(self, http: httpx.AsyncClient, group: str) -> Ledger:
        """A paid tenant with an admin key."""
        operator = self._client(http, group, "", {"Authorization": f"Bearer {TOKEN}"})
        body = {"tenant_name": uuid4().hex, "role": "admin"}
        made = (await operator.ask("POST", "/bootstrap", expected=(201,), body=body)).body
        with psycopg.connect(libpq(self._server.owner_url), autocommit=True) as connection:
            connection.execute("UPDATE tenants SET billing_status = 'paid' WHERE id = %s", [made["tenant_id"]])
        admin = self._client(http, group, made["tenant_id"], {"X-API-Key": made["api_key"]})
        return Ledger(made["tenant_id"], admin)

    async def _print_minutes(
        self,
        minutes: float,
        injector: Injector,
        sizes: invariants.Sizes,
        log: invariants.Log,
        tasks: Sequence[asyncio.Task[None]],
    ) -> None:
        began, number = time.monotonic(), 0.0
        while number < minutes:
            number = min(number + 1, minutes)
            done, _ = await asyncio.wait(
                tasks, timeout=began + number * 60 - time.monotonic(), return_when=asyncio.FIRST_EXCEPTION
            )
            for task in done:
                task.result()
            log.read()
            report.print_minute(self._console, number, self._book, injector.counts, sizes.samples[-1])

    async def _finish(self, clients: Sequence[asyncio.Task[None]]) -> None:
        """Let the clients get their final answers."""
        done, pending = await asyncio.wait(clients, timeout=FINAL_SECONDS)
        for task in done:
            task.result()
        for task in pending:
            task.cancel()
            self._findings.note("each request gets a final answer", f"not within {FINAL_SECONDS} s")
