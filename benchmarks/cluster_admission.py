"""How long a Citus cluster takes to admit one request of each of many tenants that arrive at the same moment.

The service does it in a batch per tenant, several at once, because a batch of many tenants visits one node after
another. The process under measurement is this one: it has the service's admission queue and pool.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple
from uuid import UUID, uuid4

import psutil
import psycopg

from clincore import keys
from clincore.db.queries import tenants
from clincore.db.session import close_pool, open_pool, tenant_session
from clincore.db.urls import libpq
from clincore.handlers.new_keys import issue_key
from clincore.metering import admission
from clincore.metering.admission import AdmissionQueue
from clincore.metering.rollup import RollUp

TENANTS = 100


class Measured(NamedTuple):
    """Wall time of each round and CPU time per round, in milliseconds."""

    wall: list[float]
    service: float
    postgres: float


def main(url: str, rounds: int, at_once: Sequence[int]) -> None:
    """`url`: the service's or owner's login on a distributed database, all of whose nodes are on this machine."""
    asyncio.run(_main(url, rounds, at_once))


async def _main(url: str, rounds: int, at_once: Sequence[int]) -> None:
    open_pool(url, is_distributed=True)
    try:
        known = [await _make_tenant() for _ in range(TENANTS)]
        print(f"{TENANTS} tenants, one request each, {rounds} rounds; milliseconds")
        print("at once   median      p90   CPU of service   CPU of PostgreSQL")
        for connections in at_once:
            found = await _measure(url, known, rounds, connections)
            p90 = statistics.quantiles(found.wall, n=10)[-1]
            median = statistics.median(found.wall)
            print(f"{connections:7} {median:8.1f} {p90:8.1f} {found.service:16.1f} {found.postgres:19.1f}")
    finally:
        close_pool()


async def _make_tenant() -> tuple[UUID, str]:
    """A new tenant's id and the hash of its key."""
    tenant_id = uuid4()
    async with tenant_session(tenant_id) as session:
        await tenants.make(session, f"benchmark-{tenant_id}")
        issued = await issue_key(session, tenant_id, label="x", role="admin")
    return tenant_id, keys.hash_of(issued["api_key"])


async def _measure(url: str, known: Sequence[tuple[UUID, str]], rounds: int, connections: int) -> Measured:
    with _at_once(connections):
        queue = AdmissionQueue(RollUp(), is_distributed=True)

    async def admit_all() -> float:
        began_at = time.perf_counter()
        rows = await asyncio.gather(*(queue.admit(tenant, key, "GET", "/cases", False) for tenant, key in known))
        seconds = time.perf_counter() - began_at
        assert {row.key_state for row in rows} == {"live"}
        return seconds * 1000

    for _ in range(3):
        # Opens the connections, also those of the coordinator, and makes the plans.
        await admit_all()
    postmasters = _postmasters(url)
    service, postgres = time.process_time(), _cpu(postmasters)
    wall = [await admit_all() for _ in range(rounds)]
    return Measured(
        wall, (time.process_time() - service) * 1000 / rounds, (_cpu(postmasters) - postgres) * 1000 / rounds
    )


@contextmanager
def _at_once(connections: int) -> Iterator[None]:
    usual, admission.TENANTS_AT_ONCE = admission.TENANTS_AT_ONCE, connections
    try:
        yield
    finally:
        admission.TENANTS_AT_ONCE = usual


def _postmasters(url: str) -> list[psutil.Process]:
    """The servers on this machine that listen on the ports of the cluster's nodes."""
    with psycopg.connect(libpq(url)) as connection:
        ports = {port for (port,) in connection.execute("SELECT nodeport FROM pg_dist_node")}
    listening = (one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN)
    # A server that listens on IPv4 and IPv6 has two sockets.
    return [
        psutil.Process(pid)
        for pid in {one.pid for one in listening if one.laddr and one.laddr.port in ports and one.pid}
    ]


def _cpu(postmasters: Sequence[psutil.Process]) -> float:
    """CPU seconds of the servers' processes so far."""
    total = 0.0
    for postmaster in postmasters:
        for process in postmaster.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
    return total
