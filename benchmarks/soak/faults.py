"""The faults of the soak: kills, broken connections between service and PostgreSQL, and locks, in random order."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random

import psycopg
from psycopg import sql

from benchmarks.harness import postmaster
from benchmarks.soak.client import Client
from benchmarks.soak.service import Service
from clincore.db.urls import libpq
from clincore.postgres import embedded
from tests.support.proxy import Proxy

PAUSE_SECONDS = (0.5, 3.0)
FAULT_SECONDS = (0.5, 4.0)
READY_SECONDS_MAX = 60.0
"""From the end of a fault until `/ready` answers 200, on a machine that is busy with other things."""
TABLES = ("cases", "api_keys", "tenants", "usage_events", "idempotency_keys", "access_log")
ROWS = ("tenants", "api_keys", "cases")


class Injector:
    """Injects one fault after another. Each kind occurs once before one occurs again."""

    def __init__(self, service: Service, server: embedded.Embedded, proxy: Proxy, prober: Client, seed: int) -> None:
        """`prober`: a client without a key, which asks `/ready`."""
        self._service = service
        self._server = server
        self._proxy = proxy
        self._prober = prober
        self._chance = Random(seed)
        self.counts = Counter[str]()
        """By name of the fault."""
        self.kills: list[float] = []
        """When a worker was killed, in the time of `time.time`."""
        self.longest_return = 0.0
        """The most seconds from the end of a fault until `/ready` answered 200."""

    @property
    def _faults(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {
            "kill -9 of a worker": self._kill_worker,
            "kill -9 of PostgreSQL": self._kill_postgresql,
            "terminated connections": self._terminate,
            "black hole": self._black_hole,
            "silent old connections": self._silence_old,
            "refused connections": self._refuse,
            "closed connections": self._close,
            "lost answers": self._lose_answers,
            "slow network": self._delay,
            "locked row": self._lock_row,
            "locked table": self._lock_table,
        }

    async def run(self, stopping: asyncio.Event) -> None:
        """Inject faults until told to stop. At the end none is left."""
        while True:
            # In the order of their names, so that the seed decides alone.
            for name, inject in self._chance.sample(sorted(self._faults.items()), len(self._faults)):
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), self._chance.uniform(*PAUSE_SECONDS))
                if stopping.is_set():
                    return
                self.counts[name] += 1
                try:
                    await inject()
                finally:
                    self._proxy.forward()
                await self._wait_until_ready(name)

    async def _wait_until_ready(self, name: str) -> None:
        began = time.monotonic()
        while True:
            answer = await self._prober.send("GET", "/ready", headers={})
            seconds = time.monotonic() - began
            if answer is not None and answer.status == 200:
                break
            if seconds > READY_SECONDS_MAX:
                self._prober.book.findings.note("the service returns after each fault", f"{name}: {seconds:.0f} s")
                break
            await asyncio.sleep(0.05)
        self.longest_return = max(self.longest_return, seconds)

    async def _last(self) -> None:
        await asyncio.sleep(self._chance.uniform(*FAULT_SECONDS))

    async def _kill_worker(self) -> None:
        for worker in self._service.workers():
            if worker.pid != self._service.oldest.pid:
                worker.kill()
                self.kills.append(time.time())

    async def _kill_postgresql(self) -> None:
        # The file is missing while PostgreSQL starts.
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(postmaster(self._server), signal.SIGKILL)
            # Until the supervisor has noticed it, the old one may seem ready.
            await asyncio.sleep(0.5)

    async def _terminate(self) -> None:
        await asyncio.to_thread(
            self._execute, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'clincore_app'", 0.0
        )

    async def _black_hole(self) -> None:
        self._proxy.black_hole()
        await self._last()

    async def _silence_old(self) -> None:
        self._proxy.black_hole(new=False)
        await self._last()

    async def _refuse(self) -> None:
        self._proxy.refuse()
        self._proxy.close_connections()
        await self._last()

    async def _close(self) -> None:
        for _ in range(5):
            self._proxy.close_connections(reset=self._chance.random() < 0.5)
            await asyncio.sleep(self._chance.uniform(0.01, 0.3))

    async def _lose_answers(self) -> None:
        for _ in range(20):
            self._proxy.cut(keep=self._chance.randint(0, 200), reset=self._chance.random() < 0.5)
            await asyncio.sleep(self._chance.uniform(0.01, 0.1))

    async def _delay(self) -> None:
        self._proxy.delay(self._chance.uniform(0.01, 0.1))
        await self._last()

    async def _lock_row(self) -> None:
        table = sql.Identifier(self._chance.choice(ROWS))
        lock = sql.SQL("SELECT FROM {} ORDER BY random() LIMIT 1 FOR UPDATE").format(table)
        await asyncio.to_thread(self._execute, lock, self._chance.uniform(*FAULT_SECONDS))

    async def _lock_table(self) -> None:
        table = sql.Identifier(self._chance.choice(TABLES))
        lock = sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(table)
        await asyncio.to_thread(self._execute, lock, self._chance.uniform(*FAULT_SECONDS))

    def _execute(self, statement: str | sql.Composed, seconds: float) -> None:
        """Execute as superuser, past the proxy, and keep the transaction open for so long."""
        # PostgreSQL may still be starting.
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(libpq(self._server.superuser_url), connect_timeout=5) as superuser,
        ):
            superuser.execute(statement)
            time.sleep(seconds)
