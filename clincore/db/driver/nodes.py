"""Which nodes of a Citus cluster do not answer.

A transaction of a tenant runs on the node with the tenant's rows, through the coordinator. When that node loses all
packets, the coordinator waits, and with it the connection and the request. So a failure or a long wait makes this
module ask the node itself, over a new connection. While the node does not answer, transactions of its tenants fail at
once, without a connection, and tenants of other nodes find the pool free.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Any, Literal
from uuid import UUID

import psycopg

from clincore.db.driver.connection import Call, Connection
from clincore.db.errors import NodeDown, failed_node
from clincore.db.placement import ALL, OF_TENANT, PROBE, Node, settings_of_probe

Reach = UUID | Literal["every node"]
"""What a transaction needs: the node of a tenant, or all nodes, because it changes a table that each of them has."""

SLOW_SECONDS = 0.25
"""A wait for PostgreSQL that is longer raises the suspicion that a node does not answer."""
PROBE_SECONDS = 0.75
COORDINATOR_SECONDS = 0.3
"""When the coordinator itself takes longer for a new connection, a slow probe says nothing about the node."""
CONNECT_SECONDS = 0.5
"""How long the coordinator may take to connect to the node of a probe."""
PAUSE_SECONDS = 0.25
"""Between two probes of a node that does not answer."""
CALM_SECONDS = 1.0
"""After probes that found all nodes answering."""

TENANTS_MAX = 100_000

_logger = logging.getLogger(__name__)


class Nodes:
    """The state of the nodes, as this process sees it. It costs queries only after a failure or a long wait."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        query: Callable[[Call], Awaitable[list[Any]]],
        on_return: Callable[[], None],
    ) -> None:
        """`connect`: opens a connection outside the pool. `query`: runs a statement on a connection of the pool.

        `on_return`: called when a node answers again.
        """
        self._connect = connect
        self._query = query
        self._on_return = on_return
        self._loop = asyncio.get_running_loop()
        self._in_use: dict[Connection, Reach] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._down: dict[int, Node] = {}
        self._of_tenants: dict[UUID, int | None] = {}
        """The node of each tenant that was asked for while a node was down."""
        self._suspected: set[Reach] = set()
        self._examining: asyncio.Task[None] | None = None
        self._calm_until = 0.0

    @property
    def down(self) -> list[tuple[int, str]]:
        """Number and address of each node that does not answer."""
        return sorted((node.group_id, node.name) for node in self._down.values())

    async def require(self, reach: Reach) -> None:
        """Check that the nodes for a transaction are not known to be down.

        Raises:
            NodeDown: one is.
            psycopg.Error: the coordinator cannot be asked where the tenant is.
        """
        if self._down and (node := await self._down_of(reach)) is not None:
            raise NodeDown(node.name)

    def hold(self, connection: Connection, reach: Reach) -> None:
        """Watch the connection, which is in use for such a transaction, until `let_go`."""
        self._in_use[connection] = reach
        if self._timer is None:
            self._timer = self._loop.call_later(SLOW_SECONDS, self._look)

    def let_go(self, connection: Connection) -> None:
        """End what `hold` began."""
        reach = self._in_use.pop(connection, None)
        if reach is not None and connection.has_node_failed:
            connection.has_node_failed = False
            self._suspect(reach)

    async def examine(self) -> list[tuple[int, str]]:
        """Ask all nodes, unless they were asked in the last second. Returns what `down` then is."""
        self._suspect("every node")
        if self._examining is not None and not self._down:
            await asyncio.wait([self._examining], timeout=COORDINATOR_SECONDS + PROBE_SECONDS)
        return self.down

    def close(self) -> None:
        """Stop watching and asking."""
        if self._timer is not None:
            self._timer.cancel()
        if self._examining is not None:
            self._examining.cancel()

    async def _down_of(self, reach: Reach) -> Node | None:
        """A node that is down and needed."""
        if not isinstance(reach, UUID):
            return next(iter(self._down.values()), None)
        if reach not in self._of_tenants:
            found = await self._query(Call(OF_TENANT, [reach]))
            if len(self._of_tenants) >= TENANTS_MAX:
                self._of_tenants.clear()
            self._of_tenants[reach] = found[0].group_id if found else None
        group_id = self._of_tenants[reach]
        return None if group_id is None else self._down.get(group_id)

    def _look(self) -> None:
        """Suspect the nodes of connections that wait for long. Called by the loop while connections are in use."""
        self._timer = None
        for connection, reach in self._in_use.items():
            if connection.waited_seconds() > SLOW_SECONDS:
                self._suspect(reach)
        if self._in_use:
            self._timer = self._loop.call_later(SLOW_SECONDS / 2, self._look)

    def _suspect(self, reach: Reach) -> None:
        if self._examining is None and self._loop.time() < self._calm_until:
            return
        self._suspected.add(reach)
        if self._examining is None:
            # An empty context, because the request's deadline does not apply.
            self._examining = asyncio.create_task(self._examine(), context=Context())
            self._examining.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._examining = None
        self._calm_until = self._loop.time() + CALM_SECONDS
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            _logger.error("cannot ask the Citus nodes: %s", type(error).__qualname__)
            # Nothing else would find out that they answer again.
            self._down.clear()

    async def _examine(self) -> None:
        """Ask the suspected nodes, and those that are down until they answer."""
        while self._suspected or self._down:
            suspected, self._suspected = self._suspected, set()
            nodes = dict(self._down)
            # While the coordinator is not reached, the nodes are not either, and every request learns that itself.
            for node in await self._find(suspected) if suspected else []:
                nodes.setdefault(node.group_id, node)
            answers = await asyncio.gather(*(self._probe(node) for node in nodes.values()))
            for node, answer in zip(nodes.values(), answers, strict=True):
                if answer is not None:
                    await self._note(node, answer)
            if self._down:
                await asyncio.sleep(PAUSE_SECONDS)

    async def _find(self, reaches: set[Reach]) -> list[Node]:
        """The nodes, each for one of its tenants. None if the coordinator does not answer."""
        if any(not isinstance(reach, UUID) for reach in reaches):
            calls = [Call(ALL)]
        else:
            calls = [Call(OF_TENANT, [reach]) for reach in reaches]
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                connection = await self._connect()
                try:
                    results = await connection.run(calls)
                    return [
                        node
                        for call, result in zip(calls, results, strict=True)
                        for node in connection.rows(OF_TENANT if call.values else ALL, result, 0)
                    ]
                finally:
                    connection.close()
        except (TimeoutError, psycopg.Error):
            return []

    async def _probe(self, node: Node) -> bool | None:
        """Whether the node answers; None: the coordinator does not, or is busy."""
        try:
            async with asyncio.timeout(COORDINATOR_SECONDS):
                # A new one, because an old one has an old connection to the node.
                connection = await self._connect()
        except (TimeoutError, psycopg.Error):
            return None
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await connection.run(
                    [
                        Call(b"BEGIN"),
                        *(Call(setting) for setting in settings_of_probe(node, CONNECT_SECONDS)),
                        Call(PROBE, [node.tenant_id]),
                        Call(b"COMMIT"),
                    ]
                )
        except TimeoutError:
            return False
        except psycopg.Error as error:
            return None if failed_node(error) is None else False
        finally:
            connection.close()
        return True

    async def _note(self, node: Node, answers: bool) -> None:
        if answers:
            if self._down.pop(node.group_id, None) is not None:
                _logger.warning("The Citus node %s answers again.", node.name)
                if not self._down:
                    # Shards may be moved before the next failure.
                    self._of_tenants.clear()
                self._on_return()
        elif node.group_id not in self._down:
            _logger.error("The Citus node %s does not answer. Its tenants get 503.", node.name)
            self._down[node.group_id] = node
            # Not through the pool, of which the dead node may have all connections.
            for found in await self._find({reach for reach in self._in_use.values() if isinstance(reach, UUID)}):
                self._of_tenants[found.tenant_id] = found.group_id
            # Without a wait: meanwhile another tenant could get a connection.
            for connection, reach in self._in_use.items():
                if not isinstance(reach, UUID) or self._of_tenants.get(reach) == node.group_id:
                    connection.fail(NodeDown(node.name))
