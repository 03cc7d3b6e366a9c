"""Where the rows of a tenant are in a Citus cluster, and whether that node answers."""

from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from sqlalchemy import text

from clincore.db.catalogue.citus import is_distributed
from clincore.db.errors import failed_node
from clincore.db.statements import ROLE, NoRow, Statement, set_tenant
from clincore.db.urls import CONNECT_TIMEOUT_SECONDS, describe_unreachable, libpq
from clincore.errors import RetryableStartupError


class Node(NamedTuple):
    """A node with shards, and the id of a tenant whose rows are or would be on it."""

    group_id: int
    name: str
    """Host and port."""
    tenant_id: UUID


_COLUMNS = "n.groupid AS group_id, n.nodename || ':' || n.nodeport AS name, id AS tenant_id"
_FROM = (
    " FROM pg_dist_shard s JOIN pg_dist_placement p ON p.shardid = s.shardid"
    " JOIN pg_dist_node n ON n.groupid = p.groupid AND n.noderole = 'primary'"
    " JOIN {} ON uuid_hash(id) BETWEEN CAST(s.shardminvalue AS integer) AND CAST(s.shardmaxvalue AS integer)"
    " WHERE s.logicalrelid = CAST('tenants' AS regclass)"
)
# These read Citus's catalogue, which is on the coordinator, and no table of a node.
OF_TENANT = Statement(
    text(f"SELECT {_COLUMNS}" + _FROM.format("(SELECT CAST(:id AS uuid) AS id) AS asked")), Node, "nodes"
)
"""The node of the tenant with the given id."""
ALL = Statement(
    text(
        f"SELECT DISTINCT ON (n.groupid) {_COLUMNS}"
        + _FROM.format("(SELECT gen_random_uuid() AS id FROM generate_series(1, 1000)) AS possible")
    ),
    Node,
    "nodes",
)
"""All nodes with shards, each with the id of a tenant that does not exist."""
PROBE = Statement(text("SELECT FROM tenants WHERE id = :tenant_id"), NoRow, "probe")
"""Reaches the node of the tenant that the transaction has set."""


def settings_of_probe(node: Node, connect_seconds: float) -> list[bytes]:
    """The statements before `PROBE` in its transaction.

    `connect_seconds`: how long the coordinator may take to connect to the node. Citus's default is half a minute.
    """
    return [
        b"SET LOCAL ROLE " + ROLE.encode(),
        b"SET LOCAL citus.node_connection_timeout = '%dms'" % int(1000 * connect_seconds),
        set_tenant(node.tenant_id),
    ]


def silent_nodes(url: str) -> list[tuple[str, str]] | None:
    """Ask each node. Returns host and port of those that do not answer, and why; None: the database uses no Citus.

    Raises:
        RetryableStartupError: the coordinator does not answer.
    """
    try:
        with psycopg.connect(
            libpq(url), autocommit=True, connect_timeout=CONNECT_TIMEOUT_SECONDS, prepare_threshold=None
        ) as connection:
            return _silent(connection) if is_distributed(connection) else None
    except psycopg.Error as error:
        raise RetryableStartupError(describe_unreachable(url, error)) from None


def _silent(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    silent = []
    for row in connection.execute(ALL.encoded_text).fetchall():
        node = Node(*row)
        try:
            with connection.transaction():
                for setting in settings_of_probe(node, CONNECT_TIMEOUT_SECONDS):
                    connection.execute(setting)
                psycopg.RawCursor(connection).execute(PROBE.encoded_text, [node.tenant_id])
        except psycopg.Error as error:
            if failed_node(error) is None:
                raise
            silent.append((node.name, " ".join((error.diag.message_primary or str(error)).split())))
    return silent
