"""The pool of a process's connections."""

import asyncio
from collections import deque
from contextlib import suppress
from uuid import UUID

from clincore import metrics
from clincore.db.driver.connection import Connection

SIZE = 20
TENANT_SIZE = 12
"""How many of them one tenant may use, so that what is locked of its rows leaves some to the others."""
WAIT_SECONDS = 1.0


class PoolTimeout(TimeoutError):
    """All connections were in use for too long."""


class _Share:
    """What a tenant uses of the pool. It exists while the tenant has or waits for a connection."""

    __slots__ = ("places", "users")

    def __init__(self) -> None:
        self.places = asyncio.Semaphore(TENANT_SIZE)
        self.users = 0


class Pool:
    """At most twenty connections, opened when they are needed; the one used last is the first to be used again.

    docs/decisions/0004-a-pool-of-our-own.md compares it with psycopg_pool.
    """

    def __init__(self, conninfo: str, *, prepares: bool) -> None:
        """`conninfo`: libpq's connection string. `prepares`: whether statements may be prepared by name."""
        self._conninfo = conninfo
        self._prepares = prepares
        self._loop = asyncio.get_running_loop()
        self._idle: list[Connection] = []
        self._places_taken = 0
        """Connections that are open or being opened."""
        self._waiters: deque[asyncio.Future[Connection | None]] = deque()
        self._shares: dict[UUID, _Share] = {}
        # One lost connection means that those opened before it are lost too: a restart or a failover ends them all.
        self._valid_since = 0.0
        self._is_closed = False

    async def acquire(self, tenant_id: UUID | None = None) -> Connection:
        """A connection on which nothing is under way, until `release`. `tenant_id`: whose share it counts for.

        Raises:
            PoolTimeout: none became free in time, or the tenant has used its share for too long.
            psycopg.Error: PostgreSQL cannot be reached, or refuses the login.
        """
        if tenant_id is None:
            return await self._acquire()
        share = self._shares.get(tenant_id)
        if share is None:
            share = self._shares[tenant_id] = _Share()
        share.users += 1
        try:
            if share.places.locked():
                async with asyncio.timeout(WAIT_SECONDS):
                    await share.places.acquire()
            else:
                await share.places.acquire()
        except BaseException as error:
            self._leave_share(tenant_id, share)
            if isinstance(error, TimeoutError):
                raise PoolTimeout("the tenant has as many connections in use as it may") from None
            raise
        try:
            return await self._acquire()
        except BaseException:
            share.places.release()
            self._leave_share(tenant_id, share)
            raise

    def _leave_share(self, tenant_id: UUID, share: _Share) -> None:
        share.users -= 1
        if not share.users:
            del self._shares[tenant_id]

    async def _acquire(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if self._is_usable(connection):
                return connection
            self._discard(connection)
        if self._places_taken < SIZE:
            self._places_taken += 1
            return await self._connect()
        released = await self._wait()
        return released if released is not None else await self._connect()

    def release(self, connection: Connection, tenant_id: UUID | None = None) -> None:
        """The end of `acquire`, for the same tenant. A connection with a transaction under way is closed."""
        if tenant_id is not None:
            share = self._shares[tenant_id]
            share.places.release()
            self._leave_share(tenant_id, share)
        if not (self._is_usable(connection) and connection.is_idle) or self._is_closed:
            self._discard(connection)
        elif not (self._waiters and self._wake(connection)):
            self._idle.append(connection)

    def count(self) -> tuple[int, int, int]:
        """Connections in use or being opened, idle, and at most."""
        return self._places_taken - len(self._idle), len(self._idle), SIZE

    def close(self) -> None:
        """Close the idle connections now and each other one when it is released."""
        self._is_closed = True
        while self._idle:
            self._discard(self._idle.pop())

    def _is_usable(self, connection: Connection) -> bool:
        return not (connection.is_closed or connection.has_unsolicited_data or connection.opened_at < self._valid_since)

    async def _connect(self) -> Connection:
        """A new connection in a place that is taken already."""
        try:
            return await Connection.open(self._conninfo, prepares=self._prepares)
        except BaseException:
            self._leave_place()
            raise

    async def _wait(self) -> Connection | None:
        """A connection that was released; None: the place of one that was closed."""
        waiter: asyncio.Future[Connection | None] = self._loop.create_future()
        asked_at = self._loop.time()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await waiter
        except BaseException as error:
            if waiter.done() and not waiter.cancelled():
                # Woken and cancelled in the same step of the loop: what it was given is passed on.
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
                metrics.recorder.pool_waited(self._loop.time() - asked_at)

    def _wake(self, connection: Connection | None) -> bool:
        """Give the connection, or the place of one (None), to the first that waits; whether there was one."""
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return True
        return False

    def _leave_place(self) -> None:
        # Handed on directly: a newcomer must not take it from those that wait.
        if not self._wake(None):
            self._places_taken -= 1

    def _discard(self, connection: Connection) -> None:
        is_lost = connection.is_lost or connection.has_unsolicited_data
        # Only the first: the next one of the same failure must not take those with it that were opened since.
        if is_lost and connection.opened_at >= self._valid_since:
            self._valid_since = self._loop.time()
        connection.close()
        self._leave_place()
