"""The connection pool of a process."""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from clincore import metrics
from clincore.db.driver.connection import Call, Connection
from clincore.db.driver.nodes import Nodes, Reach
from clincore.db.statements import Statement
from clincore.db.urls import CONNECT_TIMEOUT_SECONDS
from clincore.deadline import CURRENT, Deadline

SIZE = 20
TENANT_SIZE = 12
"""Connections that one tenant may use. The rest stays free for other tenants when this tenant's rows are locked."""
WAIT_SECONDS = 1.0
"""How long a request waits for a place in its tenant's share and then in the pool, together."""


class PoolTimeout(TimeoutError):
    """No connection became free in time."""


class _Share:
    """One tenant's part of the pool. It exists while the tenant holds or waits for a connection."""

    __slots__ = ("places", "users")

    def __init__(self) -> None:
        self.places = asyncio.Semaphore(TENANT_SIZE)
        self.users = 0


class Pool:
    """At most `SIZE` connections, opened on demand. The most recently used one is reused first.

    docs/decisions/0004-own-connection-pool.md compares it with psycopg_pool.
    """

    def __init__(self, conninfo: str, *, prepares: bool, is_distributed: bool = False) -> None:
        """`conninfo`: libpq's connection string. `prepares`: whether statements may be prepared by name.

        `is_distributed`: the database uses Citus.
        """
        self._hosts = _one_per_host(conninfo)
        """Connection strings, with the host first that accepted the last connection."""
        self._prepares = prepares
        self._loop = asyncio.get_running_loop()
        self._open: set[Connection] = set()
        self._idle: list[Connection] = []
        self._places_taken = 0
        """Connections that are open or being opened."""
        self._waiters: deque[asyncio.Future[Connection | None]] = deque()
        self._shares: dict[UUID, _Share] = {}
        # A restart or a failover ends all connections, so one lost connection invalidates all that are open.
        self._valid_since = 0.0
        self._is_closed = False
        self.nodes = Nodes(self._open_on_a_host, self._query, self.invalidate) if is_distributed else None
        """The nodes of a Citus cluster; None: the database uses no Citus."""

    async def acquire(
        self, tenant_id: UUID | None = None, deadline: Deadline | None = None, reach: Reach | None = None
    ) -> Connection:
        """An idle connection, which the caller holds until `release`. It counts towards the share of `tenant_id`.

        `deadline`: instead of the current request's. Connections are most often missing because of locks. `reach`: the
        nodes that the transaction needs; None: that of `tenant_id`.

        Raises:
            PoolTimeout: no connection became free in time, in the pool or in the tenant's share.
            psycopg.Error: PostgreSQL cannot be reached, or refuses the login.
            NodeDown: a node that the transaction needs does not answer.
        """
        reach = reach or tenant_id
        if self.nodes is None or reach is None:
            return await self._acquire_in_share(tenant_id, deadline)
        await self.nodes.require(reach)
        connection = await self._acquire_in_share(tenant_id, deadline)
        self.nodes.hold(connection, reach)
        return connection

    async def _acquire_in_share(self, tenant_id: UUID | None, deadline: Deadline | None) -> Connection:
        if tenant_id is None:
            return await self._acquire(deadline)
        share = self._shares.get(tenant_id)
        if share is None:
            share = self._shares[tenant_id] = _Share()
        share.users += 1
        give_up_at = None
        try:
            if share.places.locked():
                give_up_at = self._give_up_at(deadline)
                async with asyncio.timeout_at(give_up_at):
                    await share.places.acquire()
            else:
                await share.places.acquire()
        except BaseException as error:
            self._leave_share(tenant_id, share)
            if isinstance(error, TimeoutError):
                raise PoolTimeout("all connections allowed for the tenant are in use") from None
            raise
        try:
            return await self._acquire(deadline, give_up_at)
        except BaseException:
            share.places.release()
            self._leave_share(tenant_id, share)
            raise

    def _leave_share(self, tenant_id: UUID, share: _Share) -> None:
        share.users -= 1
        if not share.users:
            del self._shares[tenant_id]

    def _give_up_at(self, deadline: Deadline | None) -> float:
        give_up_at = self._loop.time() + WAIT_SECONDS
        deadline = deadline or CURRENT.get()
        return give_up_at if deadline is None else min(give_up_at, deadline.locks_at)

    async def _acquire(self, deadline: Deadline | None, give_up_at: float | None = None) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if self._is_usable(connection):
                return connection
            self._discard(connection)
        if self._places_taken < SIZE:
            self._places_taken += 1
            return await self._connect()
        released = await self._wait(give_up_at or self._give_up_at(deadline))
        return released if released is not None else await self._connect()

    def release(self, connection: Connection, tenant_id: UUID | None = None) -> None:
        """Return a connection, with the `tenant_id` given to `acquire`. One with an open transaction is closed."""
        if tenant_id is not None:
            share = self._shares[tenant_id]
            share.places.release()
            self._leave_share(tenant_id, share)
        if self.nodes is not None:
            self.nodes.let_go(connection)
        if not (self._is_usable(connection) and connection.is_idle) or self._is_closed:
            self._discard(connection)
        elif not (self._waiters and self._wake(connection)):
            self._idle.append(connection)

    def count(self) -> tuple[int, int, int]:
        """Connections in use or being opened, idle connections, and the maximum."""
        return self._places_taken - len(self._idle), len(self._idle), SIZE

    def close(self) -> None:
        """Close the idle connections now and the others when they are released."""
        self._is_closed = True
        if self.nodes is not None:
            self.nodes.close()
        while self._idle:
            self._discard(self._idle.pop())

    def invalidate(self) -> None:
        """Reuse no connection that is open now: PostgreSQL was restarted, or another host has taken over."""
        self._valid_since = self._loop.time()

    def _is_usable(self, connection: Connection) -> bool:
        is_lost = connection.is_closed or connection.is_lost or connection.has_unsolicited_data
        return not (is_lost or connection.opened_at < self._valid_since)

    async def _query(self, call: Call) -> list[Any]:
        """The rows of one statement."""
        assert isinstance(call.statement, Statement)
        connection = await self._acquire(None)
        try:
            (result,) = await connection.run([call])
            return connection.rows(call.statement, result, 0)
        finally:
            self.release(connection)

    async def _connect(self) -> Connection:
        """Open a connection in a place that the caller has already taken."""
        try:
            connection = await self._open_on_a_host()
        except BaseException:
            self._leave_place()
            raise
        self._open.add(connection)
        return connection

    async def _open_on_a_host(self) -> Connection:
        """Open a connection on the first host that accepts it.

        libpq and psycopg wait at least two seconds for each host, which a request does not have for the second one.
        """
        if len(self._hosts) == 1:
            return await Connection.open(self._hosts[0], prepares=self._prepares)
        errors: list[Exception] = []
        for host in self._hosts.copy():
            try:
                async with asyncio.timeout(CONNECT_TIMEOUT_SECONDS / len(self._hosts)):
                    connection = await Connection.open(host, prepares=self._prepares)
            except (TimeoutError, psycopg.Error) as error:
                errors.append(error)
            else:
                self._hosts.sort(key=lambda other: other != host)
                return connection
        raise errors[-1]

    async def _wait(self, give_up_at: float) -> Connection | None:
        """Wait for a released connection. None: one was closed, and the caller may open another in its place."""
        waiter: asyncio.Future[Connection | None] = self._loop.create_future()
        started_at = self._loop.time()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout_at(give_up_at):
                return await waiter
        except BaseException as error:
            if waiter.done() and not waiter.cancelled():
                # Woken and cancelled in the same step of the loop: pass the connection or the place on.
                given = waiter.result()
                if given is not None:
                    self.release(given)
                else:
                    self._leave_place()
            else:
                with suppress(ValueError):
                    self._waiters.remove(waiter)
            if isinstance(error, TimeoutError):
                raise PoolTimeout("all connections to PostgreSQL are in use") from None
            raise
        finally:
            if metrics.recorder is not None:
                metrics.recorder.pool_waited(self._loop.time() - started_at)

    def _wake(self, connection: Connection | None) -> bool:
        """Give a connection, or a place to open one (None), to the first waiter. False: there was no waiter."""
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return True
        return False

    def _leave_place(self) -> None:
        # Handed to a waiter directly; otherwise a new request could take the place first.
        if not self._wake(None):
            self._places_taken -= 1

    def _discard(self, connection: Connection) -> None:
        self._open.discard(connection)
        is_lost = connection.is_lost or connection.has_unsolicited_data
        # Only the first lost connection of a failure: the next ones must not invalidate connections opened since.
        if is_lost and connection.opened_at >= self._valid_since:
            self.invalidate()
            if connection.is_silent:
                for other in self._open:
                    other.suspect()
        connection.close()
        self._leave_place()


def _one_per_host(conninfo: str) -> list[str]:
    """Split a connection string with several hosts (`host=a,b port=5432,5433`)."""
    parameters = conninfo_to_dict(conninfo)
    lists = {
        name: str(value).split(",")
        for name, value in parameters.items()
        if name in ("host", "hostaddr", "port") and value is not None
    }
    count = max((len(values) for name, values in lists.items() if name != "port"), default=1)
    # One port may be that of all hosts.
    return [
        make_conninfo("", **parameters | {name: values[number % len(values)] for name, values in lists.items()})
        for number in range(count)
    ]
